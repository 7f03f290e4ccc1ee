from __future__ import annotations

import pyarrow as pa
import pytest

from graphleads.values.email_domain import FREE_MAIL, email_domains, own_domains


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("RI@Alfa-Energia.Example", "alfa-energia.example"),
        ("a@mail.alfa.example.", "mail.alfa.example"),
        ("a@alfa.example/", "alfa.example"),
        ("a@alfa.example, b@beta.example", "alfa.example"),
        ("a b@alfa.example", "alfa.example"),
        ("www.alfa.example", None),
        ("a@alfa", None),
        (None, None),
    ],
)
def test_domains_of_addresses(text: str | None, domain: str | None) -> None:
    assert email_domains(pa.array([text], pa.string())).to_pylist() == [domain]


def test_free_mail_is_nobodys_domain() -> None:
    assert own_domains(pa.array(["gmail.com", "alfa.example", None])).to_pylist() == [None, "alfa.example", None]
    assert len(set(FREE_MAIL)) == len(FREE_MAIL)

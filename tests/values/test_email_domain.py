from __future__ import annotations

import socket
from importlib import resources

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphleads.values import email_domain
from graphleads.values.email_domain import email_domains, free_mail, own_domains, parse_email_domain


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("RI@Alfa-Energia.Example", "alfa-energia.example"),
        ("a@mail.alfa.example.", "mail.alfa.example"),
        ("a@alfa.example/", "alfa.example"),
        ("a@alfa.example, b@beta.example", "alfa.example"),
        ("a b@alfa.example", "alfa.example"),
        ("a@例子.公司", "例子.公司"),
        ("a@alfa.XN--55QX5D", "alfa.xn--55qx5d"),
        ("www.alfa.example", None),
        ("a@alfa", None),
        (None, None),
    ],
)
def test_domains_of_addresses(text: str | None, domain: str | None) -> None:
    assert email_domains(pa.array([text], pa.string())).to_pylist() == [domain]


def test_free_mail_is_nobodys_domain() -> None:
    assert own_domains(pa.array(["gmail.com", "alfa.example", None])).to_pylist() == [None, "alfa.example", None]
    lines = (resources.files("graphleads.values") / "free_mail.txt").read_text(encoding="utf-8").splitlines()
    assert sorted(free_mail()) == lines


@pytest.mark.parametrize(
    ("domain", "own"),
    [
        ("mail.acme.co.uk", "acme.co.uk"),
        ("acme.co.uk", "acme.co.uk"),
        ("a.b.acme.com.br", "acme.com.br"),
        ("vendas.acme.example", "acme.example"),
        ("acme.uk.com", "acme.uk.com"),
        ("ann.blogspot.com", "ann.blogspot.com"),
        ("blogspot.com", None),
        ("co.uk", None),
        ("xn--mnchen-3ya.de", "münchen.de"),
        ("mail.例子.公司", "例子.公司"),
        ("xn--.de", "xn--.de"),
    ],
)
def test_a_domain_is_the_one_that_was_registered(domain: str, own: str | None) -> None:
    assert own_domains(pa.array([domain])).to_pylist() == [own]


@pytest.mark.parametrize(
    "domain",
    [
        *(
            "hotmail.fr",
            "yahoo.co.jp",
            "yahoo.fr",
            "gmx.at",
            "orange.fr",
            "t-online.de",
            "mail.ru",
            "naver.com",
            "wp.pl",
        ),
        *("vip.163.com", "mail.hotmail.fr", "uol.com.br", "bigpond.com", "libero.it", "docomo.ne.jp", "proton.me"),
    ],
)
def test_a_domain_of_free_mail_ties_nobody(domain: str) -> None:
    assert own_domains(pa.array([domain])).to_pylist() == [None]


def test_companies_are_no_free_mail_because_a_part_of_their_domain_is() -> None:
    domains = ["sony.com", "google.com", "microsoft.com", "acme.za.com", "gmail.com.example"]
    assert own_domains(pa.array(domains)).to_pylist() == [*domains[:4], "com.example"]


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection")

    email_domain._suffixes.cache_clear()
    monkeypatch.setattr(socket, "socket", refuse)
    assert own_domains(pa.array(["mail.acme.co.uk"])).to_pylist() == ["acme.co.uk"]


@given(st.text(max_size=40))
def test_no_text_breaks_the_parser(text: str) -> None:
    domain = parse_email_domain(text)
    assert domain is None or "@" not in domain


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("joe@Foo.example", "foo.example"),
        ("Joe Doe <joe@foo.co.uk>; ann@bar.example", "foo.co.uk"),
        ("foo.example", "foo.example"),
        ("li@例子.公司", "例子.公司"),
        ("joe@mail.foo.co.uk", "foo.co.uk"),
        ("joe@hotmail.fr", None),
        ("n/a", None),
        ("joe@localhost", None),
        ("", None),
    ],
)
def test_the_domain_of_one_text(text: str, domain: str | None) -> None:
    assert parse_email_domain(text) == domain

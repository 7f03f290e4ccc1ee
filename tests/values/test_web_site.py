from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphleads.values.web_site import parse_site_domains, site_keys


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("http://www.alder.example/", "alder.example"),
        ("HTTPS://Alder.Example/about?x=1#top", "alder.example"),
        ("alder.example:8080", "alder.example"),
        ("//alder.example", "alder.example"),
        ("shop.alder.example", "shop.alder.example"),
        ("www.facebook.com/gamma", "facebook.com/gamma"),
        ("https://m.facebook.com/gamma/?ref=x", "facebook.com/gamma"),
        ("facebook.com/profile.php?id=7", "facebook.com/profile.php?id=7"),
        ("https://uk.linkedin.com/company/alder", "linkedin.com/company/alder"),
        ("https://alder.blogspot.com/2020", "alder.blogspot.com"),
        ("www.facebook.com", None),
        ("-", None),
        ("0", None),
        ("n/a", None),
        ("none yet", None),
        (None, None),
    ],
)
def test_the_key_of_a_web_site(text: str | None, key: str | None) -> None:
    assert site_keys(pa.array([text], pa.string())).to_pylist() == [key]


@given(st.text("htps:/w.facebokm?#@ -0", max_size=20))
def test_a_key_is_its_own_key(text: str) -> None:
    (key,) = site_keys(pa.array([text])).to_pylist()
    if key is not None:
        assert site_keys(pa.array([key])).to_pylist() == [key]


@pytest.mark.parametrize(
    ("text", "domains"),
    [
        ("https://www.alder.co.uk/en/", {"alder.co.uk"}),
        ("shop.alder.co.uk", {"shop.alder.co.uk", "alder.co.uk"}),
        ("https://www.facebook.com/gamma/", {"facebook.com/gamma"}),
        ("www.facebook.com", set()),
        ("www.gmail.com", set()),
        ("none yet", set()),
        ("", set()),
    ],
)
def test_what_a_site_is_known_by(text: str, domains: set[str]) -> None:
    assert parse_site_domains(text) == domains

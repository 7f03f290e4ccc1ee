from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from graphleads.workspace.companies import Companies

SAYS = st.dictionaries(st.sampled_from("abcdef"), st.sets(st.sampled_from(["X-T:1", "X-T:2", "X-T:3", "X-T:4"])))


@given(st.lists(SAYS, min_size=1))
def test_whatever_was_said_before_the_same_companies_are_the_same(sayings: list[dict[str, set[str]]]) -> None:
    said: dict[str, set[str]] = {}
    companies = Companies()
    for says in sayings:
        companies = companies.changed({key: said.get(key, set()) for key in says}, says)
        said |= says

    once = Companies(said)
    assert companies == once == set().union(*said.values())
    assert companies.fingerprint() == once.fingerprint()
    for company in ["X-T:1", "X-T:2", "X-T:3", "X-T:4"]:
        assert companies.said_by(company) == tuple(sorted(key for key, named in said.items() if company in named))


def test_the_fingerprint_is_the_sum_of_the_hashes_of_the_ids() -> None:
    total = sum(int(hashlib.sha256(one).hexdigest(), 16) for one in [b"X-T:1", b"X-T:2", b"X-T:3"]) % 2**256
    found = Companies({"a": ["X-T:1", "X-T:2"], "b": ["X-T:2", "X-T:3"]}).fingerprint()

    assert found == {"n": 3, "sha256_sum": f"{total:064x}"}
    assert Companies().fingerprint() == {"n": 0, "sha256_sum": "0" * 64}

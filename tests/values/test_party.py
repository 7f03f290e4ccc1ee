from __future__ import annotations

import pyarrow as pa

from graphleads.values.party import are_organisation_names


def test_organisations_are_told_from_people_by_their_names() -> None:
    organisations = [
        "Alder Limited", "Birke GmbH & Co. KG", "Cèdre SARL", "Damasco Comércio Ltda", "样本科技有限公司", "样本大学",
        "Elm Foundation", "Fir s.r.o.", "Ginkgo 株式会社",
    ]  # fmt: skip
    people = ["Ada Ash", "Dr. Ben Birch", "贺联社", "王学会", "Ana de Souza", "田中太郎"]
    names = pa.array([*organisations, *people, None], pa.string())
    assert are_organisation_names(names).to_pylist() == [*[True] * len(organisations), *[False] * len(people), False]

"""Whole sentences, written out: what a rep reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from graphleads.model import NodeKind, NodeRef, PathStep, Period, Relationship, Source
from graphleads.recommend.sentence import tell
from graphleads.recommend.wording import CHINESE, ENGLISH
from graphleads.tables.schema import VALUES

SEEN = Source(dataset="register", record="1", observed_on=date(2024, 3, 4))


def node(kind: NodeKind, name: str) -> NodeRef:
    return NodeRef(id=f"X-T:{name}", kind=kind, name=name)


A, B, C = (node(NodeKind.COMPANY, name) for name in ("Alder Ltd", "Birch Ltd", "Cedar Ltd"))
ANN, ANNA = (node(NodeKind.PERSON, name) for name in ("Ann Archer", "Anna Archer"))
MAIL = node(NodeKind.CONTACT_POINT, "alder.example")


def step(start: NodeRef, end: NodeRef, relation: str, kind: str, **more: object) -> PathStep:
    """A step whose tie goes out from `source`, the step's start where none is given."""
    source = more.pop("source", start)
    tie = {
        "title": None, "share_min": None, "share_max": None, "period": Period(), "confidence": 1.0, "sources": (SEEN,)
    } | more  # fmt: skip
    other = end if source == start else start
    return PathStep(
        start=start,
        end=end,
        relationship=Relationship(source=source, target=other, relation=relation, kind=kind, **tie),  # type: ignore[arg-type]
    )


def directors(confidence: float = 1.0) -> list[PathStep]:
    since = Period(start_on=date(2019, 5, 1))
    first = step(A, ANN, "role", "director", source=ANN, title="董事", period=since)
    if confidence == 1:
        return [first, step(ANN, B, "role", "chair", title="董事长")]
    same = step(ANN, ANNA, "same_person", "same_person", confidence=confidence)
    return [first, same, step(ANNA, B, "role", "chair", title="董事长")]


@pytest.mark.parametrize(
    ("path", "english", "chinese"),
    [
        (
            directors(),
            "Ann Archer, director of your customer Alder Ltd since 2019, is also chair of Birch Ltd "
            "(register, 4 March 2024).",
            "Ann Archer自2019年起任贵方客户Alder Ltd董事，同时任Birch Ltd董事长（register，2024年3月4日）。",
        ),
        (
            directors(0.95),
            "Ann Archer, director of your customer Alder Ltd since 2019, is probably (95%) also chair of Birch Ltd "
            "(register, 4 March 2024).",
            "Ann Archer自2019年起任贵方客户Alder Ltd董事，很可能（95%）同时任Birch Ltd董事长"
            "（register，2024年3月4日）。",
        ),
        (
            [step(A, B, "interest", "shareholding", share_min=0.25, share_max=0.5)],
            "Your customer Alder Ltd holds 25 to 50 % of the shares of Birch Ltd (register, 4 March 2024).",
            "贵方客户Alder Ltd持有Birch Ltd 25%至50%的股份（register，2024年3月4日）。",
        ),
        (
            [step(A, B, "interest", "voting_rights", share_min=0.815, share_max=0.815, source=B)],
            "Birch Ltd holds 81.5 % of the votes of your customer Alder Ltd (register, 4 March 2024).",
            "Birch Ltd持有贵方客户Alder Ltd 81.5%的表决权（register，2024年3月4日）。",
        ),
        (
            [
                step(A, C, "interest", "shareholding", source=C),
                step(C, B, "interest", "shareholding", share_min=1.0),
            ],
            "Cedar Ltd, holder of a part of the shares of your customer Alder Ltd, is also holder of 100 % "
            "of the shares of Birch Ltd (register, 4 March 2024).",
            "Cedar Ltd持有贵方客户Alder Ltd 部分的股份，同时持有Birch Ltd 100%的股份（register，2024年3月4日）。",
        ),
        (
            [step(A, MAIL, "contact", "email_domain"), step(MAIL, B, "contact", "email_domain", source=B)],
            "Birch Ltd and your customer Alder Ltd share the e-mail domain alder.example (register, 4 March 2024).",
            "Birch Ltd与贵方客户Alder Ltd使用同一邮箱域名alder.example（register，2024年3月4日）。",
        ),
        (
            [step(A, C, "link", "branch_of"), step(C, B, "interest", "shareholding", share_min=0.5, share_max=0.75)],
            "Your customer Alder Ltd is a branch of Cedar Ltd; Cedar Ltd holds 50 to 75 % of the shares of Birch Ltd "
            "(register, 4 March 2024).",
            "贵方客户Alder Ltd是Cedar Ltd的分支机构；Cedar Ltd持有Birch Ltd 50%至75%的股份（register，2024年3月4日）。",
        ),
    ],
    ids=["person", "probable person", "range", "exact", "shared holder", "contact", "two hops"],
)
def test_a_path_in_words(path: list[PathStep], english: str, chinese: str) -> None:
    assert tell(path, "en", customers={A.id}) == english
    assert tell(path, "zh", customers={A.id}) == chinese


@pytest.mark.parametrize("words", [ENGLISH, CHINESE])
def test_every_kind_of_the_tables_has_its_words(words: object) -> None:
    assert set(VALUES["roles.kind"]) == set(words.roles)  # type: ignore[attr-defined]
    assert set(VALUES["links.kind"]) == set(words.links)  # type: ignore[attr-defined]
    assert set(VALUES["contact_points.kind"]) == set(words.contacts)  # type: ignore[attr-defined]


def test_a_company_that_is_no_customer_is_not_called_one() -> None:
    assert tell(directors(), "en", customers=()) == (
        "Ann Archer, director of Alder Ltd since 2019, is also chair of Birch Ltd (register, 4 March 2024)."
    )


def test_the_source_s_day_is_the_one_on_which_all_of_it_was_last_seen() -> None:
    later = Source(dataset="register", record="2", observed_on=date(2025, 1, 2))
    first, second = directors()
    path = [first, replace(second, relationship=replace(second.relationship, sources=(later,)))]
    assert tell(path, "en", customers=()).endswith("(register, 4 March 2024).")

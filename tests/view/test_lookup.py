from __future__ import annotations

from graphleads.identity.match import MatchCandidate
from graphleads.model import (
    Company,
    CustomerRecord,
    CustomerStatus,
    Match,
    MatchState,
    NodeKind,
    NodeRef,
    Period,
    Relationship,
    Source,
)
from graphleads.view.customer import customer_rows
from graphleads.view.graph import tie_rows
from graphleads.view.lookup import review_object, review_rows
from graphleads.workspace.answer import CompanyAnswer, MatchLine

CUSTOMER = CustomerRecord(
    external_id="c1", name="Alder", status=CustomerStatus.WON, identifiers=(("GB-COH", "01234567"), ("", "77")),
    owner="ann", value=1000.0, custom={"Segment": "A"},
)  # fmt: skip
LINE = MatchLine(
    match=Match(customer="c1", company="X-T:1", state=MatchState.UNSURE, method="similar_name", probability=0.6),
    customer=CUSTOMER,
    candidates=tuple(
        MatchCandidate(company=company, name=name, method="similar_name", probability=probability, features={})
        for company, name, probability in (("X-T:1", "Alder Ltd", 0.6), ("X-T:2", "Alder Group Ltd", 0.3))
    ),
)


def test_a_review_shows_a_customer_once_and_every_company_that_it_may_be() -> None:
    assert list(review_rows([LINE])) == [
        ("Alder\nc1", "Alder Ltd\nX-T:1", "60%", "similar name"),
        ("", "Alder Group Ltd\nX-T:2", "30%", "similar name"),
    ]
    (item,) = review_object([LINE])["items"]
    assert (item["customer"], item["name"]) == ("c1", "Alder")
    assert [(one["company"], one["probability"]) for one in item["candidates"]] == [("X-T:1", 0.6), ("X-T:2", 0.3)]


def test_a_tie_that_is_not_followed_says_why() -> None:
    alder = Company(
        id="X-T:1", name="Alder Ltd", entity_type="registered_entity", mentioned=False, jurisdiction=None,
        status="active", locality=None, region=None, postcode=None, legal_form=None, incorporated_on=None,
        dissolved_on=None,
    )  # fmt: skip
    auditor = Relationship(
        source=NodeRef(id="X-T:9", kind=NodeKind.COMPANY, name="Hazel Ltd"),
        target=NodeRef(id="X-T:1", kind=NodeKind.COMPANY, name="Alder Ltd"),
        relation="role", kind="auditor", title=None, share_min=None, share_max=None, period=Period(), confidence=1.0,
        sources=(Source(dataset="register", record="7"),), ignored="auditor",
    )  # fmt: skip
    answer = CompanyAnswer(company=alder, relationships=(auditor,), n_relationships=1, owner=None)

    assert tie_rows(answer.relationships) == [
        ("auditor\nnot followed: an auditor is a vendor", "Hazel Ltd", "Alder Ltd", "register 7")
    ]


def test_a_customers_fields_are_those_that_the_crm_has() -> None:
    assert list(customer_rows(CUSTOMER)) == [
        ("GB-COH", "01234567"),
        ("identifier", "77"),
        ("owner", "ann"),
        ("value", "1000.0"),
        ("Segment", "A"),
    ]

"""The objects of the snapshot of persons with significant control: their fields and kinds."""

from __future__ import annotations

import pyarrow as pa

PEOPLE = ("individual-person-with-significant-control", "individual-beneficial-owner")
SECRET_PEOPLE = ("super-secure-person-with-significant-control", "super-secure-beneficial-owner")
ORGANISATIONS = (
    "corporate-entity-person-with-significant-control", "corporate-entity-beneficial-owner",
    "legal-person-person-with-significant-control", "legal-person-beneficial-owner",
)  # fmt: skip
STATEMENT = "persons-with-significant-control-statement"
EXEMPTION = "exemptions"
TOTALS = "totals#persons-of-significant-control-snapshot"

EXEMPTIONS = (
    "psc_exempt_as_trading_on_regulated_market", "psc_exempt_as_shares_admitted_on_market",
    "psc_exempt_as_trading_on_uk_regulated_market", "psc_exempt_as_trading_on_eu_regulated_market",
    "psc_exempt_as_trading_on_us_regulated_market", "disclosure_transparency_rules_chapter_five_applies",
)  # fmt: skip

COUNTS = {
    "persons_of_significant_control_count": (*PEOPLE, *SECRET_PEOPLE, *ORGANISATIONS),
    "statements_count": (STATEMENT,),
    "exemptions_count": (EXEMPTION,),
}
"""What the last line counts: objects of which kinds."""


def _texts(*names: str) -> pa.StructType:
    return pa.struct([(name, pa.string()) for name in names])


ADDRESS = _texts(
    "po_box", "premises", "address_line_1", "address_line_2", "locality", "region", "postal_code", "country"
)
"""The fields of an address that are read."""

_EXEMPTION = pa.struct([("exemption_type", pa.string()), ("items", pa.list_(_texts("exempt_from", "exempt_to")))])

RECORD = pa.struct(
    [
        ("company_number", pa.string()),
        (
            "data",
            pa.struct(
                [
                    ("kind", pa.string()),
                    ("links", _texts("self", "person_with_significant_control")),
                    ("notified_on", pa.string()),
                    ("ceased_on", pa.string()),
                    ("ceased", pa.bool_()),
                    ("name", pa.string()),
                    ("name_elements", _texts("forename", "other_forenames", "middle_name", "surname")),
                    ("date_of_birth", pa.struct([(part, pa.int64()) for part in ("day", "month", "year")])),
                    ("nationality", pa.string()),
                    ("country_of_residence", pa.string()),
                    ("natures_of_control", pa.list_(pa.string())),
                    ("address", ADDRESS),
                    ("principal_office_address", ADDRESS),
                    (
                        "identification",
                        _texts("legal_form", "country_registered", "place_registered", "registration_number"),
                    ),
                    ("description", pa.string()),
                    ("statement", pa.string()),
                    ("linked_psc_name", pa.string()),
                    ("restrictions_notice_withdrawal_reason", pa.string()),
                    ("exemptions", pa.struct([(name, _EXEMPTION) for name in EXEMPTIONS])),
                    *((name, pa.int64()) for name in COUNTS),
                ]
            ),
        ),
    ]
)
"""The fields that are read."""

IGNORED = {
    "ContentDate": "put there by those who pass the file on; the delivery has its own day",
    "data.etag": "changes with every change of the record and means nothing else",
    "data.links.statement": "the statement is a record of its own",
    "data.name_elements.title": "titles change and tell nobody apart",
    "data.name_elements.honours": "honours change and tell nobody apart",
    "data.address.care_of": "who takes the post in, often a person",
    "data.principal_office_address.care_of": "who takes the post in, often a person",
    "data.identification.legal_authority": "the law that governs the holder, in free text",
    "data.identification.identification_type": "the kind of record says as much",
    "data.is_sanctioned": "a matter of compliance, which no table holds",
    "data.identity_verification_details": "how and when a person proved their identity is no tie",
    "data.generated_at": "the delivery has its own day",
}
"""The fields that are left out, and why."""

"""The three kinds of file that GLEIF publishes, and what is read of their records.

Fields are named by their paths in the XML. The CSV has the same paths as column names, but for the few in `RENAMED`;
there, repetitions are numbered from 1.

Reference:
    GLEIF, LEI-CDF 3.1, RR-CDF 2.1 and Reporting Exceptions 2.1; the golden copies' CSV.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa

DELETED = "Extension.Deletion.DeletedAt"
"""When a record was taken out of the golden copy; only updates have it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A kind of file.

    Attributes:
        noun: What its records are called.
        dataset: The usual name of a dataset that has no other kind.
        root: The XML's root element.
        tag: The XML's element that is a record.
        record: What is read of a record.
        ignored: What is left out with all that is in it, and why.
        required: Columns that the CSV must have.
        sign: How the columns begin that only this kind of CSV has.
        renamed: What the CSV calls otherwise: its words, and the XML's.
    """

    noun: str
    dataset: str
    root: str
    tag: str
    record: pa.StructType
    ignored: Mapping[str, str]
    required: tuple[str, ...]
    sign: str
    renamed: Mapping[str, str] = field(default_factory=dict)


def _texts(*names: str) -> pa.StructType:
    return pa.struct([(name, pa.string()) for name in names])


def _inside(name: str, kind: pa.DataType) -> pa.StructType:
    return pa.struct([(name, kind)])


_NAME = _texts("text", "xmllang", "type")
_ADDRESS = pa.struct(
    [
        ("FirstAddressLine", pa.string()),
        ("MailRouting", pa.string()),
        ("AdditionalAddressLine", pa.list_(pa.string())),
        *((name, pa.string()) for name in ("City", "Region", "Country", "PostalCode")),
    ]
)
_AUTHORITY = _texts("ValidationAuthorityID", "ValidationAuthorityEntityID")
_EXTENSION = _inside("Deletion", _texts("DeletedAt"))
_ADDRESS_IGNORED = {
    "xmllang": "the language of an address tells no two buildings apart",
    "AddressNumber": "repeats a part of the first line",
    "AddressNumberWithinBuilding": "repeats a part of the first line",
}
_RENEWAL = {
    "InitialRegistrationDate": "when the LEI or the relationship was first registered; the entity is older",
    "NextRenewalDate": "when the registration is due for renewal says nothing about the entity",
    "ManagingLOU": "who sold the LEI is no tie",
    "ValidationSources": "how well the record was checked",
}

_ENTITY = pa.struct(
    [
        ("LegalName", pa.string()),
        ("OtherEntityNames", _inside("OtherEntityName", pa.list_(_NAME))),
        ("TransliteratedOtherEntityNames", _inside("TransliteratedOtherEntityName", pa.list_(_NAME))),
        ("LegalAddress", _ADDRESS),
        ("HeadquartersAddress", _ADDRESS),
        ("RegistrationAuthority", _texts("RegistrationAuthorityID", "RegistrationAuthorityEntityID")),
        *((name, pa.string()) for name in ("LegalJurisdiction", "EntityCategory", "EntitySubCategory")),
        ("LegalForm", _texts("EntityLegalFormCode", "OtherLegalForm")),
        *((name, pa.string()) for name in ("EntityStatus", "EntityCreationDate")),
        *((name, pa.string()) for name in ("EntityExpirationDate", "EntityExpirationReason")),
        ("SuccessorEntity", pa.list_(_texts("SuccessorLEI"))),
        (
            "LegalEntityEvents",
            _inside(
                "LegalEntityEvent",
                pa.list_(_texts("event_status", "LegalEntityEventType", "LegalEntityEventEffectiveDate")),
            ),
        ),
    ]
)

ENTITIES = Layout(
    noun="LEI records",
    dataset="gleif_lei",
    root="LEIData",
    tag="LEIRecord",
    record=pa.struct(
        [
            ("LEI", pa.string()),
            ("Entity", _ENTITY),
            (
                "Registration",
                pa.struct(
                    [
                        ("LastUpdateDate", pa.string()),
                        ("RegistrationStatus", pa.string()),
                        ("ValidationAuthority", _AUTHORITY),
                        ("OtherValidationAuthorities", _inside("OtherValidationAuthority", pa.list_(_AUTHORITY))),
                    ]
                ),
            ),
            ("Extension", _EXTENSION),
        ]
    ),
    ignored={
        "Entity.LegalName.xmllang": "a company's legal name has no column for its language",
        **{f"Entity.LegalAddress.{name}": reason for name, reason in _ADDRESS_IGNORED.items()},
        **{f"Entity.HeadquartersAddress.{name}": reason for name, reason in _ADDRESS_IGNORED.items()},
        "Entity.OtherAddresses": "the two addresses again, in another language",
        "Entity.TransliteratedOtherAddresses": "the two addresses again, in Latin letters",
        "Entity.RegistrationAuthority.OtherRegistrationAuthorityID": "a register without a code, in free text",
        "Entity.AssociatedEntity": "out of use: relationship records say which fund is whose",
        "Entity.SuccessorEntity.SuccessorEntityName": "a successor without an LEI is a name and nobody in particular",
        "Entity.SuccessorEntity.xmllang": "the language of a name that is left out",
        "Entity.LegalEntityEvents.LegalEntityEvent.group_type": "which events were reported together",
        "Entity.LegalEntityEvents.LegalEntityEvent.group_id": "which events were reported together",
        "Entity.LegalEntityEvents.LegalEntityEvent.group_sequence_no": "which events were reported together",
        "Entity.LegalEntityEvents.LegalEntityEvent.LegalEntityEventRecordedDate": "when the issuer heard of it",
        "Entity.LegalEntityEvents.LegalEntityEvent.ValidationDocuments": "what the issuer was shown",
        "Entity.LegalEntityEvents.LegalEntityEvent.ValidationReference": "what the issuer was shown",
        "Entity.LegalEntityEvents.LegalEntityEvent.AffectedFields": "the record's own fields carry it by then",
        **{f"Registration.{name}": reason for name, reason in _RENEWAL.items()},
        "Registration.ValidationAuthority.OtherValidationAuthorityID": "a register without a code, in free text",
        "Registration.OtherValidationAuthorities.OtherValidationAuthority.OtherValidationAuthorityID":
            "a register without a code, in free text",
        "Extension.Geocoding": "GLEIF's guess at where the addresses are",
        "Extension.conformity": "how well the record was kept up",
        "ConformityFlag": "how well the record was kept up",
    },
    required=("LEI", "Entity.LegalName", "Entity.EntityStatus", "Registration.RegistrationStatus"),
    sign="Entity.",
    renamed={"Entity.SuccessorEntity.SuccessorEntity.xmllang": "Entity.SuccessorEntity.xmllang"},
)  # fmt: skip
"""Level 1: who is who."""

_NODE = _texts("NodeID", "NodeIDType")
_PERIODS, _QUANTIFIERS, _QUALIFIERS = (
    f"Relationship.Relationship{name}s.Relationship{name}" for name in ("Period", "Quantifier", "Qualifier")
)

RELATIONSHIPS = Layout(
    noun="relationship records",
    dataset="gleif_rr",
    root="RelationshipData",
    tag="RelationshipRecord",
    record=pa.struct(
        [
            (
                "Relationship",
                pa.struct(
                    [
                        ("StartNode", _NODE),
                        ("EndNode", _NODE),
                        ("RelationshipType", pa.string()),
                        (
                            "RelationshipPeriods",
                            _inside("RelationshipPeriod", pa.list_(_texts("StartDate", "EndDate", "PeriodType"))),
                        ),
                        ("RelationshipStatus", pa.string()),
                        (
                            "RelationshipQuantifiers",
                            _inside(
                                "RelationshipQuantifier",
                                pa.list_(_texts("QuantifierAmount", "QuantifierUnits")),
                            ),
                        ),
                    ]
                ),
            ),
            ("Registration", _texts("LastUpdateDate", "RegistrationStatus")),
            ("Extension", _EXTENSION),
        ]
    ),
    ignored={
        f"{_QUANTIFIERS}.MeasurementMethod": "always accounting consolidation",
        "Relationship.RelationshipQualifiers": "by which accounting standard a group's accounts are drawn up",
        **{f"Registration.{name}": reason for name, reason in _RENEWAL.items()},
        "Registration.ValidationDocuments": "what the issuer was shown",
        "Registration.ValidationReference": "what the issuer was shown",
    },
    required=(
        "Relationship.StartNode.NodeID", "Relationship.EndNode.NodeID", "Relationship.RelationshipType",
        "Relationship.RelationshipStatus",
    ),
    sign="Relationship.",
    renamed={
        "Relationship.Period.startDate": f"{_PERIODS}.StartDate",
        "Relationship.Period.endDate": f"{_PERIODS}.EndDate",
        "Relationship.Period.periodType": f"{_PERIODS}.PeriodType",
        **{
            f"Relationship.Quantifiers.{name}": f"{_QUANTIFIERS}.{name}"
            for name in ("MeasurementMethod", "QuantifierAmount", "QuantifierUnits")
        },
        "Relationship.Qualifiers.QualifierDimension": f"{_QUALIFIERS}.QualifierDimension",
        "Relationship.Qualifiers.QualifierCategory": f"{_QUALIFIERS}.QualifierCategory",
    },
)  # fmt: skip
"""Level 2: who owns whom, branches, funds."""

EXCEPTIONS = Layout(
    noun="reporting exceptions",
    dataset="gleif_repex",
    root="ReportingExceptionData",
    tag="Exception",
    record=pa.struct(
        [
            ("LEI", pa.string()),
            ("ExceptionCategory", pa.string()),
            ("ExceptionReason", pa.list_(pa.string())),
            ("ExceptionReference", pa.list_(pa.string())),
            ("Extension", _EXTENSION),
        ]
    ),
    ignored={},
    required=("LEI", "Exception.Category", "Exception.Reason.1"),
    sign="Exception.",
    renamed={
        "Exception.Category": "ExceptionCategory",
        "Exception.Reason": "ExceptionReason",
        "Exception.Reference": "ExceptionReference",
    },
)
"""Level 2: why a parent is not reported."""

LAYOUTS = (ENTITIES, RELATIONSHIPS, EXCEPTIONS)

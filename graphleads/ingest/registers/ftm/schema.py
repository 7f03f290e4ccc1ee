"""The schemata of FollowTheMoney that are read, and where each of their properties goes.

Every property is read, left out on purpose with a reason, or dropped because it identifies a person. A schema inherits
the properties of those above it, so that one family of schemata is read alike.

Reference:
    FollowTheMoney 4.11, `followthemoney/schema/*.yaml`; https://followthemoney.tech/explorer/.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Schemata that are read alike.

    Attributes:
        schemata: Their names.
        read: The properties that are read.
        ignored: The properties that are left out on purpose, and why.
        personal: The properties that are dropped and counted.
    """

    schemata: tuple[str, ...]
    read: tuple[str, ...] = ()
    ignored: Mapping[str, str] = field(default_factory=dict)
    personal: tuple[str, ...] = ()


ENVELOPE = ("id", "schema", "properties", "caption", "referents", "last_change")
"""What is read of an entity beside its properties."""

ENVELOPE_IGNORED = {
    "datasets": "the delivery names its dataset; those that a collection was made of have no place in the tables",
    "first_seen": "an entity has changed since it was first seen: `last_change` says since when it is as it is",
    "last_seen": "the delivery has its own day",
    "target": "whether a list is about the entity is a matter of compliance",
    "origin": "how the publisher's programs came by the entity",
}
"""What is left out of an entity beside its properties, and why."""

_ABOUT = "where and when the publisher found it; the record's id leads there"
_PROSE = "free text about the entity"
_COMPLIANCE = "a matter of compliance, which no table holds"
_FOREIGN = "a number of a list that names no companies otherwise"
_INDEX = "made of the other properties, for searching"

_THING_IGNORED = {
    **dict.fromkeys(("sourceUrl", "publisher", "publisherUrl", "alephUrl", "wikipediaUrl", "retrievedAt"), _ABOUT),
    **dict.fromkeys(("proof", "createdAt"), _ABOUT),
    **dict.fromkeys(("summary", "description", "notes", "keywords"), _PROSE),
    **dict.fromkeys(("topics", "program", "programId", "riskSource"), _COMPLIANCE),
    "indexText": _INDEX,
}

NAMES = {"alias": "alternative", "weakAlias": "short", "abbreviation": "short", "previousName": "former"}
"""The kinds of the names beside `name`."""

IDENTIFIERS = {
    "leiCode": "XI-LEI",
    "uscCode": "CN-USCI",
    "ogrnCode": "RU-OGRN",
    "innCode": "RU-INN",
    "okpoCode": "X-RU-OKPO",
    "vatCode": "X-VAT",
    "dunsCode": "XI-DUNS",
    "uniqueEntityId": "US-SAM",
    "irsCode": "US-EIN",
    "cikCode": "X-US-SEC-CIK",
    "npiCode": "X-US-NPI",
    "cageCode": "X-CAGE",
    "voenCode": "X-AZ-VOEN",
    "jibCode": "X-BA-JIB",
    "mbsCode": "X-BA-MBS",
    "swiftBic": "X-BIC",
    "permId": "X-PERMID",
    "imoNumber": "X-IMO",
    "giiNumber": "X-GIIN",
    "isinCode": "X-ISIN",
    "bvdId": "X-BVD",
    "sayariId": "X-SAYARI",
    "brightQueryId": "X-BRIGHTQUERY",
    "brightQueryOrgId": "X-BRIGHTQUERY-ORG",
    "icijId": "X-ICIJ",
    "wikidataId": "XI-WIKIDATA",
}
"""Properties that are numbers of one list, with its scheme; org-id's code where it has one."""

NUMBERS_OF_A_COUNTRY = ("registrationNumber", "taxNumber")
"""Numbers whose list is told by the country of the entity alone."""

CLASSIFICATIONS = {
    "classification": "X-FTM-CLASSIFICATION",
    "sector": "X-FTM-SECTOR",
    "okvedCode": "X-RU-OKVED",
    "caemCode": "X-MD-CAEM",
}

PERSONAL_IF_UNKNOWN = ("taxNumber", "innCode", "vatCode")
"""Numbers that are dropped where it is not said whether the entity is a person."""

ENTITY_TYPES = {
    "Company": "registered_entity",
    "Organization": "legal_entity",
    "PublicBody": "state_body",
    "Trust": "arrangement",
    "LegalEntity": "unknown",
}
"""What organisations are; of a `LegalEntity` nothing is said, so it counts as a company."""

_LEGAL_ENTITY_READ = (
    "name", *NAMES, "country", "mainCountry", "jurisdiction", "modifiedAt", "address", "addressEntity", "email",
    "phone", "website", "legalForm", "incorporationDate", "dissolutionDate", "status", "opencorporatesUrl", "parent",
    *NUMBERS_OF_A_COUNTRY, *IDENTIFIERS, *CLASSIFICATIONS, "capital", "currency",
)  # fmt: skip

ORGANISATION = Family(
    schemata=tuple(ENTITY_TYPES),
    read=_LEGAL_ENTITY_READ,
    ignored={
        **_THING_IGNORED,
        "taxStatus": "whether taxes are owed is no tie and no trade",
        "licenseNumber": "a licence of no known list",
        "ticker": "listings are left to the exchanges' own files",
        "ricCode": "listings are left to the exchanges' own files",
        **dict.fromkeys(
            ("coatoCode", "ipoCode", "kppCode", "okopfCode", "fnsCode", "fssCode", "bikCode", "pfrNumber", "oksmCode"),
            _FOREIGN,
        ),
        **dict.fromkeys(("amount", "amountUsd", "amountEur"), "what the company was worth to somebody at some time"),
    },
    personal=("idNumber",),
)

PERSON = Family(
    schemata=("Person",),
    read=(
        "name", "alias", "weakAlias", "previousName", "firstName", "secondName", "middleName", "lastName", "birthDate",
        "nationality", "citizenship", "mainCountry", "modifiedAt",
    ),
    ignored={
        **_THING_IGNORED,
        "abbreviation": "initials tell nobody apart",
        "country": "a tie of any kind to a country: birth, office, sanction",
        "jurisdiction": "people have none",
        **dict.fromkeys(("title", "nameSuffix"), "titles change and tell nobody apart"),
        **dict.fromkeys(("fatherName", "motherName"), "the parents' names are no part of the person's"),
        **dict.fromkeys(("deathDate", "incorporationDate", "dissolutionDate"), "roles have an end of their own"),
        **dict.fromkeys(("biography", "position", "profession", "education", "sector", "classification"), _PROSE),
        **dict.fromkeys(("status", "legalForm", "taxStatus", "parent"), "says something of companies only"),
    },
    personal=(
        "idNumber", "passportNumber", "socialSecurityNumber", "registrationNumber", "taxNumber", "licenseNumber",
        *IDENTIFIERS, "okvedCode", "opencorporatesUrl", "address", "addressEntity", "email", "phone", "website",
        "birthPlace", "birthCountry", "gender", "ethnicity", "height", "weight", "eyeColor", "hairColor", "appearance",
        "religion", "political", "spokenLanguage",
    ),
)  # fmt: skip

ADDRESS = Family(
    schemata=("Address",),
    read=("full", "postOfficeBox", "street", "street2", "city", "postalCode", "region", "state", "country"),
    ignored={
        **_THING_IGNORED,
        **dict.fromkeys(("name", "alias", "weakAlias", "previousName", "address", "addressEntity"), "stands in `full`"),
        **dict.fromkeys(("remarks", "wikidataId", "osmId", "googlePlaceId"), _PROSE),
        **dict.fromkeys(("latitude", "longitude"), "the tables hold no places on the map"),
        **dict.fromkeys(("modifiedAt", "mainCountry"), _ABOUT),
    },
)

_INTERVAL_READ = ("startDate", "endDate", "date", "modifiedAt")
_INTEREST_READ = (*_INTERVAL_READ, "role", "status")
_INTERVAL_IGNORED = {
    **dict.fromkeys(("sourceUrl", "publisher", "publisherUrl", "alephUrl", "retrievedAt", "proof", "recordId"), _ABOUT),
    **dict.fromkeys(("summary", "description"), _PROSE),
    "indexText": _INDEX,
    "namesMentioned": "names without the entities that bear them",
}


def _relation(schema: str, *properties: str, ignored: Mapping[str, str] | None = None) -> Family:
    everything = {**_INTERVAL_IGNORED, **(ignored or {})}
    return Family(schemata=(schema,), read=(*properties, *_INTEREST_READ), ignored=everything)


OWNERSHIP = _relation(
    "Ownership", "owner", "asset", "percentage", "sharesCount", "sharesType", "ownershipType", "legalBasis",
    ignored=dict.fromkeys(("sharesValue", "sharesCurrency"), "what the shares were worth at some time"),
)  # fmt: skip
CONTROL = _relation("Control", "controller", "controlled", "controlType", "legalBasis")
UNKNOWN_LINK = _relation("UnknownLink", "subject", "object")
DIRECTORSHIP = _relation(
    "Directorship", "director", "organization", ignored={"secretary": "a name without the person who bears it"}
)
MEMBERSHIP = _relation("Membership", "member", "organization")
EMPLOYMENT = _relation("Employment", "employee", "employer")
REPRESENTATION = _relation("Representation", "agent", "client")
SUCCESSION = _relation("Succession", "predecessor", "successor")

IDENTIFICATION = Family(
    schemata=("Identification", "Passport"),
    ignored={
        **_INTERVAL_IGNORED,
        **dict.fromkeys(_INTERVAL_READ, "of a paper that is dropped"),
        **dict.fromkeys(("holder", "type", "country", "authority"), "of a paper that is dropped"),
    },
    personal=(
        "number",
        "passportNumber",
        "personalNumber",
        "surname",
        "givenName",
        "birthDate",
        "birthPlace",
        "gender",
    ),
)

RELATIONS = (
    OWNERSHIP, CONTROL, UNKNOWN_LINK, DIRECTORSHIP, MEMBERSHIP, EMPLOYMENT, REPRESENTATION, SUCCESSION,
)  # fmt: skip
FAMILIES = (ORGANISATION, PERSON, ADDRESS, *RELATIONS, IDENTIFICATION)

_PRIVATE = "ties of a family or between friends are nobody's business lead"
_THINGS = "things, not companies; who owns one is in no table"
_PAPERS = "documents and what stands in them"
_DEALS = "a deal or a payment is no tie that lasts"
_EVENTS = "events and cases are no tie between companies"

IGNORED_SCHEMATA = {
    **dict.fromkeys(("Family", "Associate"), _PRIVATE),
    **dict.fromkeys(
        (
            "Airplane", "Asset", "BankAccount", "CryptoWallet", "RealEstate", "Security", "Territory", "Thing",
            "UserAccount", "Vehicle", "Vessel",
        ),
        _THINGS,
    ),
    **dict.fromkeys(
        (
            "Analyzable", "Article", "Audio", "Document", "Documentation", "Email", "Folder", "HyperText", "Image",
            "Mention", "Message", "Note", "Package", "Page", "Pages", "PlainText", "Table", "Video", "Workbook",
        ),
        _PAPERS,
    ),
    **dict.fromkeys(
        (
            "CallForTenders", "Contract", "ContractAward", "Debt", "EconomicActivity", "License", "Payment", "Project",
            "ProjectParticipant", "TaxRoll", "Value",
        ),
        _DEALS,
    ),
    **dict.fromkeys(("Call", "CourtCase", "CourtCaseParty", "Event", "Interest", "Interval", "Trip"), _EVENTS),
    **dict.fromkeys(("Occupancy", "Position"), "offices of state, not of companies"),
    **dict.fromkeys(("Risk", "Sanction"), _COMPLIANCE),
    "Similar": "a guess of the publisher that two entities are one",
}  # fmt: skip
"""Schemata that are left out, and why."""

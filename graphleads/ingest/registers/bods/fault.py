"""What a statement lacks or says against the standard in a field that is read, and that no table shows otherwise.

Nothing is left out for it: a code that the standard does not have says nothing here, and what is missing is missing.

Reference:
    Open Ownership, Beneficial Ownership Data Standard 0.4, required fields and codelists; those of 0.2 and 0.3 where
    they differ.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.formats.report import Flaw
from graphleads.ingest.registers.bods.interest import snake_case
from graphleads.ingest.registers.bods.statement import ENTITY, PERSON, RELATIONSHIP, explode
from graphleads.ingest.row_stager import RowStager

_REASONS = (
    "no_beneficial_owners", "subject_unable_to_confirm_or_identify_beneficial_owner",
    "interested_party_has_not_provided_information", "subject_exempt_from_disclosure",
    "interested_party_exempt_from_disclosure", "unknown", "information_unknown_to_publisher",
)  # fmt: skip
_DIRECTNESS = ("direct", "indirect", "unknown")
_CODES = {
    "recordStatus": ("new", "updated", "closed"),
    "entityType.subtype": ("government_department", "state_agency", "other", "trust", "nomination"),
    "unspecifiedEntityDetails.reason": _REASONS,
    "unspecifiedPersonDetails.reason": _REASONS,
    "interestedParty.reason": _REASONS,
    "interestedParty.unspecified.reason": _REASONS,
    "interestedParty.unspecifiedReason": _REASONS,
    "subject.reason": _REASONS,
}
_CODES_IN_LISTS = {
    "names.type": ("individual", "legal", "translation", "transliteration", "former", "alternative", "birth"),
    "addresses.type": ("place_of_birth", "residence", "registered", "service", "alternative", "business"),
    "interests.directOrIndirect": _DIRECTNESS,
    "interests.interestLevel": _DIRECTNESS,
}
"""The words of the fields that have a list of them, in snake case."""

_PLACES = ("jurisdiction", "incorporatedInJurisdiction", "placeOfResidence.country")
_PLACES_IN_LISTS = ("nationalities", "addresses.country")
_PLACE_CODE = r"^[A-Za-z]{2}(-[A-Za-z0-9]{1,3})?$"

_UNKNOWN_CODE = Flaw(code="unknown_code", message="No code of the standard: it says nothing here.")
_NOT_SAID = Flaw(code="value_missing", message="The standard wants it, and it is not said.")
_NO_PLACE_NAME = Flaw(code="no_place_name", message="The place has a code and no name: the code counts.")
_BAD_PLACE_CODE = Flaw(code="bad_place_code", message="No code of ISO 3166: the place's name counts, if it has one.")
_NO_SCHEME = Flaw(
    code="no_identifier_scheme", message="It has neither scheme nor scheme's name: it is nobody's number."
)
_BAD_ID_LENGTH = Flaw(code="bad_statement_id", message="The standard wants 32 to 64 characters: taken as it is.")
_NO_FULL_NAME = Flaw(code="no_full_name", message="The name is not said in full: made of its parts, if there are any.")


def report_faults(rows: RowStager) -> None:
    """Report what the statements of a block lack or say against the standard.

    Args:
        rows: Statements with `kind` and `legacy`.
    """
    current = pc.invert(rows["legacy"])
    _report_head(rows, current)
    for column, words in _CODES.items():
        _report_codes(rows, column, words)
    for column, words in _CODES_IN_LISTS.items():
        _report_codes(explode(rows, column.partition(".")[0], beside=()), column, words)
    for place in _PLACES:
        _report_place(rows, place)
    for place in _PLACES_IN_LISTS:
        _report_place(explode(rows, place.partition(".")[0], beside=("legacy",)), place)
    _report_elements(rows)


def _report_head(rows: RowStager, current: pa.Array) -> None:
    kind = rows["kind"]
    statement = pc.coalesce(rows["statementId"], rows["statementID"])
    rows.flag(_NOT_SAID, "statementId", pc.is_null(statement))
    length = pc.utf8_length(statement)
    rows.flag(_BAD_ID_LENGTH, "statementId", pc.or_(pc.less(length, 32), pc.greater(length, 64)))
    written = pc.and_(rows["legacy"], pc.is_valid(rows["recordType"]))
    rows.flag(_NOT_SAID, "recordId", written)
    current = pc.or_(current, written)
    rows.flag(_NOT_SAID, "recordDetails", pc.and_not(current, pc.is_valid(rows["recordDetails"])))
    rows.flag(_NOT_SAID, "statementDate", pc.and_(current, pc.is_null(rows["statementDate"])))
    published, publisher = rows["publicationDetails.publicationDate"], rows["publicationDetails.publisher.name"]
    rows.flag(_NOT_SAID, "publicationDetails.publicationDate", pc.and_(pc.is_null(published), pc.is_valid(publisher)))
    rows.flag(_NOT_SAID, "publicationDetails.publisher", pc.and_(pc.is_null(publisher), pc.is_valid(published)))
    for name, of in (("entityType", ENTITY), ("personType", PERSON)):
        column = "entityType.type" if of == ENTITY else name
        rows.flag(_NOT_SAID, column, pc.and_(pc.equal(kind, of), pc.is_null(rows[column])))
    party = pc.coalesce(*(rows[name] for name in rows.block.columns if name.startswith("interestedParty.")))
    rows.flag(_NOT_SAID, "interestedParty", pc.and_(pc.equal(kind, RELATIONSHIP), pc.is_null(party)))


def _report_codes(rows: RowStager, column: str, words: tuple[str, ...]) -> None:
    rows.flag(_UNKNOWN_CODE, column, pc.invert(pc.is_in(snake_case(rows[column]), value_set=pa.array([*words, None]))))


def _report_place(rows: RowStager, place: str) -> None:
    name, code = rows[f"{place}.name"], rows[f"{place}.code"]
    # Before 0.4 a code alone was whole.
    nameless = pc.and_not(pc.and_(pc.is_null(name), pc.is_valid(code)), rows["legacy"])
    rows.flag(_NO_PLACE_NAME, f"{place}.name", nameless)
    rows.flag(_BAD_PLACE_CODE, f"{place}.code", pc.invert(pc.match_substring_regex(code, _PLACE_CODE)))


def _report_elements(rows: RowStager) -> None:
    """Report what elements of lists lack."""
    each = explode(rows, "identifiers", beside=())
    told = pc.coalesce(each["identifiers.scheme"], each["identifiers.schemeName"])
    each.flag(_NO_SCHEME, "identifiers.scheme", pc.and_(pc.is_null(told), pc.is_valid(each["identifiers.id"])))
    names = explode(rows, "names", beside=())
    names.flag(_NO_FULL_NAME, "names.fullName", pc.is_null(names["names.fullName"]))

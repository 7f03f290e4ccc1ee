"""What a user says about a CRM export that its headers do not: a small YAML file, explained in `docs/customers.md`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from graphleads.codes.country import country_code
from graphleads.crm.status import WORDS, fold_word, parse_status
from graphleads.errors import ValueInvalid
from graphleads.formats.mapping_source import MappingSource, read_mapping_source
from graphleads.ids import make_id
from graphleads.model import CustomerStatus
from graphleads.values.day import tells_days
from graphleads.values.deal_header import DEAL_HEADERS

FIELDS = (
    *("external_id", "name", "status", "country", "locality", "region", "postcode"),
    *("website", "email", "phone", "owner", "parent", "value", "won_on"),
)
"""What a column of an export can be."""

_CONSTANTS = ("country", "status", "owner")

_SECTIONS = ("columns", "deals", "identifiers", "constants", "status", "date_format", "encoding")


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerMapping:
    """What was said about an export.

    Attributes:
        columns: Header by field.
        deals: Header by field of a deal, in a file of deals.
        identifiers: Header by identifier scheme; an empty scheme is told from the values.
        constants: The value that a field has in every row.
        status_words: Status by word, folded for comparison.
        date_format: How days are written, in strptime's letters; None: told from the values.
        encoding: The file's encoding; None: UTF-8 if the bytes are, otherwise guessed.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    deals: Mapping[str, str] = field(default_factory=dict)
    identifiers: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    status_words: Mapping[str, CustomerStatus] = field(default_factory=dict)
    date_format: str | None = None
    encoding: str | None = None
    source: MappingSource | None = None

    def check_headers(self, file: str, headers: Sequence[str]) -> None:
        """Check that the columns that are named are there.

        Raises:
            MappingInvalid: If one is not, with its line.
        """
        for section in ("columns", "deals", "identifiers"):
            named: Mapping[str, str] = getattr(self, section)
            for key, header in named.items():
                if header not in headers and self.source is not None:
                    message = f"{file} has no column {header!r}, only {', '.join(headers)[:300]}."
                    raise self.source.error((section, key), message)


def read_customer_mapping(path: Path) -> CustomerMapping:
    """Return the mapping in a YAML file.

    Raises:
        FileUnreadable: If the file cannot be read.
        MappingInvalid: If it cannot be used; names the line.
    """
    source = read_mapping_source(path)
    content = source.content
    if not isinstance(content, dict):
        raise source.error((), f"a mapping of customers has the parts {', '.join(_SECTIONS)}.")
    for section in content:
        _require(section in _SECTIONS, source, (section,), f"{section!r} is none of {', '.join(_SECTIONS)}.")
    return CustomerMapping(
        columns=_texts(source, "columns", FIELDS),
        deals=_texts(source, "deals", tuple(DEAL_HEADERS)),
        identifiers=_identifiers(source),
        constants=_constants(source, words := _status_words(source)),
        status_words=words,
        date_format=_date_format(source),
        encoding=_encoding(source),
        source=source,
    )


def _require(holds: bool, source: MappingSource, path: tuple[str | int, ...], message: str) -> None:
    if not holds:
        raise source.error(path, message)


def _section(source: MappingSource, name: str) -> dict[str, Any]:
    section = source.content.get(name) or {}
    _require(isinstance(section, dict), source, (name,), f"{name!r} needs lines of the form `field: value`.")
    return dict(section)


def _texts(source: MappingSource, name: str, known: Sequence[str]) -> dict[str, str]:
    texts = _section(source, name)
    for key, value in texts.items():
        _require(key in known, source, (name, key), f"{key!r} is none of {', '.join(known)}.")
        _require(_is_text(value), source, (name, key), f"{key!r} needs one text.")
    return {key: str(value) for key, value in texts.items()}


def _constants(source: MappingSource, words: Mapping[str, CustomerStatus]) -> dict[str, str]:
    constants = _texts(source, "constants", _CONSTANTS)
    country, status = constants.get("country"), constants.get("status")
    if country is not None:
        _require(country_code(country) is not None, source, ("constants", "country"), f"{country!r} is no country.")
    if status is not None:
        _check_status(source, status, words)
    return constants


def _check_status(source: MappingSource, status: str, words: Mapping[str, CustomerStatus]) -> None:
    known = parse_status(status, WORDS | dict(words)) is not None
    _require(known, source, ("constants", "status"), f"{status!r} is no status that is known: say so under `status`.")


def _is_text(value: object) -> bool:
    # A header such as 2023 reads as a number.
    return isinstance(value, str | int | float) and not isinstance(value, bool) and str(value) != ""


def _identifiers(source: MappingSource) -> dict[str, str]:
    headers = _section(source, "identifiers")
    for scheme, header in headers.items():
        path = ("identifiers", scheme)
        _require(_is_text(header), source, path, f"{scheme!r} needs the name of one column.")
        if scheme:
            _check_scheme(source, scheme)
    return {scheme: str(header) for scheme, header in headers.items()}


def _check_scheme(source: MappingSource, scheme: str) -> None:
    try:
        make_id(scheme, "1")
    except ValueInvalid as error:
        raise source.error(("identifiers", scheme), str(error)) from None


def _status_words(source: MappingSource) -> dict[str, CustomerStatus]:
    found: dict[str, CustomerStatus] = {}
    known = [status.value for status in CustomerStatus]
    for status, words in _section(source, "status").items():
        path = ("status", status)
        _require(status in known, source, path, f"{status!r} is none of {', '.join(known)}.")
        for word in words if isinstance(words, list) else [words]:
            folded = fold_word(str(word or ""))
            first = found.setdefault(folded, CustomerStatus(status))
            _require(first == status, source, path, f"{word!r} is both {first} and {status}.")
    return found


def _date_format(source: MappingSource) -> str | None:
    form: str | None = source.content.get("date_format")
    usable = form is None or (isinstance(form, str) and tells_days(form))
    _require(usable, source, ("date_format",), f"{form!r} is no date format: write for example %d/%m/%Y.")
    return form


def _encoding(source: MappingSource) -> str | None:
    encoding: str | None = source.content.get("encoding")
    usable = encoding is None or isinstance(encoding, str)
    _require(usable, source, ("encoding",), f"{encoding!r} is no encoding: write for example cp1252.")
    return encoding

"""The staged and linked tables as Arrow schemas with a version.

Readers write the staged tables; link and build read them; `docs/tables.md` is generated from this module. One row of
a staged table is one statement by one source. Merging adds rows elsewhere and never edits these.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

VERSION = 1

WORD = pa.dictionary(pa.int32(), pa.string())
"""A text of few distinct values: kinds, codes, statuses, datasets."""

MONEY = pa.decimal128(20, 2)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, its Arrow type, what it means, and whether every row must have it."""

    name: str
    type: pa.DataType
    meaning: str
    required: bool = False

    @property
    def arrow(self) -> pa.Field:
        """The column as an Arrow field."""
        return pa.field(self.name, self.type, nullable=not self.required)


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedTable:
    """A staged table.

    Attributes:
        name: The table's name and folder.
        meaning: What one row is.
        own: The columns beside provenance and dates.
        identity: The columns that, within a dataset's record and with the start date, say which fact a row is. A
            later delivery's row with the same identity is a new version of the same fact.
        dated: Whether rows carry `start_on` and `end_on`.
    """

    name: str
    meaning: str
    own: tuple[Column, ...]
    identity: tuple[str, ...]
    dated: bool = True

    @property
    def columns(self) -> tuple[Column, ...]:
        """Every column in order: provenance, dates, then the table's own."""
        return PROVENANCE + (DATES if self.dated else ()) + self.own

    @property
    def schema(self) -> pa.Schema:
        """The table as an Arrow schema."""
        return pa.schema([column.arrow for column in self.columns])


PROVENANCE = (
    Column("dataset", WORD, "the dataset that says so", required=True),
    Column(
        "record",
        pa.string(),
        "the record's own id in the source; all rows of one record are replaced together",
        required=True,
    ),
    Column("op", WORD, "assert, end or void", required=True),
    Column("published_on", pa.date32(), "the day on which the register published the fact, if it says so"),
)

DATES = (
    Column("start_on", pa.date32(), "first day on which it is true, as the register says; null: not said"),
    Column("end_on", pa.date32(), "first day on which it is no longer true; null: not said"),
)


def _text(name: str, meaning: str, *, required: bool = False) -> Column:
    return Column(name, pa.string(), meaning, required)


def _word(name: str, meaning: str, *, required: bool = False) -> Column:
    return Column(name, WORD, meaning, required)


_ID = _text("id", "the entity, `scheme:value`", required=True)

_STAGED = (
    StagedTable(
        name="companies",
        meaning="a company as one record describes it",
        identity=("id",),
        own=(
            _ID,
            _text("name", "its legal name; null on an update that does not carry it"),
            _word("entity_type", "registered_entity, legal_entity, arrangement, state, state_body, anonymous, unknown"),
            Column("mentioned", pa.bool_(), "known only as somebody's holder or subsidiary", required=True),
            _word("jurisdiction", "ISO 3166-1 alpha-2, or 3166-2 below"),
            _word(
                "status",
                "active, inactive, in_liquidation, dissolved, unclear (a text that nobody here knows), unknown",
            ),
            _text("status_text", "the status in the register's words"),
            _word("legal_form", "the legal form in the register's words or code"),
            _word("size_class", "the size class in the register's words"),
            Column("incorporated_on", pa.date32(), "day of incorporation"),
            Column("dissolved_on", pa.date32(), "day of dissolution"),
            Column("capital", MONEY, "share capital"),
            _word("capital_currency", "ISO 4217"),
            Column("n_employees_min", pa.int32(), "employees, lower bound"),
            Column("n_employees_max", pa.int32(), "employees, upper bound"),
            Column("revenue_min", MONEY, "revenue of a year, lower bound"),
            Column("revenue_max", MONEY, "revenue of a year, upper bound"),
            _word("revenue_currency", "ISO 4217"),
            _word("region", "region of the registered office, ISO 3166-2 where known"),
            _text("locality", "town of the registered office"),
            _text("postcode", "postcode of the registered office"),
            _text("business_scope", "what it does, in its own words"),
        ),
    ),
    StagedTable(
        name="names",
        meaning="a further name of a company or person",
        identity=("id", "name", "kind"),
        own=(
            _ID,
            _text("name", "the name", required=True),
            _word("kind", "legal, former, trading, short, alternative, transliterated", required=True),
            _word("language", "BCP 47"),
        ),
    ),
    StagedTable(
        name="identifiers",
        meaning="an identifier of a company or person in some scheme",
        identity=("id", "scheme", "value"),
        own=(
            _ID,
            _word("scheme", "org-id's code, or one that starts with X-", required=True),
            _text("value", "the identifier, normalised", required=True),
            Column("valid", pa.bool_(), "whether its check digit holds; null where there is none"),
        ),
    ),
    StagedTable(
        name="persons",
        meaning="a person as one record knows them",
        identity=("id",),
        own=(
            _ID,
            _text("name", "the full name as written"),
            _text("given_name", "given names"),
            _text("family_name", "family name"),
            Column("birth_year", pa.int16(), "year of birth; never the day"),
            Column("birth_month", pa.int8(), "month of birth, 1 to 12"),
            _word("nationality", "ISO 3166-1 alpha-2"),
            _word("residence", "country of residence, ISO 3166-1 alpha-2"),
            _word("kind", "known, anonymous, unknown"),
            _text("key", "a declared key: records of one dataset that share it are probably one person"),
            Column(
                "key_confidence",
                pa.float32(),
                "probability that two records that share the key are one person, in (0, 1)",
            ),
        ),
    ),
    StagedTable(
        name="classifications",
        meaning="a trade or sector code of a company",
        identity=("id", "scheme", "code"),
        own=(
            _ID,
            _word("scheme", "UK-SIC-2007, NACE-2, GB/T-4754, CNAE-2, or X-…", required=True),
            _word("code", "the code, or the sector's name where there is no code", required=True),
            Column("primary", pa.bool_(), "whether it is the main one"),
        ),
    ),
    StagedTable(
        name="contact_points",
        meaning="an address, phone, e-mail domain or web site of a company",
        identity=("id", "kind", "purpose", "key"),
        own=(
            _ID,
            _word("kind", "address, phone, email_domain, website", required=True),
            _word("purpose", "registered, service, head_office, correspondence"),
            _text("key", "normalised, for joining", required=True),
            _text("display", "as a person would write it", required=True),
        ),
    ),
    StagedTable(
        name="interests",
        meaning="an ownership or control interest in a company",
        identity=("subject", "holder", "kind", "held_as", "unspecified_reason"),
        own=(
            _text("subject", "the company in which the interest is held", required=True),
            _text("holder", "who holds it; null if unspecified"),
            _word("kind", "BODS interest type in snake case", required=True),
            Column("share_min", pa.float64(), "lower bound of the share, a fraction in [0, 1]; null: unknown"),
            Column("share_max", pa.float64(), "upper bound of the share"),
            Column("min_exclusive", pa.bool_(), "whether the lower bound itself is left out"),
            Column("max_exclusive", pa.bool_(), "whether the upper bound itself is left out"),
            _word("directness", "direct, indirect, unknown"),
            _word("held_as", "own, nominee, trust, firm"),
            Column("beneficial", pa.bool_(), "whether the holder is a beneficial owner"),
            Column("amount", MONEY, "what was subscribed or paid, or how many shares"),
            _word("amount_currency", "ISO 4217"),
            _word("amount_kind", "subscribed, paid, shares"),
            _word("unspecified_reason", "why no holder is named"),
            _text("details", "the register's own words"),
        ),
    ),
    StagedTable(
        name="components",
        meaning="a statement that an indirect interest is made of; kept as said and not folded, "
        "because that statement is an interest of its own, which makes the tie",
        identity=("component_record",),
        dated=False,
        own=(_text("component_record", "the record of the component", required=True),),
    ),
    StagedTable(
        name="roles",
        meaning="an office or post that somebody holds in a company",
        identity=("company", "holder", "kind", "title"),
        own=(
            _text("company", "the company", required=True),
            _text("holder", "the person or company that holds the role", required=True),
            _word(
                "kind",
                "director, chair, chief_executive, secretary, legal_representative, supervisor, manager, partner, "
                "representative, auditor, other",
                required=True,
            ),
            _text("title", "the role in the source's words"),
        ),
    ),
    StagedTable(
        name="links",
        meaning="a tie between companies that is neither interest nor role",
        identity=("source", "target", "kind"),
        own=(
            _text(
                "source",
                "the branch, subsidiary, fund, predecessor, supplier, acquired company or investor; of partners and "
                "competitors either",
                required=True,
            ),
            _text(
                "target",
                "the head office, parent, manager, successor, customer, acquirer or what is invested in",
                required=True,
            ),
            _word(
                "kind",
                "branch_of, consolidated_directly_by, consolidated_ultimately_by, managed_by, subfund_of, feeder_to, "
                "succeeded_by, merged_into, franchise_of, competes_with, supplies, acquired_by, invested_in, "
                "partner_of",
                required=True,
            ),
            Column("share", pa.float64(), "a fraction in [0, 1] where the source gives one"),
        ),
    ),
    StagedTable(
        name="declarations",
        meaning="what a register says instead of a relationship",
        identity=("id", "about", "reason"),
        own=(
            _ID,
            _word("about", "owner, direct_parent, ultimate_parent", required=True),
            _word("reason", "the reason's code", required=True),
            _text("reference", "a reference that the source gives"),
            _text("text", "the register's own words"),
        ),
    ),
)

STAGED: Mapping[str, StagedTable] = {table.name: table for table in _STAGED}
"""The staged tables of facts by name."""

ISSUES = pa.schema(
    [
        pa.field("file", pa.string(), nullable=False),
        pa.field("row", pa.int64()),
        pa.field("column", pa.string()),
        pa.field("code", WORD, nullable=False),
        pa.field("message", pa.string(), nullable=False),
        pa.field("sample", pa.string()),
    ]
)
"""Staged issues: what was wrong in a delivery. `row` counts records from 1 with the header as row 1."""

VALUES: Mapping[str, tuple[str, ...]] = {
    "op": ("assert", "end", "void"),
    "companies.entity_type": (
        "registered_entity", "legal_entity", "arrangement", "state", "state_body", "anonymous", "unknown",
    ),
    "companies.status": ("active", "inactive", "in_liquidation", "dissolved", "unclear", "unknown"),
    "names.kind": ("legal", "former", "trading", "short", "alternative", "transliterated"),
    "persons.kind": ("known", "anonymous", "unknown"),
    "contact_points.kind": ("address", "phone", "email_domain", "website"),
    "contact_points.purpose": ("registered", "service", "head_office", "correspondence"),
    "interests.kind": (
        "shareholding", "voting_rights", "appointment_of_board", "other_influence_or_control",
        "senior_managing_official", "settlor", "trustee", "protector", "beneficiary_of_legal_arrangement",
        "rights_to_surplus_assets_on_dissolution", "rights_to_profit_or_income", "rights_granted_by_contract",
        "conditional_rights_granted_by_contract", "control_via_company_rules_or_articles",
        "control_by_legal_framework", "board_member", "board_chair", "unknown_interest", "unpublished_interest",
        "enjoyment_and_use_of_assets", "right_to_profit_or_income_from_assets", "nominee", "nominator",
    ),
    "interests.directness": ("direct", "indirect", "unknown"),
    "interests.held_as": ("own", "nominee", "trust", "firm"),
    "interests.amount_kind": ("subscribed", "paid", "shares"),
    "roles.kind": (
        "director", "chair", "chief_executive", "secretary", "legal_representative", "supervisor", "manager",
        "partner", "representative", "auditor", "other",
    ),
    "links.kind": (
        "branch_of", "consolidated_directly_by", "consolidated_ultimately_by", "managed_by", "subfund_of",
        "feeder_to", "succeeded_by", "merged_into", "franchise_of", "competes_with", "supplies", "acquired_by",
        "invested_in", "partner_of",
    ),
    "declarations.about": ("owner", "direct_parent", "ultimate_parent"),
}  # fmt: skip
"""The closed lists of words. Interest types are BODS 0.4's codelist in snake case; the rest is this project's."""

SAME_AS = pa.schema(
    [
        pa.field("left", pa.string(), nullable=False),
        pa.field("right", pa.string(), nullable=False),
        pa.field("kind", WORD, nullable=False),
        pa.field("probability", pa.float32(), nullable=False),
        pa.field("method", WORD, nullable=False),
        pa.field("evidence", pa.string()),
        pa.field("judgement", pa.string()),
        pa.field("known_from", pa.date32(), nullable=False),
        pa.field("known_until", pa.date32(), nullable=False),
    ]
)
"""Linked: which two ids are one company (merged by the build) or probably one person (an edge), and since when both
records were known to say so; of companies always."""

REVIEW = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("name", pa.string()),
        pa.field("place", pa.string()),
        pa.field("scheme", WORD, nullable=False),
        pa.field("value", pa.string(), nullable=False),
        pa.field("other_id", pa.string(), nullable=False),
        pa.field("other_name", pa.string()),
        pa.field("other_place", pa.string()),
        pa.field("reason", WORD, nullable=False),
        pa.field("dataset", WORD, nullable=False),
        pa.field("record", pa.string(), nullable=False),
    ]
)
"""Linked: numbers that a record states of the company `id`, and that did not join it to the company `other_id`."""


def conform(table: StagedTable, columns: Mapping[str, pa.Array | pa.ChunkedArray | pa.Scalar], n_rows: int) -> pa.Table:
    """Return the columns as the staged table's schema wants them.

    Args:
        table: The staged table.
        columns: Arrays of `n_rows`, or scalars that hold for every row; a missing column is null, a missing `op` is
            assert, a missing `mentioned` is false.
        n_rows: How many rows there are.

    Raises:
        ValueError: If a column is not of the table, or a required one is missing or has nulls.
    """
    unknown = set(columns) - {column.name for column in table.columns}
    if unknown:
        raise ValueError(f"no such columns in {table.name}: {sorted(unknown)}")
    arrays = [
        _conform_column(table, column, columns.get(column.name, _default(column)), n_rows) for column in table.columns
    ]
    return pa.Table.from_arrays(arrays, schema=table.schema)


# Scalars are made where they are used: with the first one Arrow imports pandas, which takes half a second.
_DEFAULTS: Mapping[str, object] = {"op": "assert", "mentioned": False}


def _default(column: Column) -> pa.Scalar | None:
    return pa.scalar(_DEFAULTS[column.name]) if column.name in _DEFAULTS else None


def _conform_column(
    table: StagedTable, column: Column, value: pa.Array | pa.ChunkedArray | pa.Scalar | None, n_rows: int
) -> pa.Array:
    if value is None:
        array = pa.nulls(n_rows, column.type)
    elif isinstance(value, pa.Scalar):
        array = pa.repeat(value, n_rows)
    elif isinstance(value, pa.ChunkedArray):
        array = value.combine_chunks()
    else:
        array = value
    if array.type != column.type:
        array = array.cast(pa.string()).dictionary_encode() if column.type == WORD else array.cast(column.type)
    if column.required and array.null_count:
        raise ValueError(f"{table.name}.{column.name} must not be null")
    return array

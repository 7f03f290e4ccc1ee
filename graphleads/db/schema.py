"""The database's tables: customers, deals, matches, judgements, claims, exclusions, what of them changed, and runs.

Every row belongs to a `team`, and what was written says by whom. Decisions are appended, and what is current is derived
from them or closed in the same transaction: a claim, an exclusion or an import is ended with a date and never deleted.
What was current on an earlier day is read from the same rows. The migrations build these tables; a test keeps the two
equal.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    text,
)

from graphleads.db.column_type import PackedJson, PlainText, UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _number() -> Column[int]:
    return Column("id", Integer, primary_key=True)


def _team() -> Column[str]:
    return Column("team", PlainText, nullable=False)


def _by() -> Column[str]:
    return Column("by", PlainText, nullable=False)


def _ended() -> Column[str]:
    """Why there is no more of what a version is of, null while there is; its other columns say what there was."""
    return Column("ended", PlainText)


def _json(name: str) -> Column[Any]:
    return Column(name, JSON(none_as_null=True), nullable=False)


def _one_current(table: str) -> Index:
    """One row a company that is not ended: of two at once the database lets one in."""
    where = text("until IS NULL")
    return Index(f"uq_{table}_current", "team", "company", unique=True, sqlite_where=where, postgresql_where=where)


def _record() -> list[Column[Any]]:
    """The columns of `CustomerRecord` without its external id, the same in a version and in the current row."""
    texts = ("jurisdiction", "locality", "region", "postcode", "website", "email_domain", "phone", "owner", "parent")
    return [
        Column("name", PlainText, nullable=False),
        Column("status", PlainText, nullable=False),
        _json("identifiers"),
        *(Column(name, PlainText) for name in texts),
        Column("value", Float),
        Column("won_on", Date),
        _json("custom"),
    ]


RECORD_COLUMNS = tuple(column.name for column in _record())
"""The columns that a customer and its versions share."""

imports = Table(
    "imports",
    metadata,
    _number(),
    _team(),
    Column("file", PlainText, nullable=False),
    _by(),
    Column("imported_at", UtcDateTime, nullable=False),
    Column("n_new", Integer, nullable=False),
    Column("n_changed", Integer, nullable=False),
    Column("n_unchanged", Integer, nullable=False),
    Column("n_rejected", Integer, nullable=False),
    Column("n_ended", Integer, nullable=False),
    Column("undone_at", UtcDateTime),
    Column("undone_by", PlainText),
    # The customers that the file had as they were: they stay when what it found them as is taken back.
    Column("confirmed", PackedJson),
    Column("n_deals", Integer, nullable=False),
    Column("confirmed_deals", PackedJson),
    Index(None, "team"),
)

customer_versions = Table(
    "customer_versions",
    metadata,
    _number(),
    _team(),
    Column("external_id", PlainText, nullable=False),
    Column("import_id", ForeignKey("imports.id"), nullable=False, index=True),
    _ended(),
    *_record(),
    Index(None, "team", "external_id"),
)

customers = Table(
    "customers",
    metadata,
    Column("team", PlainText, primary_key=True),
    Column("external_id", PlainText, primary_key=True),
    Column("version_id", ForeignKey("customer_versions.id"), nullable=False),
    *_record(),
    Index(None, "team", "status"),
)


def _deal() -> list[Column[Any]]:
    """The columns of `Deal` without its external id, the same in a version and in the current row."""
    return [
        *(Column(name, PlainText) for name in ("customer", "account", "name", "product", "stage")),
        Column("status", PlainText, nullable=False),
        Column("amount", Float),
        Column("currency", PlainText),
        Column("probability", Float),
        *(Column(name, Date) for name in ("opened_on", "expected_on", "closed_on")),
        Column("owner", PlainText),
        _json("custom"),
    ]


DEAL_COLUMNS = tuple(column.name for column in _deal())
"""The columns that a deal and its versions share."""

deal_versions = Table(
    "deal_versions",
    metadata,
    _number(),
    _team(),
    Column("external_id", PlainText, nullable=False),
    Column("import_id", ForeignKey("imports.id"), nullable=False, index=True),
    _ended(),
    *_deal(),
    Index(None, "team", "external_id"),
)

deals = Table(
    "deals",
    metadata,
    Column("team", PlainText, primary_key=True),
    Column("external_id", PlainText, primary_key=True),
    Column("version_id", ForeignKey("deal_versions.id"), nullable=False),
    *_deal(),
    Index(None, "team", "customer"),
)


def _proposal() -> list[Column[Any]]:
    """The columns of what the matcher proposed, the same in a version and in the current row."""
    return [
        Column("company", PlainText),
        Column("state", PlainText, nullable=False),
        Column("method", PlainText, nullable=False),
        Column("probability", Float, nullable=False),
        _json("features"),
        _json("others"),
        Column("snapshot", PlainText, nullable=False),
        Column("matched_at", UtcDateTime, nullable=False),
        _by(),
    ]


PROPOSAL_COLUMNS = tuple(column.name for column in _proposal())
"""The columns that a match and its versions share."""

match_versions = Table(
    "match_versions",
    metadata,
    _number(),
    _team(),
    Column("customer", PlainText, nullable=False),
    *_proposal(),
    Index(None, "team", "customer"),
)

matches = Table(
    "matches",
    metadata,
    Column("team", PlainText, primary_key=True),
    Column("customer", PlainText, primary_key=True),
    *_proposal(),
)

judgements = Table(
    "judgements",
    metadata,
    _number(),
    _team(),
    Column("left_kind", PlainText, nullable=False),
    Column("left", PlainText, nullable=False),
    Column("right_kind", PlainText, nullable=False),
    Column("right", PlainText, nullable=False),
    # The other ids that stood for the two records when they were judged: whichever of them a split leaves is judged.
    _json("left_also"),
    _json("right_also"),
    Column("judgement", PlainText, nullable=False),
    _by(),
    Column("at", UtcDateTime, nullable=False),
    Column("why", PlainText),
    Index(None, "team", "left_kind", "left"),
    Index(None, "team", "right_kind", "right"),
)

claims = Table(
    "claims",
    metadata,
    _number(),
    _team(),
    Column("company", PlainText, nullable=False),
    Column("owner", PlainText, nullable=False),
    Column("claimed_at", UtcDateTime, nullable=False),
    Column("until", UtcDateTime),
    Column("run", PlainText),
    Column("rank", Integer),
    Column("score", Float),
    _one_current("claims"),
)

exclusions = Table(
    "exclusions",
    metadata,
    _number(),
    _team(),
    Column("company", PlainText, nullable=False),
    Column("reason", PlainText, nullable=False),
    _by(),
    Column("excluded_at", UtcDateTime, nullable=False),
    Column("until", UtcDateTime),
    _one_current("exclusions"),
)

lead_events = Table(
    "lead_events",
    metadata,
    _number(),
    _team(),
    Column("company", PlainText, nullable=False),
    Column("kind", PlainText, nullable=False),
    _by(),
    Column("at", UtcDateTime, nullable=False),
    Column("reason", PlainText),
    Index(None, "team", "company"),
)

changes = Table(
    "changes",
    metadata,
    Column("team", PlainText, primary_key=True),
    Column("topic", PlainText, primary_key=True),
    Column("n", Integer, nullable=False),
)

change_keys = Table(
    "change_keys",
    metadata,
    Column("team", PlainText, primary_key=True),
    Column("topic", PlainText, primary_key=True),
    Column("n", Integer, primary_key=True),
    # What the n-th change was about; null where that is too much to name.
    Column("keys", JSON(none_as_null=True)),
)

runs = Table(
    "runs",
    metadata,
    Column("id", PlainText, primary_key=True),
    _team(),
    _by(),
    Column("snapshot", PlainText, nullable=False),
    Column("format", Integer, nullable=False),
    Column("content", PackedJson, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("shown_at", UtcDateTime, nullable=False),
    Column("pinned_at", UtcDateTime),
    Index(None, "team", "shown_at"),
)

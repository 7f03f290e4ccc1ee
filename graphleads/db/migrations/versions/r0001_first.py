"""The first tables: customers with their versions and imports, deals, matches, claims, exclusions, events and runs."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    _create_customers()
    _create_matches()
    _create_leads()
    _create_runs()


def _moment(name: str, *, nullable: bool = False) -> "sa.Column[object]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> "sa.Column[object]":
    return sa.Column(name, sa.Text(), nullable=nullable)


def _number(name: str) -> "sa.Column[object]":
    return sa.Column(name, sa.Integer(), nullable=False)


def _json(name: str) -> "sa.Column[object]":
    return sa.Column(name, sa.JSON(), nullable=False)


def _record() -> "list[sa.Column[object]]":
    texts = ("jurisdiction", "locality", "region", "postcode", "website", "email_domain", "phone", "owner")
    return [
        _text("name"),
        _text("status"),
        _json("identifiers"),
        *(_text(name, nullable=True) for name in texts),
        sa.Column("value", sa.Float()),
        sa.Column("won_on", sa.Date()),
        _json("custom"),
    ]


def _create_customers() -> None:
    op.create_table(
        "imports",
        _number("id"),
        _text("team"),
        _text("file"),
        _moment("imported_at"),
        *(_number(name) for name in ("n_new", "n_changed", "n_unchanged", "n_rejected")),
        _moment("undone_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_imports"),
    )
    op.create_index("ix_imports_team", "imports", ["team"])
    op.create_table(
        "customer_versions",
        _number("id"),
        _text("team"),
        _text("external_id"),
        _number("import_id"),
        *_record(),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name="fk_customer_versions_import_id"),
        sa.PrimaryKeyConstraint("id", name="pk_customer_versions"),
    )
    op.create_index("ix_customer_versions_import_id", "customer_versions", ["import_id"])
    op.create_index("ix_customer_versions_team_external_id", "customer_versions", ["team", "external_id"])
    op.create_table(
        "customers",
        _text("team"),
        _text("external_id"),
        _number("version_id"),
        *_record(),
        sa.ForeignKeyConstraint(["version_id"], ["customer_versions.id"], name="fk_customers_version_id"),
        sa.PrimaryKeyConstraint("team", "external_id", name="pk_customers"),
    )
    op.create_index("ix_customers_team_status", "customers", ["team", "status"])
    op.create_table(
        "deals",
        _number("id"),
        _text("team"),
        _text("external_id"),
        _text("customer"),
        _text("name", nullable=True),
        _text("stage", nullable=True),
        _text("status"),
        sa.Column("value", sa.Float()),
        sa.Column("closed_on", sa.Date()),
        _number("import_id"),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name="fk_deals_import_id"),
        sa.PrimaryKeyConstraint("id", name="pk_deals"),
        sa.UniqueConstraint("team", "external_id", name="uq_deals_team_external_id"),
    )


def _create_matches() -> None:
    op.create_table(
        "matches",
        _text("team"),
        _text("customer"),
        _text("company", nullable=True),
        _text("state"),
        _text("method"),
        sa.Column("probability", sa.Float(), nullable=False),
        _json("features"),
        _json("others"),
        _text("snapshot"),
        _moment("matched_at"),
        sa.PrimaryKeyConstraint("team", "customer", name="pk_matches"),
    )
    op.create_table(
        "match_decisions",
        _number("id"),
        *(_text(name) for name in ("team", "customer", "company", "state", "by")),
        _moment("at"),
        sa.PrimaryKeyConstraint("id", name="pk_match_decisions"),
    )
    op.create_index("ix_match_decisions_team_customer", "match_decisions", ["team", "customer"])


def _create_leads() -> None:
    op.create_table(
        "claims",
        _number("id"),
        *(_text(name) for name in ("team", "company", "owner")),
        _moment("claimed_at"),
        _moment("until", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_claims"),
    )
    op.create_table(
        "exclusions",
        _number("id"),
        *(_text(name) for name in ("team", "company", "reason", "by")),
        _moment("excluded_at"),
        _moment("until", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_exclusions"),
    )
    current = sa.text("until IS NULL")
    for table in ("claims", "exclusions"):
        op.create_index(
            f"uq_{table}_current",
            table,
            ["team", "company"],
            unique=True,
            sqlite_where=current,
            postgresql_where=current,
        )
    op.create_table(
        "lead_events",
        _number("id"),
        *(_text(name) for name in ("team", "company", "kind", "by")),
        _moment("at"),
        _text("reason", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_lead_events"),
    )
    op.create_index("ix_lead_events_team_company", "lead_events", ["team", "company"])


def _create_runs() -> None:
    op.create_table(
        "runs",
        *(_text(name) for name in ("id", "team", "snapshot")),
        *(_json(name) for name in ("query", "config", "items")),
        _moment("created_at"),
        _moment("shown_at"),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
    )
    op.create_index("ix_runs_team_shown_at", "runs", ["team", "shown_at"])

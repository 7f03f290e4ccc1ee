"""Deals with their history, the accounts' parents, and what imports did to deals."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables of 0004 to this revision; nobody ever wrote into the table of deals that they had."""
    op.drop_table("deals")
    op.create_table(
        "deal_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        *(_text(name, nullable=False) for name in ("team", "external_id")),
        sa.Column("import_id", sa.Integer(), nullable=False),
        *_deal(),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name="fk_deal_versions_import_id"),
        sa.PrimaryKeyConstraint("id", name="pk_deal_versions"),
    )
    op.create_index("ix_deal_versions_import_id", "deal_versions", ["import_id"])
    op.create_index("ix_deal_versions_team_external_id", "deal_versions", ["team", "external_id"])
    op.create_table(
        "deals",
        *(_text(name, nullable=False) for name in ("team", "external_id")),
        sa.Column("version_id", sa.Integer(), nullable=False),
        *_deal(),
        sa.ForeignKeyConstraint(["version_id"], ["deal_versions.id"], name="fk_deals_version_id"),
        sa.PrimaryKeyConstraint("team", "external_id", name="pk_deals"),
    )
    op.create_index("ix_deals_team_customer", "deals", ["team", "customer"])
    for table in ("customer_versions", "customers"):
        op.add_column(table, _text("parent"))
    _count_deals()


def _count_deals() -> None:
    op.add_column("imports", sa.Column("confirmed_deals", sa.LargeBinary(), nullable=True))
    with op.batch_alter_table("imports") as imports:
        imports.add_column(sa.Column("n_deals", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("imports") as imports:
        imports.alter_column("n_deals", existing_type=sa.Integer(), existing_nullable=False, server_default=None)


def _text(name: str, *, nullable: bool = True) -> "sa.Column[Any]":
    collation = "C" if op.get_bind().dialect.name == "postgresql" else None
    return sa.Column(name, sa.Text(collation=collation), nullable=nullable)


def _deal() -> "list[sa.Column[Any]]":
    return [
        *(_text(name) for name in ("customer", "account", "name", "product", "stage")),
        _text("status", nullable=False),
        sa.Column("amount", sa.Float(), nullable=True),
        _text("currency"),
        sa.Column("probability", sa.Float(), nullable=True),
        *(sa.Column(name, sa.Date(), nullable=True) for name in ("opened_on", "expected_on", "closed_on")),
        _text("owner"),
        sa.Column("custom", sa.JSON(), nullable=False),
    ]

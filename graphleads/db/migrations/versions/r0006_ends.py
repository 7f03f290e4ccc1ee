"""Customers and deals that end, and why."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables of 0005 to this revision: nothing that there was has ended."""
    collation = "C" if op.get_bind().dialect.name == "postgresql" else None
    for table in ("customer_versions", "deal_versions"):
        op.add_column(table, sa.Column("ended", sa.Text(collation=collation), nullable=True))
    with op.batch_alter_table("imports") as imports:
        imports.add_column(sa.Column("n_ended", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("imports") as imports:
        imports.alter_column("n_ended", existing_type=sa.Integer(), existing_nullable=False, server_default=None)

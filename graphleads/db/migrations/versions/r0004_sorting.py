"""Texts that PostgreSQL sorts by code point, as SQLite does, whatever the server's language and its release."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the collation of every text; the indexes on it are built anew."""
    if op.get_bind().dialect.name != "postgresql":
        return
    tables = sa.MetaData()
    tables.reflect(op.get_bind())
    for table in tables.sorted_tables:
        texts = [column.name for column in table.columns if isinstance(column.type, sa.Text)]
        with op.batch_alter_table(table.name) as altered:
            for name in texts:
                altered.alter_column(name, type_=sa.Text(collation="C"), existing_type=sa.Text())

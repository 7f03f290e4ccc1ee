"""How often what a ranking rests on was changed, and the leads of a run compressed."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; a topic that is not in it was never changed since. Runs that were kept stay as they are."""
    op.create_table(
        "changes",
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("team", "topic", name="pk_changes"),
    )
    with op.batch_alter_table("runs") as runs:
        runs.alter_column(
            "items",
            existing_type=sa.JSON(),
            existing_nullable=False,
            type_=sa.LargeBinary(),
            postgresql_using="convert_to(items::text, 'UTF8')",
        )

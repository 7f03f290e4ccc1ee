"""What was said of a customer and a company and taken back is forgotten; unsure is said where nobody can tell."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the judgements of 0006 to this revision: until then a decision was taken back by the word unsure."""
    op.execute("UPDATE judgements SET judgement = 'forgotten' WHERE judgement = 'unsure' AND left_kind = 'customer'")

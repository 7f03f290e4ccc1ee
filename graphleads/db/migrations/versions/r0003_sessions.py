"""Who wrote each row, judgements on any pair of records, matches with their history, runs in a format of their own."""

import json
import zlib

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_NOBODY = "unknown"
"""Who wrote what was written before anybody was asked."""

_BATCH = 200


def upgrade() -> None:
    """Bring the tables of 0002 to this revision; nothing that was said is lost."""
    _name_the_writers()
    _keep_matches()
    _keep_judgements()
    _note_what_changes()
    _keep_runs()


def _text(name: str, *, nullable: bool = False) -> "sa.Column[object]":
    return sa.Column(name, sa.Text(), nullable=nullable)


def _by() -> "sa.Column[object]":
    return sa.Column("by", sa.Text(), nullable=False, server_default=_NOBODY)


def _moment(name: str, *, nullable: bool = False) -> "sa.Column[object]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _json(name: str) -> "sa.Column[object]":
    return sa.Column(name, sa.JSON(), nullable=False)


def _name_the_writers() -> None:
    for table in ("imports", "matches"):
        with op.batch_alter_table(table) as altered:
            altered.add_column(_by())
        with op.batch_alter_table(table) as altered:
            altered.alter_column("by", existing_type=sa.Text(), existing_nullable=False, server_default=None)
    op.add_column("imports", _text("undone_by", nullable=True))
    op.add_column("imports", sa.Column("confirmed", sa.LargeBinary(), nullable=True))
    for column in (_text("run", nullable=True), sa.Column("rank", sa.Integer()), sa.Column("score", sa.Float())):
        op.add_column("claims", column)


_PROPOSAL = ("company", "state", "method", "probability", "features", "others", "snapshot", "matched_at", "by")


def _keep_matches() -> None:
    op.create_table(
        "match_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        *(_text(name) for name in ("team", "customer")),
        _text("company", nullable=True),
        *(_text(name) for name in ("state", "method")),
        sa.Column("probability", sa.Float(), nullable=False),
        *(_json(name) for name in ("features", "others")),
        _text("snapshot"),
        _moment("matched_at"),
        _text("by"),
        sa.PrimaryKeyConstraint("id", name="pk_match_versions"),
    )
    op.create_index("ix_match_versions_team_customer", "match_versions", ["team", "customer"])
    columns = ", ".join(f'"{name}"' for name in ("team", "customer", *_PROPOSAL))
    op.execute(f"INSERT INTO match_versions ({columns}) SELECT {columns} FROM matches ORDER BY team, customer")  # noqa: S608


def _keep_judgements() -> None:
    op.create_table(
        "judgements",
        sa.Column("id", sa.Integer(), nullable=False),
        *(_text(name) for name in ("team", "left_kind", "left", "right_kind", "right")),
        *(_json(name) for name in ("left_also", "right_also")),
        *(_text(name) for name in ("judgement", "by")),
        _moment("at"),
        _text("why", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_judgements"),
    )
    for side in ("left", "right"):
        columns = ["team", f"{side}_kind", side]
        op.create_index(f"ix_judgements_{'_'.join(columns)}", "judgements", columns)
    op.execute(
        'INSERT INTO judgements (team, left_kind, "left", right_kind, "right", left_also, right_also, judgement,'
        ' "by", at)'
        " SELECT team, 'customer', customer, 'company', company, '[]', '[]',"
        " CASE state WHEN 'confirmed' THEN 'same' ELSE 'different' END, \"by\", at FROM match_decisions ORDER BY id"
    )
    op.drop_table("match_decisions")


def _note_what_changes() -> None:
    op.create_table(
        "change_keys",
        *(_text(name) for name in ("team", "topic")),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("keys", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("team", "topic", "n", name="pk_change_keys"),
    )


def _keep_runs() -> None:
    """Give every run the first format: what was asked, how it was ranked, and the leads, in one document."""
    with op.batch_alter_table("runs") as runs:
        runs.add_column(_by())
        runs.add_column(sa.Column("format", sa.Integer(), nullable=False, server_default="1"))
        runs.add_column(sa.Column("content", sa.LargeBinary(), nullable=False, server_default=""))
        runs.add_column(_moment("pinned_at", nullable=True))
    _fill_runs()
    with op.batch_alter_table("runs") as runs:
        for name in ("query", "config", "items"):
            runs.drop_column(name)
        for name, kind in (("by", sa.Text()), ("format", sa.Integer()), ("content", sa.LargeBinary())):
            runs.alter_column(name, existing_type=kind, existing_nullable=False, server_default=None)


_RUNS = sa.table(
    "runs",
    sa.column("id", sa.Text()),
    *(sa.column(name, sa.JSON()) for name in ("query", "config")),
    *(sa.column(name, sa.LargeBinary()) for name in ("items", "content")),
)


def _fill_runs() -> None:
    columns, after = _RUNS.c, ""
    wanted = sa.select(columns.id, columns.query, columns.config, columns["items"]).order_by(columns.id).limit(_BATCH)
    while rows := op.get_bind().execute(wanted.where(columns.id > after)).all():
        for run, query, config, items in rows:
            content = _first_format(query, config, items)
            op.get_bind().execute(sa.update(_RUNS).where(columns.id == run).values(content=content))
        after = rows[-1][0]


def _first_format(query: object, config: object, items: "str | bytes") -> bytes:
    packed = items.encode() if isinstance(items, str) else bytes(items)
    leads = json.loads(zlib.decompress(packed) if packed.startswith(b"\x78") else packed)
    content = json.dumps({"question": query, "config": config, "items": leads}, ensure_ascii=False)
    return zlib.compress(content.encode("utf-8", "surrogatepass"), 1)

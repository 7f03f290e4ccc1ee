"""What people say of any pair of records: that they are the same, different, or that nobody can tell.

Judgements are appended and never edited; of several on one pair the latest counts, and one that says forgotten takes
back what was said before. A judgement names its records by the ids that they had when it was made, with all others that
stood for them then, so that it holds whatever ids are merged, split or given a new name later: whoever reads it asks
what each id stands for now.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, RowMapping, insert, select

from graphleads.db.schema import judgements
from graphleads.db.session import Session, require_text
from graphleads.errors import ValueInvalid
from graphleads.identity.resolve import Resolver


class RecordKind(StrEnum):
    """What a record that is judged is."""

    CUSTOMER = "customer"
    COMPANY = "company"
    PERSON = "person"
    CONTACT = "contact"
    PROSPECT = "prospect"


class Verdict(StrEnum):
    """What is said of a pair."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"
    FORGOTTEN = "forgotten"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A record that is judged: its kind, the id that it has, and the other ids that stand for it, too."""

    kind: RecordKind
    id: str
    also: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What somebody said of two records, when, and why, where a reason was given."""

    id: int
    left: Record
    right: Record
    verdict: Verdict
    by: str
    at: datetime
    why: str | None = None

    @property
    def sides(self) -> tuple[Record, Record]:
        """Both records."""
        return self.left, self.right


class Judgements:
    """The judgements of one team."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def append(
        self, connection: Connection, left: Record, right: Record, verdict: Verdict, *, why: str | None = None
    ) -> Judgement:
        """Append a judgement in the caller's transaction, and return it; which side is which does not matter.

        Raises:
            ValueInvalid: If both are one record, or the reason cannot be used.
        """
        left, right = sorted((left, right), key=lambda one: (_ORDER[one.kind], one.id))
        if (left.kind, left.id) == (right.kind, right.id):
            raise ValueInvalid(f"{left.id} is one record: a judgement is of two.")
        session, now = self._session, self._session.now()
        why = None if why is None else require_text(why, "reason")
        told = {"team": session.team, "judgement": verdict.value, "by": session.actor, "at": now, "why": why}
        row = _columns("left", left) | _columns("right", right) | told
        number = connection.execute(insert(judgements).values(row).returning(judgements.c.id)).scalar_one()
        return Judgement(id=number, left=left, right=right, verdict=verdict, by=session.actor, at=now, why=why)

    def read(
        self,
        connection: Connection,
        *,
        kinds: tuple[RecordKind, RecordKind],
        left: Collection[str] | None = None,
        until: datetime | None = None,
    ) -> list[Judgement]:
        """Return the judgements on pairs of two kinds, the first one first.

        Args:
            connection: The state of the database that is read.
            kinds: The kinds of both sides, in the order of `RecordKind`.
            left: Only those on these records of the first kind, by id.
            until: Only those made by then.
        """
        columns = judgements.c
        query = select(judgements).where(
            columns.team == self._session.team,
            columns.left_kind == kinds[0].value,
            columns.right_kind == kinds[1].value,
        )
        if left is not None:
            query = query.where(columns["left"].in_(left))
        if until is not None:
            query = query.where(columns.at <= until)
        return [_make(row) for row in connection.execute(query.order_by(columns.id)).mappings()]

    def latest(self, connection: Connection, *, kinds: tuple[RecordKind, RecordKind], resolver: Resolver) -> Latest:
        """Return what counts of each pair of two kinds, by the ids that its records have now, smaller id first.

        Customers, contacts and prospects have no register: their ids are what they are.

        Args:
            connection: The state of the database that is read.
            kinds: The kinds of both sides, in the order of `RecordKind`.
            resolver: Says which ids companies and persons have now.
        """
        found = self.read(connection, kinds=kinds)
        now = resolver.ids_now([one for judgement in found for one in _registered(judgement)])
        counted: dict[tuple[str, str], Judgement] = {}
        for judgement in found:
            left, right = ({now.get(one, one) for one in (side.id, *side.also)} for side in judgement.sides)
            for pair in ((one, other) for one in left for other in right if one != other):
                counted[pair if kinds[0] is not kinds[1] else (min(pair), max(pair))] = judgement
        return counted


Latest = Mapping[tuple[str, str], Judgement]
"""The judgement that counts of each pair of ids."""


def _registered(judgement: Judgement) -> Iterator[str]:
    for side in judgement.sides:
        if side.kind in (RecordKind.COMPANY, RecordKind.PERSON):
            yield from (side.id, *side.also)


_ORDER = {kind: place for place, kind in enumerate(RecordKind)}


def _columns(side: str, record: Record) -> dict[str, object]:
    return {f"{side}_kind": record.kind.value, side: record.id, f"{side}_also": sorted(record.also)}


def _make(row: RowMapping) -> Judgement:
    left, right = (
        Record(kind=RecordKind(row[f"{side}_kind"]), id=row[side], also=frozenset(row[f"{side}_also"]))
        for side in ("left", "right")
    )
    told = {name: row[name] for name in ("id", "by", "at", "why")}
    return Judgement(left=left, right=right, verdict=Verdict(row["judgement"]), **told)

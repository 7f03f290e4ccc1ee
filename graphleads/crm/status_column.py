"""Which column of a CRM export says how its customers stand: told from its header and from what its cells hold.

A header alone does not tell: `Status` may be that of a record, `Type` that of a business. Where several columns could
say it and differ, or none does, nobody is taken for won: who imports is asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow.compute as pc

from graphleads.crm.cell import CellTable
from graphleads.crm.status import ANSWERS, ENDINGS, STANDING_WORDS, WORDS, Words, fold_word, parse_status
from graphleads.model import CustomerStatus
from graphleads.values.customer_header import (
    ALL_WON,
    HEADERS,
    LOST_IF_ANY,
    STAGE,
    STANDING_HEADERS,
    TYPE,
    WON_IF_ANY,
    fold_header,
)

_KINDS: Mapping[str, tuple[int, float]] = {
    "status": (0, 0.5),
    WON_IF_ANY: (1, 0.5),
    STAGE: (2, 0.0),
    TYPE: (2, 0.5),
}
"""Columns that may say it: which go before which, and above which share of their filled cells has to be known words."""

_MOSTLY = 0.8
_MANY_WORDS = 40
_SHOWN_COLUMNS = 8
_SHOWN_WORDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How an export says how its customers stand.

    Attributes:
        header: The column that says it, None if none does.
        words: What its cells stand for.
        everybody: How all customers stand, where no column has to say it.
        question: What has to be asked before anybody new comes in, None where it is told.
    """

    header: str | None = None
    words: Words = field(default_factory=lambda: WORDS)
    everybody: CustomerStatus | None = None
    question: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    """A column that may say it, with the number of times that each of its words is there."""

    header: str
    kind: str
    counts: Mapping[str, int]
    words: Words

    @property
    def n_filled(self) -> int:
        return sum(self.counts.values())

    @property
    def n_known(self) -> int:
        return sum(n for word, n in self.counts.items() if parse_status(word, self.words) is not None)

    @property
    def tells(self) -> bool:
        return self.n_known > 0 and self.n_known >= _KINDS[self.kind][1] * self.n_filled

    @property
    def shown(self) -> str:
        """The header with its commonest words, of which only known ones are shown: others may be anything."""
        known = [word for word in self.counts if parse_status(word, self.words) is not None]
        words = sorted(known, key=lambda word: (-self.counts[word], word))[:_SHOWN_WORDS]
        return f"{self.header!r} ({', '.join(words)})" if words else repr(self.header)


def named_standing(table: CellTable, header: str) -> Standing:
    """Return how customers stand by a column that somebody named."""
    return Standing(header=header, words=STANDING_WORDS | _answers(_counts(table, header)))


def tell_standing(table: CellTable, free: Sequence[str]) -> Standing:
    """Return how customers stand, as far as the export tells.

    Args:
        table: The export.
        free: The headers that are nothing else.
    """
    candidates = list(_candidates(table, free))
    telling = [one for one in candidates if one.tells]
    if not telling:
        return _without_words(table, free, candidates)
    n_most = max(one.n_filled for one in telling)
    best = min((2 * one.n_filled < n_most, _KINDS[one.kind][0]) for one in telling)
    equals = [one for one in telling if (2 * one.n_filled < n_most, _KINDS[one.kind][0]) == best]
    first = equals[0]
    differing = [one for one in equals[1:] if _differ(table, first, one)]
    if differing:
        columns = ", ".join(one.shown for one in [first, *differing])
        return Standing(
            question=f"{table.name} says in several columns how its customers stand, and differently: {columns}."
        )
    return Standing(header=first.header, words=first.words)


def _candidates(table: CellTable, free: Sequence[str]) -> Iterator[_Candidate]:
    """Yield the columns whose headers may be those of a status, the most telling first."""
    by_folded = {fold_header(header): header for header in reversed(free)}
    for kind in _KINDS:
        for known in HEADERS[kind] if kind == "status" else STANDING_HEADERS[kind]:
            header = by_folded.get(fold_header(known))
            if header is not None and (counts := _counts(table, header)):
                yield _Candidate(header=header, kind=kind, counts=counts, words=_words(kind, counts))


def _without_words(table: CellTable, free: Sequence[str], candidates: Sequence[_Candidate]) -> Standing:
    """Return how customers stand where no column has words for it that are known."""
    all_won = _first(free, ALL_WON)
    if all_won is not None:
        ended = _first(free, LOST_IF_ANY)
        if ended is None:
            return Standing(everybody=CustomerStatus.WON)
        return Standing(header=ended, words=ENDINGS | _answers(_counts(table, ended), ENDINGS))
    certain = [one for one in candidates if one.kind == "status"]
    if len(certain) == 1:
        return Standing(header=certain[0].header, words=certain[0].words)
    could = [one for one in candidates if one.kind != WON_IF_ANY] or list(_by_cells(table, free))
    columns = ", ".join(one.shown for one in could[:_SHOWN_COLUMNS])
    which = f"{columns} could" if could else f"its columns are {', '.join(table.headers)}"
    return Standing(question=f"No column of {table.name} surely says how its customers stand: {which[:500]}.")


def _by_cells(table: CellTable, free: Sequence[str]) -> Iterator[_Candidate]:
    """Yield the columns of other headers that hold words for how customers stand, won ones among them."""
    for header in free:
        counts = _counts(table, header)
        one = _Candidate(header=header, kind=TYPE, counts=counts, words=WORDS)
        won = any(parse_status(word, WORDS) is CustomerStatus.WON for word in counts)
        if won and len(counts) <= _MANY_WORDS and one.n_known >= _MOSTLY * one.n_filled:
            yield one


def _first(free: Sequence[str], kind: str) -> str | None:
    known = set(map(fold_header, STANDING_HEADERS[kind]))
    return next((header for header in free if fold_header(header) in known), None)


def _words(kind: str, counts: Mapping[str, int]) -> Words:
    if kind == WON_IF_ANY:
        return _answers(counts)
    return STANDING_WORDS if kind == "status" else WORDS


def _answers(counts: Mapping[str, int], words: Words = ANSWERS) -> dict[str, CustomerStatus]:
    """Return words for yes and no with the numbers of a column among them: 0 is no, more is yes."""
    numbers = {word: float(word) for word in counts if word.replace(".", "", 1).isdecimal()}
    return {**words, **{fold_word(word): words["yes" if number else "no"] for word, number in numbers.items()}}


def _counts(table: CellTable, header: str) -> dict[str, int]:
    """Return how often each text is in a column."""
    counts: Counter[str] = Counter()
    for block in table.blocks:
        found = pc.value_counts(block.columns[header].drop_null())
        counts.update({one["values"]: one["counts"] for one in found.to_pylist()})
    return dict(counts)


def _differ(table: CellTable, left: _Candidate, right: _Candidate) -> bool:
    """Return whether two columns say different things of one customer."""
    pairs = {*zip(table.cells(left.header), table.cells(right.header), strict=True)}
    said = [(parse_status(one, left.words), parse_status(other, right.words)) for one, other in pairs if one and other]
    return any(one is not other for one, other in said if one is not None and other is not None)

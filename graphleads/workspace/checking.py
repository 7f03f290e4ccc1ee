"""What is wrong with the customers: one company twice, dissolved, called otherwise now, not found, or half told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
import pyarrow as pa

from graphleads.crm.duplicate import find_duplicates
from graphleads.graph.lookup import rows_between
from graphleads.graph.stores.embedded import EmbeddedStore
from graphleads.ids import EntityId
from graphleads.model import Company, CustomerRecord, Match, MatchState
from graphleads.names.normalize import core_names
from graphleads.workspace.standing import FOUND
from graphleads.workspace.suggesting import MOST_SEARCHED, suggest

_DEAD = ("dissolved", "in_liquidation", "inactive")

_FORMER = "former"
_FILE = "FILE"


class FindingKind(StrEnum):
    """What may be wrong with customers, in the order in which it is told."""

    DUPLICATE = "duplicate"
    DISSOLVED = "dissolved"
    RENAMED = "renamed"
    UNMATCHED = "unmatched"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What is wrong with some customers.

    Attributes:
        kind: What it is.
        customers: The customers, by external id.
        company: The company that they are; None where there is none, or it does not matter.
        what: What is wrong, in a few words.
        candidates: The companies that a customer without one may be, the likeliest first.
        repair: The words of the command that repairs it, `FILE` in the place of an export that was corrected.
    """

    kind: FindingKind
    customers: tuple[CustomerRecord, ...]
    company: Company | None
    what: str
    candidates: tuple[Company, ...] = ()
    repair: tuple[str, ...]


def check_customers(
    records: Sequence[CustomerRecord], matches: Mapping[str, Match], store: EmbeddedStore | None, *, today: date
) -> list[Finding]:
    """Return what is wrong with customers, by kind and then by external id.

    Args:
        records: The customers.
        matches: How those of them stand that were matched, by external id.
        store: The register; None: nothing was built yet, and nothing is said of companies.
        today: The day that counts.
    """
    known = _Known(records, matches, store)
    parts = (known.duplicates(), known.dissolved(), known.renamed(today), known.unmatched(), known.incomplete())
    order = list(FindingKind)
    found = [one for part in parts for one in part]
    return sorted(found, key=lambda one: (order.index(one.kind), [each.external_id for each in one.customers]))


class _Known:
    """The customers, and the companies that they are."""

    def __init__(
        self, records: Sequence[CustomerRecord], matches: Mapping[str, Match], store: EmbeddedStore | None
    ) -> None:
        self._records = {one.external_id: one for one in records}
        self._matches = matches
        self._store = store
        self._nodes = _nodes_of(self._records, matches, store)
        companies = [] if store is None else store.summaries(sorted(set(self._nodes.values())))
        self._companies = dict(zip(sorted(set(self._nodes.values())), companies, strict=True))

    def duplicates(self) -> Iterator[Finding]:
        """Yield customers that are one company, or likely are one."""
        at: dict[int, list[str]] = defaultdict(list)
        for key, node in self._nodes.items():
            at[node].append(key)
        same = {tuple(sorted(keys)): node for node, keys in at.items() if len(keys) > 1}
        for keys, node in same.items():
            yield self._duplicate(keys, f"all are {self._companies[node].id}", self._companies[node])
        for one in find_duplicates(list(self._records.values()), self._records):
            if not any(set(one.external_ids) <= set(keys) for keys in same):
                yield self._duplicate(one.external_ids, f"they share the {one.shared}", None)

    def _duplicate(self, keys: tuple[str, ...], what: str, company: Company | None) -> Finding:
        return self._finding(FindingKind.DUPLICATE, keys, what, company, repair=("customers", "remove", *keys[1:]))

    def dissolved(self) -> Iterator[Finding]:
        """Yield customers whose company is no more, or will not be for long."""
        for key, node in self._nodes.items():
            company = self._companies[node]
            if company.status in _DEAD:
                what = f"its company is {company.status.replace('_', ' ')}"
                repair = ("customers", "remove", key, "--why", what)
                yield self._finding(FindingKind.DISSOLVED, [key], what, company, repair=repair)

    def renamed(self, today: date) -> Iterator[Finding]:
        """Yield customers who go by a name that their company had, and has no more."""
        if self._store is None or not self._nodes:
            return
        now, ever = _names_of(self._store, sorted(self._companies), today)
        called = core_names(pa.array([self._records[key].name for key in self._nodes], pa.string())).to_pylist()
        for name, (key, node) in zip(called, self._nodes.items(), strict=True):
            company = self._companies[node]
            if name in ever[node] and name not in now[node]:
                what = f"its company is called {company.name} now"
                repair = ("customers", "import", _FILE)
                yield self._finding(FindingKind.RENAMED, [key], what, company, repair=repair)

    def unmatched(self) -> Iterator[Finding]:
        """Yield customers for which there is no company, with those that they may be."""
        n_suggested = 0
        for key, one in self._records.items():
            match = self._matches.get(key)
            if match is not None and match.state not in (MatchState.NONE, MatchState.REFUSED):
                continue
            candidates: tuple[Company, ...] = ()
            if self._store is not None and match is not None and n_suggested < MOST_SEARCHED:
                n_suggested += 1
                candidates = suggest(self._store, one, without=[match.company])
            yield self._unmatched(key, match, candidates)

    def _unmatched(self, key: str, match: Match | None, candidates: tuple[Company, ...]) -> Finding:
        repair: tuple[str, ...]
        if match is None:
            what, repair = "nobody looked for it yet", ("match",)
        elif candidates:
            what, repair = "no company is surely it", ("match", "--confirm", key, candidates[0].id)
        else:
            what, repair = "no company is like it", ("search", self._records[key].name)
        if match is not None and match.state is MatchState.REFUSED:
            what = "the company that was found is refused"
        return self._finding(FindingKind.UNMATCHED, [key], what, None, candidates=candidates, repair=repair)

    def incomplete(self) -> Iterator[Finding]:
        """Yield customers of whom something is not said by which they are found, or that says whose they are."""
        for key, one in self._records.items():
            told = {
                "country": one.jurisdiction,
                "owner": one.owner,
                "number, web site or mail domain": one.identifiers or one.website or one.email_domain,
            }
            missing = [name for name, said in told.items() if not said]
            if missing:
                what = f"it has no {', no '.join(missing)}"
                yield self._finding(FindingKind.INCOMPLETE, [key], what, None, repair=("customers", "import", _FILE))

    def _finding(
        self,
        kind: FindingKind,
        keys: Iterable[str],
        what: str,
        company: Company | None,
        candidates: tuple[Company, ...] = (),
        *,
        repair: tuple[str, ...],
    ) -> Finding:
        customers = tuple(self._records[key] for key in sorted(keys))
        return Finding(kind=kind, customers=customers, company=company, what=what, candidates=candidates, repair=repair)


def _nodes_of(
    records: Mapping[str, CustomerRecord], matches: Mapping[str, Match], store: EmbeddedStore | None
) -> dict[str, int]:
    """Return the node of the company that each customer is, of those that the register has."""
    if store is None:
        return {}
    found: dict[str, EntityId] = {
        key: match.company
        for key in records
        if (match := matches.get(key)) is not None and match.company is not None and match.state in FOUND
    }
    nodes = store.snapshot.nodes_of(list(found.values())).tolist()
    return {key: node for key, node in zip(found, nodes, strict=True) if 0 <= node < store.snapshot.n_companies}


def _names_of(
    store: EmbeddedStore, nodes: Sequence[int], today: date
) -> tuple[Mapping[int, set[str]], Mapping[int, set[str]]]:
    """Return what companies are called on a day, and what they ever were, folded and without legal forms."""
    begin, end = store.snapshot.rows_of("names", "node", np.array(nodes))
    rows = store.snapshot.names.select(["node", "name", "kind", "valid_to"])
    rows = rows.take(pa.array(rows_between(begin, end)))
    now: dict[int, set[str]] = {node: set() for node in nodes}
    ever: dict[int, set[str]] = {node: set() for node in nodes}
    folded = core_names(rows["name"]).to_pylist()
    said = zip(rows["node"].to_pylist(), folded, rows["kind"].to_pylist(), rows["valid_to"].to_pylist(), strict=True)
    for node, name, kind, until in said:
        ever[node].add(name)
        if kind != _FORMER and until > today:
            now[node].add(name)
    return now, ever

"""The name index: from a few words to the names that are most like them, over millions of names.

A folder of memory-mapped arrays beside the `names` table that it was made for; row `i` of the one is row `i` of the
other. Words are looked up in inverted lists, the rarest first; a word that no name has stands for those spelled nearly
alike, and where somebody types, the last word also for those that it begins; what the lists put forward is compared as
text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphleads.names.compare import NameComparison, NameComparisons, compare_names
from graphleads.names.completion import find_completions, find_place
from graphleads.names.fold import fold_characters
from graphleads.names.grade import distinct_words, grade_names, grade_scores, last_word
from graphleads.names.keyed import find_rows
from graphleads.names.legal_form import is_legal_form
from graphleads.names.normalize import core_key, fold_names, name_key
from graphleads.names.postings import add_credits, add_credits_of
from graphleads.names.spelling import find_near_words
from graphleads.names.storage import (
    RARITY_UNIT,
    IndexArrays,
    build_index_arrays,
    open_index_arrays,
    write_index_arrays,
)
from graphleads.names.text import TextColumn
from graphleads.names.words import is_unspaced

_N_READ = 200_000
"""How many rows of inverted lists a query reads; longer lists only add to what the shorter ones found."""

_RAREST = 16 * RARITY_UNIT
"""What a word counts that nobody has, nor one spelled alike: as much as one in 65,000."""

_N_COUNTED = 1_000
_N_COMPARED = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class NameHit:
    """A name that was found: its row in the names table, its node, and how well it answers, in [0, 1]."""

    row: int
    node: int
    name: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NameCandidate:
    """A name that may be the one that was asked for.

    Attributes:
        row: Its row in the names table.
        node: Its node.
        name: The name as written.
        comparison: How it stands as text to what was asked for.
        coverage: How much of both names the common words are, weighed by rarity, in [0, 1].
    """

    row: int
    node: int
    name: str
    comparison: NameComparison
    coverage: float


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Found:
    """n names that were found.

    Attributes:
        rows, nodes: int32[n], of the names table.
        names: As written.
        comparisons: How each stands as text to what was asked for.
        coverage: float64[n], how much of both names the common words are.
    """

    rows: NDArray[np.int32]
    nodes: NDArray[np.int32]
    names: Sequence[str]
    comparisons: NameComparisons
    coverage: NDArray[np.float64]

    @property
    def scores(self) -> NDArray[np.float64]:
        """The mean of similarity and coverage."""
        return (self.comparisons.similarity + self.coverage) / 2

    def best_of_nodes(self, *keys: NDArray[Any]) -> NDArray[np.int64]:
        """Return the place of each node's best name, the best first, by keys that ascend, then by node and row."""
        order = np.lexsort((self.rows, self.nodes, *reversed(keys)))
        return order[np.sort(np.unique(self.nodes[order], return_index=True)[1])]


@dataclass(frozen=True, slots=True, eq=False)
class _Query:
    """What is looked for: words of the vocabulary with their credit for a name that has them, the rarest first.

    Attributes:
        words: int32[m], numbers in the vocabulary.
        credits: int32[m], rarity, less where the word is only spelled or begins alike.
        total: The rarity of all words of the query, known or not.
    """

    words: NDArray[np.int32]
    credits: NDArray[np.int32]
    total: int


def write_name_index(directory: Path, names: pa.Array | pa.ChunkedArray, nodes: NDArray[np.int32]) -> None:
    """Write the index of names into a folder; the same names give the same bytes.

    Args:
        directory: The folder, made if need be.
        names: string[n], the names table's column.
        nodes: int32[n], whose name each is; the names of one node lie together.
    """
    write_index_arrays(directory, build_index_arrays(names, nodes))


def open_name_index(directory: Path, names: pa.Array | pa.ChunkedArray, nodes: NDArray[np.int32]) -> NameIndex:
    """Return the index of a folder, memory-mapped.

    Args:
        directory: The folder.
        names: The column that the index was made for.
        nodes: The nodes that it was made for.
    """
    return NameIndex(arrays=open_index_arrays(directory), names=names, nodes=nodes)


class NameIndex:
    """Names found by what somebody types. Safe to share between threads: nothing in it changes."""

    def __init__(self, *, arrays: IndexArrays, names: pa.Array | pa.ChunkedArray, nodes: NDArray[np.int32]) -> None:
        self._arrays = arrays
        self._names = TextColumn(names)
        self._nodes = nodes

    def exact(self, text: str) -> NDArray[np.int32]:
        """Return the rows, int32 ascending, whose name key is that of a text."""
        key = name_key(text)
        rows = find_rows(self._arrays.by_name_key, key)
        return self._equal(rows, fold_names(self._names.take(rows)), key)

    def search(self, text: str, *, limit: int = 20, n_nodes: int | None = None) -> list[NameHit]:
        """Return the names that answer a text best, one a node, the best first, ties by node.

        A name equal to the text comes first, then those with all its words, then those with a word that its last word
        begins, then those with some of its words, or some spelled nearly so.

        Args:
            text: What somebody typed: a name, a part of it, or something spelled nearly so.
            limit: How many names at most.
            n_nodes: Only nodes below this number are found; None finds all.
        """
        core = core_key(text)
        if not core:
            return []
        completions = self._completions(text, core)
        queries = [self._query(core, completions), self._query(core)] if completions else [self._query(core)]
        equal = find_rows(self._arrays.by_name_key, name_key(text))
        same = np.concatenate([equal, self._equal_but_for_spaces(core)])
        found = self._found(text, queries, same=same, n_nodes=n_nodes)
        grades = grade_names(text, found.names)
        scores = grade_scores(grades, found.scores)
        best = found.best_of_nodes(np.array(grades, np.int8), -scores)[:limit].tolist()
        return [
            NameHit(row=int(found.rows[at]), node=int(found.nodes[at]), name=found.names[at], score=float(scores[at]))
            for at in best
        ]

    def candidates(self, text: str, *, limit: int = 20, n_nodes: int | None = None) -> list[NameCandidate]:
        """Return the names that may be the one that a text is, one a node, the best first, ties by node.

        Args:
            text: A name, whole: none of its words is completed.
            limit: How many names at most.
            n_nodes: Only nodes below this number are found; None finds all.
        """
        core = core_key(text)
        if not core:
            return []
        found = self._found(text, [self._query(core)], same=self._equal_but_for_spaces(core), n_nodes=n_nodes)
        return [
            NameCandidate(
                row=int(found.rows[at]),
                node=int(found.nodes[at]),
                name=found.names[at],
                comparison=found.comparisons[at],
                coverage=float(found.coverage[at]),
            )
            for at in found.best_of_nodes(-found.scores)[:limit].tolist()
        ]

    def specificity(self, text: str) -> float:
        """Return how far the words of a text single out one name, in bits.

        At zero they are as rare together as one name of the index; below it, several names have them by chance.
        """
        bits = sum(self._bits(word) for word in distinct_words(core_key(text)))
        return bits - float(np.log2(max(len(self._names), 1)))

    def _equal(self, rows: NDArray[np.int32], keys: pa.Array, key: str) -> NDArray[np.int32]:
        return rows[np.array(pc.equal(keys, key).to_pylist(), np.bool_)]

    def _equal_but_for_spaces(self, core: str) -> NDArray[np.int32]:
        return find_rows(self._arrays.by_core_key, core.replace(" ", ""))

    def _below(self, rows: NDArray[np.int32], n_nodes: int | None) -> NDArray[np.int32]:
        return rows if n_nodes is None else rows[self._nodes[rows] < n_nodes]

    def _found(self, text: str, queries: Sequence[_Query], *, same: NDArray[np.int32], n_nodes: int | None) -> _Found:
        """Return what the queries put forward, and names that are the same as the text in one way or another."""
        rows, coverage = np.empty(0, np.int32), np.empty(0)
        for query in queries:
            best, covered = self._best_covered(query, n_nodes)
            new = ~np.isin(best, rows)
            rows, coverage = np.concatenate([rows, best[new]]), np.concatenate([coverage, covered[new]])
        same = self._below(same, n_nodes)
        same = same[~np.isin(same, rows)]
        same = same[np.sort(np.unique(same, return_index=True)[1])][:_N_COMPARED]
        return self._compared(text, np.concatenate([rows, same]), np.concatenate([coverage, np.ones(len(same))]))

    def _completions(self, text: str, core: str) -> list[tuple[int, float]]:
        """Return the words that the last word of a core key begins, none of a text that is only a legal form."""
        if is_legal_form(core) or is_legal_form(fold_characters(pa.array([text]))[0].as_py()):
            return []
        return find_completions(last_word(core), self._arrays.vocabulary, self._arrays.names_of_word.starts)

    def _query(self, core: str, completions: Sequence[tuple[int, float]] = ()) -> _Query:
        """Return the words of a core key as the vocabulary has them, or has them nearly, and completions."""
        rarity = self._arrays.rarity
        credit_of = {number: max(round(int(rarity[number]) * share), 1) for number, share in completions}
        total = 0
        for word in distinct_words(core):
            known = self._known(word)
            for number, likeness in known:
                credit = round(int(rarity[number]) * likeness**2)
                credit_of[number] = max(credit, credit_of.get(number, 1))
            total += int(rarity[known[0][0]]) if known else _RAREST
        starts = self._arrays.names_of_word.starts
        numbers = sorted(credit_of, key=lambda number: (starts[number + 1] - starts[number], number))
        return _Query(
            words=np.array(numbers, np.int32),
            credits=np.array([credit_of[number] for number in numbers], np.int32),
            total=total,
        )

    def _known(self, word: str) -> list[tuple[int, float]]:
        """Return the words of the vocabulary that stand for a word, with their likeness, the best first."""
        vocabulary = self._arrays.vocabulary
        first = find_place(word, self._arrays.vocabulary)
        if len(word) == 1 and is_unspaced(word):
            behind = min(find_place(chr(ord(word) + 1), vocabulary), first + _N_COMPARED)
            return [(number, 1.0) for number in range(first, behind)]
        if self._has(first, word):
            return [(first, 1.0)]
        return find_near_words(word, vocabulary, self._arrays.triples)

    def _has(self, place: int, word: str) -> bool:
        vocabulary = self._arrays.vocabulary
        return place < len(vocabulary) and vocabulary[place].as_py() == word

    def _bits(self, word: str) -> float:
        """Return the rarity of a word in bits; pairs of characters overlap, so that each tells half."""
        place = find_place(word, self._arrays.vocabulary)
        rarity = int(self._arrays.rarity[place]) if self._has(place, word) else _RAREST
        return rarity / RARITY_UNIT / (2 if is_unspaced(word) else 1)

    def _best_covered(self, query: _Query, n_nodes: int | None) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """Return the rows that have most of the query's words and few others, and their coverage."""
        if len(query.words) == 0:
            return np.empty(0, np.int32), np.empty(0)
        postings = self._arrays.names_of_word
        sums = np.zeros(len(self._names), np.int32)
        found, n_done = add_credits(postings, query.words, query.credits, _N_READ, sums)
        rows = self._below(found, n_nodes)
        rows = rows[_largest(self._coverage(rows, sums[rows], query), rows, _N_COUNTED)]
        rest = add_credits_of(postings, query.words[n_done:], query.credits[n_done:], rows)
        coverage = self._coverage(rows, sums[rows] + rest, query)
        best = _largest(coverage, rows, _N_COMPARED)
        return rows[best], coverage[best]

    def _coverage(self, rows: NDArray[np.int32], credits: NDArray[np.int32], query: _Query) -> NDArray[np.float64]:
        """Return the part of both names together, in [0, 1], that the credits stand for."""
        return np.minimum(2 * credits / (query.total + self._arrays.weight[rows]), 1.0)

    def _compared(self, text: str, rows: NDArray[np.int32], coverage: NDArray[np.float64]) -> _Found:
        names = self._names.take(rows)
        return _Found(
            rows=rows,
            nodes=self._nodes[rows],
            names=names.to_pylist(),
            comparisons=compare_names(text, names),
            coverage=coverage,
        )


def _largest(values: NDArray[np.float64], rows: NDArray[np.int32], limit: int) -> NDArray[np.int64]:
    """Return the places of the largest values, in [0, 1], largest first, ties by row."""
    keys = np.rint(values * 2**30).astype(np.int64) << 32 | (2**31 - 1 - rows.astype(np.int64))
    largest = np.argpartition(keys, -limit)[-limit:] if len(keys) > limit else np.arange(len(keys))
    return largest[np.argsort(-keys[largest])]

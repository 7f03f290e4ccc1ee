"""Inverted lists: for every word the rows that have it, and which rows have the most of a few words."""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray


class Postings(NamedTuple):
    """Rows by word.

    Attributes:
        starts: int64[n_words + 1], the rows of word `w` are `rows[starts[w]:starts[w + 1]]`.
        rows: int32, ascending and without repetition within a word.
    """

    starts: NDArray[np.int64]
    rows: NDArray[np.int32]


@numba.njit(cache=True)
def build_postings(words: NDArray[np.int32], rows: NDArray[np.int32], n_words: int) -> Postings:
    """Return the inverted lists of (word, row) pairs, by counting sort.

    Args:
        words: int32[m], in [0, n_words).
        rows: int32[m], ascending.
        n_words: How many words there are.
    """
    starts = np.zeros(n_words + 1, np.int64)
    last_row = np.full(n_words, -1, np.int32)
    for index in range(len(words)):
        word = words[index]
        if last_row[word] != rows[index]:
            last_row[word] = rows[index]
            starts[word + 1] += 1
    starts = np.cumsum(starts)
    position = starts[:-1].copy()
    listed = np.empty(starts[-1], np.int32)
    for index in range(len(words)):
        word = words[index]
        at = position[word]
        if at == starts[word] or listed[at - 1] != rows[index]:
            listed[at] = rows[index]
            position[word] = at + 1
    return Postings(starts, listed)


@numba.njit(cache=True)
def add_credits(
    postings: Postings, words: NDArray[np.int32], credits: NDArray[np.int32], budget: int, sums: NDArray[np.int32]
) -> tuple[NDArray[np.int32], int]:
    """Add each word's credit to the sums of the rows that have it, until the budget is spent.

    Args:
        postings: The inverted lists.
        words: int32[m], the rarest first. Of the first word at most `budget` rows are read; a later one is read whole
            or not at all, nor is any after it.
        credits: int32[m], positive.
        budget: How many rows are read at most.
        sums: int32[n_rows], zeros; the credits are added here.

    Returns:
        int32, the rows that have a credit now, in the order of their discovery; and how many words were read.
    """
    found = np.empty(budget, np.int32)
    n_found = 0
    n_read = 0
    for index in range(len(words)):
        begin, end = postings.starts[words[index]], postings.starts[words[index] + 1]
        if index > 0 and n_read + end - begin > budget:
            return found[:n_found].copy(), index
        end = min(end, begin + budget)
        n_read += end - begin
        for at in range(begin, end):
            row = postings.rows[at]
            if sums[row] == 0:
                found[n_found] = row
                n_found += 1
            sums[row] += credits[index]
    return found[:n_found].copy(), len(words)


@numba.njit(cache=True)
def add_credits_of(
    postings: Postings, words: NDArray[np.int32], credits: NDArray[np.int32], rows: NDArray[np.int32]
) -> NDArray[np.int32]:
    """Return the credits, int32[n], of a few rows for words whose lists are too long to read."""
    sums = np.zeros(len(rows), np.int32)
    for index in range(len(words)):
        begin, end = postings.starts[words[index]], postings.starts[words[index] + 1]
        listed = postings.rows[begin:end]
        for at in range(len(rows)):
            place = np.searchsorted(listed, rows[at])
            if place < len(listed) and listed[place] == rows[at]:
                sums[at] += credits[index]
    return sums


@numba.njit(cache=True)
def count_groups(postings: Postings, groups: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return in how many groups each word occurs, int32[n_words]; rows of one group lie together."""
    counts = np.zeros(len(postings.starts) - 1, np.int32)
    for word in range(len(counts)):
        last = -1
        for at in range(postings.starts[word], postings.starts[word + 1]):
            group = groups[postings.rows[at]]
            if group != last:
                counts[word] += 1
                last = group
    return counts


@numba.njit(cache=True)
def sum_by_row(postings: Postings, values: NDArray[np.uint16], n_rows: int) -> NDArray[np.int32]:
    """Return for every row the sum of its words' values, int32[n_rows]."""
    sums = np.zeros(n_rows, np.int32)
    for word in range(len(values)):
        for at in range(postings.starts[word], postings.starts[word + 1]):
            sums[postings.rows[at]] += values[word]
    return sums

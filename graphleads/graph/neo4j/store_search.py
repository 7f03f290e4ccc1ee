"""Search in Neo4j: a full-text index finds what may be meant, and what it finds is compared as every name is.

Reference:
    Apache Lucene, classic query parser syntax. What is typed reaches it as words and quoted phrases only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from graphleads.graph.neo4j.store_answer import parse_ref
from graphleads.graph.store import SearchHit
from graphleads.names.compare import compare_names
from graphleads.names.grade import grade_names, grade_scores

_WORD = re.compile(r"[^\W_]+")
_MOST_WORDS = 24
_MOST_LETTERS = 100
_FUZZY_FROM = 4
"""The fewest letters of a word that may be spelled a little differently."""


def name_query(text: str) -> str | None:
    """Return what a full-text index over names is asked, None where a text has no letter or digit."""
    # In lower case no word is an operator.
    words = [word.lower()[:_MOST_LETTERS] for word in _WORD.findall(text)][:_MOST_WORDS]
    return " ".join(_any_of(word) for word in words) or None


def _any_of(word: str) -> str:
    """Return a word as it is written, as one that begins so, and, if it is long enough, as one spelled nearly so."""
    spelled = f" {word}~1" if len(word) >= _FUZZY_FROM and word.isascii() else ""
    return f'"{word}"^4 {word}*{spelled}'


def key_query(keys: Iterable[str]) -> str | None:
    """Return what a full-text index over whole keys is asked, None where there is no key."""
    return " ".join(f'"{_escaped(key)}"' for key in keys if key.strip()) or None


def _escaped(key: str) -> str:
    return key.replace("\\", "\\\\").replace('"', '\\"')


def rank_names(text: str, rows: Sequence[Mapping[str, Any]]) -> list[SearchHit]:
    """Return a hit for each row, by the name of it that is most like a text, the best first, ties by kind and id."""
    of = np.repeat(np.arange(len(rows)), [len(row["names"]) for row in rows])
    names = [name for row in rows for name in row["names"]]
    if not names:
        return []
    likeness = compare_names(text, pa.array(names, pa.string())).similarity
    scores = grade_scores(grade_names(text, names), likeness)
    best = {int(row): int(at) for at in np.argsort(scores, kind="stable") for row in of[at : at + 1]}
    ranked = sorted(best.items(), key=lambda one: (-scores[one[1]], rows[one[0]]["node_rank"], rows[one[0]]["node_id"]))
    return [
        SearchHit(node=parse_ref(rows[row], "node"), matched_name=names[at], score=float(scores[at]))
        for row, at in ranked
    ]

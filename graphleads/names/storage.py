"""What a name index consists of, how it is made from names, and its files.

A word counts by its *rarity*, `log2(1 + nodes / nodes that have it)` in 1/64 bit: integers, so that sums do not depend
on their order.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphleads.names.keyed import KeyedRows, build_keyed_rows, hash_texts
from graphleads.names.normalize import name_keys_of, split_names
from graphleads.names.postings import Postings, build_postings, count_groups, sum_by_row
from graphleads.names.spelling import Triples, build_triples
from graphleads.names.text import text_column
from graphleads.names.words import split_words

RARITY_UNIT = 64
_N_AT_ONCE = 500_000
_VOCABULARY = "words.arrow"
_NO_ROWS = np.empty(0, np.int32)
_NO_HASHES = np.empty(0, np.uint64)


class IndexArrays(NamedTuple):
    """The arrays of a name index of `n` names with `m` different words.

    Attributes:
        vocabulary: string[m], the words of the core keys, sorted by their bytes.
        rarity: uint16[m], in 1/64 bit.
        names_of_word: The rows of the names that have each word.
        weight: int32[n], the rarity of all words of a name together.
        by_name_key: Rows by the hash of their name key.
        by_core_key: Rows by the hash of their core key without spaces.
        triples: The vocabulary by letter triple.
    """

    vocabulary: pa.Array
    rarity: NDArray[np.uint16]
    names_of_word: Postings
    weight: NDArray[np.int32]
    by_name_key: KeyedRows
    by_core_key: KeyedRows
    triples: Triples


def build_index_arrays(names: pa.Array | pa.ChunkedArray, nodes: NDArray[np.int32]) -> IndexArrays:
    """Return the index of names.

    Args:
        names: string[n].
        nodes: int32[n], whose name each is; the names of one node lie together.
    """
    keyed = [_KeyedChunk.of(chunk) for chunk in _chunks(names)]
    vocabulary, words = _number_words([chunk.words for chunk in keyed])
    starts = np.arange(0, len(names), _N_AT_ONCE)
    rows = [chunk.rows + np.int32(start) for chunk, start in zip(keyed, starts, strict=True)]
    postings = build_postings(np.concatenate([_NO_ROWS, *words]), np.concatenate([_NO_ROWS, *rows]), len(vocabulary))
    n_nodes = 1 + np.count_nonzero(np.diff(nodes))
    n_bits = np.log2(1 + n_nodes / np.maximum(count_groups(postings, nodes), 1))
    rarity = np.rint(RARITY_UNIT * n_bits).astype(np.uint16)
    return IndexArrays(
        vocabulary=vocabulary,
        rarity=rarity,
        names_of_word=postings,
        weight=sum_by_row(postings, rarity, len(names)),
        by_name_key=build_keyed_rows(np.concatenate([_NO_HASHES, *(chunk.name_hashes for chunk in keyed)])),
        by_core_key=build_keyed_rows(np.concatenate([_NO_HASHES, *(chunk.core_hashes for chunk in keyed)])),
        triples=build_triples(vocabulary),
    )


def write_index_arrays(directory: Path, arrays: IndexArrays) -> None:
    """Write the arrays into a folder, which is made if need be: one `.npy` file each, and `words.arrow`."""
    directory.mkdir(parents=True, exist_ok=True)
    with pa.ipc.new_file(directory / _VOCABULARY, pa.schema([("word", pa.string())])) as file:
        file.write(pa.record_batch([arrays.vocabulary], names=["word"]))
    for name, array in _numeric(arrays).items():
        np.save(directory / f"{name}.npy", array, allow_pickle=False)


def open_index_arrays(directory: Path) -> IndexArrays:
    """Return the arrays of a folder, memory-mapped: nothing is read before it is asked for."""
    vocabulary = pa.ipc.open_file(pa.memory_map(str(directory / _VOCABULARY))).get_batch(0).column(0)

    def array(name: str) -> NDArray[Any]:
        return np.asarray(np.load(directory / f"{name}.npy", mmap_mode="r"))

    return IndexArrays(
        vocabulary=vocabulary,
        rarity=array("rarity"),
        names_of_word=Postings(array("word_starts"), array("word_rows")),
        weight=array("weight"),
        by_name_key=KeyedRows(array("name_hashes"), array("name_rows")),
        by_core_key=KeyedRows(array("core_hashes"), array("core_rows")),
        triples=Triples(array("triples"), Postings(array("triple_starts"), array("triple_words"))),
    )


def _numeric(arrays: IndexArrays) -> dict[str, NDArray[Any]]:
    return {
        "rarity": arrays.rarity,
        "word_starts": arrays.names_of_word.starts,
        "word_rows": arrays.names_of_word.rows,
        "weight": arrays.weight,
        "name_hashes": arrays.by_name_key.hashes,
        "name_rows": arrays.by_name_key.rows,
        "core_hashes": arrays.by_core_key.hashes,
        "core_rows": arrays.by_core_key.rows,
        "triples": arrays.triples.codes,
        "triple_starts": arrays.triples.words.starts,
        "triple_words": arrays.triples.words.rows,
    }


class _KeyedChunk(NamedTuple):
    """Some names with their keys: words as a dictionary array, the row (from 0) of each, and the hashes of the keys."""

    words: pa.DictionaryArray
    rows: NDArray[np.int32]
    name_hashes: NDArray[np.uint64]
    core_hashes: NDArray[np.uint64]

    @classmethod
    def of(cls, names: pa.Array) -> _KeyedChunk:
        """Return names with their keys."""
        parts = split_names(names)
        words, rows = split_words(parts.body)
        return cls(
            words=words.dictionary_encode(),
            rows=rows,
            name_hashes=hash_texts(name_keys_of(parts)),
            core_hashes=hash_texts(pc.replace_substring(parts.body, " ", "")),
        )


def _chunks(names: pa.Array | pa.ChunkedArray) -> Iterator[pa.Array]:
    for start in range(0, len(names), _N_AT_ONCE):
        yield text_column(names.slice(start, _N_AT_ONCE))


def _number_words(chunks: list[pa.DictionaryArray]) -> tuple[pa.Array, list[NDArray[np.int32]]]:
    """Return the sorted vocabulary of the chunks, and the number in it of each chunk's words."""
    distinct = pa.chunked_array([chunk.dictionary for chunk in chunks], pa.string()).unique()
    vocabulary = distinct.take(pc.sort_indices(distinct))
    numbers = [pc.index_in(chunk.dictionary, vocabulary).to_numpy() for chunk in chunks]
    return vocabulary, [number[chunk.indices.to_numpy()] for number, chunk in zip(numbers, chunks, strict=True)]

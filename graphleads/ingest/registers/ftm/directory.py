"""What is known of all entities before the first is staged: relations name entities that come later, or never do.

The files are read once for it. It keeps some twenty bytes for every entity that is no relation, and the text of
addresses.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from graphleads.formats.json_object import read_objects
from graphleads.formats.report import DeliveryReport
from graphleads.formats.source import SourceFile
from graphleads.ingest.reader import ReadContext
from graphleads.ingest.registers.ftm.address import ADDRESS_TYPE, address_texts
from graphleads.ingest.registers.ftm.entity import FAMILY_OF, Entity, by_family, make_block, open_entities
from graphleads.ingest.registers.ftm.schema import ADDRESS, ORGANISATION, PERSON
from graphleads.ingest.row_stager import RowStager

NEVER_DESCRIBED, OTHER, COMPANY, PERSON_KIND, ADDRESS_KIND = range(5)
"""What an id stands for. Of pieces that disagree the greatest counts: a person is also a legal entity."""

CHUNK = 8_192
"""Objects that are read at once."""

_DIGEST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """Every organisation, person and address of a delivery.

    Attributes:
        keys: uint64[n], a hash of each id, ascending.
        kinds: int8[n], what each is.
        repeated: bool[n], whether it stands in the files more than once, whole or in pieces.
        addresses: `ADDRESS_TYPE`[n], null for what is no address.
    """

    keys: NDArray[np.uint64]
    kinds: NDArray[np.int8]
    repeated: NDArray[np.bool_]
    addresses: pa.Array

    def kinds_of(self, names: pa.Array) -> NDArray[np.int8]:
        """Return what ids stand for: int8[n]."""
        return self._look_up(self.kinds, names, NEVER_DESCRIBED)

    def addresses_of(self, names: pa.Array) -> pa.Array:
        """Return addresses: `ADDRESS_TYPE`[n], null for what is none."""
        return _take(self.addresses, self._places(names))

    def are_repeated(self, names: Sequence[str]) -> list[bool]:
        """Return which ids stand in the files more than once; ids that are never described do not."""
        repeated: list[bool] = self._look_up(self.repeated, pa.array(names, pa.string()), False).tolist()
        return repeated

    def _look_up(self, values: NDArray[Any], names: pa.Array, otherwise: Any) -> NDArray[Any]:
        places = self._places(names)
        found = np.full(len(places), otherwise, values.dtype)
        found[places >= 0] = values[places[places >= 0]]
        return found

    def _places(self, names: pa.Array) -> NDArray[np.int64]:
        """Return where ids stand, -1 for those that do not."""
        keys = _hash(names.to_pylist())
        places = np.minimum(np.searchsorted(self.keys, keys), max(len(self.keys) - 1, 0))
        if not len(self.keys):
            return np.full(len(keys), -1, np.int64)
        return np.where(self.keys[places] == keys, places, -1)


def read_directory(files: Sequence[SourceFile], context: ReadContext) -> Directory:
    """Return what the files say of every entity; nothing is reported.

    Raises:
        FileUnreadable: If a file is truncated.
        FormatMismatch: If a file is not JSON.
    """
    quiet = replace(context, report=DeliveryReport())
    found = [part for source in files for chunk in _chunks(source) for part in _entries(chunk, quiet)]
    return _settle(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entries:
    keys: NDArray[np.uint64]
    kind: int
    addresses: pa.Array


def _chunks(source: SourceFile) -> Iterator[list[Entity]]:
    objects = read_objects(replace(source, advance=None), report=DeliveryReport())
    while chunk := list(islice(objects, CHUNK)):
        yield [entity for one in chunk for entity in open_entities(source.name, one.number, one.content)]


def _entries(entities: Sequence[Entity], quiet: ReadContext) -> Iterator[_Entries]:
    others = [one.id for one in entities if one.schema not in FAMILY_OF]
    yield _Entries(
        keys=_hash(others),
        kind=OTHER,
        addresses=pa.nulls(len(others), ADDRESS_TYPE),
    )
    for family, members in by_family(entities):
        if family not in (ORGANISATION, PERSON, ADDRESS):
            continue
        block = make_block(family, members)
        rows = RowStager(block=block, context=quiet, record=block.columns["id"])
        n = block.n_rows
        is_company, is_address = family is ORGANISATION, family is ADDRESS
        yield _Entries(
            keys=_hash([one.id for one in members]),
            kind=COMPANY if is_company else ADDRESS_KIND if is_address else PERSON_KIND,
            addresses=address_texts(rows) if is_address else pa.nulls(n, ADDRESS_TYPE),
        )


def _settle(found: Sequence[_Entries]) -> Directory:
    """Return the entries sorted, those of one id as one: the first that says something counts."""
    keys = np.concatenate([np.empty(0, np.uint64), *(one.keys for one in found)])
    kinds = np.concatenate([np.empty(0, np.int8), *(np.full(len(one.keys), one.kind, np.int8) for one in found)])
    addresses = pa.concat_arrays([pa.array([], ADDRESS_TYPE), *(one.addresses for one in found)])
    order = np.lexsort((-kinds, keys))
    unique, starts, counts = np.unique(keys[order], return_index=True, return_counts=True)
    first = order[starts]
    return Directory(
        keys=unique,
        kinds=kinds[first],
        repeated=counts > 1,
        addresses=addresses.take(pa.array(first)),
    )


def _hash(names: Sequence[str]) -> NDArray[np.uint64]:
    digests = b"".join(hashlib.blake2b(name.encode(), digest_size=_DIGEST).digest() for name in names)
    return np.frombuffer(digests, np.uint64)


def _take(values: pa.Array, places: NDArray[np.int64]) -> pa.Array:
    return values.take(pa.array(places, mask=places < 0))

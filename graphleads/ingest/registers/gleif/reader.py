"""The world's legal entities (GLEIF): who is who, who owns whom, and why not, as XML or CSV, whole or what changed.

A file's header says which of the three kinds of records it has. Each kind alone is a dataset of its own, because each
has a full state of its own; all three given at once are one.

Reference:
    https://www.gleif.org/en/lei-data/gleif-golden-copy
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from graphleads.errors import ValueInvalid
from graphleads.formats.row_block import RowBlock
from graphleads.formats.source import SourceFile
from graphleads.ingest.reader import Preview, ReadContext, StagedBatch, refuse_mapping
from graphleads.ingest.registers.gleif.entity import stage_entities
from graphleads.ingest.registers.gleif.exception import stage_exceptions
from graphleads.ingest.registers.gleif.golden_copy import GoldenCopy, open_golden_copy, read_golden_copy
from graphleads.ingest.registers.gleif.layout import ENTITIES, EXCEPTIONS, LAYOUTS, RELATIONSHIPS
from graphleads.ingest.registers.gleif.relationship import stage_relationships

_ALL = "gleif"
_STAGE: dict[str, Callable[[RowBlock, ReadContext], Iterator[StagedBatch]]] = {
    ENTITIES.noun: stage_entities,
    RELATIONSHIPS.noun: stage_relationships,
    EXCEPTIONS.noun: stage_exceptions,
}


class GleifReader:
    """Reads golden copies and their updates: `YYYYMMDD-HHMM-gleif-goldencopy-lei2-golden-copy.xml`, `rr`, `repex`."""

    name = "gleif"
    version = 2

    def preview(self, files: Sequence[SourceFile], mapping: str | Path | None) -> Preview:
        """Return the dataset's name, and day and completeness, where all files' headers or names agree on them.

        Raises:
            ValueInvalid: If a mapping is given, some files are full and some updates, or one kind of records is of
                different days.
            FormatMismatch: If a file is none of GLEIF's.
        """
        refuse_mapping(self.name, mapping)
        copies = [open_golden_copy(source) for source in files]
        kinds = {copy.kind for copy in copies if copy.kind}
        if len(kinds) > 1:
            raise ValueInvalid("Some files are full, others updates: ingest the full ones first, then the updates.")
        days = {copy.observed_on for copy in copies}
        return Preview(
            dataset=_dataset(copies),
            observed_on=days.pop() if len(days) == 1 else None,
            kind=kinds.pop() if kinds else None,
        )

    def read(self, files: Sequence[SourceFile], context: ReadContext) -> Iterator[StagedBatch]:
        """Yield companies, names, identifiers, contact points, links and declarations.

        Raises:
            FileUnreadable: If a file is truncated.
            FormatMismatch: If a file is none of GLEIF's.
            FormatChanged: If a column of a CSV is missing.
        """
        for source in files:
            copy = open_golden_copy(source)
            for block in read_golden_copy(copy, context.report):
                yield from _STAGE[copy.layout.noun](block, context)


def _dataset(copies: Sequence[GoldenCopy]) -> str | None:
    """Return the dataset of one kind of records or of all three; of two nobody knows what they are to replace."""
    found = []
    for layout in LAYOUTS:
        days = sorted({str(copy.observed_on) for copy in copies if copy.layout is layout})
        if len(days) > 1:
            raise ValueInvalid(
                f"The {layout.noun} are of different days ({', '.join(days)}): "
                "ingest each day's alone, the oldest first."
            )
        found += [layout] if days else []
    if len(found) == len(LAYOUTS):
        return _ALL
    return found[0].dataset if len(found) == 1 else None

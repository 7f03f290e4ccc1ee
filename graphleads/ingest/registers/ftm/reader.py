"""FollowTheMoney: entities and the relations between them, one JSON object a line.

It is what OpenSanctions, Aleph and those who publish registers through them write. A relation is an entity of its own
that names others by their ids, or holds them. The files are read twice, because a relation may name an entity that
comes later: first for what every id stands for, then for the rows.

Reference:
    FollowTheMoney 4.11; https://followthemoney.tech/docs/.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby, islice
from pathlib import Path

import numpy as np

from graphleads.errors import ValueInvalid
from graphleads.formats.json_object import read_objects
from graphleads.formats.report import DeliveryReport, Flaw
from graphleads.formats.source import SourceFile
from graphleads.ingest.reader import Preview, ReadContext, StagedBatch
from graphleads.ingest.registers.ftm.directory import CHUNK, Directory, read_directory
from graphleads.ingest.registers.ftm.entity import Entity, account, by_family, make_block, merge_entities, open_entities
from graphleads.ingest.registers.ftm.entity_row import entity_rows
from graphleads.ingest.registers.ftm.organisation import stage_organisations
from graphleads.ingest.registers.ftm.person import stage_people
from graphleads.ingest.registers.ftm.relation import stage_parents, stage_relations
from graphleads.ingest.registers.ftm.schema import ADDRESS, IGNORED_SCHEMATA, ORGANISATION, PERSON

_NO_ENTITY = Flaw(code="no_entity", message="The object has no id, schema and properties: it is left out.")


class FtmReader:
    """Reads streams and arrays of FollowTheMoney entities, plain (`entities.ftm.json`) or nested."""

    name = "ftm"
    version = 2

    def preview(self, files: Sequence[SourceFile], mapping: str | Path | None) -> Preview:  # noqa: ARG002 - the protocol
        """Return nothing but the dataset's name: the files say neither their day nor whether they are whole.

        Raises:
            ValueInvalid: If a mapping is given.
        """
        if mapping is not None:
            raise ValueInvalid("The reader ftm takes no mapping: leave it out, or use the reader table.")
        return Preview(dataset="ftm")

    def read(self, files: Sequence[SourceFile], context: ReadContext) -> Iterator[StagedBatch]:
        """Yield the staged rows of every entity, those that come in pieces last.

        Raises:
            FileUnreadable: If a file is truncated.
            FormatMismatch: If a file is not JSON.
        """
        directory = read_directory(files, context)
        pieces: dict[str, Entity] = {}
        n_ignored: Counter[str] = Counter()
        for source in files:
            for entities in _read(source, context.report):
                n_ignored.update(one.schema for one in entities if one.schema in IGNORED_SCHEMATA)
                yield from _stage(_without_pieces(entities, directory, pieces), directory, context)
        for _, group in groupby(pieces.values(), key=lambda entity: entity.file):
            while chunk := list(islice(group, CHUNK)):
                yield from _stage(chunk, directory, context)
        for schema, n in sorted(n_ignored.items()):
            context.report.ignored_field(schema, f"{IGNORED_SCHEMATA[schema]} ({n:,} left out)")


def _read(source: SourceFile, report: DeliveryReport) -> Iterator[list[Entity]]:
    """Yield the entities of a file chunk by chunk, after reporting what is left out of them."""
    objects = read_objects(source, report=report)
    while chunk := list(islice(objects, CHUNK)):
        entities: list[Entity] = []
        for one in chunk:
            opened = open_entities(source.name, one.number, one.content)
            if not opened:
                report.bad_rows(_NO_ENTITY, source.name, rows=np.array([one.number], np.int64))
            else:
                account(one.content, opened, report)
            entities += opened
        yield entities


def _without_pieces(entities: Sequence[Entity], directory: Directory, pieces: dict[str, Entity]) -> list[Entity]:
    """Return the entities that stand in the files once, after adding the others to the pieces by their ids."""
    repeated = directory.are_repeated([one.id for one in entities])
    for entity, again in zip(entities, repeated, strict=True):
        if again:
            pieces[entity.id] = merge_entities(pieces[entity.id], entity) if entity.id in pieces else entity
    return [entity for entity, again in zip(entities, repeated, strict=True) if not again]


def _stage(entities: Sequence[Entity], directory: Directory, context: ReadContext) -> Iterator[StagedBatch]:
    """Yield what entities of one file say, family by family; addresses go with the organisations that have them."""
    for family, members in by_family([one for one in entities if one.schema not in ADDRESS.schemata]):
        rows = entity_rows(make_block(family, members), context)
        if family is ORGANISATION:
            yield from stage_organisations(rows, directory)
            yield stage_parents(rows, directory)
        elif family is PERSON:
            yield from stage_people(rows)
        else:
            yield from stage_relations(rows, family.schemata[0], directory)

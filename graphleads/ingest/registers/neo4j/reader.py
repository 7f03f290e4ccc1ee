"""An existing Neo4j graph as a source: by a mapping of its labels, types and properties, or graphleads' own model.

The server is that of the settings. What is read of it is fetched into files first, and they are the delivery: the same
graph is the same delivery. The mapping is the file that is named; `graphleads` is the model that this product loads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import orjson

from graphleads.errors import FormatMismatch, ValueInvalid
from graphleads.formats.report import DeliveryReport
from graphleads.formats.source import SourceFile
from graphleads.ingest.mapping.hash_key import require_hash_key
from graphleads.ingest.mapping.mapping import Mapping, load_mapping
from graphleads.ingest.reader import GraphServer, Preview, ReadContext, StagedBatch
from graphleads.ingest.registers.neo4j.fetch import NAMES_FILE, fetch_graph
from graphleads.ingest.registers.neo4j.mapped import list_wanted, pattern_of, skipped_patterns, stage_mapped
from graphleads.ingest.registers.neo4j.own_model import OWN, OWN_NAMES, OWN_WANTED, OwnModel
from graphleads.ingest.registers.neo4j.pattern import Pattern
from graphleads.model import Progress
from graphleads.remedy import Remedy


class Neo4jReader:
    """Reads from the Neo4j server of the settings."""

    name = "neo4j"
    version = 1

    def fetch(
        self, files: Sequence[Path], folder: Path, open_server: Callable[[], GraphServer], progress: Progress
    ) -> list[Path]:
        """Fetch what a mapping reads.

        Args:
            files: The mapping's file, or `graphleads`.
            folder: Where to write.
            open_server: Returns the server.
            progress: Told how far it is.

        Raises:
            ValueInvalid: If there is not exactly one mapping.
            InputError: If it cannot be used.
            Neo4jError: If the server does not answer, or does not let the user.
            FormatMismatch: If the database has nothing of what is read.
        """
        if len(files) != 1:
            raise ValueInvalid(f"The reader neo4j takes one mapping, and {len(files)} files are named: name one.")
        if str(files[0]) == OWN:
            content, wanted = OWN.encode(), list(OWN_WANTED)
        else:
            mapping = load_mapping(files[0])
            content, wanted = mapping.content.encode(), list_wanted(mapping)
        named = folder / f"mapping {files[0].name}"
        named.write_bytes(content)
        server = open_server()
        fetched = fetch_graph(server, wanted, folder, progress)
        if len(fetched) == 1:
            raise FormatMismatch(f"{server.place} has nothing of {', '.join(str(one.pattern) for one in wanted)}.")
        return [named, *fetched]

    def preview(self, files: Sequence[SourceFile], mapping: str | Path | None) -> Preview:
        """Return the mapping's name and text, and the dataset that it usually makes.

        Raises:
            ValueInvalid: If a mapping is given beside the one that is the file.
            FormatMismatch: If a pattern that the mapping needs has nothing in the database.
        """
        if mapping is not None:
            raise ValueInvalid("The reader neo4j is told its mapping as its file.", Remedy.LEAVE_MAPPING_OUT)
        loaded = _mapping(files)
        if loaded is None:
            return Preview(dataset=OWN, mapping=OWN)
        _check_whole(files, loaded)
        return Preview(
            dataset=loaded.dataset,
            mapping=loaded.name,
            mapping_content=loaded.content,
            needs_hash_key=loaded.needs_hash_key,
            one_at_a_time=loaded.one_at_a_time,
        )

    def read(self, files: Sequence[SourceFile], context: ReadContext) -> Iterator[StagedBatch]:
        """Yield the staged rows pattern by pattern.

        Raises:
            FormatChanged: If a property that the mapping reads is nowhere.
        """
        mapping = _mapping(files)
        patterns = [source for source in files if source.name.startswith("(")]
        _report_names(files, mapping, context.report)
        if mapping is None:
            model = OwnModel(patterns, context)
            for source in patterns:
                yield from model.stage(source)
            return
        if mapping.needs_hash_key:
            require_hash_key(context.hash_key, mapping.name)
        for source in patterns:
            yield from stage_mapped(source, mapping, context)


def _mapping(files: Sequence[SourceFile]) -> Mapping | None:
    """Return the mapping, None if it is graphleads' own model that is read."""
    named = next(source for source in files if source.name.startswith("mapping "))
    return None if named.head() == OWN.encode() else load_mapping(named.path)


def _check_whole(files: Sequence[SourceFile], mapping: Mapping) -> None:
    there = {source.name for source in files}
    for file in mapping.files:
        if file.required and file.skip is None and pattern_of(mapping, file).file_name not in there:
            raise FormatMismatch(f"The mapping {mapping.name} needs {file.match}, and the database has none.")


def _report_names(files: Sequence[SourceFile], mapping: Mapping | None, report: DeliveryReport) -> None:
    """Report the labels and types that nobody has accounted for, and those that are left out on purpose."""
    names = next(source for source in files if source.name == NAMES_FILE)
    found = orjson.loads(names.path.read_bytes())
    skipped = skipped_patterns(mapping) if mapping else OWN_NAMES
    for pattern, reason in skipped.items():
        report.ignored_field(str(pattern), reason)
    known = [*(one.pattern for one in (list_wanted(mapping) if mapping else OWN_WANTED)), *skipped]
    labels = {label for pattern in known for label in (pattern.start, pattern.end)}
    types = {pattern.type for pattern in known}
    for label in found["labels"]:
        if label not in labels:
            report.unknown_field(str(Pattern(start=label)))
    for type_ in found["types"]:
        if type_ not in types:
            report.unknown_field(str(Pattern(type=type_)))

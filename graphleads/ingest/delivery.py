"""Ingest: one call turns the files of one delivery into staged tables, whole or not at all.

The files are hashed first, and the delivery is named by what went into it, so the same files twice change nothing.
Everything is written beside and renamed when it is on disk; what was there before answers until then, and what a
killed run leaves behind is removed by the next one.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from graphleads.disk import checksum, make_folder, publish_folder, remove_folder, take_lock
from graphleads.errors import DeliveryConflict, FileUnreadable, ValueInvalid
from graphleads.formats.report import DeliveryReport, Flaw
from graphleads.formats.source import SourceFile, open_sources
from graphleads.ingest.bounds import order_bounds
from graphleads.ingest.contact import keep_out_idle
from graphleads.ingest.mapping.hash_key import find_hash_key, fingerprint, require_hash_key
from graphleads.ingest.naming import Naming
from graphleads.ingest.part_writer import PartWriter, write_table
from graphleads.ingest.personal import keep_out_personal
from graphleads.ingest.reader import FetchingReader, GraphServer, Preview, ReadContext, Reader, load_reader
from graphleads.model import DeliveryKind, Progress, Silence
from graphleads.remedy import Remedy
from graphleads.tables.delivery import (
    ISSUES,
    DeliveredFile,
    Delivery,
    DeliveryManifest,
    open_deliveries,
    write_manifest,
)

_FEWER_FILES = Flaw(
    code="fewer_files", message="The last full delivery had more files: some of this one are missing.", cuts=True
)
_TAKEN_AS_UPDATE = Flaw(
    code="taken_as_update",
    message="The delivery is not whole: it is an update, so that nothing ends by being left out of it. If it is all "
    "there is, ingest it as full.",
)
_UNFINISHED = ".tmp-"
_DATASET = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_HASH_LENGTH = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestRequest:
    """What the caller says of a delivery.

    Attributes:
        dataset: Its dataset; None: the reader's or mapping's usual one.
        observed_on: The day of the register's state; None: as the files say it.
        kind: Full or update; None: as the files say it, otherwise full.
        mapping: A shipped mapping's name or a mapping file, for readers that take one.
        replace: Put it in the place of another full delivery of the same day.
        home: Where the secret key is looked for, if the environment has none and the mapping needs one.
        open_server: Opens the Neo4j server of the settings, for readers that read from it; None: there is none.
    """

    dataset: str | None = None
    observed_on: date | None = None
    kind: DeliveryKind | None = None
    mapping: str | Path | None = None
    replace: bool = False
    home: Path | None = None
    open_server: Callable[[], GraphServer] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestResult:
    """What came of an ingest.

    Attributes:
        manifest: The delivery's manifest.
        already_there: Whether the same delivery was there before, so that nothing changed.
        issues_path: The table of sampled issues.
    """

    manifest: DeliveryManifest
    already_there: bool
    issues_path: Path


def ingest(
    reader_name: str,
    files: Sequence[Path],
    *,
    staged: Path,
    request: IngestRequest,
    progress: Progress | None = None,
) -> IngestResult:
    """Stage the files of one delivery.

    Args:
        reader_name: The reader, as its entry point names it.
        files: The files; their order does not matter, and one given twice counts once. Of a reader that fetches what it
            reads they say what that is.
        staged: The folder of staged datasets.
        request: What the caller says of the delivery.
        progress: Told the bytes read.

    Returns:
        The manifest, and whether the delivery was there before.

    Raises:
        ReaderNotFound: If there is no such reader.
        InputError: If a file, the mapping, the dataset or the day cannot be used; nothing is staged then.
        DeliveryConflict: If another full delivery of the day is there, or another ingest of the dataset is running.
        Neo4jError: If a server that is read from does not answer, or does not let the user.
    """
    reader = load_reader(reader_name)
    watched = progress or Silence()
    if not isinstance(reader, FetchingReader):
        return _ingest(reader, files, staged, request, watched)
    if request.observed_on is None:
        raise ValueInvalid("A server does not say which day of the register it shows.", Remedy.GIVE_DAY)
    if request.open_server is None:
        raise ValueInvalid(f"The reader {reader_name} reads from a server, and none is given.")
    with TemporaryDirectory(prefix="graphleads-") as folder:
        fetched = reader.fetch(files, Path(folder), request.open_server, watched)
        return _ingest(reader, fetched, staged, request, watched)


def _ingest(
    reader: Reader, files: Sequence[Path], staged: Path, request: IngestRequest, watched: Progress
) -> IngestResult:
    """Stage files as one delivery, unless it is there already."""
    stamps = {path: _stamp(path) for path in files}
    delivered = _hash_files(files, watched)
    sources = [source for path, _ in delivered for source in open_sources(path, watched.advance)]
    preview = reader.preview(sources, request.mapping)
    hash_key = _find_key(preview, request.home)
    draft = _draft(reader, preview, request, files=tuple(file for _, file in delivered), hash_key=hash_key)
    folder = staged / draft.dataset
    with _locked(folder):
        superseded, rivals = _same_day(staged, draft)
        already_there = (folder / draft.id).is_dir()
        if rivals and not (request.replace or already_there):
            raise _conflict(draft, rivals[0].manifest)
        if not already_there:
            watched.step("read", sum(file.size for file in draft.files))
            order = _Order(
                sources=sources,
                stamps=stamps,
                draft=draft,
                mapping=request.mapping,
                is_vouched=request.kind is DeliveryKind.FULL,
                n_expected=_n_expected(staged, draft) if preview.in_parts else 0,
                hash_key=hash_key,
            )
            _stage(reader, order, folder)
        for other in superseded + (rivals if request.replace else []):
            remove_folder(other.folder, other.folder.with_name(f"{_UNFINISHED}{other.folder.name}"))
    manifest = next(one.manifest for one in open_deliveries(staged) if one.folder == folder / draft.id)
    return IngestResult(manifest=manifest, already_there=already_there, issues_path=folder / draft.id / ISSUES)


_Stamp = tuple[int, int] | None
"""A file's size in bytes and the nanosecond in which it was written last; None if it cannot be looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """What is to be staged.

    Attributes:
        sources: What is read.
        stamps: How the files were when they were hashed.
        draft: The manifest but for what reading tells.
        mapping: The mapping that was given.
        is_vouched: Whether the caller says that the files are all there is, whatever they look like.
        n_expected: How many files the last full delivery had, where none of them says how many there are; otherwise 0.
        hash_key: The secret key.
    """

    sources: Sequence[SourceFile]
    stamps: Mapping[Path, _Stamp]
    draft: DeliveryManifest
    mapping: str | Path | None
    is_vouched: bool
    n_expected: int
    hash_key: bytes | None = field(repr=False)


def _hash_files(files: Sequence[Path], progress: Progress) -> list[tuple[Path, DeliveredFile]]:
    """Return the files by name and content, each content once, so that the order they came in does not matter."""
    if not files:
        raise ValueInvalid("There is nothing to ingest: name at least one file.")
    for path in files:
        open_sources(path)
    progress.step("hash", sum(path.stat().st_size for path in files))
    found: dict[str, tuple[Path, DeliveredFile]] = {}
    for path in files:
        file = DeliveredFile(name=path.name, size=path.stat().st_size, sha256=checksum(path, progress.advance))
        known = found.get(file.sha256)
        if known is None or file.name < known[1].name:
            found[file.sha256] = (path, file)
    return sorted(found.values(), key=lambda pair: (pair[1].name, pair[1].sha256))


def _stamp(path: Path) -> _Stamp:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns


def _check_unchanged(stamps: Mapping[Path, _Stamp]) -> None:
    """Check that what was read is what was hashed: a file that is still being written is never read as whole."""
    for path, stamp in stamps.items():
        if _stamp(path) != stamp:
            raise FileUnreadable(f"{path.name} changed while it was read: ingest it again when nobody writes to it.")


def _find_key(preview: Preview, home: Path | None) -> bytes | None:
    """Return the secret key if the reader needs it."""
    return require_hash_key(find_hash_key(home), preview.mapping or "given") if preview.needs_hash_key else None


def _draft(
    reader: Reader,
    preview: Preview,
    request: IngestRequest,
    *,
    files: tuple[DeliveredFile, ...],
    hash_key: bytes | None,
) -> DeliveryManifest:
    dataset = request.dataset or preview.dataset
    if dataset is None:
        raise ValueInvalid("The files do not say which dataset they are.", Remedy.GIVE_DATASET)
    if not _DATASET.fullmatch(dataset):
        raise ValueInvalid(f"{dataset!r} can name no dataset: use lower-case letters, digits, - and _, at most 64.")
    observed_on = request.observed_on or preview.observed_on
    if observed_on is None:
        raise ValueInvalid(f"The files of {dataset} do not say which day of the register they show.", Remedy.GIVE_DAY)
    kind = request.kind or preview.kind or DeliveryKind.FULL
    # What is not whole is an update unless the caller says that it is: the same files are two deliveries then.
    said = "all there is" if request.kind is DeliveryKind.FULL else kind
    content = [sorted(file.sha256 for file in files), said, reader.name, reader.version, preview.mapping_content]
    if hash_key is not None:
        content.append(fingerprint(hash_key))
    digest = hashlib.sha256(json.dumps(content).encode()).hexdigest()
    return DeliveryManifest(
        id=f"{observed_on.isoformat()}-{digest[:_HASH_LENGTH]}",
        dataset=dataset,
        kind=kind,
        observed_on=observed_on,
        reader=reader.name,
        reader_version=reader.version,
        mapping=preview.mapping,
        files=files,
        n_rows_read=0,
        n_rows_staged={},
        one_at_a_time=dict(preview.one_at_a_time),
    )


def _same_day(staged: Path, draft: DeliveryManifest) -> tuple[list[Delivery], list[Delivery]]:
    """Return the other deliveries of the day that hold the same files, and those that are another full state."""
    same_day = [
        one
        for one in open_deliveries(staged)
        if one.manifest.dataset == draft.dataset
        and one.manifest.observed_on == draft.observed_on
        and one.manifest.id != draft.id
    ]
    superseded = [one for one in same_day if _checksums(one.manifest) == _checksums(draft)]
    others = [one for one in same_day if one not in superseded]
    return superseded, [one for one in others if one.manifest.kind == draft.kind == DeliveryKind.FULL]


def _conflict(draft: DeliveryManifest, other: DeliveryManifest) -> DeliveryConflict:
    names = ", ".join(file.name for file in other.files)
    return DeliveryConflict(
        f"{draft.dataset} already has a full delivery of {draft.observed_on} with other content ({names}).",
        Remedy.REPLACE_DELIVERY,
    )


def _checksums(manifest: DeliveryManifest) -> set[str]:
    return {file.sha256 for file in manifest.files}


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold a dataset for writing; the system lets go of it when the process ends, however it ends."""
    make_folder(folder)
    with ExitStack() as held:
        try:
            held.enter_context(take_lock(folder / ".lock"))
        except BlockingIOError as error:
            raise DeliveryConflict(f"Another ingest of {folder.name} is running: try again when it is done.") from error
        for unfinished in folder.glob(f"{_UNFINISHED}*"):
            shutil.rmtree(unfinished)
        yield


def _stage(reader: Reader, order: _Order, folder: Path) -> None:
    """Write a delivery beside and put it in its place when it is whole."""
    unfinished = folder / f"{_UNFINISHED}{order.draft.id}"
    unfinished.mkdir()
    try:
        report = DeliveryReport()
        context = ReadContext(
            dataset=order.draft.dataset,
            observed_on=order.draft.observed_on,
            report=report,
            mapping=order.mapping,
            hash_key=order.hash_key,
        )
        with Naming() as naming:
            with PartWriter(unfinished) as writer:
                for batch in reader.read(order.sources, context):
                    kept = order_bounds(keep_out_idle(keep_out_personal(batch, report), report), report)
                    naming.note(kept)
                    writer.write(kept)
            naming.report(unfinished, report, order.draft.files[0].name)
        _check_unchanged(order.stamps)
        report.check_bad_rows()
        _check_whole(order, report)
        report.check_staged(sum(writer.n_rows().values()), [source.name for source in order.sources])
        write_table(unfinished / ISSUES, report.issue_table())
        write_manifest(unfinished, _complete(order, report, writer.n_rows()))
        publish_folder(unfinished, folder / order.draft.id)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _n_expected(staged: Path, draft: DeliveryManifest) -> int:
    """Return how many files the last full delivery before had, 0 if there is none."""
    before = [
        one.manifest
        for one in open_deliveries(staged)
        if (one.manifest.dataset, one.manifest.reader) == (draft.dataset, draft.reader)
        and one.manifest.kind is DeliveryKind.FULL
        and one.manifest.observed_on < draft.observed_on
    ]
    return len(before[-1].files) if before else 0


def _check_whole(order: _Order, report: DeliveryReport) -> None:
    """Report what becomes of a full delivery that is not whole."""
    if order.draft.kind is not DeliveryKind.FULL or order.is_vouched:
        return
    n_files = len(order.draft.files)
    if n_files < order.n_expected:
        report.issue(_FEWER_FILES, order.draft.files[0].name, sample=f"{order.n_expected} before, {n_files} now")
    if not report.is_whole:
        report.issue(_TAKEN_AS_UPDATE, order.draft.files[0].name)


def _complete(order: _Order, report: DeliveryReport, n_rows: dict[str, int]) -> DeliveryManifest:
    """Return the manifest with what reading told."""
    whole = report.is_whole or order.is_vouched
    return replace(
        order.draft,
        kind=order.draft.kind if whole else DeliveryKind.UPDATE,
        moment=report.moment,
        files=tuple(replace(file, encoding=_encoding(file, order.sources, report)) for file in order.draft.files),
        n_rows_read=report.n_rows_read.total(),
        n_rows_staged=n_rows,
        issues=dict(report.issue_counts),
        ignored_fields=report.ignored_fields,
        unknown_fields=tuple(sorted(report.unknown_fields)),
        dropped_personal_fields=dict(report.dropped_personal_fields),
    )


def _encoding(file: DeliveredFile, sources: Sequence[SourceFile], report: DeliveryReport) -> str | None:
    """Return what a file was read in; an archive's members may differ."""
    found = {report.encodings.get(source.name) for source in sources if source.path.name == file.name}
    return ", ".join(sorted(filter(None, found))) or None

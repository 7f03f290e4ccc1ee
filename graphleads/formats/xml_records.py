"""Records of an XML file of any size as blocks of columns of known types.

Only one record at a time is held. Document type declarations are refused, and with them entities: no register needs
them, and they are how a small document does harm. Namespaces are told apart by nobody, so names count without prefix.
"""

from __future__ import annotations

import unicodedata
from collections import deque
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

import pyarrow as pa

from graphleads.errors import FileUnreadable, FormatMismatch
from graphleads.formats.json_block import Object, gather_objects
from graphleads.formats.json_object import NumberedObject
from graphleads.formats.report import DeliveryReport, Flaw
from graphleads.formats.row_block import RowBlock
from graphleads.formats.source import SourceFile

TEXT = "text"
"""The field for the text of an element that has attributes."""

MAX_RECORD = 4 << 20
"""Characters of one record."""

_CHUNK = 1 << 20
_MAX_TOKEN = 16 << 20
_HEAD = 64 << 10
_LANGUAGE = ("xml:lang", "xmllang")
_NO_FIELDS = ("xmlns", "xmlns:", "xsi:")
_ENDS_EARLY = (expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS],
               expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN],
               expat.errors.codes[expat.errors.XML_ERROR_PARTIAL_CHAR])  # fmt: skip
_TOO_LONG = Flaw(
    code="record_too_long", message=f"The record is longer than {MAX_RECORD:,} characters: it is left out."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class XmlStart:
    """What stands at the start of an XML file.

    Attributes:
        root: The root element's name.
        texts: The texts of elements by name, as far as the first 64 KiB go; the first of each name counts.
    """

    root: str
    texts: Mapping[str, str]


def is_xml(source: SourceFile) -> bool:
    """Return whether a file begins as markup does."""
    head = source.head().lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")
    return head.startswith(b"<")


def read_xml_start(source: SourceFile) -> XmlStart:
    """Return the root element's name and the texts of the first elements.

    Raises:
        FormatMismatch: If it is no XML, or has a document type declaration, as web pages do.
    """
    names: list[str] = []
    texts: dict[str, str] = {}
    pending: list[str] = []

    def start(name: str, _: Mapping[str, str]) -> None:
        names.append(_local(name))
        pending.clear()

    def end(name: str) -> None:
        if pending:
            texts.setdefault(_local(name), _clean("".join(pending)))
        pending.clear()

    parser = _new_parser(source)
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, pending.append
    _feed(parser, source, source.head(_HEAD), final=False)
    if not names:
        raise FormatMismatch(f"{source.name} has no XML element: check that it is the right file.")
    return XmlStart(root=names[0], texts=texts)


def read_xml_blocks(
    source: SourceFile, tag: str, record: pa.StructType, *, ignored: Collection[str], report: DeliveryReport
) -> Iterator[RowBlock]:
    """Yield the records of a file block by block, numbered from 1.

    Args:
        source: The file.
        tag: The element that is a record.
        record: The elements and attributes to read: a struct for an element with others in it or with attributes (its
            own text is the field `text`, `xml:lang` is `xmllang`), a list for one that is repeated.
        ignored: Paths of elements and attributes that are left out on purpose: `Entity.LegalName.xmllang`.
        report: Takes the rows read, the encoding, the issues and the unknown fields.

    Yields:
        Blocks with the record's fields as columns, named by their paths; texts are NFC, trimmed and null where empty.

    Raises:
        FileUnreadable: If the file is truncated.
        FormatMismatch: If it is no well-formed XML, or has a document type declaration.
    """
    records = _RecordBuilder(source.name, tag, _plan(record, ignored), report)
    yield from gather_objects(source.name, _read_records(source, records, report), record, ignored=(), report=report)


def _read_records(source: SourceFile, records: _RecordBuilder, report: DeliveryReport) -> Iterator[NumberedObject]:
    parser = _new_parser(source)
    report.encoding(source.name, "utf-8")
    parser.XmlDeclHandler = lambda _, encoding, __: report.encoding(source.name, (encoding or "utf-8").lower())
    parser.StartElementHandler = records.start
    parser.EndElementHandler = records.end
    parser.CharacterDataHandler = records.characters
    n_bytes = 0
    with source.open() as stream:
        while chunk := stream.read(_CHUNK):
            n_bytes += len(chunk)
            _feed(parser, source, chunk, final=False)
            if n_bytes - parser.CurrentByteIndex > _MAX_TOKEN:
                raise FormatMismatch(f"{source.name} has a tag of more than {_MAX_TOKEN >> 20} MiB: it is no register.")
            yield from records.take()
    _feed(parser, source, b"", final=True)


def _new_parser(source: SourceFile) -> expat.XMLParserType:
    def refuse(*_: object) -> NoReturn:
        raise FormatMismatch(
            f"{source.name} has a document type declaration, so it is a web page or no register's XML: "
            "download the file again."
        )

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    return parser


def _feed(parser: expat.XMLParserType, source: SourceFile, data: bytes, *, final: bool) -> None:
    try:
        parser.Parse(data, final)
    except (expat.ExpatError, LookupError, ValueError) as error:
        if final and getattr(error, "code", None) in _ENDS_EARLY:
            raise FileUnreadable(f"{source.name} ends in the middle: it is truncated, download it again.") from error
        raise FormatMismatch(
            f"{source.name} is no well-formed XML ({error}): check that it is the right file, or download it again."
        ) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What is read of an element.

    Attributes:
        path: Its path in the record.
        parts: What to do with the elements in it and its attributes, by name; None: left out on purpose.
        is_text: Whether its text is all that is read of it.
        repeated: Whether there may be several.
    """

    path: str
    parts: dict[str, _Plan | None] = field(default_factory=dict)
    is_text: bool = True
    repeated: bool = False


def _plan(kind: pa.DataType, ignored: Collection[str], path: str = "", *, repeated: bool = False) -> _Plan:
    if pa.types.is_list(kind):
        return _plan(kind.value_type, ignored, path, repeated=True)
    above = f"{path}." if path else ""
    left_out = (one.removeprefix(above) for one in ignored if one.startswith(above))
    parts: dict[str, _Plan | None] = {name: None for name in left_out if "." not in name}
    is_struct = pa.types.is_struct(kind)
    for part in kind if is_struct else ():
        parts[part.name] = _plan(part.type, ignored, above + part.name)
    return _Plan(path=path, parts=parts, is_text=not is_struct, repeated=repeated)


class _RecordBuilder:
    """Takes what the parser finds, and gives whole records."""

    def __init__(self, file: str, tag: str, plan: _Plan, report: DeliveryReport) -> None:
        self._file, self._tag, self._root, self._report = file, tag, plan, report
        self._open: list[tuple[_Plan, dict[str, object]]] = []
        self._skipped = 0
        self._texts: list[str] = []
        self._n_characters = 0
        self._n_records = 0
        self._whole: deque[NumberedObject] = deque()
        self._locals: dict[str, str] = {}

    def take(self) -> Iterator[NumberedObject]:
        """Yield the records that are whole, each once."""
        self._report.rows_read(self._file, len(self._whole))
        while self._whole:
            yield self._whole.popleft()

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Begin an element."""
        if self._skipped:
            self._skipped += 1
            return
        self._texts.clear()
        local = self._locals.get(name) or self._locals.setdefault(name, _local(name))
        if not self._open:
            if local == self._tag:
                self._open.append((self._root, {}))
                self._n_characters = 0
            return
        part = self._find(self._open[-1][0], local)
        if part is None:
            self._skipped = 1
            return
        content: dict[str, object] = {}
        self._open.append((part, content))
        for attribute, value in attributes.items():
            self._keep_attribute(part, content, attribute, value)

    def characters(self, text: str) -> None:
        """Take text of the open element."""
        if self._open and not self._skipped:
            self._n_characters += len(text)
            if self._n_characters <= MAX_RECORD:
                self._texts.append(text)

    def end(self, name: str) -> None:
        """End an element."""
        if self._skipped:
            self._skipped -= 1
            return
        if not self._open:
            return
        plan, content = self._open.pop()
        text = _clean("".join(self._texts))
        self._texts.clear()
        if not self._open:
            self._finish(content)
        elif plan.is_text:
            self._put(plan, name, text)
        else:
            if text and TEXT in plan.parts:
                content[TEXT] = text
            self._put(plan, name, content)

    def _find(self, plan: _Plan, name: str) -> _Plan | None:
        if name not in plan.parts:
            self._report.unknown_field(f"{plan.path}.{name}".lstrip("."))
        return plan.parts.get(name)

    def _keep_attribute(self, plan: _Plan, content: dict[str, object], attribute: str, value: str) -> None:
        if attribute.startswith(_NO_FIELDS):
            return
        name = _LANGUAGE[1] if attribute == _LANGUAGE[0] else _local(attribute)
        if self._find(plan, name) is not None:
            self._n_characters += len(value)
            content[name] = _clean(value) or None

    def _put(self, plan: _Plan, name: str, value: object) -> None:
        if not value:
            return
        above, local = self._open[-1][1], self._locals[name]
        if not plan.repeated:
            above[local] = value
        elif isinstance(held := above.setdefault(local, []), list):
            held.append(value)

    def _finish(self, content: Object) -> None:
        self._n_records += 1
        if self._n_characters > MAX_RECORD:
            self._report.issue(_TOO_LONG, self._file, row=self._n_records)
            return
        self._whole.append(NumberedObject(self._n_records, dict(content), self._n_characters))


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _clean(text: str) -> str:
    text = text.strip()
    return text if text.isascii() else unicodedata.normalize("NFC", text)

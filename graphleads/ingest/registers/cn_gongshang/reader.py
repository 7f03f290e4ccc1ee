"""China's registers of companies (工商): tables with Chinese headers, and the answers of two company-data services.

A table has one row a company, and may be CSV in UTF-8 or GB18030, an Excel workbook, Parquet or SQLite. JSON is what
Qichacha or Tianyancha answered, one answer a file, a line or an element of an array. `docs/registers.md` says field by
field where each goes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, islice
from pathlib import Path

from graphleads.errors import ValueInvalid
from graphleads.formats.delimited import Dialect
from graphleads.formats.json_object import read_objects
from graphleads.formats.source import SourceFile
from graphleads.formats.tabular import SourceTable, TableFormat, list_tables, tell_format
from graphleads.ingest.reader import Preview, ReadContext, StagedBatch
from graphleads.ingest.registers.cn_gongshang.answer import AnswerTaker, make_block
from graphleads.ingest.registers.cn_gongshang.company import Dossiers, stage_companies
from graphleads.ingest.registers.cn_gongshang.dossier import QICHACHA, TABLE, Origin
from graphleads.ingest.registers.cn_gongshang.header import choose_columns, make_dossiers
from graphleads.ingest.registers.cn_gongshang.shape import QICHACHA_COMPANY, TIANYANCHA_COMPANY, TIANYANCHA_LISTS
from graphleads.ingest.registers.cn_gongshang.tie import stage_ties
from graphleads.model import DeliveryKind

_DIALECT = Dialect(otherwise="gb18030")
_BLOCK = 2_000
"""Answers of a block."""


class CnGongshangReader:
    """Reads what Chinese registers hold, as tables and as the services' JSON."""

    name = "cn-gongshang"
    version = 2

    def preview(self, files: Sequence[SourceFile], mapping: str | Path | None) -> Preview:
        """Return the dataset's name; answers of a service are an update, for they are of single companies.

        Raises:
            ValueInvalid: If a mapping is given.
        """
        if mapping is not None:
            raise ValueInvalid("The reader cn-gongshang takes no mapping: leave it out, or use the reader table.")
        answers = all(tell_format(source) is TableFormat.JSON for source in files)
        return Preview(
            dataset="cn_gongshang",
            kind=DeliveryKind.UPDATE if answers else None,
            one_at_a_time={"roles": ("legal_representative",)},
        )

    def read(self, files: Sequence[SourceFile], context: ReadContext) -> Iterator[StagedBatch]:
        """Yield the staged rows block by block.

        Raises:
            FileUnreadable: If a file is truncated or cannot be decoded.
            FormatMismatch: If it is neither a table nor JSON.
            FormatChanged: If a table has no column of company names.
        """
        for source in files:
            if tell_format(source) is TableFormat.JSON:
                read = _read_answers(source, context)
            else:
                read = (one for table in list_tables(source) for one in _read_table(table, context))
            for dossiers in read:
                yield from stage_companies(dossiers)
                yield from stage_ties(dossiers)


def _read_table(table: SourceTable, context: ReadContext) -> Iterator[Dossiers]:
    chosen = choose_columns(table.source.name, table.header(_DIALECT))
    for header, reason in chosen.ignored.items():
        context.report.ignored_field(header, reason)
    for header in chosen.unknown:
        context.report.unknown_field(header)
    for block in table.blocks(_DIALECT, report=context.report, columns=chosen.columns):
        made = make_dossiers(block, chosen, context.report)
        yield Dossiers.of(made, context, origin=TABLE, labels=chosen.labels)


def _read_answers(source: SourceFile, context: ReadContext) -> Iterator[Dossiers]:
    """Yield the answers of a file; neighbours from one service are a block."""
    taker = AnswerTaker(source.name, context.report)
    taken = ((one.number, taker.take(one.number, one.content)) for one in read_objects(source, report=context.report))
    answers = ((number, *answer) for number, answer in taken if answer is not None)
    for origin, group in groupby(answers, key=lambda answer: answer[1]):
        while chunk := list(islice(group, _BLOCK)):
            block = make_block(source.name, (number for number, _, _ in chunk), [dossier for _, _, dossier in chunk])
            yield Dossiers.of(block, context, origin=origin, labels=_labels(origin))


def _labels(origin: Origin) -> dict[str, str]:
    if origin is QICHACHA:
        return QICHACHA_COMPANY.labels()
    labels = TIANYANCHA_COMPANY.labels()
    for name, (part, shape) in TIANYANCHA_LISTS.items():
        labels |= {f"{part}.{field}": f"{name}.{label}" for field, label in shape.labels().items()}
    return labels

"""Answers of Qichacha and Tianyancha, as their interfaces send them, as dossiers.

Fields are taken out by name (`cn_shape`) and what is left over is reported as unknown. A field that is left out on
purpose is reported with its reason, one that identifies a person is dropped and counted.

Reference:
    Qichacha, 企业工商详情 (openapi.qcc.com, interface 410); Tianyancha, 工商信息, 企业股东, 主要人员, 分支机构,
    对外投资 (open.tianyancha.com, interfaces 818 to 823).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa

from graphleads.formats.cell import cell_text
from graphleads.formats.report import DeliveryReport, Flaw
from graphleads.formats.row_block import RowBlock
from graphleads.ingest.registers.cn_gongshang.dossier import DOSSIER, LISTS, QICHACHA, TIANYANCHA, Origin
from graphleads.ingest.registers.cn_gongshang.shape import QICHACHA_COMPANY, TIANYANCHA_COMPANY, TIANYANCHA_LISTS, Shape

Json = Mapping[str, Any]

_QICHACHA_MARKS = frozenset({"Result", "KeyNo", "OperName", "CreditCode", "Partners", "Employees"})
_TIANYANCHA_MARKS = frozenset({"result", "regStatus", "legalPersonName", "estiblishTime", *TIANYANCHA_LISTS})
_ENVELOPE = ("Status", "Message", "OrderNumber", "Paging", "reason", "error_code", "state", "message")
_PLACEHOLDERS = ("", "-", "--")
_NO_ANSWER = Flaw(code="no_answer", message="This is no answer of Qichacha or Tianyancha: it is left out.")
_ANSWER_ERROR = Flaw(code="answer_error", message="The service answered with an error: there is no company in it.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a service said of one company.

    Attributes:
        origin: Whose numbers it has.
        shape: The shape of the company's own fields.
        company: The company's own fields, None if the service had none.
        lists: What stands beside it, by field.
        envelope: What belongs to neither.
    """

    origin: Origin
    shape: Shape
    company: Json | None
    lists: Json = field(default_factory=dict)
    envelope: Json = field(default_factory=dict)


def find_answer(content: Json) -> Answer | None:
    """Return what an object says of a company, None if it is no answer of a service that is known."""
    if _QICHACHA_MARKS & content.keys():
        return _open(content, "Result", QICHACHA, QICHACHA_COMPANY)
    if _TIANYANCHA_MARKS & content.keys():
        lists = {name: content[name] for name in TIANYANCHA_LISTS if name in content}
        rest = {name: value for name, value in content.items() if name not in lists}
        opened = _open(rest, "result", TIANYANCHA, TIANYANCHA_COMPANY)
        return replace(opened, lists=lists)
    return None


def _open(content: Json, key: str, origin: Origin, shape: Shape) -> Answer:
    if key not in content:
        return Answer(origin=origin, shape=shape, company=content)
    inner = content[key]
    envelope = {name: value for name, value in content.items() if name != key}
    return Answer(origin=origin, shape=shape, company=inner if isinstance(inner, dict) else None, envelope=envelope)


class AnswerTaker:
    """Takes answers apart and reports what they hold beside what is read."""

    def __init__(self, file: str, report: DeliveryReport) -> None:
        self._file = file
        self._report = report

    def take(self, number: int, content: Json) -> tuple[Origin, dict[str, Any]] | None:
        """Return an answer as a dossier and whose numbers it has, None if it is none, which is reported.

        Args:
            number: The object's number in the file.
            content: The object.
        """
        answer = find_answer(content)
        if answer is None or answer.company is None:
            flaw = _NO_ANSWER if answer is None else _ANSWER_ERROR
            words = content.get("Message") or content.get("reason")
            self._report.bad_rows(flaw, self._file, rows=np.array([number], np.int64), samples=[cell_text(words)])
            return None
        self._account(answer.envelope)
        dossier = self._object(answer.company, answer.shape, "")
        for name, listed in answer.lists.items():
            part, shape = TIANYANCHA_LISTS[name]
            dossier[part] = [self._object(one, shape, f"{name}.") for one in _items(listed)]
        return answer.origin, dossier

    def _account(self, envelope: Json) -> None:
        for name in envelope:
            if name in _ENVELOPE:
                self._report.ignored_field(name, "about the answer, not the company")
            else:
                self._report.unknown_field(name)

    def _object(self, content: Json, shape: Shape, path: str) -> dict[str, Any]:
        taken: dict[str, Any] = {}
        for name, target in shape.texts.items():
            _put(taken, target, _texts(content.get(name), shape.words.get(name, {})))
        for name, inner in shape.inside.items():
            for one in _objects(content.get(name))[:1]:
                for target, value in self._object(one, inner, f"{path}{name}.").items():
                    _put(taken, target, value if isinstance(value, list) else [value])
        for name, (part, inner) in shape.parts.items():
            taken[part] = [self._object(one, inner, f"{path}{name}.") for one in _objects(content.get(name))]
        self._report_rest(content, shape, path)
        return taken

    def _report_rest(self, content: Json, shape: Shape, path: str) -> None:
        for name, value in content.items():
            if name in shape.ignored:
                self._report.ignored_field(f"{path}{name}", shape.ignored[name])
            elif name in shape.personal:
                if texts := _texts(value, {}):
                    self._report.dropped_personal(f"{path}{name}", len(texts))
            elif name not in shape.texts and name not in shape.inside and name not in shape.parts:
                self._report.unknown_field(f"{path}{name}")


def make_block(file: str, numbers: Iterable[int], dossiers: list[dict[str, Any]]) -> RowBlock:
    """Return dossiers as rows in the columns of `cn_dossier.DOSSIER`."""
    array = pa.array(dossiers, DOSSIER)
    columns = {one.name: values for one, values in zip(DOSSIER, array.flatten(), strict=True)}
    return RowBlock(file=file, columns=columns, rows=np.array(list(numbers), np.int64))


def _items(listed: object) -> list[Json]:
    """Return what a list holds, whatever it is wrapped in: `result.items`, `data.result`, `items`."""
    while isinstance(listed, dict):
        listed = next((listed[key] for key in ("items", "result", "data") if key in listed), None)
    return _objects(listed)


def _objects(value: object) -> list[Json]:
    """Return a value as objects: one, several, or texts as objects with one field without a name."""
    values = value if isinstance(value, list) else [value]
    return [one if isinstance(one, dict) else {"": one} for one in values if one is not None]


def _texts(value: object, words: Mapping[str, str]) -> list[str]:
    """Return a plain value or a list of them as texts, without those that stand for nothing."""
    values = value if isinstance(value, list) else [value]
    texts = (unicodedata.normalize("NFC", cell_text(one) or "").replace("\0", "").strip() for one in values)
    return [text for text in (words.get(text, text) for text in texts) if text not in _PLACEHOLDERS]


def _put(taken: dict[str, Any], target: str, texts: list[str]) -> None:
    """Add texts to a dossier's list, or set its text if it has none yet; posts in a list are one text."""
    if target in LISTS:
        taken[target] = list(dict.fromkeys([*taken.get(target, []), *texts]))
    elif texts:
        taken.setdefault(target, "，".join(texts))

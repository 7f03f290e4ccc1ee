"""Cells of a CRM export as values: statuses, days, e-mail domains."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from difflib import get_close_matches
from enum import StrEnum

from graphleads.errors import ValueInvalid
from graphleads.model import CustomerStatus
from graphleads.values.email_domain import own_domain

STATUS_WORDS: Mapping[CustomerStatus, tuple[str, ...]] = {
    CustomerStatus.WON: (
        *("won", "closed won", "closedwon", "customer", "existing customer", "current customer", "active customer"),
        *("customer - direct", "customer - channel", "client", "signed", "evangelist"),
        *("ganho", "ganha", "fechado ganho", "fechada ganha", "negócio ganho", "vendido", "cliente", "cliente ativo"),
        *("ganado", "ganada", "cerrado ganado", "cerrada ganada", "cliente activo", "cliente actual"),
        *("成交", "已成交", "已签约", "签约", "赢单", "成交客户", "签约客户", "正式客户", "老客户", "客户"),
    ),
    CustomerStatus.OPEN: (
        *("open", "new", "prospect", "lead", "opportunity", "subscriber", "other", "in progress", "contacted"),
        *("marketing qualified lead", "sales qualified lead", "marketingqualifiedlead", "salesqualifiedlead"),
        *("prospecting", "qualification", "qualified", "needs analysis", "value proposition", "id. decision makers"),
        *("perception analysis", "proposal", "proposal/price quote", "negotiation", "negotiation/review", "engaging"),
        *("em andamento", "em progresso", "em negociação", "em aberto", "aberto", "aberta", "novo", "nova"),
        *("prospecção", "qualificação", "qualificado", "proposta", "proposta enviada", "negociação", "oportunidade"),
        *("en curso", "en proceso", "en progreso", "en negociación", "abierto", "abierta", "nuevo", "nueva"),
        *("prospecto", "prospección", "calificación", "propuesta", "propuesta enviada", "negociación", "oportunidad"),
        *("跟进中", "潜在", "潜在客户", "意向", "意向客户", "线索", "商机", "洽谈", "洽谈中", "谈判", "报价", "未成交"),
    ),
    CustomerStatus.LOST: (
        *("lost", "closed lost", "closedlost", "churned", "former customer", "inactive", "cancelled", "canceled"),
        *("perdido", "perdida", "fechado perdido", "fechada perdida", "negócio perdido", "inativo", "inativa"),
        *("cancelado", "cancelada", "cliente inativo", "ex-cliente"),
        *("cerrado perdido", "cerrada perdida", "inactivo", "inactiva", "cliente inactivo"),
        *("流失", "已流失", "流失客户", "输单", "丢单", "失败", "已终止", "无效"),
    ),
}
"""The words of each status, compared in lower case and without accents."""


def fold_word(text: str) -> str:
    """Return a text for comparison: in lower case, without accents, with single spaces."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(one for one in apart if not unicodedata.combining(one)).split())


_STATUSES = {fold_word(word): status for status, words in STATUS_WORDS.items() for word in words}

_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T ].*)?")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?:[T ,].*)?")
_NAMED_MONTHS = ("%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%d-%b-%Y", "%d-%b-%y", "%Y%m%d")

_DOMAIN = re.compile(r"(?:^|@)([^\s@,;<>\"/]+\.[^\s@,;<>\"/.\d]{2,})(?=$|[\s,;>\"])")


class DayOrder(StrEnum):
    """Whether days such as 03/04/2023 begin with the day or the month, as far as a column tells."""

    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"
    UNKNOWN = "unknown"


def parse_status(text: str | None, words: Mapping[str, CustomerStatus]) -> CustomerStatus:
    """Return the status that a word stands for.

    Args:
        text: The word, None for an empty cell.
        words: Status by word in lower case, before the known ones; the empty word is that of empty cells.

    Raises:
        ValueInvalid: If the word is not known.
    """
    said = " ".join((text or "").split()).casefold()
    status = words.get(said) or _STATUSES.get(fold_word(said))
    if status is None:
        what = f"Its status {text[:80]!r} is unknown" if text else "It has no status"
        raise ValueInvalid(f"{what}: say what that means under `status` in a mapping.")
    return status


def nearest_words(text: str) -> list[str]:
    """Return the three known status words that are most like a text, each with its status."""
    near = get_close_matches(fold_word(text)[:80], _STATUSES, n=3, cutoff=0.0)
    return [f"{word} ({_STATUSES[word]})" for word in near]


def tell_day_order(texts: Iterable[str | None]) -> DayOrder:
    """Return whether the days of a column begin with day or month: only one of the two can be above 12."""
    first, second = set(), set()
    for text in texts:
        found = _YEAR_LAST.fullmatch(text) if text else None
        if found:
            first.add(int(found[1]) > 12)
            second.add(int(found[3]) > 12)
    if (True in first) == (True in second):
        return DayOrder.UNKNOWN
    return DayOrder.DAY_FIRST if True in first else DayOrder.MONTH_FIRST


def parse_day(text: str, order: DayOrder, form: str | None = None) -> date | None:
    """Return a day, None if it can be read in two ways and the column does not tell which.

    Args:
        text: A day as people write it: 2023-05-09, 2023年5月9日, 9.5.2023, 5/9/2023, 9 May 2023; a time is left off.
        order: What the column tells about days that end in the year.
        form: How it is written in strptime's letters, if that is known.

    Raises:
        ValueInvalid: If it is no day.
    """
    try:
        if form is not None:
            return datetime.strptime(text, form).date()
        if found := _YEAR_FIRST.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _YEAR_LAST.fullmatch(text):
            return _parse_year_last(int(found[1]), int(found[3]), int(found[4]), _order_of(found, order))
        return _parse_named_month(text)
    except ValueError:
        how = form or "2023-05-09, or say `date_format` in a mapping"
        raise ValueInvalid(f"Its date {text[:80]!r} is no day: write it like {how}.") from None


def parse_email_domain(text: str) -> str | None:
    """Return the registered domain of the first e-mail address in a text, or of a text that is a domain.

    Returns:
        It in lower case, None if there is none or it is one of free mail.
    """
    found = _DOMAIN.search(text.strip())
    return own_domain(found[1].casefold()) if found else None


def _order_of(found: re.Match[str], order: DayOrder) -> DayOrder:
    first, second = int(found[1]), int(found[3])
    if found[2] == "." or first > 12 or first == second:
        return DayOrder.DAY_FIRST
    return DayOrder.MONTH_FIRST if second > 12 else order


def _parse_year_last(first: int, second: int, year: int, order: DayOrder) -> date | None:
    if order is DayOrder.UNKNOWN:
        return None
    day, month = (first, second) if order is DayOrder.DAY_FIRST else (second, first)
    return date(year, month, day)


def _parse_named_month(text: str) -> date:
    for form in _NAMED_MONTHS:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise ValueError(text)

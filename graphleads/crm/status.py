"""Words of a CRM export for how far it is with a customer."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from difflib import get_close_matches

from graphleads.errors import ValueInvalid
from graphleads.model import CustomerStatus

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

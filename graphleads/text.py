"""Text from wherever it comes, made one: the same name is the same, be it typed, exported, or sent by a program."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from html import unescape
from html.entities import html5

INVISIBLE = r"\x00" "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
"""Characters that are not seen and part nothing, as ranges of a regular expression."""

NOTHING = r"null|\(null\)|nan|nat|none|<na>|#n/a|\\n"
"""What programs write for a value that is not there, in lower case, as a regular expression."""

NO_VALUE = (
    rf"(?i:[-–—_.,;:*/\\?#~·\s]+|{NOTHING}|#?n\.?[ /.]?a\.?|n[./]d\.?|s[./]d\.?|#nan|nil|nothing|not a number|unknown|"
    r"not (?:applicable|available|known|given|provided|specified|stated|disclosed|recorded)|unspecified|undefined|"
    r"t\.?b\.?[acd]\.?|没有|无|無|暂无|暫無|暂缺|未知|不详|不詳|未填写|未公示|未公开|未披露|不适用|空|なし|該当なし|"
    r"nao (?:ha|informado|consta|possui)|não (?:há|informado|consta|possui)|sem (?:informação|informacao|dados)|"
    r"k\.? ?a\.?|keine angabe|sin (?:datos|informaci[oó]n)|no (?:disponible|aplica)|néant|aucune?|non renseigné)"
)
"""All that people and programs write where there is nothing to say, to Python and to RE2: the one list of it."""

_JOINED = "\u0600-\u109f\u1780-\u17ff"
"""Scripts whose words need zero-width joiners and non-joiners: Arabic to Myanmar, and Khmer."""

_ENTITY = re.compile(r"&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_REMOVED = re.compile(rf"[{INVISIBLE}]")
_JOINER = re.compile(rf"(?<![{_JOINED}])[\u200c\u200d]|[\u200c\u200d](?![{_JOINED}])")
_CONTROL = re.compile(r"[\x01-\x1f\x7f-\x9f]")
_NOTHING = re.compile(NOTHING, re.IGNORECASE)
_NO_VALUE = re.compile(NO_VALUE)
_LONGEST_NO_VALUE = 16
_PLAIN = re.compile(r"[!-%'-~]+(?: [!-%'-~]+)*")


def clean_text(text: str) -> str:
    r"""Return a text in NFC on one line, with single spaces, without what is not seen; empty if it stands for nothing.

    HTML entities become their characters; `NULL`, `nan`, `None` and `\N` alone stand for nothing. A clean text stays.
    """
    while (cleaned := _clean(text)) != text:
        text = cleaned
    return text


def says_nothing(text: str) -> bool:
    """Return whether a text only stands in for one: `N/A`, `-`, `TBC`, `null`, 暂无; an empty one says nothing, too."""
    return not text or (len(text) <= _LONGEST_NO_VALUE and _NO_VALUE.fullmatch(text) is not None)


def is_same_name(one: str, other: str | None) -> bool:
    """Return whether two names of somebody are one however they are typed: in capitals or not, in any normal form."""
    return other is not None and (one == other or clean_text(one).casefold() == clean_text(other).casefold())


def same_names(name: str, names: Iterable[str | None]) -> set[str]:
    """Return those of some names, of which many may be equal, that are one with a name however they are typed."""
    return {one for one in set(names) if one is not None and is_same_name(name, one)}


def _clean(text: str) -> str:
    if _PLAIN.fullmatch(text) is None:
        text = unicodedata.normalize("NFC", _ENTITY.sub(_character, text))
        text = _JOINER.sub("", _REMOVED.sub("", text))
        text = " ".join(_CONTROL.sub(" ", text).split())
    return "" if _NOTHING.fullmatch(text) else text


def _character(entity: re.Match[str]) -> str:
    if entity[1].startswith("#"):
        return unescape(entity[0])
    return html5.get(f"{entity[1]};", entity[0])

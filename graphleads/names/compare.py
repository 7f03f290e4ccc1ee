"""How alike two company names are."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import fuzz

from graphleads.names.legal_form import FormAgreement, compare_legal_forms
from graphleads.names.normalize import split_names
from graphleads.names.words import is_unspaced

_NUMBER = re.compile(r"\d+|\b[ivx]{2,}\b")
_OTHER_NUMBERS = 0.85
_FORM_FACTORS = {
    FormAgreement.SAME: 1.0,
    FormAgreement.MISSING: 0.99,
    FormAgreement.SIMILAR: 0.98,
    FormAgreement.CONFLICT: 0.93,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparableName:
    """A name made ready for comparison: its core key and its canonical legal form, None without one."""

    core: str
    form: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NameComparison:
    """How two names stand to one another.

    Attributes:
        similarity: How alike they are as text, in [0, 1].
        same_core: Whether they are equal but for the legal form.
        same_start: Whether their first words are equal, or in a script without spaces one begins the other.
        form: How their legal forms agree.
    """

    similarity: float
    same_core: bool
    same_start: bool
    form: FormAgreement


def compare_names(left: str, right: str) -> float:
    """Return how alike two names are, in [0, 1]; 1 if their name keys are equal.

    Spelling and the choice of words count; their order, case, accents and punctuation do not; a different number (Fund
    II, Fund III) and a conflict of legal forms (ltd, plc) lower the figure.
    """
    return compare_comparable(*comparable_names(pa.array([left, right], pa.string()))).similarity


def comparable_names(names: pa.Array | pa.ChunkedArray) -> list[ComparableName]:
    """Return a column of names, string[n], made ready for comparison; null is the empty name."""
    parts = split_names(names)
    forms = pc.coalesce(parts.tail, parts.head).to_pylist()
    return [ComparableName(core=core, form=form) for core, form in zip(parts.body.to_pylist(), forms, strict=True)]


def compare_comparable(left: ComparableName, right: ComparableName) -> NameComparison:
    """Return how two names stand to one another."""
    form = compare_legal_forms(left.form, right.form)
    return NameComparison(
        similarity=_likeness(left.core, right.core) * _FORM_FACTORS[form],
        same_core=left.core == right.core,
        same_start=_start_alike(left.core.split(" ", 1)[0], right.core.split(" ", 1)[0]),
        form=form,
    )


def _start_alike(left: str, right: str) -> bool:
    """Return whether first words are equal, or, in a script without spaces, one begins the other."""
    if left == right or not left or not right:
        return left == right
    return is_unspaced(left) and (left.startswith(right) or right.startswith(left))


def _likeness(left: str, right: str) -> float:
    """Return how alike two core keys are, in [0, 1], whatever the order of words and the spaces between them."""
    if not left or not right:
        return float(left == right)
    squeezed = fuzz.ratio(left.replace(" ", ""), right.replace(" ", ""))
    likeness = max(squeezed, fuzz.token_sort_ratio(left, right)) / 100
    same_numbers = sorted(_NUMBER.findall(left)) == sorted(_NUMBER.findall(right))
    return likeness if same_numbers else likeness * _OTHER_NUMBERS

"""How alike company names are: one name beside a column of others."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from graphleads.names.legal_form import FormAgreement, compare_legal_forms
from graphleads.names.normalize import core_key, split_names
from graphleads.names.text import text_column
from graphleads.names.words import is_unspaced

_NUMBER = re.compile(r"\d+|\b[ivx]{2,}\b")
_PERHAPS_NUMBER = r"\p{Nd}|\b[ivx]{2,}\b"
"""Found in every name that has a number, and in few others: Arrow's word boundaries know ASCII alone."""
_OTHER_NUMBERS = 0.85
_ALIKE = 85
_LEAST_START = 4
_LATIN = re.compile("[a-z]")
_FORM_FACTORS = {
    FormAgreement.SAME: 1.0,
    FormAgreement.MISSING: 0.99,
    FormAgreement.SIMILAR: 0.98,
    FormAgreement.CONFLICT: 0.93,
}


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


@dataclass(frozen=True, slots=True, kw_only=True)
class NameComparisons:
    """How one name stands to a column of n others.

    Attributes:
        similarity: float64[n], in [0, 1].
        cores: The core keys of the others.
        core: That of the one.
        forms: How the legal forms agree.
    """

    similarity: NDArray[np.float64]
    cores: Sequence[str]
    core: str
    forms: Sequence[FormAgreement]

    def __getitem__(self, at: int) -> NameComparison:
        return NameComparison(
            similarity=float(self.similarity[at]),
            same_core=self.core == self.cores[at],
            same_start=_start_alike(self.core.split(" ", 1)[0], self.cores[at].split(" ", 1)[0]),
            form=self.forms[at],
        )


def compare_names(name: str, others: pa.Array | pa.ChunkedArray) -> NameComparisons:
    """Return how a name stands to each of a column, string[n]; null is the empty name.

    Spelling and the choice of words count; their order, case, accents and punctuation do not; a different number (Fund
    II, Fund III) and a conflict of legal forms (ltd, plc) lower the similarity, which is 1 if the name keys are equal.
    """
    if len(others) == 0:
        return NameComparisons(similarity=np.empty(0), cores=(), core=core_key(name), forms=())
    parts = split_names(pa.concat_arrays([pa.array([name], pa.string()), text_column(others)]))
    core, *cores = parts.body.to_pylist()
    form, *forms = pc.coalesce(parts.tail, parts.head).to_pylist()
    agreements = {other: compare_legal_forms(form, other) for other in set(forms)}
    factors = np.array([_FORM_FACTORS[agreements[other]] for other in forms], np.float64)
    return NameComparisons(
        similarity=_likeness(core, cores, _numbers(parts.body)) * factors,
        cores=cores,
        core=core,
        forms=[agreements[other] for other in forms],
    )


def cores_agree(left: str, right: str) -> bool:
    """Return whether two core keys may well be one company's, of which more is known to be the same than the name.

    They are alike but for a few letters, or one is short for the other: `module` for `module holdings`.
    """
    if not left or not right:
        return left == right
    squeezed = sorted((left.replace(" ", ""), right.replace(" ", "")), key=len)
    alike = max(fuzz.ratio(*squeezed), fuzz.token_sort_ratio(left, right)) >= _ALIKE
    if alike and sorted(_NUMBER.findall(left)) == sorted(_NUMBER.findall(right)):
        return True
    shorter, longer = sorted((set(left.split()), set(right.split())), key=len)
    return shorter <= longer or (len(squeezed[0]) >= _LEAST_START and squeezed[1].startswith(squeezed[0]))


def in_other_scripts(left: str, right: str) -> bool:
    """Return whether one core key is in Latin letters and the other has none, so that they cannot be compared."""
    return bool(_LATIN.search(left)) != bool(_LATIN.search(right))


def _start_alike(left: str, right: str) -> bool:
    """Return whether first words are equal, or, in a script without spaces, one begins the other."""
    if left == right or not left or not right:
        return left == right
    return is_unspaced(left) and (left.startswith(right) or right.startswith(left))


def _likeness(core: str, cores: Sequence[str], numbers: Sequence[Sequence[str]]) -> NDArray[np.float64]:
    """Return how alike core keys are to one, in [0, 1], whatever the order of words and the spaces between them."""
    squeezed = _ratios(fuzz.ratio, core.replace(" ", ""), [other.replace(" ", "") for other in cores])
    sorted_words = _ratios(fuzz.token_sort_ratio, core, cores)
    same_numbers = np.array([one == numbers[0] for one in numbers[1:]], np.bool_)
    return np.maximum(squeezed, sorted_words) / 100 * np.where(same_numbers, 1.0, _OTHER_NUMBERS)


def _numbers(cores: pa.Array) -> list[list[str]]:
    perhaps = pc.match_substring_regex(cores, _PERHAPS_NUMBER).to_pylist()
    return [sorted(_NUMBER.findall(core)) if has else [] for core, has in zip(cores.to_pylist(), perhaps, strict=True)]


def _ratios(scorer: Callable[..., float], core: str, cores: Sequence[str]) -> NDArray[np.float64]:
    ratios: NDArray[np.float64] = process.cdist([core], cores, scorer=scorer, dtype=np.float64)[0]
    return ratios

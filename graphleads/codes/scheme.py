"""Identifier schemes: what a value of each looks like, how it is written in an id, and whether its check digit holds.

Codes are org-id's (http://org-id.guide) where there is one. `AU-ACN` is not in it, because every company's ACN is
part of its ABN, but registers print it alone.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphleads.codes import check_digit
from graphleads.ids import is_id, split_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """A kind of identifier.

    Attributes:
        code: org-id's code, or one that starts with `X-`.
        name: The register in words.
        country: ISO 3166-1 alpha-2; None for what is not national.
        rank: Which identifier names a company that has several, the lowest first: 0 for national registers, 1 for
            the LEI, 2 for other numbers, 9 for schemes that nothing is known about.
        one_to_one: Whether one company has one value, so that a shared value makes two records one company.
    """

    code: str
    name: str
    country: str | None
    rank: int
    one_to_one: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """How the values of a scheme are written. The patterns mean the same to Python and to RE2.

    Attributes:
        shape: What a complete value must match.
        compact: Whether what people put between the characters is no part of the value, nor its case.
        short: Matches values whose leading zeros may be missing, as (prefix, digits, suffix).
        width: The number of characters of a complete value, for `short` and `check`.
        n_kept: How many leading characters name the company; None keeps all.
        check: Whether check digits hold, for values of `width` characters.
    """

    shape: str
    compact: bool = True
    short: str | None = None
    width: int = 0
    n_kept: int | None = None
    check: Callable[[check_digit.Codes], check_digit.Holds] | None = None


def get_scheme(code: str) -> Scheme:
    """Return the scheme of a code; one without a country and of the last rank if nothing is known about it."""
    known = _SCHEMES.get(code)
    return known[0] if known else Scheme(code=code, name=code, country=None, rank=9, one_to_one=False)


def normalize_identifier(scheme: str, value: str) -> str | None:
    """Return a value as ids carry it, None if it cannot be of the scheme.

    Args:
        scheme: The scheme's code; in values of unknown schemes only white space is mended.
        value: As a person or a register writes it. For `BR-CNPJ` the number of an establishment (14 characters) or
            of the company (8).
    """
    form = _form(scheme)
    whole = _whole_value(form, value)
    return whole[: form.n_kept] if re.fullmatch(form.shape, whole) else None


def normalize_identifiers(scheme: str, values: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return a column of values as ids carry them.

    Args:
        scheme: The scheme's code.
        values: string[n], as `normalize_identifier` takes them.

    Returns:
        string[n], null where the value is null or cannot be of the scheme.
    """
    form = _form(scheme)
    whole = _whole_values(form, values)
    fitting = pc.if_else(_fits(form, whole), whole, pa.scalar(None, pa.string()))
    return fitting if form.n_kept is None else pc.utf8_slice_codeunits(fitting, 0, form.n_kept)


def check_identifier(scheme: str, value: str) -> bool | None:
    """Return whether the check digit of a value, as given, holds; None if it has none."""
    form = _form(scheme)
    if form.check is None:
        return None
    whole = _whole_value(form, value)
    if not re.fullmatch(form.shape, whole):
        return False
    if len(whole) != form.width:
        return None
    return bool(form.check(np.frombuffer(whole.encode(), np.uint8).reshape(1, -1))[0])


def check_identifiers(scheme: str, values: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return whether the check digits of a column of values, as given, hold.

    Args:
        scheme: The scheme's code.
        values: string[n], as `normalize_identifier` takes them.

    Returns:
        bool[n], null where the value is null or carries no check digit, false where it cannot be of a scheme that
        has one.
    """
    form = _form(scheme)
    if form.check is None:
        return pa.nulls(len(values), pa.bool_())
    whole = _whole_values(form, values)
    fits = _fits(form, whole)
    checked = pc.and_(fits, pc.equal(pc.utf8_length(whole), form.width).fill_null(False))
    holds = np.zeros(len(whole), np.bool_)
    holds[checked.to_numpy(zero_copy_only=False)] = form.check(_codes(whole.filter(checked), form.width))
    uncheckable = pc.or_(whole.is_null(), pc.and_(fits, pc.invert(checked)))
    return pc.if_else(uncheckable, pa.scalar(None, pa.bool_()), pa.array(holds))


def guess_identifiers(text: str) -> list[tuple[str, str]]:
    """Return the schemes and normalised values that a bare identifier may stand for.

    Args:
        text: An identifier without its register, or an id (`GB-COH:01234567`), which stands for itself.

    Returns:
        (scheme, value) pairs: values whose check digit holds, then those that have none, then those whose check
        digit fails; within each the more telling scheme first.
    """
    if is_id(text):
        scheme, value = split_id(text)
        normal = normalize_identifier(scheme, value)
        return [(scheme, normal)] if normal else []
    order = {True: 0, None: 1, False: 2}
    normals = [(code, normalize_identifier(code, text)) for code in _GUESSABLE]
    guesses = [(code, normal) for code, normal in normals if normal is not None]
    return sorted(guesses, key=lambda guess: order[check_identifier(guess[0], text)])


_BLANKS = "[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+"
_SEPARATORS = _BLANKS[:-2] + r"""._,:;/\\'"()·-]+"""
_UPPER = str.maketrans(string.ascii_lowercase, string.ascii_uppercase)


def _whole_value(form: _Form, value: str) -> str:
    if not form.compact:
        return re.sub(_BLANKS, " ", unicodedata.normalize("NFC", value)).strip(" ")
    text = re.sub(_SEPARATORS, "", unicodedata.normalize("NFKC", value)).translate(_UPPER)
    parts = re.fullmatch(form.short, text) if form.short else None
    if parts is None:
        return text
    return parts["prefix"] + "0" * (form.width - len(text)) + parts["digits"] + parts["suffix"]


def _whole_values(form: _Form, values: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return what `_whole_value` returns, for a column."""
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    if not form.compact:
        spaced = pc.replace_substring_regex(pc.utf8_normalize(values, "NFC"), _BLANKS, " ")
        return pc.utf8_trim(spaced, " ")
    texts = pc.ascii_upper(pc.replace_substring_regex(pc.utf8_normalize(values, "NFKC"), _SEPARATORS, ""))
    if form.short is None:
        return texts
    parts = pc.extract_regex(texts, f"^{form.short}$")
    prefix, digits, suffix = (pc.struct_field(parts, name) for name in ("prefix", "digits", "suffix"))
    n_missing = pc.max_element_wise(pc.subtract(form.width, pc.utf8_length(texts)), 0, skip_nulls=False)
    padded = pc.binary_join_element_wise(prefix, pc.binary_repeat("0", n_missing), digits, suffix, "")
    return pc.coalesce(padded, texts)


def _fits(form: _Form, whole: pa.Array) -> pa.Array:
    return pc.match_substring_regex(whole, f"^(?:{form.shape})$").fill_null(False)


def _codes(values: pa.Array, width: int) -> check_digit.Codes:
    fixed = values.cast(pa.binary()).cast(pa.binary(width))
    return np.frombuffer(fixed.buffers()[1], np.uint8, count=len(fixed) * width).reshape(-1, width)


def _all_digits(n_least: int, n_most: int) -> str:
    return rf"(?P<prefix>)(?P<digits>[0-9]{{{n_least},{n_most}}})(?P<suffix>)"


_FREE = _Form(shape=".+", compact=False)

_KNOWN = (
    (
        Scheme(code="XI-LEI", name="Legal Entity Identifier", country=None, rank=1, one_to_one=True),
        _Form(shape="[0-9A-Z]{18}[0-9]{2}", width=20, check=check_digit.lei_holds),
    ),
    (
        Scheme(code="CN-USCI", name="Unified Social Credit Identifier", country="CN", rank=0, one_to_one=True),
        _Form(
            shape="[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}",
            width=18,
            check=check_digit.usci_holds,
        ),
    ),
    (
        Scheme(code="BR-CNPJ", name="Cadastro Nacional da Pessoa Jurídica", country="BR", rank=0, one_to_one=True),
        _Form(
            shape="[0-9A-Z]{12}[0-9]{2}|[0-9]{8}",
            short=_all_digits(12, 14),
            width=14,
            n_kept=8,
            check=check_digit.cnpj_holds,
        ),
    ),
    (
        Scheme(code="AU-ABN", name="Australian Business Number", country="AU", rank=2, one_to_one=True),
        _Form(shape="[1-9][0-9]{10}", width=11, check=check_digit.abn_holds),
    ),
    (
        Scheme(code="AU-ACN", name="Australian Company Number", country="AU", rank=0, one_to_one=True),
        _Form(shape="[0-9]{9}", short=_all_digits(7, 9), width=9, check=check_digit.acn_holds),
    ),
    (
        Scheme(code="GB-COH", name="Companies House", country="GB", rank=0, one_to_one=True),
        _Form(
            shape="[0-9]{8}|[A-Z][0-9]{7}|[A-Z]{2}[0-9]{6}|[A-Z]{2}[0-9]{5}R",
            short="(?P<prefix>[A-Z]{0,2})(?P<digits>[0-9]+)(?P<suffix>R?)",
            width=8,
        ),
    ),
    (
        Scheme(code="NL-KVK", name="Kamer van Koophandel", country="NL", rank=0, one_to_one=True),
        _Form(shape="[0-9]{8}", short=_all_digits(7, 8), width=8),
    ),
    (
        Scheme(code="X-CN-NAME", name="Registered name in China", country="CN", rank=8, one_to_one=True),
        _FREE,
    ),
    (Scheme(code="X-FTM", name="FollowTheMoney entity", country=None, rank=8, one_to_one=True), _FREE),
    (
        Scheme(code="X-BODS", name="Record of a publisher of statements", country=None, rank=8, one_to_one=True),
        _FREE,
    ),
    (Scheme(code="DE-CR", name="Handelsregister", country="DE", rank=0, one_to_one=False), _FREE),
)
_SCHEMES = {scheme.code: (scheme, form) for scheme, form in _KNOWN}
_GUESSABLE = tuple(scheme.code for scheme, form in _KNOWN if form.compact)


def _form(code: str) -> _Form:
    known = _SCHEMES.get(code)
    return known[1] if known else _FREE

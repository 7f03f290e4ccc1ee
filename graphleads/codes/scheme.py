"""Identifier schemes: what a value of each looks like, how it is written in an id, and whether its check digit holds.

Codes are org-id's (http://org-id.guide) where there is one. `AU-ACN` is not in it, because every company's ACN is
part of its ABN, but registers print it alone.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphleads.codes import check_digit
from graphleads.codes.personal_number import are_citizens, are_taxpayers
from graphleads.text import NO_VALUE


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """A kind of identifier.

    Attributes:
        code: org-id's code, or one that starts with `X-`.
        name: The register in words.
        country: ISO 3166-1 alpha-2; None for what is not national.
        rank: Which identifier names a company that has several, the lowest first: 0 for national registers, 1 for
            the LEI, 2 for other numbers, 9 for schemes that nothing is known about, 10 for mere records.
        one_to_one: Whether one company has one value, so that a shared value makes two records one company.
        of_records: Whether its values are records of somebody who states the numbers that registers gave.
    """

    code: str
    name: str
    country: str | None
    rank: int
    one_to_one: bool
    of_records: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """How the values of a scheme are written. The patterns mean the same to Python and to RE2.

    Attributes:
        shape: What a complete value must match.
        compact: Whether what people put between the characters is no part of the value, nor its case.
        short: Matches values whose leading zeros may be missing, or too many, as (prefix, digits, suffix).
        width: The number of characters of a complete value, for `short` and `check`.
        n_kept: How many leading characters name the company; None keeps all.
        never: What complete values match that no company was given.
        told: What a complete value must match to be told without its scheme; None is the shape.
        personal: Tells the numbers of people, which stand where a company has none of its own.
        named: Matches a value with the scheme's own name in front, as one group; made of the others.
        check: Whether check digits hold, for values of `width` characters.
    """

    shape: str
    compact: bool = True
    short: str | None = None
    width: int = 0
    n_kept: int | None = None
    never: str = "0+"
    told: str | None = None
    personal: Callable[[pa.Array], pa.Array] | None = None
    named: str = "^$"
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
    return whole[: form.n_kept] if _is_of(form, whole) else None


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
    if not _is_of(form, whole):
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
        text: An identifier without its register, or with it (`GB-COH:01234567`, `gb-coh-1234567`), which stands for
            itself.

    Returns:
        (scheme, value) pairs: values whose check digit holds, then those that have none, then those whose check
        digit fails; within each the more telling scheme first.
    """
    whole = split_written(text)
    if whole is not None:
        normal = normalize_identifier(*whole)
        return [(whole[0], normal)] if normal else []
    order = {True: 0, None: 1, False: 2}
    normals = [(code, normalize_identifier(code, text)) for code in _GUESSABLE]
    guesses = [(code, normal) for code, normal in normals if normal is not None and _is_told(code, text)]
    return sorted(guesses, key=lambda guess: order[check_identifier(guess[0], text)])


def is_placeholder(value: str) -> bool:
    """Return whether a normalised value is one that people type where they know none: 12345678, 99999999."""
    return re.fullmatch(_PLACEHOLDER, value) is not None


def are_placeholders(values: pa.Array) -> pa.Array:
    """Return what `is_placeholder` returns, for a column: bool[n], null where the value is."""
    return pc.match_substring_regex(values, f"^{_PLACEHOLDER}$")


def split_written(text: str) -> tuple[str, str] | None:
    """Return scheme and value of an id as people write it, None where no scheme stands in front.

    It is `GB-COH:1234567`, `gb_coh: 1234567`, or for registers that are known org-id's `GB-COH-1234567`.
    """
    for pattern in (_WITH_COLON, _WITH_HYPHEN):
        found = re.fullmatch(pattern, text)
        if found:
            return re.sub(_JOIN, "-", found["scheme"]).upper(), found["value"]
    return None


def written_ids(values: pa.Array) -> pa.Array:
    """Return `scheme:value` of ids as people write them, with the value as it is: string[n], null without a scheme."""
    return _mend(values, pc.match_substring_regex(values, _AS_IDS_CARRY_IT), _written_ids)


def _written_ids(values: pa.Array) -> pa.Array:
    found = pa.nulls(len(values), pa.string())
    for pattern in (_WITH_COLON, _WITH_HYPHEN):
        parts = pc.extract_regex(values, f"^{pattern}$")
        scheme = written_schemes(pc.struct_field(parts, "scheme"))
        found = pc.coalesce(found, pc.binary_join_element_wise(scheme, pc.struct_field(parts, "value"), ":"))
    return found


def written_schemes(values: pa.Array) -> pa.Array:
    """Return schemes as people write them, `gb_coh`, as their codes: string[n]."""
    return pc.utf8_upper(pc.replace_substring_regex(values, _JOIN, "-"))


def _is_told(code: str, text: str) -> bool:
    form = _form(code)
    return form.told is None or re.fullmatch(form.told, _whole_value(form, text)) is not None


_BLANKS = "[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+"
_SEPARATORS = _BLANKS[:-2] + r"""._,:;/\\'"()·‐-―−-]+"""
_INVISIBLE = "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+"
_UPPER = str.maketrans(string.ascii_lowercase, string.ascii_uppercase)
_FLOAT = r"^([0-9]+|[A-Za-z]{1,3}[0-9]{4,})\.0+$"
"""A whole number that pandas or a spreadsheet wrote as one with a fraction."""

_NO_IDENTIFIER = rf"{NO_VALUE}|[0-9](?:[.,][0-9]+)?[Ee]\+[0-9]+"
_PLACEHOLDER = "[A-Z]{0,2}(?:0{4,}|1{4,}|2{4,}|3{4,}|4{4,}|5{4,}|6{4,}|7{4,}|8{4,}|9{4,}|12345678(?:90?)?|87654321)"


def _whole_value(form: _Form, value: str) -> str:
    visible = unicodedata.normalize("NFKC" if form.compact else "NFC", re.sub(_INVISIBLE, "", value))
    text = re.sub(_BLANKS, " ", visible).strip(" ")
    text = re.sub(_FLOAT, r"\1", text)
    if not form.compact:
        return "" if re.fullmatch(_NO_IDENTIFIER, text) else text
    text = re.sub(form.named, r"\1", re.sub(_SEPARATORS, "", text).translate(_UPPER))
    parts = re.fullmatch(form.short, text) if form.short else None
    if parts is None:
        return text
    given = parts["prefix"] + parts["digits"] + parts["suffix"]
    return parts["prefix"] + "0" * (form.width - len(given)) + parts["digits"] + parts["suffix"]


def _whole_values(form: _Form, values: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return what `_whole_value` returns, for a column."""
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    # Most values are letters and digits alone, with nothing to mend: they cost a tenth of the others.
    texts = _mend(values, pc.ascii_is_alnum(values), partial(_mend_values, form))
    if not form.compact:
        nothing = pc.match_substring_regex(texts, f"^(?:{_NO_IDENTIFIER})$")
        return pc.if_else(nothing, "", texts) if pc.any(nothing).as_py() else texts
    texts = pc.replace_substring_regex(pc.ascii_upper(texts), form.named, r"\1")
    if form.short is None:
        return texts
    parts = pc.extract_regex(texts, f"^{form.short}$")
    prefix, digits, suffix = (pc.struct_field(parts, name) for name in ("prefix", "digits", "suffix"))
    given = pc.utf8_length(pc.binary_join_element_wise(prefix, digits, suffix, ""))
    n_missing = pc.max_element_wise(pc.subtract(form.width, given), 0, skip_nulls=False)
    padded = pc.binary_join_element_wise(prefix, pc.binary_repeat("0", n_missing), digits, suffix, "")
    return pc.coalesce(padded, texts)


def _mend(values: pa.Array, is_whole: pa.Array, mend: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """Return a column with the values mended that are not whole: string[n]."""
    broken = pc.invert(pc.fill_null(is_whole, True))
    if not pc.any(broken).as_py():
        return values
    return pc.replace_with_mask(values, broken, mend(values.filter(broken)))


def _mend_values(form: _Form, values: pa.Array) -> pa.Array:
    visible = pc.utf8_normalize(pc.replace_substring_regex(values, _INVISIBLE, ""), "NFKC" if form.compact else "NFC")
    texts = pc.utf8_trim(pc.replace_substring_regex(visible, _BLANKS, " "), " ")
    texts = pc.replace_substring_regex(texts, _FLOAT, r"\1")
    return pc.replace_substring_regex(texts, _SEPARATORS, "") if form.compact else texts


def _fits(form: _Form, whole: pa.Array) -> pa.Array:
    if form is _FREE:
        return pc.not_equal(whole, "").fill_null(False)
    fits = pc.match_substring_regex(whole, f"^(?:{form.shape})$").fill_null(False)
    fits = pc.and_not(fits, pc.match_substring_regex(whole, f"^(?:{form.never})$").fill_null(False))
    return pc.and_not(fits, form.personal(whole)) if form.personal else fits


def _is_of(form: _Form, whole: str) -> bool:
    fits = re.fullmatch(form.shape, whole) and not re.fullmatch(form.never, whole)
    return bool(fits) and not (form.personal and form.personal(pa.array([whole]))[0].as_py())


def _codes(values: pa.Array, width: int) -> check_digit.Codes:
    fixed = values.cast(pa.binary()).cast(pa.binary(width))
    return np.frombuffer(fixed.buffers()[1], np.uint8, count=len(fixed) * width).reshape(-1, width)


def _all_digits(n_least: int, n_most: int) -> str:
    return rf"(?P<prefix>)(?P<digits>[0-9]{{{n_least},{n_most}}})(?P<suffix>)"


_FREE = _Form(shape="(?s:.+)", compact=False, never="")

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
            personal=are_citizens,
            check=check_digit.usci_holds,
        ),
    ),
    (
        Scheme(code="BR-CNPJ", name="Cadastro Nacional da Pessoa Jurídica", country="BR", rank=0, one_to_one=True),
        _Form(
            shape="[0-9A-Z]{12}[0-9]{2}|[0-9A-Z]{8}",
            short=_all_digits(12, 14),
            width=14,
            n_kept=8,
            # Eight zeros are a bank.
            never="0{14}",
            personal=are_taxpayers,
            told="[0-9]{8}|[0-9A-Z]{12}[0-9]{2}",
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
            # Northern Irish ones of before 1922 begin with R; those of societies end with a letter; no real one begins
            # with X, as those of made-up registers do.
            shape="[0-9]{8}|[RX][0-9]{7}|[A-Z]{2}[0-9]{6}|[A-Z]{2}[0-9]{5}[A-Z]",
            short="(?P<prefix>[A-Z]{0,2})0*(?P<digits>[1-9][0-9]*)(?P<suffix>[A-Z]?)",
            width=8,
            never="[A-Z]{0,2}0+[A-Z]?",
        ),
    ),
    (
        Scheme(code="NL-KVK", name="Kamer van Koophandel", country="NL", rank=0, one_to_one=True),
        _Form(shape="[0-9]{8}", short=_all_digits(7, 8), width=8),
    ),
    (
        Scheme(code="RU-OGRN", name="Primary State Registration Number", country="RU", rank=0, one_to_one=True),
        _Form(shape="[0-9]{13}"),
    ),
    (
        Scheme(code="RU-INN", name="Taxpayer Identification Number", country="RU", rank=2, one_to_one=True),
        _Form(shape="[0-9]{10}"),
    ),
    (
        Scheme(code="X-CN-NAME", name="Registered name in China", country="CN", rank=8, one_to_one=True),
        _FREE,
    ),
    *(
        (Scheme(code=code, name=name, country=None, rank=10, one_to_one=True, of_records=True), _FREE)
        for code, name in (
            ("X-FTM", "FollowTheMoney entity"),
            ("X-BODS", "Record of a publisher of statements"),
            ("X-GB-COH-PSC-ENTITY", "Record of an organisation with significant control"),
        )
    ),
    (Scheme(code="DE-CR", name="Handelsregister", country="DE", rank=0, one_to_one=False), _FREE),
)


def _with_name(code: str, form: _Form) -> _Form:
    *first, last = code.split("-")
    value = "|".join(filter(None, (form.shape, form.short and re.sub(r"\?P<\w+>", "?:", form.short))))
    return replace(form, named=f"^(?:{''.join(first)})?{last}({value})$")


_SCHEMES = {scheme.code: (scheme, _with_name(scheme.code, form)) for scheme, form in _KNOWN}
_GUESSABLE = tuple(scheme.code for scheme, form in _KNOWN if form.compact)

_GAP = f"{_BLANKS[:-2]}{_INVISIBLE[1:-1]}*"
_JOIN = f"{_GAP}[-_]{_GAP}"
_AS_IDS_CARRY_IT = "^[A-Z][A-Z0-9]*(-[A-Z0-9]+)*:[A-Za-z0-9]"
_REST = "(?P<value>(?s:.*))"
_WITH_COLON = (
    rf"{_GAP}(?P<scheme>[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*|[A-Za-z]{{1,2}}(?:{_JOIN}[A-Za-z0-9]+)+){_GAP}[:：]{_GAP}{_REST}"
)
_WITH_HYPHEN = rf"{_GAP}(?P<scheme>(?i:{'|'.join(code.replace('-', _JOIN) for code in _GUESSABLE)})){_JOIN}{_REST}"


def _form(code: str) -> _Form:
    known = _SCHEMES.get(code)
    return known[1] if known else _FREE

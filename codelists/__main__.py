"""Write the code lists and say what each is made from: `python -m codelists > codelists/README.md`."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from codelists import country, free_mail, legal_form, nationality
from codelists.source import Source

_HERE = Path(__file__).parent
_PRODUCT = _HERE.parent / "graphleads"

_HEAD = """# The code lists

Tables that the product ships, made from lists that others keep and from what is kept by hand in `codelists/kept`. Their
packages are needed to make the tables, not to use them. This page and the tables are made by `make codelists`, and a
test says when they are not what their sources say: a newer version of a package goes into `requirements.txt` first.

| table | made from | package | its licence |
|---|---|---|---|
"""


def tables() -> Iterator[tuple[Source, str]]:
    """Yield what each table is made from, and the table as it is in its file."""
    yield legal_form.source(), _csv(legal_form.COLUMNS, legal_form.legal_forms(_kept("legal_forms.csv")))
    yield country.source(), _csv(country.COLUMNS, country.countries(_kept("countries.csv")))
    yield nationality.source(), _csv(nationality.COLUMNS, nationality.nationalities(_kept("nationalities.csv")))
    yield free_mail.source(), "".join(f"{one}\n" for one in free_mail.free_mail(_kept("free_mail.csv")))


def page(sources: Iterable[Source]) -> str:
    """Return the page that says what the tables are made from, as Markdown."""
    return _HEAD + "".join(
        f"| `graphleads/{one.file}` | {one.list_} | {one.package} | {one.licence} |\n" for one in sources
    )


def _kept(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((_HERE / "kept" / name).read_text(encoding="utf-8"))))


def _csv(columns: Iterable[str], rows: Iterable[dict[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(columns), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def main() -> None:
    """Write all tables, and print the page."""
    made = list(tables())
    for source, text in made:
        (_PRODUCT / source.file).write_text(text, encoding="utf-8")
    sys.stdout.write(page(source for source, _ in made))


if __name__ == "__main__":
    main()

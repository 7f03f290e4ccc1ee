from __future__ import annotations

import json
import re
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import pytest

from graphleads.errors import FileUnreadable, MappingInvalid
from graphleads.ingest.mapping.mapping import Lookup, Mapping, load_mapping, shipped_mappings
from graphleads.ingest.mapping.transform import STEPS

Load = Callable[[str], Mapping]

GOOD = """
version: 1
name: vendors
files:
  - match: Vendors*.csv
    tables:
      - table: companies
        fields:
          record: Nr
          id: {column: Nr, steps: [{scheme: X-VENDOR}]}
          name: Firma
"""


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def load_text(text: str) -> Mapping:
        path = tmp_path / "vendors.yaml"
        path.write_text(text, encoding="utf-8")
        return load_mapping(path)

    return load_text


def with_field(field: str) -> str:
    return GOOD + f"          {field}\n"


def with_persons(field: str, more: str = "") -> str:
    other = "key_confidence: {value: 0.9}" if field.startswith("key") else "birth_year: Born"
    fields = ["record: Nr", "given_name: Given", "family_name: Family", field, other]
    fields += [] if field.startswith("id") else ["id: {columns: [Given, Nr], join: '-', steps: [{scheme: X-P}]}"]
    lines = ["      - table: persons", *([f"        {more}"] if more else []), "        fields:"]
    return GOOD + "\n".join([*lines, *(f"          {field}" for field in fields)]) + "\n"


def test_a_name_may_be_the_key_where_the_mapping_says_why(load: Load) -> None:
    load(with_persons("key: {columns: [Given, Nr], join: '-'}"))
    load(with_persons("key: Given", "name_is_key: the list is of heads of state"))


def with_roles(more: str) -> str:
    fields = "{record: Nr, company: Firma, holder: Given, kind: {value: chair}}"
    return f"{GOOD}      - table: roles\n        {more}\n        fields: {fields}\n"


def test_a_mapping_says_what_has_one_holder_at_a_time(load: Load) -> None:
    assert load(GOOD).one_at_a_time == {}
    said = load(with_roles("one_at_a_time: [legal_representative, chair]")).one_at_a_time
    assert said == {"roles": ("chair", "legal_representative")}
    with pytest.raises(MappingInvalid, match=r"roles have no kind 'chairs' .perhaps 'chair'"):
        load(with_roles("one_at_a_time: [chairs]"))
    with pytest.raises(MappingInvalid, match="only roles and interests have one holder at a time, not persons"):
        load(with_persons("key: {columns: [Given, Nr], join: '-'}", "one_at_a_time: [chair]"))


def test_shipped_mappings_load() -> None:
    assert shipped_mappings() == ["asx200_holders", "br_partners", "cn_executives", "plain", "receita", "relations"]
    assert [load_mapping(name).name for name in shipped_mappings()] == shipped_mappings()
    assert load_mapping("cn_executives").lookups == {
        Lookup(file="executive.csv", key="person_id:ID(Executive)", value="name"),
        Lookup(file="industry.csv", key="industry_id:ID(Industry)", value="name"),
    }


def test_a_mapping_says_which_columns_it_needs(load: Load) -> None:
    mapping = load(GOOD)
    assert (mapping.name, mapping.dataset, mapping.content) == ("vendors", None, GOOD)
    assert mapping.source_columns(mapping.files[0]) == {"Nr", "Firma"}
    assert mapping.files[0].required
    assert mapping.files[0].matches("vendors 2024.csv")
    assert not mapping.files[0].matches("people.csv")


PARTS = """
version: 1
name: parts
files:
  - match: "*.db"
    table: Firms
    tables:
      - table: companies
        fields:
          record: nr
          id: {column: nr, steps: [{scheme: X-FIRM}]}
          name: {column: nr, steps: [{lookup: {file: "*.db/Names", key: nr, value: name}}]}
          postcode: {column: secret, steps: [{keyed_hash: 24}]}
  - {match: "*.db", table: names}
  - {match: "*.db", table: tmp_*, skip: scratch}
"""


def test_entries_may_name_a_part_of_a_file(load: Load) -> None:
    mapping = load(PARTS)
    firms, names, scratch = mapping.files
    assert [file.key for file in mapping.files] == ["*.db/firms", "*.db/names", "*.db/tmp_*"]
    assert firms.matches("a.db", "FIRMS")
    assert not firms.matches("a.db", "names")
    assert not firms.matches("a.db")
    assert scratch.matches("a.db", "TMP_1")
    assert mapping.source_columns(names) == {"nr", "name"}
    assert mapping.needs_hash_key
    assert not load(GOOD).needs_hash_key


def test_values_are_texts_as_written(load: Load) -> None:
    mapping = load(
        with_field("jurisdiction: {column: Land, steps: [{map: {NO: NO, 0123: 62.10, on: 7, true: true, null: ''}}]}")
    )
    step = mapping.files[0].tables[0].fields[-1].steps[0]
    assert step.argument == {"NO": "NO", "0123": "62.10", "on": "7", "true": "true", "null": ""}


def test_formats_of_file_and_field_go_before_those_of_the_mapping(load: Load) -> None:
    text = with_field("dissolved_on: {column: Ende, dates: ['%Y']}").replace("'%Y'", "'%d/%m/%Y'")
    text = text.replace("files:", "formats: {delimiter: ';', dates: ['%d.%m.%Y'], number: {decimal: ','}}\nfiles:")
    text = text.replace("    tables:", "    formats: {delimiter: '|', quote: none}\n    tables:", 1)
    file = load(text).files[0]
    name, ended_on = file.tables[0].fields[-2:]
    assert (file.dialect.delimiter, file.dialect.quote, file.dialect.encoding) == ("|", None, None)
    assert (name.how.dates, name.how.decimal) == (("%d.%m.%Y",), ",")
    assert (ended_on.how.dates, ended_on.how.decimal) == (("%d/%m/%Y",), ",")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Mapping vendors.yaml is empty"),
        ("a: [1", "line 1: this is no YAML in UTF-8; expected ',' or ']'"),
        ("a: 1\nb: 2\na: 3\n", "line 3: the key 'a' is there twice."),
        ("? [a, b]\n: 1\n", "line 1: a key must be a plain text."),
        ("a: &a [*a]\n", "line 1: this holds itself through an alias."),
        ("[1, 2]", "line 1: this should be keys with values."),
        ("name: vendors\nversion: 1\n", "line 1: the key 'files' is missing here."),
        (GOOD.replace("version: 1", "version: 2"), "line 2: 2 should be 1."),
        (GOOD.replace("match:", "mach:"), "line 5: 'mach' is no key here (perhaps 'match'). (1 more after this)"),
        (GOOD.replace("record: Nr", "record: 7"), "line 9: 7 should be a text or keys with values."),
        (GOOD.replace("companies", "company"), "line 7: there is no staged table 'company' (perhaps 'companies')"),
        (GOOD.replace("          record: Nr\n", ""), "line 8: companies needs the field 'record'."),
        (with_persons("id: {columns: [Given, Family], steps: [{scheme: X-P}]}"), "line 17: this is a name alone"),
        (with_persons("key: {column: Given, steps: [lower]}"), "line 17: this is a name alone"),
        (with_field("nome: Firma"), "line 12: 'nome' is no column of companies that a mapping can fill"),
        (with_field("dataset: {value: d}"), "line 12: 'dataset' is no column of companies that a mapping can fill"),
        (with_field("status: {value: alive}"), "line 12: 'alive' is no word of active, inactive, in_liquidation"),
        (
            with_field("status: {column: S, steps: [{map: {A: active, L: dead}}, {default: unknown}]}"),
            "line 12: 'dead' is no word of active",
        ),
        (
            with_field("incorporated_on: {value: soon}"),
            "line 12: 'soon' is no date like %Y-%m-%d, or one that stands for none.",
        ),
        (
            with_field("capital: {value: '1,5'}").replace("files:", "formats: {number: {decimal: ','}}\nfiles:"),
            "line 13: '1,5' is no number.",
        ),
        (with_field("region: {column: R, dates: ['%Y']}"), "line 12: '%Y' is no date format"),
        (with_field("region: {column: R, value: x}"), "line 12: give one of column, columns, coalesce and value."),
        (with_field("region: {column: R, join: x}"), "line 12: there is nothing to join: give columns."),
        (with_field("region: {value: R, steps: [upper]}"), "line 12: a constant needs no steps: write the result."),
        (with_field("region: {column: R, steps: [uper]}"), "line 12: 'uper' is not known here (perhaps 'upper')"),
        (with_field("region: {column: R, steps: [{pad: six}]}"), "line 12: 'six' should be a whole number."),
        (with_field("region: {column: R, steps: [{pad: 6, prefix: x}]}"), "line 12: there is more than one key here"),
        (
            with_field("region: {column: R, steps: [{extract: '\\(x'}]}"),
            r"line 12: '\\(x' has no group in brackets that says what to keep.",
        ),
        (
            with_field("region: {column: R, steps: [{replace: {pattern: '(', with: ''}}]}"),
            "line 12: '(' is no pattern that RE2 can read",
        ),
        (
            with_field("region: {columns: [A, {column: B, steps: [{match: {'[': x}}]}]}"),
            "line 12: '[' is no pattern that RE2 can read",
        ),
        (
            with_field("region: {column: R, steps: [{lookup: {file: v.csv, key: a, value: b}}]}"),
            "line 12: no file's match is 'v.csv'",
        ),
        (
            GOOD.replace("    tables:", "    ignore: {Nr: a number}\n    tables:"),
            "line 6: the column 'Nr' is left out here and used elsewhere.",
        ),
        (
            GOOD.replace("    tables:", "    skip: old\n    tables:"),
            "line 7: a file that is skipped has no 'tables'.",
        ),
        (GOOD + "  - match: other.csv\n", "line 12: nothing uses this file"),
        (PARTS.replace("*.db/Names", "*.db"), "line 12: no file's match is '*.db'"),
        (
            PARTS.replace("table: Firms", "table: Firms\n    sheet: Firms"),
            "line 6: a workbook has sheets and a database",
        ),
        (PARTS.replace("keyed_hash: 24", "keyed_hash: 8"), "line 13: 8 is less than the minimum of 16"),
        (GOOD.replace("files:", "formats: {encoding: utf-9}\nfiles:"), "line 4: nobody knows the encoding 'utf-9'."),
        (
            GOOD.replace("companies", "persons").replace("name: Firma", "key: Firma"),
            "line 8: 'key' and 'key_confidence' come together",
        ),
        (
            GOOD.replace("        fields:", "        where: [{column: Nr, matches: '*'}]\n        fields:"),
            "line 8: '*' is no pattern that RE2 can read",
        ),
    ],
)
def test_a_mistake_is_named_with_its_line(load: Load, text: str, message: str) -> None:
    with pytest.raises(MappingInvalid, match=re.escape(message)) as caught:
        load(text)
    assert str(caught.value).startswith("Mapping vendors.yaml")
    assert "\n" not in str(caught.value)


def test_aliases_cannot_stand_for_millions_of_values(load: Load) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    with pytest.raises(MappingInvalid, match="stands for more than 100,000 values"):
        load("\n".join(lines))


def test_deep_nesting_is_refused(load: Load) -> None:
    with pytest.raises(MappingInvalid, match="nested too deeply"):
        load("[" * 5000 + "]" * 5000)


def test_tags_make_no_objects(load: Load) -> None:
    with pytest.raises(MappingInvalid, match="line 1"):
        load("!!python/object/apply:os.system [echo]")


def test_what_is_no_mapping_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable, match=r"none\.yaml cannot be read: No such file"):
        load_mapping(tmp_path / "none.yaml")
    with pytest.raises(FileUnreadable, match="cannot be read: Is a directory"):
        load_mapping(tmp_path)
    large = tmp_path / "large.yaml"
    large.write_bytes(b"#" * (1 << 20) + b"\n")
    with pytest.raises(FileUnreadable, match="larger than 1 MiB"):
        load_mapping(large)
    binary = tmp_path / "binary.yaml"
    binary.write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(MappingInvalid, match=r"binary\.yaml: this is no YAML in UTF-8"):
        load_mapping(binary)


def test_the_documentation_names_every_step_and_key() -> None:
    schema = json.loads(resources.files("graphleads.ingest.mapping").joinpath("mapping.schema.json").read_text("utf-8"))
    page = Path(__file__).parents[3].joinpath("docs", "mapping.md").read_text(encoding="utf-8")
    kinds = [
        schema,
        *(schema["$defs"][name] for name in ("formats", "file", "table", "condition", "expression", "step")),
    ]
    keys = {key for kind in kinds for key in kind["properties"]}
    assert {word for word in keys | set(STEPS) if not re.search(rf"`{word}\b", page)} == set()
    assert set(STEPS) | {"lookup", "keyed_hash"} == set(schema["$defs"]["step"]["properties"]) | set(
        schema["$defs"]["step"]["then"]["enum"]
    )


def test_a_date_format_that_says_a_part_twice_is_told(load: Load) -> None:
    with pytest.raises(MappingInvalid, match=r"line 12: '%d/%d/%m/%Y' is no date format"):
        load(with_field("incorporated_on: {column: Since, dates: ['%d/%d/%m/%Y']}"))


def test_an_encoding_with_nul_is_told(load: Load) -> None:
    with pytest.raises(MappingInvalid, match=r"nobody knows the encoding 'a\\x00b'"):
        load(GOOD + 'formats: {encoding: "a\\0b"}\n')


def test_a_message_stays_short_whatever_the_mapping_says(load: Load) -> None:
    with pytest.raises(MappingInvalid, match=r"line 3: 'V{40,}") as caught:
        load(GOOD.replace("name: vendors", f"name: {'V' * 100_000}"))
    assert len(str(caught.value)) < 600

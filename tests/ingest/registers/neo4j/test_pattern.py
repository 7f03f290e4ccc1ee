from __future__ import annotations

import pytest

from graphleads.ingest.registers.neo4j.pattern import Pattern, parse_pattern


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("(:Firm)", Pattern(start="Firm")),
        (" ( : `Listed Firm` ) ", Pattern(start="Listed Firm")),
        ("(:Human)-[:DIRECTS]->(:Firm)", Pattern(type="DIRECTS", start="Human", end="Firm")),
        ("()-[:OWNS]->(:Firm)", Pattern(type="OWNS", end="Firm")),
        ("(:公司) -[:持股]-> ()", Pattern(type="持股", start="公司")),
        ("()", None),
        ("(:Firm)<-[:OWNS]-(:Firm)", None),
        ("(:Firm)-[]->(:Firm)", None),
        ("firms.csv", None),
        ("(:Firm) DETACH DELETE n", None),
    ],
)
def test_a_pattern_is_parsed(text: str, pattern: Pattern | None) -> None:
    assert parse_pattern(text) == pattern


@pytest.mark.parametrize(
    "text", ["(:Firm)", "(:Human)-[:DIRECTS]->(:Firm)", "()-[:OWNS]->(:Firm)", "(:Human)-[:OWNS]->()", "()-[:OWNS]->()"]
)
def test_a_pattern_is_written_as_it_was_read(text: str) -> None:
    assert str(parse_pattern(text)) == text


def test_a_pattern_names_a_file() -> None:
    assert Pattern(start="AC/DC").file_name == "(:AC_DC)"

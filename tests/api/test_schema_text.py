from __future__ import annotations

from typing import Any

import pytest

from graphleads_api.schema_text import limits, references, type_name


@pytest.mark.parametrize(
    ("schema", "name"),
    [
        ({"type": "integer"}, "integer"),
        ({"type": "string", "format": "date"}, "date"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "string or null"),
        ({"enum": ["won", "lost"], "type": "string"}, '"won" or "lost"'),
        ({"const": "v0"}, '"v0"'),
        ({"type": "array", "items": {"$ref": "#/components/schemas/Lead"}}, "array of Lead"),
        ({"type": "object", "additionalProperties": {"type": "number"}}, "object of number"),
        ({"type": "object"}, "object"),
        ({}, "anything"),
    ],
)
def test_a_type_is_named_as_one_reads_it(schema: dict[str, Any], name: str) -> None:
    assert type_name(schema) == name


def test_limits_and_defaults_are_said() -> None:
    schema = {"anyOf": [{"type": "string", "maxLength": 500}, {"type": "null"}], "minimum": 0.0, "default": 50}
    assert list(limits(schema)) == ["at least 0", "at most 500 characters", "default 50"]
    assert list(limits({"default": None})) == list(limits({"default": []})) == []


def test_what_a_schema_is_made_of_is_found_at_any_depth() -> None:
    lead = {"$ref": "#/components/schemas/Lead"}
    assert list(references({"anyOf": [{"type": "array", "items": lead}, {"type": "null"}]})) == ["Lead"]

"""What a JSON schema allows, in a few words: its type, its limits, its default."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

JsonObject = dict[str, Any]

_LIMITS = (
    ("minimum", "at least {}"),
    ("exclusiveMinimum", "above {}"),
    ("maximum", "at most {}"),
    ("exclusiveMaximum", "below {}"),
    ("minLength", "at least {} characters"),
    ("maxLength", "at most {} characters"),
    ("minItems", "at least {} items"),
    ("maxItems", "at most {} items"),
    ("maxProperties", "at most {} names"),
)


def type_name(schema: JsonObject) -> str:
    """Return the type of a schema as one reads it: `array of Id`, `date or null`, `"won" or "lost"`."""
    if "$ref" in schema:
        return reference(schema)
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(map(type_name, schema["anyOf"])))
    if "const" in schema or "enum" in schema:
        return " or ".join(map(json.dumps, schema.get("enum", [schema.get("const")])))
    name = str(schema.get("format", schema.get("type", "anything")))
    inner = schema.get("items" if name == "array" else "additionalProperties")
    return f"{name} of {type_name(inner)}" if isinstance(inner, dict) else name


def reference(schema: JsonObject) -> str:
    """Return the name of the schema that another refers to."""
    return str(schema["$ref"]).rsplit("/", 1)[-1]


def references(schema: JsonObject) -> Iterator[str]:
    """Yield the names of the schemas that a schema is made of, at whatever depth it says so itself."""
    if "$ref" in schema:
        yield reference(schema)
    for part in (*schema.get("anyOf", ()), schema.get("items"), schema.get("additionalProperties")):
        if isinstance(part, dict):
            yield from references(part)


def limits(schema: JsonObject) -> Iterator[str]:
    """Yield the limits of a schema and its default, in words."""
    for part in (schema, *schema.get("anyOf", ())):
        yield from (words.format(f"{int(part[name]):,}") for name, words in _LIMITS if name in part)
    if schema.get("default") not in (None, [], {}):
        yield f"default {json.dumps(schema['default'])}"

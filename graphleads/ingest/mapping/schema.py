"""What is wrong with the shape of a mapping, by `mapping.schema.json`, in words."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from importlib import resources
from typing import Any

from jsonschema import Draft202012Validator

from graphleads.formats.mapping_source import Place

Mistake = tuple[Place, str]
"""Where in a mapping something is wrong, and what."""

_KINDS = {
    "string": "a text",
    "integer": "a whole number",
    "boolean": "true or false",
    "object": "keys with values",
    "array": "a list",
}


def schema_mistakes(content: Any) -> Iterator[Mistake]:
    """Yield what keeps a mapping's content from having the shape of one."""
    for error in _validator().iter_errors(content):
        place = tuple(error.absolute_path)
        if error.validator == "additionalProperties":
            yield from _unknown_keys(place, error)
        else:
            yield place, _SENTENCES.get(str(error.validator), _other)(error)


def perhaps(word: str, known: Sequence[str]) -> str:
    """Return a hint at what a word that is not known was meant to be."""
    close = get_close_matches(word, known, n=1)
    return f" (perhaps {close[0]!r})" if close else f": use {', '.join(known)}"


@cache
def _validator() -> Draft202012Validator:
    text = resources.files("graphleads.ingest.mapping").joinpath("mapping.schema.json").read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(text))


def _unknown_keys(place: Place, error: Any) -> Iterator[Mistake]:
    known = list(error.schema["properties"])
    for key in error.instance:
        if key not in known:
            yield (*place, key), f"{key!r} is no key here{perhaps(key, known)}"


def _missing_key(error: Any) -> str:
    missing = [key for key in error.validator_value if key not in error.instance]
    return f"the key {missing[0]!r} is missing here"


def _wrong_kind(error: Any) -> str:
    kinds = error.validator_value if isinstance(error.validator_value, list) else [error.validator_value]
    given = "this" if isinstance(error.instance, dict | list) else "nothing" if error.instance is None else None
    return f"{given or repr(error.instance)} should be {' or '.join(_KINDS[kind] for kind in kinds)}"


def _not_listed(error: Any) -> str:
    return f"{error.instance!r} is not known here{perhaps(str(error.instance), error.validator_value)}"


def _not_equal(error: Any) -> str:
    return f"{error.instance!r} should be {error.validator_value!r}"


def _too_few(_: object) -> str:
    return "something is missing here"


def _too_many(_: object) -> str:
    return "there is more than one key here: give a condition one test, and a step one change"


def _other(error: Any) -> str:
    return str(error.message)


_SENTENCES: Mapping[str, Callable[[Any], str]] = {
    "required": _missing_key,
    "type": _wrong_kind,
    "enum": _not_listed,
    "const": _not_equal,
    "minProperties": _too_few,
    "minItems": _too_few,
    "minLength": _too_few,
    "maxProperties": _too_many,
    "anyOf": lambda error: f"{error.instance!r} should be none, or a list of the columns' names",
}

"""The first format of runs, in which a lead was kept as the classes of then had it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def read_first_item(item: object) -> dict[str, Any]:
    """Return a lead of the first format in the form of the second; what is not there is left out."""
    kept = _object(item)
    return {**kept, "reasons": [_read_reason(one) for one in _list(kept.get("reasons"))]}


def _read_reason(reason: object) -> dict[str, Any]:
    kept = _object(reason)
    return {**kept, "path": [_read_step(one) for one in _list(kept.get("path"))]}


def _read_step(step: object) -> dict[str, Any]:
    kept = _object(step)
    tie = _object(kept.get("relationship"))
    sources = _list(tie.get("sources"))
    return {
        "from": kept.get("start"),
        "to": kept.get("end"),
        "kind": tie.get("kind"),
        "title": tie.get("title"),
        **_object(tie.get("period")),
        "source": sources[0] if sources else None,
    }


def _object(value: object) -> dict[str, Any]:
    return dict(value) if isinstance(value, Mapping) else {}


def _list(value: object) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []

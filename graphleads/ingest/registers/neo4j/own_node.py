"""The rows that a company or person of graphleads' own model was made of, from its properties and `statements`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import orjson

from graphleads.ingest.registers.neo4j.own_statement import Row, SourceText, Unreadable, day, is_known, left, times

Rows = dict[str, list[Row]]
"""Rows by staged table, with `dataset` and `record`."""

_Said = Callable[[str], Sequence[Mapping[str, Any]]]
"""Gives the statements of a table."""

_CALLED = ("legal", "mentioned")
_PERSON = ("given_name", "family_name", "birth_year", "birth_month", "nationality", "residence", "kind")
_FURTHER = ("identifiers", "classifications", "declarations")
_TIMES = ("valid_from", "valid_to", "known_from", "known_until", "last_seen_on")
_NOT_SAID = (*_TIMES, "n_sources")
"""What statements have that staged rows do not: several records that say alike come back as the first of them."""
_GONE = "no longer in the register"
"""The status that a build gives a company whose records all left: no source says it."""

NOBODY = "graphleads"
"""The dataset of what no source is known of: a person without a name."""


def company_rows(node: Mapping[str, Any], on: date, *, whole: bool) -> Rows:
    """Return the rows of a company that were known on a day.

    Args:
        node: Its properties.
        on: The day.
        whole: Whether what had ended by then is told, too: a record that left its register, a status that it had.
            Where a history is read day by day, that ends by not being told any more.

    Raises:
        Unreadable: If it is no company of the model.
    """
    said = _statements(node)
    rows: Rows = {"companies": _company_records(node, said, on, whole=whole)}
    called = {row.get("name") for row in (rows["companies"] if whole else said("records"))}
    names = [
        name for name in (*said("names"), *said("name_versions")) if not name.get("several") and is_known(name, on)
    ]
    further = [name for name in names if name.get("kind") not in _CALLED or name["name"] not in called]
    rows["names"] = _names(node, further, on, whole=whole)
    return rows | _further(node, said, on, whole=whole)


def person_rows(node: Mapping[str, Any], on: date, keys: Mapping[str, Sequence[SourceText]], *, whole: bool) -> Rows:
    """Return the rows of a person that were known on a day.

    Args:
        node: Their properties.
        on: The day.
        keys: By person, what they share with others who are probably the same.
        whole: As `company_rows` takes it.

    Raises:
        Unreadable: If it is no person of the model.
    """
    said = _statements(node)
    # Of a name that its source left a person it is kept since when that is known, and not since when the name is.
    names = [name for name in said("names") if is_known(name, on) or (left(name) and is_known(node, on))]
    if versions := said("person_versions"):
        borne = {one.get("name") for one in versions}
        records = _names(node, [one for one in versions if is_known(one, on)], on, whole=whole)
        further = [name for name in names if name.get("kind") != "legal" or name["name"] not in borne]
    else:
        legal = (one for one in names if (one.get("kind"), one["name"]) == ("legal", node.get("name")))
        called = next(legal, None if said("names") else {"dataset": NOBODY, "record": node["id"]})
        records = [_person(node, one) for one in _names(node, [called] if called else [], on, whole=whole)]
        further = [name for name in names if name is not called]
    shared = [{"key": key.record, "key_confidence": key.confidence} for key in keys.get(node["id"], ())]
    rows: Rows = {
        "persons": [record | key for record in records for key in shared or [{}]],
        "names": _names(node, further, on, whole=whole),
    }
    return rows | _further(node, said, on, whole=whole)


def _person(node: Mapping[str, Any], record: Row) -> Row:
    stands = {name: record[name] for name in ("dataset", "record", "start_on", "end_on", "published_on")}
    return stands | {"id": node["id"], "name": node.get("name") or None} | {name: node.get(name) for name in _PERSON}


def _names(node: Mapping[str, Any], names: Sequence[Mapping[str, Any]], on: date, *, whole: bool) -> list[Row]:
    """Return names that were borne on a day; one that its source left later had no end yet."""
    rows = []
    for name in names:
        ended = day(name.get("valid_to"))
        gone = ended is not None and ended <= on
        if not left(name):
            rows.append(_dated(node, name))
        elif not gone or whole:
            rows.append(_dated(node, name) | {"end_on": ended if gone else None})
    return rows


def _company_records(node: Mapping[str, Any], said: _Said, on: date, *, whole: bool) -> list[Row]:
    """Return what the records of a company say; a record and its status were one row, and are again."""
    statuses: dict[tuple[Any, ...], list[Mapping[str, Any]]] = defaultdict(list)
    for status in said("statuses"):
        if is_known(status, on) and status.get("status_text") != _GONE:
            statuses[_status_key(status)].append(status)
    rows = []
    for record in said("records"):
        ended = day(record.get("valid_to"))
        gone = ended is not None and ended <= on
        if not is_known(record, on) or (gone and not whole):
            continue
        dates = times(statuses[_status_key(record)].pop(0)) if statuses[_status_key(record)] else {}
        row = _dated(node, record) | {"start_on": None, "end_on": None} | dates
        rows.append(row | {"published_on": day(record.get("known_from")), "op": "end" if gone else "assert"})
    if whole:
        rows += [_dated(node, status) for several in statuses.values() for status in several]
    return rows


def _status_key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row.get(name) for name in ("dataset", "record", "status", "status_text"))


def _further(node: Mapping[str, Any], said: _Said, on: date, *, whole: bool) -> Rows:
    return {
        table: [_dated(node, row) for row in said(table) if is_known(row, on) and (whole or not left(row))]
        for table in _FURTHER
    }


def _dated(node: Mapping[str, Any], said: Mapping[str, Any], *columns: str) -> Row:
    """Return a statement about a node as a staged row, with some of its columns or all but the times."""
    kept = columns or [name for name in said if name not in _NOT_SAID]
    return {"id": node["id"], **{name: said[name] for name in kept}, **times(said)}


def _statements(node: Mapping[str, Any]) -> _Said:
    """Return what gives the statements of a table about a node.

    Raises:
        Unreadable: If the node has no id, or its statements are no JSON of the model.
    """
    if not isinstance(node.get("id"), str):
        raise Unreadable("it has no id")
    try:
        tables = orjson.loads(node.get("statements", "{}"))
    except (orjson.JSONDecodeError, TypeError) as error:
        raise Unreadable("its statements are no JSON") from error
    if not isinstance(tables, dict) or not all(_are_rows(rows) for rows in tables.values()):
        raise Unreadable("its statements are not those of the model")
    return lambda table: tables.get(table, [])


def _are_rows(rows: object) -> bool:
    return isinstance(rows, list) and all(isinstance(row, dict) and {"dataset", "record"} <= row.keys() for row in rows)

"""Which company, or other entity, a caller means: by its id, one that it had, an identifier or a name."""

from __future__ import annotations

from graphleads.codes.scheme import normalize_identifier, split_written
from graphleads.errors import EntityNotFound, ValueInvalid
from graphleads.graph.snapshot import Snapshot
from graphleads.graph.stores.embedded import EmbeddedStore
from graphleads.ids import EntityId, make_id, split_id
from graphleads.model import NodeKind
from graphleads.names.normalize import name_key
from graphleads.remedy import Remedy
from graphleads.text import clean_text

_NAMESAKES = 50
"""Hits among which a company of a name is looked for."""

_SHOWN = 5
"""Candidates that an error names."""


def find_company(snapshot: Snapshot, company: EntityId) -> EntityId:
    """Return the id that a company has now: of its id, one that it had, or an identifier or a name that it alone bears.

    Raises:
        ValueInvalid: If it is neither an id nor a name, or several companies bear the identifier or the name.
        EntityNotFound: If there is no such company; says how to find one.
    """
    company = clean_text(company)
    named = not _is_written_as_id(company)
    node = _find_named(snapshot, company) if named else _find_node(snapshot, company)
    if node is None and named:
        raise _unnamed(snapshot, company)
    if node is None:
        raise EntityNotFound(f"There is no company {company}.", Remedy.SEARCH_NAME, company=company)
    if snapshot.kind_of(node) is not NodeKind.COMPANY:
        kind = snapshot.kind_of(node).replace("_", " ")
        raise EntityNotFound(f"{company} is a {kind}, not a company.", Remedy.SHOW_TIES, company=company)
    return snapshot.id_of(node)


def find_entity(snapshot: Snapshot, entity: EntityId) -> EntityId:
    """Return the id that an entity has now, found as a company is; an id that no register has stays as it is.

    Raises:
        ValueInvalid: If it is neither an id nor a name, or several companies bear the identifier or the name.
    """
    entity = clean_text(entity)
    named = not _is_written_as_id(entity)
    node = _find_named(snapshot, entity) if named else _find_node(snapshot, entity)
    if node is None and named:
        raise _unnamed(snapshot, entity)
    return entity if node is None else snapshot.id_of(node)


def _unnamed(snapshot: Snapshot, text: str) -> ValueInvalid:
    """Return the error that no company is called so, with those that are called like it."""
    hits = EmbeddedStore(snapshot).search(text, limit=_SHOWN) if name_key(text) else ()
    near = {one.node.id: one.node.name for one in hits if one.node.kind is NodeKind.COMPANY}
    told = f" (like it: {', '.join(f'{name} {key}' for key, name in near.items())})" if near else ""
    what = f"{text[:80]!r} is no id, and no company is called so{told}."
    return ValueInvalid(what, Remedy.WRITE_ID, company=text[:80], candidates=tuple(near))


def _is_written_as_id(text: str) -> bool:
    return ":" in text or split_written(text) is not None


def _find_named(snapshot: Snapshot, text: str) -> int | None:
    """Return the only company that is called so, whatever the case and the punctuation; None if there is none."""
    key = name_key(text)
    hits = EmbeddedStore(snapshot).search(text, limit=_NAMESAKES) if key else ()
    called = {one.node.id for one in hits if one.node.kind is NodeKind.COMPANY and name_key(one.matched_name) == key}
    if len(called) > 1:
        shown = sorted(called)[:_SHOWN]
        raise ValueInvalid(
            f"{len(called):,} companies are called {text[:80]!r}, {', '.join(shown)}: name one by its id.",
            company=text[:80],
            candidates=tuple(shown),
        )
    return snapshot.node_of(called.pop()) if called else None


def _find_node(snapshot: Snapshot, text: str) -> int | None:
    exact = snapshot.node_of(text)
    if exact is not None:
        return exact
    scheme, _, value = text.partition(":")
    scheme, value = split_written(text) or split_id(f"{scheme.strip().upper()}:{value.strip()}")
    normal = normalize_identifier(scheme, value)
    node = None if normal is None else snapshot.node_of(make_id(scheme, normal))
    if node is not None:
        return node
    bearers = EmbeddedStore(snapshot).find_identifier(scheme, value)
    if len(bearers) > 1:
        shown = tuple(bearers[:_SHOWN])
        raise ValueInvalid(
            f"{text[:80]} is borne by {len(bearers):,} companies, {', '.join(shown)}: name one.",
            company=text[:80],
            candidates=shown,
        )
    return snapshot.node_of(bearers[0]) if bearers else None

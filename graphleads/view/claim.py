"""Claims and exclusions as JSON objects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from graphleads.ids import EntityId
    from graphleads.leads.exclusions import Exclusion
    from graphleads.model import Claim


def named_object(said: Claim | Exclusion, names: Mapping[EntityId, str]) -> dict[str, Any]:
    """Return a claim or an exclusion with what its company is called, null where no register has it."""
    return asdict(said) | {"name": names.get(said.company)}

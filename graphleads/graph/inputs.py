"""What a snapshot is made of, as a hash: whoever has it knows without building whether there is anything to build."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from graphleads.disk import checksum
from graphleads.graph.config import BuildConfig, WalkConfig
from graphleads.graph.manifest import FORMAT
from graphleads.tables.delivery import Delivery

_NOT_CONTENT = {"max_drop", "keep"}
"""Settings that decide whether a snapshot is published and kept, not what is in it."""


def build_inputs(deliveries: Sequence[Delivery], same_as: Path | None, config: BuildConfig) -> str:
    """Return a hash of everything that a build depends on; a snapshot with the same inputs need not be built again."""
    return hash_inputs(deliveries, same_as, content_parameters(config, WalkConfig()))


def hash_inputs(deliveries: Sequence[Delivery], same_as: Path | None, parameters: Mapping[str, Any]) -> str:
    """Return the hash of deliveries, the file of linked pairs, and what `content_parameters` returns."""
    stated = {
        "format": FORMAT,
        "deliveries": [[one.manifest.dataset, one.manifest.id] for one in deliveries],
        "same_as": checksum(same_as) if same_as else None,
        "config": parameters,
    }
    return hashlib.sha256(json.dumps(stated, sort_keys=True).encode()).hexdigest()


def content_parameters(config: BuildConfig, walk: WalkConfig) -> dict[str, Any]:
    """Return what a snapshot's content depends on beside its input."""
    return config.model_dump(exclude=_NOT_CONTENT) | {"walk": walk.model_dump()}

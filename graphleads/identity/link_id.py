"""The name of what was linked: whoever has it knows without linking whether there is anything to link."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from graphleads.tables.delivery import Delivery

VERSION = 4
SAME_AS_FILE = "same_as.parquet"
REVIEW_FILE = "review.parquet"


def link_id(deliveries: Sequence[Delivery]) -> str:
    """Return the id that links of these deliveries have."""
    stated = [VERSION, *([one.manifest.dataset, one.manifest.id] for one in deliveries)]
    return hashlib.sha256(json.dumps(stated).encode()).hexdigest()[:16]

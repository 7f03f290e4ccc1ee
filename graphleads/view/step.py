"""Steps of paths in words that say which way a tie goes: who holds, directs or has whom."""

from __future__ import annotations

from collections.abc import Mapping

from graphleads.model import PathStep, Relationship
from graphleads.view.fact import share_cell, sources_cell, title_cell, when_cell
from graphleads.view.text import in_words

_LINKS: Mapping[str, tuple[str, str]] = {
    "branch_of": ("is a branch of", "has the branch"),
    "consolidated_directly_by": ("is a direct subsidiary of", "is the direct parent of"),
    "consolidated_ultimately_by": ("has the ultimate parent", "is the ultimate parent of"),
    "managed_by": ("is managed by", "manages"),
    "subfund_of": ("is a sub-fund of", "has the sub-fund"),
    "feeder_to": ("is a feeder fund of", "has the feeder fund"),
    "succeeded_by": ("is succeeded by", "succeeds"),
    "merged_into": ("was merged into", "took in"),
    "franchise_of": ("is a franchise of", "has the franchise"),
    "competes_with": ("competes with", "competes with"),
    "supplies": ("supplies", "is supplied by"),
    "acquired_by": ("was acquired by", "acquired"),
    "invested_in": ("invested in", "has the investor"),
    "partner_of": ("is a partner of", "is a partner of"),
}
"""What stands between the two ends of a link, read from its source and read from its target."""


def step_line(step: PathStep) -> str:
    """Return one step of a path in a line: from, which way it is tied, to, and where that stands."""
    tie = step.relationship
    said = " ".join(filter(None, (_way(step), title_cell(tie), when_cell(tie.period))))
    return f"{step.start.name} – {said} – {step.end.name}  [{sources_cell(tie.sources)}]"


def _way(step: PathStep) -> str:
    """Return what stands between the two ends of a step: `holds 75 to 100 % of`, `is held by (75 to 100 %)`."""
    tie = step.relationship
    forward, backward = _words(tie)
    return forward if tie.source.id == step.start.id else backward


def _words(tie: Relationship) -> tuple[str, str]:
    kind = in_words(tie.kind)
    match tie.relation:
        case "interest":
            share, other = share_cell(tie.share_min, tie.share_max), "" if tie.kind == "shareholding" else kind
            more = ", ".join(filter(None, (share, other)))
            holds = f"holds {share} of" if share else "holds an interest in"
            return f"{holds} ({other})" if other else holds, f"is held by ({more})" if more else "is held by"
        case "role":
            office = "officer" if tie.kind == "other" else kind
            return f"is {office} of", f"has as {office}"
        case "contact":
            return f"has the {kind}", f"is the {kind} of"
        case "same_person":
            same = f"is probably ({tie.confidence:.0%}) the same person as" if tie.confidence < 1 else "is"
            return same, same
    return _LINKS.get(tie.kind, (kind, f"at the other end: {kind}"))

"""What is wrong with customers, as JSON objects and as rows of a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from graphleads.view.text import place

if TYPE_CHECKING:
    from graphleads.model import Company
    from graphleads.workspace.checking import Finding

CHECK_COLUMNS = ("finding", "customers", "what", "company", "candidates", "repair")


def check_objects(findings: Iterable[Finding], command: Callable[..., str]) -> list[dict[str, Any]]:
    """Return findings, each with its customers and the command that repairs it.

    Args:
        findings: The findings.
        command: Returns a command from its words, as one types it.
    """
    return [
        {
            "finding": one.kind.value,
            "customers": [
                {"id": each.external_id, "name": each.name, "status": each.status.value, "owner": each.owner}
                for each in one.customers
            ],
            "what": one.what,
            "company": _company_object(one.company) if one.company else None,
            "candidates": [_company_object(each) for each in one.candidates],
            "repair": command(*one.repair),
        }
        for one in findings
    ]


def check_rows(findings: Iterable[Finding], command: Callable[..., str]) -> Iterator[tuple[str, ...]]:
    """Yield a row a finding, as `CHECK_COLUMNS` names its columns; several customers or companies stand in lines."""
    for one in findings:
        yield (
            one.kind.value,
            "\n".join(f"{each.external_id} ({each.name})" for each in one.customers),
            one.what,
            _company_line(one.company) if one.company else "",
            "\n".join(map(_company_line, one.candidates)),
            command(*one.repair),
        )


def _company_object(company: Company) -> dict[str, Any]:
    return {
        "id": company.id,
        "name": company.name,
        "place": place(company.locality, company.jurisdiction),
        "status": company.status,
    }


def _company_line(company: Company) -> str:
    where = place(company.locality, company.jurisdiction)
    return ", ".join(filter(None, (f"{company.name} ({company.id})", where)))

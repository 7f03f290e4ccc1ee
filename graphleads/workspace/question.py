"""A question to the ranking, told once: Python's arguments, the command line's options, HTTP's fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from graphleads.errors import ValueInvalid
from graphleads.ids import EntityId
from graphleads.text import clean_text

MOST_LEADS = 10_000
"""Leads of one answer: more than any team calls, and little enough to explain each."""

MOST_REASONS = 10

LANGUAGES = ("en", "zh")


def _means(meaning: str) -> dict[str, str]:
    return {"meaning": meaning}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a ranking is asked; what each field means stands with it, for every face.

    Raises:
        ValueInvalid: If a field is out of its range: `k` 1 to 10,000, `n_reasons` 0 to 10; or if there are both seeds
            or customers and an owner.
    """

    seeds: Sequence[EntityId] | None = field(
        default=None, metadata=_means("Companies to look around instead of the won customers.")
    )
    customers: Sequence[str] | None = field(
        default=None,
        metadata=_means("Customers to look around instead of all won ones, by the CRM's id or by name; beside seeds."),
    )
    owner: str | None = field(default=None, metadata=_means("Look around this owner's won customers only."))
    k: int = field(default=50, metadata=_means("How many leads."))
    jurisdictions: Sequence[str] = field(
        default=(), metadata=_means("Countries or subdivisions to keep, by name or code; otherwise all are kept.")
    )
    industries: Sequence[str] = field(
        default=(), metadata=_means("Beginnings of trade codes to keep; otherwise all are kept.")
    )
    as_of: date | str | None = field(default=None, metadata=_means("The day whose facts count; otherwise today."))
    known_on: date | str | None = field(
        default=None, metadata=_means("The day up to which facts were known; otherwise today.")
    )
    exclude_families: bool = field(default=False, metadata=_means("Leave out the customers' own corporate groups."))
    language: str | None = field(default=None, metadata=_means("The language of the reasons; otherwise the setting's."))
    n_reasons: int | None = field(default=None, metadata=_means("Reasons a lead; otherwise the setting's."))
    n_ignored: int | None = field(
        default=None, metadata=_means("How much of what is near and not followed is listed; otherwise the setting's.")
    )

    def __post_init__(self) -> None:
        if self.owner is not None:
            object.__setattr__(self, "owner", clean_text(self.owner))
        if self.owner == "":
            raise ValueInvalid("The owner is empty: give one.")
        if not 1 <= self.k <= MOST_LEADS:
            raise ValueInvalid(f"{self.k:,} leads cannot be asked for: ask for 1 to {MOST_LEADS:,}.")
        if self.language not in (None, *LANGUAGES):
            raise ValueInvalid(f"There are no reasons in {self.language!r}: use {' or '.join(LANGUAGES)}.")
        if self.n_reasons is not None and not 0 <= self.n_reasons <= MOST_REASONS:
            raise ValueInvalid(f"{self.n_reasons:,} reasons a lead: ask for 0 to {MOST_REASONS}.")
        if self.names_seeds and self.owner is not None:
            raise ValueInvalid("Give either companies to look around or an owner, not both.")
        if any(isinstance(one, str) for one in (self.seeds, self.customers, self.jurisdictions, self.industries)):
            raise ValueInvalid("Give seeds, customers, jurisdictions and industries as lists, even of one.")
        if not all(one.strip() for one in self.industries):
            raise ValueInvalid("An industry is empty: give the beginning of a trade code, for example 62.")

    @property
    def names_seeds(self) -> bool:
        """Whether it says around which companies or customers to look."""
        return self.seeds is not None or self.customers is not None


_TOLD = {one.name: one for one in fields(Question)}


def meaning_of(name: str) -> str:
    """Return what a field of a question means."""
    metadata: Mapping[str, str] = _TOLD[name].metadata
    return metadata["meaning"]


def default_of(name: str) -> Any:
    """Return what a field of a question is where nobody says it."""
    return _TOLD[name].default


_Fields = ParamSpec("_Fields")
_Asked = TypeVar("_Asked")
_Answer = TypeVar("_Answer")


def told_by(
    make: Callable[_Fields, Question],
) -> Callable[[Callable[[_Asked, Question], _Answer]], Callable[Concatenate[_Asked, _Fields], _Answer]]:
    """Make a method that is asked a question one that is told the question's fields, so that they stand only there."""

    def decorate(answer: Callable[[_Asked, Question], _Answer]) -> Callable[Concatenate[_Asked, _Fields], _Answer]:
        @wraps(answer)
        def ask(asked: _Asked, /, *args: _Fields.args, **fields: _Fields.kwargs) -> _Answer:
            return answer(asked, make(*args, **fields))

        return ask

    return decorate


def told_of_one_by(
    make: Callable[_Fields, Question],
) -> Callable[
    [Callable[[_Asked, EntityId, Question], _Answer]], Callable[Concatenate[_Asked, EntityId, _Fields], _Answer]
]:
    """Do as `told_by` for a method that is asked a question about one company."""

    def decorate(
        answer: Callable[[_Asked, EntityId, Question], _Answer],
    ) -> Callable[Concatenate[_Asked, EntityId, _Fields], _Answer]:
        @wraps(answer)
        def ask(asked: _Asked, company: EntityId, /, *args: _Fields.args, **fields: _Fields.kwargs) -> _Answer:
            return answer(asked, company, make(*args, **fields))

        return ask

    return decorate

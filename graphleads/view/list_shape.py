"""The shapes of what is listed page by page: deals, matches, imports, runs, deliveries; as `graphleads.view.shape`."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import with_config
from typing_extensions import TypedDict

from graphleads.leads.shown import CompanyLine
from graphleads.view.shape import MatchAnswer


@with_config(extra="forbid", use_attribute_docstrings=True)
class DealFacts(TypedDict):
    """A deal as the CRM has it."""

    external_id: str
    customer: str | None
    """The external id of the customer that it is with; null where the CRM does not say."""
    account: str | None
    """The customer's name as the deal has it."""
    name: str | None
    product: str | None
    stage: str | None
    status: str
    """What the stage comes to: won, open or lost."""
    amount: float | None
    currency: str | None
    probability: float | None
    """That it will be won, from 0 to 1."""
    opened_on: date | None
    expected_on: date | None
    closed_on: date | None
    """The day on which it was won or lost."""
    owner: str | None
    custom: dict[str, str]


@with_config(extra="forbid", use_attribute_docstrings=True)
class DealsAnswer(TypedDict):
    """Deals by their ids."""

    items: list[DealFacts]
    next: str | None
    """The id after which to ask for more; null where there are none."""


@with_config(extra="forbid", use_attribute_docstrings=True)
class MatchedSide(CompanyLine):
    """A company that a customer is or may be, and what the two are compared by."""

    probability: float
    """That it is the customer, from 0 to 1."""
    contacts: list[str]
    """Its phones, mail domains and web sites, up to five."""


@with_config(extra="forbid", use_attribute_docstrings=True)
class CustomerSide(TypedDict):
    """A customer, and what it is compared by."""

    id: str
    name: str
    status: str
    owner: str | None
    jurisdiction: str | None
    locality: str | None
    contacts: list[str]
    """Its phone, mail domain and web site."""


@with_config(extra="forbid", use_attribute_docstrings=True)
class JudgementAnswer(TypedDict):
    """What somebody said of a customer and a company, and nobody has taken back."""

    company: str
    verdict: str
    """same, different, or unsure where nobody can tell."""
    by: str
    at: datetime
    reason: str | None


@with_config(extra="forbid", use_attribute_docstrings=True)
class MatchedAnswer(TypedDict):
    """How a customer stands to the registers, both sides of it."""

    customer: CustomerSide
    state: str
    """sure, unsure, none, confirmed or refused; an unsure one waits for a person."""
    method: str
    """What speaks for it most: identifier, exact_name and so on, or person where somebody decided."""
    company: str | None
    """The company that the customer is; null where that is not sure and nobody has confirmed it."""
    candidates: list[MatchedSide]
    """The company that it is, or those that it may be or was refused to be, the likeliest first."""
    decisions: list[JudgementAnswer]
    """The oldest first."""


@with_config(extra="forbid", use_attribute_docstrings=True)
class MatchesAnswer(TypedDict):
    """How customers stand to the registers, by the customers' ids."""

    counts: dict[str, int]
    """How many customers stand in which state, whatever was asked for."""
    items: list[MatchedAnswer]
    next: str | None
    """The id after which to ask for more; null where there are none."""


@with_config(extra="forbid", use_attribute_docstrings=True)
class WrongPart(TypedDict):
    """One thing that is wrong with an item."""

    at: str
    message: str


@with_config(extra="forbid", use_attribute_docstrings=True)
class ItemError(TypedDict):
    """Why one item of many could not be done; all others were."""

    code: str
    """The kind of error, as a problem has it."""
    detail: str
    """What is wrong and what to do next, in one sentence."""
    next_step: str | None
    """What puts it right, for machines; null where nothing is known."""
    values: dict[str, str | int | float | list[str] | None]
    """What it is about, by name."""
    errors: list[WrongPart]
    """Each thing that is wrong with the item."""


@with_config(extra="forbid", use_attribute_docstrings=True)
class DecidedAnswer(TypedDict):
    """What came of a decision on a match."""

    customer: str
    company: str
    verdict: str
    """As it was given."""
    result: str
    """made, or refused."""
    match: MatchAnswer | None
    """How the customer stands now; null where the decision was refused, or nothing is said of the customer any more."""
    error: ItemError | None
    """Why it was refused; null where it was made."""


@with_config(extra="forbid", use_attribute_docstrings=True)
class DecisionsAnswer(TypedDict):
    """What came of each decision, in their order."""

    n_made: int
    n_refused: int
    items: list[DecidedAnswer]


@with_config(extra="forbid", use_attribute_docstrings=True)
class PutItemAnswer(TypedDict):
    """What became of one customer of many."""

    external_id: str | None
    """Its id, as it is stored; of one that was refused as it was given, null where it was none."""
    result: str
    """created, changed, unchanged, or refused."""
    match: MatchAnswer | None
    """How it stands to the registers now; null where it was refused, or there is no register."""
    dropped_personal: dict[str, int]
    """What told of people and was never stored: names of fields, or of `custom`, with the number of values."""
    error: ItemError | None
    """Why it was refused; null where it was not."""


@with_config(extra="forbid", use_attribute_docstrings=True)
class PutAllAnswer(TypedDict):
    """What became of many customers, each in its place."""

    import_id: int | None
    """The import that they are, for taking them back; null where nothing was new or changed."""
    n_created: int
    n_changed: int
    n_unchanged: int
    n_refused: int
    items: list[PutItemAnswer]


@with_config(extra="forbid", use_attribute_docstrings=True)
class ImportAnswer(TypedDict):
    """What an import of customers or deals did, who made it and when."""

    id: int
    file: str
    """What it came from: the name of a file, or HTTP."""
    by: str
    imported_at: datetime
    n_new: int
    n_changed: int
    n_unchanged: int
    n_rejected: int
    n_ended: int
    n_deals: int
    """Deals that it wrote; the other numbers are of customers."""
    undone_at: datetime | None
    undone_by: str | None
    undoable: bool
    not_undoable_because: str | None
    """Null where it can be undone."""
    n_written_over: int
    """Customers and deals of it that later imports wrote over: an undo leaves them as they are."""


@with_config(extra="forbid", use_attribute_docstrings=True)
class ImportsAnswer(TypedDict):
    """The imports of customers and deals, the last one first."""

    items: list[ImportAnswer]
    next: int | None
    """The number after which to ask for more; null where there are none."""


@with_config(extra="forbid", use_attribute_docstrings=True)
class LeftAnswer(TypedDict):
    """A customer or deal that an undo left as it is, and the later import that has it so."""

    external_id: str
    import_id: int
    file: str


@with_config(extra="forbid", use_attribute_docstrings=True)
class UndoneAnswer(ImportAnswer):
    """An import that was taken back: what is again as it was before, what is gone, and what was left and why."""

    restored: list[str]
    """The customers that are again as they were before it."""
    removed: list[str]
    """Those that were not there before it."""
    left: list[LeftAnswer]
    restored_deals: list[str]
    removed_deals: list[str]
    left_deals: list[LeftAnswer]


@with_config(extra="forbid", use_attribute_docstrings=True)
class RunLineAnswer(TypedDict):
    """A run in brief."""

    id: str
    by: str
    """Who asked."""
    snapshot: str
    as_of: date | None
    """The day whose facts counted; null where the run does not say it."""
    k: int | None
    """How many leads were asked for."""
    n_seeds: int
    n_leads: int
    created_at: datetime
    """When it was shown first."""
    shown_at: datetime
    """When it was shown last."""
    pinned_at: datetime | None
    """Since when it is kept for good; null where it is not."""


@with_config(extra="forbid", use_attribute_docstrings=True)
class RunsAnswer(TypedDict):
    """The runs that are kept, the one that was shown last first."""

    items: list[RunLineAnswer]
    next: str | None
    """What to ask for more with as `after`; null where there are none."""


@with_config(extra="forbid", use_attribute_docstrings=True)
class DeliveredFileAnswer(TypedDict):
    """A file that was read."""

    name: str
    size: int
    """In bytes."""
    sha256: str
    encoding: str | None


@with_config(extra="forbid", use_attribute_docstrings=True)
class DeliveryAnswer(TypedDict):
    """A delivery of a register: what was ingested in one go."""

    id: str
    dataset: str
    kind: str
    """full: the register's whole state; update: what changed."""
    observed_on: date
    """The day of the register's state."""
    reader: str
    reader_version: int
    mapping: str | None
    files: list[DeliveredFileAnswer]
    n_rows_read: int
    """Records that were read."""
    n_rows_staged: dict[str, int]
    """Rows by table."""
    n_issues: int
    """How often something was wrong."""
    issues: dict[str, int]
    """How often what was wrong."""
    ignored_fields: dict[str, str]
    """Fields that are left out on purpose, and why."""
    unknown_fields: list[str]
    dropped_personal_fields: dict[str, int]
    """Fields about people that are never stored, with the number of values."""
    moment: str
    """When on its day the register's state was so; empty where no file says it."""
    version: int


@with_config(extra="forbid", use_attribute_docstrings=True)
class DeliveriesAnswer(TypedDict):
    """The deliveries of the registers, by dataset and then as one came after the other."""

    items: list[DeliveryAnswer]
    next: str | None
    """What to ask for more with as `after`; null where there are none."""

"""The workspace: the main job step by step, as Python and the command line both call it."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from graphleads.crm.importing import CustomerImport, ImportReport
from graphleads.crm.undo import UndoneImport
from graphleads.errors import ValueInvalid
from graphleads.graph.build import BuildReport
from graphleads.identity.link import LinkReport
from graphleads.ids import EntityId
from graphleads.ingest.delivery import IngestRequest, IngestResult
from graphleads.leads.conflicts import LeadsInConflict
from graphleads.leads.exclusions import Exclusion
from graphleads.model import Claim, CustomerRecord, Match, Progress, Silence
from graphleads.settings import find_home, load_settings
from graphleads.workspace.age import describe_age, describe_silence
from graphleads.workspace.analyst import AnalystFace
from graphleads.workspace.answer import (
    CustomerAnswer,
    CustomerLine,
    Explained,
    KeptRun,
    MatchLine,
    Recommendations,
    Status,
    StepDone,
)
from graphleads.workspace.archivist import ArchivistFace
from graphleads.workspace.matching import count_states
from graphleads.workspace.neo4j import Neo4jFace
from graphleads.workspace.question import (
    Question,
    parse_country,
    parse_customer_status,
    parse_day,
    parse_files,
    parse_kind,
)

if TYPE_CHECKING:
    import pandas as pd


def utc_now() -> datetime:
    """Return the moment: the product's only clock."""
    return datetime.now(UTC)


def login_name() -> str:
    """Return who is logged in: whoever acts if nobody else is named."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def open_workspace(
    path: str | Path | None = None,
    *,
    actor: str | None = None,
    progress: Progress | None = None,
    now: Callable[[], datetime] = utc_now,
    migrates: bool = True,
) -> Workspace:
    """Return the workspace in a folder, which is made when something is first put into it.

    Args:
        path: The folder; None takes GRAPHLEADS_HOME, otherwise `~/.graphleads`.
        actor: Who writes what is written, unless a call names somebody else; None takes who is logged in.
        progress: Where long steps say how far they are; None keeps them silent.
        now: The clock.
        migrates: Whether a database in a file is brought up to date when it is opened. A database on a server never
            is: `database.upgrade()` does that.

    Raises:
        SettingInvalid: If the folder is a file, or its settings cannot be used.
    """
    settings = load_settings(find_home(path))
    return Workspace(settings, actor=actor or login_name(), progress=progress or Silence(), now=now, migrates=migrates)


class Workspace(AnalystFace, ArchivistFace, Neo4jFace):
    """Registers, customers and decisions of one home. Close it, or use it in a `with` statement.

    Steps that are asked for too early raise StepMissing, which names the step to run first.

    Attributes:
        configuration: The settings in force, and the home.
    """

    # Registers

    def ingest(  # noqa: PLR0913 - what the files of a delivery may leave unsaid
        self,
        reader: str,
        files: str | Path | Sequence[str | Path],
        *,
        dataset: str | None = None,
        observed_on: date | str | None = None,
        kind: str | None = None,
        mapping: str | Path | None = None,
        replace: bool = False,
    ) -> IngestResult:
        """Read register files and keep them as one delivery; the same files twice change nothing.

        Args:
            reader: The reader's name: cvm, table, or one that another package brings.
            files: One file or several.
            dataset: The dataset that they belong to; None takes the reader's own.
            observed_on: The day of the register's state; None where the files say it.
            kind: full or update, against what the files say.
            mapping: A shipped mapping's name or a mapping file, for readers that take one.
            replace: Take the place of another full delivery of the same day.

        Raises:
            InputError: If something that was handed in cannot be used; says what and where.
            ReaderNotFound: If there is no such reader.
            DeliveryConflict: If another full delivery of that day is there.
        """
        request = IngestRequest(
            dataset=dataset,
            observed_on=parse_day(observed_on),
            kind=parse_kind(kind),
            mapping=mapping,
            replace=replace,
            open_server=self._graph.server,
        )
        self._refuse_future(request.observed_on)
        return self._register.ingest(reader, parse_files(files), request)

    def _refuse_future(self, observed_on: date | None) -> None:
        tomorrow = self._now().date() + timedelta(days=1)
        if observed_on is not None and observed_on > tomorrow:
            raise ValueInvalid(f"{observed_on} is in the future: give the day on which the register was in that state.")

    def link(self) -> LinkReport:
        """Find which ids are one company, and which persons are probably one."""
        return self._register.link()

    def build(self, *, accept_drop: bool = False) -> BuildReport:
        """Build a snapshot of everything that was ingested, check it, and serve it.

        Args:
            accept_drop: Build even if a table loses more rows than the settings allow.

        Raises:
            BuildRefused: If a check fails; what was served before still is.
        """
        return self._register.build(accept_drop=accept_drop)

    def run(self) -> list[StepDone]:
        """Link, build and match, only what is stale: whose inputs are not those that it last ran with."""
        return self._steps.run(self._progress)

    def status(self) -> Status:
        """Return how far the workspace is, and what to run next."""
        return self._steps.status()

    def snapshot_id(self) -> str | None:
        """Return the id of the snapshot that is served, None if nothing was built yet."""
        return self._register.snapshot_id()

    def warning(self) -> str | None:
        """Return why what was asked so far was answered from an earlier snapshot than the current one; None if not."""
        return self._register.warning()

    # Customers

    def import_customers(
        self, source: str | Path | pd.DataFrame, *, mapping: str | Path | None = None, dry_run: bool = False
    ) -> ImportReport:
        """Bring customers in from a CRM export, by external id; those that it does not have stay.

        Args:
            source: A CSV or TSV file, or a DataFrame.
            mapping: A YAML file that says what the headers do not.
            dry_run: Say what would be new, changed, unchanged and rejected, and write nothing.

        Raises:
            InputError: If the file or the mapping cannot be used.
        """
        read_from = Path(source) if isinstance(source, str) else source
        return self._team.import_customers(read_from, Path(mapping) if mapping else None, dry_run=dry_run)

    def customers(self) -> list[CustomerRecord]:
        """Return the customers by external id."""
        return self._team.customers()

    def put_customer(self, customer: CustomerRecord, *, source: str) -> bool:
        """Bring one customer in or up to date, match it, and return whether it is new.

        Args:
            customer: The customer; its country by name or code.
            source: Where it comes from, as `imports` calls it.

        Raises:
            ValueInvalid: If its country is none.
        """
        customer = replace(customer, jurisdiction=parse_country(customer.jurisdiction))
        report = self._team.put_customer(customer, source=source)
        self._matching.match_one(customer)
        return bool(report.new)

    def undo_import(self, import_id: int) -> UndoneImport:
        """Take back what an import wrote, customer by customer, where no later one has the customer so.

        Raises:
            NotFound: If there is no import of that number.
            Conflict: If it is undone already.
        """
        return self._team.undo_import(import_id)

    def imports(self) -> list[CustomerImport]:
        """Return the imports of customers, the first one first."""
        return self._team.imports()

    def customer_lines(
        self, *, status: str | None = None, owner: str | None = None, unmatched: bool = False
    ) -> list[CustomerLine]:
        """Return the customers by external id, with their matches; `unmatched` ones have no company, sure or unsure.

        Raises:
            ValueInvalid: If there is no such status.
        """
        return self._lookup.customer_lines(parse_customer_status(status), owner=owner, unmatched=unmatched)

    def customer(self, external_id: str) -> CustomerAnswer:
        """Return a customer with what the registers say of the company that it is, or may be.

        Raises:
            CustomerNotFound: If there is no such customer.
        """
        return self._lookup.customer(external_id, today=self._now().date())

    def match(self) -> dict[str, int]:
        """Find the customers in the register, and return how many stand in which state."""
        return count_states(self._matching.match(self._progress))

    def matches(self) -> list[Match]:
        """Return how the customers stand to the register, people's decisions included, by external id."""
        return list(self._team.matches().values())

    def review(self) -> list[MatchLine]:
        """Return the customers whose matches wait for a person, with the companies that they may be."""
        return self._matching.waiting()

    def confirm(self, customer: str, company: EntityId, *, by: str) -> Match:
        """Say that a customer is this company, whatever the matcher says.

        Raises:
            CustomerNotFound: If there is no such customer.
            EntityNotFound: If there is no such company.
        """
        return self._team.confirm(customer, self._lookup.find(company), by=by)

    def refuse(self, customer: str, company: EntityId, *, by: str) -> None:
        """Say that a customer is not this company; raises as `confirm` does."""
        self._team.refuse(customer, self._lookup.find(company), by=by)

    # Leads

    def recommend(  # noqa: PLR0913 - independent parts of one question
        self,
        *,
        seeds: Sequence[EntityId] | None = None,
        owner: str | None = None,
        k: int = 50,
        jurisdictions: Sequence[str] = (),
        industries: Sequence[str] = (),
        as_of: date | str | None = None,
        known_on: date | str | None = None,
        exclude_families: bool = False,
        language: str | None = None,
        n_reasons: int | None = None,
        n_ignored: int | None = None,
    ) -> Recommendations:
        """Rank the unclaimed companies near the won customers, or near companies given by id.

        Args:
            seeds: Companies to look around instead of the won customers.
            owner: Look around this owner's won customers only; nobody's customers are ever leads.
            k: How many leads, 1 to 10,000.
            jurisdictions: Countries or subdivisions to keep, by name or code; empty keeps all.
            industries: Beginnings of trade or sector codes to keep; empty keeps all.
            as_of: The day whose facts count; None is today.
            known_on: The day up to which facts were known; None is today.
            exclude_families: Leave out the customers' own corporate groups.
            language: Of the reasons, en or zh; None takes the setting's.
            n_reasons: Reasons a lead, 0 to 10; None takes the setting's.
            n_ignored: How much of what is near and not followed to list; None takes the setting's.

        Raises:
            ValueInvalid: If a part of the question cannot be used.
            EntityNotFound: If a seed is not in the register.
        """
        question = Question(
            seeds=seeds,
            owner=owner,
            k=k,
            jurisdictions=jurisdictions,
            industries=industries,
            as_of=as_of,
            known_on=known_on,
            exclude_families=exclude_families,
            language=language,
            n_reasons=n_reasons,
            n_ignored=n_ignored,
        )
        answer = self._leads.recommend(question, today=self._today())
        return self._warn_of_register(answer, parse_day(known_on) or self._today())

    def _warn_of_register(self, answer: Recommendations, known_on: date) -> Recommendations:
        snapshot = self._register.snapshot()
        observed_on = snapshot.observed_by(known_on)
        age = None if observed_on is None else describe_age(observed_on, answer.run.as_of)
        silence = describe_silence(snapshot.first_known_on, known_on)
        warnings = (*answer.run.warnings, *filter(None, (silence, age, self._register.warning())))
        return replace(answer, run=replace(answer.run, warnings=warnings))

    def recommendations(self, run_id: str, *, new_since: str | None = None) -> KeptRun:
        """Return a run as it was shown; with `new_since`, another run, only the leads that are not in that one.

        Raises:
            RunNotFound: If one of them was not kept.
        """
        return self._leads.kept(run_id, new_since=new_since)

    def new_leads(self, answer: Recommendations, *, since: str) -> Recommendations:
        """Return the leads of an answer that an earlier run did not show.

        Raises:
            RunNotFound: If there is no such run.
        """
        return replace(answer, items=self._leads.not_in(since, answer.items))

    def explain(
        self,
        company: EntityId,
        *,
        seeds: Sequence[EntityId] | None = None,
        owner: str | None = None,
        as_of: date | str | None = None,
        known_on: date | str | None = None,
        language: str | None = None,
    ) -> Explained:
        """Return why a company is, or is not, a lead; arguments and errors are those of `recommend`."""
        question = Question(seeds=seeds, owner=owner, as_of=as_of, known_on=known_on, language=language)
        return self._leads.explain(company, question, today=self._today())

    def claim(self, company: EntityId, *, owner: str) -> Claim:
        """Claim a company, so that nobody else is offered it; claiming it again returns the claim that there is.

        Raises:
            LeadConflict: If somebody else has it; says who.
            Conflict: If it is a won or open customer, or excluded; says which, and what to do.
            EntityNotFound: If there is no such company.
        """
        company = self._lookup.find(company)
        claims = self._lookup.claims_on(company)
        if not claims:
            self._lookup.refuse_taken(company)
        others = [one.company for one in claims if one.company != company]
        return self._team.claim(company, owner, also_known_as=others)

    def release(self, company: EntityId, *, by: str) -> Claim:
        """Give a company back, and return the claim that ended.

        Raises:
            NotFound: If nobody has claimed it.
        """
        return self._team.release(self._lookup.claimed_as(company), by=by)

    def release_claim(self, claim: int, *, by: str | None = None) -> Claim:
        """End a claim by its number, and return it; its owner does, if nobody is named.

        Raises:
            NotFound: If there is no such claim, or it ended already.
        """
        return self._team.release_claim(claim, by=by)

    def claims(self, *, owner: str | None = None) -> list[Claim]:
        """Return who works on which company, the oldest claim first."""
        return self._team.claims(owner)

    def conflicts(self) -> list[LeadsInConflict]:
        """Return the companies that are claimed twice, or claimed and excluded, since their ids became one.

        The earliest claim counts until somebody settles it.
        """
        return self._team.conflicts()

    def settle_conflict(
        self, company: EntityId, *, claim: int | None = None, by: str | None = None
    ) -> Claim | Exclusion:
        """Settle a conflict, and return what stands: the claim of that number, or the exclusion if none is named.

        Every other claim on the company ends, and an exclusion is taken back where a claim stands.

        Raises:
            NotFound: If there is no conflict on the company, or none of its claims has that number.
        """
        return self._team.settle(self._lookup.find(company), claim=claim, by=by)

    def exclude(self, company: EntityId, *, reason: str, by: str) -> Exclusion:
        """Keep a company out of the leads.

        Raises:
            Conflict: If it is excluded for another reason already.
            EntityNotFound: If there is no such company.
        """
        return self._team.exclude(self._lookup.find(company), reason=reason, by=by)

    def include(self, company: EntityId, *, by: str) -> None:
        """Let a company be offered again.

        Raises:
            NotFound: If it is not excluded.
        """
        self._team.include(self._lookup.excluded_as(company), by=by)

    def exclusions(self) -> list[Exclusion]:
        """Return which companies are not to be offered, and why."""
        return self._team.exclusions()

"""The workspace: the main job step by step, as Python and the command line both call it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from graphleads.graph.build import BuildReport
from graphleads.graph.snapshot import SnapshotInfo, list_snapshots, use_snapshot, verify_snapshot
from graphleads.graph.store import SearchHit
from graphleads.graph.stores.embedded import EmbeddedStore
from graphleads.identity.link import LinkReport
from graphleads.ids import EntityId
from graphleads.ingest.customer_import import CustomerImport, ImportReport
from graphleads.ingest.delivery import IngestRequest, IngestResult
from graphleads.leads.exclusions import Exclusion
from graphleads.model import Claim, CustomerRecord, Match, Progress, Silence
from graphleads.settings import Configuration, find_home, load_settings
from graphleads.workspace.analysis import Analysis
from graphleads.workspace.answer import (
    CompanyAnswer,
    CustomerAnswer,
    Explained,
    KeptRun,
    MatchLine,
    PathsAnswer,
    Recommendations,
    RelationshipsAnswer,
    Status,
    StepDone,
)
from graphleads.workspace.desk import Desk
from graphleads.workspace.home import Home
from graphleads.workspace.leads import Leads
from graphleads.workspace.lookup import Lookup
from graphleads.workspace.matching import Matching, count_states
from graphleads.workspace.question import Question, parse_country, parse_day, parse_files, parse_kind
from graphleads.workspace.register import Register
from graphleads.workspace.steps import Steps

if TYPE_CHECKING:
    import pandas as pd


def utc_now() -> datetime:
    """Return the moment: the product's only clock."""
    return datetime.now(UTC)


def open_workspace(
    path: str | Path | None = None, *, progress: Progress | None = None, now: Callable[[], datetime] = utc_now
) -> Workspace:
    """Return the workspace in a folder, which is made when something is first put into it.

    Args:
        path: The folder; None takes GRAPHLEADS_HOME, otherwise `~/.graphleads`.
        progress: Where long steps say how far they are; None keeps them silent.
        now: The clock.

    Raises:
        SettingInvalid: If the folder is a file, or its settings cannot be used.
    """
    return Workspace(load_settings(find_home(path)), progress=progress or Silence(), now=now)


class Workspace:
    """Registers, customers and decisions of one home. Close it, or use it in a `with` statement.

    Steps that are asked for too early raise StepMissing, which names the step to run first.

    Attributes:
        configuration: The settings in force, and the home.
    """

    def __init__(self, configuration: Configuration, *, progress: Progress, now: Callable[[], datetime]) -> None:
        settings = configuration.settings
        self.configuration = configuration
        self._progress = progress
        self._now = now
        self._home = Home(configuration.home)
        self._desk = Desk(self._home, settings.database_url, team=settings.team, now=now)
        self._use(Register(self._home, settings.build, progress))

    def _use(self, register: Register) -> None:
        settings = self.configuration.settings
        self._register = register
        self._matching = Matching(self._home, self._register, self._desk, settings.match)
        self._steps = Steps(self._home, self._register, self._desk, self._matching)
        self._lookup = Lookup(self._register, self._desk)
        self._leads = Leads(self._register, self._desk, settings.recommend, language=settings.language)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def pinned(self) -> Workspace:
        """Return this workspace as it is now: whatever is built meanwhile, it answers from the same snapshot.

        It shares the database with this one, and is closed with it.
        """
        pinned = copy(self)
        pinned._use(self._register.pinned())
        return pinned

    def close(self) -> None:
        """Close the database; whatever is asked next opens it again."""
        self._desk.close()

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
        )
        return self._register.ingest(reader, parse_files(files), request)

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

    def snapshots(self) -> list[SnapshotInfo]:
        """Return the snapshots there are, the newest state of the registers first."""
        return list_snapshots(self._home.snapshots)

    def verify_snapshot(self, snapshot_id: str | None = None) -> list[str]:
        """Return what is wrong with the files of a snapshot, of the current one if none is named."""
        return verify_snapshot(self._home.snapshots, snapshot_id)

    def use_snapshot(self, snapshot_id: str) -> None:
        """Serve another snapshot."""
        use_snapshot(self._home.snapshots, snapshot_id)

    def graph(self) -> EmbeddedStore:
        """Return the current snapshot as a graph: `company(id)`, `search(text)`, `to_networkx(around=…, hops=…)`."""
        return self._lookup.store()

    def company(self, company: EntityId, *, as_of: date | str | None = None, limit: int = 25) -> CompanyAnswer:
        """Return a company with its ties on a day, today if none is given, and who works on it.

        Raises:
            EntityNotFound: If there is no such company.
        """
        today = self._today()
        return self._lookup.company(company, valid_on=parse_day(as_of) or today, known_on=today, limit=limit)

    def search(self, text: str, *, limit: int = 20) -> Sequence[SearchHit]:
        """Return the companies and persons whose name or identifier is like a text, the best first."""
        return self.graph().search(text, limit=limit)

    def relationships(
        self, entity: EntityId, *, as_of: date | str | None = None, kinds: Sequence[str] = (), limit: int = 100
    ) -> RelationshipsAnswer:
        """Return the relationships of a company, person or contact point on a day, today if none is given.

        Raises:
            EntityNotFound: If there is no such entity.
            ValueInvalid: If one of the kinds is none.
        """
        today = self._today()
        analysis = Analysis(self.graph(), known_on=today)
        return analysis.relationships(entity, valid_on=parse_day(as_of) or today, kinds=kinds, limit=limit)

    def paths(
        self, entities: Sequence[EntityId], *, as_of: date | str | None = None, max_hops: int = 4, limit: int = 10
    ) -> PathsAnswer:
        """Return how entities are connected on a day: paths of ties that the ranking follows, the shortest first.

        Args:
            entities: 2 to 10 ids; between each two of them paths are looked for.
            as_of: The day whose ties count; None is today.
            max_hops: The most steps of a path, 1 to 8.
            limit: The most paths, 1 to 100.

        Raises:
            EntityNotFound: If one of them is not there.
            ValueInvalid: If something is out of its range.
        """
        today = self._today()
        analysis = Analysis(self.graph(), known_on=today)
        return analysis.paths(entities, valid_on=parse_day(as_of) or today, max_hops=max_hops, limit=limit)

    def export(
        self, target: str | Path, *, form: str = "parquet", around: EntityId | None = None, hops: int = 2
    ) -> list[Path]:
        """Write the graph, or what is around an entity, into files, and return them.

        Args:
            target: A file for graphml, a folder for parquet and csv.
            form: graphml, parquet or csv.
            around: The entity in the middle; None takes all, for parquet and csv.
            hops: How far to go from it.

        Raises:
            EntityNotFound: If there is no such entity.
            InputError: If the form is unknown or nothing can be written there.
        """
        return Analysis(self.graph(), known_on=self._today()).export(Path(target), form=form, around=around, hops=hops)

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
        return self._desk.import_customers(read_from, Path(mapping) if mapping else None, dry_run=dry_run)

    def put_customer(self, customer: CustomerRecord, *, source: str) -> bool:
        """Bring one customer in or up to date, match it, and return whether it is new.

        Args:
            customer: The customer; its country by name or code.
            source: Where it comes from, as `imports` calls it.

        Raises:
            ValueInvalid: If its country is none.
        """
        customer = replace(customer, jurisdiction=parse_country(customer.jurisdiction))
        report = self._desk.put_customer(customer, source=source)
        self._matching.match_one(customer)
        return bool(report.new)

    def undo_import(self, import_id: int) -> CustomerImport:
        """Take the last import back: every customer is again as before.

        Raises:
            NotFound: If there is no import of that number.
            Conflict: If it is undone already, or a later one has to be undone first.
        """
        return self._desk.undo_import(import_id)

    def imports(self) -> list[CustomerImport]:
        """Return the imports of customers, the first one first."""
        return self._desk.imports()

    def customer(self, external_id: str) -> CustomerAnswer:
        """Return a customer with what the registers say of the company that it is, or may be.

        Raises:
            CustomerNotFound: If there is no such customer.
        """
        return self._lookup.customer(external_id)

    def match(self) -> dict[str, int]:
        """Find the customers in the register, and return how many stand in which state."""
        return count_states(self._matching.match(self._progress))

    def matches(self) -> list[Match]:
        """Return how the customers stand to the register, people's decisions included, by external id."""
        return list(self._desk.matches().values())

    def review(self) -> list[MatchLine]:
        """Return the customers whose matches wait for a person, with the companies that they may be."""
        return self._matching.waiting()

    def confirm(self, customer: str, company: EntityId, *, by: str) -> Match:
        """Say that a customer is this company, whatever the matcher says.

        Raises:
            CustomerNotFound: If there is no such customer.
            EntityNotFound: If there is no such company.
        """
        return self._desk.confirm(customer, self._lookup.find(company), by=by)

    def refuse(self, customer: str, company: EntityId, *, by: str) -> None:
        """Say that a customer is not this company; raises as `confirm` does."""
        self._desk.refuse(customer, self._lookup.find(company), by=by)

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
        )
        return self._leads.recommend(question, today=self._today())

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
        """Claim a company, so that nobody else is offered it.

        Raises:
            LeadConflict: If somebody else has it; says who.
            EntityNotFound: If there is no such company.
        """
        company = self._lookup.find(company)
        others = [one.company for one in self._lookup.claims_on(company) if one.company != company]
        return self._desk.claim(company, owner, also_known_as=others)

    def release(self, company: EntityId, *, by: str) -> Claim:
        """Give a company back, and return the claim that ended.

        Raises:
            NotFound: If nobody has claimed it.
        """
        return self._desk.release(self._lookup.claimed_as(company), by=by)

    def release_claim(self, claim: int, *, by: str | None = None) -> Claim:
        """End a claim by its number, and return it; its owner does, if nobody is named.

        Raises:
            NotFound: If there is no such claim, or it ended already.
        """
        return self._desk.release_claim(claim, by=by)

    def claims(self, *, owner: str | None = None) -> list[Claim]:
        """Return who works on which company, the oldest claim first."""
        return self._desk.claims(owner)

    def exclude(self, company: EntityId, *, reason: str, by: str) -> Exclusion:
        """Keep a company out of the leads.

        Raises:
            Conflict: If it is excluded for another reason already.
            EntityNotFound: If there is no such company.
        """
        return self._desk.exclude(self._lookup.find(company), reason=reason, by=by)

    def include(self, company: EntityId, *, by: str) -> None:
        """Let a company be offered again.

        Raises:
            NotFound: If it is not excluded.
        """
        self._desk.include(company, by=by)

    def exclusions(self) -> list[Exclusion]:
        """Return which companies are not to be offered, and why."""
        return self._desk.exclusions()

    def _today(self) -> date:
        """Return the day that counts where none is named: today, or the register's where the clock is behind it."""
        return max(self._now().date(), self._register.snapshot().observed_on)

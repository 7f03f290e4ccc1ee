"""What puts an error right: the next step, in the words of the command line, of Python and of HTTP."""

from __future__ import annotations

from enum import Enum

_ON_SERVER = "whoever keeps the server has to {}"
_PREPARE = _ON_SERVER.format("ingest a register and build a snapshot of it")
_IMPORT = "bring customers in first"
_SEEDS = "or name companies to look around as seeds"
_SYNC = _ON_SERVER.format("bring Neo4j up to the snapshot that is served")


class Remedy(Enum):
    """What puts an error right, in the words of each face: one table, so that no face is forgotten.

    The words hold the error's values by name in braces. Over HTTP nobody can run a command, and most of what is missing
    has to be done where the server is.

    Attributes:
        command: For the command line, never empty.
        python: For Python, never empty.
        http: For HTTP, where it names no command; empty where nothing can be said.
    """

    def __init__(self, command: str, python: str, http: str = "") -> None:
        self.command = command
        self.python = python
        self.http = http

    @property
    def code(self) -> str:
        """What faces call it: `import-customers`."""
        return self.name.lower().replace("_", "-")

    # Registers and snapshots
    INGEST = ("run `graphleads ingest READER FILES…` first", "ws.ingest(reader, files) first", _PREPARE)
    INGEST_OR_DEMO = (
        "run `graphleads ingest READER FILES…` first, or `graphleads demo`",
        "ws.ingest(reader, files) first",
        _PREPARE,
    )
    LINK = ("run `graphleads link` first", "ws.link() first", _PREPARE)
    BUILD = ("run `graphleads build` first", "ws.build() first", _PREPARE)
    RUN = ("run `graphleads run` first", "ws.run() first", _PREPARE)
    LIST_SNAPSHOTS = (
        "`graphleads snapshot list` shows those there are",
        "ws.registers.snapshots() has those there are",
    )
    USE_ANOTHER_SNAPSHOT = (
        "Use another (`graphleads snapshot list`) or build again",
        "ws.registers.use_snapshot(id) takes another, ws.build() builds again",
        _ON_SERVER.format("use another or build again"),
    )
    REPLACE_OR_ACCEPT_DROP = (
        "Put it right with `ingest … --replace`, or build with --accept-drop",
        "ws.ingest(…, replace=True), or ws.build(accept_drop=True)",
    )
    REPLACE_DELIVERY = ("check the day, or replace it with --replace", "ws.ingest(…, replace=True) replaces it")
    REMOVE_DELIVERY = (
        "`graphleads deliveries remove {delivery}` first",
        'ws.registers.remove_delivery("{delivery}") first',
    )
    LIST_DELIVERIES = (
        "`graphleads deliveries list` names those there are",
        "ws.registers.deliveries() has those there are",
    )
    LIST_REMOVED = (
        "`graphleads deliveries list --removed` names those there are",
        "ws.registers.removed_deliveries() has those there are",
    )
    GIVE_DAY = ("give --observed-on YYYY-MM-DD", "ws.ingest(…, observed_on=day)")
    GIVE_DATASET = ("give --dataset", "ws.ingest(…, dataset=name)")
    GIVE_MAPPING = (
        "name one with --mapping: {known}, or a file of your own (docs/mapping.md)",
        "ws.ingest(…, mapping=name_or_file)",
    )
    LEAVE_MAPPING_OUT = ("leave --mapping out", "leave mapping out")
    INGEST_REGISTERS = ("`ingest` reads registers", "ws.ingest(reader, files) reads registers")
    EXPORT_AROUND = (
        "say --around COMPANY, or export parquet or csv",
        'ws.graph.export(…, around=company), or form="parquet" or "csv"',
    )

    # Customers
    SAY_STATUS = (
        "name the column with --status-of COLUMN, or say of all of them --status-of won, open or lost",
        "ws.import_customers(…, status_of=column), or status_of=won, open or lost for all of them",
    )
    NAME_SHEET = ("name the customers' with --sheet NAME", "ws.import_customers(…, sheet=name)")
    IMPORT_CUSTOMERS = ("run `graphleads customers import FILE` first", "ws.import_customers(file) first", _IMPORT)
    BRING_IN = ("`customers import` brings customers in", "ws.import_customers(file) brings customers in")
    LIST_IMPORTS = ("`customers imports` lists them", "ws.customers.imports() has them")
    IMPORT_OR_SEED = (
        "run `graphleads customers import FILE` first, or name companies to look around with --seed",
        "ws.import_customers(file) first, or give seeds",
        f"{_IMPORT}, {_SEEDS}",
    )
    MARK_OR_SEED = (
        "mark those that are, or name companies to look around with --seed",
        "mark those that are, or give seeds",
        f"mark those that are, {_SEEDS}",
    )
    MATCH_OR_SEED = (
        "run `graphleads match` first, or name companies to look around with --seed",
        "ws.match() first, or give seeds",
        f"put them again to have them matched, {_SEEDS}",
    )
    REVIEW_OR_SEED = (
        "decide the unsure ones with `graphleads match --review`, or name companies to look around with --seed",
        "ws.customers.review() has the unsure ones, or give seeds",
        f"somebody has to decide the unsure ones, {_SEEDS}",
    )
    DECIDE_OR_SEED = (
        "decide it with `graphleads match --confirm {customer} COMPANY`, or name the company with --seed",
        'ws.customers.confirm("{customer}", company, by=name), or name the company as a seed',
        "decide the match, or name the company itself",
    )
    ASK_LATER = (
        "ask for a later day, or name companies to look around with --seed",
        "ask for a later day, or give seeds",
        f"ask for a later day, {_SEEDS}",
    )
    REFUSE_MATCH = (
        "if it is not, `graphleads match --refuse {customer} {company}`",
        'if it is not, ws.customers.refuse("{customer}", "{company}", by=name)',
        "if it is not, somebody has to refuse the match",
    )

    # Leads
    INCLUDE = ("`graphleads include {company}` first", 'ws.leads.include("{company}", by=name) first')
    RECOMMEND = ("`graphleads recommend` makes one", "ws.recommend() makes one", "asking for recommendations makes one")
    FIND_RUN = (
        "`recommend` prints the id of every run",
        "the answer of ws.recommend() has its run_id",
        "every answer to a question has the id of its run",
    )
    LIST_CLAIMS = ("`graphleads claims` lists them", "ws.leads.claims() has them")
    SEARCH = (
        "look one up with `graphleads search`",
        "ws.graph.search(text) finds them",
        "search finds companies by name",
    )
    SEARCH_TEXT = (
        "look for it with `graphleads search TEXT`",
        "ws.graph.search(text) finds it by name",
        "search finds it by name",
    )
    SEARCH_OR_ASK_LATER = (
        "look for it with `graphleads search TEXT`, or ask for a later day",
        "ws.graph.search(text) finds it by name, or ask for a later day",
        "search finds it by name, or ask for a later day",
    )
    SEARCH_NAME = (
        "`graphleads search NAME` finds companies by name",
        "ws.graph.search(name) finds companies by name",
        "search finds companies by name",
    )
    WRITE_ID = (
        "write it as SCHEME:VALUE; `graphleads search` finds it by name",
        "write it as SCHEME:VALUE; ws.graph.search(name) finds it by name",
        "write it as SCHEME:VALUE; search finds it by name",
    )
    SHOW_TIES = (
        "`graphleads relationships {company}` shows what it is tied to",
        'ws.graph.relationships("{company}") has what it is tied to',
        "its relationships say what it is tied to",
    )

    # The home and its databases
    NAME_ANOTHER_HOME = ("name another one with --home or GRAPHLEADS_HOME", "name another one, or GRAPHLEADS_HOME")
    LIST_SETTINGS = ("`graphleads config show` lists them", "ws.configuration.effective() has them")
    MAKE_TABLES = (
        "`graphleads db upgrade` makes them",
        "ws.database.upgrade() makes them",
        _ON_SERVER.format("make them"),
    )
    MIGRATE = (
        "`graphleads db upgrade` migrates it",
        "ws.database.upgrade() migrates it",
        _ON_SERVER.format("migrate it"),
    )
    LOAD = ("run `graphleads neo4j load`", "ws.neo4j.load()", _SYNC)
    LOAD_INSTEAD = ("use `graphleads neo4j load`", "use ws.neo4j.load()")
    SYNC = ("run `graphleads neo4j sync`", "ws.neo4j.sync()", _SYNC)
    SYNC_FIRST = ("run `graphleads neo4j sync` first", "ws.neo4j.sync() first", _SYNC)
    WAIT_OR_SYNC = (
        "wait until that is done, or take it up with `graphleads neo4j sync`",
        "wait until that is done, or ws.neo4j.sync()",
        "wait until that is done",
    )
    WAIT_OR_TAKE_UP = ("wait, or run `graphleads neo4j sync` to take that up", "wait, or ws.neo4j.sync()")
    MEND = ("`graphleads neo4j sync --compare` mends it", "ws.neo4j.sync(compare=True) mends it")
    COMPARE = (
        "`graphleads neo4j sync --compare` compares all of it and mends it",
        "ws.neo4j.sync(compare=True) mends it",
        _SYNC,
    )
    CHECK_AND_MEND = (
        "run `graphleads neo4j check`, and `graphleads neo4j sync --compare` to mend it",
        "ws.neo4j.check(), and ws.neo4j.sync(compare=True) to mend it",
    )
    BRING_UP_TO_DATE = ("`graphleads neo4j sync` brings it up to date", "ws.neo4j.sync() brings it up to date")
    USE_EMPTY_DATABASE = (
        "use an empty database, or name this one with --database and say --beside-other-data",
        "use an empty database, or give database and beside_other_data=True",
    )


def advise(what: str, words: str) -> str:
    """Return a sentence that says what is wrong and then what puts it right; the sentence alone if nothing does."""
    if not words:
        return what
    if words[0].isupper():
        return f"{what} {words}."
    return f"{what.removesuffix('.')}: {words}."

"""What every database that graphleads keeps its tables in must hold, as tests that run on each of them.

::

    from graphleads.testing.database_contract import DatabaseContract

    class TestMyDatabase(DatabaseContract):
        @pytest.fixture
        def database(self):     # the address of an empty database of the test's own
            ...
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone
from functools import partial
from multiprocessing import get_context
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Connection,
    Date,
    Engine,
    Float,
    Integer,
    MetaData,
    Table,
    insert,
    select,
    text,
)

from graphleads.crm.importing import Imports
from graphleads.crm.record import Customers
from graphleads.db.change import Topic, read_changed, read_changes
from graphleads.db.column_type import PackedJson, PlainText, UtcDateTime
from graphleads.db.connect import open_database, upgrade_database, write
from graphleads.db.insert import insert_or_count, upsert
from graphleads.db.migrate import HEAD
from graphleads.db.schema import changes, customer_versions, lead_events
from graphleads.errors import Conflict, NotFound, ValueInvalid
from graphleads.leads.claims import Claims
from graphleads.leads.events import LeadEventKind
from graphleads.model import CustomerRecord, CustomerStatus
from graphleads.testing.session import session_on
from graphleads.testing.writer import claim_all, open_empty

OWNERS = ("Ann", "Bob", "Cleo", "Dan")

_ROUNDS, _AT_ONCE = 60, 3
_WAIT_SECONDS = 120

probe = Table(
    "contract_probe",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("name", PlainText, unique=True),
    Column("at", UtcDateTime),
    Column("day", Date),
    Column("json", JSON(none_as_null=True)),
    Column("packed", PackedJson),
    Column("big", BigInteger),
    Column("share", Float),
)
"""A table of the contract's own, with every type of column that there is."""

TEXTS = (
    "",
    " ",
    "A",
    "Z",
    "a",
    "z",
    "É",
    "é",
    "ß",
    "Ж",
    "示例",
    "🦊",
    "e\u0301",
    "a b",
    "a-b",
    "a_b",
    "A1",
    "A10",
    "A2",
)
"""Texts that languages sort in orders of their own."""


class DatabaseContract:
    """Subclass it as `Test…` and give it a fixture `database`: the address of an empty database of the test's own."""

    n_claims = 2000
    """Attempts of four processes to claim a fourth as many companies."""

    @pytest.fixture
    def made_database(self, database: str) -> str:
        """Return the address of a database of the test's own with our tables; quicker where one can be copied."""
        upgrade_database(database)
        return database

    @pytest.fixture
    def made(self, made_database: str) -> Iterator[Engine]:
        """Yield the database with its tables, open."""
        engine = open_database(made_database)
        yield engine
        engine.dispose()

    @pytest.fixture
    def probed(self, made: Engine) -> Engine:
        """Return the database with the contract's own table in it."""
        probe.create(made)
        return made

    # Many at once

    def test_four_processes_open_an_empty_database_at_once(self, database: str) -> None:
        """One makes the tables, and the others find them made."""
        assert _in_processes(open_empty, [(database,)] * 4) == [HEAD] * 4
        engine = open_database(database)
        with engine.connect() as connection:
            assert connection.execute(text("SELECT version_num FROM alembic_version")).all() == [(HEAD,)]
        engine.dispose()

    def test_one_new_customer_put_by_three_at_once_is_one(self, made: Engine) -> None:
        """Nobody is refused, and there is one version of each, of one import, counted once."""
        records = [
            CustomerRecord(external_id=f"C-{n:02}", name="Oak Ltd", status=CustomerStatus.WON) for n in range(_ROUNDS)
        ]
        imports = Imports(session_on(made))
        put = [_at_once(partial(imports.put, one, source="http")) for one in records]

        assert [[one.exception() for one in three] for three in put] == [[None] * _AT_ONCE] * _ROUNDS
        assert [sorted(len(one.result().new) for one in three) for three in put] == [[0, 0, 1]] * _ROUNDS
        assert Customers(session_on(made)).current() == records
        with made.connect() as connection:
            versions = connection.execute(
                select(customer_versions.c.external_id).order_by(customer_versions.c.id)
            ).all()
        assert [one for (one,) in versions] == [record.external_id for record in records]
        assert read_changes(made, "main")[Topic.CUSTOMERS] == _ROUNDS

    def test_a_claim_released_by_three_at_once_is_released_once(self, made: Engine) -> None:
        """One ends it, the others are told that nobody has it, and one event says so."""
        companies = [f"X-A:{n}" for n in range(_ROUNDS)]
        claims = Claims(session_on(made))
        for company in companies:
            claims.claim(company, owner="Ann")
        released = [_at_once(partial(claims.release, one)) for one in companies]

        told = [sorted(type(one.exception()).__name__ for one in three) for three in released]
        assert told == [["NoneType", "NotFound", "NotFound"]] * _ROUNDS
        assert claims.current() == []
        events = _events(made)
        assert sorted(company for kind, company, _ in events if kind == LeadEventKind.RELEASED) == sorted(companies)
        assert read_changes(made, "main")[Topic.LEADS] == 2 * _ROUNDS
        with made.connect() as connection:
            assert read_changed(connection, "main", Topic.LEADS, since=_ROUNDS).keys == frozenset(companies)

    def test_of_four_processes_one_gets_each_company_and_the_others_are_told_who(
        self, made: Engine, made_database: str
    ) -> None:
        """Each company has one owner and one event, whichever process asked first."""
        n_companies = self.n_claims // len(OWNERS)
        told = _in_processes(claim_all, [(made_database, owner, n_companies) for owner in OWNERS])

        owned = {one.company: one.owner for one in Claims(session_on(made)).current()}
        assert set(owned) == {f"X-A:{n}" for n in range(n_companies)}
        assert told == [owned] * len(OWNERS)
        assert sorted(_events(made)) == sorted((LeadEventKind.CLAIMED.value, *one) for one in owned.items())
        assert read_changes(made, "main")[Topic.LEADS] == n_companies

    def test_no_smaller_number_comes_after_one_that_was_seen(self, made: Engine) -> None:
        """Numbers are given in the order in which what they stand for becomes visible."""
        claims = Claims(session_on(made))
        seen: list[list[int]] = []
        with ThreadPoolExecutor(4) as pool:
            claiming = [pool.submit(claims.claim, f"X-A:{n}", owner="Ann") for n in range(80)]
            while not all(one.done() for one in claiming):
                seen.append([one.id for one in claims.current()])
        seen.append([one.id for one in claims.current()])
        assert sorted(one.result().id for one in claiming) == seen[-1]
        assert all(later[: len(earlier)] == earlier for earlier, later in itertools.pairwise(seen))

    # Transactions

    def test_nothing_is_left_of_what_failed(self, probed: Engine) -> None:
        """A block that fails takes back all that it wrote."""
        with pytest.raises(NotFound):
            _write_and_fail(probed)
        assert _read(probed, probe.c.name) == []

    def test_what_is_there_already_is_a_conflict(self, probed: Engine) -> None:
        """A violation is one of the product's errors, and takes the block with it."""
        _write(probed, {"name": "a"})
        with pytest.raises(Conflict, match="by somebody else at the same moment: try again"):
            _write(probed, {"name": "b"}, {"name": "a"})
        assert _read(probed, probe.c.name) == ["a"]

    def test_a_row_is_inserted_or_its_like_changed(self, probed: Engine) -> None:
        """Of two rows with one key the later one's columns count, those that were named."""
        with write(probed) as connection:
            upsert(connection, probe, [{"id": 1, "name": "a", "share": 0.1}], update=["share"])
            upsert(connection, probe, [{"id": 1, "name": "b", "share": 0.2}], update=["share"])
            counted = [insert_or_count(connection, changes, {"team": "north", "topic": "leads"}) for _ in range(3)]
        assert _read(probed, probe.c.name, probe.c.share) == [("a", 0.2)]
        assert counted == [1, 2, 3]

    def test_several_questions_have_one_answer(self, probed: Engine) -> None:
        """Who reads sees one state of the database, whatever is written meanwhile."""
        with probed.connect() as reader:
            before = reader.execute(select(probe.c.name)).all()
            _write(probed, {"name": "a"})
            assert reader.execute(select(probe.c.name)).all() == before == []
        assert _read(probed, probe.c.name) == ["a"]

    # Values

    @pytest.mark.parametrize(
        "moment",
        [
            datetime(2024, 5, 1, 8, 30, 15, 250_000, tzinfo=timezone(timedelta(hours=8))),
            datetime(2024, 3, 31, 1, 59, 59, 999_999, tzinfo=timezone(-timedelta(hours=3, minutes=30))),
            datetime(1, 1, 1, 1, tzinfo=UTC),
            datetime(9999, 12, 31, tzinfo=UTC),
        ],
    )
    def test_a_moment_comes_back_aware_and_in_utc(self, probed: Engine, moment: datetime) -> None:
        """To the microsecond, whatever zone it was given in; its day stays a day."""
        _write(probed, {"at": moment, "day": date(2024, 2, 29)})
        [(stored, day)] = _read(probed, probe.c.at, probe.c.day)
        assert (stored, stored.tzinfo, day) == (moment, UTC, date(2024, 2, 29))

    def test_moments_are_compared_whatever_their_zones(self, probed: Engine) -> None:
        """Nine in the morning in Beijing is before five in London."""
        beijing = datetime(2024, 5, 1, 9, tzinfo=timezone(timedelta(hours=8)))
        _write(
            probed, {"name": "Beijing", "at": beijing}, {"name": "London", "at": datetime(2024, 5, 1, 5, tzinfo=UTC)}
        )
        with probed.connect() as connection:
            asked = datetime(2024, 5, 1, 12, tzinfo=timezone(timedelta(hours=8)))
            assert connection.execute(select(probe.c.name).where(probe.c.at < asked)).all() == [("Beijing",)]

    @pytest.mark.parametrize(
        "value",
        [
            {},
            [],
            "",
            0,
            False,
            {"a": None},
            {"": [1, 2.5, "é"]},
            {"n": 2**63 - 1, "m": -(2**63)},
            "\0",
            [0.1, 1e300],
            {"示例": "🦊"},
        ],
    )
    def test_json_comes_back_as_it_was(self, probed: Engine, value: object) -> None:
        """Plain and packed, its numbers and its order of keys too."""
        _write(probed, {"json": value, "packed": value})
        assert _read(probed, probe.c.json, probe.c.packed) == [(value, value)]

    @pytest.mark.parametrize("value", [2**64, {"a": "\ud800"}, {1, 2}])
    def test_what_is_no_json_is_refused(self, probed: Engine, value: object) -> None:
        """With a sentence, on the way in."""
        with pytest.raises(ValueInvalid, match="A value cannot be kept as JSON"):
            _write(probed, {"json": value})

    def test_texts_are_sorted_by_code_point(self, probed: Engine) -> None:
        """As Python sorts them, so that no list depends on where it is kept."""
        _write(probed, *({"name": one} for one in TEXTS))
        with probed.connect() as connection:
            ordered = connection.execute(select(probe.c.name).order_by(probe.c.name)).scalars().all()
            after = connection.execute(select(probe.c.name).where(probe.c.name > "a")).scalars().all()
        assert ordered == sorted(TEXTS)
        assert sorted(after) == sorted(one for one in TEXTS if one > "a")

    @pytest.mark.parametrize("text_", ["a\0b", "\0", "é\0", "\ud800", "Oak \udfff Ltd"])
    def test_a_text_that_cannot_be_kept_is_refused(self, probed: Engine, text_: str) -> None:
        """Written or asked for, with a sentence, before the database sees it."""
        with pytest.raises(ValueInvalid, match=r"(take it out|in UTF-8)\.$"):
            _write(probed, {"name": text_})
        with pytest.raises(ValueInvalid), probed.connect() as connection:
            connection.execute(select(probe.c.id).where(probe.c.name == text_))

    def test_numbers_come_back_as_they_were(self, probed: Engine) -> None:
        """Large ones whole, and fractions to the last bit."""
        _write(probed, {"big": 2**63 - 1, "share": 0.1 + 0.2}, {"big": -(2**63), "share": 5e-324})
        assert _read(probed, probe.c.big, probe.c.share) == [(2**63 - 1, 0.1 + 0.2), (-(2**63), 5e-324)]

    def test_numbers_are_given_in_order(self, probed: Engine) -> None:
        """Of rows that are written together too."""
        with write(probed) as connection:
            connection.execute(insert(probe), [{"name": f"{n:04}"} for n in range(2500)])
        assert _read(probed, probe.c.name) == [f"{n:04}" for n in range(2500)]


def _at_once(call: Callable[[], Any]) -> list[Future[Any]]:
    """Return what becomes of a call that three threads make at once."""
    barrier = Barrier(_AT_ONCE)

    def run() -> Any:
        barrier.wait(_WAIT_SECONDS)
        return call()

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return [pool.submit(run) for _ in range(_AT_ONCE)]


def _in_processes(work: Callable[..., Any], arguments: Sequence[tuple[Any, ...]]) -> list[Any]:
    """Return what processes answer that start to work at once, each with its arguments."""
    context = get_context("spawn")
    barrier = context.Barrier(len(arguments))
    with ProcessPoolExecutor(len(arguments), context, initializer=_wait_for, initargs=(barrier,)) as pool:
        return [one.result() for one in [pool.submit(work, *own) for own in arguments]]


def _wait_for(barrier: Any) -> None:
    barrier.wait(_WAIT_SECONDS)


def _write_and_fail(engine: Engine) -> None:
    with write(engine) as connection:
        connection.execute(insert(probe).values(name="a"))
        raise NotFound("There is nothing of that name.")


def _write(engine: Engine, *rows: dict[str, Any]) -> None:
    with write(engine) as connection:
        for row in rows:
            connection.execute(insert(probe).values(**row))


def _read(engine: Engine, *columns: Column[Any]) -> list[Any]:
    with engine.connect() as connection:
        rows = _ordered(connection, columns)
    return [row[0] for row in rows] if len(columns) == 1 else rows


def _ordered(connection: Connection, columns: Sequence[Column[Any]]) -> list[Any]:
    return [tuple(row) for row in connection.execute(select(*columns).order_by(probe.c.id))]


def _events(engine: Engine) -> list[tuple[str, str, str]]:
    columns = lead_events.c
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(select(columns.kind, columns.company, columns.by))]

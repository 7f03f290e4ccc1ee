"""The connection to a Neo4j server, over Bolt, that whatever speaks to one shares.

Statements are constants, and everything that varies goes in as a parameter. The driver is imported when a server is
opened: it comes with `pip install graphleads[neo4j]`.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from threading import Thread
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from graphleads.errors import (
    ExtraMissing,
    Neo4jFailed,
    Neo4jRefused,
    Neo4jUnavailable,
    SettingInvalid,
    VersionUnsupported,
)

if TYPE_CHECKING:
    from neo4j import Driver, ManagedTransaction
    from neo4j.exceptions import Neo4jError

SUPPORTED = re.compile(r"Neo4j/(5\.26|202[5-9]\.\d+)\b")
"""What a supported server calls itself: the 5.26 line with long-term support, or the calendar line."""

_CONNECT_WITHIN = 10.0
"""Seconds: a server that is there answers in far less."""

_GRACE = 30.0
"""Seconds beyond a transaction's own limit after which a server that says nothing at all is given up."""

# The driver warns of every transaction that it does again; only who sets up logging wants to read that.
logging.getLogger("neo4j").addHandler(logging.NullHandler())

_CLOSED = ("Transaction.Terminated", "Transaction.TransactionTimedOut", "Transaction.LockClientStopped")
_RIGHTS = ("Neo.ClientError.Security.", "Neo.ClientError.Database.DatabaseNotFound", "Neo.ClientError.Statement.Access")


class Neo4jConfig(BaseModel):
    """Where a Neo4j server is. Its password comes from the environment or from a secret file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    uri: str = Field(
        default="bolt://127.0.0.1:7687",
        pattern=r"^(bolt|neo4j)(\+s|\+ssc)?://[^\s/@]+$",
        description="Where the server answers, without user and password: `bolt://HOST:PORT`, `neo4j+s://HOST`.",
    )
    user: str = Field(default="neo4j", min_length=1, description="The user of the server.")
    database: str = Field(
        default="neo4j", min_length=1, max_length=63, description="The database that holds the graph."
    )
    password: SecretStr | None = Field(
        default=None, description="The user's password, never shown; refused in `graphleads.yaml`."
    )
    password_file: str | None = Field(
        default=None, description="A file that holds the user's password; `neo4j.password` goes before it."
    )
    timeout: float = Field(default=30.0, gt=0, le=3600, description="The most seconds that a question may take.")


class Run(Protocol):
    """Runs a statement in a transaction and returns its rows, by column."""

    def __call__(self, statement: str, **parameters: object) -> list[dict[str, Any]]:
        """Return the rows of a statement; it is a constant, what varies is in the parameters."""


Answer = TypeVar("Answer")


class Neo4jServer:
    """An open server: one database of it, as one user. Close it, or use it in a `with` statement.

    Attributes:
        version: What the server calls itself, for example Neo4j/5.26.30.
        place: The database and where it is, for messages.
    """

    def __init__(self, driver: Driver, config: Neo4jConfig, version: str) -> None:
        self.version = version
        self.place = f"the database {config.database} at {config.uri}"
        self._driver = driver
        self._config = config

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._driver.close()

    def read(self, work: Callable[[Run], Answer]) -> Answer:
        """Return what some work returns that only reads, in one transaction; it may run again where that was lost.

        Raises:
            Neo4jUnavailable: If no server answers, or it takes longer than the setting allows.
            Neo4jRefused: If the server does not let this user.
            Neo4jFailed: If the server cannot do it.
        """
        return self._work("execute_read", work, self._config.timeout)

    def write(self, work: Callable[[Run], Answer], *, timeout: float | None = None) -> Answer:
        """Return what some work returns that writes, in one transaction: all of it is done or nothing.

        Args:
            work: What to do; it may run again where the transaction was lost.
            timeout: The most seconds, None for as long as the setting allows.

        Raises:
            Neo4jUnavailable, Neo4jRefused, Neo4jFailed: As `read` does.
        """
        return self._work("execute_write", work, timeout or self._config.timeout)

    def _work(self, execute: str, work: Callable[[Run], Answer], timeout: float) -> Answer:
        from neo4j import unit_of_work

        @unit_of_work(metadata={"app": "graphleads"}, timeout=timeout)
        def in_transaction(transaction: ManagedTransaction) -> Answer:
            return work(lambda statement, **values: [row.data() for row in transaction.run(statement, values)])

        def in_session() -> Answer:
            with self._driver.session(database=self._config.database) as session:
                answer: Answer = getattr(session, execute)(in_transaction)
                return answer

        with _told(self._config):
            return _within(timeout + _GRACE, in_session)


def _within(seconds: float, work: Callable[[], Answer]) -> Answer:
    """Return what some work returns; a server that hangs ends no transaction, and the driver waits for it for ever.

    Raises:
        TimeoutError: If it takes longer; what still waits then ends with the process.
    """
    found: Future[Answer] = Future()

    def do() -> None:
        try:
            found.set_result(work())
        except BaseException as error:  # noqa: BLE001 - it is raised where the answer is waited for
            found.set_exception(error)

    Thread(target=do, daemon=True).start()
    return found.result(seconds)


def open_server(config: Neo4jConfig, password: SecretStr | None) -> Neo4jServer:
    """Return an open server, which is there, lets the user in and has a supported version.

    Args:
        config: Where it is.
        password: The user's, which no message shows.

    Raises:
        ExtraMissing: If the driver is not installed.
        SettingInvalid: If there is no password.
        Neo4jUnavailable: If no server answers.
        Neo4jRefused: If it does not let this user in, or has no such database.
        VersionUnsupported: If it has another version.
    """
    try:
        from neo4j import GraphDatabase
    except ModuleNotFoundError as error:
        raise ExtraMissing("The Neo4j driver is not installed: run `pip install graphleads[neo4j]`.") from error
    if password is None:
        raise SettingInvalid(
            f"There is no password for the Neo4j user {config.user}: put it into GRAPHLEADS_NEO4J__PASSWORD, "
            "or name a file that holds it in neo4j.password_file."
        )
    with _told(config):
        driver = GraphDatabase.driver(
            config.uri,
            auth=(config.user, password.get_secret_value()),
            connection_timeout=_CONNECT_WITHIN,
            connection_acquisition_timeout=_CONNECT_WITHIN,
            max_transaction_retry_time=_CONNECT_WITHIN,
            notifications_min_severity="OFF",
        )
    try:
        with _told(config):
            server = Neo4jServer(driver, config, str(driver.get_server_info().agent))
        _refuse_version(server.version, config)
        server.read(lambda run: run("RETURN 1"))
    except BaseException:
        driver.close()
        raise
    return server


def _refuse_version(version: str, config: Neo4jConfig) -> None:
    if not SUPPORTED.match(version):
        raise VersionUnsupported(
            f"{config.uri} is {version}: use Neo4j 5.26 (long-term support) or a version of 2025 or later."
        )


@contextmanager
def _told(config: Neo4jConfig) -> Iterator[None]:
    """Raise what the driver raises as a sentence that names the server, and never the password."""
    from neo4j.exceptions import AuthError, ConfigurationError, DriverError, Neo4jError

    try:
        yield
    except AuthError as error:
        raise Neo4jRefused(
            f"{config.uri} does not let the user {config.user} in: check neo4j.user and the password."
        ) from error
    except Neo4jError as error:
        raise _sentence(config, error) from error
    except ConfigurationError as error:
        raise SettingInvalid(f"neo4j.uri is {config.uri!r}, which cannot be used: {_first_line(error)}.") from error
    except TimeoutError as error:
        raise Neo4jUnavailable(
            f"{config.uri} says nothing any more: look into the server's log and at its disk."
        ) from error
    except (DriverError, OSError) as error:
        raise Neo4jUnavailable(
            f"No Neo4j answers at {config.uri}: start the server, or set neo4j.uri to where it is."
        ) from error


def _sentence(config: Neo4jConfig, error: Neo4jError) -> Neo4jUnavailable | Neo4jRefused | Neo4jFailed:
    code = error.code or "Neo.DatabaseError.General.UnknownError"
    if any(part in code for part in _CLOSED):
        return Neo4jUnavailable(
            f"{config.uri} did not answer within {config.timeout:g} s: ask for less, or set neo4j.timeout higher."
        )
    if code.startswith(_RIGHTS):
        return Neo4jRefused(
            f"{config.uri} does not let {config.user} do this in the database {config.database} ({code}): "
            "check neo4j.database and the user's rights."
        )
    return Neo4jFailed(f"{config.uri} cannot do this ({code}): {_first_line(error)}. The server's log says more.")


def _first_line(error: Exception) -> str:
    text = getattr(error, "message", None) or str(error)
    return str(text).strip().splitlines()[0][:300].rstrip(".") if str(text).strip() else type(error).__name__

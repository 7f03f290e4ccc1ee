"""A process of its own that reads damaged files, and says what came of each: `python -m tests.faults.fuzz_worker`.

It takes one order a line, as JSON, and answers each with one line. Its address space is limited, and it ends with a
traceback of where it stands when one order takes too long, so that the one who gives the orders learns of hangs, of
crashes, and of files that take all memory.
"""

from __future__ import annotations

import faulthandler
import hashlib
import json
import os
import resource
import shutil
import sys
import tempfile
import traceback
import warnings
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from graphleads.crm.crm_file import read_customers
from graphleads.crm.importing import Imports
from graphleads.crm.record import Customers
from graphleads.db.connect import open_database
from graphleads.errors import GraphLeadsError
from graphleads.ids import is_id
from graphleads.ingest.delivery import IngestRequest, ingest
from graphleads.model import Silence
from graphleads.tables.delivery import ISSUES, Delivery, open_deliveries
from graphleads.tables.schema import ISSUES as ISSUES_SCHEMA
from graphleads.tables.schema import STAGED, VALUES
from graphleads.testing.session import session_on

ADDRESS_SPACE = 6 << 30
"""Bytes after which the process gets no memory any more."""

MAX_MESSAGE = 1_000
"""Characters of the longest message: one sentence, with a path and a list of columns in it."""

DAY = date(2024, 3, 31)
NOW = datetime(2024, 4, 1, tzinfo=UTC)
_IDS = ("id", "subject", "holder", "company", "source", "target")
_SHARES = ("share_min", "share_max", "share")
_KEY = "0123456789abcdef0123456789abcdef"


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is to be read.

    Attributes:
        files: The files.
        reader: The reader; None: they are customers.
        mapping: A shipped mapping's name or a file.
        shrink_after: Bytes to be read before every file is cut to half its size; None: nobody touches them.
    """

    files: list[str]
    reader: str | None
    mapping: str | None
    shrink_after: int | None = None


class _Shrink(Silence):
    """Watches a file being read, and cuts it short in the middle."""

    def __init__(self, files: list[Path], after: int) -> None:
        self._files, self._left, self._reading = files, after, False
        self.shrunk = False

    def step(self, name: str, total: int | None = None) -> None:
        self._reading = name == "read"

    def advance(self, n: int = 1) -> None:
        if self._reading and self._left >= 0:
            self._left -= n
            if self._left < 0:
                for path in self._files:
                    os.truncate(path, path.stat().st_size // 2)
                self.shrunk = True


def main() -> None:
    """Answer orders until there are no more; arguments: a folder to work in, and seconds that one order may take."""
    folder, deadline = Path(sys.argv[1]), float(sys.argv[2])
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    warnings.simplefilter("error")
    os.environ["GRAPHLEADS_HASH_KEY"] = _KEY
    tempfile.tempdir = str(folder / "temporary")
    Path(tempfile.tempdir).mkdir()
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    engine = open_database(folder / "customers.db")
    for number, line in enumerate(sys.stdin):
        order = Order(**json.loads(line))
        faulthandler.dump_traceback_later(deadline, exit=True)
        before = _start_peak()
        answer = _answer(order, folder / "staged", partial(_import, order, engine, f"t{number}"))
        answer["memory"] = _peak() - before
        faulthandler.cancel_dump_traceback_later()
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def _answer(order: Order, staged: Path, import_: Any) -> dict[str, Any]:
    try:
        said = import_() if order.reader is None else _ingest(order, staged)
    except GraphLeadsError as error:
        said = {"outcome": "refused", "error": type(error).__name__, "message": str(error)}
        said["flaws"] = [*_message_flaws(str(error), order), *_left_behind(staged)]
    except Exception:  # noqa: BLE001  whatever it is, it is what is looked for
        said = {"outcome": "broken", "flaws": [traceback.format_exc()]}
    shutil.rmtree(staged, ignore_errors=True)
    return said


def _message_flaws(message: str, order: Order) -> list[str]:
    given = [*order.files, *([order.mapping] if order.mapping else [])]
    flaws = []
    if len(message) > MAX_MESSAGE:
        flaws.append(f"a message of {len(message)} characters: {message[:200]}")
    if not any(Path(one).name in message for one in given):
        flaws.append(f"a message that names no file: {message}")
    return flaws


def _left_behind(staged: Path) -> list[str]:
    temporary = list(Path(tempfile.gettempdir()).iterdir())
    unfinished = [path for path in staged.glob("*/*") if path.name != ".lock"]
    return [f"left behind: {path}" for path in (*temporary, *unfinished)]


def _ingest(order: Order, staged: Path) -> dict[str, Any]:
    files = [Path(one) for one in order.files]
    request = IngestRequest(dataset="fuzz", observed_on=DAY, mapping=order.mapping)
    read = partial(ingest, order.reader or "", staged=staged, request=request)
    if order.shrink_after is not None:
        shrinking = _Shrink(files, order.shrink_after)
        read(files, progress=shrinking)
        # A reader that had all it needed before so much was read leaves the file as it is.
        unnoticed = ["the files changed while they were read, and nobody noticed"] if shrinking.shrunk else []
        return {"outcome": "staged", "flaws": unnoticed}
    result, again = read(files), read(files[::-1])
    deliveries = open_deliveries(staged)
    flaws = [flaw for one in deliveries for flaw in _delivery_flaws(one)]
    if [one.manifest for one in deliveries] != [result.manifest] or again.manifest != result.manifest:
        flaws.append("the same files twice are not one delivery")
    if not again.already_there:
        flaws.append("the same files were staged twice")
    said = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(staged.rglob("*")) if path.is_file()))
    left = [one for one in _left_behind(staged) if result.manifest.id not in one]
    return {"outcome": "staged", "flaws": [*flaws, *left], "content": said.hexdigest()}


def _delivery_flaws(delivery: Delivery) -> list[str]:
    flaws = []
    for name, table in STAGED.items():
        rows = delivery.read(name)
        rows.validate(full=True)
        if rows.num_rows != delivery.manifest.n_rows_staged.get(name, 0):
            flaws.append(f"{name} has {rows.num_rows} rows")
        for column in table.columns:
            flaws += [f"{name}.{column.name}: {flaw}" for flaw in _column_flaws(name, column, rows[column.name])]
    issues = pq.read_table(delivery.folder / ISSUES)
    if not issues.schema.equals(ISSUES_SCHEMA):
        flaws.append("the issues are not in their schema")
    return flaws


def _column_flaws(table: str, column: Any, values: Any) -> list[str]:
    flaws = ["has nulls"] if column.required and values.null_count else []
    distinct = [one for one in values.unique().to_pylist() if one is not None]
    words = VALUES.get("op" if column.name == "op" else f"{table}.{column.name}")
    if words is not None:
        flaws += [f"{one!r} is no word of its list" for one in distinct if one not in words]
    if column.name in _IDS and table != "components":
        flaws += [f"{one!r} is no id" for one in distinct if not is_id(one)]
    if column.name in _SHARES:
        flaws += [f"{one!r} is no share" for one in distinct if not 0 <= one <= 1]
    if any(isinstance(one, str) and ("\0" in one or one != one.strip() or not one) for one in distinct):
        flaws.append("has texts with NUL, blank at an end, or empty")
    return flaws


def _import(order: Order, engine: Any, team: str) -> dict[str, Any]:
    mapping = Path(order.mapping) if order.mapping else None
    file = read_customers(Path(order.files[0]), mapping)
    flaws = [] if file == read_customers(Path(order.files[0]), mapping) else ["the same file gives other customers"]
    first = Imports(session_on(engine, team=team)).make(file)
    again = Imports(session_on(engine, team=team)).make(file)
    if again.new or again.changed:
        flaws.append(f"the same file again brings {again.new} and {again.changed}")
    stored = Customers(session_on(engine, team=team)).current()
    if sorted(one.external_id for one in stored) != sorted(first.new):
        flaws.append("the database has other customers than the import says")
    flaws += [f"a reason of {len(one.reason)} characters" for one in file.rejected if len(one.reason) > MAX_MESSAGE]
    return {"outcome": "staged", "flaws": [*flaws, *_left_behind(Path("/nowhere"))], "content": ""}


def _start_peak() -> int:
    """Forget the peak of memory so far, and return how much is in use, in bytes."""
    Path("/proc/self/clear_refs").write_text("5")
    return _status("VmRSS")


def _peak() -> int:
    return _status("VmHWM")


def _status(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) << 10


if __name__ == "__main__":
    main()

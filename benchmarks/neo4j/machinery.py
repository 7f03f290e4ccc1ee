"""A Neo4j of the benchmark's own: the project's script starts it, with Graph Data Science beside it."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import SecretStr

from benchmarks.speed.process import ROOT, StepFailed
from graphleads.graph.neo4j.connection import Neo4jConfig, Neo4jServer, open_server

VERSION, GDS_VERSION = "5.26.30", "2.13.9"
PAGES, COLLECTOR = "1g", "Parallel"
"""The page cache and the collector of a server that is in earnest; those of a test are small."""

_JARS = Path(os.environ.get("NEO4J_JARS", Path.home() / ".cache" / "graphleads" / "neo4j"))
_BESIDE = _JARS.with_name("neo4j-gds")
_BOTH = _BESIDE / VERSION
_PLUGIN = "plugin-"
_NAME = re.compile(r"-[0-9][^/]*\.jar$")
_LONGEST = 3600.0
"""Seconds: a projection of a large graph takes long, and is measured."""


@contextmanager
def serving(folder: Path, *, port: int, heap: str) -> Iterator[Neo4jServer]:
    """Yield an open server whose data are in a folder; it ends with the block, its data stay.

    Raises:
        StepFailed: If it does not start.
    """
    _add_plugins(folder)
    environment = {
        "NEO4J_PORT": str(port),
        "NEO4J_HEAP": heap,
        "NEO4J_PAGES": PAGES,
        "NEO4J_GC": COLLECTOR,
        "NEO4J_JARS": str(_BESIDE),
        "NEO4J_SETTINGS": "dbms.security.procedures.unrestricted=gds.*",
    }
    try:
        told = _run([str(ROOT / ".ci/neo4j/start"), str(folder), VERSION], environment)
        uri, user, password_file = told.strip().splitlines()[-1].split(",", 2)
        password = SecretStr(Path(password_file).read_text(encoding="utf-8").strip())
        with open_server(Neo4jConfig(uri=uri, user=user, timeout=_LONGEST), password) as server:
            yield server
    finally:
        _run([str(ROOT / ".ci/neo4j/stop"), str(folder)], {})


def import_files(folder: Path, command: str, *, heap: str) -> None:
    """Run the importer's command on the data of a stopped server.

    Raises:
        StepFailed: If it does not import.
    """
    words = [
        "java",
        f"-Xmx{heap}",
        "-cp",
        f"{_BOTH}/*",
        "org.neo4j.cli.AdminTool",
        *shlex.split(command)[1:],
    ]
    report = ["--overwrite-destination", f"--report-file={folder / 'import.report'}"]
    _made(folder / "conf")
    _run([*words, *report], {"NEO4J_HOME": str(folder), "NEO4J_CONF": str(folder / "conf")})


def fetch_jars() -> None:
    """Have the jars of both in one folder.

    Of the other jars that the procedures come with, those that the server has already must not be there twice.

    Raises:
        StepFailed: If they cannot be fetched.
    """
    if _BOTH.is_dir():
        return
    own = _fetch(_JARS / VERSION, ROOT / ".ci/neo4j/pom.xml", f"-Dneo4j.version={VERSION}")
    further = _fetch(_BESIDE / f"gds-{GDS_VERSION}", Path(__file__).with_name("pom.xml"))
    names = {_NAME.sub("", jar.name) for jar in own}
    part = _BOTH.with_name(f"{VERSION}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    for jar in own:
        (part / jar.name).symlink_to(jar)
    for jar in further:
        if jar.name.endswith(f"-{GDS_VERSION}.jar") or _NAME.sub("", jar.name) not in names:
            (part / f"{_PLUGIN}{jar.name}").symlink_to(jar)
    part.rename(_BOTH)


def _add_plugins(folder: Path) -> None:
    """Give a server the procedures."""
    plugins = _made(folder / "plugins")
    for jar in _BOTH.glob(f"{_PLUGIN}*.jar"):
        shutil.copy(jar, plugins)


def _fetch(folder: Path, pom: Path, *words: str) -> list[Path]:
    if not folder.is_dir():
        with tempfile.TemporaryDirectory(dir=_made(folder.parent)) as part:
            copy = ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={part}/jars"]
            _run(["mvn", "--batch-mode", "--quiet", "--file", str(pom), *copy, *words], {})
            Path(part, "jars").rename(folder)
    return sorted(folder.glob("*.jar"))


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _run(command: list[str], environment: dict[str, str]) -> str:
    try:
        done = subprocess.run(
            command, env={**os.environ, **environment}, capture_output=True, text=True, check=False, cwd=ROOT
        )
    except FileNotFoundError as error:
        raise StepFailed(f"`{command[0]}` is not installed") from error
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip()).rpartition("\n")[2]
        raise StepFailed(f"`{command[0]}` ended with {done.returncode}: {last}")
    return done.stdout

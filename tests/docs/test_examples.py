"""Every command and every Python example of the documentation runs."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from graphleads.cli.app import graphleads
from graphleads.cli.leads import LEAD_COLUMNS
from graphleads.testing.synthetic.register import generate
from graphleads.workspace.workspace import open_workspace

if TYPE_CHECKING:
    from tests.docs.conftest import Terminals

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")])

_FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
_CAPTION = re.compile(r"^`([\w.-]+)`[^\n]*:\s*\Z", re.MULTILINE)


@dataclass(frozen=True)
class Fence:
    """A fenced block, and the file that the line before says it is."""

    language: str
    text: str
    file: str | None

    @property
    def commands(self) -> list[list[str]]:
        text = self.text.replace("\\\n", " ")
        if self.language == "console":
            lines = [line[2:] for line in text.splitlines() if line.startswith("$ ")]
        elif self.language == "sh" or text.startswith("graphleads "):
            lines = text.splitlines()
        else:
            lines = []
        return [words for line in lines if (words := shlex.split(line, comments=True))]


def read_fences(page: Path) -> list[Fence]:
    text = page.read_text(encoding="utf-8")
    captions = ((found, _CAPTION.search(text[: found.start()])) for found in _FENCE.finditer(text))
    return [Fence(found[2], found[3], caption[1] if caption else None) for found, caption in captions]


@dataclass(frozen=True)
class Desk:
    """A folder with the files that the pages speak of, a home of the demo, and what stands for their capitals."""

    folder: Path
    placeholders: dict[str, str]


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("docs")
    made = generate(folder / "made", companies=1000, seed=1)
    for file in made.files:
        shutil.copy(file, folder)
    shutil.copy(made.customers, folder / "crm.csv")
    with open_workspace(folder / "data" / "demo") as workspace:
        workspace.ingest("table", made.files, mapping="plain", dataset="demo", observed_on=made.observed_on)
        workspace.import_customers(made.customers)
        workspace.run()
        first = workspace.recommend(k=1).items[0]
        lead, other = first.company.id, first.reasons[0].path[0].start.id
        customer = workspace.customers.matched(state="sure", limit=1)[0].customer.external_id
    placeholders = {"COMPANY": lead, "OTHER": other, "CUSTOMER": customer}
    return Desk(folder, placeholders | {"0015g00000AbCdE": customer, "X-DEMO:00010873": lead})


@pytest.fixture
def desk(original: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    folder = tmp_path / "desk"
    shutil.copytree(original.folder, folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("GRAPHLEADS_HOME", str(tmp_path / "home"))
    return Desk(folder, original.placeholders)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_on_the_page_runs(page: Path, desk: Desk, terminals: Terminals) -> None:
    fences = read_fences(page)
    for fence in fences:
        if fence.file:
            (desk.folder / fence.file).write_text(fence.text, encoding="utf-8")
    for words in [words for fence in fences for words in fence.commands]:
        if words[0] == "curl":
            terminals.curl(words, desk.placeholders)
            continue
        if words[-1] == "serve":
            terminals.serve(words)
            continue
        printed = run_command([desk.placeholders.get(word, word) for word in words])
        if run := re.search(r"run (R-\w+)", printed):
            desk.placeholders["RUN"] = run[1]
        if snapshot := re.search(r"\b[0-9a-f]{16}\b", printed):
            desk.placeholders["SNAPSHOT"] = snapshot[0]
        if delivery := re.search(r"\d{4}-\d\d-\d\d-[0-9a-f]{12}", printed):
            desk.placeholders["DELIVERY"] = delivery[0]


def run_command(words: list[str]) -> str:
    program, *arguments = words
    if program == "make":
        result = subprocess.run(["make", "-n", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stderr
        return result.stdout
    if program == "cp":
        subprocess.run(words, check=True)
        return ""
    assert program in ("graphleads", ".venv/bin/graphleads"), f"nothing here runs {program}"
    answer = CliRunner().invoke(graphleads, arguments)
    assert answer.exit_code == 0, f"{shlex.join(words)}\n{answer.output}"
    return answer.stdout


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
@pytest.mark.usefixtures("desk")
def test_every_python_example_on_the_page_runs(page: Path) -> None:
    for fence in read_fences(page):
        if fence.language == "python":
            exec(compile(fence.text, str(page), "exec"), {})  # noqa: S102 - that is the test


def test_the_readme_shows_the_table_as_it_is_printed() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")

    assert re.search(r"^ *" + r" +".join(LEAD_COLUMNS), text, re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_to_a_page_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    targets = [target for target in re.findall(r"\]\(([^)#]+)[^)]*\)", text) if "://" not in target]

    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_the_page_on_the_command_line_has_every_command() -> None:
    text = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")

    for name, command in graphleads.commands.items():
        for words in [f"{name} {below}" for below in getattr(command, "commands", {})] or [name]:
            assert f"graphleads {words}" in text or f"`{words}" in text, words

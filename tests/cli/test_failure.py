from __future__ import annotations

import errno
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from graphleads.workspace.registers import Registers
from graphleads.workspace.workspace import Workspace

Run = Callable[..., Result]

HEAVY = ("alembic", "fastapi", "numba", "numpy", "pandas", "pyarrow", "pydantic", "rich", "scipy", "sqlalchemy", "yaml")


def fail_with(error: BaseException) -> Callable[..., object]:
    def fail(*_: object, **__: object) -> object:
        raise error

    return fail


@pytest.mark.parametrize(
    "words",
    [
        ("ingest",),
        ("ingest", "table"),
        ("ingest", "no-such-reader", "file.csv"),
        ("recommend", "-k", "0"),
        ("recommend", "--as-of", "yesterday"),
        ("recommend", "--lang", "fr"),
        ("claim", "X-DEMO:1"),
        ("exclude", "X-DEMO:1"),
        ("match", "--review", "--confirm", "a", "X-DEMO:1"),
        ("no-such-command",),
        ("demo", "--companies", "10"),
    ],
)
def test_wrong_use_ends_with_2_and_a_sentence(run: Run, words: tuple[str, ...]) -> None:
    result = run(*words)

    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.rstrip().splitlines()[-1].startswith("Error: ")


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    "words", [("company", "no id"), ("recommend", "--seed", "Acme Ltd"), ("claim", "x", "--owner", "a")]
)
def test_an_id_of_another_form_is_wrong_use_too(run: Run, words: tuple[str, ...]) -> None:
    result = run(*words)

    assert result.exit_code == 2
    assert "write it as SCHEME:VALUE" in result.stderr


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ("recommend",),
            "There is no register yet: run `graphleads ingest READER FILES…` first, or `graphleads demo`.",
        ),
        (("build",), "There is no register yet: run `graphleads ingest READER FILES…` first."),
        (
            ("customers", "show", "1"),
            "There is no customer '1', nor any other: run `graphleads customers import FILE` first.",
        ),
        (("snapshot", "verify"), "No snapshot was built yet: run `graphleads build` first."),
    ],
)
def test_what_comes_too_early_ends_with_1_and_names_the_next_step(
    run: Run, words: tuple[str, ...], sentence: str
) -> None:
    result = run(*words)

    assert (result.exit_code, result.stdout, result.stderr) == (1, "", f"Error: {sentence}\n")


def test_a_company_that_is_not_there_is_a_failure(run: Run, demo: Path) -> None:
    assert demo.is_dir()
    result = run("company", "X-DEMO:404")

    assert result.exit_code == 1
    assert result.stderr == "Error: There is no company X-DEMO:404: `graphleads search NAME` finds companies by name.\n"


def test_what_nobody_foresaw_is_one_sentence_and_a_log(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Workspace, "status", fail_with(KeyError("secret \x1b[31m detail")))
    result = run("status")
    log = tmp_path / "home" / "logs" / "failures.log"

    assert result.exit_code == 1
    assert result.stderr == (
        "Error: Something went wrong that nobody foresaw (KeyError); what was there is unchanged. "
        f"Please report it with the details that are in {log}.\n"
    )
    assert "Traceback" in log.read_text(encoding="utf-8")
    assert "secret" in log.read_text(encoding="utf-8")


def test_a_full_disk_is_said_to_be_full(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Registers, "link", fail_with(OSError(errno.ENOSPC, "No space left on device", "/data/x")))
    result = run("link")

    assert result.exit_code == 1
    assert result.stderr.startswith("Error: /data/x: No space left on device: ")


def test_an_interruption_is_quiet(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Registers, "link", fail_with(KeyboardInterrupt()))
    result = run("link")

    assert result.exit_code == 1
    assert result.stderr.strip() == "Aborted!"


def test_settings_that_cannot_be_used_stop_every_command(run: Run, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "graphleads.yaml").write_text("taem: north\n", encoding="utf-8")
    result = run("status")

    assert result.exit_code == 1
    assert "sets taem, which is no setting" in result.stderr


def test_a_file_is_no_home(run: Run, tmp_path: Path) -> None:
    (tmp_path / "home").write_text("", encoding="utf-8")
    result = run("status")

    assert result.exit_code == 1
    assert "is no folder" in result.stderr


@pytest.mark.parametrize("statement", ["import graphleads", "from graphleads.cli.app import graphleads"])
def test_nothing_heavy_is_imported_for_help(statement: str) -> None:
    code = f"{statement}; import sys; print(*sorted(set({HEAVY!r}) & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert result.stdout.split() == []


def test_the_installed_command_answers_and_takes_the_home_from_the_environment(tmp_path: Path) -> None:
    environment = {"GRAPHLEADS_HOME": str(tmp_path / "elsewhere"), "PATH": ""}
    result = subprocess.run(
        [sys.executable, "-m", "graphleads.cli", "status"], capture_output=True, text=True, check=True, env=environment
    )

    assert result.stdout.startswith(f"Home {tmp_path / 'elsewhere'}\n")
    assert result.stderr == ""


def test_a_terminal_without_the_characters_ends_no_command(demo: Path) -> None:
    environment = {"PYTHONIOENCODING": "latin-1", "GRAPHLEADS_HOME": str(demo)}
    result = subprocess.run(
        [sys.executable, "-m", "graphleads.cli", "recommend", "-k", "2", "--lang", "zh"],
        capture_output=True, check=True, env=environment,
    )  # fmt: skip

    assert b"\\u" in result.stdout


def test_all_that_is_missing_is_said_at_once(run: Run) -> None:
    result = run("exclude")
    assert (result.exit_code, "Missing 'COMPANY', '--reason'." in result.stderr) == (2, True)
    assert "Missing option '--owner'" in run("claim", "X-T:1").stderr

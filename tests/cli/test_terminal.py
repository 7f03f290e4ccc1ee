from __future__ import annotations

import io
import sys

import pytest

from graphleads.cli.progress import TerminalProgress, open_progress
from graphleads.cli.terminal import Right, note, say, say_json, say_table
from graphleads.model import Silence


def test_a_table_shows_names_as_they_are_and_never_as_markup(capsys: pytest.CaptureFixture[str]) -> None:
    say_table([Right("#"), "name"], [(1, "[red]Alder[/red] Ltd\nX-T:1"), (10, "Evil\x1b[2J Ltd"), (None, "株式会社")])

    assert capsys.readouterr().out.splitlines() == [
        "",
        "  #   name",
        " ─────────────────────────",
        "  1   [red]Alder[/red] Ltd",
        "      X-T:1",
        " 10   Evil[2J Ltd",
        "      株式会社",
        "",
    ]


def test_a_long_cell_is_wrapped_and_not_cut(capsys: pytest.CaptureFixture[str]) -> None:
    say_table(["why"], [("word " * 100,)])

    assert capsys.readouterr().out.count("word") == 100


def test_lines_go_to_their_streams_without_control_characters(capsys: pytest.CaptureFixture[str]) -> None:
    say("answer\x1b[31m")
    note("note\r")
    printed = capsys.readouterr()

    assert (printed.out, printed.err) == ("answer[31m\n", "note \n")


def test_json_is_utf_8_whatever_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    printed = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(printed, encoding="ascii"))
    say_json({"name": "株式会社"})

    assert printed.getvalue() == '{\n  "name": "株式会社"\n}\n'.encode()


def test_nobody_is_shown_progress_without_a_terminal() -> None:
    with open_progress() as progress:
        assert isinstance(progress, Silence)


def test_a_bar_takes_names_as_they_are_and_goes_away(capsys: pytest.CaptureFixture[str]) -> None:
    bars = TerminalProgress()
    bars.step("read [file]", 10)
    bars.advance(5)
    bars.step("count")
    bars.advance()
    bars.close()

    assert capsys.readouterr().out == ""

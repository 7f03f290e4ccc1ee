"""Every error tells what is wrong apart from what puts it right, and each face has its words for that."""

from __future__ import annotations

import ast
import pickle
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import graphleads
from graphleads import errors
from graphleads.cli.app import graphleads as commands
from graphleads.errors import EntityNotFound, GraphLeadsError, StepMissing
from graphleads.remedy import Remedy

ROOT = Path(graphleads.__file__).parent
FACES = {"cli", "testing"}
NAMED = ["graphleads", *(name for name in commands.commands if name != "status")]  # a field of customers' mappings too
COMMAND = re.compile(rf"`(?:{'|'.join(NAMED)})\b|(?:^|[ (`])--[a-z]")


def below(kind: type[GraphLeadsError]) -> Iterator[type[GraphLeadsError]]:
    yield kind
    for one in kind.__subclasses__():
        yield from below(one)


NAMES = {one.__name__ for one in below(GraphLeadsError)}


def raised() -> Iterator[tuple[str, ast.Call]]:
    """Yield every place below the faces in which an error is made."""
    for path in sorted(ROOT.rglob("*.py")):
        if FACES.isdisjoint(path.relative_to(ROOT).parts):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in NAMES:
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node


RAISED = list(raised())


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def test_no_error_names_a_command_or_an_option_in_what_is_wrong() -> None:
    assert len(RAISED) > 200
    said = [
        (place, text.value)
        for place, call in RAISED
        for argument in call.args
        for text in ast.walk(argument)
        if isinstance(text, ast.Constant) and isinstance(text.value, str)
    ]
    assert [one for one in said if COMMAND.search(one[1])] == []


def test_every_remedy_is_given_the_values_that_its_words_need() -> None:
    for place, call in RAISED:
        named = [one.attr for one in call.args if isinstance(one, ast.Attribute) and ast.unparse(one.value) == "Remedy"]
        for name in named:
            remedy = Remedy[name]
            needed = fields(remedy.command) | fields(remedy.python) | fields(remedy.http)
            assert needed <= {one.arg for one in call.keywords}, place


def test_every_remedy_is_worded_for_every_face_and_over_http_without_commands() -> None:
    assert len(Remedy) == len(Remedy.__members__)
    for remedy in Remedy:
        assert remedy.command, remedy
        assert remedy.python, remedy
        assert not re.search("graphleads |--", remedy.python), remedy
        assert not re.search("`|graphleads|--|ws\\.", remedy.http), remedy


def test_an_error_is_told_in_the_words_of_the_command_line_and_noted_in_those_of_python() -> None:
    error = EntityNotFound("There is no company X-T:1.", Remedy.SEARCH_NAME, company="X-T:1")
    assert str(error) == "There is no company X-T:1: `graphleads search NAME` finds companies by name."
    assert error.__notes__ == ["In Python: ws.graph.search(name) finds companies by name."]
    assert (error.code(), error.values) == ("entity-not-found", {"company": "X-T:1"})
    assert str(StepMissing("Nothing is there yet.")) == "Nothing is there yet."


def test_a_remedy_that_is_a_sentence_of_its_own_follows_the_first() -> None:
    error = errors.SnapshotDamaged("It is damaged.", Remedy.USE_ANOTHER_SNAPSHOT)
    assert str(error) == "It is damaged. Use another (`graphleads snapshot list`) or build again."


@pytest.mark.parametrize("remedy", [None, Remedy.INCLUDE])
def test_an_error_comes_back_from_another_process(remedy: Remedy | None) -> None:
    error = errors.Conflict("It is excluded.", remedy, company="X-T:1")
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - it was pickled here
    assert (type(again), str(again), again.values) == (errors.Conflict, str(error), {"company": "X-T:1"})

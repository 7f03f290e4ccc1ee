from __future__ import annotations

from docs.rooms import PAGE, contributing


def test_contributing_names_the_rooms_and_layers_that_there_are() -> None:
    assert PAGE.read_text(encoding="utf-8") == contributing(), "run `make docs`"


def test_every_room_has_its_place_and_says_what_it_holds() -> None:
    table = contributing().partition("|---|---|\n")[2].partition("\n\n")[0]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines()]
    holds = {room.strip("`"): said for room, said in rows}
    assert {"graphleads/errors.py", "graphleads/crm", "graphleads/values", "graphleads/cli"} <= set(holds)
    assert all(holds.values())


def test_layers_are_named_from_the_top() -> None:
    layers = contributing().partition("In `graphleads`:\n\n```text\n")[2].partition("\n```")[0].splitlines()
    assert (layers[0], layers[-1]) == ("cli", "remedy")
    assert layers.index("identity") < layers.index("ingest | graph | crm") < layers.index("disk")

"""The rooms and layers that CONTRIBUTING.md names, made from `pyproject.toml` and the code: `python -m docs.rooms`."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "CONTRIBUTING.md"

_OPTIONAL = re.compile(r"\((\w+)\)")


def contributing() -> str:
    """Return CONTRIBUTING.md with its rooms and layers as they are now."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = [one for one in settings["tool"]["importlinter"]["contracts"] if one["type"] == "layers"]
    text = PAGE.read_text(encoding="utf-8")
    text = _put(text, "rooms", "| room | holds |\n|---|---|\n" + "\n".join(_rows(contracts[0])))
    return _put(text, "layers", "\n\n".join(_block(one) for one in contracts))


def _put(text: str, name: str, made: str) -> str:
    """Return a page with what was made between the two comments of that name."""
    begin, end = f"<!-- {name}: made by `make docs` -->\n", f"\n<!-- end of {name} -->"
    before, after = text[: text.index(begin) + len(begin)], text[text.index(end) :]
    return f"{before}\n{made}\n{after}"


def _rows(contract: Mapping[str, Any]) -> Iterator[str]:
    """Yield a row of the table for each room, the lowest first."""
    (container,) = contract["containers"]
    for layer in reversed(_layers(contract)):
        for room in layer:
            module = ROOT / container / f"{room}.py"
            yield _row(module) if module.is_file() else _row(module.with_suffix("") / "__init__.py")
    yield _row(ROOT / "api" / "graphleads_api" / "__init__.py")


def _row(module: Path) -> str:
    place = module.relative_to(ROOT).as_posix().removesuffix("/__init__.py")
    return f"| `{place}` | {_first_line(module)} |"


def _block(contract: Mapping[str, Any]) -> str:
    (container,) = contract["containers"]
    layers = "\n".join(" | ".join(layer) for layer in _layers(contract))
    return f"In `{container}`:\n\n```text\n{layers}\n```"


def _layers(contract: Mapping[str, Any]) -> Sequence[Sequence[str]]:
    """Return the rooms of each layer, the highest first; a place kept for a room that is not there yet is left out."""
    folder = ROOT / contract["containers"][0].replace(".", "/")
    layers = [[_OPTIONAL.sub(r"\1", room) for room in layer.split(" | ")] for layer in contract["layers"]]
    known = {path.stem for path in folder.iterdir()}
    there = [[room for room in layer if room in known] for layer in layers]
    return [layer for layer in there if layer]


def _first_line(module: Path) -> str:
    docstring = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) or ""
    return docstring.partition("\n")[0]


if __name__ == "__main__":
    PAGE.write_text(contributing(), encoding="utf-8")

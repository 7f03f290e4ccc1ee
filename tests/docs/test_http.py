from __future__ import annotations

import re
from pathlib import Path

from graphleads.workspace.workspace import open_workspace
from graphleads_api.app import create_app
from graphleads_api.errors import MEANING

PAGE = (Path(__file__).parents[2] / "docs" / "http.md").read_text(encoding="utf-8")


def test_every_status_is_documented_as_it_is_described() -> None:
    assert dict(re.findall(r"^\| (\d{3}) \| (.*) \|$", PAGE, re.MULTILINE)) == {
        str(status): meaning for status, meaning in MEANING.items()
    }


def test_every_operation_has_a_request_on_the_page() -> None:
    asked = re.findall(r"^\$ curl .*http://127\.0\.0\.1:8000([^?\s\"]+)", PAGE, re.MULTILINE)

    for path in create_app(open_workspace("no such home")).openapi()["paths"]:
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path))
        assert any(re.fullmatch(pattern, one) for one in asked), path

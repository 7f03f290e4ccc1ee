"""Whatever is asked, by the description or against it: the server does not fail, and answers what is documented."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from graphleads.workspace.workspace import open_workspace
from graphleads_api.app import create_app

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
SCHEMA = schemathesis.openapi.from_dict(create_app(open_workspace("no such home")).openapi())
OPERATIONS = {found.ok().label: found.ok() for found in SCHEMA.get_all_operations() if isinstance(found, Ok)}
CASES = [
    (label, mode)
    for label, operation in OPERATIONS.items()
    for mode in GenerationMode
    if mode is GenerationMode.POSITIVE
    or (label.split(" /")[1].startswith("v0") and (operation.body or any(operation.iter_parameters())))
]


@pytest.fixture(scope="module")
def app(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """The demo's register, served, and what the cases are sent to."""
    home = tmp_path_factory.mktemp("fuzz") / "home"
    shutil.copytree(demo_home, home)
    with open_workspace(home) as workspace:
        SCHEMA.app = create_app(workspace)
        yield SCHEMA.app


@pytest.mark.parametrize(("label", "mode"), CASES, ids=lambda part: getattr(part, "name", part))
def test_no_request_breaks_the_server_or_what_it_promises(label: str, mode: GenerationMode, app: FastAPI) -> None:
    @settings(max_examples=25, suppress_health_check=list(HealthCheck))
    @given(OPERATIONS[label].as_strategy(generation_mode=mode))
    def check(case: schemathesis.Case[Any]) -> None:
        answer = case.call(base_url="http://localhost", app=app)
        case.validate_response(answer, checks=CHECKS)

    check()

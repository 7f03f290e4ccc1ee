"""Whether the server is alive and ready, and which version it is."""

from __future__ import annotations

from typing import Annotated

from anyio import CapacityLimiter
from anyio.lowlevel import RunVar
from anyio.to_thread import run_sync
from fastapi import APIRouter, Query
from starlette.responses import Response

import graphleads
from graphleads.errors import GraphLeadsError
from graphleads_api.answer import json_answer
from graphleads_api.deps import Served, Serving
from graphleads_api.errors import problem_of
from graphleads_api.openapi import documented
from graphleads_api.request import NoQuery
from graphleads_api.response import Health, Ready, Version

router = APIRouter(tags=["server"])

_LIMITER: RunVar[CapacityLimiter] = RunVar("graphleads_health")
"""The thread of the health checks, by event loop: one that waited for the answering threads would take a busy server
for a dead one."""


@router.get("/healthz", summary="Whether the process is alive", responses=documented(Health))
async def healthz(_query: Annotated[NoQuery, Query()]) -> Response:
    """Say that the process is alive, whatever else is the matter."""
    return json_answer({"status": "ok", "version": graphleads.__version__})


@router.get("/readyz", summary="Whether leads can be asked for", responses=documented(Ready))
async def readyz(_query: Annotated[NoQuery, Query()], serving: Served) -> Response:
    """Say which snapshot is served, and why if it is not the current one; or with 503 why none is."""
    return await run_sync(_readiness, serving, limiter=_limiter())


@router.get("/version", summary="Which version answers", responses=documented(Version))
async def version(_query: Annotated[NoQuery, Query()]) -> Response:
    """Return the version of graphleads and of this API."""
    return json_answer({"version": graphleads.__version__, "api": "v0"})


def _readiness(serving: Serving) -> Response:
    try:
        served = serving.workspace().pinned()
        served.database.require()
    except GraphLeadsError as error:
        return problem_of(error, 503)
    return json_answer(
        {"status": "ready", "snapshot": served.registers.snapshot_id(), "warning": served.registers.warning()}
    )


def _limiter() -> CapacityLimiter:
    try:
        return _LIMITER.get()
    except LookupError:
        limiter = CapacityLimiter(1)
        _LIMITER.set(limiter)
        return limiter

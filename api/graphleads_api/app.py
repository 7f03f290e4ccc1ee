"""The HTTP application: `graphleads serve` hands it to uvicorn as `graphleads_api.app:create_app`."""

from __future__ import annotations

import gc
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI
from fastapi.routing import APIRoute

import graphleads
from graphleads.workspace.workspace import Workspace, open_workspace
from graphleads_api.deps import Serving
from graphleads_api.errors import answer_errors
from graphleads_api.openapi import describe
from graphleads_api.routes import companies, customers, health, imports, leads, matches, page, registers
from graphleads_api.security import Guard

_N_THREADS = 2
"""Requests that are answered at once: one is worked on while another waits for the disk. Python runs in one thread at a
time, and with four of them a third of the processor's time went into handing it around (`benchmarks/http.py`)."""

_SWITCH_SECONDS = 0.001
"""How long an answer may be worked on before the connections get their turn; Python's 5 ms are felt in every answer."""


def create_app(workspace: Workspace | None = None) -> FastAPI:
    """Return the application.

    Args:
        workspace: What it serves; None opens the home that GRAPHLEADS_HOME names.

    Raises:
        SettingInvalid: If the home or its settings cannot be used.
    """
    app = _Application(
        title="graphleads",
        version=graphleads.__version__,
        lifespan=_lifespan,
        openapi_url=None,
        redirect_slashes=False,
        generate_unique_id_function=_operation_id,
    )
    served = workspace or open_workspace(actor="http", migrates=False)
    served.load()
    app.state.serving = Serving(served)
    app.add_middleware(Guard)
    answer_errors(app)
    for router in (leads.router, companies.router, customers.router, matches.router, imports.router, registers.router):
        app.include_router(router, prefix="/v0")
    app.include_router(health.router)
    app.include_router(page.router)
    return app


class _Application(FastAPI):
    """An application that describes its errors as it sends them."""

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI document, made once."""
        if self.openapi_schema is None:
            self.openapi_schema = describe(self)
        return self.openapi_schema


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    current_default_thread_limiter().total_tokens = _N_THREADS
    interval = sys.getswitchinterval()
    sys.setswitchinterval(_SWITCH_SECONDS)
    # What is loaded by now stays: whether it is still used takes a tenth of a second to find out, without any answer.
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()
    sys.setswitchinterval(interval)
    app.state.serving.close()


def _operation_id(route: APIRoute) -> str:
    return route.name

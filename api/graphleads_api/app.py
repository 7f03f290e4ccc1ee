"""The HTTP application. So far it answers whether it is alive, and which version it is."""

from __future__ import annotations

from fastapi import FastAPI

import graphleads


def create_app() -> FastAPI:
    """Return the application; uvicorn takes it as `graphleads_api.app:create_app` with `--factory`."""
    app = FastAPI(title="graphleads", version=graphleads.__version__)
    app.add_api_route("/healthz", healthz, methods=["GET"])
    return app


def healthz() -> dict[str, str]:
    """Say that the process is alive, and which version it is."""
    return {"status": "ok", "version": graphleads.__version__}

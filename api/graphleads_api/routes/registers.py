"""Registers: what was ingested of them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from graphleads.view.delivery import deliveries_object
from graphleads.view.list_shape import DeliveriesAnswer
from graphleads_api.answer import json_answer
from graphleads_api.deps import Served
from graphleads_api.openapi import documented
from graphleads_api.request import DeliveriesQuery

router = APIRouter(tags=["registers"])


@router.get("/deliveries", summary="Deliveries", responses=documented(DeliveriesAnswer))
def get_deliveries(query: Annotated[DeliveriesQuery, Query()], serving: Served) -> Response:
    """List what was ingested of the registers, by dataset and then as one came after the other."""
    found = [one for one in serving.workspace().registers.deliveries() if query.dataset in (None, one.dataset)]
    return json_answer(deliveries_object(found, after=query.after, limit=query.limit))

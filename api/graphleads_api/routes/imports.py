"""Imports of customers and deals: what each did, and taking one back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from graphleads.view.imported import imports_object, undone_object
from graphleads.view.list_shape import ImportsAnswer, UndoneAnswer
from graphleads_api.answer import json_answer
from graphleads_api.body import UndoRequest
from graphleads_api.deps import Served
from graphleads_api.openapi import documented
from graphleads_api.request import IMPORT, ImportsQuery, NoQuery, Number

router = APIRouter(tags=["customers"])


@router.get("/imports", summary="Imports", responses=documented(ImportsAnswer, 409))
def get_imports(query: Annotated[ImportsQuery, Query()], serving: Served) -> Response:
    """List the imports of customers and deals, the last one first: a file, or what came by one request."""
    made = serving.workspace().customers.latest_imports(after=query.after, limit=query.limit + 1)
    return json_answer(imports_object(made, limit=query.limit))


@router.post("/imports/{number}/undo", summary="Take an import back", responses=documented(UndoneAnswer, 404, 409))
def undo_import(
    number: Annotated[Number, Path(description="The import's number.", examples=[IMPORT])],
    ask: UndoRequest,
    _query: Annotated[NoQuery, Query()],
    serving: Served,
) -> Response:
    """Take back what an import wrote, customer by customer and deal by deal, where no later one has it so.

    The answer says what is as it was before, what is gone, and what was left because of which import. An import that
    was undone before is a conflict, `import-undone`.
    """
    return json_answer(undone_object(serving.workspace().customers.undo(number, by=ask.by)))

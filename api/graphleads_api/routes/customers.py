"""Customers: brought in by the CRM one at a time, matched at once; and their deals."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.convertors import PathConvertor, register_url_convertor
from starlette.responses import Response

from graphleads.model import CustomerRecord
from graphleads.view.customer import customers_object, deals_object
from graphleads.view.list_shape import DealsAnswer, PutAllAnswer
from graphleads.view.lookup import customer_object, put_object
from graphleads.view.put import put_all_object, put_item_object, refused_object
from graphleads.view.shape import CustomerAnswer, CustomersAnswer, PutAnswer
from graphleads_api.answer import HEADERS, json_answer
from graphleads_api.customer_body import CustomerPatch, CustomerRequest, CustomersRequest
from graphleads_api.deps import Served
from graphleads_api.errors import tell
from graphleads_api.openapi import documented
from graphleads_api.request import CUSTOMER, CustomersQuery, DealsQuery, NoQuery, ShortText


class _Anything(PathConvertor):
    """A part of a path that may hold anything: slashes, as Starlette's own, and ends of lines, which that refuses."""

    regex = "(?s:.*)"


register_url_convertor("anything", _Anything())

router = APIRouter(tags=["customers"])

ExternalId = Annotated[ShortText, Path(description="The id that the CRM has for it.", examples=[CUSTOMER])]


@router.get("/customers", summary="Customers", responses=documented(CustomersAnswer, 409))
def get_customers(query: Annotated[CustomersQuery, Query()], serving: Served) -> Response:
    """Return the customers by their ids, each with how it stands to the registers."""
    asked = serving.workspace().customers.lines(status=query.status, owner=query.owner, unmatched=query.unmatched)
    return json_answer(customers_object(asked, after=query.after, limit=query.limit))


@router.get("/deals", summary="Deals", responses=documented(DealsAnswer, 409))
def get_deals(query: Annotated[DealsQuery, Query()], serving: Served) -> Response:
    """Return the deals by their ids, as the CRM's exports have them."""
    found = serving.workspace().customers.deals(**query.model_dump())
    return json_answer(deals_object(found, limit=query.limit))


@router.put("/customers", summary="Bring customers in", responses=documented(PutAllAnswer, 409))
def put_customers(ask: CustomersRequest, _query: Annotated[NoQuery, Query()], serving: Served) -> Response:
    """Bring up to 500 customers in or up to date, and look for each in the registers.

    Each has its result in its place: created, changed, unchanged, or refused with the error's code. All that can be
    used are stored in one transaction, as one import; one that is refused does not stop the others.
    """
    read = ask.read()
    records = [one for one in read if isinstance(one, CustomerRecord)]
    put = serving.workspace().customers.put_all(records, source="HTTP")
    became = (put_item_object(one, tell) for one in put.items)
    items = [
        next(became) if isinstance(one, CustomerRecord) else refused_object(given.get("external_id"), one)
        for one, given in zip(read, ask.customers, strict=True)
    ]
    return json_answer(put_all_object(put.import_id, items))


@router.put(
    "/customers/{external_id:anything}",
    summary="Bring a customer in",
    responses=documented(PutAnswer, 409, statuses=[200, 201]),
)
def put_customer(
    external_id: ExternalId, customer: CustomerRequest, _query: Annotated[NoQuery, Query()], serving: Served
) -> Response:
    """Bring a customer in or up to date, and look for it in the registers; 201 says that it is new."""
    workspace = serving.workspace()
    report = workspace.customers.put(customer.record(external_id), source="HTTP")
    answer = put_object(workspace.customers.get(external_id), report)
    return json_answer(answer, 201 if report.new else 200)


@router.patch(
    "/customers/{external_id:anything}", summary="Change a customer", responses=documented(PutAnswer, 404, 409)
)
def patch_customer(
    external_id: ExternalId, ask: CustomerPatch, _query: Annotated[NoQuery, Query()], serving: Served
) -> Response:
    """Change some fields of a customer: those that are not named stay, its deals too, and null clears one."""
    customers = serving.workspace().customers
    report = customers.patch(external_id, ask.changes(), source="HTTP")
    return json_answer(put_object(customers.get(external_id), report))


@router.delete(
    "/customers/{external_id:anything}", status_code=204, summary="End a customer", responses={404: {}, 409: {}}
)
def delete_customer(external_id: ExternalId, _query: Annotated[NoQuery, Query()], serving: Served) -> Response:
    """End a customer, so that it bars and seeds no lead any more; its history is kept, and a PUT brings it back."""
    serving.workspace().customers.remove(external_id, source="HTTP", why="removed over HTTP")
    return Response(status_code=204, headers=HEADERS)


@router.get("/customers/{external_id:anything}", summary="A customer", responses=documented(CustomerAnswer, 404, 409))
def get_customer(external_id: ExternalId, _query: Annotated[NoQuery, Query()], serving: Served) -> Response:
    """Return a customer with its match, and what the registers say of the company that it is or may be."""
    return json_answer(customer_object(serving.workspace().customers.get(external_id)))

"""Customers: brought in by the CRM one at a time, matched at once; and their deals."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.convertors import PathConvertor, register_url_convertor
from starlette.responses import Response

from graphleads.view.customer import customers_object, deals_object
from graphleads.view.lookup import customer_object, put_object
from graphleads.view.shape import CustomerAnswer, CustomersAnswer, DealsAnswer, PutAnswer
from graphleads_api.answer import HEADERS, json_answer
from graphleads_api.body import CustomerRequest
from graphleads_api.deps import Served
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

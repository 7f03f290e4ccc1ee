"""What may be said of customers, one, a few fields of one, or many."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints, ValidationError, WithJsonSchema

from graphleads.model import CustomerRecord, CustomerStatus
from graphleads.view.list_shape import ItemError
from graphleads_api.body import Body
from graphleads_api.errors import REQUEST_INVALID, list_errors, say_errors
from graphleads_api.request import CUSTOMER, CUSTOMERS_COMPANY, PLAIN, Day, ShortText, Text

_EmailDomain = Annotated[str, StringConstraints(pattern=r"^[^@\s\x00]{1,253}$")]
_Custom = Annotated[str, StringConstraints(max_length=5000, pattern=PLAIN)]

_EXAMPLE: dict[str, Any] = {
    "name": "Alder & Sons Ltd",
    "status": "won",
    "identifiers": [{"value": CUSTOMERS_COMPANY}],
    "jurisdiction": "GB",
    "owner": "Ines Calloway",
    "won_on": "2026-05-04",
}


class IdentifierValue(Body):
    """An identifier as the CRM has it."""

    scheme: Annotated[str, StringConstraints(max_length=64, pattern=PLAIN)] = Field(
        "", description="Its scheme, for example GB-COH; empty where the CRM does not say."
    )
    value: ShortText


class CustomerRequest(Body):
    """A customer as the CRM has it now; what is left out is taken for unknown."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    name: Text
    status: Literal["won", "open", "lost"] = Field(description="Won and open ones are never leads; lost ones may be.")
    identifiers: list[IdentifierValue] = Field([], max_length=20)
    jurisdiction: Annotated[str, StringConstraints(max_length=100)] | None = Field(
        None, description="Its country, by name or code."
    )
    locality: Text | None = None
    region: Text | None = None
    postcode: Text | None = None
    website: Text | None = None
    email_domain: _EmailDomain | None = Field(
        None,
        description="What stands behind the @; `mail.a.co.uk` is kept as `a.co.uk`, and free mail not at all.",
    )
    phone: Text | None = None
    owner: Text | None = Field(None, description="Whose customer it is.")
    parent: Text | None = Field(None, description="The account that it is a part of, by its id or name.")
    value: float | None = Field(None, allow_inf_nan=False)
    won_on: Day | None = None
    custom: dict[ShortText, _Custom] = Field({}, max_length=100, description="Whatever else the CRM says of it.")

    def record(self, external_id: str) -> CustomerRecord:
        """Return the customer under the id that the CRM has for it."""
        values = self.model_dump(exclude={"status", "identifiers", "external_id"})
        identifiers = tuple((one.scheme, one.value) for one in self.identifiers)
        return CustomerRecord(
            external_id=external_id, status=CustomerStatus(self.status), identifiers=identifiers, **values
        )


class CustomerPatch(Body):
    """Some fields of a customer; those that are not named stay, and null clears one."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"owner": "Priya Ashdene", "phone": None}]})

    name: Text = Field(default_factory=str, description="Never null.")
    status: Literal["won", "open", "lost"] = Field(default_factory=lambda: "open", description="Never null.")
    identifiers: list[IdentifierValue] | None = Field(None, max_length=20, description="All of them, as they are now.")
    jurisdiction: Annotated[str, StringConstraints(max_length=100)] | None = Field(
        None, description="Its country, by name or code."
    )
    locality: Text | None = None
    region: Text | None = None
    postcode: Text | None = None
    website: Text | None = None
    email_domain: _EmailDomain | None = None
    phone: Text | None = None
    owner: Text | None = Field(None, description="Whose customer it is.")
    parent: Text | None = Field(None, description="The account that it is a part of, by its id or name.")
    value: float | None = Field(None, allow_inf_nan=False)
    won_on: Day | None = None
    custom: dict[ShortText, _Custom | None] | None = Field(
        None, max_length=100, description="Those of these names; null takes one out, and null for all of it all."
    )

    def changes(self) -> dict[str, Any]:
        """Return the fields that are named, as the product has them."""
        told = self.model_dump(exclude_unset=True)
        if self.identifiers is not None:
            told["identifiers"] = tuple((one.scheme, one.value) for one in self.identifiers)
        return told


class CustomerItem(CustomerRequest):
    """A customer as the CRM has it now, and the id that the CRM has for it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"external_id": CUSTOMER, **_EXAMPLE}]})

    external_id: ShortText = Field(description="The id that the CRM has for it.")


_Item = Annotated[
    dict[str, Any],
    WithJsonSchema({"anyOf": [{"$ref": "#/components/schemas/CustomerItem"}, {"type": "object"}]}),
]


class CustomersRequest(Body):
    """Customers as the CRM has them now; each that cannot be used is refused by itself."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"customers": [{"external_id": CUSTOMER, **_EXAMPLE}]}]})

    customers: list[_Item] = Field(min_length=1, max_length=500, description="A CustomerItem each.")

    def read(self) -> list[CustomerRecord | ItemError]:
        """Return each customer, or what is wrong with it."""
        return [_read_item(one) for one in self.customers]


def _read_item(item: dict[str, Any]) -> CustomerRecord | ItemError:
    try:
        read = CustomerItem.model_validate(item)
    except ValidationError as error:
        errors = list_errors(error.errors(include_url=False))
        detail = say_errors(errors, error.error_count())
        return {"code": REQUEST_INVALID, "detail": detail, "next_step": None, "values": {}, "errors": errors}
    return read.record(read.external_id)

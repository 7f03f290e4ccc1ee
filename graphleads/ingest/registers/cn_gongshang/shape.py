"""The objects that Qichacha and Tianyancha answer with, field by field: where each goes, or why it is left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

_FORM = "whether money or goods were contributed is no tie"
_DAY_PAID = "the day on which a contribution is due or paid is not the first day of the holding"
_AUTHORITY = "the registering authority ties nobody"
_TERM = "how long the company may run"
_UPDATED = "the day on which the service looked, not the register"
_SERVICE = "the service's own, not the register's"
_PICTURE = "a picture"
_IN_CODE = "its characters stand in the credit code"
_OWN_RECORD = "stands in that company's own record"
_PROVINCE = "the province is told from the credit code; each service abbreviates it in its own way"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What an object's fields are.

    Attributes:
        texts: Field to the dossier's text or list of texts; of several fields of one text the first counts.
        words: What a text's values stand for, where the service writes numbers.
        parts: Field that lists objects (or texts, whose field is empty) to the dossier's part, and the objects' shape.
        inside: Field that holds an object, or a list of which the first counts, to its shape; what is in it belongs
            to the object around it.
        ignored: Field to the reason why it is left out.
        personal: Fields that identify a person, dropped and counted.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    parts: Mapping[str, tuple[str, Shape]] = field(default_factory=dict)
    inside: Mapping[str, Shape] = field(default_factory=dict)
    ignored: Mapping[str, str] = field(default_factory=dict)
    personal: tuple[str, ...] = ()

    def labels(self) -> dict[str, str]:
        """Return what the service calls each field of a dossier; that of a part is `part.field`."""
        found = {target: name for name, target in reversed(list(self.texts.items()))}
        for name, shape in self.inside.items():
            found |= {target: f"{name}.{label}" for target, label in shape.labels().items()}
        for name, (part, shape) in self.parts.items():
            found |= {f"{part}.{target}": f"{name}.{label}" for target, label in shape.labels().items()}
        return found


QICHACHA_COMPANY = Shape(
    texts={
        "KeyNo": "service_id",
        "Name": "name",
        "CreditCode": "credit_code",
        "No": "register_number",
        "OperName": "legal_representative",
        "OperId": "legal_representative_id",
        "Status": "status",
        "StartDate": "founded_on",
        "EndDate": "ended_on",
        "RegistCapi": "capital",
        "EconKind": "legal_form",
        "Address": "address",
        "Scope": "business_scope",
    },
    parts={
        "Partners": (
            "holders",
            Shape(
                texts={
                    "StockName": "name",
                    "KeyNo": "service_id",
                    "StockType": "type",
                    "StockPercent": "share",
                    "ShouldCapi": "subscribed",
                    "RealCapi": "paid",
                },
                ignored={
                    "ShoudDate": _DAY_PAID,
                    "CapiDate": _DAY_PAID,
                    "InvestType": _FORM,
                    "InvestName": _FORM,
                    "IdentifyType": "the kind of a paper that is dropped",
                },
                personal=("IdentifyNo", "Address"),
            ),
        ),
        "Employees": (
            "staff",
            Shape(
                texts={"Name": "name", "KeyNo": "service_id", "Job": "titles"},
                ignored={"ScertName": "the kind of a paper that is dropped"},
                personal=("CerNo",),
            ),
        ),
        "Branches": (
            "branches",
            Shape(
                texts={
                    "Name": "name",
                    "CreditCode": "credit_code",
                    "RegNo": "register_number",
                    "CompanyId": "service_id",
                    "KeyNo": "service_id",
                },
                ignored={"BelongOrg": _AUTHORITY, "OperName": _OWN_RECORD},
            ),
        ),
        "OriginalName": ("former_names", Shape(texts={"Name": "name", "ChangeDate": "until"})),
    },
    inside={
        "ContactInfo": Shape(
            texts={"PhoneNumber": "phones", "Email": "emails"},
            inside={"WebSite": Shape(texts={"Url": "websites"}, ignored={"Name": "the site's title"})},
        ),
        "Industry": Shape(
            texts={"Industry": "industries", "SubIndustry": "industries"},
            ignored={"IndustryCode": "the service's own letter", "SubIndustryCode": "the service's own number"},
        ),
    },
    ignored={
        "BelongOrg": _AUTHORITY,
        "Province": _PROVINCE,
        "UpdatedDate": _UPDATED,
        "TermStart": _TERM,
        "TeamEnd": _TERM,
        "CheckDate": "the day of the last change says nothing of the company's life",
        "ChangeRecords": "history in words; what it came to stands in the other fields",
        "OrgNo": _IN_CODE,
        "ImageUrl": _PICTURE,
        "IsOnStock": "listings are left to the exchanges' own files",
        "StockNumber": "listings are left to the exchanges' own files",
        "StockType": "listings are left to the exchanges' own files",
    },
)
"""A company as Qichacha has it (interface 410)."""

_TIANYANCHA_OWN = {
    "alias": _SERVICE,
    "logo": _PICTURE,
    "cgid": _SERVICE,
    "hcgid": _SERVICE,
    "toco": "how many companies the service knows of",
    "percentileScore": "the service's score",
    "pencertileScore": "the service's score",
}
_PARTY_TYPES = {"1": "公司", "2": "自然人"}
_CONTRIBUTION = {"paymet": _FORM, "time": _DAY_PAID}
_LISTED = {
    **_TIANYANCHA_OWN,
    "type": "what is listed here is a company",
    "base": _PROVINCE,
    "category": _OWN_RECORD,
    "regCapital": _OWN_RECORD,
    "regStatus": _OWN_RECORD,
    "estiblishTime": _OWN_RECORD,
    "legalPersonName": _OWN_RECORD,
    "legalPersonId": _OWN_RECORD,
    "personType": _OWN_RECORD,
    "business_scope": _OWN_RECORD,
}

TIANYANCHA_LISTS: Mapping[str, tuple[str, Shape]] = {
    "holder": (
        "holders",
        Shape(
            texts={"name": "name", "id": "service_id", "type": "type"},
            words={"type": _PARTY_TYPES},
            inside={
                "capital": Shape(texts={"amomon": "subscribed", "percent": "share"}, ignored=_CONTRIBUTION),
                "capitalActl": Shape(
                    texts={"amomon": "paid"}, ignored={**_CONTRIBUTION, "percent": "the part that is paid, not held"}
                ),
            },
            ignored={**_TIANYANCHA_OWN, "amount": "stands in capital, with its unit"},
        ),
    ),
    "staff": (
        "staff",
        Shape(
            texts={"name": "name", "id": "service_id", "type": "type", "typeJoin": "titles"},
            words={"type": _PARTY_TYPES},
            ignored=_TIANYANCHA_OWN,
        ),
    ),
    "branch": (
        "branches",
        Shape(texts={"name": "name", "creditCode": "credit_code", "id": "service_id"}, ignored=_LISTED),
    ),
    "inverst": (
        "investments",
        Shape(
            texts={"name": "name", "creditCode": "credit_code", "id": "service_id", "percent": "share"},
            ignored={**_LISTED, "amount": "is without its unit"},
        ),
    ),
}
"""Lists that stand beside a company's base information, as Tianyancha names them in its addresses."""

TIANYANCHA_COMPANY = Shape(
    texts={
        "id": "service_id",
        "name": "name",
        "creditCode": "credit_code",
        "regNumber": "register_number",
        "legalPersonName": "legal_representative",
        "legalPersonId": "legal_representative_id",
        "type": "legal_representative_type",
        "regStatus": "status",
        "estiblishTime": "founded_on",
        "cancelDate": "ended_on",
        "revokeDate": "ended_on",
        "regCapital": "capital",
        "regCapitalCurrency": "capital_currency",
        "companyOrgType": "legal_form",
        "regLocation": "address",
        "city": "city",
        "businessScope": "business_scope",
        "property3": "english_name",
        "alias": "short_name",
        "staffNumRange": "n_staff",
        "socialStaffNum": "n_insured",
        "isMicroEnt": "size_class",
        "industry": "industries",
        "phoneNumber": "phones",
        "email": "emails",
        "websiteList": "websites",
    },
    words={"type": {"1": "自然人", "2": "公司"}, "isMicroEnt": {"1": "小微企业", "0": ""}},
    parts={"historyNameList": ("former_names", Shape(texts={"": "name"}))},
    inside={
        "industryAll": Shape(
            texts={
                "categorySmall": "industries",
                "categoryMiddle": "industries",
                "categoryBig": "industries",
                "category": "industries",
            }
        )
    },
    ignored={
        "historyNames": "stands in historyNameList",
        "approvedTime": "the day of the last change says nothing of the company's life",
        "orgNumber": _IN_CODE,
        "taxNumber": "the same as the credit code",
        "district": "stands in the address",
        "percentileScore": "the service's score",
        "updateTimes": _UPDATED,
        "fromTime": _TERM,
        "toTime": _TERM,
        "actualCapital": "the tables have one capital, the registered one",
        "actualCapitalCurrency": "the tables have one capital, the registered one",
        "regInstitute": _AUTHORITY,
        "base": _PROVINCE,
        "cancelReason": "stands in the status",
        "revokeReason": "stands in the status",
        "tags": "the service's labels",
        "bondName": "listings are left to the exchanges' own files",
        "bondNum": "listings are left to the exchanges' own files",
        "bondType": "listings are left to the exchanges' own files",
        "usedBondName": "listings are left to the exchanges' own files",
    },
)
"""A company as Tianyancha has it (interface 818)."""

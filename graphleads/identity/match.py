"""Which company of the register each customer is, with a probability and the evidence behind it.

Every company that the customer may be is given log-odds, the sum of what its identifiers, names, country, town and kind
say. The odds of all of them, and of none of them, share one unit of probability, so that two companies of the same name
leave each other at most half, and an ordinary name in a large register is never quite certain.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from graphleads.codes.scheme import get_scheme
from graphleads.identity.config import MatchConfig
from graphleads.identity.customer_key import customer_domains, customer_numbers, sure_numbers
from graphleads.ids import EntityId, split_id
from graphleads.model import CustomerRecord, Match, MatchState, Progress, Silence
from graphleads.names.compare import NameComparison, compare_names
from graphleads.names.fold import fold_characters
from graphleads.names.index import NameIndex
from graphleads.names.legal_form import FormAgreement
from graphleads.values.person_word import says_person

# Natural log-odds that a company is the customer. Those of names were chosen on customers' spellings and register names
# that people had joined, at two sizes of register, and rounded; those of numbers, countries and towns, which such pairs
# do not have, are set by hand so that a given number outweighs another company's name, and a wrong country any name.
_SAME_CORE = 3.5
_OTHER_CORE = -9.4
_PER_COVERAGE = 2.0
_PER_SIMILARITY = 1.2
_SAME_START = 3.0
_PER_SPECIFIC_BIT = 0.09
_FORM = {
    FormAgreement.SAME: 0.0,
    FormAgreement.MISSING: 0.0,
    FormAgreement.SIMILAR: -1.4,
    FormAgreement.CONFLICT: -3.5,
}
_CORE_WITHOUT_FORM = -2.0
_JURISDICTION = {"same": 1.5, "unknown": 0.0, "differs": -3.5}
_LOCALITY = {"same": 1.0, "unknown": 0.0, "differs": -0.3}
_IDENTIFIER = {"given": 14.0, "guessed": 9.0, "check digit fails": 8.5, "stated": 6.0, "none": 0.0, "differs": -6.0}
# A domain outweighs a name that says nothing (QM), and not one that says somebody else.
_DOMAIN = {"same": 8.0, "none": 0.0}
_OTHER_KIND_OF_NAME = -0.5
_MENTIONED_NAME = -2.0
"""What others call a company that its register describes is no more than a reason to look."""
_N_REVIEWED = 5
_OF_NUMBER = 0.6
"""What a number leaves the companies that bear it, where all that bear the customer's name are others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyColumns:
    """What matching reads of n companies.

    Attributes:
        ids, names: Theirs.
        jurisdictions: A country or a place in it, None if unknown.
        localities: Towns, None if unknown.
        mentioned: Whether each is known only as somebody's holder or subsidiary.
    """

    ids: Sequence[EntityId]
    names: Sequence[str]
    jurisdictions: Sequence[str | None]
    localities: Sequence[str | None]
    mentioned: Sequence[bool]


class Directory(Protocol):
    """What matching asks of a register: companies are the nodes below `n_companies`."""

    @property
    def name_index(self) -> NameIndex:
        """The index of all names."""

    @property
    def n_companies(self) -> int:
        """How many companies there are."""

    def find_identifier(self, scheme: str, value: str) -> NDArray[np.int64]:
        """Return the nodes of the companies that bear an identifier, given as ids carry it, ascending."""

    def find_domain(self, domain: str) -> NDArray[np.int64]:
        """Return the nodes of the companies at a domain, or at a page of a host that many share, ascending."""

    def describe(self, nodes: NDArray[np.int64]) -> CompanyColumns:
        """Return what is known of companies, in the order of their nodes."""

    def name_kinds(self, rows: NDArray[np.int64]) -> Sequence[str]:
        """Return the kinds of rows of the names table: legal, former, trading and so on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchCandidate:
    """A company that a customer may be.

    Attributes:
        company: Its id.
        name: The name under which it was found.
        method: What speaks for it most: identifier, domain, exact_name, core_name or similar_name, the last three with
            the kind of name where it is not the legal one (`exact_former_name`).
        probability: That it is the customer, in [0, 1].
        features: The evidence.
    """

    company: EntityId
    name: str
    method: str
    probability: float
    features: dict[str, float | str]


def match_customers(
    customers: Sequence[CustomerRecord],
    directory: Directory,
    config: MatchConfig | None = None,
    *,
    progress: Progress | None = None,
) -> list[Match]:
    """Return how each customer stands to the register, in the order of the customers.

    Args:
        customers: The accounts.
        directory: The register.
        config: When a match counts.
        progress: Is told of every customer.

    Returns:
        One match a customer. Sure ones may be used; unsure ones name the best company, for a person to judge; none
        has no company. Two customers may be one company.
    """
    config = config or MatchConfig()
    progress = progress or Silence()
    progress.step("match", len(customers))
    matches = []
    for customer in customers:
        matches.append(_decide(customer, _weigh(customer, directory, config), config))
        progress.advance()
    return matches


def review_candidates(
    customer: CustomerRecord, directory: Directory, *, limit: int = _N_REVIEWED, config: MatchConfig | None = None
) -> list[MatchCandidate]:
    """Return the companies that a customer may be, the likeliest first, for a person to choose from."""
    return _weigh(customer, directory, config or MatchConfig())[:limit]


def _decide(customer: CustomerRecord, candidates: list[MatchCandidate], config: MatchConfig) -> Match:
    if not candidates or candidates[0].probability < config.unsure:
        return Match(customer=customer.external_id, company=None, state=MatchState.NONE, method="none", probability=0.0)
    best = candidates[0]
    second = candidates[1].probability if len(candidates) > 1 else 0.0
    # A person is called like many a company: a sole trader is in no register, or under a number.
    sure = best.probability >= config.sure and (best.method == "identifier" or not says_person(customer.custom))
    others = {one.company: one.probability for one in candidates[1:] if one.probability >= config.possible}
    return Match(
        customer=customer.external_id,
        company=best.company,
        state=MatchState.SURE if sure else MatchState.UNSURE,
        method=best.method,
        probability=best.probability,
        features=best.features | {"margin": best.probability - second},
        others={} if sure else others,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Evidence:
    """What is known of a customer and one company.

    Attributes:
        company: Its id.
        mentioned: Whether it is known only as somebody's holder or subsidiary.
        name: The name of it that was compared, and the kind of that name.
        comparison: How the names stand to one another as text.
        coverage: How much of both names the common words are.
        identifier, domain, jurisdiction, locality: Keys of the tables of log-odds.
    """

    company: EntityId
    mentioned: bool
    name: str
    name_kind: str
    comparison: NameComparison
    coverage: float
    identifier: str
    domain: str
    jurisdiction: str
    locality: str

    @property
    def names_it(self) -> bool:
        """Whether the company is called as the customer is, as far as that goes without its legal form."""
        same = self.comparison.same_core and self.comparison.form in (FormAgreement.SAME, FormAgreement.MISSING)
        return same and self.jurisdiction != "differs"

    @property
    def method(self) -> str:
        if _IDENTIFIER[self.identifier] > 0:
            return "identifier"
        kind = "name" if self.name_kind == "legal" else f"{self.name_kind}_name"
        if not self.comparison.same_core or self.name_kind == "mentioned":
            return "domain" if self.domain == "same" else f"similar_{kind}"
        return f"exact_{kind}" if self.comparison.form is FormAgreement.SAME else f"core_{kind}"

    @property
    def features(self) -> dict[str, float | str]:
        return {
            "matched_name": self.name,
            "name_kind": self.name_kind,
            "name_similarity": self.comparison.similarity,
            "name_coverage": self.coverage,
            "legal_form": self.comparison.form.value,
            "identifier": self.identifier,
            "domain": self.domain,
            "jurisdiction": self.jurisdiction,
            "locality": self.locality,
        }

    def log_odds(self, specificity: float) -> float:
        """Return the log-odds of being the customer, given how far the customer's name singles out one company."""
        return (
            self._name_log_odds()
            + _FORM[self.comparison.form]
            + _PER_SPECIFIC_BIT * min(max(specificity, -10.0), 20.0)
            + (0.0 if self.name_kind == "legal" else _OTHER_KIND_OF_NAME)
            + _IDENTIFIER[self.identifier]
            + _DOMAIN[self.domain]
            + _JURISDICTION[self.jurisdiction]
            + _LOCALITY[self.locality]
        )

    def _name_log_odds(self) -> float:
        if self.name_kind == "mentioned":
            return _MENTIONED_NAME
        if self.comparison.same_core:
            return _SAME_CORE + _CORE_WITHOUT_FORM * (self.comparison.form is FormAgreement.MISSING)
        return (
            _OTHER_CORE
            - _PER_COVERAGE * math.log(1.03 - self.coverage)
            - _PER_SIMILARITY * math.log(1.03 - self.comparison.similarity)
            + _SAME_START * self.comparison.same_start
        )


def _weigh(customer: CustomerRecord, directory: Directory, config: MatchConfig) -> list[MatchCandidate]:
    """Return the companies that a customer may be, the likeliest first, ties by id."""
    evidence = list(_collect(customer, directory, config))
    specificity = directory.name_index.specificity(customer.name)
    registered = _share([one for one in evidence if not one.mentioned], specificity)
    if registered and registered[0].probability >= config.unsure:
        return registered
    return _share(evidence, specificity)


def _share(evidence: list[_Evidence], specificity: float) -> list[MatchCandidate]:
    """Return the candidates, among whom, and none of them, one unit of probability is shared."""
    odds = [math.exp(one.log_odds(specificity)) for one in evidence]
    total = 1.0 + math.fsum(odds)
    probabilities = _settle_contest(evidence, [odd / total for odd in odds])
    candidates = [
        MatchCandidate(
            company=one.company,
            name=one.name,
            method=one.method,
            probability=probability,
            features=one.features,
        )
        for one, probability in zip(evidence, probabilities, strict=True)
    ]
    return sorted(candidates, key=lambda candidate: (-candidate.probability, candidate.company))


def _settle_contest(evidence: list[_Evidence], probabilities: list[float]) -> list[float]:
    """Return the probabilities where a number is of one company and the name of another: either may be mistaken."""
    numbered = [at for at, one in enumerate(evidence) if _IDENTIFIER[one.identifier] > 0]
    named = [at for at, one in enumerate(evidence) if one.names_it]
    if not numbered or not named or set(numbered) & set(named):
        return probabilities
    settled, both = list(probabilities), math.fsum(probabilities[at] for at in [*numbered, *named])
    for places, share in ((numbered, _OF_NUMBER), (named, 1.0 - _OF_NUMBER)):
        for at in places:
            settled[at] = both * share / len(places)
    return settled


def _collect(customer: CustomerRecord, directory: Directory, config: MatchConfig) -> Iterator[_Evidence]:
    """Yield the evidence on every company that has a name like the customer's, or a number or domain of it."""
    identified = _identified(customer, directory)
    at_domain = {node for one in customer_domains(customer) for node in directory.find_domain(one).tolist()}
    own_numbers = sure_numbers(customer)
    found = directory.name_index.candidates(customer.name, limit=config.n_candidates, n_nodes=directory.n_companies)
    kinds = directory.name_kinds(np.array([one.row for one in found], np.int64))
    compared = [(one.name, kind, one.comparison, one.coverage) for one, kind in zip(found, kinds, strict=True)]
    named = [one.node for one in found]
    unnamed = sorted((identified.keys() | at_domain) - set(named))
    nodes = [*named, *unnamed]
    companies = directory.describe(np.array(nodes, np.int64))
    names = companies.names[len(named) :]
    comparisons = compare_names(customer.name, pa.array(names, pa.string()))
    compared += [(name, "legal", comparisons[at], 0.0) for at, name in enumerate(names)]
    town, *towns = _folded([customer.locality, *companies.localities])
    for at, (name, kind, comparison, coverage) in enumerate(compared):
        weight = identified.get(nodes[at]) or _contradiction(own_numbers, companies.ids[at])
        yield _Evidence(
            company=companies.ids[at],
            mentioned=companies.mentioned[at],
            name=name,
            name_kind="legal" if kind == "mentioned" and companies.mentioned[at] else kind,
            comparison=comparison,
            coverage=coverage,
            identifier="stated" if _IDENTIFIER[weight] > 0 and _is_of_record(companies.ids[at]) else weight,
            domain="same" if nodes[at] in at_domain else "none",
            jurisdiction=_agreement(customer.jurisdiction, (companies.jurisdictions[at] or "")[:2]),
            locality=_agreement(town, towns[at]),
        )


def _identified(customer: CustomerRecord, directory: Directory) -> dict[int, str]:
    """Return the companies that bear one of the customer's numbers, with the weight of the best of them."""
    best: dict[int, str] = {}
    for scheme, value, weight in customer_numbers(customer):
        for node in directory.find_identifier(scheme, value).tolist():
            best[node] = max(weight, best.get(node, "none"), key=_IDENTIFIER.__getitem__)
    return best


def _is_of_record(entity: EntityId) -> bool:
    """Return whether an id is a record's, whose number somebody states, and which is not known to be that company."""
    return get_scheme(split_id(entity)[0]).of_records


def _contradiction(own_numbers: dict[str, set[str]], entity: EntityId) -> str:
    scheme, value = split_id(entity)
    return "differs" if scheme in own_numbers and value not in own_numbers[scheme] else "none"


def _folded(texts: list[str | None]) -> list[str | None]:
    folded: list[str | None] = fold_characters(pa.array(texts, pa.string())).to_pylist()
    return folded


def _agreement(left: str | None, right: str | None) -> str:
    if not left or not right:
        return "unknown"
    return "same" if left == right else "differs"

"""The model in Neo4j: labels, types, properties, constraints and indexes, and what each row of a snapshot becomes.

::

    (:Entity:Person)──HAS_ROLE──▶(:Entity:Company)──REACHED_AT──▶(:Entity:ContactPoint)
           │  │                      ▲   │  │
           │  └─────────HOLDS────────┘   │  └──HOLDS · LINKED_TO──▶(:Entity:Company)
           └──SAME_PERSON──▶(:Entity:Person)

    (:Snapshot {id, state, …})           one, tied to nothing: what is loaded, and how far

Nothing unknown is stored: a property is absent where the snapshot has a null, and a date where it is unbounded.
Whatever the current snapshot does not have any more stays with `ended_in`; live is what has no `ended_in`.
"""

from __future__ import annotations

from graphleads.model import NodeKind

FORMAT = 3
"""The version of this model; a database of another one is loaded again."""

# Labels

ENTITY = "Entity"
"""What every node of a snapshot is, beside the label of its kind."""

LABELS = {NodeKind.COMPANY: "Company", NodeKind.PERSON: "Person", NodeKind.CONTACT_POINT: "ContactPoint"}
"""The label of each kind of node, in the order of a snapshot's nodes."""

SNAPSHOT = "Snapshot"
MADE_BY = "graphleads"
"""The value of `made_by` on the (:Snapshot): it tells this product's from somebody else's node of that label."""

# Relationship types

TYPES = {
    "interest": "HOLDS",
    "role": "HAS_ROLE",
    "link": "LINKED_TO",
    "contact": "REACHED_AT",
    "same_person": "SAME_PERSON",
}
"""The type that each relation of `edges.RELATIONS` becomes, in that order; directions are those of the edges."""

# Properties of nodes

# Every node has `id` and five more: `n_companies` that it ties, `hub` (no walk enters it: `blocked`), `known_from` (the
# day from which on the registers say anything of it), `row` (a hash) and `ended_in` (its end).

COMPANY_COLUMNS = (
    "id", "name", "entity_type", "mentioned", "jurisdiction", "legal_form", "size_class", "incorporated_on",
    "dissolved_on", "capital", "capital_currency", "n_employees_min", "n_employees_max", "region", "locality",
    "postcode", "business_scope",
)  # fmt: skip
"""Columns of `companies` that are properties of the same name; `capital` is a float, exact in `statements`."""

# Other parts of the snapshot give a company `status` on its day, `family` (the id of the first company of its
# corporate group, absent where it is alone), lists of texts `names`, `identifiers` (scheme:value) and `former_ids` (ids
# that stand for it now), and `statements` (JSON); a person has `names`, `identifiers` and `statements`.

PERSON_COLUMNS = (
    "id", "name", "given_name", "family_name", "birth_year", "birth_month", "nationality", "residence", "kind",
)  # fmt: skip
"""Columns of `persons` that are properties of the same name."""

CONTACT_POINT_COLUMNS = ("id", "kind", "display")
"""Columns of `contact_points` that are properties of the same name."""

SAID = ("dataset", "record", "last_seen_on")
"""The source of each statement, in every table of `STATEMENTS`."""

_TIMES = ("valid_from", "valid_to", "known_from", "known_until")
STATEMENTS = {
    "names": (*SAID, "name", "kind", "language", "valid_from", "valid_to", "known_from", "several"),
    "name_versions": (*SAID, "name", "kind", "language", *_TIMES),
    "identifiers": (*SAID, "n_sources", "scheme", "value", "valid", *_TIMES),
    "records": (
        *SAID, *COMPANY_COLUMNS[1:], "status", "status_text", "rank", *_TIMES,
    ),
    "person_versions": (*SAID, *PERSON_COLUMNS[1:], *_TIMES),
    "statuses": (*SAID, "status", "status_text", *_TIMES),
    "classifications": (*SAID, "n_sources", "scheme", "code", "primary", *_TIMES),
    "declarations": (*SAID, "n_sources", "about", "reason", "reference", "text", *_TIMES),
}  # fmt: skip
"""The tables whose rows a node keeps in `statements`, and their columns.

`n_sources` is how many records say what a row says, the first of which it names.
A name of which `several` is true stands in `name_versions` as each statement has it; a company's record of the lowest
`rank` is of the register that names it; `person_versions` is of persons who are not described alike on every day.

The property is the text of a JSON object: by table a list of objects, one a row, in the snapshot's order. A null and
an unbounded date are left out, and so is a table without rows. Dates are ISO 8601, `capital` is a text of a decimal.
"""

# Properties of relationships

RELATIONSHIP_COLUMNS = (
    "kind", "title", "share_min", "share_max", "min_exclusive", "max_exclusive", "directness", "held_as",
    "valid_from", "valid_to", "known_from", "known_until", "last_seen_on", "confidence", "n_statements",
)  # fmt: skip
"""Columns of `edges` that are properties of the same name."""

# A relationship has more: `key` (16 hex digits: which ends, what, when), `fact` (likewise, without when it was known),
# `weight` (`edge_weight`), `sources`, `row` (a hash) and `ended_in` (its end).

FACT_COLUMNS = RELATIONSHIP_COLUMNS[:10]
"""What a relationship's `fact` is a hash of, with the ids of both ends and the relation: relationships of one fact that
were known on a day are one."""

KEY_COLUMNS = RELATIONSHIP_COLUMNS[:12]
"""What a relationship's `key` is a hash of, with the ids of both ends and the relation: no two edges share all."""

SEPARATOR = "\t"
"""Between dataset, record and day of one text of `sources`, in the snapshot's order; the day is empty where it is
unbounded. A record may hold it, a dataset and a day may not."""

# The (:Snapshot)

SNAPSHOT_PROPERTIES = (
    "made_by", "id", "format", "version", "state", "target", "base", "step", "done", "run", "n_nodes",
    "n_relationships", "loaded_at", "observed_on", "schemes",
)  # fmt: skip
"""Of the (:Snapshot): `id` of the snapshot that is or was whole, `format` (`FORMAT`), `version` of graphleads, `state`,
`target` (the snapshot that a load or sync leads to), `base` (what a sync compares with), `step`, `done` (the numbers of
its batches that are written), `run` (who writes), counts of live rows, `loaded_at`, `observed_on`, and `schemes`: the
identifier schemes that a search tries, those of its identifiers and its manifest."""

LOADING, SYNCING, READY = "loading", "syncing", "ready"
"""What `state` can be; only what is ready is served."""

# Leads

LEAD, ABOUT = "Lead", "ABOUT"
"""(:Lead {made_by, team, run, snapshot, pushed_at, company, rank, score, reasons})-[:ABOUT]->(:Company), if pushed."""

# Constraints and indexes

CONSTRAINTS = tuple(
    f"CREATE CONSTRAINT graphleads_{label.lower()}_id IF NOT EXISTS FOR (n:{label}) REQUIRE n.id IS UNIQUE"
    for label in LABELS.values()
)
"""Ids are unique within a kind: nothing keeps a register from numbering a person and a company alike."""

NAME_INDEX, KEY_INDEX = "graphleads_names", "graphleads_keys"

INDEXES = (
    f"CREATE RANGE INDEX graphleads_entity_id IF NOT EXISTS FOR (n:{ENTITY}) ON (n.id)",
    "CREATE RANGE INDEX graphleads_company_jurisdiction IF NOT EXISTS FOR (n:Company) ON (n.jurisdiction)",
    "CREATE RANGE INDEX graphleads_company_incorporated_on IF NOT EXISTS FOR (n:Company) ON (n.incorporated_on)",
    "CREATE RANGE INDEX graphleads_company_dissolved_on IF NOT EXISTS FOR (n:Company) ON (n.dissolved_on)",
    "CREATE RANGE INDEX graphleads_company_family IF NOT EXISTS FOR (n:Company) ON (n.family)",
    f"CREATE RANGE INDEX graphleads_entity_n_companies IF NOT EXISTS FOR (n:{ENTITY}) ON (n.n_companies)",
    f"CREATE RANGE INDEX graphleads_entity_ended_in IF NOT EXISTS FOR (n:{ENTITY}) ON (n.ended_in)",
    *(
        f"CREATE RANGE INDEX graphleads_{kind.lower()}_{name} IF NOT EXISTS FOR ()-[r:{kind}]-() ON (r.{name})"
        for kind in TYPES.values()
        for name in ("key", "known_from", "ended_in")
    ),
    f"CREATE FULLTEXT INDEX {NAME_INDEX} IF NOT EXISTS FOR (n:Company|Person) ON EACH [n.name, n.names] "
    "OPTIONS {indexConfig: {`fulltext.analyzer`: 'standard-folding'}}",
    f"CREATE FULLTEXT INDEX {KEY_INDEX} IF NOT EXISTS FOR (n:Company|Person) ON EACH [n.identifiers, n.former_ids] "
    "OPTIONS {indexConfig: {`fulltext.analyzer`: 'keyword'}}",
)
"""Indexes, made after the rows. None of them is a range index over text as registers write it: such an index refuses
a value of more than 8 kB, and the write with it (https://neo4j.com/docs/cypher-manual/5/indexes/search-performance-indexes/)."""

LEAD_INDEX = f"CREATE RANGE INDEX graphleads_lead_team IF NOT EXISTS FOR (l:{LEAD}) ON (l.made_by, l.team)"
"""Made when leads are first pushed."""

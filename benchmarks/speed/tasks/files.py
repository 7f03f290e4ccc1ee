"""Staged files → CSR by other programs: the ends of relationships as ids, numbered, in both directions, sorted."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.speed.process import peak_bytes, reset_peak, resident_bytes

Csr = tuple[NDArray[np.int64], NDArray[np.int32]]
"""Where each node's neighbours begin, and the neighbours, ascending within a node."""

_ENDS = {
    "interests": ("holder", "subject"),
    "roles": ("holder", "company"),
    "links": ("source", "target"),
}
"""The two ends of each staged table's rows; those of `contact_points` are the company, and its kind and key."""


def files(*, program: str, staged: str) -> dict[str, Any]:
    """Make a CSR of the staged files of a home with pandas or DuckDB."""
    try:
        make = {"pandas": _load_pandas, "duckdb": _load_duckdb}[program]()
    except ImportError:
        return {"missing": program}
    before = resident_bytes()
    reset_peak()
    start = time.perf_counter()
    indptr, neighbor = make(Path(staged))
    seconds = time.perf_counter() - start
    return {
        "seconds": seconds,
        "peak_bytes": peak_bytes() - before,
        "n_nodes": len(indptr) - 1,
        "n_slots": len(neighbor),
    }


def _load_pandas() -> Callable[[Path], Csr]:
    import pandas as pd

    def read(staged: Path, table: str, columns: list[str]) -> pd.DataFrame:
        return pd.concat([pd.read_parquet(part, columns=columns) for part in _parts(staged, table)])

    def make(staged: Path) -> Csr:
        pairs = [read(staged, table, list(ends)).set_axis(["a", "b"], axis=1) for table, ends in _ends(staged).items()]
        points = read(staged, "contact_points", ["id", "kind", "key"])
        pairs.append(pd.DataFrame({"a": points["id"], "b": points["kind"].astype(str) + ":" + points["key"]}))
        ends = pd.concat(pairs).dropna()
        codes, ids = pd.factorize(pd.concat([ends["a"], ends["b"]]))
        a, b = codes[: len(ends)], codes[len(ends) :]
        both = pd.DataFrame({"source": np.concatenate([a, b]), "target": np.concatenate([b, a])}, dtype=np.int32)
        both = both.sort_values(["source", "target"])
        counts = both.groupby("source").size().reindex(range(len(ids)), fill_value=0)
        return np.concatenate([[0], counts.cumsum().to_numpy()]), both["target"].to_numpy()

    return make


def _ends(staged: Path) -> dict[str, tuple[str, str]]:
    return {table: ends for table, ends in _ENDS.items() if _parts(staged, table)}


def _parts(staged: Path, table: str) -> list[Path]:
    return sorted(staged.glob(f"*/*/{table}/part-*.parquet"))


def _load_duckdb() -> Callable[[Path], Csr]:
    import duckdb

    def make(staged: Path) -> Csr:
        with duckdb.connect() as base:
            pairs = [_select(staged, table, *ends) for table, ends in _ends(staged).items()]
            pairs.append(_select(staged, "contact_points", "id", "kind || ':' || key"))
            base.execute(f"create view pairs as {' union all '.join(pairs)}")
            base.execute("create table ends as select a, b from pairs where a is not null and b is not null")
            base.execute(_NODES)
            base.execute(_BOTH)
            counts = base.execute(_COUNTS).fetchnumpy()["n"]
            fetched = base.execute("select target from both_ways order by source, target").fetchnumpy()
        return np.concatenate([[0], np.cumsum(counts)]), np.asarray(fetched["target"])

    return make


def _select(staged: Path, table: str, a: str, b: str) -> str:
    files = ", ".join(f"'{path}'" for path in _parts(staged, table))
    return f"select {a} as a, {b} as b from read_parquet([{files}])"  # noqa: S608 - names that are written here


_NODES = """
create table nodes as select id, (row_number() over (order by id) - 1)::integer as node
from (select a as id from ends union select b from ends)
"""
_BOTH = """
create table both_ways as
with numbered as (
    select s.node as source, t.node as target from ends join nodes s on s.id = a join nodes t on t.id = b
)
select source, target from numbered union all select target, source from numbered
"""
_COUNTS = """
select count(source) as n from nodes left join both_ways on source = node group by node order by node
"""

"""Integer columns → CSR: the graph's own kernel, and what others make of the same two columns.

Every program gives where each node's slots begin, the neighbours, ascending, and the edge of each slot.
"""

from __future__ import annotations

import hashlib
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.speed.process import peak_bytes, reset_peak, resident_bytes

N_TIMES = 3

Ends = NDArray[np.int32]
Csr = tuple[NDArray[Any], NDArray[Any], NDArray[Any]]
"""`indptr`, `neighbor`, `edge`."""
Program = Callable[[Ends, Ends, int], Csr]


def save_columns(*, snapshots: str, folder: str) -> dict[str, Any]:
    """Write the ends of a snapshot's edges, in an order that has nothing to do with them."""
    from graphleads.graph.snapshot import open_snapshot

    snapshot = open_snapshot(Path(snapshots))
    order = np.random.default_rng(1).permutation(snapshot.edges.num_rows)
    for name in ("source", "target"):
        np.save(Path(folder) / f"{name}.npy", snapshot.numbers("edges", name)[order])
    return {"n_nodes": snapshot.n_nodes, "n_edges": len(order)}


def columns(*, program: str, folder: str, n_nodes: int) -> dict[str, Any]:
    """Make a CSR of the columns with one program: the median of some times, and the most memory above the columns."""
    try:
        make = _PROGRAMS[program]()
    except ImportError:
        return {"missing": program}
    source, target = (np.load(Path(folder) / f"{name}.npy") for name in ("source", "target"))
    make(source[:1_000], target[:1_000], n_nodes)
    before = resident_bytes()
    reset_peak()
    times = []
    for _ in range(N_TIMES):
        csr: Csr | None = None
        start = time.perf_counter()
        csr = make(source, target, n_nodes)
        times.append(time.perf_counter() - start)
    peak = peak_bytes() - before
    return {"seconds": statistics.median(times), "peak_bytes": peak, "digest": _digest(csr)}


def _digest(csr: Csr | None) -> str:
    digest = hashlib.sha256()
    for array in csr or ():
        digest.update(np.ascontiguousarray(array, np.int64).tobytes())
    return digest.hexdigest()


def _load_graphleads() -> Program:
    from graphleads.graph.csr import build_adjacency

    def make(source: Ends, target: Ends, n_nodes: int) -> Csr:
        made = build_adjacency(source, target, n_nodes)
        return made.indptr, made.neighbor, made.edge

    return make


def _load_numpy() -> Program:
    def make(source: Ends, target: Ends, n_nodes: int) -> Csr:
        # Each edge's two directions lie together, so that a stable sort leaves parallel edges in their order.
        start, end = np.column_stack([source, target]).ravel(), np.column_stack([target, source]).ravel()
        order = np.argsort(start.astype(np.int64) * n_nodes + end, kind="stable")
        indptr = np.concatenate([[0], np.cumsum(np.bincount(start, minlength=n_nodes))])
        return indptr, end[order], (order // 2).astype(np.int32)

    return make


def _load_scipy() -> Program:
    from scipy.sparse import coo_array

    def make(source: Ends, target: Ends, n_nodes: int) -> Csr:
        start, end = np.concatenate([source, target]), np.concatenate([target, source])
        edge = np.tile(np.arange(len(source), dtype=np.int32), 2)
        made = coo_array((edge, (start, end)), shape=(n_nodes, n_nodes)).tocsr()
        return made.indptr, made.indices, made.data

    return make


def _load_pandas() -> Program:
    import pandas as pd

    def make(source: Ends, target: Ends, n_nodes: int) -> Csr:
        one = pd.DataFrame({"start": source, "end": target, "edge": np.arange(len(source), dtype=np.int32)})
        both = pd.concat([one, one.rename(columns={"start": "end", "end": "start"})])
        both = both.sort_values(["start", "end", "edge"])
        counts = both.groupby("start").size().reindex(range(n_nodes), fill_value=0)
        indptr = np.concatenate([[0], counts.cumsum().to_numpy()])
        return indptr, both["end"].to_numpy(), both["edge"].to_numpy()

    return make


def _load_duckdb() -> Program:
    import duckdb
    import pyarrow as pa

    def make(source: Ends, target: Ends, n_nodes: int) -> Csr:
        edge = np.arange(len(source), dtype=np.int32)
        with duckdb.connect() as base:
            base.register("ends", pa.table({"source": source, "target": target, "edge": edge}))
            base.execute(_BOTH_WAYS)
            made = base.execute('select "end", edge from both_ways order by start, "end", edge').fetchnumpy()
            counted = base.execute("select start, count(*) as n from both_ways group by start").fetchnumpy()
        counts = np.zeros(n_nodes, np.int64)
        counts[counted["start"]] = counted["n"]
        return np.concatenate([[0], np.cumsum(counts)]), np.asarray(made["end"]), np.asarray(made["edge"])

    return make


_BOTH_WAYS = """
create table both_ways as
select source as start, target as "end", edge from ends union all select target, source, edge from ends
"""

_PROGRAMS: dict[str, Callable[[], Program]] = {
    "graphleads": _load_graphleads,
    "pandas": _load_pandas,
    "numpy": _load_numpy,
    "scipy": _load_scipy,
    "DuckDB": _load_duckdb,
}

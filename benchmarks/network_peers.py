"""Other engines on the same graph: each returns seconds between junctions, rows for the first origins."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.network_graphs import PlainGraph

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Run = Callable[[Ints, Ints], Floats]


def scipy_engine(graph: PlainGraph) -> Run:
    """One Dijkstra search an origin, in compiled code."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    # a stored zero would count as no arc in some of scipy's formats
    arcs = csr_array((np.maximum(graph.seconds, 1e-9), (graph.tail, graph.head)), shape=(graph.nodes, graph.nodes))
    return lambda origins, destinations: dijkstra(arcs, indices=origins)[:, destinations]


def networkx_engine(graph: PlainGraph) -> Run:
    """One Dijkstra search an origin, in Python."""
    import networkx as nx

    whole: Any = nx.DiGraph()
    whole.add_weighted_edges_from(
        zip(graph.tail.tolist(), graph.head.tolist(), graph.seconds.tolist(), strict=True), weight="s"
    )

    def run(origins: Ints, destinations: Ints) -> Floats:
        rows = []
        for origin in origins.tolist():
            found = nx.single_source_dijkstra_path_length(whole, origin, weight="s")
            rows.append([found.get(place, np.inf) for place in destinations.tolist()])
        return np.array(rows)

    return run


def pandana_engine(graph: PlainGraph) -> Run:
    """Contraction hierarchies, one query a pair."""
    import pandana
    import pandas as pd

    arcs = pd.DataFrame({"tail": graph.tail, "head": graph.head, "s": graph.seconds})
    x, y = (pd.Series(graph.positions[:, i]) for i in (0, 1))
    whole = pandana.Network(x, y, arcs["tail"], arcs["head"], arcs[["s"]], twoway=False)

    def run(origins: Ints, destinations: Ints) -> Floats:
        pairs = np.repeat(origins, len(destinations)), np.tile(destinations, len(origins))
        lengths = np.array(whole.shortest_path_lengths(*pairs, imp_name="s"), dtype=np.float64)
        return np.where(lengths > 4e6, np.inf, lengths).reshape(len(origins), len(destinations))

    return run


ENGINES: dict[str, tuple[str, Callable[[PlainGraph], Run]]] = {
    "scipy": ("scipy", scipy_engine),
    "networkx": ("networkx", networkx_engine),
    "pandana": ("pandana", pandana_engine),
}


def missing(peer: str) -> str:
    """Return why a peer cannot be run here, empty if it can be."""
    if peer not in ENGINES:
        return f"not known: there are {', '.join([*ENGINES, 'osrm'])}"
    package = ENGINES[peer][0]
    try:
        importlib.import_module(package)
    except ImportError as error:
        return f"not run: cannot be imported: {error}"
    return ""

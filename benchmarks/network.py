"""Travel times side by side with other engines, on one road file, in one run; then every step, and what a first run costs.

Run as ``python -m benchmarks.network FILE.osm.pbf --points 1000 --peers scipy,networkx,pandana,osrm --json OUT``.

All engines get the roads' strongest component without forbidden turns, and points at junctions, so that nobody has to snap;
ours searches it as it is; scipy, networkx and pandana get it with chains contracted (``nodes`` and ``arcs`` say how large).
Seconds are CPU seconds of one thread. Ours and OSRM's are the best of some runs of the whole table; the others run for
``--peer-rows`` origins and are scaled up to all of them, as is said beside their name. ``ratio`` is how many times as long
an engine takes as ours on the same question, with or without turn costs; ``max_abs_diff_s`` is the largest difference of
the rows run. Ours gives distances, too. With turn costs, points are where two roads meet or one ends: there no turn costs
anything, and both engines start and arrive alike. OSRM turns back at dead ends only, ours everywhere, too.

``--exactness 200`` compares 200 rows of points on edges with scipy's Dijkstra, forbidden turns heeded, with and without turn
costs (then on the graph of edges).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.network_exactness import apart, compare, without_via_ways
from benchmarks.network_graphs import Floats, Ints, PlainGraph, contract, drivable, plain_graph
from benchmarks.network_osrm import HOW, ask_osrm, interpreter
from benchmarks.network_peers import ENGINES, missing
from benchmarks.network_steps import first_and_second_run, timed, whole_way
from planner.network import RoadNetwork, read_network
from planner.network.kernels.sweep import Entries
from planner.network.packed import unpack
from planner.network.profiles import load_profile
from planner.network.roads import Roads
from planner.network.turns import LEAST_ROADS

Row = dict[str, Any]
OUR_RUNS, OSRM_RUNS = 5, 2
MOST_EDGES_WITH_TURNS = 300_000


def at_junctions(network: RoadNetwork, junctions: Ints) -> Entries:
    """Return junctions as entries, each by one of the edges that meet there (split junctions only have their edges)."""
    edges, graph = network.edges, network.roads.graph
    arc = np.full(len(edges.junctions), -1)
    arc[edges.head[network.main]] = 2 * np.flatnonzero(network.main) + 1
    arc[edges.tail[network.main]] = 2 * np.flatnonzero(network.main)
    nodes = graph.leaves[arc[junctions]]
    ranks = network.roads.topology.rank[nodes]
    return Entries(np.column_stack([ranks, ranks]).astype(np.int32), np.zeros((len(ranks), 2)))


def choose(network: RoadNetwork, count: int, seed: int) -> tuple[Ints, Ints]:
    """Return junctions, and junctions where turns cost nothing."""
    edges = network.edges
    roads = np.bincount(np.concatenate([edges.tail, edges.head]))
    rng = np.random.default_rng(seed)
    return rng.permutation(len(roads))[:count], rng.permutation(np.flatnonzero(roads < LEAST_ROADS))[:count]


def our_row(name: str, network: RoadNetwork, junctions: Ints) -> tuple[Row, Floats]:
    """Return our own row and all seconds between the junctions; the search of what destinations need is part of the time."""
    hierarchy, entries = network.hierarchy, at_junctions(network, junctions)

    def run() -> Floats:
        down = hierarchy.restricted(entries)
        return hierarchy.weights(entries, entries, down=down, threads=1)

    run()  # compiles, if this is the first run on the machine
    cpu, _, packed = min((timed(run) for _ in range(OUR_RUNS)), key=lambda found: found[0])
    graph, bit = network.roads.graph, load_profile(network.vehicle, network.season).bit
    size = {
        "nodes": graph.nodes,
        "arcs": int(np.isfinite(graph.weight(network.use.packed(network.edges), bit)).sum()),
    }
    return _row(name, len(junctions), cpu, cpu, 0.0) | size, unpack(packed)[0]


def _row(engine: str, points: int, seconds: float | None, ours: float, apart_s: float | None) -> Row:
    ratio = None if seconds is None else seconds / ours
    return {
        "engine": engine,
        "points": points,
        "seconds": seconds,
        "ratio": ratio,
        "max_abs_diff_s": apart_s,
        "nodes": None,
        "arcs": None,
    }


def peer_row(peer: str, graph: PlainGraph, junctions: Ints, ours: Floats, our_s: float, count: int) -> Row:
    """Return the row of a peer that runs in this process; if it cannot be run it says why."""
    if why := missing(peer):
        return _row(f"{peer} ({why})", len(junctions), None, our_s, None)
    run = ENGINES[peer][1](graph)
    sample = junctions[:count]
    run(sample[:1], junctions[:1])
    cpu, _, found = timed(lambda: run(sample, junctions))
    name = f"{peer} {version(peer)}, contracted ({len(sample)} rows, scaled up)"
    whole = cpu * len(junctions) / len(sample)
    row = _row(name, len(junctions), whole, our_s, apart(found, ours[: len(sample)]))
    return row | {"nodes": graph.nodes, "arcs": len(graph.tail)}


def osrm_rows(questions: list[tuple[RoadNetwork, Ints, Floats, float]], python: str | None) -> list[Row]:
    """Return OSRM's row for each question: network, junctions, our own seconds and how long they took."""
    found, osrm_version = interpreter(python)
    if not found:
        _, junctions, _, our_s = questions[0]
        return [_row(f"osrm (not run: no interpreter with its bindings: {HOW})", len(junctions), None, our_s, None)]
    rows = []
    for network, junctions, ours, our_s in questions:
        turned = network.roads.turn_costs
        cpu, seconds = ask_osrm(network, junctions, turn_costs=turned, python=found, repeats=OSRM_RUNS)
        name = f"osrm {osrm_version} CH, {'with' if turned else 'without'} turn costs"
        rows.append(_row(name, len(junctions), cpu, our_s, apart(seconds, ours)))
    return rows


def measure(path: Path, points: int, peers: list[str], peer_row_count: int, seed: int, python: str | None) -> list[Row]:
    """Return the rows of the table."""
    network = read_network(path, vehicle="van", season="summer")
    edges = drivable(network.edges, network.main)
    plain = RoadNetwork(vehicle="van", season="summer", roads=Roads(edges=edges))
    turned = RoadNetwork(vehicle="van", season="summer", roads=Roads(edges=edges, turn_costs=True))
    junctions, joints = choose(plain, points, seed)
    ours, seconds = our_row("planner without turn costs", plain, junctions)
    costly, with_turns = our_row("planner with turn costs", turned, joints)
    rows = [ours, costly]
    graph, number = contract(plain_graph(plain), junctions)
    for peer in peers:
        if peer == "osrm":
            questions = [
                (plain, junctions, seconds, ours["seconds"]),
                (turned, joints, with_turns, costly["seconds"]),
            ]
            rows += osrm_rows(questions, python)
        else:
            rows.append(peer_row(peer, graph, number[junctions], seconds, ours["seconds"], peer_row_count))
    return [{"file": path.name} | row for row in rows]


def exactness(path: Path, rows: int, columns: int, seed: int) -> dict[str, dict[str, float]]:
    """Return how far the product's answers are from Dijkstra's, forbidden turns heeded, without and with turn costs.

    The graph of edges and turns of a province is too large for the reference: there turn costs are left out.
    """
    found: dict[str, dict[str, float]] = {}
    for name, costs in (("without turn costs", False), ("with turn costs", True)):
        network = read_network(path, vehicle="van", season="summer", turn_costs=costs)
        if costs and len(network.edges.tail) > MOST_EDGES_WITH_TURNS:
            print(f"against Dijkstra, {name}: not run, more than {MOST_EDGES_WITH_TURNS} edges")
            continue
        found[name] = asdict(compare(without_via_ways(network), rows, columns, seed))
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Travel times side by side with other engines.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--points", type=int, default=1000)
    parser.add_argument("--peers", default="scipy,networkx,pandana,osrm")
    parser.add_argument("--peer-rows", type=int, default=10)
    parser.add_argument("--osrm-python", help="an interpreter that has osrm-bindings; this one if none is given")
    parser.add_argument("--exactness", type=int, default=0, metavar="ROWS", help="compare so many rows with Dijkstra")
    parser.add_argument("--only-table", action="store_true", help="leave out the steps and the first run")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    peers = [peer for peer in given.peers.split(",") if peer]
    # steps first: the memory they report is the most this process has held
    steps = {} if given.only_table else whole_way(given.file, given.points, given.seed)
    if not given.only_table:
        steps |= first_and_second_run(given.file)
    for name, figures in steps.items():
        print(f"{name:<50}" + "".join(f" {value:>10.4g} {unit.replace('_', ' ')}" for unit, value in figures.items()))
    rows = measure(given.file, given.points, peers, given.peer_rows, given.seed, given.osrm_python)
    for row in rows:
        print(show(row))
    exact = exactness(given.file, given.exactness, given.points, given.seed) if given.exactness else {}
    for name, figures in exact.items():
        print(f"against Dijkstra, {name}: {figures}")
    packages = ("numpy", "numba", "scipy", "osmium")
    setting = {
        "seed": given.seed,
        "machine": f"{platform.machine()}, {os.cpu_count()} processors",
        "python": platform.python_version(),
        "versions": {name: version(name) for name in packages},
    }
    print(json.dumps(setting))
    if given.json:
        whole = {"rows": rows, "steps": steps, "exactness": exact, **setting}
        given.json.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")


def show(row: Row) -> str:
    """Return a row as a line of the table."""
    units = (("seconds", "CPU-s"), ("ratio", "x"), ("max_abs_diff_s", "s apart"), ("nodes", "nodes"), ("arcs", "arcs"))
    shown = ["-" if row[key] is None else f"{row[key]:.6g}" for key, _ in units]
    figures = "".join(f" {figure:>10} {unit}" for figure, (_, unit) in zip(shown, units, strict=True))
    return f"{row['engine']:<55}{figures}"


if __name__ == "__main__":
    main()

"""Travel times side by side with other engines, on one road file, in one run.

Run as ``python -m benchmarks.network FILE.osm.pbf --points 1000 --peers scipy,networkx,pandana,osrm --json OUT``.

Points are junctions, so that nobody has to snap. Seconds are CPU seconds of one thread; peers run for ``--peer-rows``
origins and are scaled up to all of them, which is said beside their name. ``ratio`` is how many times as long an engine
takes as ours; ``max_abs_diff_s`` is the largest difference of the rows run. Ours gives distances, too.
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import time
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from benchmarks.network_peers import ENGINES, Floats, Ints, PlainGraph, missing
from planner.network import RoadNetwork, read_network
from planner.network.hierarchy import Hierarchy
from planner.network.kernels.sweep import Entries
from planner.network.matrix import Ends
from planner.network.roads import Roads
from planner.network.ways import find_way
from planner.network.weights import unpack
from planner.travel import Points

Row = dict[str, Any]
T = TypeVar("T")
ACCESS = {"access_cap_m": 2000.0, "access_speed_kph": 4.0}


def timed(run: Callable[[], T]) -> tuple[float, float, T]:
    """Return CPU seconds, wall seconds and what was run for."""
    cpu, wall = time.process_time(), time.perf_counter()
    result = run()
    return time.process_time() - cpu, time.perf_counter() - wall, result


def at_junctions(network: RoadNetwork, junctions: Ints) -> Entries:
    """Return junctions as entries, each by one of the edges that meet there (split junctions only have their edges)."""
    edges, graph = network.edges, network.roads.graph
    arc = np.full(len(edges.junctions), -1)
    arc[edges.head[network.main]] = 2 * np.flatnonzero(network.main) + 1
    arc[edges.tail[network.main]] = 2 * np.flatnonzero(network.main)
    nodes = graph.leaves[arc[junctions]]
    ranks = network.roads.topology.rank[nodes]
    return Entries(np.column_stack([ranks, ranks]).astype(np.int32), np.zeros((len(ranks), 2)))


def choose(network: RoadNetwork, count: int, seed: int) -> Ints:
    """Return junctions of the network where no turn is forbidden, so that peers without turns answer the same question."""
    edges = network.edges
    ends = np.column_stack([edges.head, edges.tail]).ravel()
    inside = np.setdiff1d(np.unique(edges.tail[network.main]), ends[edges.banned[:, 0]])
    rng = np.random.default_rng(seed)
    return rng.choice(inside, min(count, len(inside)), replace=False)


def our_row(name: str, network: RoadNetwork, junctions: Ints) -> tuple[Row, Floats]:
    """Return our own row and all seconds between the junctions; the search of what destinations need is part of the time."""
    hierarchy, entries = network.hierarchy, at_junctions(network, junctions)

    def run() -> Floats:
        down = hierarchy.restricted(entries)
        return hierarchy.weights(entries, entries, down=down, threads=1)

    run()  # compiles, if this is the first run on the machine
    cpu, _, packed = min((timed(run) for _ in range(3)), key=lambda found: found[0])
    return {"engine": name, "seconds": cpu, "ratio": 1.0, "max_abs_diff_s": 0.0}, unpack(packed)[0]


def peer_rows(
    peers: list[str], network: RoadNetwork, junctions: Ints, ours: Floats, our_s: float, count: int
) -> list[Row]:
    """Return a row for each peer; those that cannot be run say why."""
    edges = network.edges
    packed = network.use.packed(edges)
    tail, head = np.column_stack([edges.tail, edges.head]).ravel(), np.column_stack([edges.head, edges.tail]).ravel()
    graph = PlainGraph.of(edges.junctions, tail, head, unpack(packed)[0])
    rows = []
    for peer in peers:
        if why := missing(peer):
            rows.append({"engine": f"{peer} ({why})", "seconds": None, "ratio": None, "max_abs_diff_s": None})
            continue
        run = ENGINES[peer][1](graph)
        sample = junctions[:count]
        cpu, _, found = timed(lambda run=run, sample=sample: run(sample, junctions))
        whole = cpu * len(junctions) / len(sample)
        with np.errstate(invalid="ignore"):
            apart = np.abs(found - ours[: len(sample)])
        apart[np.isinf(found) & np.isinf(ours[: len(sample)])] = 0.0
        rows.append(
            {
                "engine": f"{peer} ({len(sample)} rows, scaled up)",
                "seconds": whole,
                "ratio": whole / our_s,
                "max_abs_diff_s": float(apart.max()),
            }
        )
    return rows


def whole_way(path: Path, points: int, seed: int) -> dict[str, float]:
    """Return wall seconds of each step from the file to answers for points beside roads, two threads, and memory."""
    steps: dict[str, float] = {}

    def step(name: str, run: Callable[[], T]) -> T:
        _, wall, result = timed(run)
        steps[name] = round(wall, 4)
        return result

    network = step("read the file", lambda: read_network(path, vehicle="van", season="summer"))
    step("node order and hierarchy", lambda: network.roads.topology)
    step("weights", lambda: network.hierarchy)
    rng = np.random.default_rng(seed)
    at = network.edges.coordinates[rng.choice(len(network.edges.coordinates), points)] + rng.normal(
        0, 1e-3, (points, 2)
    )
    dots = Points(ids=tuple(map(str, range(points))), lons=at[:, 0], lats=at[:, 1])
    step("index of lines and snapping", lambda: network.snap(dots, access_cap_m=ACCESS["access_cap_m"]))
    travel = step("matrix, 2 threads", lambda: network.travel_matrix(dots, threads=2, **ACCESS))
    step("pairs within 60 min, 2 threads", lambda: network.travel_within(dots, limit_s=3600, threads=2, **ACCESS))
    step("another season's weights", lambda: _switched(network))
    near = [(str(i), str(j)) for i, j in rng.integers(0, points, (200, 2)) if np.isfinite(travel.durations_s[i, j])]
    network.ways(near[:1], dots, access_cap_m=ACCESS["access_cap_m"])
    ends = network._ends(dots, ACCESS["access_cap_m"])
    step("200 ways", lambda: _ways(network, ends, near))
    steps["one way with its line"] = round(steps.pop("200 ways") / max(len(near), 1), 6)
    steps["memory, GB"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, 2)
    return steps


def _switched(network: RoadNetwork) -> Hierarchy:
    return network.under(vehicle="van", season="winter").hierarchy


def _ways(network: RoadNetwork, ends: Ends, pairs: list[tuple[str, str]]) -> None:
    for origin, destination in pairs:
        find_way(network.edges, network.hierarchy, ends, int(origin), int(destination))


def measure(path: Path, points: int, peers: list[str], peer_row_count: int, seed: int) -> list[Row]:
    """Return the rows of the table."""
    network = read_network(path, vehicle="van", season="summer")
    # peers know nothing of forbidden turns: the comparison leaves them out, the row with turn costs heeds them
    free = replace(network.edges, banned=np.zeros((0, 2), dtype=np.int64))
    plain = RoadNetwork(vehicle="van", season="summer", roads=Roads(edges=free))
    turns = RoadNetwork(vehicle="van", season="summer", roads=Roads(edges=network.edges, turn_costs=True))
    junctions = choose(plain, points, seed)
    ours, seconds = our_row("planner", plain, junctions)
    costly, _ = our_row(
        "planner, turns forbidden and costly", turns, np.intersect1d(junctions, choose(turns, 10**9, seed))
    )
    costly |= {"ratio": costly["seconds"] / ours["seconds"], "max_abs_diff_s": None}
    rows = [ours, costly, *peer_rows(peers, plain, junctions, seconds, ours["seconds"], peer_row_count)]
    usable = plain.use.packed(plain.edges)
    about = {
        "file": path.name,
        "nodes": len(plain.edges.junctions),
        "arcs": int(np.isfinite(usable).sum()),
        "points": len(junctions),
    }
    return [about | row for row in rows]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Travel times side by side with other engines.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--points", type=int, default=1000)
    parser.add_argument("--peers", default="scipy,networkx,pandana,osrm")
    parser.add_argument("--peer-rows", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    peers = [peer for peer in given.peers.split(",") if peer]
    rows = measure(given.file, given.points, peers, given.peer_rows, given.seed)
    steps = whole_way(given.file, given.points, given.seed)
    versions = {name: version(name) for name in ("numpy", "numba", "scipy", "networkx", "pymetis", "osmium")}
    setting = {"seed": given.seed, "python": platform.python_version(), "versions": versions, "steps_wall_s": steps}
    for row in rows:
        figures = [row["seconds"], row["ratio"], row["max_abs_diff_s"]]
        shown = ["-" if figure is None else f"{figure:.4g}" for figure in figures]
        print(f"{row['engine']:<60} {shown[0]:>10} CPU-s {shown[1]:>10} x  largest difference {shown[2]} s")
    print(json.dumps(setting, indent=1))
    if given.json:
        given.json.write_text(json.dumps({"rows": rows, **setting}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

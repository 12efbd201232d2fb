"""OSRM on our own edges and seconds: written as an OpenStreetMap file, prepared by its programs, asked in its own process.

Every edge is a way with its milliseconds as a tag, so that OSRM answers the same question. Its bindings need Python 3.12 or
newer: another interpreter runs them.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import osmium
from numpy.typing import NDArray

from planner.network import RoadNetwork
from planner.network.edges import Edges
from planner.network.packed import unpack
from planner.network.profiles import load_turn_costs
from planner.network.turns import LEAST_ROADS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
HERE = Path(__file__).parent
LONGEST_MS = 2**22 - 1  # of a segment in OSRM
MOST_SPREAD, WIDEST_DEG = 20.0, 20.0  # how much farther apart places are put, and how wide the whole becomes at most
HOW = "python3.12 -m venv V; V/bin/pip install osrm-bindings; then --osrm-python V/bin/python"


def interpreter(given: str | None) -> tuple[str, str]:
    """Return the interpreter that has OSRM and its version there; both empty if there is none."""
    python = given or sys.executable
    ask = "import importlib.metadata as m, osrm; print(m.version('osrm-bindings'))"
    try:
        found = subprocess.run([python, "-c", ask], capture_output=True, text=True, timeout=60, check=False)
    except OSError:
        return "", ""
    return (python, found.stdout.strip()) if found.returncode == 0 else ("", "")


def ask_osrm(
    network: RoadNetwork, junctions: Ints, *, turn_costs: bool, python: str, repeats: int
) -> tuple[float, Floats]:
    """Return CPU seconds of the whole table between junctions, and its seconds, shape (junctions, junctions).

    Raises
    ------
    RuntimeError
        If one of OSRM's programs fails; its last lines are given.
    """
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder) / "roads.osrm"
        at = write_edges(network, Path(folder) / "roads.osm.pbf", turn_costs)
        write_profile(Path(folder) / "profile.lua", turn_costs)
        _run([python, "-m", "osrm", "extract", "-t", "1", "-p", f"{folder}/profile.lua", f"{folder}/roads.osm.pbf"])
        _run([python, "-m", "osrm", "contract", "-t", "1", str(base)])
        places = Path(folder) / "places"
        places.write_bytes(at[junctions].tobytes())
        said = _run([python, str(HERE / "network_osrm_run.py"), str(base), str(places), f"{folder}/out", str(repeats)])
        milliseconds = np.fromfile(f"{folder}/out").reshape(len(junctions), len(junctions))
    return float(json.loads(said)["seconds"]), milliseconds / 1000


def _run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=1800, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command[1:4])}: " + (done.stdout + done.stderr)[-500:].strip())
    return done.stdout


def write_profile(path: Path, turn_costs: bool) -> None:
    """Write the profile with the turn costs of our own table in front, or without any."""
    head = "TURNS = false\n"
    if turn_costs:
        costs = load_turn_costs()
        # OSRM's angles are positive to the right
        figures = {
            "least_roads": LEAST_ROADS,
            "straight_deg": costs.straight_deg,
            "straight_s": costs.straight_s,
            "positive_s": costs.right_s,
            "negative_s": costs.left_s,
            "back_s": costs.back_s,
        }
        head = "TURNS = {" + ", ".join(f"{name} = {value}" for name, value in figures.items()) + "}\n"
    path.write_text(head + (HERE / "network_osrm.lua").read_text(encoding="utf-8"), encoding="utf-8")


def spread_out(edges: Edges) -> tuple[Floats, Floats]:
    """Return junctions and line points laid out at the equator, farther apart than they are, in OSRM's six decimals.

    OSRM takes angles from where a road is some 10 to 40 m on: spread out, this is still in the first segment. Times are
    given, so that lengths do not matter.
    """
    low, high = edges.junctions.min(axis=0), edges.junctions.max(axis=0)
    middle = (low + high) / 2
    scale = np.array([np.cos(np.radians(middle[1])), 1.0])
    scale *= min(MOST_SPREAD, WIDEST_DEG / float(((high - low) * scale).max()))
    return np.round((edges.junctions - middle) * scale, 6), np.round((edges.coordinates - middle) * scale, 6)


def write_edges(network: RoadNetwork, path: Path, turn_costs: bool) -> Floats:
    """Write each edge as a way, two if its directions take different times, and return where the junctions are.

    Without turn costs a way is one segment, so that its milliseconds are exact. With them the edge's first and last
    segments are kept for their angles; each of up to three segments has the same share of the time, rounded.
    """
    edges = network.edges
    milliseconds = np.rint(unpack(network.use.packed(edges))[0].reshape(-1, 2) * 1000)
    if np.max(milliseconds, where=np.isfinite(milliseconds), initial=0) > LONGEST_MS:
        raise RuntimeError(f"an edge takes more than OSRM can hold here, {LONGEST_MS / 1000:.0f} s")
    junctions, line = spread_out(edges)
    path.unlink(missing_ok=True)
    writer = osmium.SimpleWriter(str(path))
    try:
        for i, place in enumerate(np.concatenate([junctions, line]).tolist(), 1):
            writer.add_node(osmium.osm.mutable.Node(id=i, location=place, version=1))
        number = 0
        for i, (forth, back) in enumerate(milliseconds.tolist()):
            inner = sorted({edges.first[i] + 1, edges.first[i + 1] - 2}) if turn_costs else []
            inner = [int(point) for point in inner if edges.first[i] < point < edges.first[i + 1] - 1]
            nodes = [edges.tail[i] + 1, *(point + len(junctions) + 1 for point in inner), edges.head[i] + 1]
            both = forth == back
            for refs, ms in ((nodes, forth), (nodes[::-1], back))[: 1 if both else 2]:
                if np.isfinite(ms):
                    number += 1
                    tags = {"ms": str(int(ms)), "oneway": "no" if both else "yes"}
                    refs = [int(ref) for ref in refs]
                    writer.add_way(osmium.osm.mutable.Way(id=number, nodes=refs, tags=tags, version=1))
    finally:
        writer.close()
    return junctions

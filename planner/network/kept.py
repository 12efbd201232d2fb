"""Kept between runs: the roads of a file with their node order and hierarchy, and matrices.

Each kept file is one ``.npz`` that says what it was made from and carries a digest of all its arrays. One that is damaged,
or made from another file or by another version, is made anew, never used.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from planner.model import Access, OddTag, Points, TravelMatrix, Unreachable
from planner.network.edges import Edges
from planner.network.hierarchy import Topology
from planner.network.kernels.elimination import Upward
from planner.network.node_order import NODE_ORDER
from planner.network.profiles import profiles_digest
from planner.network.restrictions import Bans
from planner.network.roads import Roads
from planner.network.turns import Graph
from planner.network.weights import EdgeUse

FORMAT = 7  # raised whenever what is kept, or how it is worked out, changes
LARGEST_BYTES = 4 * 2**30
"""What a folder may hold: a province's roads and three of its matrices."""
_ABANDONED_S = 3600.0
"""Age at which a part is a dead writer's: writing one takes seconds."""
Arrays = Mapping[str, npt.NDArray[Any]]
_EDGES = ("junctions", "tail", "head", "first", "coordinates", "length_m", "way", "way_ids", "kind")


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest(arrays: Arrays, about: str) -> str:
    """Return the SHA-256 of named arrays and a text, whatever the order of the names."""
    whole = hashlib.sha256(about.encode())
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        whole.update(f"{name} {array.dtype.str} {array.shape}".encode())
        whole.update(array.view(np.uint8).reshape(-1).data if array.size else b"")
    return whole.hexdigest()


def save(path: Path, arrays: Arrays, about: str) -> None:
    """Write arrays and what they were made from; a run that is broken off leaves no half file behind.

    A folder that cannot be written, or is full, keeps nothing: what was made is used all the same.
    """
    with suppress(OSError):
        _save(path, arrays, about)


def _save(path: Path, arrays: Arrays, about: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            np.savez(file, allow_pickle=False, about=np.array(about), digest=np.array(digest(arrays, about)), **arrays)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    _make_room(path.parent)


def _make_room(folder: Path) -> None:
    """Delete what killed writers left, and what was not used for longest until the rest fits; others may do the same."""
    kept = []
    for path in (*folder.glob("*.npz"), *folder.glob("*.part")):
        with suppress(FileNotFoundError):
            about = path.stat()
            if path.suffix == ".part" and time.time() - about.st_mtime > _ABANDONED_S:
                path.unlink()
            else:
                kept.append((about.st_mtime_ns, about.st_size, path))
    room = LARGEST_BYTES
    for _, size, path in sorted(kept, reverse=True):
        room -= size
        if room < 0:
            path.unlink(missing_ok=True)


def load(path: Path, about: str) -> dict[str, npt.NDArray[Any]] | None:
    """Return the arrays of a kept file, None if it is missing, damaged, or was made from something else."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            arrays = {name: kept[name] for name in kept.files}
        sound = str(arrays.pop("about")) == about and str(arrays.pop("digest")) == digest(arrays, about)
    except Exception:  # whatever a damaged archive raises: it is made anew
        return None
    if sound:
        with suppress(OSError):
            path.touch()  # used last: see `_make_room`
    return arrays if sound else None


def keep_roads(path: Path, roads: Roads, source: str) -> None:
    """Keep roads that were made from a file of the digest ``source``."""
    save(path, _road_arrays(roads), _about_roads(source, roads.edges.mode, roads.turn_costs))


def kept_roads(path: Path, source: str, *, mode: str, turn_costs: bool) -> Roads | None:
    """Return the roads kept for a file of the digest ``source``, None if there are none that can be used."""
    arrays = load(path, _about_roads(source, mode, turn_costs))
    if arrays is None:
        return None
    kinds = tuple(json.loads(str(arrays["kinds"])))
    edges = Edges(
        kinds=kinds,
        banned=Bans(first=arrays["ban_first"], arcs=arrays["ban_arcs"], binds=arrays["ban_binds"]),
        turn_rules=json.loads(str(arrays["turn_rules"])),
        odd_tags=tuple(OddTag(**tag) for tag in json.loads(str(arrays["odd_tags"]))),
        mode=mode,
        **{name: arrays[name] for name in _EDGES},
    )
    roads = Roads(edges=edges, turn_costs=turn_costs)
    topology = Topology(
        rank=arrays["rank"],
        upward=Upward(arrays["up_first"], arrays["up_head"], arrays["up_parent"]),
        slot=arrays["slot"],
        rises=arrays["rises"],
    )
    roads.__dict__["topology"] = topology  # where a cached property keeps what it has worked out
    return roads


def _about_roads(source: str, mode: str, turn_costs: bool) -> str:
    costs = "with" if turn_costs else "without"
    made = f"format {FORMAT}, order by {NODE_ORDER}, profiles {profiles_digest()}"
    return f"{mode} roads, {made}, from {source}, {costs} turn costs"


def _road_arrays(roads: Roads) -> Arrays:
    topology = roads.topology
    return {
        **{name: getattr(roads.edges, name) for name in _EDGES},
        "ban_first": roads.edges.banned.first,
        "ban_arcs": roads.edges.banned.arcs,
        "ban_binds": roads.edges.banned.binds,
        "turn_rules": np.array(json.dumps(roads.edges.turn_rules)),
        "odd_tags": np.array(json.dumps([asdict(tag) for tag in roads.edges.odd_tags], ensure_ascii=False)),
        "kinds": np.array(json.dumps(roads.edges.kinds, ensure_ascii=False)),
        "rank": topology.rank,
        "up_first": topology.upward.first,
        "up_head": topology.upward.head,
        "up_parent": topology.upward.parent,
        "slot": topology.slot,
        "rises": topology.rises,
    }


def matrix_name(network: str, ends: tuple[Points, Points], settings: str) -> str:
    """Return the digest that names a matrix: of the network's own, the points at both ends, and settings."""
    about = json.dumps([f"matrix, format {FORMAT}", network, settings, ends[0].ids, ends[1].ids], ensure_ascii=False)
    places = {f"{name} {i}": getattr(points, name) for i, points in enumerate(ends) for name in ("lons", "lats")}
    return digest(places, about)


def network_digest(edges: Edges, graph: Graph, use: EdgeUse, bits: int) -> str:
    """Return the digest of all that travel times hang on: geometry, weights, turns, what is closed and by what."""
    arrays = {
        "weight": graph.weight(use.packed(edges), bits),
        "tail": graph.tail,
        "head": graph.head,
        "first": edges.first,
        "coordinates": edges.coordinates,
        "refused": use.refused,
        "closed": use.closed,
        "shut": use.shut,
        "entered": use.entered,
    }
    return digest(arrays, "network")


def kept_or_made(folder: Path, name: str, make: Callable[[], TravelMatrix]) -> TravelMatrix:
    """Return the matrix kept under the name in a folder; if there is none that can be used, make and keep it."""
    path = folder / f"{name[:24]}.matrix.npz"
    travel = kept_matrix(path, name)
    if travel is None:
        travel = make()
        keep_matrix(path, travel, name)
    return travel


def keep_matrix(path: Path, travel: TravelMatrix, name: str) -> None:
    """Keep a matrix under its name."""
    unreachable = json.dumps({id_: why.value for id_, why in travel.unreachable.items()}, ensure_ascii=False)
    arrays = {
        "durations_s": travel.durations_s,
        "distances_m": travel.distances_m,
        "unreachable": np.array(unreachable),
        "ids": np.array(json.dumps([travel.origin_ids, travel.destination_ids], ensure_ascii=False)),
    }
    if travel.access is not None:
        access = travel.access
        arrays |= {
            "origins_m": access.origins_m,
            "destinations_m": access.destinations_m,
            "speed_kph": np.array(access.speed_kph),
            "no_vehicle": np.array(access.no_vehicle),
        }
    save(path, arrays, name)


def kept_matrix(path: Path, name: str) -> TravelMatrix | None:
    """Return the matrix kept under this name, None if there is none that can be used."""
    arrays = load(path, name)
    if arrays is None:
        return None
    origins, destinations = json.loads(str(arrays["ids"]))
    reasons = json.loads(str(arrays["unreachable"]))
    return TravelMatrix(
        origin_ids=tuple(origins),
        destination_ids=tuple(destinations),
        durations_s=arrays["durations_s"],
        distances_m=arrays["distances_m"],
        unreachable={id_: Unreachable(why) for id_, why in reasons.items()},
        access=Access(
            origins_m=arrays["origins_m"],
            destinations_m=arrays["destinations_m"],
            speed_kph=float(arrays["speed_kph"]),
            no_vehicle=bool(arrays["no_vehicle"]),
        )
        if "speed_kph" in arrays
        else None,
    )

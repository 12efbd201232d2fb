"""Published routing instances as routing problems: formats, units and rounding of each family.

A problem's metres, seconds and yuan are the instance's own units; `Instance` says how its cost is published and in which
parts its figures are whole numbers.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from planner.errors import BadDataError
from planner.model import TravelMatrix
from planner.routing import Depot, Pair, RoutingProblem, Stop, VehicleType
from planner.units import BoolArray, FloatArray

ALWAYS_S = 1e7
VEHICLE_FIRST = 1e5
"""The fixed cost of a vehicle where fewer vehicles come before any distance."""


@dataclass(frozen=True, kw_only=True)
class Instance:
    """One instance: ``published`` x the plan's cost is the published cost; ``parts_*`` make each figure whole for peers."""

    name: str
    kind: str
    problem: RoutingProblem
    published: float = 1.0
    parts_cost: float
    parts_time: float
    parts_load: float
    hierarchical: bool = False


class _Place(NamedTuple):
    delivery: float
    pickup: float
    opens: float
    closes: float
    service: float


class _Vehicle(NamedTuple):
    depot: int
    capacity: float
    fixed: float
    per_metre: float
    max_duration: float


def read_instance(path: Path, best_known: dict[str, dict[str, float]]) -> Instance:
    """Return the instance of a file; the folder it lies in says its family.

    Raises
    ------
    BadDataError
        If the family is none of those read here, or asks for a feature that the problem does not have.
    """
    family = path.parent.name
    if family in _OTHER_MODELS:
        raise BadDataError(f"{path}: {_OTHER_MODELS[family]}, which is no model of the planner")
    if family not in _READERS:
        known = ", ".join(sorted(_READERS))
        raise BadDataError(f"{path}: the family {family!r} is not modelled; these are: {known}")
    return _READERS[family](path, best_known)


def read_best_known(path: Path) -> dict[str, dict[str, float]]:
    """Return for each instance name its best known ``cost`` and, where stated, ``vehicles``."""
    best = {}
    for group in json.loads(path.read_text(encoding="utf-8")).values():
        for name, value in group["values"].items():
            best[name] = value if isinstance(value, dict) else {"cost": float(value)}
    return best


def _problem(
    metres: FloatArray, seconds: FloatArray, places: Sequence[_Place], depots: int, vehicles: Sequence[_Vehicle]
) -> RoutingProblem:
    """Return the problem; equal vehicles become one type, and no more of them than stops."""
    ids = tuple(f"{i:05d}" for i in range(len(places)))
    counts = Counter(vehicles)
    kinds = tuple(
        VehicleType(
            id=f"kind{i:03d}",
            name=f"kind {i}",
            count=min(count, len(places) - depots),
            depot_id=ids[vehicle.depot],
            capacity=(vehicle.capacity,),
            shift_start_s=places[vehicle.depot].opens,
            shift_end_s=places[vehicle.depot].closes,
            max_duration_s=vehicle.max_duration,
            fixed_cost_yuan=vehicle.fixed,
            cost_per_km_yuan=vehicle.per_metre * 1000,
            cost_per_hour_yuan=0.0,
        )
        for i, (vehicle, count) in enumerate(counts.items())
    )
    stops = tuple(
        Stop(
            id=id_,
            name=id_,
            delivery=(place.delivery,),
            pickup=(place.pickup,),
            opens_s=place.opens,
            closes_s=place.closes,
            service_duration_s=place.service,
        )
        for id_, place in zip(ids[depots:], places[depots:], strict=True)
    )
    return RoutingProblem(
        dimensions=("load",),
        depots=tuple(Depot(id=id_, name=id_) for id_ in ids[:depots]),
        stops=stops,
        vehicle_types=kinds,
        travel=TravelMatrix(origin_ids=ids, destination_ids=ids, durations_s=seconds, distances_m=metres),
    )


def _euclidean(points: FloatArray) -> FloatArray:
    gaps = points[:, None] - points[None]
    return np.sqrt((gaps**2).sum(axis=-1))


def _sections(path: Path) -> tuple[dict[str, str], dict[str, list[list[str]]]]:
    """Return the header and the rows of each section of a file in the TSPLIB manner."""
    header: dict[str, str] = {}
    sections: dict[str, list[list[str]]] = {}
    rows: list[list[str]] | None = None
    for line in path.read_text(encoding="utf-8").splitlines():
        words = line.replace(",", " ").split()
        if not words or words[0] == "EOF":
            continue
        if words[0].rstrip(":").endswith("_SECTION"):
            rows = sections.setdefault(words[0].rstrip(":"), [])
        elif rows is None or (":" in line and not words[0].lstrip("-").replace(".", "").isdigit()):
            key, _, value = line.partition(":")
            header[key.strip()] = value.strip()
        else:
            rows.append(words)
    return header, sections


def _floats(rows: list[list[str]]) -> FloatArray:
    return np.array(rows, dtype=np.float64)


def _read_vrpspd(path: Path, best_known: dict[str, dict[str, float]]) -> Instance:
    header, sections = _sections(path)
    count = int(header["DIMENSION"])
    if "EDGE_WEIGHT_SECTION" in sections:
        figures = [float(word) for row in sections["EDGE_WEIGHT_SECTION"] for word in row]
        metres = np.array(figures).reshape(count, count)
    else:
        metres = _euclidean(_floats(sections["NODE_COORD_SECTION"])[:, 1:])
    demand = _floats(sections["PICKUP_AND_DELIVERY_SECTION"])
    parts = 1e4 if path.stem.startswith(("CON", "SCA")) else 1.0  # Dethloff: integers x 1e4
    places = [_Place(row[6] / parts, row[5] / parts, 0.0, ALWAYS_S, 0.0) for row in demand]
    capacity = float(header["CAPACITY"]) / parts
    vehicle = _Vehicle(0, capacity, 0.0, 1.0, float("inf"))
    # the fleet is unlimited: twice what the loads need, and a few, is never reached and spares every solver empty vehicles
    needed = max(sum(place.delivery for place in places), sum(place.pickup for place in places)) / capacity
    return Instance(
        name=path.stem.removeprefix("MG_"),
        kind="vrpspd",
        problem=_problem(metres / parts, np.zeros_like(metres), places, 1, [vehicle] * (5 + 2 * math.ceil(needed))),
        parts_cost=1e4 if parts > 1 else 1e2,
        parts_time=1.0,
        parts_load=parts,
    )


def _read_vrpspdtw(path: Path, best_known: dict[str, dict[str, float]]) -> Instance:
    return _read_jd(path) if path.suffix == ".vrpsdptw" else _read_solomon(path, best_known)


def _read_jd(path: Path) -> Instance:
    """Times in minutes; cost = dispatching a vehicle + a price a metre."""
    header, sections = _sections(path)
    nodes = _floats(sections["NODE_SECTION"])
    metres, minutes = np.zeros((2, len(nodes), len(nodes)))
    legs = _floats(sections["DISTANCETIME_SECTION"])
    at = legs[:, 0].astype(int), legs[:, 1].astype(int)
    metres[at], minutes[at] = legs[:, 2], legs[:, 3]
    places = [_Place(row[1], row[2], row[3] * 60, row[4] * 60, row[5] * 60) for row in nodes]
    price = float(header["UNITCOST"])
    vehicle = _Vehicle(0, float(header["CAPACITY"]), float(header["DISPATCHINGCOST"]), price, float("inf"))
    return Instance(
        name=path.stem,
        kind="vrpspdtw",
        problem=_problem(metres, minutes * 60, places, 1, [vehicle] * int(header["VEHICLES"])),
        parts_cost=1e2,
        parts_time=1 / 60,
        parts_load=1e6,
    )


def _read_solomon(path: Path, best_known: dict[str, dict[str, float]]) -> Instance:
    """Solomon's form, and with an eighth column (pickup) Wang and Chen's.

    The objective is the distance, unless only a hierarchical best is known. Distances are not rounded, as in the table of
    best known values.
    """
    rows = [
        [float(word) for word in line.split()]
        for line in path.read_text(encoding="utf-8").splitlines()
        if _is_numeric(line)
    ]
    vehicles, capacity = next(row for row in rows if len(row) in (2, 3))[-2:]
    table = np.array([row for row in rows if len(row) >= 7])
    hierarchical = path.stem in best_known and f"{path.stem}_distance" not in best_known
    metres = _euclidean(table[:, 1:3])
    shift = 1 if table.shape[1] == 8 else 0
    places = [_Place(row[3], row[4] if shift else 0.0, row[4 + shift], row[5 + shift], row[6 + shift]) for row in table]
    vehicle = _Vehicle(0, capacity, VEHICLE_FIRST if hierarchical else 0.0, 1.0, float("inf"))
    return Instance(
        name=path.stem if hierarchical or shift else f"{path.stem}_distance",
        kind="vrpspdtw" if shift else "vrptw",
        problem=_problem(metres, metres, places, 1, [vehicle] * int(vehicles)),
        parts_cost=100,
        parts_time=1000,
        parts_load=1.0,
        hierarchical=hierarchical,
    )


def _read_li_lim(path: Path, best_known: dict[str, dict[str, float]]) -> Instance:
    """Pairs: number, x, y, demand, earliest, latest, service, rows of pickup and delivery; fewest vehicles first."""
    rows = [
        [float(word) for word in line.split()]
        for line in path.read_text(encoding="utf-8").splitlines()
        if _is_numeric(line)
    ]
    vehicles, capacity = rows[0][:2]
    table = np.array([row for row in rows if len(row) == 9])
    metres = _euclidean(table[:, 1:3])
    places = [_Place(max(0.0, -row[3]), max(0.0, row[3]), row[4], row[5], row[6]) for row in table]
    vehicle = _Vehicle(0, capacity, VEHICLE_FIRST, 1.0, float("inf"))
    problem = _problem(metres, metres, places, 1, [vehicle] * int(vehicles))
    pairs = tuple(
        Pair(pickup_id=f"{i:05d}", delivery_id=f"{int(row[8]):05d}") for i, row in enumerate(table) if row[3] > 0
    )
    return Instance(
        name=path.stem,
        kind="pdptw",
        problem=replace(problem, pairs=pairs),
        parts_cost=100,
        parts_time=1000,
        parts_load=1.0,
        hierarchical=True,
    )


def _is_numeric(line: str) -> bool:
    words = line.split()
    return bool(words) and all(word.replace(".", "", 1).lstrip("-").isdigit() for word in words)


def _read_vrplib(path: Path, best_known: dict[str, dict[str, float]]) -> Instance:
    """The dialect of the PyVRP instance repository: sections a vehicle, and rounding by family."""
    header, sections = _sections(path)
    family = path.parent.name
    exact = _euclidean(_floats(sections["NODE_COORD_SECTION"])[:, 1:])
    parts = {"mdvrptw": 1000.0, "mtvrptwr": 10.0}.get(family, 1.0)
    cut = np.floor if family == "mtvrptwr" else np.rint  # DIMACS: tenths, truncated
    metres = cut(exact * parts + (1e-9 if family == "mtvrptwr" else 0.0)) / parts
    depots = sum(1 for row in sections["DEPOT_SECTION"] if row[0] != "-1")
    count = len(metres)
    demand = _column(sections, "DEMAND_SECTION", count, 0.0)
    service = _column(sections, "SERVICE_TIME_SECTION", count, float(header.get("SERVICE_TIME", 0)))
    opens = _column(sections, "TIME_WINDOW_SECTION", count, 0.0)
    closes = _column(sections, "TIME_WINDOW_SECTION", count, ALWAYS_S, 2)
    service[:depots] = 0.0
    backhaul = _column(sections, "BACKHAUL_SECTION", count, 0.0)
    metres = _deliveries_first(metres, demand > 0, backhaul > 0)
    places = [_Place(*row) for row in zip(demand, backhaul, opens, closes, service, strict=True)]
    problem = _problem(metres, metres, places, depots, _vehicles(header, sections, count))
    return Instance(
        name=path.stem,
        kind=family,
        problem=_with_trips(problem, sections),
        published={"mdvrptw": 1000.0, "mtvrptwr": 10.0, "hfvrp": 0.01}.get(family, 1.0),
        parts_cost=parts,
        parts_time=parts,
        parts_load=1.0,
    )


def _deliveries_first(metres: FloatArray, delivers: BoolArray, collects: BoolArray) -> FloatArray:
    """Return the metres with those ways made too long that backhauls rule out (VRPB: Goetschalckx & Jacobs-Blecha 1989).

    No way leads from a collection to a delivery, nor from a depot to a collection: no route only collects.
    """
    if not collects.any():
        return metres
    depots = ~delivers & ~collects
    barred = (collects[:, None] & delivers) | (depots[:, None] & collects)
    return np.where(barred, _FAR * metres.max(), metres)


def _with_trips(problem: RoutingProblem, sections: dict[str, list[list[str]]]) -> RoutingProblem:
    """Return the problem with its releases, and with vehicles that may reload as often as there are stops.

    Several trips a vehicle with releases: Yang (2023); a trip leaves once all that it brings is there.
    """
    stops = problem.stops
    if "RELEASE_TIME_SECTION" in sections:
        released = _floats(sections["RELEASE_TIME_SECTION"])[len(problem.depots) :, 1]
        stops = tuple(replace(stop, release_s=float(at)) for stop, at in zip(stops, released, strict=True))
    rows = sections.get("VEHICLES_RELOAD_DEPOT_SECTION", [])
    if not rows:
        return replace(problem, stops=stops)
    depots = {tuple(row[1:]) for row in rows}
    if len(depots) > 1:
        raise BadDataError("VEHICLES_RELOAD_DEPOT_SECTION: vehicles that reload at different depots are not read here")
    ids = tuple(problem.depots[int(number) - 1].id for number in depots.pop())
    kinds = tuple(replace(k, reload_depot_ids=ids, max_reloads=len(stops) - 1) for k in problem.vehicle_types)
    return replace(problem, stops=stops, vehicle_types=kinds)


def _column(sections: dict[str, list[list[str]]], name: str, count: int, usual: float, at: int = 1) -> FloatArray:
    return _floats(sections[name])[:, at] if name in sections else np.full(count, usual)


def _vehicles(header: dict[str, str], sections: dict[str, list[list[str]]], stops: int) -> list[_Vehicle]:
    count = int(header.get("VEHICLES", stops))
    depot = _column(sections, "VEHICLES_DEPOT_SECTION", count, 1.0)
    capacity = _column(sections, "CAPACITY_SECTION", count, float(header.get("CAPACITY", "inf")))
    fixed = _column(sections, "VEHICLES_FIXED_COST_SECTION", count, 0.0)
    per_metre = _column(sections, "VEHICLES_UNIT_DISTANCE_COST_SECTION", count, 1.0)
    longest = float(header.get("VEHICLES_MAX_DURATION", "inf"))
    return [
        _Vehicle(int(depot[i]) - 1, float(capacity[i]), float(fixed[i]), float(per_metre[i]), longest)
        for i in range(count)
    ]


# what makes a way too long to be driven, as a multiple of the longest
_FAR = 100.0

_OTHER_MODELS = {
    "two_echelon": "goods pass from vehicles of one level to those of another at satellites",
    "pvrp": "stops are visited on several days, which are chosen with the routes",
    "vroom_examples": "requests and answers of VROOM, for the tests",
}

_READERS: dict[str, Callable[[Path, dict[str, dict[str, float]]], Instance]] = {
    "vrpspd": _read_vrpspd,
    "vrpspdtw": _read_vrpspdtw,
    "vrptw": _read_solomon,
    "cvrp": _read_vrplib,
    "hfvrp": _read_vrplib,
    "mdvrptw": _read_vrplib,
    "mtvrptwr": _read_vrplib,
    "pdptw": _read_li_lim,
    "vrpb": _read_vrplib,
}

"""Other solvers on the same problem, in the same CPU seconds on one core: PyVRP, VROOM and OR-Tools."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np

from benchmarks.routing_formats import Instance
from planner.errors import BadDataError, MissingExtraError
from planner.routing import RoutingProblem, Stop, VehicleType
from planner.routing.engines import ortools, pyvrp
from planner.routing.engines.registry import ENGINES
from planner.routing.engines.task import Limits, SearchTask
from planner.routing.features import Feature, features_of
from planner.routing.timing import FleetSteps

_NOT_TRANSLATED = frozenset({Feature.RELEASES, Feature.RELOADS})
PACKAGES = {"pyvrp": "pyvrp", "vroom": "pyvroom", "ortools": "ortools"}


def peer_version(name: str) -> str | None:
    """Return the installed version of a peer, None if it is not installed."""
    try:
        return importlib.metadata.version(PACKAGES[name])
    except importlib.metadata.PackageNotFoundError:
        return None


def solve_with_peer(name: str, instance: Instance, *, cpu_seconds: float, seed: int) -> FleetSteps:
    """Return the peer's routes; raise MissingExtraError if it is not installed, BadDataError if it lacks a feature."""
    if peer_version(name) is None:
        raise MissingExtraError(f"{PACKAGES[name]} is not installed")
    lacking = sorted(features_of(instance.problem) & _NOT_TRANSLATED) if name == "vroom" else []
    if lacking:
        raise BadDataError(f"{', '.join(lacking)}: not translated for {name} here")
    return _PEERS[name](instance, cpu_seconds, seed)


def _arrays(instance: Instance) -> dict[str, Any]:
    """Return distances, durations and amounts as whole numbers, and the price of one whole unit of distance."""
    problem = instance.problem
    ids = [depot.id for depot in problem.depots] + [stop.id for stop in problem.stops]
    part = problem.travel.select(ids, ids)
    prices = np.array([kind.cost_per_km_yuan / 1000 for kind in problem.vehicle_types])
    same = bool((prices == prices[0]).all())
    factor = instance.parts_cost * (prices[0] if same else 1.0)
    return {
        "distance": np.rint(part.distances_m * factor).astype(np.int64),
        "duration": np.rint(part.durations_s * instance.parts_time).astype(np.int64),
        "price": np.ones(len(prices), dtype=np.int64) if same else np.rint(prices).astype(np.int64),
        "fixed": [round(kind.fixed_cost_yuan * instance.parts_cost) for kind in problem.vehicle_types],
        "load": lambda amounts: [round(amount * instance.parts_load) for amount in amounts],
        "time": lambda seconds: round(seconds * instance.parts_time),
    }


def _task(problem: RoutingProblem, cpu_seconds: float, seed: int) -> SearchTask:
    return SearchTask(problem=problem, stops=problem.stops, limits=Limits(cpu_seconds=cpu_seconds), seed=seed)


def _pyvrp(instance: Instance, cpu_seconds: float, seed: int) -> FleetSteps:
    problem: RoutingProblem = instance.problem
    lacking = ENGINES["pyvrp"].lacking(problem)
    if lacking:
        raise BadDataError(f"no {', '.join(lacking)} in PyVRP")
    chain = pyvrp.chain_of(_task(problem, cpu_seconds, seed))
    chain.run_to(1.0)
    return chain.routes()


def _vroom(instance: Instance, cpu_seconds: float, seed: int) -> FleetSteps:
    import vroom

    problem, whole = instance.problem, _arrays(instance)
    if any(kind.max_duration_s < kind.shift_end_s - kind.shift_start_s for kind in problem.vehicle_types):
        raise BadDataError("no longest duty in VROOM")
    model = vroom.Input()
    for price in sorted(set(whole["price"].tolist())):
        model.set_durations_matrix(f"p{price}", whole["duration"].astype(np.uint32))
        model.set_costs_matrix(f"p{price}", (whole["distance"] * price).astype(np.uint32))
    rows = {depot.id: i for i, depot in enumerate(problem.depots)}
    owners: list[VehicleType] = []
    for k, kind in enumerate(problem.vehicle_types):
        for _ in range(kind.count):
            window = (whole["time"](kind.shift_start_s), whole["time"](kind.shift_end_s))
            vehicle = vroom.Vehicle(
                len(owners),
                start=rows[kind.depot_id],
                end=rows[kind.depot_id],
                profile=f"p{whole['price'][k]}",
                capacity=whole["load"](kind.capacity),
                costs=vroom.VehicleCosts(fixed=whole["fixed"][k]),
                time_window=window,
            )
            model.add_vehicle(vehicle)
            owners.append(kind)
    _give_vroom_stops(model, instance, whole)
    answer = model.solve(exploration_level=5, nb_threads=1, timeout=timedelta(seconds=cpu_seconds))
    orders: dict[int, list[Stop]] = {}
    for vehicle_id, step, id_ in zip(
        answer.routes["vehicle_id"], answer.routes["type"], answer.routes["id"], strict=True
    ):
        if str(step) in ("job", "pickup", "delivery"):
            orders.setdefault(int(vehicle_id), []).append(problem.stops[int(id_)])
    return [(owners[vehicle], order) for vehicle, order in orders.items()]


def _give_vroom_stops(model: Any, instance: Instance, whole: dict[str, Any]) -> None:
    """Add the stops, those of pairs as shipments; each is known by its number."""
    import vroom

    problem = instance.problem
    number = {stop.id: i for i, stop in enumerate(problem.stops)}
    paired = {id_ for pair in problem.pairs for id_ in (pair.pickup_id, pair.delivery_id)}

    def call(stop: Stop) -> dict[str, Any]:
        return {
            "id": number[stop.id],
            "location": len(problem.depots) + number[stop.id],
            "default_service": whole["time"](stop.service_duration_s),
            "time_windows": [(whole["time"](stop.opens_s), whole["time"](stop.closes_s))],
        }

    for stop in problem.stops:
        if stop.id not in paired:
            model.add_job(
                vroom.Job(**call(stop), delivery=whole["load"](stop.delivery), pickup=whole["load"](stop.pickup))
            )
    for pair in problem.pairs:
        first, second = (problem.stops[number[id_]] for id_ in (pair.pickup_id, pair.delivery_id))
        steps = vroom.ShipmentStep(**call(first)), vroom.ShipmentStep(**call(second))
        model.add_shipment(*steps, amount=vroom.Amount(whole["load"](first.pickup)))


def _ortools(instance: Instance, cpu_seconds: float, seed: int) -> FleetSteps:
    problem: RoutingProblem = instance.problem
    return ortools.order_stops(_task(problem, cpu_seconds, seed))


_PEERS: dict[str, Callable[[Instance, float, int], FleetSteps]] = {
    "pyvrp": _pyvrp,
    "vroom": _vroom,
    "ortools": _ortools,
}

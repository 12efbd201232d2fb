"""Rural buses carry parcels: which goods go by bus, by a station's route or by van, each direction by itself.

`plan_buses` answers a `BusProblem` with a `BusPlan`; `check_buses` replays it in code that did not make it.

What searches or checks is loaded when it is first asked for: whoever reads a plan needs no solver.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from planner.service.buses.problem import BusProblem
from planner.service.buses.solution import BusMoney, BusPlan, BusRide, GoodsWay, PointWays, TripLoad
from planner.service.buses.trips import AccessKind, BusCall, BusStation, BusStop, BusTrip, HubTransfer, StopAccess

if TYPE_CHECKING:
    from planner.service.buses.bus_search import BusEffort
    from planner.service.buses.check import check_buses
    from planner.service.buses.check_ride import BusFault, BusViolation
    from planner.service.buses.given_goods import GivenGoods, given_violations, ride_as_planned
    from planner.service.buses.solve import plan_buses

__all__ = [
    "AccessKind",
    "BusCall",
    "BusEffort",
    "BusFault",
    "BusMoney",
    "BusPlan",
    "BusProblem",
    "BusRide",
    "BusStation",
    "BusStop",
    "BusTrip",
    "BusViolation",
    "GivenGoods",
    "GoodsWay",
    "HubTransfer",
    "PointWays",
    "StopAccess",
    "TripLoad",
    "check_buses",
    "given_violations",
    "plan_buses",
    "ride_as_planned",
]
_MODULES = {
    "BusEffort": "bus_search",
    "BusFault": "check_ride",
    "BusViolation": "check_ride",
    "GivenGoods": "given_goods",
    "check_buses": "check",
    "given_violations": "given_goods",
    "plan_buses": "solve",
    "ride_as_planned": "given_goods",
}


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return getattr(import_module(f"planner.service.buses.{_MODULES[name]}"), name)
    raise AttributeError(name)

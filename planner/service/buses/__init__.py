"""Rural buses carry parcels: which goods go by bus, by a station's route or by van, each direction by itself.

`plan_buses` answers a `BusProblem` with a `BusPlan`; `check_buses` replays it in code that did not make it.
"""

from planner.service.buses.bus_search import BusEffort
from planner.service.buses.check import check_buses
from planner.service.buses.check_ride import BusFault, BusViolation
from planner.service.buses.problem import BusProblem
from planner.service.buses.solution import BusMoney, BusPlan, BusRide, GoodsWay, PointWays, TripLoad
from planner.service.buses.solve import plan_buses
from planner.service.buses.trips import AccessKind, BusCall, BusStation, BusStop, BusTrip, HubTransfer, StopAccess

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
    "GoodsWay",
    "HubTransfer",
    "PointWays",
    "StopAccess",
    "TripLoad",
    "check_buses",
    "plan_buses",
]

"""Rural buses carry parcels: which goods go by bus, by a station's route or by van, each direction by itself.

A `BusProblem` is answered by a `BusPlan`.
"""

from planner.service.buses.problem import BusProblem
from planner.service.buses.solution import BusMoney, BusPlan, BusRide, GoodsWay, PointWays, TripLoad
from planner.service.buses.trips import AccessKind, BusCall, BusStation, BusStop, BusTrip, HubTransfer, StopAccess

__all__ = [
    "AccessKind",
    "BusCall",
    "BusMoney",
    "BusPlan",
    "BusProblem",
    "BusRide",
    "BusStation",
    "BusStop",
    "BusTrip",
    "GoodsWay",
    "HubTransfer",
    "PointWays",
    "StopAccess",
    "TripLoad",
]

"""Roads → travel times: OpenStreetMap files, speed profiles, snapping, fastest ways; straight lines without roads.

What is exported is loaded when it is first asked for: the child that reads a file needs tags and no search.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planner.network.calendar import refuse_unknown_profiles, refuse_unknown_seasons, season_of, season_on
    from planner.network.closures import Closure
    from planner.network.profiles import load_profile, load_vehicle, seasons, vehicle_called, vehicles_of
    from planner.network.read import network_of_lines, read_network
    from planner.network.road_network import RoadNetwork
    from planner.network.straight_lines import StraightNetwork

    TravelNetwork = RoadNetwork | StraightNetwork
    """What answers for travel: roads, or straight lines where there are none."""

__all__ = [
    "Closure",
    "RoadNetwork",
    "StraightNetwork",
    "TravelNetwork",
    "load_profile",
    "load_vehicle",
    "network_of_lines",
    "read_network",
    "refuse_unknown_profiles",
    "refuse_unknown_seasons",
    "season_of",
    "season_on",
    "seasons",
    "vehicle_called",
    "vehicles_of",
]
_MODULES = {
    "Closure": "closures",
    "RoadNetwork": "road_network",
    "StraightNetwork": "straight_lines",
    "network_of_lines": "read",
    "read_network": "read",
    **dict.fromkeys(("refuse_unknown_profiles", "refuse_unknown_seasons", "season_of", "season_on"), "calendar"),
    **dict.fromkeys(("load_profile", "load_vehicle", "seasons", "vehicle_called", "vehicles_of"), "profiles"),
}


def __getattr__(name: str) -> Any:
    if name == "TravelNetwork":
        return __getattr__("RoadNetwork") | __getattr__("StraightNetwork")
    if name in _MODULES:
        return getattr(import_module(f"planner.network.{_MODULES[name]}"), name)
    raise AttributeError(name)

"""Roads → travel times: OpenStreetMap files, speed profiles, snapping, fastest ways."""

from planner.network.calendar import refuse_unknown_profiles, refuse_unknown_seasons, season_of, season_on
from planner.network.closures import Closure
from planner.network.profiles import load_profile, load_vehicle, seasons, vehicle_called, vehicles_of
from planner.network.read import read_network
from planner.network.road_network import RoadNetwork

__all__ = [
    "Closure",
    "RoadNetwork",
    "load_profile",
    "load_vehicle",
    "read_network",
    "refuse_unknown_profiles",
    "refuse_unknown_seasons",
    "season_of",
    "season_on",
    "seasons",
    "vehicle_called",
    "vehicles_of",
]

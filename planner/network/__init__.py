"""Roads → travel times: OpenStreetMap files, speed profiles, snapping, fastest ways."""

from planner.network.closures import Closure
from planner.network.profiles import load_profile, load_vehicle, seasons, vehicles_of
from planner.network.read import read_network
from planner.network.road_network import RoadNetwork
from planner.network.season_days import SeasonChoice, refuse_unknown_seasons, season_of, season_on

__all__ = [
    "Closure",
    "RoadNetwork",
    "SeasonChoice",
    "load_profile",
    "load_vehicle",
    "read_network",
    "refuse_unknown_seasons",
    "season_of",
    "season_on",
    "seasons",
    "vehicles_of",
]

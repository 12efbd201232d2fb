"""Roads → travel times: OpenStreetMap files, speed profiles, snapping, fastest ways; straight lines without roads."""

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

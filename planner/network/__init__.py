"""Roads → travel times: OpenStreetMap files, speed profiles, snapping, fastest ways."""

from planner.network.read import read_network
from planner.network.road_network import RoadNetwork

__all__ = ["RoadNetwork", "read_network"]

"""Roads → travel times: OpenStreetMap files, speed profiles, snapping, fastest ways."""

from planner.network.road_network import RoadNetwork, read_network

__all__ = ["RoadNetwork", "read_network"]

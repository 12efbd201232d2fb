"""Maps for people: one HTML file each, complete in itself; the only room where folium is known."""

from planner.outputs.maps.coverage import coverage_map
from planner.outputs.maps.routes import routes_map

__all__ = ["coverage_map", "routes_map"]

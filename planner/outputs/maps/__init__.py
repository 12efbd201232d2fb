"""Maps for people: one HTML file each, complete in itself; the only room where folium is known."""

from planner.outputs.maps.coverage import coverage_map
from planner.outputs.maps.reach import reach_map
from planner.outputs.maps.routes import routes_map, week_map
from planner.outputs.maps.swipe import comparison_map

__all__ = ["comparison_map", "coverage_map", "reach_map", "routes_map", "week_map"]

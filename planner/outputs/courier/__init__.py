"""What couriers take along of a day: a page a vehicle that works without a network, tracks, tables, links to navigation.

No file holds anything personal. What vehicles are called, their plates and the public number of a station stand here only.
"""

from planner.outputs.courier.changed_lines import changed_lines, changes_counted
from planner.outputs.courier.courier_day import CourierDay
from planner.outputs.courier.navigation import lies_in_china, navigation_links
from planner.outputs.courier.overview import overview_page
from planner.outputs.courier.pack import ARCHIVE, pack_archive, write_pack
from planner.outputs.courier.revision import Revised, changes_between, revised
from planner.outputs.courier.route_page import idle_page, route_page
from planner.outputs.courier.stop_table import loading_csv, route_csv
from planner.outputs.courier.tracks import route_geojson, route_gpx, route_kml

__all__ = [
    "ARCHIVE",
    "CourierDay",
    "Revised",
    "changed_lines",
    "changes_between",
    "changes_counted",
    "idle_page",
    "lies_in_china",
    "loading_csv",
    "navigation_links",
    "overview_page",
    "pack_archive",
    "revised",
    "route_csv",
    "route_geojson",
    "route_gpx",
    "route_kml",
    "route_page",
    "write_pack",
]

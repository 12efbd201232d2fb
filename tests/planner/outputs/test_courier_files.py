"""What a courier takes along: page, track, table and links to navigation."""

import csv
import io
import re
from dataclasses import replace
from urllib.parse import unquote

import gpxpy
import pytest

from planner.outputs.courier import CourierDay, navigation_links, route_csv, route_gpx, route_page
from planner.pipeline.whole_plan import PlannedArea
from planner.words import speaking
from tests.planner.outputs.sheets_read import LINKS, NOTICE

MIDDLE = [(10.1, 0.0)]


def test_navigation_link_is_in_gcj02_and_leads_from_place_to_place(line: PlannedArea) -> None:
    site = line.network.area.sites[0]
    # 126.5 E, 46.8 N: GCJ-02 lies 485 m E and 225 m N of WGS 84 (../shared/data/README.md), a degree of longitude
    # there is 76.3 km, of latitude 111.2 km
    ends = (replace(site, lon=126.5, lat=46.8, name="甲&乙"), replace(site, lon=126.5, lat=46.8))
    link = navigation_links(*ends, china=True)[0].href
    found = re.search(r"from=([\d.]+),([\d.]+),([^&]+)&to=", link)
    assert found is not None
    assert (float(found[1]) - 126.5) * 76_300 == pytest.approx(485, abs=15)
    assert (float(found[2]) - 46.8) * 111_200 == pytest.approx(225, abs=15)
    assert unquote(found[3]) == "甲&乙"
    assert link.endswith("&mode=car&coordinate=gaode&src=planner")


def test_courier_page_tells_times_amounts_and_legs(line: PlannedArea) -> None:
    (route,) = line.day.routes.routes
    page = route_page(CourierDay.of(line.day), route, LINKS)
    for wanted in ("07:00", "60", "90", "39.0", "11.1 km", "2026-11-10", NOTICE, "internal use"):
        assert wanted in page, wanted
    assert page.count('href="geo:') == 2  # the line lies in Africa
    assert page.count('<svg class="qr"') == 2  # a code for each leg
    assert "<i>" not in page  # the area's name is shown, not obeyed
    assert not re.search(r'(src|href)="(https?:)?//', page)


def test_gpx_has_the_stops_and_the_way_in_wgs84(line: PlannedArea) -> None:
    (route,) = line.day.routes.routes
    track = gpxpy.parse(route_gpx(CourierDay.of(line.day), route))
    assert [(point.longitude, point.latitude) for point in track.waypoints] == [(10.1, 0.0)]
    # out and back along 0.1 degree of the equator, 11132 m each way on gpxpy's sphere of 6378.1 km or so
    assert track.length_2d() == pytest.approx(2 * 11132, rel=0.01)
    assert NOTICE in (track.description or "")


def test_csv_opens_in_excel_and_runs_no_formula(line: PlannedArea) -> None:
    (route,) = line.day.routes.routes
    data = route_csv(CourierDay.of(line.day), route)
    assert data.startswith(b"\xef\xbb\xbf")
    first, last = rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert list(first) == [
        *("No.", "Site code", "Name", "Arrival", "Departure", "Leg (km)", "Driving (min)", "Walking (min)"),
        *("Parcels down", "Down (kg)", "Parcels up", "Up (kg)"),
        *("Longitude", "Latitude", "Source of the position", "Day plan", "Caution"),
        *("Produce to collect", "Cold chain", "Times asked for"),
    ]
    assert all(None not in row and None not in row.values() for row in rows)  # no cell too many, none too few
    assert "=1+1" in first["Name"]
    with speaking("zh"):
        assert "'=1+1村" in route_csv(CourierDay.of(line.day), route).decode()  # the name stands alone
    assert (first["Arrival"], first["Parcels down"], first["Up (kg)"]) == ("07:00", "60", "39.0")
    assert (last["Parcels down"], last["Leg (km)"]) == ("0", "11.13")
    assert (first["Day plan"], NOTICE in first["Caution"]) == (line.day.id, True)

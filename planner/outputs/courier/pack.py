"""All that couriers get of a day, written into one folder and once more as one ZIP, the same bytes for the same plan."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

from planner.outputs.courier.bus_sheet import BUS_SHEET, bus_sheet
from planner.outputs.courier.courier_day import CourierDay
from planner.outputs.courier.overview import overview_page
from planner.outputs.courier.revision import Revised
from planner.outputs.courier.route_page import idle_page, route_page
from planner.outputs.courier.stop_table import loading_csv, route_csv
from planner.outputs.courier.tracks import route_geojson, route_gpx, route_kml
from planner.outputs.page_links import FIRST_PAGE, PageLinks
from planner.plans import DayPlan
from planner.words import LANGUAGES, language, speaking

ARCHIVE = "couriers.zip"
_SUFFIXES = (".html", ".gpx", ".kml", ".csv", ".geojson", ".zip")
_FIRST_TIME = (1980, 1, 1, 0, 0, 0)
"""What a ZIP says a file was made at: the earliest that it can say, so that the same plan gives the same bytes."""


def write_pack(plan: DayPlan, folder: Path, links: PageLinks, revision: Revised | None = None) -> Sequence[Path]:
    """Write the overview, each vehicle's page and files, the loading lists and the ZIP of all into the folder.

    Pages are in both languages, all else in the one that is spoken. Files there from an earlier plan are removed first.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if old.suffix in _SUFFIXES:
            old.unlink()
    contents = _files(plan, links, revision)
    pages = _overviews(plan, links, revision, archive=ARCHIVE)
    archived = zipped(contents | _overviews(plan, links, revision, archive=""))
    written = {**contents, **pages, ARCHIVE: archived}
    for name, content in written.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in written]


def pack_archive(plan: DayPlan, links: PageLinks, revision: Revised | None = None) -> bytes:
    """Return the ZIP alone, as `write_pack` writes it."""
    return zipped(_files(plan, links, revision) | _overviews(plan, links, revision, archive=""))


def zipped(contents: dict[str, bytes]) -> bytes:
    """Return a ZIP of files by their names."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(contents):
            entry = zipfile.ZipInfo(name, _FIRST_TIME)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(entry, contents[name])
    return made.getvalue()


def _files(plan: DayPlan, links: PageLinks, revision: Revised | None) -> dict[str, bytes]:
    day = CourierDay.of(plan)
    found = {"loading.csv": loading_csv(day)}
    for route in day.routes:
        found[f"{route.vehicle_id}.gpx"] = route_gpx(day, route).encode()
        found[f"{route.vehicle_id}.kml"] = route_kml(day, route).encode()
        found[f"{route.vehicle_id}.csv"] = route_csv(day, route)
        found[f"{route.vehicle_id}.geojson"] = route_geojson(day, route).encode()
    for lang in LANGUAGES:
        with speaking(lang):
            day = CourierDay.of(plan)
            for route in day.routes:
                found[links.page(route.vehicle_id)] = route_page(day, route, links, revision).encode()
            if plan.rides is not None:
                found[links.page(BUS_SHEET)] = bus_sheet(day, links).encode()
            if revision is not None:
                for vehicle in revision.idle:
                    found[links.page(vehicle)] = idle_page(day, vehicle, links, revision).encode()
    return found


def _overviews(plan: DayPlan, links: PageLinks, revision: Revised | None, *, archive: str) -> dict[str, bytes]:
    found = {}
    for lang in LANGUAGES:
        with speaking(lang):
            page = overview_page(CourierDay.of(plan), links, archive=archive, revision=revision).encode()
            found[links.page(FIRST_PAGE)] = page
            if language() == links.home:
                found[f"{FIRST_PAGE}.html"] = page
    return found

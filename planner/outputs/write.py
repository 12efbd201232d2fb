"""Write everything that comes out of a plan into one folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from planner.outputs.courier import write_routes
from planner.outputs.day_page import day_page
from planner.outputs.geofiles import write_day, write_network
from planner.outputs.maps import coverage_map, routes_map
from planner.outputs.network_page import network_page
from planner.outputs.workbook import write_day_workbook, write_network_workbook
from planner.plans import DayPlan, NetworkPlan, to_json
from planner.progress import Progress, silent


def write_plan(plan: NetworkPlan | DayPlan, folder: Path, *, progress: Progress = silent) -> tuple[Path, ...]:
    """Write document, pages, workbook, GeoPackage and, of a day, the courier files into the folder; return their paths.

    Files of an earlier plan in the folder are replaced, other files are left alone.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if isinstance(plan, NetworkPlan):
        written = _write_texts(
            {
                "network.json": lambda: to_json(plan),
                "coverage.html": lambda: coverage_map(plan),
                "index.html": lambda: network_page(plan),
            },
            folder,
            progress,
        )
        write_network_workbook(plan, folder / "network.xlsx")
        write_network(plan, folder / "network.gpkg")
        return (*written, folder / "network.xlsx", folder / "network.gpkg")
    network_href = f"../../../network/{plan.network.id.rpartition('-')[2]}/index.html"
    written = _write_texts(
        {
            "day.json": lambda: to_json(plan),
            "routes.html": lambda: routes_map(plan),
            "index.html": lambda: day_page(plan, network_href=network_href),
        },
        folder,
        progress,
    )
    write_day_workbook(plan, folder / "day.xlsx")
    write_day(plan, folder / "day.gpkg")
    return (*written, folder / "day.xlsx", folder / "day.gpkg", *write_routes(plan, folder))


def _write_texts(texts: Mapping[str, Callable[[], str]], folder: Path, progress: Progress) -> tuple[Path, ...]:
    written = []
    for done, (name, make) in enumerate(texts.items()):
        progress(f"writing {name}", done, len(texts))
        path = folder / name
        path.write_text(make(), encoding="utf-8", newline="\n")
        written.append(path)
    return tuple(written)

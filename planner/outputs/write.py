"""Write everything that comes out of one plan into one folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from planner.outputs.courier import write_routes
from planner.outputs.geofiles import write_stations
from planner.outputs.index import index_page
from planner.outputs.maps import coverage_map, routes_map
from planner.outputs.workbook import write_workbook
from planner.plans import Plan, plan_to_json
from planner.progress import Progress, silent


def write_outputs(plan: Plan, folder: Path, *, progress: Progress = silent) -> tuple[Path, ...]:
    """Write plan.json, both maps, workbook, GeoPackage, courier files and index.html; return their paths.

    The files of an earlier plan in the folder are replaced, other files are left alone.
    """
    folder.mkdir(parents=True, exist_ok=True)
    total = 5
    texts: dict[str, Callable[[], str]] = {
        "plan.json": lambda: plan_to_json(plan),
        "coverage.html": lambda: coverage_map(plan),
        "routes.html": lambda: routes_map(plan),
        "index.html": lambda: index_page(plan),
    }
    written: list[Path] = []
    for done, (name, make) in enumerate(texts.items()):
        progress(f"writing {name}", done, total)
        path = folder / name
        path.write_text(make(), encoding="utf-8", newline="\n")
        written.append(path)
    progress("writing the workbook and the files", 4, total)
    write_workbook(plan, folder / "stations.xlsx")
    write_stations(plan, folder / "stations.gpkg")
    written += [folder / "stations.xlsx", folder / "stations.gpkg", *write_routes(plan, folder)]
    progress("done", total, total)
    return tuple(written)

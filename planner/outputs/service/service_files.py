"""Write everything that comes out of a service plan into one folder."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from planner.outputs.page_links import FIRST_PAGE, PageLinks
from planner.outputs.service.bus_page import BUS_PAGE, bus_page
from planner.outputs.service.service_page import service_page
from planner.outputs.service.stations_page import STATIONS_PAGE, stations_page
from planner.outputs.service.week_figures import stations_used
from planner.outputs.service.week_layers import write_week_layers
from planner.outputs.service.week_sheets import points_csv, week_workbook, weekdays_csv
from planner.outputs.service.week_view import WEEK_MAP, week_view
from planner.outputs.service.weekdays_page import WEEKDAYS_PAGE, weekdays_page
from planner.outputs.service.year_files import VILLAGES_TABLE, YEAR_PAGES, villages_csv, year_pages
from planner.outputs.write import write_pages
from planner.plans.service_documents import service_to_json
from planner.plans.service_plan import ServicePlan
from planner.progress import Progress, silent
from planner.words import Language, speaking


def write_service(
    plan: ServicePlan,
    folder: Path,
    *,
    home: Language,
    network_beside: bool = True,
    area_page: bool = True,
    progress: Progress = silent,
) -> tuple[Path, ...]:
    """Write document, pages, workbook, tables and map layers into the folder; return their paths.

    Pages are written in both languages, all else in ``home``. The plan links its network where that is in its folder
    (``network_beside``), and the area's first page where there is one. Files of an earlier plan in the folder are replaced.
    """
    folder.mkdir(parents=True, exist_ok=True)
    links = PageLinks(home=home)
    network = f"../../../network/{plan.network.id.rpartition('-')[2]}/" if network_beside else None
    with speaking(home):
        document, book, layers = (folder / f"service.{kind}" for kind in ("json", "xlsx", "gpkg"))
        document.write_text(service_to_json(plan), encoding="utf-8", newline="\n")
        book.write_bytes(week_workbook(plan))
        write_week_layers(plan, layers)
        tables = {folder / name: make() for name, make in service_tables(plan).items()}
        for path, content in tables.items():
            path.write_bytes(content)

        def of_page(name: str) -> str:
            to = {
                "network_href": _first(network, links),
                "area_href": _first("../../../" if area_page else None, links),
            }
            return service_pages(plan, links, **to)[name]()

        pages = {name: partial(of_page, name) for name in service_pages(plan, links)}
        return (document, *write_pages(pages, folder, links, progress), book, layers, *tables)


def _first(folder: str | None, links: PageLinks) -> str:
    """Return where the first page in a folder is, in the language that is spoken; empty for no folder."""
    return "" if folder is None else folder + links.page(FIRST_PAGE)


def service_pages(
    plan: ServicePlan, links: PageLinks, *, network_href: str = "", area_href: str = ""
) -> dict[str, Callable[[], str]]:
    """Return what makes each page that the plan has, by its name, the first page last."""
    return {
        WEEK_MAP: lambda: week_view(plan, links),
        WEEKDAYS_PAGE: lambda: weekdays_page(plan, links),
        **({STATIONS_PAGE: lambda: stations_page(plan, links)} if stations_used(plan) else {}),
        **year_pages(plan, links),
        **({BUS_PAGE: lambda: bus_page(plan, links)} if plan.buses else {}),
        FIRST_PAGE: lambda: service_page(plan, links, network_href=network_href, area_href=area_href),
    }


def service_tables(plan: ServicePlan) -> dict[str, Callable[[], bytes]]:
    """Return what makes each table that the plan has, by the name of its file."""
    tables: dict[str, Callable[[], bytes]] = {
        "points.csv": lambda: points_csv(plan),
        "weekdays.csv": lambda: weekdays_csv(plan),
    }
    return tables | ({} if plan.seasons is None else {VILLAGES_TABLE: lambda: villages_csv(plan)})


def service_names() -> frozenset[str]:
    """Return the names of all that `write_service` may write into a folder."""
    pages = (FIRST_PAGE, WEEK_MAP, WEEKDAYS_PAGE, STATIONS_PAGE, BUS_PAGE, *YEAR_PAGES)
    files = (*("service.json", "service.xlsx", "service.gpkg", "points.csv", "weekdays.csv"), VILLAGES_TABLE)
    return frozenset({*files, *(f"{page}{lang}.html" for page in pages for lang in ("", ".zh", ".en"))})

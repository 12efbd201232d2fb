"""Write everything that comes out of a plan into one folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from planner.errors import Message
from planner.outputs.courier import write_pack
from planner.outputs.day_page import day_page
from planner.outputs.geofiles import write_day, write_network
from planner.outputs.lots import LOTS_PAGE, lots_csv, lots_page
from planner.outputs.maps import coverage_map, routes_map
from planner.outputs.network_links import LinkedBeside
from planner.outputs.network_page import network_page
from planner.outputs.page_links import FIRST_PAGE, WEEK_PAGE, PageLinks
from planner.outputs.pictures import MissingFontError, coverage_picture, routes_picture
from planner.outputs.workbook import write_day_workbook, write_network_workbook
from planner.plans import DayPlan, NetworkPlan, to_json
from planner.progress import Progress, silent
from planner.words import LANGUAGES, Language, language, speaking


def write_plan(
    plan: NetworkPlan | DayPlan,
    folder: Path,
    *,
    home: Language,
    network_beside: bool = True,
    area_page: bool = True,
    progress: Progress = silent,
) -> tuple[Path, ...]:
    """Write document, pages, workbook, GeoPackage and, of a day, the courier files into the folder; return their paths.

    Pages are written in both languages, all else in ``home``. Files of an earlier plan in the folder are replaced. A day
    links its network where that is in its folder (``network_beside``), and the area's first page where there is one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    links = PageLinks(home=home)
    with speaking(home):
        if isinstance(plan, NetworkPlan):
            return _write_network(plan, folder, links, progress)
        network = f"../../../network/{plan.network.id.rpartition('-')[2]}/" if network_beside else None
        return _write_day(plan, folder, links, (network, "../../../" if area_page else None), progress)


def _write_network(plan: NetworkPlan, folder: Path, links: PageLinks, progress: Progress) -> tuple[Path, ...]:
    document = folder / "network.json"
    document.write_text(to_json(plan), encoding="utf-8", newline="\n")
    pictures = _write_pictures(partial(coverage_picture, plan), folder / "coverage")
    pages = {
        "coverage": lambda: coverage_map(plan, links),
        "index": lambda: network_page(plan, links, beside=LinkedBeside(has_picture=bool(pictures))),
    }
    written = (*pictures, *write_pages(pages, folder, links, progress))
    write_network_workbook(plan, folder / "network.xlsx")
    write_network(plan, folder / "network.gpkg")
    return (document, *written, folder / "network.xlsx", folder / "network.gpkg")


def _write_day(
    plan: DayPlan, folder: Path, links: PageLinks, others: tuple[str | None, str | None], progress: Progress
) -> tuple[Path, ...]:
    """Write a day; ``others`` lead to the folders of its network and of its area, None where these have no page."""
    document = folder / "day.json"
    document.write_text(to_json(plan), encoding="utf-8", newline="\n")
    pictures = _write_pictures(partial(routes_picture, plan), folder / "routes")
    pages = {
        "routes": lambda: routes_map(plan, links, week_href=_week_of(others, links)),
        "index": lambda: day_page(plan, links, has_picture=bool(pictures), **_links_of_day(others, links)),
        LOTS_PAGE: lambda: lots_page(plan, links),
    }
    written = (*pictures, *write_pages(pages, folder, links, progress))
    write_day_workbook(plan, folder / "day.xlsx")
    write_day(plan, folder / "day.gpkg")
    lots = folder / f"{LOTS_PAGE}.csv"
    lots.write_bytes(lots_csv(plan))
    return (
        document,
        *written,
        folder / "day.xlsx",
        folder / "day.gpkg",
        lots,
        *write_pack(plan, folder / "routes", links),
    )


def _links_of_day(others: tuple[str | None, str | None], links: PageLinks) -> dict[str, str]:
    names = ("network_href", "area_href")
    return {name: "" if to is None else to + links.page("index") for name, to in zip(names, others, strict=True)}


def _week_of(others: tuple[str | None, str | None], links: PageLinks) -> str:
    return "" if others[1] is None else others[1] + links.page(WEEK_PAGE)


def _write_pictures(draw: Callable[..., bytes], stem: Path) -> tuple[Path, ...]:
    """Write a picture for reports as PNG and PDF; none where no font here has its words."""
    try:
        drawn = {stem.with_suffix(f".{kind}"): draw(kind=kind) for kind in ("png", "pdf")}
    except MissingFontError:
        return ()
    for path, content in drawn.items():
        path.write_bytes(content)
    return tuple(drawn)


def write_pages(
    pages: Mapping[str, Callable[[], str]], folder: Path, links: PageLinks, progress: Progress
) -> tuple[Path, ...]:
    """Write each page once a language, the pages by their names; return the files."""
    written = []
    for done, (name, make) in enumerate(pages.items()):
        progress(Message("writing pages"), done, len(pages))
        for lang in LANGUAGES:
            with speaking(lang):
                text = make()
                for path in files_of(name, links):
                    (folder / path).write_text(text, encoding="utf-8", newline="\n")
                    written.append(folder / path)
    return tuple(written)


def written_names() -> frozenset[str]:
    """Return the names of all that `write_plan` may write into a folder."""
    pages = {
        f"{page}{lang}.html" for page in (FIRST_PAGE, "coverage", "routes", LOTS_PAGE) for lang in ("", ".zh", ".en")
    }
    files = {f"{plan}.{kind}" for plan in ("network", "day") for kind in ("json", "xlsx", "gpkg")}
    pictures = {f"{picture}.{kind}" for picture in ("coverage", "routes") for kind in ("png", "pdf")}
    return frozenset({*pages, *files, *pictures, "routes", f"{LOTS_PAGE}.csv"})


def files_of(name: str, links: PageLinks) -> tuple[str, ...]:
    """Return the files that a page is written to in the language that is spoken; a first page is ``index.html``, too."""
    if name == FIRST_PAGE and language() == links.home:
        return links.page(name), f"{name}.html"
    return (links.page(name),)

"""Where results go: the store, a folder a plan under ``out/<area>/``, and the page of the area that links them."""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from planner.cli.language import asked_language
from planner.progress import Progress, silent
from planner.words import LANGUAGES, Language, language, speaking
from planner.writing import area_lock, made_apart, write_file

if TYPE_CHECKING:
    from planner.outputs.network_links import Listed, ListedBulletin, ListedService
    from planner.outputs.page_links import PageLinks
    from planner.pipeline.day import PlannedDay
    from planner.pipeline.service.plan import PlannedService
    from planner.plans import Bulletin, DayPlan, NetworkPlan, PeriodActuals, ServicePlan
    from planner.plans.frontier_study import FrontierStudy
    from planner.plans.store import PlanStore
    from planner.plans.summaries import DaySummary, NetworkSummary


_FRONTIER = "frontier"


def made_writable(folder: Path) -> None:
    """Make the folder if need be, and see that it can be written before the long work begins."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder):
        return


def folder_of(plan: NetworkPlan | DayPlan, out: Path) -> Path:
    """Return the folder of a plan: ``network/<hash>`` or ``days/<date>/<hash>`` in that of its area."""
    return out / plan.area.id / relative_folder(plan.id, getattr(plan, "date", None))


def relative_folder(plan_id: str, date: datetime.date | None) -> Path:
    """Return the folder of a plan as seen from its area's."""
    digest = plan_id.rpartition("-")[2]
    return Path("network", digest) if date is None else Path("days", date.isoformat(), digest)


def keep_network(plan: NetworkPlan, store: PlanStore, out: Path, progress: Progress) -> Path:
    """Store a network plan and write its files; return its folder."""
    from planner.outputs.write import write_plan

    store.save_network(plan, created_at=datetime.datetime.now(datetime.UTC))
    folder = folder_of(plan, out)
    with made_apart(folder, out / plan.area.id, progress=progress) as beside:
        write_plan(plan, beside, home=home_of(plan), progress=progress)
    return folder


def keep_day(planned: PlannedDay, store: PlanStore, out: Path, progress: Progress) -> Path:
    """Store a day plan and write its files, and its network where that is not there yet; return its folder."""
    network = planned.plan.network
    if folder_of(network, out).is_dir():
        store.save_network(network, created_at=datetime.datetime.now(datetime.UTC))
    else:  # pages of the day link to it
        keep_network(network, store, out, progress)
    store.save_day(planned.plan, planned.problem, created_at=datetime.datetime.now(datetime.UTC))
    return write_day(planned.plan, out, progress)


def service_folder(plan_id: str, year: int) -> Path:
    """Return the folder of a service plan as seen from its area's."""
    return Path("service", str(year), plan_id.rpartition("-")[2])


def keep_service(planned: PlannedService, store: PlanStore, out: Path, progress: Progress) -> Path:
    """Store a service plan and write its files, and its network where that is not there yet; return its folder."""
    from planner.outputs.service import write_service

    plan, now = planned.plan, datetime.datetime.now(datetime.UTC)
    if folder_of(plan.network, out).is_dir():
        store.save_network(plan.network, created_at=now)
    else:  # its pages link to it
        keep_network(plan.network, store, out, progress)
    store.services.save(plan, planned.problems, created_at=now)
    folder = out / plan.area.id / service_folder(plan.id, plan.year)
    with made_apart(folder, out / plan.area.id, progress=progress) as beside:
        write_service(plan, beside, home=home_of(plan), progress=progress)
    return folder


def write_day(plan: DayPlan, out: Path, progress: Progress = silent) -> Path:
    """Write the files of a kept day plan; return their folder."""
    from planner.outputs.write import write_plan

    folder = folder_of(plan, out)
    with made_apart(folder, out / plan.area.id, progress=progress) as beside:
        write_plan(plan, beside, home=home_of(plan), progress=progress)
    return folder


def keep_frontier(study: FrontierStudy, out: Path, progress: Progress = silent, *, area_page: bool = False) -> Path:
    """Write the files of a frontier in place of those of the one before; return their folder.

    Its page links that of the area where there is or will be one (``area_page``).
    """
    from planner.outputs.frontier_files import write_frontier

    folder = out / study.area.id / _FRONTIER
    home = asked_language() or study.config.get("language") or language()
    with made_apart(folder, out / study.area.id, progress=progress) as beside:
        write_frontier(study, beside, home=home, area_page=area_page, progress=progress)
    return folder


def keep_bulletin(bulletin: Bulletin, network: NetworkPlan, store: PlanStore, out: Path) -> Path:
    """Store a bulletin and write its files; return its folder."""
    from planner.outputs.bulletin import write_bulletin

    store.bulletins.save(bulletin, created_at=datetime.datetime.now(datetime.UTC))
    folder = out / bulletin.area_id / bulletin_folder(bulletin.id, bulletin.period)
    with made_apart(folder, out / bulletin.area_id) as beside:
        write_bulletin(bulletin, network, beside, home=home_of(network))
    return folder


def write_in_both(out: Path, make: Callable[[PageLinks, str], str]) -> None:
    """Write a page in the language that is spoken, and beside it in the other; ``make`` is given links and its name."""
    from planner.outputs.page_links import PageLinks

    links, page = PageLinks(home=language()), out.stem
    for lang in LANGUAGES:
        with speaking(lang):
            text = make(links, page)
            for name in {links.page(page), *([out.name] if lang == links.home else [])}:
                write_file(out.with_name(name), text)


def home_of(plan: NetworkPlan | DayPlan | ServicePlan) -> Language:
    """Return the language that the plan's files are in: the one asked for, else that of the area, else the reader's."""
    return asked_language() or plan.config.get("language") or language()


def write_area_page(area_id: str, store: PlanStore, out: Path) -> Path:
    """Write the area's first page, that of its published (else newest) network, with links to all whose files are here.

    The files of that network are written where they are not here yet, and what a killed program left of a publication is
    settled.
    """
    from planner.cli.publishing import settle_packs

    settle_packs(area_id, store, out)
    while True:
        plan = store.network(_current_id(area_id, store))
        if not folder_of(plan, out).is_dir():
            keep_network(plan, store, out, silent)
        with area_lock(out / area_id):
            if plan.id == _current_id(area_id, store):  # no other was published before the lock was ours
                _write_area_pages(plan, store, out / area_id)
                return out / area_id / "index.html"


def _current_id(area_id: str, store: PlanStore) -> str:
    current = store.current_network(area_id)
    assert current is not None
    return current.id


def _write_area_pages(plan: NetworkPlan, store: PlanStore, folder: Path) -> None:
    """Write the page of an area whose network this is, and the map of its week, under the lock of its folder."""
    from planner.outputs.actuals import PAGE
    from planner.outputs.network_links import LinkedBeside
    from planner.outputs.network_page import network_page
    from planner.outputs.page_links import FIRST_PAGE, WEEK_PAGE, PageLinks
    from planner.outputs.write import files_of
    from planner.plans.summaries import days_around

    networks = [
        one for one in store.networks(plan.area.id, limit=10_000) if (folder / relative_folder(one.id, None)).is_dir()
    ]
    days = [
        one for one in store.days(plan.area.id, limit=10_000) if (folder / relative_folder(one.id, one.date)).is_dir()
    ]
    links = PageLinks(home=home_of(plan))
    there = relative_folder(plan.id, None).as_posix()
    maps = PageLinks(home=_home_in(folder / there))
    for lang in LANGUAGES:
        with speaking(lang):
            text = network_page(
                plan,
                links,
                folder=f"{there}/",
                map_href=f"{there}/{maps.page('coverage')}",
                networks=[_listed(one, None, links) for one in networks],
                days=[_listed(one, one.date, links) for one in days],
                beside=LinkedBeside(
                    actuals_href=links.page(PAGE) if (folder / f"{PAGE}.xlsx").is_file() else "",
                    week_href=links.page(WEEK_PAGE) if days else "",
                    packs=_packs(days, folder, links),
                    has_picture=(folder / there / "coverage.png").is_file(),
                    bulletin=_latest_bulletin(plan.area.id, store, folder),
                    services=_listed_services(plan.area.id, store, folder, links),
                    frontier_href=_frontier(folder, links),
                ),
            )
            for name in files_of(FIRST_PAGE, links):
                write_file(folder / name, text)
    if days:
        _write_week(folder, [store.day(one.id) for one in days_around(days)], links)


def _listed_services(area_id: str, store: PlanStore, folder: Path, links: PageLinks) -> tuple[ListedService, ...]:
    """Return the service plans whose files are here, the latest year first."""
    from planner.outputs.network_links import ListedService

    there = ((one, service_folder(one.id, one.year)) for one in store.services.of_area(area_id))
    return tuple(
        ListedService(f"{path.as_posix()}/{links.page('index')}", one)
        for one, path in there
        if (folder / path).is_dir()
    )


def _frontier(folder: Path, links: PageLinks) -> str:
    """Return where the page of the area's frontier is, in the language that is spoken; empty where there is none."""
    page = f"{_FRONTIER}/{links.page('index')}"
    return page if (folder / page).is_file() else ""


def _packs(days: Sequence[DaySummary], folder: Path, links: PageLinks) -> dict[str, str]:
    """Return where the pack of each published day is, seen from its area's folder, by the day's id."""
    published = ((one, Path("published", one.slot)) for one in days if one.published)
    return {one.id: f"{path.as_posix()}/{links.page('index')}" for one, path in published if (folder / path).is_dir()}


def write_actuals(found: PeriodActuals, network: NetworkPlan, out: Path) -> Path:
    """Write the page of a period's plan against actual, in both languages, and its workbook; return the page."""
    from planner.outputs.actuals import PAGE, actuals_page, actuals_workbook
    from planner.outputs.page_links import PageLinks
    from planner.outputs.write import files_of

    folder, links = out / network.area.id, PageLinks(home=home_of(network))
    folder.mkdir(parents=True, exist_ok=True)
    with area_lock(folder):
        for lang in LANGUAGES:
            with speaking(lang):
                for name in files_of(PAGE, links):
                    write_file(folder / name, actuals_page(found, network.config, links))
        with speaking(home_of(network)):
            write_file(folder / f"{PAGE}.xlsx", actuals_workbook(found, network.config))
    return folder / f"{PAGE}.html"


def _write_week(folder: Path, days: Sequence[DayPlan], links: PageLinks) -> None:
    """Write the map of several days into the folder of their area."""
    from planner.outputs.maps import week_map
    from planner.outputs.page_links import WEEK_PAGE

    for lang in LANGUAGES:
        with speaking(lang):
            write_file(folder / links.page(WEEK_PAGE), week_map(days, links))


def _latest_bulletin(area_id: str, store: PlanStore, folder: Path) -> ListedBulletin | None:
    """Return the latest month's bulletin, the newest of it, whose files are here."""
    from planner.outputs.network_links import ListedBulletin
    from planner.plans.bulletin import Month

    for one in store.bulletins.of_area(area_id):
        there = bulletin_folder(one.id, one.period)
        if (folder / there).is_dir():
            return ListedBulletin(f"{there.as_posix()}/", Month.of(one.period).first)
    return None


def bulletin_folder(bulletin_id: str, period: str) -> Path:
    """Return the folder of a bulletin as seen from its area's."""
    return Path("bulletins", period, bulletin_id.rpartition("-")[2])


def _home_in(folder: Path) -> Language:
    """Return the language that the files of a network's folder were written in: its pages have no language in their name."""
    return next(lang for lang in LANGUAGES if not (folder / f"coverage.{lang}.html").is_file())


def _listed(one: NetworkSummary | DaySummary, date: datetime.date | None, links: PageLinks) -> Listed:
    from planner.outputs.network_links import Listed

    href = f"{relative_folder(one.id, date).as_posix()}/{links.page('index')}"
    return Listed(href=href, summary=one)

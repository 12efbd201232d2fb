"""Pages and tables of a service plan's year and phases, as far as the plan has them."""

from __future__ import annotations

from collections.abc import Callable

from planner.outputs.page_links import PageLinks
from planner.outputs.service.phases_page import PHASES_PAGE, phases_page
from planner.outputs.service.season_rows import gap_headings, gap_table
from planner.outputs.service.seasons_page import SEASONS_PAGE, VILLAGES_PAGE, seasons_page, villages_page
from planner.plans.service_plan import ServicePlan
from planner.words import say
from planner.writing.csv_text import csv_text

YEAR_PAGES = (SEASONS_PAGE, VILLAGES_PAGE, PHASES_PAGE)
VILLAGES_TABLE = f"{VILLAGES_PAGE}.csv"


def year_pages(plan: ServicePlan, links: PageLinks) -> dict[str, Callable[[], str]]:
    """Return what makes each page, by its name; none of a plan that has its week alone."""
    pages: dict[str, Callable[[], str]] = {}
    if plan.seasons is not None:
        pages[SEASONS_PAGE] = lambda: seasons_page(plan, links)
        pages[VILLAGES_PAGE] = lambda: villages_page(plan, links)
    if plan.phases:
        pages[PHASES_PAGE] = lambda: phases_page(plan, links)
    return pages


def year_links(plan: ServicePlan, links: PageLinks) -> list[tuple[str, str]]:
    """Return where these pages are and what they are called, for the first page."""
    names = {SEASONS_PAGE: say("Seasons of the year"), VILLAGES_PAGE: say("A card for each village")}
    names[PHASES_PAGE] = say("Phases: buy, employ, pay")
    return [(links.page(page), names[page]) for page in year_pages(plan, links)]


def villages_csv(plan: ServicePlan) -> bytes:
    """Return the table of villages as CSV in UTF-8 with a mark, as Excel and WPS expect; nothing without a year."""
    if plan.seasons is None:
        return b""
    return csv_text(gap_headings(), gap_table(plan, plan.seasons)).encode("utf-8-sig")

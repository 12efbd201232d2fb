"""The seasons of a service plan's year: a calendar, what each costs and takes, and what it leaves out."""

from __future__ import annotations

from typing import Any

from planner.outputs.names import spoken_name
from planner.outputs.notice import notice_of_plan
from planner.outputs.page_links import PageLinks
from planner.outputs.page_templates import page_template
from planner.outputs.service.season_rows import (
    season_rows,
    unserved_rows,
    vehicles_text,
    village_cards,
    year_conflicts,
    year_of,
)
from planner.outputs.service.year_picture import season_colours, year_picture
from planner.plans.service_plan import ServicePlan

SEASONS_PAGE = "seasons"
VILLAGES_PAGE = "villages"


def seasons_page(plan: ServicePlan, links: PageLinks) -> str:
    """Return the page of the seasons; its links are relative to the plan's folder."""
    year = year_of(plan)
    return page_template("service_seasons.html").render(
        **_common(plan, links),
        year=year,
        picture=year_picture(year),
        colours=season_colours(year),
        rows=season_rows(plan, year),
        vehicles=vehicles_text(plan, year.vehicles),
        unserved=unserved_rows(plan, year),
        conflicts=year_conflicts(plan),
        cut_off=sum(1 for card in year.villages if card.gaps),
        villages_page=links.page(VILLAGES_PAGE),
    )


def villages_page(plan: ServicePlan, links: PageLinks) -> str:
    """Return the page with a card for each village; its links are relative to the plan's folder."""
    year = year_of(plan)
    return page_template("service_villages.html").render(
        **_common(plan, links),
        year=year,
        cards=village_cards(plan, year),
        seasons_page=links.page(SEASONS_PAGE),
        extra=any(one.extra for one in year.seasons),
    )


def _common(plan: ServicePlan, links: PageLinks) -> dict[str, Any]:
    return {"plan": plan, "name": spoken_name(plan.area), "links": links, "notice": notice_of_plan(plan)}

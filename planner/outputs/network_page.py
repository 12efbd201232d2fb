"""The first page of an area: what its network comes to, for a reader with two minutes, and links to everything else."""

from __future__ import annotations

from collections.abc import Sequence

from planner import __version__
from planner.model import Tier
from planner.outputs.about_roads import closed_text, odd_tag_texts, road_row
from planner.outputs.conflicts import siting_notices
from planner.outputs.headlines import decisions, main_gap
from planner.outputs.known_shares import covered_text
from planner.outputs.left_out import amounts_left, people_left_out, row_faults_text
from planner.outputs.names import spoken_name
from planner.outputs.network_cards import network_cards, stage_name, stage_shown
from planner.outputs.network_links import NOTHING_BESIDE, LinkedBeside, Listed, day_shown, planned_again
from planner.outputs.network_rows import proof_row, quality_text, season_row, stage_rows, uncovered_rows
from planner.outputs.notice import notice_of_plan
from planner.outputs.origins import origin_rows
from planner.outputs.page_links import PageLinks
from planner.outputs.page_templates import page_template
from planner.outputs.remark_groups import remark_groups
from planner.outputs.service_words import service_lines
from planner.outputs.siting import phase_remarks, siting_rows
from planner.outputs.thumbnail import mark, thumbnail
from planner.plans import NetworkPlan
from planner.plans.service_coverage import assumed_points
from planner.words import figures


def network_page(
    plan: NetworkPlan,
    links: PageLinks,
    *,
    folder: str = "",
    map_href: str = "",
    networks: Sequence[Listed] = (),
    days: Sequence[Listed] = (),
    beside: LinkedBeside = NOTHING_BESIDE,
) -> str:
    """Return the page; ``folder`` leads to the files of the plan, ``networks`` and ``days`` are other plans to link.

    ``map_href`` leads to the coverage map where it is not beside the page, ``beside`` is what else it links.

    The phase whose money and decisions it shows is that of the day on the card (`day_shown`), the first where there is
    none.
    """
    points, stations = plan.stations.service_points, plan.stations.express_stations
    day = day_shown(days)
    stage = stage_shown(plan, day)
    return page_template("network.html").render(
        plan=plan,
        name=spoken_name(plan.area),
        links=links,
        folder=folder,
        map_href=map_href or folder + links.page("coverage"),
        networks=networks,
        days=days,
        planned_again=planned_again(days),
        **beside._asdict(),
        notice=notice_of_plan(plan),
        cards=[] if not points.found else network_cards(plan, stage, day),
        gap=main_gap(plan),
        phase=stage_name(plan, stage),
        decisions=decisions(plan, stage) if points.found else [],
        thumbnail=thumbnail(plan),
        mark=mark,
        stages=stage_rows(plan) if plan.phases is not None and points.found else [],
        siting=siting_rows(plan),
        conflicts=siting_notices(plan),
        uncovered_count=len(points.uncovered) + plan.area.rows_left_out.villages,
        planned_count=len(points.uncovered),
        row_faults=row_faults_text(plan.area),
        people_left_out=people_left_out(plan.area),
        uncovered=uncovered_rows(plan),
        service_lines=service_lines(plan, stage) if points.found else [],
        assumed_points=assumed_points(plan),
        seasons=[season_row(plan, season) for season in plan.seasons],
        closures=[closed_text(closed) for closed in plan.roads.closures],
        standard=figures.limit(points.standard_s),
        proof=[
            proof_row(plan, tier, solution)
            for tier, solution in ((Tier.SERVICE_POINT, points), (Tier.EXPRESS_STATION, stations))
        ],
        remarks=phase_remarks(plan),
        remark_groups=remark_groups(plan.remarks),
        origins=origin_rows(plan.area),
        quality=quality_text(plan),
        road_line=road_row(plan.roads)[1],
        odd_tags=odd_tag_texts(plan.roads),
        version=__version__,
        amounts_left=amounts_left,
        covered_text=covered_text,
    )

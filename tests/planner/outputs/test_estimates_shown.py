import datetime
from dataclasses import replace

import pytest

from planner.cli.plan_tables import day_figures
from planner.model import Estimate
from planner.outputs.day_page import day_page
from planner.outputs.estimates import beside_published, estimate_lines
from planner.outputs.page_links import PageLinks
from planner.outputs.workbook.estimates_sheet import estimates_sheet
from planner.pipeline.whole_plan import PlannedArea
from planner.plans import DayPlan
from planner.words import LANGUAGES, Language, speaking


@pytest.fixture(scope="module")
def day(line: PlannedArea) -> DayPlan:
    estimate = Estimate(
        days=tuple(datetime.date(2026, 10, number) for number in range(1, 31)),
        error=0.1234,
        configured_error=0.5,
        factors=(("holidays_unknown", 0.5), ("double_eleven", 1.4), ("market_day", 1.2), ("fair", 2.0)),
    )
    fair = {"id": "fair", "name": {"zh": "庙会", "en": "Fair"}, "first": "11-10", "last": "11-10", "factor": 2}
    usual = {"id": "double_eleven", "first": "11-10", "last": "11-10", "factor": 1.4, "provenance": "the bureau"}
    demand = {**line.day.config["demand"], "peaks": [usual, fair | {"provenance": "asked for"}]}
    config = {**line.day.config, "demand": demand}
    return replace(line.day, config=config, demand=replace(line.day.demand, estimate=estimate))


def test_ours_stand_beside_published_figures(line: PlannedArea, day: DayPlan) -> None:
    # 100 + 200 + 300 people x 0.1 = 60 parcels a day to three villages: 20 each, by one vehicle; the island has no road
    plan = line.day
    with speaking("en"):
        ours = {one.code: (one.ours, one.published) for one in beside_published(plan)}
    assert [point.delivery_parcels for point in plan.demand.points] == [60]
    assert ours == {
        "post_parcels_per_village": ("20.0", "5.1"),
        "all_parcels_per_village": ("20.0", "182"),
        "villages_per_route": ("3.0", "9.2"),
        "vans": ("1", "8"),
        "yuan_per_parcel": (f"{plan.routes.cost_yuan / 60:.2f}", "5"),
    }
    # the date's factors are 0.5, 1.4 and 2 together; that of the market is not for all villages
    with speaking("en"):
        assert beside_published(day)[0].ours == f"{60 / 3 / 1.4:.1f}"


def test_the_workbook_has_them_as_numbers_and_says_that_holidays_do_not_count(line: PlannedArea) -> None:
    with speaking("en"):
        sheet = estimates_sheet(line.day)
    rows = [list(row) for row in sheet.rows]
    assert rows[0][1:3] == [20.0, 5.1]
    assert rows[3][1:3] == [1.0, 8.0]
    assert rows[-1][0] == (
        "Public holidays do not count, the day of the week alone does: the area names no calendar of holidays"
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_and_the_figures_for_programs_say_what_was_learned(day: DayPlan, lang: Language, tmp_path) -> None:
    with speaking(lang):
        lines = estimate_lines(day)
        page = day_page(day, PageLinks(home=lang), network_href="")
        told = day_figures(day, tmp_path)["demand"]
    for line in lines:
        assert line.replace("'", "&#39;") in page
    wanted = {
        "en": [
            "30 kept days",
            "12.3%",
            "50.0%",
            "not known yet",
            "1.40 (the bureau)",
            "1.20 (assumption",
            "Fair: factor 2.00",
        ],
        "zh": ["30 天", "12.3%", "50.0%", "尚未公布", "1.40（the bureau）", "1.20（假设", "庙会：系数 2.00"],
    }[lang]
    assert [text for text in wanted if text not in "\n".join(lines)] == []
    assert told["estimate"] == day.demand.estimate
    assert [one["published"] for one in told["beside_published"]] == [5.1, 182, 9.2, 8, 5]

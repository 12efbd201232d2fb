"""Which days are looked at together: one plan a date of the week that ends with the latest."""

import datetime
from dataclasses import replace

from planner.plans.summaries import DaySummary, days_around

NOON = datetime.datetime(2026, 11, 1, 12, tzinfo=datetime.UTC)
ONE = DaySummary(
    id="a",
    network_id="n",
    area_id="line",
    area_name="线",
    date=datetime.date(2026, 11, 10),
    created_at=NOON,
    season="summer",
    season_of_date="summer",
    routes=1,
    stops=1,
    unassigned=0,
    without_place=0,
    parcels=60,
    distance_m=22_263.9,
    cost_yuan=1.0,
    lower_bound_yuan=1.0,
    published=False,
)


def day(id_: str, date: int, *, hour: int = 12, published: bool = False) -> DaySummary:
    made = NOON.replace(hour=hour)
    return replace(ONE, id=id_, date=datetime.date(2026, 11, date), created_at=made, published=published)


def test_of_a_date_the_published_plan_is_taken_else_the_newest() -> None:
    kept = [
        day("new", 10, hour=15),
        day("old", 10, hour=9),
        day("published", 11, hour=9, published=True),
        day("later", 11),
    ]
    assert [one.id for one in days_around(kept)] == ["new", "published"]


def test_a_week_ends_with_the_latest_date() -> None:
    # the 4th is six days before the 10th, the 3rd seven
    assert [one.id for one in days_around([day("c", 10), day("b", 4), day("a", 3)])] == ["b", "c"]
    assert days_around([]) == []

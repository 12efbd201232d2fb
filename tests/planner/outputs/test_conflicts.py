"""Demands that contradict each other as sentences: places by name, figures as figures, whatever the ids look like."""

from dataclasses import replace

import pytest

from planner.coverage import Remedy
from planner.coverage.explain.conflicts import fact
from planner.model import Fact, StudyArea, Tier
from planner.outputs.conflicts import named_conflicts
from planner.outputs.remedies import remedy_text
from planner.pipeline.whole_plan import PlannedArea
from planner.words import speaking


@pytest.fixture(scope="module")
def numbered(line: PlannedArea) -> StudyArea:
    """The line of villages under ids that are numbers, which its township and its sites have, too; none in Latin letters."""
    area = line.network.area
    townships = {place.id: str(number) for number, place in enumerate(area.townships, 1)}
    villages = {place.id: str(number) for number, place in enumerate(area.villages, 1)}
    return replace(
        area,
        townships=tuple(replace(place, id=townships[place.id], name_latin="") for place in area.townships),
        villages=tuple(
            replace(place, id=villages[place.id], township_id=townships[place.township_id], name_latin="")
            for place in area.villages
        ),
        sites=tuple(
            replace(place, id=str(number), place_id=(townships | villages)[place.place_id], name_latin="")
            for number, place in enumerate(area.sites, 1)
        ),
    )


def names_in(area: StudyArea, text: str) -> set[str]:
    """The names of places that a text has."""
    places = (*area.townships, *area.villages, *area.sites)
    return {place.name for place in places if place.name in text}


@pytest.mark.parametrize(
    "conflict",
    [
        fact("count_below_existing", count=1, existing=2),
        fact("in_phase", phase="1", conflict=fact("count_is_zero", objective_code="LSCP")),
        fact("phases_exclude", phases=("1", "2", "3")),
        fact("running_above_budget", running_yuan=2.0, budget_yuan=1.0),
        fact("share_out_of_reach", target_share=0.04, max_share=0.03),
        fact("all_sites_hold_less", load=3.0, capacity=2.0),
        fact("demands_exclude", demands=(fact("limit_budget", budget_yuan=1.0), fact("limit_count", count=2))),
    ],
)
def test_a_figure_that_is_also_an_id_stays_a_figure(numbered: StudyArea, conflict: Fact) -> None:
    assert names_in(numbered, " ".join(named_conflicts(numbered, [conflict]))) == set()


def test_each_place_has_the_name_of_its_kind(numbered: StudyArea) -> None:
    """Township 1, village 1 and site 1 are three places."""
    (village, site, township) = numbered.villages[0], numbered.sites[0], numbered.townships[0]
    assert village.id == site.id == township.id == "1"
    far = fact("mandatory_with_few_sites", point_id="1", found=1, needed=2, standard_s=60.0)
    assert names_in(numbered, " ".join(named_conflicts(numbered, [far]))) == names_in(numbered, village.name)
    assert names_in(numbered, " ".join(named_conflicts(numbered, [far], Tier.EXPRESS_STATION))) == names_in(
        numbered, site.name
    )
    alone = fact("site_without_station", site_id="1", standard_s=60.0)
    assert names_in(numbered, " ".join(named_conflicts(numbered, [alone]))) == names_in(numbered, site.name)
    crowded = fact("township_has_too_many", township_id="1", most=1, existing=2)
    assert names_in(numbered, " ".join(named_conflicts(numbered, [crowded]))) == {township.name}


def test_a_remedy_names_its_sites_and_the_township_and_no_figure(numbered: StudyArea) -> None:
    remedy = Remedy(
        demand_id="2",
        site_ids=("3",),
        station_ids=(),
        cost_yuan=1.0,
        lifts=(fact("above_count"), fact("above_township", township_id="1")),
        standard_s=120.0,
    )
    expected = {numbered.site_by_id["3"].name, numbered.townships[0].name}
    text = remedy_text(numbered, remedy)
    assert names_in(numbered, text) == set().union(*(names_in(numbered, name) for name in expected))


def test_long_lists_are_cut_off_with_their_count(line: PlannedArea) -> None:
    limits = (fact("limit_count", count=2), fact("limit_budget", budget_yuan=5.0))
    ids = tuple(f"v{number}" for number in range(12))
    conflict = fact("points_beyond_limits", count=12, point_ids=ids, limits=limits)
    assert named_conflicts(line.network.area, [conflict]) == [
        "12 points cannot all be covered within count 2, budget 5 yuan: v0, v1, v2, v3, v4, v5, v6, v7, v8, v9 and 2 more"
    ]
    with speaking("zh"):
        assert named_conflicts(line.network.area, [conflict]) == [
            "受限于数量 2、预算 5 元，12 个需求点无法全部覆盖：v0、v1、v2、v3、v4、v5、v6、v7、v8、v9，另有 2 项"
        ]


def test_the_demands_of_one_phase_are_told_from_those_of_the_next(line: PlannedArea) -> None:
    budget = fact("limit_budget", budget_yuan=2.0)
    share = fact("limit_share", target_share=0.4)
    demands = (
        fact("demands_of_phase", phase="a", demands=(share, budget)),
        fact("demands_of_phase", phase="b", demands=(budget,)),
    )
    (text,) = named_conflicts(line.network.area, [fact("demands_exclude", demands=demands)])
    assert text.endswith(": phase a: 40.0% of the weight covered, budget 2 yuan; phase b: budget 2 yuan")
    with speaking("zh"):
        (text,) = named_conflicts(line.network.area, [fact("demands_exclude", demands=demands)])
        assert text == "这些要求不能同时满足：阶段 a：覆盖权重的 40.0%、预算 2 元；阶段 b：预算 2 元"

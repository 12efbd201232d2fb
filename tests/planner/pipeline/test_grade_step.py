"""The cheapest way to the next commercial grade, against every choice there is."""

import itertools
import random
from dataclasses import replace

import pytest

from planner.model import Site, SiteStatus, Tier
from planner.pipeline.bulletin.definitions import grade_rules
from planner.pipeline.bulletin.grade_step import grade_step
from planner.pipeline.bulletin.month_facts import MonthFacts
from planner.pipeline.whole_plan import PlannedArea
from tests.planner.pipeline.month_worlds import month_facts, with_villages


def with_many(
    line: PlannedArea, shops: list[bool], costs: list[float], forbidden: list[bool], **config: float
) -> MonthFacts:
    """A county of so many villages, each with or without a shop, its site at its cost, in two townships without centres."""
    facts = month_facts(line, **config)
    area = facts.area
    village, site = area.village_by_id["west"], next(one for one in area.sites if one.tier is Tier.SERVICE_POINT)
    villages = tuple(replace(village, id=f"v{k}", shop=shop) for k, shop in enumerate(shops))
    points = tuple(
        replace(
            site,
            id=f"sp-v{k}",
            place_id=f"v{k}",
            opening_cost_yuan=cost,
            status=SiteStatus.FORBIDDEN if closed else SiteStatus.CANDIDATE,
        )
        for k, (cost, closed) in enumerate(zip(costs, forbidden, strict=True))
    )
    townships = tuple(replace(one, trade_centre=True) for one in area.townships)
    others = tuple(one for one in area.sites if one.tier is Tier.EXPRESS_STATION)
    own: tuple[Site, ...] = (*points, *others)
    return replace(
        facts, network=replace(facts.network, area=replace(area, villages=villages, sites=own, townships=townships))
    )


@pytest.mark.parametrize("seed", range(8))
def test_no_other_choice_of_shops_is_cheaper(line: PlannedArea, seed: int) -> None:
    draw = random.Random(seed)
    size = draw.randint(3, 9)
    shops = [draw.random() < 0.4 for _ in range(size)]
    costs = [float(draw.choice([1000, 2000, 2000, 3500, 5000])) for _ in range(size)]
    forbidden = [draw.random() < 0.2 for _ in range(size)]
    open_to = [k for k in range(size) if not shops[k] and not forbidden[k]]
    # every choice of villages whose shops, with those that are there, are 90 percent of all
    found = [
        sum(costs[k] for k in chosen)
        for count in range(len(open_to) + 1)
        for chosen in itertools.combinations(open_to, count)
        if 10 * (sum(shops) + count) >= 9 * size
    ]
    step = grade_step(with_many(line, shops, costs, forbidden, county_centre_m2=4000))
    if 10 * sum(shops) >= 9 * size:  # the shares are there: what lacks is the centre's floor
        assert step is not None
        assert (step.grade, step.centre_m2) == (2, 1000)
    elif not any(shops):
        assert step is None or step.cost_yuan is not None  # the grade is known: each village is known to have none
    elif not found:
        assert step is not None
        assert step.reason is not None
    else:
        assert step is not None
        assert step.grade == 1
        assert step.cost_yuan == min(found)
        assert step.lower_bound_yuan == pytest.approx(min(found))
        assert sum(costs[int(id_[1:])] for id_ in (one.id for one in step.shops)) == step.cost_yuan


def test_a_shop_and_a_centre_by_hand(line: PlannedArea) -> None:
    # of four villages two have a shop: all four must, a point costs 1000; the east is forbidden, so no choice does
    facts = month_facts(line)
    step = grade_step(facts)
    assert step is not None
    assert step.reason is not None
    # with the east's shop there, the island is what lacks: 1000 yuan, and a centre in the second township for 70,000
    facts = with_villages(month_facts(line, trade_centre_cost_yuan=70_000), east={"shop": True}, island={"shop": False})
    step = grade_step(facts)
    assert step is not None
    assert ([one.id for one in step.shops], [one.id for one in step.centres]) == (["island"], ["t2"])
    assert step.cost_yuan == 71_000


def test_the_floor_of_the_centre_leads_from_grade_to_grade(line: PlannedArea) -> None:
    def step_at(m2: float) -> tuple[int, float | None] | None:
        step = grade_step(with_many(line, [True] * 4, [1.0] * 4, [False] * 4, county_centre_m2=m2))
        return None if step is None else (step.grade, step.centre_m2)

    assert step_at(4200) == (2, 800)
    assert step_at(5000) == (3, 3000)
    assert step_at(8000) is None


@pytest.mark.parametrize(("share", "size", "wanted"), [(0.9, 10, 9), (0.9, 70, 63), (0.9, 11, 10), (0.56, 50, 28)])
def test_a_share_of_whole_villages_asks_for_no_more_than_it_comes_to(
    line: PlannedArea, monkeypatch: pytest.MonkeyPatch, share: float, size: int, wanted: int
) -> None:
    """Of fifty villages 56 % are 28; in floats they are 28.000000000000004, which must not ask for 29."""
    monkeypatch.setattr("planner.pipeline.bulletin.grade_step.grade_rules", lambda: grade_rules() | {"share": share})
    shops = [True] + [False] * (size - 1)
    step = grade_step(with_many(line, shops, [1000.0] * size, [False] * size, county_centre_m2=4000))
    assert step is not None
    assert (len(step.shops), step.cost_yuan) == (wanted - 1, 1000.0 * (wanted - 1))

"""Every fact that routing can make is said in both languages, and in VROOM's answers, with all that it names."""

import re
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from pydantic import TypeAdapter

from planner.errors import BadDataError, UsageError
from planner.model import Fact, TravelMatrix
from planner.routing import Break, Depot, Pair, RoutingProblem, Stop, VehicleType
from planner.routing.day.left import reason_today
from planner.routing.solution import Reached, RoutePlan, Unassigned, UnassignedReason
from planner.routing.solve import plan_of, solve_routing
from planner.routing.vroom.unassigned import SENTENCES, sentence_of
from planner.words import LANGUAGES, error_text, sentence, speaking, term
from planner.words.catalogues import codes
from tests.planner.routing.worlds import HOUR, vehicle

VAN = vehicle(capacity=(100.0, float("inf")), shift_start_s=7 * HOUR, shift_end_s=12 * HOUR, max_duration_s=5 * HOUR)
STOP = Stop(
    id="a",
    name="a",
    delivery=(10.0, 1.0),
    pickup=(0.0, 0.0),
    opens_s=8 * HOUR,
    closes_s=9 * HOUR,
    service_duration_s=600.0,
)
# b is served an hour's drive from a, and closes before anybody can be there who was at a
FIRST = replace(STOP, delivery=(0.0, 0.0), pickup=(5.0, 0.0))
SECOND = replace(STOP, id="b", delivery=(5.0, 0.0), closes_s=8.5 * HOUR)
ISLAND = {"hub": 0.0, "a": float("inf"), "b": 3600.0}
NEAR = {"hub": 0.0, "a": 3600.0, "b": 3600.0}


NOON = Break(id="noon", opens_s=13 * HOUR, closes_s=14 * HOUR, duration_s=600.0, always=True)


def world(
    kind: VehicleType,
    *stops: Stop,
    from_hub: dict[str, float] | None = None,
    between: float = 3600.0,
    paired: bool = False,
) -> RoutingProblem:
    """Stops an hour from the hub and from each other, metres as many as seconds."""
    seconds = np.full((3, 3), 3600.0)
    seconds[0, :] = list((from_hub or NEAR).values())
    seconds[:, 0] = seconds[0, :]
    seconds[1, 2] = seconds[2, 1] = between
    np.fill_diagonal(seconds, 0.0)
    return RoutingProblem(
        dimensions=("kg", "m3"),
        depots=(Depot(id="hub", name="hub"),),
        stops=stops,
        vehicle_types=(kind,),
        travel=TravelMatrix(
            origin_ids=("hub", "a", "b"), destination_ids=("hub", "a", "b"), durations_s=seconds, distances_m=seconds
        ),
        pairs=(Pair(pickup_id="a", delivery_id="b"),) if paired else (),
    )


# what each says of the stop a is worked out in test_reasons
WORLDS = {
    "no_type_has_skills": world(VAN, replace(STOP, needs=("cold",))),
    "allowed_lack_skills": replace(
        world(VAN, STOP),
        stops=(replace(STOP, needs=("cold",), only_vehicles=("cart",)),),
        vehicle_types=(replace(VAN, skills=("cold",)), replace(VAN, id="cart")),
    ),
    "not_barred_lack_skills": world(VAN, replace(STOP, not_vehicles=("van",))),
    "allowed_or_barred": world(VAN, replace(STOP, only_vehicles=("van",), not_vehicles=("van",))),
    "no_depot_has_a_way": world(VAN, STOP, from_hub=ISLAND),
    "split_over_vehicles": world(VAN, replace(STOP, delivery=(250.0, 1.0))),
    "no_type_holds_every_dimension": world(replace(VAN, capacity=(100.0, 0.0)), STOP),
    "closes_before_first_arrival": world(VAN, replace(STOP, opens_s=0.0, closes_s=7.5 * HOUR)),
    "ready_too_late": world(VAN, replace(STOP, release_s=8.5 * HOUR)),
    "route_longer_than_duty": world(replace(VAN, max_duration_s=2 * HOUR), STOP),
    "route_beyond_limits": world(replace(VAN, max_distance_m=7_000.0), STOP),
    "route_beyond_limits_of_driving": world(replace(VAN, max_driving_s=7_000.0, max_stops=3), STOP),
    "partner_not_served": world(VAN, replace(FIRST, needs=("cold",)), SECOND, paired=True),
    "pair_hours_apart": world(VAN, FIRST, SECOND, paired=True),
    # the shift ends at 12:00, the break begins at 13:00 and is always taken
    "break_forbids": world(
        replace(VAN, breaks=(NOON, replace(NOON, id="light", max_load=(5.0, 1.0)))),
        STOP,
    ),
    # the van is there at 8:00, when the stop has closed; the cart's two hours of driving are too many
    "each_type_kept_away": replace(
        world(VAN, replace(STOP, opens_s=0.0, closes_s=7.5 * HOUR)),
        vehicle_types=(VAN, replace(VAN, id="cart", shift_start_s=0.0, max_driving_s=HOUR)),
    ),
    # an hour straight to a, with two hours of duty; a minute by way of b
    "no_route_by_others": world(
        replace(VAN, max_duration_s=2 * HOUR), STOP, replace(STOP, id="b"), from_hub={**NEAR, "b": 60.0}, between=60.0
    ),
    # out from 7:00 at normal speed, back after 8:10 at a hundredth; nobody knows what would be with other stops
    "no_route_by_others_at_that_hour": replace(
        world(replace(VAN, max_duration_s=3 * HOUR, shift_end_s=400 * HOUR), STOP), speed_of_day=((8.05 * HOUR, 0.01),)
    ),
    "cheaper_left_out": world(VAN, replace(STOP, skip_cost_yuan=12.5)),
    "no_vehicle_had_room": world(VAN, STOP),
}


def left_in(problem: RoutingProblem) -> tuple[Unassigned, ...]:
    return plan_of(problem, [], engine="by hand", seed=0).unassigned  # the check has looked at the reasons


def facts_in(fact: Fact) -> Iterator[Fact]:
    yield fact
    for value in fact.params.values():
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, Fact):
                yield from facts_in(one)


def details_made() -> list[Fact]:
    return [left.details for problem in WORLDS.values() for left in left_in(problem)]


def found_by_made() -> list[Fact]:
    reached = tuple(Reached(engine="ruin_recreate", seed=seed, cost_yuan=100.0 + seed) for seed in (1, 2))
    plan = RoutePlan(
        dimensions=(), routes=(), unassigned=(), cost_yuan=101.0, lower_bound_yuan=0.0, engine="ruin_recreate", seed=1
    )
    others = [replace(plan, engine=engine).found_by() for engine in ("ortools", "pyvrp")]
    return [plan.found_by(), replace(plan, reached=reached).found_by(), *others]


def of_the_day() -> list[Fact]:
    """What is said of stops by where their goods and the vehicles are on a running day."""
    nothing = Unassigned(stop_id="a", reason=UnassignedReason.NOT_ALLOWED, details=Fact(code="no_depot_has_a_way"))
    rests = ({"a": ()}, {"a": ("van-1",)}, {})
    return [
        reason_today(SimpleNamespace(nobody=nobody, at_depot={"a": ("van-1",)}), nothing).details  # type: ignore[arg-type]
        for nobody in rests
    ]


def test_an_engine_is_said_in_words_and_an_unknown_one_as_it_is_called():
    fact = found_by_made()[0]
    with speaking("zh"):
        assert sentence(fact, {}) == "破坏重建搜索，随机种子 1"
    assert sentence(fact, {}) == "ruin and recreate, seed 1"
    assert sentence(replace(fact, params={"engine": "by hand", "seed": 1}), {}) == "by hand, seed 1"


def test_each_world_makes_the_fact_that_it_is_there_for():
    for name, problem in WORLDS.items():
        made = [left.details.code for left in left_in(problem)]
        assert any(name.startswith(code) for code in made), (name, made)


def test_every_fact_has_words_in_both_languages_and_no_words_are_left_over():
    made = {
        one.code: set(one.params)
        for fact in (*details_made(), *of_the_day(), *found_by_made())
        for one in facts_in(fact)
    }
    assert {*made, "as_written"} == set(codes("en", "facts_routing")) == set(codes("zh", "facts_routing"))
    unsaid = {"distance_against_limit": set(), "found_by_best_of": set()}
    for code, params in made.items():
        for lang in LANGUAGES:
            with speaking(lang):
                assert set(re.findall(r"{(\w+)}", term(code))) == params - unsaid.get(code, set()), (lang, code)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sentence_is_whole_and_of_its_language(lang):
    names = {"a": "甲村", "b": "乙村"} if lang == "zh" else {}
    with speaking(lang):
        said = [sentence(fact, names) for fact in (*details_made(), *found_by_made())]
    for one in said:
        assert one
        assert "{" not in one
        assert bool(re.search("[\u4e00-\u9fff]", one)) == (lang == "zh"), one


def test_vroom_says_the_same_facts():
    made = {one.code: set(one.params) for fact in details_made() for one in facts_in(fact)}
    assert set(SENTENCES) == set(made)
    for code, params in made.items():
        assert set(re.findall(r"{(\w+)}", SENTENCES[code])) == params


def test_vroom_says_times_on_the_clock_of_its_request():
    (left,) = left_in(WORLDS["closes_before_first_arrival"])
    # 7:30 and 8:00 on a clock that begins 1,000,000 s after that of the request
    assert sentence_of(left.details, 1_000_000) == "closes at 1027000, the first vehicle can be there at 1028800"


def test_facts_come_back_from_json_as_they_were():
    adapter = TypeAdapter(tuple[Unassigned, ...])
    for problem in WORLDS.values():
        left = left_in(problem)
        assert adapter.validate_json(adapter.dump_json(left)) == left


def test_what_routing_refuses_is_said_in_chinese_to_the_last_part():
    with pytest.raises(BadDataError) as bad:
        world(replace(VAN, depot_id="barn"), STOP)
    with pytest.raises(UsageError) as lacking:
        solve_routing(world(replace(VAN, max_driving_s=3600.0), STOP), iterations=1, seed=1, engine="pyvrp")
    with speaking("zh"):
        assert error_text(bad.value) == "线路问题数据有误\n  车型 'van'：场站 'barn' 不在场站列表中"
        assert "不支持 驾驶时长上限，可改用" in error_text(lacking.value)

"""A return to load is offered where trying every place of it finds one within the bound on changes, and only there."""

from itertools import product

from planner.routing import Stop
from planner.routing.day.replan import replan
from planner.routing.relaxation import RelaxationKind
from tests.planner.routing.running_days import _driven, announced_of, left_of, random_day

CALL = "call at the hub"


def forced_changes(problem, plan, day, left, announced):
    """Return what changes if every vehicle goes on as planned; None if one cannot."""
    changed = set()
    for van in left.vans:
        order = [id_ for id_, (vehicle, _) in sorted(announced.items(), key=lambda e: e[1][1]) if vehicle == van.id]
        found = _driven(problem, day, left, van, order, announced, False)
        if found is None:
            return None
        changed |= found
    return changed | {id_ for id_, (vehicle, _) in announced.items() if vehicle not in {van.id for van in left.vans}}


def within_bound(problem, day, left, announced, forced, made, stop_id, held):
    """Return whether some vehicle on the road can call at the hub and then serve the stop, all else in its order."""
    orders = {van.id: [] for van in left.vans}
    for route in made.plan.routes:
        orders[route.vehicle_type_id] = [v.stop_id for v in route.visits if not v.stop_id.startswith("@")]
    for van in left.vans:
        if not van.out:
            continue
        order = orders[van.id]
        places = range(len(order) + 1)
        for i, j in product(places, places):
            if j < i:
                continue
            tried = {**orders, van.id: [*order[:i], CALL, *order[i:j], stop_id, *order[j:]]}
            found = [_driven(problem, day, left, one, tried[one.id], announced, held) for one in left.vans]
            if None in found:
                continue
            served = {id_ for one in tried.values() for id_ in one}
            changed = set().union(*found) | {id_ for id_ in announced if id_ not in served}
            if len(changed) <= day.most_changes or changed <= forced:
                return True
    return False


def test_a_return_is_offered_where_one_holds_within_the_bound_and_only_there():
    offered = refused = beyond = 0
    for kind, seed in product(("new", "delay", "behind", "ahead"), range(60)):
        world = random_day(seed, kind)
        if world is None:
            continue
        problem, plan, day = world
        left = left_of(problem, plan, day)
        goods = [one.id for one in day.new_stops if any(one.delivery)]
        if not goods or left.fetch or left.collected_at or left.gone or len(left.vans) == 0:
            continue
        announced = announced_of(plan, left, day)
        forced = forced_changes(problem, plan, day, left, announced)
        if forced is None:
            continue
        made = replan(problem, plan, day, iterations=1, seed=1, engine="ruin_recreate")
        missed = {one.stop_id: one for one in made.plan.unassigned}
        if goods[0] not in missed:
            continue
        left.tasks[CALL] = Stop(
            id=CALL,
            name=CALL,
            delivery=(0.0,),
            pickup=(0.0,),
            opens_s=0.0,
            closes_s=1e9,
            service_duration_s=0.0,
            location_id="hub",
        )
        ways = [within_bound(problem, day, left, announced, forced, made, goods[0], held) for held in (True, False)]
        said = any(one.kind is RelaxationKind.RETURN_TO_LOAD for one in missed[goods[0]].relaxations)
        assert said or not all(ways), (kind, seed)
        assert any(ways) or not said, (kind, seed)
        offered += said
        refused += not said
        beyond += len(forced) > day.most_changes
    assert offered >= 3
    assert refused >= 3
    assert beyond >= 1

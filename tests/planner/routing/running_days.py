"""Tiny random days with what happened in their course, and the best that any order of what is left can do.

Nothing of the planner's replanning is used: where vehicles are is read off the plan and the reports by the rules of
docs/replanning.md, and every order is driven here. All figures are whole minutes.
"""

import math
import random
from dataclasses import dataclass
from itertools import combinations, permutations, product

import numpy as np

from planner.model import TravelMatrix
from planner.routing import Depot, RoutingProblem, Stop
from planner.routing.day.events import Cargo, Day, VehicleReport
from planner.routing.schedule import schedule
from planner.routing.solve import plan_of
from tests.planner.routing.worlds import vehicle

MINUTE = 60.0
_SLACK = 0.5
IDS = ("hub", "a", "b", "c", "d", "e")
KINDS = ("delay", "lost", "new", "cancelled", "ahead", "behind", "tight", "closed", "full")


def random_day(seed, kind):
    """Return (problem, plan, day), None if the routes that were drawn do not hold."""
    draw = random.Random(f"{kind} {seed}")
    minutes = np.array([[float(draw.randint(5, 40)) for _ in IDS] for _ in IDS])
    if kind == "closed":  # two fifths of the roads, one way each: a detour is left, or none
        minutes[[[draw.random() < 0.4 for _ in IDS] for _ in IDS]] = math.inf
    np.fill_diagonal(minutes, 0.0)
    if kind == "closed":
        for k in range(len(IDS)):
            minutes = np.minimum(minutes, minutes[:, k, None] + minutes[None, k])
    stops = []
    for id_ in IDS[1:]:
        opens, closes = (draw.randint(0, 90), draw.randint(91, 160)) if draw.random() < 0.4 else (0, 400)
        amounts = draw.choice(((2.0, 0.0), (0.0, 1.0)))
        if kind == "tight":  # whatever is late makes others late, and anybody may come
            opens, amounts = draw.randint(0, 100), (0.0, 1.0)
            closes = opens + draw.randint(20, 60)
        if kind == "full":  # whatever is left out stays on board, where others want to hand something over
            opens, closes, amounts = 0, draw.randint(60, 240), draw.choice(((2.0, 1.0), (3.0, 0.0), (0.0, 2.0)))
        stops.append(_stop(id_, *amounts, opens, closes, draw.randint(0, 8)))
    vans = vehicle(
        count=2,
        capacity=(draw.choice((6.0, 8.0, 9.0)) if kind == "full" else 100.0,),
        shift_end_s=draw.choice((180, 240, 400)) * MINUTE,
        max_duration_s=math.inf,
        fixed_cost_yuan=5.0,
    )
    problem = RoutingProblem(
        dimensions=("kg",),
        depots=(Depot(id="hub", name="hub"),),
        stops=tuple(stops),
        vehicle_types=(vans,),
        travel=TravelMatrix(
            origin_ids=IDS, destination_ids=IDS, durations_s=minutes * MINUTE, distances_m=minutes * 1000.0
        ),
    )
    order = draw.sample(stops, len(stops))
    if kind == "tight":
        order.sort(key=lambda one: one.closes_s)
    cut = draw.randint(1, len(stops))
    parts = [one for one in (order[:cut], order[cut:]) if one]
    if any(schedule(problem, vans, "van-1", one) is None or _too_heavy(vans, one) for one in parts):
        return None
    plan = plan_of(problem, [(vans, one) for one in parts], engine="drawn", seed=0)
    now = draw.randint(5, 30 if kind == "tight" else 120) * MINUTE
    return problem, plan, _what_happened(draw, kind, plan, now)


def _too_heavy(kind, order):
    load = sum(one.delivery[0] for one in order)
    loads = [load] + [load := load - one.delivery[0] + one.pickup[0] for one in order]
    return max(loads) > kind.capacity[0]


def _stop(id_, down, up, opens, closes, stay, **changes):
    return Stop(
        id=id_,
        name=id_,
        delivery=(down,),
        pickup=(up,),
        opens_s=opens * MINUTE,
        closes_s=closes * MINUTE,
        service_duration_s=stay * MINUTE,
        **changes,
    )


def _what_happened(draw, kind, plan, now):
    reports, cancelled, new = [], (), ()
    for route in plan.routes:
        delay = (
            draw.choice((0, 10, 25, 60)) * MINUTE if kind in ("delay", "tight", "full") or draw.random() < 0.3 else 0.0
        )
        lost = kind == "lost" and route is plan.routes[0]
        done = None
        begun = [v.stop_id for v in route.visits if v.service_start_s + delay <= now]
        if kind in ("ahead", "behind") and begun:
            ids = [visit.stop_id for visit in route.visits]
            count = len(begun) + (1 if kind == "ahead" else -1)
            done = tuple(ids[: max(1, min(len(ids), count))])
        if delay or lost or done is not None:
            cargo = draw.choice((Cargo.FETCH, Cargo.FETCH, Cargo.GONE)) if lost else Cargo.FETCH
            reports.append(VehicleReport(vehicle_id=route.vehicle_id, delay_s=delay, lost=lost, cargo=cargo, done=done))
    if kind == "cancelled" or draw.random() < 0.2:
        cancelled = (draw.choice(IDS[1:]),)
    if kind == "new" or draw.random() < 0.2:
        goods = draw.choice(((0.0, 1.0), (0.0, 1.0), (1.0, 0.0)))
        opens = draw.randint(0, 150)
        new = (_stop("n", *goods, opens, opens + draw.randint(5, 120), 3, location_id=draw.choice(IDS[1:])),)
    return Day(
        now_s=now,
        most_changes=draw.randint(0, 4),
        tolerance_s=draw.choice((0, 5, 15)) * MINUTE,
        reports=tuple(reports),
        new_stops=new,
        cancelled=cancelled,
        transfer_duration_s=5 * MINUTE,
    )


@dataclass
class Van:
    """A vehicle that can still drive: where, from when on, and what it alone carries; ``out``: it has left."""

    id: str
    place: str
    free_s: float
    out: bool
    aboard: frozenset
    latest_s: float
    must: bool = False
    load: float = 0.0


@dataclass
class Left:
    """What is left of a day: who can drive, what is to be done, and what lies on a lost vehicle (stop: place)."""

    vans: list
    tasks: dict
    fetch: dict
    gone: set
    done: set
    collected_at: str = ""


def left_of(problem, plan, day):
    """Return what is left, read off the plan."""
    tasks = {stop.id: stop for stop in (*problem.stops, *day.new_stops)}
    left = Left([], tasks, {}, set(), set())
    kind = problem.vehicle_types[0]
    routes = {route.vehicle_id: route for route in plan.routes}
    for id_ in kind.vehicle_ids():
        route, report = routes.get(id_), day.report_of(id_)
        if route is None:
            if not report.lost and day.now_s < kind.shift_end_s:
                left.vans.append(
                    Van(id_, "hub", max(day.now_s, kind.shift_start_s), False, frozenset(), kind.shift_end_s)
                )
            continue
        late = report.delay_s
        if not report.done and route.start_s + late > day.now_s:
            leaves = max(day.now_s, kind.shift_start_s, route.start_s + late if late else 0.0)
            if not report.lost and leaves < kind.shift_end_s:
                left.vans.append(Van(id_, "hub", leaves, False, frozenset(), kind.shift_end_s))
            continue
        begun = [v for v in route.visits if v.service_start_s + late <= day.now_s]
        if report.done is not None:
            begun = list(route.visits[: len(report.done)])
        ahead = list(route.visits[len(begun) :])
        left.done |= {visit.stop_id for visit in begun}
        if not ahead and route.end_s + late <= day.now_s:
            continue  # back
        place, free = _where(problem, day, route, begun, ahead, report)
        aboard = {v.stop_id for v in ahead if any(tasks[v.stop_id].delivery)} - set(day.cancelled)
        if report.lost:
            if report.cargo is Cargo.GONE:
                left.gone |= aboard
            else:
                left.fetch |= dict.fromkeys(aboard, place)
                back = [tasks[v.stop_id].pickup[0] for v in begun]
                back += [tasks[v.stop_id].delivery[0] for v in ahead if v.stop_id in day.cancelled]
                left.collected_at = place if any(back) else ""
            continue
        home = _leg(problem, place, "hub")
        latest = max(kind.shift_end_s, free + home + 1)
        load = sum(tasks[v.stop_id].pickup[0] for v in begun) + sum(tasks[v.stop_id].delivery[0] for v in ahead)
        left.vans.append(Van(id_, place, free, True, frozenset(aboard), latest, must=True, load=load))
    for id_ in (*day.cancelled, *left.done, *left.gone):
        tasks.pop(id_, None)
    return left


def _where(problem, day, route, begun, ahead, report):
    tasks = {stop.id: stop for stop in problem.stops}
    late, now = report.delay_s, day.now_s
    if begun and report.done is None and begun[-1].departure_s + late > now:
        return tasks[begun[-1].stop_id].place, begun[-1].departure_s + late
    place, planned = (tasks[ahead[0].stop_id].place, ahead[0].arrival_s) if ahead else ("hub", route.end_s)
    if report.done and now + _leg(problem, begun[-1].stop_id, place) < planned + late - 1e-3:
        return begun[-1].stop_id, now
    return place, max(now, planned + late)


def _leg(problem, a, b):
    travel = problem.travel
    row = {id_: i for i, id_ in enumerate(travel.origin_ids)}
    return 0.0 if a == b else float(travel.durations_s[row[a], row[b]])


def best_of_all(problem, plan, day, forced):
    """Return the least worth (see `worth`) of any routes that change no more than the day allows.

    More only where none but the ``forced`` change. Where a stop is left or more changes than allowed, nobody need wait for
    the announced times.
    """
    left = left_of(problem, plan, day)
    announced = announced_of(plan, left, day)
    nodes = [*left.tasks, *(f"@{id_}" for id_ in left.fetch), *(["@collected"] if left.collected_at else [])]
    kept, base = going_on(problem, plan, day)
    found = []
    for held in (True, False):
        options = {}
        for van in left.vans:
            able = [id_ for id_ in nodes if _may(left, van, id_)]
            options[van.id] = _options(problem, day, left, van, able, announced, held, kept)
        best = _best(options, nodes, announced, day, forced, base)
        if best is not None:
            found.append(best[0])
            if best[0][0] == 0 and best[1] <= day.most_changes:
                break
    return min(found)


def announced_of(plan, left, day):
    """Return who serves each stop and when, as it was told and is still to be done."""
    told = {v.stop_id: (r.vehicle_id, v.service_start_s) for r in plan.routes for v in r.visits}
    return {id_: one for id_, one in told.items() if id_ not in left.done and id_ not in day.cancelled}


def going_on(problem, plan, day):
    """Return when each stop is served, and the yuan, if every vehicle goes on as planned and drops what it cannot serve."""
    left = left_of(problem, plan, day)
    announced = announced_of(plan, left, day)
    kept, cost = {}, 0.0
    for van in left.vans:
        due = sorted((one[1], id_) for id_, one in announced.items() if one[0] == van.id and id_ in left.tasks)
        order = [id_ for _, id_ in due]
        if timed(problem, day, left, van, order, announced, True) is None:
            order = []
            for _, id_ in due:
                if timed(problem, day, left, van, [*order, id_], announced, True) is not None:
                    order.append(id_)
        times, yuan = timed(problem, day, left, van, order, announced, True)
        kept |= times
        cost += yuan
    return kept, cost


def worth(announced, day, kept, base, served, nodes, cost):
    """Return (stops left, they and goods left lying, given up, burden in yuan); ``served`` has (vehicle, time) by id."""
    missed = [id_ for id_ in nodes if id_ not in served]
    stops = sum(not id_.startswith("@") for id_ in missed)
    given, steps = borne(announced, day, kept, served)
    return stops, len(missed), given, round(10 * steps + max(0.0, cost - base), 2)


def borne(announced, day, kept, served):
    """Return how many stops are given up, and the steps that all bear."""
    given = steps = 0
    told = [(id_, *served[id_]) for id_ in served if id_ in announced]
    for id_, van, at in told:
        off = abs(at - announced[id_][1])
        over = (off - day.tolerance_s) / (15 * MINUTE)
        steps += math.ceil(over - 1e-5) ** 2 if over > 1e-5 else 0
        steps += 2 * (van != announced[id_][0])
        if id_ in kept and abs(kept[id_] - announced[id_][1]) <= 30 * MINUTE + 0.01:
            given += at > kept[id_] + 60 * MINUTE + 0.01
    for van in {van for _, van, _ in told}:
        at = sorted((at, announced[id_][1]) for id_, who, at in told if who == van == announced[id_][0])
        before = [planned for _, planned in at]
        steps += 2 * next(
            gone
            for gone in range(len(before) + 1)
            if any(list(rest) == sorted(rest) for rest in combinations(before, len(before) - gone))
        )
    return given, steps


def _may(left, van, id_):
    if id_.startswith("@"):
        return True
    if id_ in left.fetch or not any(left.tasks[id_].delivery):
        return True
    if any(id_ in one.aboard for one in left.vans):
        return id_ in van.aboard
    return not van.out


def _options(problem, day, left, van, able, announced, held, kept):
    """Return (stops served, those of them that change): [(given up, steps, yuan)] of all orders that hold and none beats."""
    found = {}
    for size in range(len(able) + 1):
        for order in permutations(able, size):
            driven = timed(problem, day, left, van, order, announced, held)
            if driven is None:
                continue
            times, yuan = driven
            bears = (*borne(announced, day, kept, {id_: (van.id, at) for id_, at in times.items()}), yuan)
            alike = found.setdefault((frozenset(order), changes(announced, day, van, times)), [])
            if not any(all(a <= b for a, b in zip(one, bears, strict=True)) for one in alike):
                alike[:] = [one for one in alike if not all(a <= b for a, b in zip(bears, one, strict=True))]
                alike.append(bears)
    return found


def _driven(problem, day, left, van, order, announced, held):
    """Return which announced stops change in this order, None if it does not hold."""
    driven = timed(problem, day, left, van, order, announced, held)
    return None if driven is None else changes(announced, day, van, driven[0])


def changes(announced, day, van, times):
    """Return the announced stops that a van serves at another time, or that were another's."""
    return frozenset(
        id_
        for id_, at in times.items()
        if id_ in announced and (announced[id_][0] != van.id or abs(at - announced[id_][1]) > day.tolerance_s + _SLACK)
    )


def timed(problem, day, left, van, order, announced, held):
    """Return when service begins at each stop of this order, and what the route costs; None if it does not hold."""
    for id_ in order:
        if id_ in left.fetch and (f"@{id_}" not in order or order.index(f"@{id_}") > order.index(id_)):
            return None
        if id_.startswith("@") and id_ != "@collected" and id_[1:] not in order:
            return None
    if not any(id_.startswith("@") for id_ in order) and _overfull(problem, left, van, order):
        return None
    clock, place = van.free_s, van.place
    begins, closing, driven = [], [], 0.0
    for id_ in order:
        fetched = id_.startswith("@")
        where = (
            (left.collected_at if id_ == "@collected" else left.fetch[id_[1:]]) if fetched else left.tasks[id_].place
        )
        same = fetched and begins and begins[-1][0].startswith("@")
        clock += _leg(problem, place, where)
        driven += _leg(problem, place, where)
        place = where
        if fetched:
            clock += 0.0 if same else day.transfer_duration_s
            begins.append((id_, clock, 0.0))
            closing.append(math.inf)
            continue
        stop = left.tasks[id_]
        opens = stop.opens_s
        if held and id_ in announced:
            opens = max(opens, announced[id_][1] - day.tolerance_s)
        if clock > stop.closes_s + _SLACK:
            return None
        begin = max(clock, opens)
        begins.append((id_, begin, begin - clock))
        closing.append(stop.closes_s)
        clock = begin + stop.service_duration_s
    if order and clock + _leg(problem, place, "hub") > van.latest_s + _SLACK:
        return None
    shift = 0.0  # one that has not left leaves as late as it may without coming home later
    if not van.out and begins:
        slack, shift = math.inf, 0.0
        waited = 0.0
        for (_, begin, waits), closes in zip(begins, closing, strict=True):
            waited += waits
            slack = min(slack, closes - (begin - waited))
        shift = min(waited, slack)
    times, waited = {}, 0.0
    for id_, begin, waits in begins:
        waited += waits
        times[id_] = begin + max(0.0, shift - waited)
    home = _leg(problem, place, "hub")
    return times, _yuan(problem, day, van, driven + home, clock + home - van.free_s - shift, bool(order))


def _overfull(problem, left, van, order):
    """Return whether more would be on board than fits: one on the road has what it has, whoever gets it."""
    load = van.load if van.out else sum(left.tasks[id_].delivery[0] for id_ in order)
    most = load
    for id_ in order:
        load += left.tasks[id_].pickup[0] - left.tasks[id_].delivery[0]
        most = max(most, load)
    return most > problem.vehicle_types[0].capacity[0] + 1e-9


def _yuan(problem, day, van, driven, duty, goes):
    """Return what a route costs: a minute is a kilometre on these roads; who has left is on duty from now on."""
    kind = problem.vehicle_types[0]
    if not (van.out or goes):
        return 0.0
    duty += van.free_s - day.now_s if van.out else 0.0
    fixed = 0.0 if van.out else kind.fixed_cost_yuan
    return fixed + kind.cost_per_km_yuan * driven / MINUTE + kind.cost_per_hour_yuan * duty / 3600


def _best(options, nodes, announced, day, forced, base):
    """Return the least worth and how many change in it; None if there are no routes."""
    best = None
    for chosen in product(*options.values()):
        served = [id_ for stops, _ in chosen for id_ in stops]
        if len(set(served)) != len(served):
            continue
        changed = frozenset().union(*(one for _, one in chosen), set(announced) - set(served))
        if len(changed) > day.most_changes and not changed <= forced:
            continue
        missed = [id_ for id_ in nodes if id_ not in served]
        first = (sum(not id_.startswith("@") for id_ in missed), len(missed))
        if best is not None and first > best[0][:2]:
            continue
        for bears in product(*(options[van][key] for van, key in zip(options, chosen, strict=True))):
            given, steps, cost = (sum(column) for column in zip((0, 0, 0.0), *bears, strict=True))
            tried = ((*first, given, round(10 * steps + max(0.0, cost - base), 2)), len(changed))
            best = tried if best is None else min(best, tried)
    return best

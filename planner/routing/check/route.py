"""One route driven again, step by step, from the problem alone."""

from __future__ import annotations

import math
from itertools import pairwise

from planner.errors import Message
from planner.routing.check.carried_loads import replay_loads
from planner.routing.check.route_replay import TIME_TOLERANCE_S, RouteReplay
from planner.routing.check.taken_pauses import replay_breaks, replay_rests
from planner.routing.problem import RoutingProblem
from planner.routing.solution import Pause, Reload, Route, Violation, ViolationKind, Visit

COST_TOLERANCE_YUAN = 0.005
_SEARCH_STEPS = 100


def violations_of(problem: RoutingProblem, route: Route) -> list[Violation]:
    """Return every fault of one route."""
    replay = _Drive(problem, route)
    replay.drive()
    replay_loads(replay)
    replay_breaks(replay)
    replay_rests(replay)
    return replay.found


class _Drive(RouteReplay):
    def drive(self) -> None:
        route, kind = self.route, self.kind
        self.ends()
        place, leaves = ("" if kind.open_start else route.depot_id), route.start_s
        ready, slowest = self.last_release(0)
        if leaves < ready - TIME_TOLERANCE_S:
            self.note(
                ViolationKind.RELEASE,
                slowest,
                Message("leaves at {leaves:.0f} with what is ready from {ready:.0f} on", leaves=leaves, ready=ready),
            )
        driving = distance = 0.0
        for k, call in enumerate(self.calls):
            name = call.stop_id if isinstance(call, Visit) else call.depot_id
            target = self.stops[call.stop_id].place if isinstance(call, Visit) else call.depot_id
            needed, metres = self.leg(place, target)
            if not math.isfinite(needed):
                self.note(ViolationKind.NO_WAY, name, Message("there is no way from {place}", place=place))
                return
            arrives, driven = self.go(leaves, needed, [p for p in route.pauses if p.after == k], name)
            self.expect(ViolationKind.WRONG_DISTANCE, name, Message("leg metres"), metres, call.distance_m)
            self.expect(ViolationKind.WRONG_TIME, name, Message("leg seconds"), driven, call.driving_s)
            self.expect(ViolationKind.WRONG_TIME, name, Message("arrival time"), arrives, call.arrival_s)
            if isinstance(call, Visit):
                self.visit(call, moved=place != target)
            else:
                self.reload(call, self.last_release(k + 1)[0])
            driving, distance = driving + driven, distance + metres
            place, leaves = target, call.departure_s
        needed, metres = (0.0, 0.0) if kind.open_end else self.leg(place, kind.end_id)
        if not math.isfinite(needed):
            self.note(ViolationKind.NO_WAY, "", Message("there is no way back from {place}", place=place))
            return
        last = [p for p in route.pauses if p.after == len(self.calls)]
        arrives, driven = self.go(leaves, needed, last, "")
        self.expect(ViolationKind.WRONG_DISTANCE, "", Message("return metres"), metres, route.return_distance_m)
        self.expect(ViolationKind.WRONG_TIME, "", Message("return seconds"), driven, route.return_driving_s)
        self.expect(ViolationKind.WRONG_TIME, "", Message("end of the route"), arrives, route.end_s)
        self.expect(ViolationKind.WRONG_DISTANCE, "", Message("total metres"), distance + metres, route.distance_m)
        self.expect(ViolationKind.WRONG_TIME, "", Message("total driving"), driving + driven, route.driving_s)
        self.limits(distance + metres, driving + driven)

    def ends(self) -> None:
        route, kind = self.route, self.kind
        end_id = route.end_depot_id or route.depot_id
        if end_id != kind.end_id:
            self.note(
                ViolationKind.UNKNOWN_ID, "", Message("ends at {end}, not {due_end}", end=end_id, due_end=kind.end_id)
            )
        if (route.open_start, route.open_end) != (kind.open_start, kind.open_end):
            self.note(ViolationKind.UNKNOWN_ID, "", Message("is open at other ends than its type"))

    def reload(self, reload: Reload, ready_s: float) -> None:
        ends = max(reload.arrival_s + self.kind.reload_duration_s, ready_s)
        self.expect(ViolationKind.WRONG_TIME, reload.depot_id, Message("departure time"), ends, reload.departure_s)
        if reload.depot_id not in self.kind.reload_depot_ids:
            self.note(
                ViolationKind.RELOAD,
                reload.depot_id,
                Message("{vehicle_type} does not reload there", vehicle_type=self.kind.id),
            )

    def last_release(self, begin: int) -> tuple[float, str]:
        """Return the latest release, and whose, of what is loaded for the calls from ``begin`` on up to the next reload."""
        latest = (0.0, "")
        for call in self.calls[begin:]:
            if isinstance(call, Reload):
                break
            latest = max(latest, (self.stops[call.stop_id].release_s, call.stop_id))
        return latest

    def leg(self, origin: str, destination: str) -> tuple[float, float]:
        if not origin or origin == destination:
            return 0.0, 0.0
        at = self.row[origin], self.column[destination]
        return float(self.travel.durations_s[at]) / self.kind.speed_factor, float(self.travel.distances_m[at])

    def go(self, leaves_s: float, needed_s: float, pauses: list[Pause], name: str) -> tuple[float, float]:
        """Return arrival and seconds of driving of a leg interrupted by these pauses."""
        clock, driven, left = leaves_s, 0.0, needed_s
        for pause in pauses:
            if pause.start_s < clock - TIME_TOLERANCE_S:
                self.note(
                    ViolationKind.WRONG_TIME,
                    name,
                    Message("a break or rest begins before {clock:.0f}", clock=clock),
                )
            done = min(left, self.covered(clock, pause.start_s))
            until = self.arrive(clock, done)
            self.stretches.append((clock, until))
            self.pauses.append((until, pause.end_s))
            driven, left, clock = driven + until - clock, left - done, pause.end_s
        until = self.arrive(clock, left)
        self.stretches.append((clock, until))
        return until, driven + until - clock

    def covered(self, begins_s: float, ends_s: float) -> float:
        """Return the seconds of driving at normal speed between two times: the speeds of the day summed piece by piece."""
        cuts = sorted({begins_s, ends_s, *(t for t, _ in self.problem.speed_of_day if begins_s < t < ends_s)})
        total = 0.0
        for a, b in pairwise(cuts):
            factor = next((f for t, f in reversed(self.problem.speed_of_day) if t <= a), 1.0)
            total += (b - a) * factor
        return total if ends_s > begins_s else 0.0

    def arrive(self, leaves_s: float, needed_s: float) -> float:
        """Return the time by which so many seconds at normal speed are driven, by halving."""
        if not self.problem.speed_of_day:
            return leaves_s + needed_s
        slowest = min(1.0, *(factor for _, factor in self.problem.speed_of_day))
        low, high = leaves_s, leaves_s + needed_s / slowest
        for _ in range(_SEARCH_STEPS):
            middle = (low + high) / 2
            low, high = (low, middle) if self.covered(leaves_s, middle) >= needed_s else (middle, high)
        return high

    def visit(self, visit: Visit, *, moved: bool) -> None:
        stop = self.stops[visit.stop_id]
        start_s = visit.service_start_s
        if start_s < visit.arrival_s - TIME_TOLERANCE_S:
            self.note(ViolationKind.WRONG_TIME, stop.id, Message("service begins before the arrival"))
        if not any(o - TIME_TOLERANCE_S <= start_s <= c + TIME_TOLERANCE_S for o, c in stop.windows):
            hours = [f"{opens:.0f}-{closes:.0f}" for opens, closes in stop.windows]
            self.note(
                ViolationKind.WINDOW,
                stop.id,
                Message("service begins at {start_s:.0f}, outside {hours}", start_s=start_s, hours=hours),
            )
        lacking = sorted(set(stop.needs) - set(self.kind.skills))
        if lacking:
            self.note(
                ViolationKind.SKILL,
                stop.id,
                Message("{vehicle_type} lacks {skills}", vehicle_type=self.kind.id, skills=lacking),
            )
        names = {self.kind.id, self.route.vehicle_id}
        if (stop.only_vehicles and not names & set(stop.only_vehicles)) or names & set(stop.not_vehicles):
            self.note(
                ViolationKind.WRONG_VEHICLE,
                stop.id,
                Message("may not be served by {vehicle}", vehicle=self.route.vehicle_id),
            )
        setup = stop.setup_duration_s if moved else 0.0
        self.expect(ViolationKind.WRONG_TIME, stop.id, Message("setup time"), setup, visit.setup_s)
        ends = start_s + setup + stop.service_duration_s
        self.expect(ViolationKind.WRONG_TIME, stop.id, Message("departure time"), ends, visit.departure_s)

    def limits(self, distance_m: float, driving_s: float) -> None:
        route, kind = self.route, self.kind
        if route.start_s < kind.shift_start_s - TIME_TOLERANCE_S or route.end_s > kind.shift_end_s + TIME_TOLERANCE_S:
            self.note(
                ViolationKind.SHIFT,
                "",
                Message("duty {starts:.0f}-{ends:.0f} leaves the shift", starts=route.start_s, ends=route.end_s),
            )
        duty = route.end_s - route.start_s
        if duty > kind.max_duration_s + TIME_TOLERANCE_S:
            self.note(
                ViolationKind.MAX_DURATION,
                "",
                Message("duty of {duty:.0f} s, at most {most:.0f}", duty=duty, most=kind.max_duration_s),
            )
        if distance_m > kind.max_distance_m + TIME_TOLERANCE_S:
            self.note(
                ViolationKind.MAX_DISTANCE,
                "",
                Message("{distance_m:.0f} m, at most {most:.0f}", distance_m=distance_m, most=kind.max_distance_m),
            )
        if driving_s > kind.max_driving_s + TIME_TOLERANCE_S:
            self.note(
                ViolationKind.MAX_DRIVING,
                "",
                Message(
                    "{driving_s:.0f} s of driving, at most {most:.0f}", driving_s=driving_s, most=kind.max_driving_s
                ),
            )
        if kind.max_stops is not None and len(route.visits) > kind.max_stops:
            self.note(
                ViolationKind.MAX_STOPS,
                "",
                Message("{count} stops, at most {most}", count=len(route.visits), most=kind.max_stops),
            )
        if len(route.reloads) > kind.max_reloads:
            self.note(
                ViolationKind.RELOAD,
                "",
                Message("{count} reloads, at most {most}", count=len(route.reloads), most=kind.max_reloads),
            )
        cost = kind.fixed_cost_yuan + kind.cost_per_km_yuan * distance_m / 1000
        cost += kind.cost_per_hour_yuan * duty / 3600 + kind.cost_per_driving_hour_yuan * driving_s / 3600
        if abs(cost - route.cost_yuan) > COST_TOLERANCE_YUAN:
            self.note(
                ViolationKind.WRONG_COST,
                "",
                Message("cost is {cost:.2f}, the plan says {claimed:.2f}", cost=cost, claimed=route.cost_yuan),
            )

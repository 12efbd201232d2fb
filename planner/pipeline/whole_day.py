"""The routes of a whole day: what lies behind each vehicle as it happened, then what it has ahead of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from planner.pipeline.replan import Replanned
from planner.plans.courier_report import TickedStop
from planner.plans.under_way import SettledAs, SettledStop
from planner.routing import Pause, Reload, Route, RoutePlan, Visit
from planner.routing.day.standing import Standing, standings
from planner.routing.day.stop_ids import vehicle_at
from planner.routing.schedule import money_yuan
from planner.routing.timing import Timer

Call = Visit | Reload


class WholeDay:
    """The routes of a whole day, made of those that were driven so far and those of what is left of it.

    The leg that a vehicle is on is driven as it was planned, whatever has been closed since.
    ``ticks`` says when what couriers reported was settled; ``former`` is what had been settled when the plan was made.
    """

    def __init__(
        self,
        again: Replanned,
        *,
        ticks: Mapping[str, TickedStop],
        former: Sequence[SettledStop] = (),
    ) -> None:
        problem, so_far, day, made = again.problem, again.so_far, again.day, again.replan
        self.problem, self.day, self.made = problem, day, made
        self.driven_by = again.driven_by
        self.stops = {stop.id: stop for stop in problem.stops}
        self.ticks = ticks
        self.former = {one.stop_id: one for one in former}
        self.failed = {id_ for report in so_far.reports for id_ in report.failed}
        self.told = {id_ for report in so_far.reports for id_ in report.done or ()}
        self.rest = {route.vehicle_type_id: route for route in made.plan.routes}
        self.fleet = standings(problem, so_far.routes, day)

    def routes(self, kept: Sequence[Route] = ()) -> RoutePlan:
        """Return the routes, each with what lies behind it, and those ``kept``; a vehicle that goes nowhere has none."""
        made = [route for one in self.fleet if (route := self._route(one)) is not None and route.visits]
        routes = tuple(sorted([*made, *kept], key=lambda route: route.vehicle_id))
        return replace(
            self.made.plan,
            routes=routes,
            cost_yuan=sum(route.cost_yuan for route in routes),
            reached=(),
            balance_yuan=0.0,
        )

    def settled(self) -> tuple[SettledStop, ...]:
        """Return what is settled by now, by vehicle and time; what nobody has on board, last."""
        visits = {
            (one.vehicle_id, visit.stop_id): visit
            for one in self.fleet
            for visit in self._behind(one)
            if isinstance(visit, Visit)
        }
        found = [self._settled(one, id_, visits) for one in self.fleet for id_ in one.done]
        behind = {one.stop_id for one in found}
        holder = {id_: one.vehicle_id for one in self.fleet for id_ in self._called_off(one)}
        for ids, how in ((self.day.cancelled, SettledAs.CANCELLED), (self.made.gone, SettledAs.GONE)):
            for id_ in sorted(set(ids) - behind):
                now = SettledStop(
                    stop_id=id_, vehicle_id=holder.get(id_, ""), settled=how, at_s=self.day.now_s, reported=True
                )
                found.append(self.former.get(id_, now))
        return tuple(found)

    def _settled(self, one: Standing, stop_id: str, visits: Mapping[tuple[str, str], Visit]) -> SettledStop:
        former, tick = self.former.get(stop_id), self.ticks.get(stop_id)
        if former is not None and former.reported and tick is None:
            return former
        visit = visits[one.vehicle_id, stop_id]
        return SettledStop(
            stop_id=stop_id,
            vehicle_id=one.vehicle_id,
            settled=SettledAs.FAILED if stop_id in self.failed else SettledAs.DONE,
            at_s=visit.departure_s,
            reported=stop_id in self.told,
            reason=str(tick.reason) if tick else "",
            arrived_s=None if tick is None or tick.arrived is None else float(tick.arrived),
        )

    def _called_off(self, one: Standing) -> list[str]:
        """Return the stops whose goods a vehicle has on board in vain: nobody is to get them any more."""
        if not one.out:
            return []
        found = []
        for call in one.ahead:
            if isinstance(call, Reload):
                break
            if call.stop_id in self.day.cancelled and any(self.stops[call.stop_id].delivery):
                found.append(call.stop_id)
        return found

    def driven_legs(self, kept: Sequence[Route] = ()) -> set[tuple[str, str]]:
        """Return the ends of the legs that lie behind vehicles, and of those that they are on."""
        found = {(leg.origin_id, leg.destination_id) for route in kept for leg in route.legs()}
        for one in self.fleet:
            behind, route = self._behind(one), self._route(one)
            if route is not None and (one.out or one.finished):
                legs = [(leg.origin_id, leg.destination_id) for leg in route.legs()]
                found |= {*legs[: len(behind) + one.out]} if one.out else {*legs}
        return found

    # -- one vehicle

    def _route(self, one: Standing) -> Route | None:
        rest, route = self.rest.get(one.vehicle_id), one.route
        if not (one.out or one.finished):
            return None if rest is None or one.report.lost else self._named(one, rest)
        assert route is not None
        behind = self._behind(one)
        ahead = [] if rest is None else self._ahead(one, rest, behind)
        calls = [*behind, *ahead]
        if not calls:
            return None
        start_s = min(
            route.start_s + (0.0 if one.done else one.report.delay_s), calls[0].arrival_s - calls[0].driving_s
        )
        back_m, back_s, end_s, open_end = self._way_back(one, rest, behind, ahead)
        distance_m = sum(call.distance_m for call in calls) + back_m
        driving_s = sum(call.driving_s for call in calls) + back_s
        return replace(
            route,
            start_s=start_s,
            end_s=end_s,
            load_at_start=self._loaded(one, behind),
            visits=tuple(call for call in calls if isinstance(call, Visit)),
            reloads=tuple(self._counted(calls)),
            return_distance_m=back_m,
            return_driving_s=back_s,
            distance_m=distance_m,
            driving_s=driving_s,
            cost_yuan=money_yuan(one.kind, distance_m, end_s - start_s, driving_s),
            open_end=open_end,
            pauses=tuple(self._pauses(one, rest, behind)),
        )

    def _named(self, one: Standing, rest: Route) -> Route:
        """Return the route of a vehicle at its depot, which in the problem of the rest is a type by itself."""
        return replace(rest, vehicle_id=one.vehicle_id, vehicle_type_id=one.kind.id)

    def _behind(self, one: Standing) -> list[Call]:
        """Return the calls that lie behind a vehicle, with times and loads as they were; goods called off are no call."""
        route = one.route
        if route is None:
            return []
        calls: list[Call] = []
        count, free_s = 0, route.start_s
        for call in route.calls():
            if isinstance(call, Reload):
                count += 1
                if count <= one.reloads_done:
                    calls.append(call)
            elif call.stop_id in one.done and not self._is_called_off(call.stop_id):
                calls.append(self._as_it_was(one, call, free_s))
                free_s = calls[-1].departure_s
        return self._with_loads(one, calls)

    def _is_called_off(self, stop_id: str) -> bool:
        former = self.former.get(stop_id)
        return former is not None and former.settled is SettledAs.CANCELLED

    def _as_it_was(self, one: Standing, visit: Visit, free_s: float) -> Visit:
        """Return a visit with the times that are told of it, else those of the plan, late as the vehicle is."""
        tick, former = self.ticks.get(visit.stop_id), self.former.get(visit.stop_id)
        if former is None and tick is None:
            moved = [
                min(at + one.report.delay_s, self.day.now_s)
                for at in (visit.arrival_s, visit.service_start_s, visit.departure_s)
            ]
            return replace(visit, arrival_s=moved[0], service_start_s=moved[1], departure_s=moved[2])
        if tick is None:
            return visit
        left_s = float(tick.at)
        took_s = visit.departure_s - visit.service_start_s
        came_s = min(left_s, max(free_s, left_s - took_s) if tick.arrived is None else float(tick.arrived))
        return replace(visit, arrival_s=came_s, service_start_s=came_s, departure_s=left_s)

    def _with_loads(self, one: Standing, calls: Sequence[Call]) -> list[Call]:
        load = list(self._loaded(one, calls))
        found: list[Call] = []
        for i, call in enumerate(calls):
            if isinstance(call, Reload):
                load = list(self._loaded(one, calls[i + 1 :]))
                found.append(replace(call, load_after=tuple(load)))
                continue
            stop, nothing = self.stops[call.stop_id], (0.0,) * len(load)
            vain = call.stop_id in self.failed
            down, up = (nothing, nothing) if vain else (stop.delivery, stop.pickup)
            load = [amount - brought + fetched for amount, brought, fetched in zip(load, down, up, strict=True)]
            found.append(replace(call, delivered=down, picked_up=up, load_after=tuple(load)))
        return found

    def _loaded(self, one: Standing, behind: Sequence[Call]) -> tuple[float, ...]:
        """Return what was on board when a vehicle left its depot for the first of these calls behind it."""
        trip: list[str] = []
        for call in behind:
            if isinstance(call, Reload):
                break
            trip.append(call.stop_id)
        else:
            trip += [*one.aboard, *self._called_off(one)]
            trip += [id_ for id_ in one.done if self._is_called_off(id_)]
        taken_over = {pair.delivery_id for pair in self.problem.pairs}  # on the way, not at the depot
        goods = [self.stops[id_].delivery for id_ in trip if id_ not in taken_over]
        return tuple(sum(column) for column in zip((0.0,) * len(self.problem.dimensions), *goods, strict=True))

    def _ahead(self, one: Standing, rest: Route, behind: Sequence[Call]) -> list[Call]:
        """Return the calls of the new route, without the one where the vehicle is: the first leg begins at the last call."""
        calls = [  # without where it is, and what it has on board already
            call for call in rest.calls() if isinstance(call, Reload) or vehicle_at(call.stop_id) != one.vehicle_id
        ]
        if not calls:
            return []
        metres, seconds = self._to_where_it_is(one, behind)
        first = calls[0]
        return [replace(first, distance_m=first.distance_m + metres, driving_s=first.driving_s + seconds), *calls[1:]]

    def _to_where_it_is(self, one: Standing, behind: Sequence[Call]) -> tuple[float, float]:
        """Return metres and seconds from a vehicle's last call, or its depot, to where it is or where its leg ends."""
        assert one.route is not None
        last = self._place(behind[-1]) if behind else "" if one.route.open_start else one.route.depot_id
        known = not one.kind.profile or one.kind.profile in self.driven_by.profiles
        timer = Timer(self.driven_by if known else self.problem, one.kind)
        seconds, metres = timer.leg(last, one.place_id) if last else (0.0, 0.0)
        return metres, seconds

    def _place(self, call: Call) -> str:
        return self.stops[call.stop_id].place if isinstance(call, Visit) else call.depot_id

    def _way_back(
        self, one: Standing, rest: Route | None, behind: Sequence[Call], ahead: Sequence[Call]
    ) -> tuple[float, float, float, bool]:
        """Return metres, seconds, the end of the route, and whether it ends at its last call."""
        route = one.route
        assert route is not None
        if one.finished:
            return route.return_distance_m, route.return_driving_s, route.end_s + one.report.delay_s, route.open_end
        if rest is None:
            return 0.0, 0.0, max(call.departure_s for call in behind), True
        metres, seconds = (0.0, 0.0) if ahead else self._to_where_it_is(one, behind)
        return rest.return_distance_m + metres, rest.return_driving_s + seconds, rest.end_s, rest.open_end

    def _counted(self, calls: Sequence[Call]) -> Iterator[Reload]:
        """Yield the reloads, each with how many visits are before it."""
        visits = 0
        for call in calls:
            if isinstance(call, Reload):
                yield replace(call, after=visits)
            else:
                visits += 1

    def _pauses(self, one: Standing, rest: Route | None, behind: Sequence[Call]) -> Iterator[Pause]:
        assert one.route is not None
        for pause in one.route.pauses:
            if pause.break_id in one.breaks_taken:
                yield replace(pause, after=sum(call.departure_s <= pause.start_s for call in behind))
        if rest is None:
            return
        own = sum(vehicle_at(visit.stop_id) == one.vehicle_id for visit in rest.visits)
        for pause in rest.pauses:
            yield replace(pause, after=max(0, pause.after - own) + len(behind))

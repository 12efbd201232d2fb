"""Destroy and repair over which goods go by bus; of those that could, the routing engine chooses which vans leave out."""

from __future__ import annotations

import math
import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from planner.progress import Progress
from planner.routing import Stop
from planner.routing.timing import VehicleSteps
from planner.service.buses.bus_room import BusRoom, Key
from planner.service.buses.problem import BusProblem
from planner.service.buses.rides import Amounts, RideOption
from planner.service.buses.van_savings import VanSavings
from planner.service.buses.van_side import VanRoutes, VanSide


@dataclass(frozen=True, slots=True, kw_only=True)
class BusEffort:
    """How long is searched, in iterations of the routing engine; vans alone get as many as all else together.

    ``first_iterations`` go into each plan to begin with, ``iterations`` into each of ``rounds`` that follow,
    ``last_iterations`` into the routes of the best. A plan that costs up to the share ``hot`` more is taken on at first,
    none at the end. In each round the goods of ``near`` points (the least and the most), all near one, come off the buses;
    in the share ``part_share`` of the rounds some points have one direction carried; in the share ``anew_share`` all routes
    are made anew; in the share ``eager_share`` rides cost vans one of the shares ``eager`` at first (see `BusSearch`), as
    they do in all but two of the plans to begin with. Estimates are blurred by ``blurs``.
    """

    first_iterations: int = 100
    eager: tuple[float, ...] = (0.7, 0.4, 0.1)
    rounds: int = 24
    iterations: int = 50
    last_iterations: int = 200
    hot: float = 0.01
    near: tuple[int, int] = (3, 24)
    part_share: float = 0.25
    anew_share: float = 0.2
    eager_share: float = 0.4
    blurs: tuple[float, ...] = (0.1, 0.3, 1.0)

    @classmethod
    def usual(cls, points: int) -> BusEffort:
        """Return the effort for so many points: a round for every four, and fewer iterations where each takes longer."""
        least = min(1.0, 113 / max(1, points))
        return cls(
            first_iterations=round(100 * least),
            rounds=min(24, max(12, points // 4)),
            iterations=round(50 * least),
            last_iterations=round(200 * least),
        )

    @property
    def all_iterations(self) -> int:
        """Return how many iterations are made in all."""
        return (
            (2 + len(self.eager)) * (self.first_iterations + 1)
            + self.rounds * (self.iterations + 1)
            + self.last_iterations
        )


Worth = tuple[int, int, float]
"""What a plan is judged by, the less the better: priorities and number of points that are not served, yuan."""


@dataclass(frozen=True, slots=True)
class BusState:
    """What buses carry and the routes of the rest."""

    room: BusRoom
    vans: VanRoutes
    worth: Worth


class BusSearch:
    """A search for the plan of a problem.

    Rides are put on trips one by one where there is room; then the routing engine, for which such a point is optional at
    the cost of its rides, makes the routes of vans and so chooses which of them to visit after all. It leaves out one point
    after the other, and does not find that a whole route can go where no single point pays: so it is at times told first
    that rides are cheap.
    """

    def __init__(self, problem: BusProblem, options: dict[Key, list[RideOption]], effort: BusEffort, seed: int) -> None:
        self._problem, self._options, self._effort = problem, options, effort
        self._points = {point.id: point for point in sorted(problem.points, key=lambda point: point.id)}
        self._random = random.Random(seed)
        self._savings, self.vans = VanSavings(problem), VanSide(problem, seed)
        self._keys = {id_: [(id_, up) for up in (False, True) if any(self._goods((id_, up)))] for id_ in self._points}
        self._whole = [id_ for id_, keys in self._keys.items() if keys and all(key in options for key in keys)]
        self._some = [id_ for id_, keys in self._keys.items() if any(key in options for key in keys)]
        self._trunk = {id_: one.trunk_yuan_per_unit for one in problem.stations for id_ in one.point_ids}

    def run(self, progress: Progress) -> BusState:
        """Return the best plan found."""
        effort = self._effort
        best = now = self._first()
        for k in range(effort.rounds):
            progress("buses", k, effort.rounds)
            hot = effort.hot * (1 - k / effort.rounds)
            tried = self._next(now)
            dearer = tried.worth[2] - now.worth[2]
            if tried.worth <= now.worth or (
                tried.worth[:2] == now.worth[:2] and dearer <= hot * self._random.random() * now.worth[2]
            ):
                now = tried
            best = min(best, tried, key=lambda state: state.worth)
        progress("buses", effort.rounds, effort.rounds)
        return best

    def left(self, room: BusRoom) -> dict[str, Stop]:
        """Return the points with what is not carried by bus, by id."""
        left = {}
        for id_, point in self._points.items():
            keys = [key for key in self._keys[id_] if key not in room.rides]
            if keys or not self._keys[id_]:
                nothing = (0.0,) * len(point.delivery)
                left[id_] = replace(
                    point,
                    delivery=nothing if (id_, False) in room.rides else point.delivery,
                    pickup=nothing if (id_, True) in room.rides else point.pickup,
                )
        return left

    def trunk_yuan(self, room: BusRoom, visited: Collection[str]) -> float:
        """Return what bringing goods to stations and fetching them costs, for points that are visited."""
        keys = (key for id_ in sorted(self._trunk.keys() & visited) for key in self._keys[id_])
        return math.fsum(self._trunk_of(key) for key in keys if key not in room.rides)

    def _goods(self, key: Key) -> Amounts:
        return self._points[key[0]].pickup if key[1] else self._points[key[0]].delivery

    def _trunk_of(self, key: Key) -> float:
        return math.fsum(one * price for one, price in zip(self._goods(key), self._trunk.get(key[0], ()), strict=False))

    def _first(self) -> BusState:
        """Return the best plan that begins with what buses would carry if they had room for all."""
        most, prices = self._effort.first_iterations, {id_: self._own_yuan(id_) for id_ in self._whole}
        asked = {id_: replace(point, skip_cost_yuan=prices.get(id_, math.inf)) for id_, point in self._points.items()}
        ideal = self.vans.routes(asked, (), most)
        worth = self._savings.yuan(ideal.routes, self._whole)
        order = sorted(self._whole, key=lambda id_: (id_ in ideal.served, -worth[id_] / (1.0 + prices[id_]), id_))
        room = BusRoom(self._problem, self._options)
        self._fill(room, order)
        begun = [self._with_vans(room.copy(), ideal.steps, most)]
        begun += [self._with_vans(room.copy(), (), most, eager=one) for one in self._effort.eager]
        return min(begun, key=lambda state: state.worth)

    def _own_yuan(self, id_: str) -> float:
        """Return what taking the goods of a point by bus costs where it is alone."""
        room = BusRoom(self._problem, self._options)
        if not all(room.place(key, self._goods(key)) for key in self._keys[id_]):
            return math.inf
        return max(0.0, room.rides_yuan() - math.fsum(self._trunk_of(key) for key in self._keys[id_]))

    def _next(self, now: BusState) -> BusState:
        """Return a plan near this one: some goods off the buses, others on them, vans as the engine then chooses."""
        room, chance, effort = now.room.copy(), self._random, self._effort
        most = min(len(self._some), effort.near[1])
        around = self._savings.nearest(chance.choice(self._some), self._some)
        for id_ in around[: chance.randint(min(most, effort.near[0]), most)]:
            if chance.random() < 0.7:
                for key in self._keys[id_]:
                    room.remove(key)
        parts = chance.random()
        if parts < effort.part_share / 2:
            self._carry_parts(room, now)
        self._fill(room, self._blurred_order(now))
        if effort.part_share / 2 <= parts < effort.part_share:
            self._carry_parts(room, now)
        start = () if chance.random() < effort.anew_share else now.vans.steps
        eager = chance.choice(effort.eager) if chance.random() < effort.eager_share else 1.0
        return self._with_vans(room, start, effort.iterations, eager=eager)

    def _blurred_order(self, now: BusState) -> list[str]:
        """Return points by what buses would save the vans, more or less, in all or for each parcel, some route's first."""
        chance, saved = self._random, self._savings.yuan(now.vans.routes, self._whole)
        blur, power = chance.choice(self._effort.blurs), chance.choice((0.0, 0.5, 1.0))
        favoured: set[str] = set()
        if now.vans.routes and chance.random() < 0.3:
            favoured = {visit.stop_id for visit in chance.choice(now.vans.routes).visits}
        worth = {}
        for id_ in self._whole:
            goods = math.fsum(self._goods(key)[0] for key in self._keys[id_])
            worth[id_] = saved[id_] / max(1.0, goods) ** power * chance.lognormvariate(0.0, blur)
            worth[id_] *= 10.0 if id_ in favoured else 1.0
        return sorted(self._whole, key=lambda id_: (-worth[id_], id_))

    def _fill(self, room: BusRoom, order: Sequence[str]) -> None:
        """Put on the buses what goes there wholly, in this order."""
        for id_ in order:
            keys = self._keys[id_]
            if not any(key in room.rides for key in keys) and not all(
                room.place(key, self._goods(key)) for key in keys
            ):
                for key in keys:
                    room.remove(key)

    def _carry_parts(self, room: BusRoom, now: BusState) -> None:
        """Put one direction of some points on buses: of any, or of those on one route, which so has room for others."""
        chance = self._random
        among = [id_ for id_ in self._some if not any(key in room.rides for key in self._keys[id_])]
        if now.vans.routes and chance.random() < 0.5:
            visited = {visit.stop_id for visit in chance.choice(now.vans.routes).visits}
            among = [id_ for id_ in among if id_ in visited]
        up = chance.random() < 0.5
        for id_ in chance.sample(among, min(len(among), chance.randint(1, 6))):
            keys = [key for key in self._keys[id_] if key in self._options]
            room.place(keys[-1 if up else 0], self._goods(keys[-1 if up else 0]))

    def _with_vans(
        self, room: BusRoom, start: Sequence[VehicleSteps], iterations: int, *, eager: float = 1.0
    ) -> BusState:
        """Return the plan of these rides or fewer: a point that vans rather visit is taken off the buses.

        Where ``eager`` is below 1 vans first leave out points as if rides cost only that share, so that they come to do with
        fewer routes, and then visit again what pays.
        """
        needed, left = self.left(room), {}
        for id_ in self._whole:
            keys = self._keys[id_]
            if all(key in room.rides for key in keys):
                saved = math.fsum(room.yuan(key) - self._trunk_of(key) for key in keys)
                left[id_] = replace(self._points[id_], skip_cost_yuan=max(0.0, saved))
        if eager < 1.0:
            half = (iterations + 1) // 2
            less = {id_: replace(one, skip_cost_yuan=eager * one.skip_cost_yuan) for id_, one in left.items()}
            start, iterations = self.vans.routes(needed | less, start, half).steps, half
        vans = self.vans.routes(needed | left, start, iterations)
        for id_ in sorted(vans.served - needed.keys()):
            for key in self._keys[id_]:
                room.remove(key)
        room.tidy()
        missed = [self._points[id_] for id_ in needed.keys() - vans.served]
        cost = vans.yuan + room.rides_yuan() + room.runs_yuan() + self.trunk_yuan(room, vans.served)
        return BusState(room, vans, (sum(point.priority for point in missed), len(missed), cost))

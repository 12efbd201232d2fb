"""Goods put onto trips and taken off again, with the room that is left on each leg."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from planner.service.buses.problem import BusProblem
from planner.service.buses.rides import SLACK, Amounts, RideOption, Run

MOST_RIDES = 4
"""Rides into which the goods of one direction are split at most, each on a trip of its own."""
Key = tuple[str, bool]
"""A point and a direction: up or down."""
Taken = tuple[RideOption, Amounts]


class BusRoom:
    """What the trips carry; a copy can be changed without the original."""

    def __init__(self, problem: BusProblem, options: Mapping[Key, Sequence[RideOption]]) -> None:
        self.options = options
        self.room = [[list(leg) for leg in trip.room] for trip in problem.trips]
        self.rides: dict[Key, list[Taken]] = {}
        self.runs: Counter[Run] = Counter()

    def copy(self) -> BusRoom:
        """Return the same, apart."""
        made = BusRoom.__new__(BusRoom)
        made.options = self.options
        made.room = [[leg.copy() for leg in legs] for legs in self.room]
        made.rides, made.runs = self.rides.copy(), self.runs.copy()
        return made

    def place(self, key: Key, amount: Amounts) -> bool:
        """Put all goods of a direction onto trips where they cost least: in one ride or in several."""
        options, found = self.options.get(key, ()), []
        whole = [one for one in options if self._fits(one, amount)]
        if whole:
            self._take(key, min(whole, key=lambda one: self._yuan(one, amount)), amount)
            found.append(self._taken_off(key))
        if len(whole) < len(options) and amount[0] > 1.0:
            found += [split for cheap in (False, True) if (split := self._split(key, amount, cheap)) is not None]
        if not found:
            return False
        for option, part in min(found, key=lambda one: one[0])[1]:
            self._take(key, option, part)
        return True

    def _split(self, key: Key, amount: Amounts, cheap: bool) -> tuple[float, list[Taken]] | None:
        """Return rides of parts, the largest or the cheapest by the parcel first, and what they cost."""
        left = amount
        for _ in range(MOST_RIDES):
            taken = {option.trip for option, _ in self.rides.get(key, ())}
            free = [one for one in self.options[key] if one.trip not in taken]
            parts = [(part, one) for one in free if (part := self._part(one, left)) is not None]
            if not parts:
                break
            yuan = [self._yuan(one, part) / part[0] for part, one in parts]
            best = min(range(len(parts)), key=lambda k: (yuan[k],) if cheap else (-parts[k][0][0], yuan[k]))
            part, chosen = parts[best]
            self._take(key, chosen, part)
            left = tuple(max(0.0, have - one) for have, one in zip(left, part, strict=True))
            if left[0] <= SLACK:
                return self._taken_off(key)
        self.remove(key)
        return None

    def _taken_off(self, key: Key) -> tuple[float, list[Taken]]:
        """Take the goods of a direction off again and return what they cost and where they were."""
        yuan, taken = self.yuan(key), self.rides[key]
        self.remove(key)
        return yuan, taken

    def remove(self, key: Key) -> None:
        """Take the goods of a direction off all trips."""
        for option, amount in self.rides.pop(key, []):
            self._change(option, amount, 1.0)
            self.runs[option.run] -= 1
            if not self.runs[option.run]:
                del self.runs[option.run]

    def tidy(self) -> None:
        """Put the goods of each direction where they cost less by now, if there is such a place."""
        for key in sorted(self.rides):
            before, cost = self.rides[key], self.yuan(key)
            amount = tuple(math.fsum(parts) for parts in zip(*(taken for _, taken in before), strict=True))
            self.remove(key)
            if not self.place(key, amount) or self.yuan(key) > cost - SLACK:
                self.remove(key)
                for option, taken in before:
                    self._take(key, option, taken)

    def yuan(self, key: Key) -> float:
        """Return what taking the goods of a direction off the trips would save."""
        alone = Counter(option.run for option, _ in self.rides[key])
        saved = [
            option.transfer.yuan_per_run / times
            for option, _ in self.rides[key]
            if (times := alone[option.run]) == self.runs[option.run]
        ]
        return math.fsum([*(option.yuan(amount) for option, amount in self.rides[key]), *saved])

    def rides_yuan(self) -> float:
        """Return what all rides cost."""
        return math.fsum(option.yuan(amount) for option, amount in self.all_taken())

    def runs_yuan(self) -> float:
        """Return what the runs between hub and terminals cost."""
        cost = {option.run: option.transfer.yuan_per_run for option, _ in self.all_taken()}
        return math.fsum(cost.values())

    def all_taken(self) -> Iterator[Taken]:
        """Yield every ride by point and direction."""
        for key in sorted(self.rides):
            yield from self.rides[key]

    def _yuan(self, option: RideOption, amount: Amounts) -> float:
        return option.yuan(amount) + (0.0 if self.runs[option.run] else option.transfer.yuan_per_run)

    def _fits(self, option: RideOption, amount: Amounts) -> bool:
        if option.ways(amount) > len(option.times):
            return False
        legs = self.room[option.trip]
        return all(
            one <= have + SLACK
            for k in range(option.board, option.alight)
            for one, have in zip(amount, legs[k], strict=True)
        )

    def _part(self, option: RideOption, left: Amounts) -> Amounts | None:
        """Return the most parcels of the rest that fit, with their share of all else; None if it is not one whole parcel."""
        if left[0] <= SLACK:
            return None
        legs = self.room[option.trip][option.board : option.alight]
        most = [min(leg[d] for leg in legs) for d in range(len(left))]
        most = [min(one, len(option.times) * way) for one, way in zip(most, option.access.most, strict=True)]
        share = min([1.0, *(have / one for have, one in zip(most, left, strict=True) if one > SLACK)])
        parcels = math.floor(left[0] * share + SLACK)
        while parcels >= 1 and not self._fits(option, part := tuple(one * (parcels / left[0]) for one in left)):
            parcels -= 1
        if share >= 1.0 and self._fits(option, left):
            return left
        return part if parcels >= 1 else None

    def _take(self, key: Key, option: RideOption, amount: Amounts) -> None:
        self.rides[key] = [*self.rides.get(key, []), (option, amount)]
        self._change(option, amount, -1.0)
        self.runs[option.run] += 1

    def _change(self, option: RideOption, amount: Amounts, sign: float) -> None:
        for leg in self.room[option.trip][option.board : option.alight]:
            for d, one in enumerate(amount):
                leg[d] += sign * one

"""Service points and the stations that supply them, chosen together so that most weight is covered, with a proven bound.

A point opens only with a link to an open station that has room for it; a row counts once as many points as it needs are
open in its reach. Without stations this is maximal covering with backup (Hogan & ReVelle 1986). Bound: Lagrangian, see
`two_tier.dual`; search: annealing with exact re-linking, see `two_tier.moves`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from planner.coverage.engine.acceptance import Heat
from planner.coverage.engine.effort import Effort
from planner.coverage.engine.pace import LEAST_FACTOR, new_pace
from planner.coverage.engine.reduce import both_ways, dominated, merge_equal_rows
from planner.coverage.engine.status import CLOSED, FREE, OPEN, StatusArray
from planner.coverage.engine.two_tier.anneal import anneal_tiers
from planner.coverage.engine.two_tier.bound import proved_bound
from planner.coverage.engine.two_tier.choice import WORTH, Choice, become
from planner.coverage.engine.two_tier.dual import Descent, Prices, Tiers, descend
from planner.coverage.engine.two_tier.moves import begin_choice, top_up
from planner.units import BoolArray, FloatArray, IntArray

_PATIENCE = 100.0
# first and last temperature as parts of what an open point is worth on average
_HEAT = (0.25, 0.005)
# parts of the moves: stations changed; points drawn near a row not covered
_SHARES = (0.03, 0.7)
_MOVES = (60, 240, 1920)
_CHUNK = 100_000
# how much of the time left an annealing may plan with
_LEFT = 0.85
_QUIET = 2
_NONE = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class TierSites:
    """One tier's candidates: ``status`` and ``costs`` (candidates,), and what the costs of the open ones may come to.

    Costs of 1 make ``limit`` a number of sites; it may be infinite.
    """

    status: StatusArray
    costs: FloatArray
    limit: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TiersFound:
    """Open points and stations, the station of each point (-1: none), the covered weight and the proven upper bound.

    ``feasible`` is False where a row that must be covered is not, or a point fixed open found no link: ``value`` is then
    what is covered all the same. ``impossible`` says it is proven that no choice can be feasible (not always noticed).
    """

    opened: BoolArray
    stations: BoolArray
    at: IntArray
    value: float
    bound: float
    feasible: bool
    impossible: bool = False

    @property
    def proven(self) -> bool:
        """Whether bound and value meet."""
        return self.feasible and self.bound <= self.value + 1e-9 * max(1.0, abs(self.value))


def solve_tiers(
    covers: csr_array,
    weights: FloatArray,
    need: IntArray,
    must: BoolArray,
    points: TierSites,
    effort: Effort,
    *,
    reach: csr_array | None = None,
    room: IntArray | None = None,
    stations: TierSites | None = None,
    gap: float = 0.0,
) -> TiersFound:
    """Return points, and stations if there are any, that cover most weight.

    ``covers`` (rows, points) says which points are in reach of a row, ``reach`` (points, stations) which stations of a
    point; ``need`` (rows,) how many open points a row counts with, ``must`` (rows,) which rows have to count, ``room``
    (stations,) how many points a station takes. The search ends once bound and value are within ``gap`` (a fraction).
    """
    whole = Usable(covers, reach, points, stations, room)
    tiers, given, lost = whole.tiers(weights, need, must)
    search = TierSearch(tiers, effort, gap)
    search.run()
    return search.found(given, lost)


class Usable:
    """What can be used at all: points that may open and reach a station that may, and the pairs among them."""

    def __init__(
        self,
        covers: csr_array,
        reach: csr_array | None,
        points: TierSites,
        stations: TierSites | None,
        room: IntArray | None,
    ) -> None:
        self.points = points
        self.stations = stations or TierSites(status=np.zeros(0, dtype=np.int64), costs=np.zeros(0), limit=0.0)
        self.room = np.zeros(0, dtype=np.int64) if room is None else room.astype(np.int64)
        self.status = points.status.astype(np.int64)
        if reach is None:
            self.reach = _no_pairs(len(points.status))
        else:
            open_ends = (self.stations.status != CLOSED) & (self.room > 0)
            self.reach = _pairs(reach, self.status != CLOSED, open_ends)
            self.status[(np.diff(self.reach.indptr) == 0) & (self.status != OPEN)] = CLOSED
        self.covers = _pairs(covers, np.ones(covers.shape[0], dtype=np.bool_), self.status != CLOSED)
        self.rows = np.repeat(np.arange(covers.shape[0]), np.diff(self.covers.indptr))

    def tiers(self, weights: FloatArray, need: IntArray, must: BoolArray) -> tuple[Tiers, float, bool]:
        """Return the arrays of the rows that matter, the weight that counts without any point, and whether one is lost.

        Lost is a row that must be covered and cannot be.
        """
        possible = (np.bincount(self.rows, minlength=len(need)) >= need) & (need > 0)
        kept = np.flatnonzero(possible & ((weights > 0) | must))
        lost = bool((must & (need > 0) & ~possible).any())
        covers = self.covers[kept].tocsr()
        if not self.reach.nnz:
            self._close_dominated(covers, need[kept])
            covers = _pairs(covers, np.ones(len(kept), dtype=np.bool_), self.status != CLOSED)
        covers, merged, first = merge_equal_rows(covers, weights[kept], 2 * need[kept].astype(np.int64) + must[kept])
        kept = kept[first]
        row_starts, row_points, point_starts, point_rows = both_ways(covers)
        reach_starts, reach_stations, station_starts, station_points = both_ways(self.reach)
        tiers = Tiers(
            row_starts=row_starts,
            row_points=row_points,
            point_starts=point_starts,
            point_rows=point_rows,
            weight=merged,
            need=need[kept].astype(np.int64),
            must=must[kept],
            reach_starts=reach_starts,
            reach_stations=reach_stations,
            station_starts=station_starts,
            station_points=station_points,
            room=self.room,
            point_cost=self.points.costs.astype(np.float64),
            point_status=self.status,
            point_limit=float(self.points.limit),
            station_cost=self.stations.costs.astype(np.float64),
            station_status=self.stations.status.astype(np.int64),
            station_limit=float(self.stations.limit),
        )
        return tiers, float(weights[need <= 0].sum()), lost

    def _close_dominated(self, covers: csr_array, need: IntArray) -> None:
        """Close the points that no answer needs: enough others, no dearer, count for all the rows that they do."""
        useless = (self.status == FREE) & dominated(covers, need, self.points.costs)
        self.status[useless] = CLOSED


def _pairs(matrix: csr_array, rows: BoolArray, columns: BoolArray) -> csr_array:
    """Return the matrix with the pairs of these rows and columns only, its shape kept."""
    row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    kept = rows[row] & columns[matrix.indices]
    starts = np.concatenate([[0], np.cumsum(np.bincount(row[kept], minlength=matrix.shape[0]))])
    ones = np.ones(np.count_nonzero(kept), dtype=np.int8)
    return csr_array((ones, matrix.indices[kept], starts), shape=matrix.shape)


def _no_pairs(points: int) -> csr_array:
    return csr_array((np.zeros(0, dtype=np.int8), np.zeros(0, dtype=np.int32), np.zeros(points + 1)), shape=(points, 0))


class TierSearch:
    """One run: prices that fall, choices that rise."""

    def __init__(self, tiers: Tiers, effort: Effort, gap: float) -> None:
        self.tiers, self.effort, self.gap = tiers, effort, gap
        self.random = np.random.default_rng(effort.seed)
        # in the search a row that must be covered outweighs all others together
        self.weight = tiers.weight + np.where(tiers.must, tiers.weight.sum() + 1.0, 0.0)
        self.prices = self._none()
        self.prices.u[:] = 0.3 * tiers.weight / tiers.need
        self.state = Descent(
            prices=self.prices,
            direction=self._none(),
            often=np.zeros(len(tiers.point_cost)),
            often_stations=np.zeros(len(tiers.room)),
            pace=new_pace(patience=min(_PATIENCE, 10.0 + 0.1 * len(tiers.need)), enough=0.0),
        )
        self.choice, self.unlinked = self._start(np.zeros(0, dtype=np.int64), np.argsort(-tiers.room, kind="stable"))
        self.level = np.inf

    def _none(self) -> Prices:
        pairs, points = len(self.tiers.row_points), len(self.tiers.point_cost)
        return Prices(np.zeros(len(self.tiers.need)), np.zeros(pairs), np.zeros(points))

    def _start(self, points: IntArray, stations: IntArray) -> tuple[Choice, int]:
        choice, unlinked = begin_choice(self.tiers, self.weight, points, stations)
        top_up(self.tiers, choice, len(self.tiers.point_cost))
        return choice, unlinked

    def go_on(self, other: TierSearch) -> None:
        """Take over another search's prices and draws; its bound is not that of this one's limits."""
        self.prices, self.random = other.prices, other.random
        self.state = self.state._replace(prices=self.prices)

    def restart(self, points: IntArray) -> None:
        """Begin anew with these points in this order, as far as the limit allows."""
        self.choice, self.unlinked = self._start(points, np.zeros(0, dtype=np.int64))

    @property
    def value(self) -> float:
        counted = self.choice.hits >= self.tiers.need
        return float(self.tiers.weight[counted].sum())

    def close(self) -> bool:
        return self.level - self.value <= max(self.gap * self.value, 1e-9 * max(1.0, self.value))

    def run(self) -> None:
        """Let the prices settle, then anneal, longer and longer, and settle in turn until neither helps."""
        if not len(self.tiers.need):
            return
        apart = bool((self.tiers.need > 1).any())
        self.settle(apart=False, factor=1.0)
        if apart:
            self.settle(apart=True, factor=0.5)
        self._adopt(*self._start(_order(self.state.often), _order(self.state.often_stations)))
        quiet = 0
        for turn in range(self.effort.rounds):
            if self.close() or self.effort.late or quiet >= _QUIET:
                break
            before = self.value
            self.anneal(_MOVES[min(turn, len(_MOVES) - 1)])
            self.settle(apart=apart, factor=0.3)
            quiet = 0 if self.value > before or turn < len(_MOVES) else quiet + 1

    def _adopt(self, choice: Choice, unlinked: int) -> None:
        if (unlinked < 0, choice.totals[WORTH]) > (self.unlinked < 0, self.choice.totals[WORTH]):
            self.choice, self.unlinked = choice, unlinked

    def settle(self, *, apart: bool, factor: float) -> None:
        """Lower the bound until the steps are too small to matter."""
        pace, drop = self.state.pace, 0.02
        pace.factor = factor
        while pace.factor >= LEAST_FACTOR and not self.effort.late:
            # a target far below the bound makes steps too long, one that stays near it makes them too short
            guess = (1.0 - drop) * self.level if np.isfinite(self.level) else 0.9 * float(self.tiers.weight.sum())
            drop *= 1.2
            pace.goal = -max(self.value, guess)
            reached = descend(self.tiers, self.state, 200, apart)
            self.level = min(self.level, reached)
            if self.close():
                break

    def anneal(self, moves_each: int) -> None:
        """Anneal from a copy of the best choice, ``moves_each`` moves a free point, and keep what is better.

        Where time is short it cools faster: cut off while hot it would find nothing.
        """
        free = int(np.count_nonzero(self.tiers.point_status == FREE))
        opened = self.choice.opened
        # by weight alone: with what a row that must be covered weighs in the search, all would stay hot to the end
        typical = self.value / max(1, int(np.count_nonzero(opened)))
        if not free or typical <= 0.0:
            return
        moves = min(_CHUNK, moves_each * free)
        least_step = moves / (moves_each * free)
        choice = begin_choice(self.tiers, self.weight, _NONE, _NONE)[0]
        become(self.tiers, choice, self.choice.opened, self.choice.stations, self.choice.at)
        done, step = 0.0, least_step
        while done < 1.0 - 1e-9 and not self.effort.late:
            began, ahead = self.effort.clock(), min(1.0, done + step)
            heat = Heat(_heat(typical, done), _heat(typical, ahead), moves)
            best = anneal_tiers(self.tiers, choice, heat, _SHARES, self.random)
            self._adopt(best, self.unlinked)
            pace = (self.effort.clock() - began) / max(_LEFT * self.effort.seconds_left, 1e-9)
            done, step = ahead, max(least_step, (1.0 - ahead) * pace)

    def found(self, given: float, lost: bool) -> TiersFound:
        """Return the answer with a bound that rests on the prices alone; ``given`` is what counts without any point."""
        tiers, choice = self.tiers, self.choice
        fixed = (tiers.point_cost[tiers.point_status == OPEN], tiers.station_cost[tiers.station_status == OPEN])
        over = bool(fixed[0].sum() > tiers.point_limit + 1e-9 or fixed[1].sum() > tiers.station_limit + 1e-9)
        missed = tiers.must & (choice.hits < tiers.need)
        bound = proved_bound(tiers, self.state.prices) if len(tiers.need) else 0.0
        return TiersFound(
            opened=choice.opened,
            stations=choice.stations,
            at=choice.at,
            value=self.value + given,
            bound=bound + given,
            feasible=not lost and not over and not missed.any() and self.unlinked < 0,
            impossible=lost or over or bound < 0.0,
        )


def _heat(typical: float, done: float) -> float:
    """Return the temperature at this part of an annealing, from an open point's typical worth."""
    return typical * _HEAT[0] * float((_HEAT[1] / _HEAT[0]) ** done)


def _order(often: FloatArray) -> IntArray:
    return np.argsort(-often, kind="stable")[: np.count_nonzero(often > 0.01)]

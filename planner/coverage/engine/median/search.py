"""Best sites with a proven bound: Lagrangian dual, swaps, fixing by reduced costs, branch and bound.

The dual is Cornuejols, Fisher & Nemhauser (1977); the sites it prefers start the swaps; a site whose reduced cost exceeds
the gap is decided; what is left is searched by branch and bound with the same dual at each node (Beasley 1993).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.coverage.engine.acceptance import Heat
from planner.coverage.engine.effort import Effort
from planner.coverage.engine.median.dual import Ascent, ascend, choose
from planner.coverage.engine.median.swaps import anneal, fill_greedily, swap_until_local
from planner.coverage.engine.pace import LEAST_FACTOR, new_pace
from planner.coverage.engine.served import Served, rows_with, shrink, value_of
from planner.coverage.engine.status import CLOSED, FREE, OPEN, StatusArray
from planner.units import BoolArray, FloatArray

_PATIENCE = 40.0
# first temperature as a part of the gap: of 0.003, 0.01 and 0.03 the last gave the best values on the province
_HEAT = 0.03


@dataclass(frozen=True, slots=True, kw_only=True)
class BestSites:
    """The open sites (sites,), their cost, the proven lower bound, and the nodes of branch and bound."""

    opened: BoolArray
    value: float
    bound: float
    nodes: int

    @property
    def proven(self) -> bool:
        """Whether bound and value meet."""
        return self.bound >= self.value - 1e-9 * max(1.0, abs(self.value))


@dataclass(slots=True, kw_only=True)
class _Node:
    """A part of the search: what is decided of each site, multipliers, how often a site was chosen, and the bound.

    ``bound`` is the best known, ``level`` the one that ``u`` itself gives.
    """

    status: StatusArray
    u: FloatArray
    often: FloatArray
    bound: float
    level: float = -np.inf


def solve_served(served: Served, p: int, status: StatusArray, effort: Effort) -> BestSites:
    """Return the best choice of at most ``p`` sites; ``status`` (sites,) holds CLOSED, FREE or OPEN."""
    search = _Search(served, p, effort)
    search.begin(status)
    node = search.climb_root(status)
    if search.closed(node.bound) or effort.late:
        return search.found(node.bound)
    return search.found(search.branch(node))


class _Search:
    """One run: the best sites so far and the shrinking list of what can still matter."""

    def __init__(self, served: Served, p: int, effort: Effort) -> None:
        self.whole = served
        self.served = served
        self.near = served
        self.p = p
        self.effort = effort
        self.random = np.random.default_rng(effort.seed)
        costs = (served.row_costs, served.forgone)
        self.step = 1 - 1e-6 if all(np.array_equal(c, np.rint(c)) for c in costs) else 0.0
        self.value = np.inf
        self.opened = np.zeros(len(served.column_starts) - 1, dtype=np.bool_)
        self.nodes = 0
        self.settled_bound = np.inf  # the least that nodes which leave one choice prove
        self.direction = np.zeros(len(served.forgone))

    @property
    def enough(self) -> float:
        """The bound at which nothing better than the best can exist."""
        return self.value - max(self.step, 1e-9 * max(1.0, abs(self.value)))

    def closed(self, bound: float) -> bool:
        return bound >= self.enough

    def found(self, bound: float) -> BestSites:
        exact = self.closed(bound)
        whole = np.ceil(bound - 1e-6) if self.step else bound
        return BestSites(
            opened=self.opened,
            value=self.value,
            bound=self.value if exact else min(float(whole), self.value),
            nodes=self.nodes,
        )

    def begin(self, status: StatusArray) -> None:
        opened = np.zeros(len(status), dtype=np.bool_)
        fill_greedily(self.served, status, self.p, opened)
        self.improve(opened, status, passes=1000)

    def improve(self, opened: BoolArray, status: StatusArray, passes: int) -> None:
        """Swap from these sites and keep the result if it is the best so far."""
        order = self.random.permutation(np.flatnonzero(status == FREE))
        least = 0.5 * self.step if self.step else 1e-10 * max(1.0, float(self.served.cap.sum()))
        if len(order):
            swap_until_local(self.near, status, opened, order, passes, least)
        self.offer(opened)

    def offer(self, opened: BoolArray) -> None:
        value = value_of(self.whole, opened)
        if value < self.value - 1e-9 * max(1.0, abs(value)):
            self.value, self.opened = value, opened.copy()

    def climb_root(self, status: StatusArray) -> _Node:
        """Raise the bound at the root in rounds; between them swap from the sites the dual prefers and shrink the lists."""
        node = _Node(
            status=status.copy(), u=self._first_multipliers(), often=self.opened.astype(np.float64), bound=-np.inf
        )
        factor = 1.0
        for turn in range(self.effort.rounds):
            before = self.value
            factor = self._climb(node, iterations=200, factor=factor)
            if self.closed(node.bound) or self.effort.late:
                break
            self.improve(self._preferred(node, blur=0.0 if turn % 2 else 0.15), node.status, passes=50)
            self._shrink_to(node)
            if factor >= LEAST_FACTOR:
                continue
            self._anneal(node)
            if self.value >= before:
                break
            factor = 0.1
        return node

    def _anneal(self, node: _Node) -> None:
        """Anneal from the best sites that the open part allows, once the dual has settled."""
        opened = self.opened & (node.status != CLOSED) | (node.status == OPEN)
        if np.count_nonzero(opened) != np.count_nonzero(self.opened):
            opened = self._preferred(node, blur=0.0)
        gap = max(self.value - node.bound, 1e-9)
        moves = 150 * int(np.count_nonzero(node.status == FREE))
        heat = Heat(_HEAT * gap, 0.02 * _HEAT * gap, moves)
        anneal(self.near, node.status, opened, heat, self.random)
        self.improve(opened, node.status, passes=50)

    def _first_multipliers(self) -> FloatArray:
        """Return multipliers halfway between the cheapest and second cheapest open site of each row."""
        served = self.served
        both = np.full((2, len(served.forgone)), np.inf)
        hits = np.flatnonzero(self.opened[served.row_sites])
        rows = np.searchsorted(served.row_starts, hits, side="right") - 1
        for rank in range(2):
            places = np.searchsorted(rows, np.arange(len(served.forgone))) + rank
            known = places < len(rows)
            known[known] = rows[places[known]] == np.flatnonzero(known)
            both[rank, known] = served.row_costs[hits[places[known]]]
        cheapest = np.minimum(both[0], served.cap)
        return np.asarray(0.5 * (cheapest + np.minimum(both[1], served.cap)), dtype=np.float64)

    def _climb(self, node: _Node, *, iterations: int, factor: float) -> float:
        np.minimum(node.u, self.served.cap, out=node.u)
        state = Ascent(
            u=node.u,
            rho=np.empty(len(node.status)),
            direction=self.direction,
            often=node.often,
            pace=new_pace(patience=_PATIENCE, goal=self.value, enough=self.enough, factor=factor),
        )
        bound = ascend(self.served, node.status, self.p, state, iterations)
        node.level, node.bound = bound, max(node.bound, bound)
        self._decide(node, state.rho, bound)
        return float(state.pace.factor)

    def _decide(self, node: _Node, rho: FloatArray, bound: float) -> None:
        """Fix the sites that no better answer can open, and those that every better answer must."""
        slack = self.enough - bound
        if slack < 0:
            return
        chosen = np.zeros(len(rho), dtype=np.bool_)
        _total, last, following = choose(rho, node.status, self.p, chosen)
        free = node.status == FREE
        full = np.count_nonzero(chosen) >= self.p
        worst = last if full else 0.0
        node.status[free & ~chosen & (rho - worst > slack)] = CLOSED
        node.status[free & chosen & (following - rho > slack)] = OPEN

    def _preferred(self, node: _Node, blur: float) -> BoolArray:
        """Return the ``p`` sites chosen most often, a little blurred so that starts differ."""
        score = node.often + blur * self.random.random(len(node.often))
        score[node.status == OPEN] = np.inf
        score[node.status == CLOSED] = -np.inf
        opened = np.zeros(len(score), dtype=np.bool_)
        opened[np.argsort(-score, kind="stable")[: self.p]] = True
        opened[node.status == CLOSED] = False
        return opened

    def _shrink_to(self, node: _Node) -> None:
        """Drop from the lists the closed sites and the pairs whose reduced cost exceeds the gap."""
        slack = self.enough - node.level
        reduced = np.repeat(-node.u, np.diff(self.served.row_starts))
        reduced += self.served.row_costs
        alive = (reduced <= slack) & (node.status != CLOSED)[self.served.row_sites]
        del reduced  # as long as the lists: the peak of memory is here
        if np.count_nonzero(alive) < 0.8 * len(alive):
            self.served = shrink(self.served, alive, node.status == OPEN)

        self.near = self._near(node)

    def _near(self, node: _Node) -> Served:
        """Return the pairs that cost at most twice the row's multiplier: swaps hardly ever need the others.

        A row that loses pairs so is taken to be served at three times its multiplier if none of the rest is open.
        """
        served = self.served
        close = served.row_costs <= np.repeat(2.0 * node.u, np.diff(served.row_starts))
        near = shrink(served, close, node.status == OPEN)
        cut = rows_with(served.row_starts, ~close)
        return near._replace(forgone=np.where(cut, np.minimum(served.forgone, 3.0 * node.u), served.forgone))

    def branch(self, root: _Node) -> float:
        """Search what is left, likelier half first; return the proven bound."""
        stack = [root]
        while stack and not self.effort.late and self.nodes < self.effort.nodes:
            node = stack.pop()
            if self.closed(node.bound) or self._settled(node):
                continue
            self.nodes += 1
            self.direction[:] = 0.0
            self._climb(node, iterations=40, factor=0.4)
            if self.closed(node.bound) or self._settled(node):
                continue
            self.improve(self._preferred(node, blur=0.0), node.status, passes=1 if self.nodes % 10 else 20)
            if self.closed(node.bound):
                continue
            free = np.flatnonzero(node.status == FREE)
            site = free[np.argmin(np.abs(node.often[free] - 0.5))]
            halves = [self._child(node, site, OPEN), self._child(node, site, CLOSED)]
            stack += halves if node.often[site] < 0.5 else halves[::-1]
        return min([self.value, self.settled_bound, *(node.bound for node in stack)])

    def _child(self, node: _Node, site: int, status: int) -> _Node:
        child = _Node(status=node.status.copy(), u=node.u.copy(), often=node.often.copy(), bound=node.bound)
        child.status[site] = status
        return child

    def _settled(self, node: _Node) -> bool:
        """Whether the node leaves one choice; if so, offer it."""
        sure, free = np.count_nonzero(node.status == OPEN), np.count_nonzero(node.status == FREE)
        if sure > self.p:
            return True
        if sure < self.p and sure + free > self.p:
            return False
        opened = node.status == OPEN if sure == self.p else node.status != CLOSED
        self.offer(opened)
        # a row that no listed site serves may still have one beyond its list, at its cap or more
        self.settled_bound = min(self.settled_bound, value_of(self.whole._replace(forgone=self.whole.cap), opened))
        return True

"""How evenly a siting answer serves: longest way, 95th percentile, mean and Gini of the minutes, by township and in all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from planner.errors import BadDataError, Message, list_offenders
from planner.units import FloatArray

_TAIL = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Equity:
    """How the ways of a group of points are spread, in seconds to the open site that serves them or is nearest.

    ``maximum_s`` is over all ``reached`` points; ``p95_s``, ``mean_s`` and ``gini`` weigh each point by ``weight`` and are
    None where nothing that weighs anything is reached. ``unreached`` points, which no way leads to, are counted here and
    are in no figure: an infinite way is not a number of minutes.
    """

    reached: int
    unreached: int
    weight: float
    unreached_weight: float
    maximum_s: float | None
    p95_s: float | None
    mean_s: float | None
    gini: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupEquity:
    """The equity of one group of points, a township for instance, by its name."""

    name: str
    equity: Equity


@dataclass(frozen=True, slots=True, kw_only=True)
class EquityReport:
    """The equity of all points and of each group, groups sorted by name."""

    overall: Equity
    groups: tuple[GroupEquity, ...]


def measure_equity(durations_s: FloatArray, weights: FloatArray) -> Equity:
    """Return how the ways of points are spread; both arrays are (points,), ``inf`` where no way leads to the point.

    With the reached points sorted by their way x_i, weights w_i and running weights C_i = w_1 + ... + w_i, W = C_n:
    the 95th percentile is the least x_i with C_i >= 0.95 W, and the Gini coefficient is the weighted mean difference of
    two ways, halved, over the mean way: sum_ij w_i w_j |x_i - x_j| / (2 W sum_i w_i x_i). Sorted, x_i is added C_(i-1)
    times and subtracted W - C_i times, which leaves sum_i w_i x_i (2 C_i - w_i - W) / (W sum_i w_i x_i). It is 0 where all
    have the same way (also if that is 0), and nears 1 where few have all of it. Drezner, Drezner & Guyse (2009), Equitable
    service by a facility: minimizing the Gini coefficient, Computers & Operations Research 36(12).

    Raises
    ------
    BadDataError
        If a way is negative or NaN, a weight is negative or not a number, or there are not as many weights as ways.

    Examples
    --------
    >>> import numpy as np
    >>> measure_equity(np.array([0.0, 60.0]), np.array([1.0, 1.0])).gini
    0.5
    """
    durations, weights = np.asarray(durations_s, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    if durations.shape != weights.shape:
        raise BadDataError(
            Message(
                "there are {ways} ways and {weights} weights: each way needs its weight",
                ways=durations.size,
                weights=weights.size,
            )
        )
    problems = []
    if (~(durations >= 0)).any():
        problems.append(
            Message(
                "ways are negative or NaN: points {offenders}",
                offenders=list_offenders(np.flatnonzero(~(durations >= 0))),
            )
        )
    bad = ~(np.isfinite(weights) & (weights >= 0))
    if bad.any():
        problems.append(
            Message(
                "weights are negative or not a number: points {offenders}",
                offenders=list_offenders(np.flatnonzero(bad)),
            )
        )
    if problems:
        raise BadDataError(Message("equity cannot be measured"), problems)
    reached = np.isfinite(durations)
    order = np.argsort(durations[reached], kind="stable")
    way, weight = durations[reached][order], weights[reached][order]
    running = np.cumsum(weight)
    total = float(running[-1]) if len(running) else 0.0
    p95 = mean = gini = None
    if total > 0:
        # the last weight that is needed may be missed by a rounding of the sum: a billionth of it is let go
        p95 = float(way[np.argmax(running >= _TAIL * total * (1 - 1e-9))])
        travel = float(weight @ way)
        mean = travel / total
        gini = float((weight * way) @ (2 * running - weight - total)) / (total * travel) if travel > 0 else 0.0
    return Equity(
        reached=int(reached.sum()),
        unreached=int((~reached).sum()),
        weight=total,
        unreached_weight=float(weights[~reached].sum()),
        maximum_s=float(way[-1]) if len(way) else None,
        p95_s=p95,
        mean_s=mean,
        gini=None if gini is None else max(0.0, gini),
    )


def equity_of(
    ways_s: Mapping[str, float | None], weights: Mapping[str, float], groups: Mapping[str, str]
) -> EquityReport:
    """Return the equity of points by id: the seconds of their ways (None: no way), ``weights``, ``groups`` (townships).

    Raises
    ------
    BadDataError
        If a point has no weight or no group; all of them are named.
    """
    ways = {id_: float("inf") if way is None else way for id_, way in ways_s.items()}
    problems = [
        Message("points without a {what}: {offenders}", what=what, offenders=list_offenders(missing))
        for what, known in ((Message("weight"), weights), (Message("group"), groups))
        if (missing := sorted(ways.keys() - known.keys()))
    ]
    if problems:
        raise BadDataError(Message("equity cannot be measured"), problems)
    members: dict[str, list[str]] = {}
    for demand_id in sorted(ways):
        members.setdefault(groups[demand_id], []).append(demand_id)

    def measured(ids: list[str]) -> Equity:
        return measure_equity(np.array([ways[id_] for id_ in ids]), np.array([float(weights[id_]) for id_ in ids]))

    return EquityReport(
        overall=measured(sorted(ways)),
        groups=tuple(GroupEquity(name=name, equity=measured(ids)) for name, ids in sorted(members.items())),
    )

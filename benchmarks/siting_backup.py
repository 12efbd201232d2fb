"""Measure cover with backup, and cover of a part, at province size.

``python -m benchmarks.siting_backup PROVINCE.npz --seeds 3 --seconds 120 --json OUT``. A seed draws which tenth of the sites
are forbidden (and, for the maximal and partial cases, which hundredth stand already). ``LSCP_BACKUP``: fewest sites so that
every village has two within the standard; a village with one candidate in reach needs that one, and how many such villages
there are is printed. ``MCLP_BACKUP``: most weight with two sites within the standard. ``PARTIAL``: fewest sites, or least
cost, for 95 % of the weight.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict
from functools import partial

import numpy as np
from scipy.sparse import csr_array

from benchmarks.siting_tiers import (
    MINUTES_PER_KM,
    Province,
    Row,
    drawn_status,
    environment,
    measure,
    options_of,
    read_province,
    within,
)
from planner.coverage.engine.covering.search import fewest_sites
from planner.coverage.engine.effort import Effort
from planner.coverage.engine.status import CLOSED, OPEN, StatusArray
from planner.coverage.engine.two_tier.partial import solve_partial
from planner.coverage.engine.two_tier.search import TierSites, solve_tiers
from planner.units import BoolArray, FloatArray, IntArray

_Outcome = tuple[float, float, bool, tuple[str, ...]]


def main(arguments: list[str] | None = None) -> None:
    """Run the benchmark and print its rows; write them as JSON if asked."""
    options = options_of("benchmarks.siting_backup", __doc__, arguments)
    province = read_province(options.province)
    print(environment())
    small = Province(
        name="small", places=province.places[:300], weights=province.weights[:300], seats=province.seats[:1]
    )
    for run in (_fewest, partial(_most, count=20), partial(_partial, share=0.9, priced=True)):
        run(small, 20.0, 0, 5.0)  # compiling is not measured
    rows: list[Row] = []
    for label, model, minutes, count, run in _cases():
        for seed in range(1, options.seeds + 1):
            name = f"{province.name}_{label}_seed{seed}"
            if options.only in name:
                rows.append(
                    measure(
                        name, model, count, partial(run, province, minutes, seed, options.seconds), len(province.places)
                    )
                )
    if options.json:
        options.json.write_text(json.dumps([asdict(row) for row in rows], indent=1), encoding="utf-8")


def _cases() -> list[tuple[str, str, float, int | None, Callable[..., _Outcome]]]:
    cases: list[tuple[str, str, float, int | None, Callable[..., _Outcome]]] = [
        (f"LSCP_BACKUP2_{minutes:g}min", "LSCP_BACKUP", minutes, None, _fewest) for minutes in (20.0, 30.0)
    ]
    for minutes, count in ((20.0, 600), (20.0, 800), (30.0, 300)):
        label = f"MCLP_BACKUP2_{minutes:g}min_p{count}"
        cases.append((label, "MCLP_BACKUP", minutes, count, partial(_most, count=count)))
    for minutes in (20.0, 30.0):
        for priced in (False, True):
            label = f"PARTIAL95_{minutes:g}min_{'cost' if priced else 'count'}"
            cases.append((label, "PARTIAL", minutes, None, partial(_partial, share=0.95, priced=priced)))
    return cases


def _hits(places: FloatArray, opened: BoolArray, minutes: float) -> IntArray:
    """Count the open sites within the standard of each village, from the coordinates."""
    count = np.zeros(len(places), dtype=np.int64)
    for site in places[opened]:
        count += np.hypot(*(places - site).T) * MINUTES_PER_KM <= minutes
    return count


def _fewest(province: Province, minutes: float, seed: int, seconds: float) -> _Outcome:
    random = np.random.default_rng(seed)
    allowed = np.flatnonzero(random.random(len(province.places)) >= 0.1)
    near: csr_array = within(province.places, province.places, minutes)[:, allowed].tocsr()
    degree = np.diff(near.indptr)
    rows = np.flatnonzero(degree > 0)
    need = np.minimum(2, degree[rows])
    covers = csr_array((near.data.astype(np.int32), near.indices, near.indptr), shape=near.shape)[rows].tocsr()
    found = fewest_sites(
        covers, need, Effort(deadline=time.process_time() + seconds, seed=seed, clock=time.process_time)
    )
    opened = np.zeros(len(province.places), dtype=np.bool_)
    opened[allowed[found.opened]] = True
    short = np.count_nonzero(_hits(province.places, opened, minutes)[rows] < need)
    faults = (f"{short} villages short",) if short else ()
    few, none = np.count_nonzero(need < 2), np.count_nonzero(degree == 0)
    if few or none:
        print(f"  {few} villages have one candidate in reach and need it, {none} have none and are left out")
    return float(opened.sum()), float(found.bound), False, faults


def _most(province: Province, minutes: float, seed: int, seconds: float, *, count: int) -> _Outcome:
    random = np.random.default_rng(seed)
    status = drawn_status(len(province.places), random)
    covers = within(province.places, province.places, minutes)
    size = len(province.places)
    points = TierSites(status=status, costs=np.ones(size), limit=float(count))
    must = np.zeros(size, dtype=np.bool_)
    twice = np.flatnonzero(covers @ (status != CLOSED) >= 2)
    must[random.choice(twice, 10, replace=False)] = True
    effort = Effort(deadline=time.process_time() + seconds, seed=seed, clock=time.process_time)
    found = solve_tiers(covers, province.weights, np.full(size, 2), must, points, effort)
    counted = _hits(province.places, found.opened, minutes) >= 2
    faults = list(_status_faults(status, found.opened))
    if found.opened.sum() > count:
        faults.append(f"{found.opened.sum()} sites")
    if province.weights[counted].sum() != found.value:
        faults.append(f"covers {province.weights[counted].sum():,.0f}")
    if not counted[must].all() or not found.feasible:
        faults.append(f"{np.count_nonzero(~counted[must])} villages not covered that must be")
    return found.value, found.bound, True, tuple(faults)


def _partial(province: Province, minutes: float, seed: int, seconds: float, *, share: float, priced: bool) -> _Outcome:
    random = np.random.default_rng(seed)
    size = len(province.places)
    status = drawn_status(size, random)
    costs = np.round(20_000 * random.lognormal(0.0, 0.4, size), -2) if priced else np.ones(size)
    target = share * float(province.weights.sum())
    points = TierSites(status=status, costs=costs, limit=np.inf)
    found = solve_partial(
        within(province.places, province.places, minutes),
        province.weights,
        np.ones(size, dtype=np.int64),
        np.zeros(size, dtype=np.bool_),
        points,
        target,
        Effort(deadline=time.process_time() + seconds, seed=seed, clock=time.process_time),
    )
    covered = province.weights[_hits(province.places, found.opened, minutes) >= 1].sum()
    faults = list(_status_faults(status, found.opened))
    if covered < target or not found.feasible:
        faults.append(f"covers {covered:,.0f} of {target:,.0f}")
    if abs(costs[found.opened].sum() - found.value) > 0.5:
        faults.append(f"costs {costs[found.opened].sum():,.0f}")
    return found.value, found.bound, False, tuple(faults)


def _status_faults(status: StatusArray, opened: BoolArray) -> tuple[str, ...]:
    if opened[status == CLOSED].any() or not opened[status == OPEN].all():
        return ("a forbidden site is open or an existing one is closed",)
    return ()


if __name__ == "__main__":
    main()

"""The problem as arrays: legs by vehicle kind, options and variants of places, neighbours."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planner.service.week.engine.arrays import FAR, NONE, WeekWorld
from planner.service.week.engine.parameters import WeekParameters
from planner.service.week.patterns import days_of
from planner.service.week.problem import METRES_PER_KM, WeekProblem
from planner.units import SECONDS_PER_HOUR, FloatArray, IntArray

_MANY = 1e15
"""In place of a capacity without limit."""
_LONGEST = FAR / 2
"""Seconds in place of a duty without limit: a leg where there is no way is beyond it."""


def build_week_world(
    problem: WeekProblem, patterns: Sequence[Sequence[int]], parameters: WeekParameters | None = None
) -> WeekWorld:
    """Return the arrays of a problem whose places have these patterns only; a place without any is never visited."""
    kinds = problem.vehicles
    parameters = parameters or WeekParameters()
    numbers = [max(kind.number) for kind in kinds]
    kind_of_slot = np.repeat(np.arange(len(kinds)), numbers)
    first_slot = np.concatenate([[0], np.cumsum(numbers)]).astype(np.int64)
    slot_open = np.zeros((problem.days, len(kind_of_slot)), dtype=np.bool_)
    for k, kind in enumerate(kinds):
        for day, number in enumerate(kind.number):
            slot_open[day, first_slot[k] : first_slot[k] + number] = True
    leg_s = np.stack([problem.durations_s[kind.profile] for kind in kinds])
    leg_m = np.stack([problem.distances_m[kind.profile] for kind in kinds])
    a_metre = np.array([kind.yuan_per_km / METRES_PER_KM for kind in kinds])
    a_second = np.array([kind.yuan_per_hour / SECONDS_PER_HOUR for kind in kinds])
    closed = ~(np.isfinite(leg_s) & np.isfinite(leg_m))
    with np.errstate(invalid="ignore"):
        leg_yuan = leg_m * a_metre[:, None, None] + leg_s * a_second[:, None, None]
    leg_yuan, leg_s = np.where(closed, FAR, leg_yuan), np.where(closed, FAR, leg_s)
    for table in (leg_yuan, leg_s):
        table[:, np.arange(problem.places + 1), np.arange(problem.places + 1)] = 0.0
    options = _options(problem, patterns)
    duty = np.array([min(kind.duty_s, _LONGEST) for kind in kinds])
    near = leg_yuan.mean(axis=0)
    near = near + near.T
    return WeekWorld(
        parameters=parameters,
        days=problem.days,
        places=problem.places,
        slots=len(kind_of_slot),
        dimensions=len(problem.dimensions),
        both_ways=bool(
            (options.down.max(axis=1, initial=0) > 0).any() and (options.up.max(axis=1, initial=0) > 0).any()
        ),
        timed=bool((duty < _LONGEST).any() or closed.any()),
        leg_yuan=leg_yuan,
        leg_s=leg_s,
        capacity=np.array([[min(one, _MANY) for one in kind.capacity] for kind in kinds]),
        duty=duty,
        fixed=np.array([kind.fixed_yuan for kind in kinds], dtype=np.float64),
        second_yuan=a_second,
        kind_of_slot=kind_of_slot.astype(np.int64),
        first_slot=first_slot,
        slot_open=slot_open,
        day_open=np.array(slot_open.any(axis=1)),
        hands_over=len(kinds) > 1 or problem.consistency_yuan > 0 or problem.vehicle_balance_yuan > 0,
        first_option=options.first,
        option_variant=options.variant_of,
        first_variant=options.first_variant,
        variant_day=options.day,
        variant_down=options.down,
        variant_up=options.up,
        variant_s=options.seconds,
        neighbours=_neighbours(near, options.first, parameters.neighbours),
        keys=_keys(near, options),
        consistency=float(problem.consistency_yuan),
        day_balance=float(problem.day_balance_yuan),
        vehicle_balance=float(problem.vehicle_balance_yuan),
    )


class _Options:
    """Options and variants of all places, as `WeekWorld` has them."""

    def __init__(self, problem: WeekProblem) -> None:
        self.first_list, self.first_variant_list = [0, 0], [0, 0]  # the hub has none
        self.rows: list[list[int]] = []
        self.day_list: list[int] = []
        self.goods: list[tuple[FloatArray, FloatArray, float]] = []
        self.days, self.dimensions = problem.days, len(problem.dimensions)

    def close(self) -> None:
        self.first: IntArray = np.array(self.first_list, dtype=np.int64)
        self.first_variant: IntArray = np.array(self.first_variant_list, dtype=np.int64)
        self.variant_of: IntArray = np.array(self.rows, dtype=np.int64).reshape(-1, self.days)
        self.day: IntArray = np.array(self.day_list, dtype=np.int64)
        shape = (-1, self.dimensions)
        self.down: FloatArray = np.array([down for down, _, _ in self.goods], dtype=np.float64).reshape(shape)
        self.up: FloatArray = np.array([up for _, up, _ in self.goods], dtype=np.float64).reshape(shape)
        self.seconds: FloatArray = np.array([seconds for _, _, seconds in self.goods], dtype=np.float64)


def visit_goods(problem: WeekProblem, place: int, day: int, since: int) -> tuple[FloatArray, FloatArray, float]:
    """Return what a visit on a day delivers and collects, and its seconds, if the visit before it was on day ``since``."""
    length = (day - since - 1) % problem.days + 1
    waited = [(day - k) % problem.days for k in range(length)]
    down = problem.down[place, waited].sum(axis=0) + problem.down_a_visit[place]
    up = problem.up[place, waited].sum(axis=0) + problem.up_a_visit[place]
    seconds = problem.service_s[place] + problem.service_s_a_parcel[place] * (down[0] + up[0])
    return down, up, float(seconds)


def _options(problem: WeekProblem, patterns: Sequence[Sequence[int]]) -> _Options:
    """Return the options, with one variant for all visits of a place that are alike."""
    options = _Options(problem)
    for place, masks in enumerate(patterns):
        known: dict[tuple[object, ...], int] = {}
        for mask in masks:
            row = [NONE] * problem.days
            visits = days_of(mask)
            for since, day in zip((visits[-1], *visits[:-1]), visits, strict=True):
                down, up, seconds = visit_goods(problem, place, day, since)
                key = (day, down.tobytes(), up.tobytes(), seconds)
                if key not in known:
                    known[key] = len(options.day_list)
                    options.day_list.append(day)
                    options.goods.append((down, up, seconds))
                row[day] = known[key]
            options.rows.append(row)
        options.first_list.append(len(options.rows))
        options.first_variant_list.append(len(options.day_list))
    options.close()
    return options


def _neighbours(near: FloatArray, first_option: IntArray, most: int) -> IntArray:
    """Return for each place the nearest places that can be visited, itself first; the hub's row means nothing."""
    visited = [place for place in range(1, len(near)) if first_option[place] < first_option[place + 1]]
    rows = np.zeros((len(near), max(1, min(most + 1, len(visited)))), dtype=np.int64)
    for place in visited:
        others = near[place].copy()
        others[place] = -1.0
        order = np.array(visited)[np.argsort(others[visited], kind="stable")]
        rows[place] = order[: rows.shape[1]]
    return rows


def _keys(near: FloatArray, options: _Options) -> FloatArray:
    """Return by what pending places may be sorted, ascending: most goods, far, near, most visits, fewest options."""
    places = len(near)
    keys = np.zeros((6, places))
    scale = np.maximum(options.down.max(axis=0, initial=0.0), options.up.max(axis=0, initial=0.0)) + 1e-9
    for place in range(1, places):
        begin, end = options.first_variant[place], options.first_variant[place + 1]
        rows = options.variant_of[options.first[place] : options.first[place + 1]]
        if end == begin:
            continue
        goods = ((options.down[begin:end] + options.up[begin:end]) / scale).max(axis=1).mean()
        visits = (rows >= 0).sum(axis=1).mean()
        keys[:, place] = (-goods, -goods * visits, -near[0, place], near[0, place], -visits, len(rows))
    return keys

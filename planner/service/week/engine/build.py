"""The problem as arrays: legs by vehicle kind, options and variants of places, neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

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
    options = _Options(problem, patterns)
    limited = _limited(problem, options)
    down, up = options.down[:, limited], options.up[:, limited]
    duty = np.array([min(kind.duty_s, _LONGEST) for kind in kinds])
    near = leg_yuan.mean(axis=0)
    near = near + near.T
    return WeekWorld(
        parameters=parameters,
        days=problem.days,
        places=problem.places,
        slots=len(kind_of_slot),
        dimensions=len(limited),
        both_ways=bool((down > 0).any() and (up > 0).any()),
        timed=bool((duty < _LONGEST).any() or closed.any()),
        legs=np.stack([leg_yuan.transpose(0, 2, 1), leg_yuan, leg_s.transpose(0, 2, 1), leg_s], axis=-1),
        capacity=np.array([[min(kind.capacity[d], _MANY) for d in limited] for kind in kinds]),
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
        day_variant=options.day_variant,
        variant_down=np.ascontiguousarray(down),
        variant_up=np.ascontiguousarray(up),
        variant_s=options.seconds,
        neighbours=_neighbours(near, options.first, parameters.neighbours),
        keys=_keys(near, options),
        consistency=float(problem.consistency_yuan),
        day_balance=float(problem.day_balance_yuan),
        vehicle_balance=float(problem.vehicle_balance_yuan),
        fleet_yuan=np.array([kind.fleet_yuan for kind in kinds], dtype=np.float64),
        owned=np.array([kind.owned for kind in kinds], dtype=np.int64),
        prices_fleet=any(kind.fleet_yuan > 0 for kind in kinds),
    )


class _Options:
    """Options and variants of all places, as `WeekWorld` has them; goods in all dimensions."""

    def __init__(self, problem: WeekProblem, patterns: Sequence[Sequence[int]]) -> None:
        first, day_variant = [0, 0], [[0] * (problem.days + 1)]  # the hub has none
        rows: list[list[int]] = []
        goods: list[_Goods] = []
        for place, masks in enumerate(patterns):
            variants = _variants(problem, place, masks)
            alike = {(day, one.key): k for k, (day, one) in enumerate(variants.ordered, start=len(goods))}
            for mask in masks:
                row = [NONE] * problem.days
                for since, day in _visits_since(mask):
                    row[day] = alike[day, variants.of[since, day].key]
                rows.append(row)
            before = [sum(day < begins for day, _ in variants.ordered) for begins in range(problem.days + 1)]
            day_variant.append([len(goods) + count for count in before])
            goods += [one for _, one in variants.ordered]
            first.append(len(rows))
        shape = (-1, len(problem.dimensions))
        self.first: IntArray = np.array(first, dtype=np.int64)
        self.day_variant: IntArray = np.array(day_variant, dtype=np.int64)
        self.variant_of: IntArray = np.array(rows, dtype=np.int64).reshape(-1, problem.days)
        self.down: FloatArray = np.array([one.down for one in goods], dtype=np.float64).reshape(shape)
        self.up: FloatArray = np.array([one.up for one in goods], dtype=np.float64).reshape(shape)
        self.seconds: FloatArray = np.array([one.seconds for one in goods], dtype=np.float64)


class _Goods(NamedTuple):
    """What a visit delivers and collects, and its seconds."""

    down: FloatArray
    up: FloatArray
    seconds: float

    @property
    def key(self) -> tuple[bytes, bytes, float]:
        return self.down.tobytes(), self.up.tobytes(), self.seconds


class _Variants(NamedTuple):
    """What visits of a place come to: by the day of the visit before and their own, and those that differ, by day."""

    of: dict[tuple[int, int], _Goods]
    ordered: list[tuple[int, _Goods]]


def _variants(problem: WeekProblem, place: int, masks: Sequence[int]) -> _Variants:
    """Return what the visits of some patterns of a place come to, alike ones once."""
    pairs = sorted({pair for mask in masks for pair in _visits_since(mask)}, key=lambda pair: pair[::-1])
    of = {(since, day): _Goods(*visit_goods(problem, place, day, since)) for since, day in pairs}
    different = {(day, of[since, day].key): (day, of[since, day]) for since, day in pairs}
    return _Variants(of, list(different.values()))


def _visits_since(mask: int) -> list[tuple[int, int]]:
    """Return for each visit of a pattern the day of the visit before it, and its own."""
    visits = days_of(mask)
    return list(zip((visits[-1], *visits[:-1]), visits, strict=True))


def visit_goods(problem: WeekProblem, place: int, day: int, since: int) -> tuple[FloatArray, FloatArray, float]:
    """Return what a visit on a day delivers and collects, and its seconds, if the visit before it was on day ``since``."""
    length = (day - since - 1) % problem.days + 1
    waited = [(day - k) % problem.days for k in range(length)]
    down = problem.down[place, waited].sum(axis=0) + problem.down_a_visit[place]
    up = problem.up[place, waited].sum(axis=0) + problem.up_a_visit[place]
    seconds = problem.service_s[place] + problem.service_s_a_parcel[place] * (down[0] + up[0])
    return down, up, float(seconds)


def _limited(problem: WeekProblem, options: _Options) -> list[int]:
    """Return the dimensions in which a vehicle can be full at all: what all visits of a day carry is beyond its room."""
    last = options.day_variant[1:, -1]
    amounts: FloatArray = np.maximum(options.down, options.up)
    most = np.zeros(len(problem.dimensions))
    for begin, end in zip(options.day_variant[1:, 0], last, strict=True):
        if begin < end:
            most += amounts[begin:end].max(axis=0)
    least = np.min([kind.capacity for kind in problem.vehicles], axis=0)
    return [d for d in range(len(most)) if least[d] < most[d]]


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
        begin, end = options.day_variant[place, 0], options.day_variant[place, -1]
        rows = options.variant_of[options.first[place] : options.first[place + 1]]
        if end == begin:
            continue
        goods = ((options.down[begin:end] + options.up[begin:end]) / scale).max(axis=1).mean()
        visits = (rows >= 0).sum(axis=1).mean()
        keys[:, place] = (-goods, -goods * visits, -near[0, place], near[0, place], -visits, len(rows))
    return keys

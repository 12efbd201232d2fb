"""Roads closed for some days: bridges under repair, floods, an ice road that opens late."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from planner.errors import BadDataError, Message
from planner.network.edges import Edges
from planner.units import BoolArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """Roads that cannot be used from the day ``first`` to the day ``last``, both included.

    ``way_ids`` are numbers of OpenStreetMap ways; ``area`` is a polygon in (lon, lat) that closes every road touching it.
    ``reason`` is for people.
    """

    reason: str
    first: datetime.date
    last: datetime.date
    way_ids: tuple[int, ...] = ()
    area: shapely.Geometry | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shut:
    """The closures in force on one day, and the number of the first that closes each edge (-1: none does), shape (m,)."""

    closures: tuple[Closure, ...]
    by: IntArray


def shut_edges(edges: Edges, closures: Sequence[Closure], on: datetime.date) -> Shut:
    """Return what the closures in force on that day close.

    Raises
    ------
    BadDataError
        If a closure ends before it begins, closes nothing, or names ways that the roads do not have; all are listed.
    """
    by = np.full(len(edges.tail), -1)
    in_force: list[Closure] = []
    problems = []
    for closure in closures:
        mine, wrong = _closed_by(edges, closure)
        problems += [Message("{what}: {problem}", what=closure.reason, problem=what) for what in wrong]
        if closure.first <= on <= closure.last:
            by[mine & (by < 0)] = len(in_force)
            in_force.append(closure)
    if problems:
        raise BadDataError(Message("closures that do not fit the roads"), problems)
    return Shut(closures=tuple(in_force), by=by)


def _closed_by(edges: Edges, closure: Closure) -> tuple[BoolArray, list[str]]:
    wrong: list[str] = [
        Message("no road is way {id}", id=id_) for id_ in sorted(set(closure.way_ids) - set(edges.way_ids.tolist()))
    ]
    if closure.last < closure.first:
        wrong.append(Message("ends on {last}, before it begins on {first}", last=closure.last, first=closure.first))
    closed: BoolArray = np.isin(edges.way_ids[edges.way], np.array(closure.way_ids, dtype=np.int64))
    if closure.area is not None:
        closed |= _touching(edges, closure.area)
    if not closed.any() and not wrong:
        wrong.append(Message("closes no road: give way_ids, or an area in (lon, lat) that roads run through"))
    return closed, wrong


def _touching(edges: Edges, area: shapely.Geometry) -> BoolArray:
    counts = np.diff(edges.first)
    lines = np.asarray(shapely.linestrings(edges.coordinates, indices=np.repeat(np.arange(len(counts)), counts)))
    shapely.prepare(area)
    touching: BoolArray = shapely.intersects(area, lines)
    return touching

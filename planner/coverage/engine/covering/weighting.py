"""Compiled row-weighting local search for set covering with a need per row (Gao, Weise & Li 2015)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from planner.coverage.durations import SiteArray
from planner.kernels import kernel
from planner.units import BoolArray, IntArray


class Cover(NamedTuple):
    """A covering problem both ways: columns of each row, rows of each column, and how many columns a row needs."""

    row_starts: IntArray
    row_columns: SiteArray
    column_starts: IntArray
    column_rows: SiteArray
    need: IntArray


class Weighting(NamedTuple):
    """A search: chosen columns, hits of each row, weights, what a flip of each column is worth, ages, and two lists.

    ``chosen_list[:counts[0]]`` and ``short_list[:counts[1]]`` hold the chosen columns and the rows below their need;
    the ``_place`` arrays say where. ``may_enter`` keeps a column out until something near it changed.
    """

    chosen: BoolArray
    hits: IntArray
    weight: IntArray
    score: IntArray
    age: IntArray
    may_enter: BoolArray
    chosen_list: IntArray
    chosen_place: IntArray
    short_list: IntArray
    short_place: IntArray
    counts: IntArray


@kernel
def begin_weighting(cover: Cover) -> Weighting:
    """Return a search with nothing chosen and every row short."""
    rows, columns = len(cover.need), len(cover.column_starts) - 1
    return Weighting(
        np.zeros(columns, dtype=np.bool_),
        np.zeros(rows, dtype=np.int64),
        np.ones(rows, dtype=np.int64),
        np.diff(cover.column_starts),
        np.zeros(columns, dtype=np.int64),
        np.ones(columns, dtype=np.bool_),
        np.empty(columns, dtype=np.int64),
        np.full(columns, -1),
        np.arange(rows),
        np.arange(rows),
        np.array([0, rows]),
    )


@kernel
def enter(cover: Cover, search: Weighting, column: int) -> None:
    """Choose a column. Its score turns from what it adds into what leaving it would cost: the same number."""
    search.chosen[column] = True
    search.chosen_list[search.counts[0]] = column
    search.chosen_place[column] = search.counts[0]
    search.counts[0] += 1
    for q in range(cover.column_starts[column], cover.column_starts[column + 1]):
        i = cover.column_rows[q]
        search.hits[i] += 1
        extra = search.hits[i] - cover.need[i]
        if extra == 0:
            last = search.short_list[search.counts[1] - 1]
            search.short_list[search.short_place[i]] = last
            search.short_place[last] = search.short_place[i]
            search.counts[1] -= 1
        for z in range(cover.row_starts[i], cover.row_starts[i + 1]):
            other = cover.row_columns[z]
            search.may_enter[other] = True
            if other != column and ((extra == 0 and not search.chosen[other]) or (extra == 1 and search.chosen[other])):
                search.score[other] -= search.weight[i]


@kernel
def leave(cover: Cover, search: Weighting, column: int) -> None:
    """Give a column up: the reverse of `enter`; it may come back only after something near it changed."""
    search.chosen[column] = False
    last = search.chosen_list[search.counts[0] - 1]
    search.chosen_list[search.chosen_place[column]] = last
    search.chosen_place[last] = search.chosen_place[column]
    search.counts[0] -= 1
    for q in range(cover.column_starts[column], cover.column_starts[column + 1]):
        i = cover.column_rows[q]
        extra = search.hits[i] - cover.need[i]
        search.hits[i] -= 1
        if extra == 0:
            search.short_list[search.counts[1]] = i
            search.short_place[i] = search.counts[1]
            search.counts[1] += 1
        for z in range(cover.row_starts[i], cover.row_starts[i + 1]):
            other = cover.row_columns[z]
            search.may_enter[other] = True
            if other != column and ((extra == 0 and not search.chosen[other]) or (extra == 1 and search.chosen[other])):
                search.score[other] += search.weight[i]
    search.may_enter[column] = False


@kernel
def cheapest_to_leave(search: Weighting, tabu: int) -> int:
    """Return the chosen column whose loss is least, the one unchanged longest among equals; never ``tabu``."""
    pick = -1
    for k in range(search.counts[0]):
        j = search.chosen_list[k]
        if j == tabu:
            continue
        better = pick < 0 or search.score[j] < search.score[pick]
        if better or (search.score[j] == search.score[pick] and search.age[j] < search.age[pick]):
            pick = j
    return int(pick)


@kernel
def best_to_enter(cover: Cover, search: Weighting, row: int) -> int:
    """Return the column of this row that adds most and may enter; if none may, any that is not chosen."""
    pick, fallback = -1, -1
    for z in range(cover.row_starts[row], cover.row_starts[row + 1]):
        j = cover.row_columns[z]
        if search.chosen[j]:
            continue
        fallback = j
        if not search.may_enter[j]:
            continue
        better = pick < 0 or search.score[j] > search.score[pick]
        if better or (search.score[j] == search.score[pick] and search.age[j] < search.age[pick]):
            pick = j
    return int(pick if pick >= 0 else fallback)


@kernel
def cover_greedily(cover: Cover, search: Weighting) -> None:
    """Choose the column that serves most rows still short, until none is."""
    while search.counts[1] > 0:
        pick = -1
        for j in range(len(search.score)):
            if not search.chosen[j] and (pick < 0 or search.score[j] > search.score[pick]):
                pick = j
        enter(cover, search, pick)


@kernel
def weigh_rows(
    cover: Cover, search: Weighting, best: BoolArray, target: int, first: int, moves: int, random: np.random.Generator
) -> int:
    """Search for fewer columns than ``best`` (updated) until ``target`` or ``moves``; return how many the best has.

    ``first`` is the number of moves made before, so that ages go on.
    """
    tabu, least = -1, best.sum()
    for move in range(first, first + moves):
        while search.counts[1] == 0:
            if search.counts[0] < least:
                least = search.counts[0]
                best[:] = search.chosen
            if least <= target or search.counts[0] == 0:
                return int(least)
            column = cheapest_to_leave(search, -1)
            search.age[column] = move
            leave(cover, search, column)
        column = cheapest_to_leave(search, tabu)
        if column >= 0:
            search.age[column] = move
            leave(cover, search, column)
        row = search.short_list[random.integers(0, search.counts[1])]
        column = best_to_enter(cover, search, row)
        search.age[column] = move
        enter(cover, search, column)
        tabu = column
        for k in range(search.counts[1]):
            i = search.short_list[k]
            search.weight[i] += 1
            for z in range(cover.row_starts[i], cover.row_starts[i + 1]):
                search.score[cover.row_columns[z]] += 1
    return int(least)

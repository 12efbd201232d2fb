"""Travel times of the pairs worth listing: what siting knows of roads, without a dense demand x site table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from planner.errors import BadDataError, Message
from planner.units import BoolArray, FloatArray, IntArray

SiteArray = npt.NDArray[np.int32]
_Array = TypeVar("_Array", bound=npt.NDArray[Any])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SparseDurations:
    """Travel times in compressed rows: the listed sites of a demand point, fastest first.

    ``starts`` (demand points + 1,): the pairs of point ``i`` are ``starts[i]:starts[i + 1]`` of ``sites`` (column
    numbers) and ``seconds``. A pair that is not listed takes at least ``cutoff_s`` (demand points,), ``inf`` if there
    is no way: lists cut at a cut-off or after the nearest sites keep every proven bound valid for the whole problem.
    """

    site_count: int
    starts: IntArray
    sites: SiteArray
    seconds: FloatArray
    cutoff_s: FloatArray

    @classmethod
    def of_pairs(
        cls,
        *,
        demands: IntArray,
        sites: IntArray,
        seconds: FloatArray,
        shape: tuple[int, int],
        cutoff_s: float = np.inf,
    ) -> SparseDurations:
        """Return the listed pairs (row and column numbers with their seconds, in any order); infinite pairs are dropped.

        Raises
        ------
        BadDataError
            If lengths differ, a number is outside ``shape``, a pair repeats, or a time is negative or NaN.
        """
        demands, sites = np.asarray(demands, dtype=np.int64), np.asarray(sites, dtype=np.int64)
        seconds = np.asarray(seconds, dtype=np.float64)
        if not len(demands) == len(sites) == len(seconds):
            raise BadDataError(
                Message(
                    "{demands} demands for {sites} sites and {times} times",
                    demands=len(demands),
                    sites=len(sites),
                    times=len(seconds),
                )
            )
        problems = []
        for name, numbers, limit in ((Message("demand"), demands, shape[0]), (Message("site"), sites, shape[1])):
            outside = np.unique(numbers[(numbers < 0) | (numbers >= limit)])
            problems += [
                Message("{kind} number {number} is outside 0..{last}", kind=name, number=number, last=limit - 1)
                for number in outside
            ]
        bad = np.unique(demands[~(seconds >= 0)])
        problems += [Message("a time of demand number {number} is negative or NaN", number=number) for number in bad]
        if not problems:
            pairs, counts = np.unique(demands * shape[1] + sites, return_counts=True)
            problems += [
                Message("pair {demand}, {site} repeats", demand=pair // shape[1], site=pair % shape[1])
                for pair in pairs[counts > 1]
            ]
        if problems:
            raise BadDataError(Message("the travel times are invalid"), problems)
        finite = np.isfinite(seconds)
        demands, sites, seconds = demands[finite], sites[finite], seconds[finite]
        order = np.lexsort((sites, seconds, demands))
        starts = np.concatenate([[0], np.cumsum(np.bincount(demands, minlength=shape[0]))]).astype(np.int64)
        return cls(
            site_count=shape[1],
            starts=_frozen(starts),
            sites=_frozen(sites[order].astype(np.int32)),
            seconds=_frozen(seconds[order]),
            cutoff_s=_frozen(np.full(shape[0], float(cutoff_s))),
        )

    @classmethod
    def of_rows(
        cls, *, starts: IntArray, sites: SiteArray, seconds: FloatArray, site_count: int, cutoff_s: FloatArray
    ) -> SparseDurations:
        """Return rows that are already sorted by seconds, without a copy (a many-to-many search makes them so).

        Raises
        ------
        BadDataError
            If a row is not sorted, a time is negative, NaN or infinite, or a site number is outside.
        """
        falls = np.diff(seconds) < 0 if len(seconds) else np.zeros(0, dtype=np.bool_)
        ends = starts[1:-1]
        falls[ends[(ends > 0) & (ends < len(seconds))] - 1] = False
        problems = [Message("rows are not sorted by seconds")] if falls.any() else []
        if len(seconds) and not (np.isfinite(seconds).all() and seconds.min() >= 0):
            problems.append(Message("a time is negative, NaN or infinite"))
        if len(sites) and not (sites.min() >= 0 and sites.max() < site_count):
            problems.append(Message("a site number is outside 0..{last}", last=site_count - 1))
        if len(starts) != len(cutoff_s) + 1 or not len(sites) == len(seconds) == starts[-1]:
            problems.append(Message("starts, sites, seconds and cutoff_s do not fit together"))
        if problems:
            raise BadDataError(Message("the travel times are invalid"), problems)
        return cls(site_count=site_count, starts=starts, sites=sites, seconds=seconds, cutoff_s=cutoff_s)

    @classmethod
    def of_dense(cls, durations_s: FloatArray) -> SparseDurations:
        """Return the finite entries of a (demand points, sites) table."""
        order = np.argsort(durations_s, axis=1, kind="stable")
        ordered = np.take_along_axis(durations_s, order, axis=1)
        finite = np.isfinite(ordered)
        starts = np.concatenate([[0], np.cumsum(finite.sum(axis=1))]).astype(np.int64)
        return cls(
            site_count=durations_s.shape[1],
            starts=_frozen(starts),
            sites=_frozen(order[finite].astype(np.int32)),
            seconds=_frozen(ordered[finite].astype(np.float64)),
            cutoff_s=_frozen(np.full(durations_s.shape[0], np.inf)),
        )

    @property
    def shape(self) -> tuple[int, int]:
        """Demand points and sites."""
        return len(self.starts) - 1, self.site_count

    @property
    def demands(self) -> IntArray:
        """Row number of each listed pair."""
        return np.repeat(np.arange(self.shape[0]), np.diff(self.starts))

    def row(self, i: int) -> tuple[SiteArray, FloatArray]:
        """Return the listed sites of a point and their seconds, fastest first."""
        part = slice(self.starts[i], self.starts[i + 1])
        return self.sites[part], self.seconds[part]

    def keep(self, mask: BoolArray) -> SparseDurations:
        """Return the pairs where ``mask`` (pairs,) holds; the cut-offs stay."""
        if mask.all():
            return self
        counts = np.concatenate([[0], np.cumsum(mask)])
        return SparseDurations(
            site_count=self.site_count,
            starts=_frozen(counts[self.starts]),
            sites=_frozen(self.sites[mask]),
            seconds=_frozen(self.seconds[mask]),
            cutoff_s=self.cutoff_s,
        )

    def nearest(self, opened: BoolArray) -> tuple[IntArray, FloatArray]:
        """Return each point's fastest open listed site and its seconds; -1 and ``inf`` where none is listed."""
        hits = np.flatnonzero(opened[self.sites])
        rows = np.searchsorted(self.starts, hits, side="right") - 1
        first = np.ones(len(rows), dtype=np.bool_)
        first[1:] = rows[1:] != rows[:-1]
        site = np.full(self.shape[0], -1, dtype=np.int64)
        seconds = np.full(self.shape[0], np.inf)
        site[rows[first]] = self.sites[hits[first]]
        seconds[rows[first]] = self.seconds[hits[first]]
        return site, seconds

    def last_needed(self, opened: BoolArray, needs: IntArray) -> FloatArray:
        """Return the seconds to the last of so many nearest open sites; ``inf`` where fewer are listed, 0 for none."""
        hits = np.flatnonzero(opened[self.sites])
        rows = np.searchsorted(self.starts, hits, side="right") - 1
        rank = np.arange(len(hits)) - np.searchsorted(hits, self.starts[:-1])[rows] + 1
        seconds = np.where(needs > 0, np.inf, 0.0)
        last = rank == needs[rows]
        seconds[rows[last]] = self.seconds[hits[last]]
        return seconds

    def any_row(self, mask: BoolArray) -> BoolArray:
        """Return which points have at least one pair where ``mask`` (pairs,) holds."""
        counts = np.concatenate([[0], np.cumsum(mask)])
        return np.asarray(np.diff(counts[self.starts]) > 0, dtype=np.bool_)


def _frozen(array: _Array) -> _Array:
    array.setflags(write=False)
    return array

"""What several adapters hand over: the state of each site, who covers whom as a matrix, and that there is no answer."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from planner.coverage.durations import SparseDurations
from planner.coverage.engine.status import CLOSED, FREE, OPEN
from planner.coverage.problem import CoverageProblem
from planner.coverage.proposal import Proposal
from planner.coverage.solution import SolveStatus
from planner.units import BoolArray, IntArray


def site_status(existing: BoolArray, forbidden: BoolArray) -> IntArray:
    """Return whether each site is open, closed or the engine's to choose; (sites,)."""
    return np.where(existing, OPEN, np.where(forbidden, CLOSED, FREE)).astype(np.int64)


def ones_of(pairs: SparseDurations) -> csr_array:
    """Return the listed pairs as a matrix of ones."""
    ones = np.ones(len(pairs.sites), dtype=np.int32)
    return csr_array((ones, pairs.sites.copy(), pairs.starts.copy()), shape=pairs.shape)


def covers_of(problem: CoverageProblem, rows: BoolArray, columns: BoolArray | None = None) -> csr_array:
    """Return which of these columns (all if not given) cover which of these rows, as ones."""
    covers = ones_of(problem.travel.keep(problem.allowed))[np.flatnonzero(rows)]
    return covers.tocsr() if columns is None else covers[:, np.flatnonzero(columns)].tocsr()


def new_sites(problem: CoverageProblem) -> BoolArray:
    """Return which sites may be opened; (sites,)."""
    return np.asarray(~problem.existing & ~problem.forbidden, dtype=np.bool_)


def no_answer(*, impossible: bool) -> Proposal:
    """Return that there is no answer, or that none was found."""
    return Proposal.nothing(SolveStatus.INFEASIBLE if impossible else SolveStatus.NOT_FOUND)


def filled(problem: CoverageProblem, opened: BoolArray) -> BoolArray:
    """Return the sites with as many more as the count asks for, those first that cost least."""
    opened = opened.copy()
    spare = np.flatnonzero(~opened & ~problem.forbidden)
    missing = (problem.count or 0) - int(opened.sum())
    if missing > 0:
        opened[spare[np.argsort(problem.opening_cost_yuan[spare], kind="stable")[:missing]]] = True
    return opened

"""Peers for siting: spopt (with CBC through pulp) and plain HiGHS. A peer that is not installed is shown as such."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from benchmarks.coverage_instances import Instance
from planner.config import Objective
from planner.coverage import SparseDurations
from planner.coverage.explain import solution_of
from planner.coverage.models.milp import propose_by_milp
from planner.units import FloatArray


class PeerMissingError(Exception):
    """A peer that is not installed or has no way to state the instance."""


def spopt_with_cbc(instance: Instance, seconds: float) -> tuple[float | None, float | None]:
    """Return spopt's value; it hands over no bound, so CBC's optimum counts as one and a time-out as none."""
    try:
        import pulp
        from spopt.locate import LSCP, MCLP, PCenter, PMedian
    except ImportError as missing:
        raise PeerMissingError(f"not installed: {missing.name}") from missing
    problem = instance.problem
    if problem.rules.in_force:
        raise PeerMissingError("knows no capacities")
    table = _dense(problem.travel)
    solver = pulp.PULP_CBC_CMD(msg=False, timeLimit=seconds)
    if problem.objective is Objective.LSCP:
        model = LSCP.from_cost_matrix(table, problem.standard_s)
    elif problem.objective is Objective.MCLP:
        model = MCLP.from_cost_matrix(table, problem.weights, problem.standard_s, p_facilities=problem.count)
    elif problem.objective is Objective.P_CENTER:
        model = PCenter.from_cost_matrix(table, p_facilities=problem.count)
    else:
        model = PMedian.from_cost_matrix(table, problem.weights, p_facilities=problem.count)
    try:
        model = model.solve(solver, results=False)
    except RuntimeError:  # how spopt says that the time ended without an answer
        return None, None
    value = pulp.value(model.problem.objective)
    # CBC reports "Optimal" for an answer cut off by the clock too; the solution status tells the two apart
    optimal = model.problem.sol_status == pulp.LpSolutionOptimal
    return (None if value is None else float(value)), (float(value) if optimal and value is not None else None)


def plain_highs(instance: Instance, seconds: float) -> tuple[float | None, float | None]:
    """Return HiGHS' value and bound on the textbook model of the same sparse data."""
    if instance.problem.objective is Objective.P_CENTER:
        raise PeerMissingError("has no p-center model here")
    proposal = propose_by_milp(instance.problem, seconds)
    if proposal.status is not None:
        return None, None
    solution = solution_of(instance.problem, proposal)
    return solution.value, solution.bound


def _dense(travel: SparseDurations) -> FloatArray:
    """Return the full table that spopt asks for; it knows no missing pairs, so they take ten times the longest."""
    points, sites = travel.shape
    if points * sites > 10_000_000:
        raise PeerMissingError(f"needs a table of {points} x {sites}")
    longest = float(travel.seconds.max(initial=1.0))
    table = np.full((points, sites), math.ceil(longest) * 10.0)
    table[travel.demands, travel.sites] = travel.seconds
    return table


PEERS: dict[str, Callable[[Instance, float], tuple[float | None, float | None]]] = {
    "spopt": spopt_with_cbc,
    "highs": plain_highs,
}

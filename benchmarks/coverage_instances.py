"""Read siting instances: OR-Library pmed and pmedcap, TSPLIB points, and a province as npz, all as sparse problems."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import shortest_path
from scipy.spatial import cKDTree

from planner.config import Objective
from planner.coverage.durations import SparseDurations
from planner.coverage.problem import CoverageProblem
from planner.coverage.siting_rules import AssignmentRule, SitingRules
from planner.errors import BadDataError
from planner.units import FloatArray

# a province's travel time: straight line x 1.35 at 40 km/h
_SECONDS_PER_KM = 1.35 / 40 * 3600
_NO_RULES = SitingRules()
# lists are made for so many points at once, so that memory stays small
_ROWS_AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class Instance:
    """A problem with its name, and how its value is told: ``scale`` turns the solver's figure into the published one."""

    name: str
    problem: CoverageProblem
    scale: float
    best_known: float | None


def read_instances(
    paths: Iterable[Path], *, model: Objective, counts: tuple[int, ...], minutes: float
) -> list[Instance]:
    """Return the instances of these files and folders, by name.

    Raises
    ------
    BadDataError
        If a file's name says no known format, or a format needs ``--p`` and it is missing.
    """
    found = []
    for path in paths:
        files = sorted(path.rglob("*"), key=_number) if path.is_dir() else [path]
        for file in files:
            if file.name.startswith("pmedcap"):
                found.append(_pmedcap(file))
            elif file.name.startswith("pmed"):
                found.append(_pmed(file, model))
            elif file.suffix == ".tsp":
                found += [_tsplib(file, p) for p in _needed(counts, file)]
            elif file.suffix == ".npz":
                wanted = (None,) if model is Objective.LSCP else _needed(counts, file)
                found += [_province(file, model, p, minutes) for p in wanted]
            elif not path.is_dir():
                raise BadDataError(f"{file}: expected pmed*, pmedcap*, *.tsp or *.npz")
    return found


def _number(path: Path) -> tuple[str, int]:
    digits = "".join(c for c in path.stem if c.isdigit())
    return path.stem.rstrip("0123456789"), int(digits or 0)


def _needed(counts: tuple[int, ...], file: Path) -> tuple[int, ...]:
    if not counts:
        raise BadDataError(f"{file.name}: say how many sites to open with --p")
    return counts


def _best_known(file: Path, *keys: str) -> float | None:
    for folder in (file.parent, file.parent.parent):
        table = folder / "best_known.json"
        if table.exists():
            entry = json.loads(table.read_text(encoding="utf-8"))
            for key in keys:
                entry = entry.get(key, {}) if isinstance(entry, dict) else {}
            return float(entry) if isinstance(entry, int | float) else None
    return None


def _problem(
    durations: SparseDurations,
    weights: FloatArray,
    model: Objective,
    count: int | None,
    standard_s: float,
    rules: SitingRules = _NO_RULES,
) -> CoverageProblem:
    points, sites = durations.shape
    none = np.zeros(points, dtype=np.bool_)
    return CoverageProblem(
        objective=model,
        demand_ids=tuple(f"d{i}" for i in range(points)),
        site_ids=tuple(f"s{j}" for j in range(sites)),
        durations_s=durations,
        standard_s=standard_s,
        weights=weights,
        population=weights,
        households=weights,
        registered_poor=none,
        mandatory=none,
        opening_cost_yuan=np.ones(sites),
        existing=np.zeros(sites, dtype=np.bool_),
        forbidden=np.zeros(sites, dtype=np.bool_),
        count=count,
        rules=rules,
    )


def _pmed(file: Path, model: Objective) -> Instance:
    """OR-Library: n, edges, p; edges of a graph, of repeated ones the last counts; distances are shortest paths."""
    numbers = np.array(file.read_text(encoding="ascii").split(), dtype=np.int64)
    n, _edges, p = (int(x) for x in numbers[:3])
    lengths = {(min(a, b) - 1, max(a, b) - 1): c for a, b, c in numbers[3:].reshape(-1, 3).tolist()}
    ends = np.array(list(lengths))
    graph = csr_array((np.array(list(lengths.values()), dtype=np.float64), (ends[:, 0], ends[:, 1])), shape=(n, n))
    durations = SparseDurations.of_dense(shortest_path(graph, directed=False))
    center = model if model is Objective.P_CENTER else None
    return Instance(
        name=file.stem,
        problem=_problem(durations, np.ones(n), center or Objective.P_MEDIAN, p, 1e9),
        scale=1.0,
        best_known=_best_known(file, "pmed", file.stem, "opt_pcenter" if center else "opt_pmedian"),
    )


def _pmedcap(file: Path) -> Instance:
    """A capacitated p-median that sends each point whole to a site that has room, the closest or not."""
    points = read_pmedcap(file)
    rules = SitingRules(
        load=points.loads,
        capacity=np.full(len(points.loads), points.capacity),
        assignment=AssignmentRule.FREE,
    )
    durations, ones = SparseDurations.of_dense(points.costs), np.ones(len(points.loads))
    return Instance(
        name=file.stem,
        problem=_problem(durations, ones, Objective.P_MEDIAN, points.count, 1e9, rules),
        scale=1.0,
        best_known=points.best_known,
    )


def _tsplib(file: Path, p: int) -> Instance:
    """TSPLIB points, each a customer and a site, straight lines that are not rounded."""
    lines = file.read_text(encoding="ascii").split("NODE_COORD_SECTION")[1].splitlines()
    points = np.array([[float(x) for x in line.split()[1:3]] for line in lines if len(line.split()) == 3])
    best = [_best_known(file, "tsplib_pmedian", f"{file.stem}_p{p}", key) for key in _TSPLIB_KEYS]
    return Instance(
        name=f"{file.stem}_p{p}",
        problem=_problem(_nearest_lists(points, p, 1.0), np.ones(len(points)), Objective.P_MEDIAN, p, 1e12),
        scale=1.0,
        best_known=next((value for value in best if value is not None), None),
    )


_TSPLIB_KEYS = ("literature_best_from_memory", "our_ub")


def _province(file: Path, model: Objective, p: int | None, minutes: float) -> Instance:
    data = np.load(file)
    points, weights = data["xy"], data["w"].astype(np.float64)
    if model is Objective.P_MEDIAN and p is not None:
        durations, label, keys = _nearest_lists(points, p, _SECONDS_PER_KM), f"PMED_p{p}", ("ub",)
    else:
        durations, keys = within(points, minutes), ("opt", "lb" if model is Objective.MCLP else "ub")
        label = f"{model.value}{minutes:g}" + (f"_p{p}" if p is not None else "")
    best = [_best_known(file, file.stem, label, key) for key in keys]
    return Instance(
        name=f"{file.stem}_{label}",
        problem=_problem(durations, weights, model, p, minutes * 60),
        scale=1 / 60 if model is Objective.P_MEDIAN else 1.0,
        best_known=next((value for value in best if value is not None), None),
    )


def _nearest_lists(points: FloatArray, p: int, seconds_per_unit: float) -> SparseDurations:
    """Return each point's nearest sites, four times as many as one open site has customers; the rest is farther."""
    n = len(points)
    size = min(n, max(50, math.ceil(4 * n / p)))
    sites, seconds = np.empty(n * size, dtype=np.int32), np.empty(n * size)
    tree = cKDTree(points)
    for first in range(0, n, _ROWS_AT_ONCE):
        length, site = tree.query(points[first : first + _ROWS_AT_ONCE], k=size)
        part = slice(first * size, first * size + length.size)
        sites[part], seconds[part] = site.ravel(), length.ravel() * seconds_per_unit
    return SparseDurations.of_rows(
        starts=np.arange(n + 1, dtype=np.int64) * size,
        sites=sites,
        seconds=seconds,
        site_count=n,
        cutoff_s=seconds[size - 1 :: size].copy() if size < n else np.full(n, np.inf),
    )


def within(points: FloatArray, minutes: float) -> SparseDurations:
    """Return the pairs of points within so many minutes, each point with itself."""
    tree = cKDTree(points)
    sizes, sites, seconds = [], [], []
    for first in range(0, len(points), _ROWS_AT_ONCE):
        here = points[first : first + _ROWS_AT_ONCE]
        near = tree.query_ball_point(here, minutes * 60 / _SECONDS_PER_KM)
        size = np.array([len(row) for row in near])
        rows, site = np.repeat(np.arange(len(here)), size), np.concatenate(near).astype(np.int32)
        second = np.hypot(*(here[rows] - points[site]).T) * _SECONDS_PER_KM
        order = np.lexsort((site, second, rows))
        sizes.append(size)
        sites.append(site[order])
        seconds.append(second[order])
    return SparseDurations.of_rows(
        starts=np.concatenate([[0], np.cumsum(np.concatenate(sizes))]).astype(np.int64),
        sites=np.concatenate(sites),
        seconds=np.concatenate(seconds),
        site_count=len(points),
        cutoff_s=np.full(len(points), minutes * 60.0),
    )


@dataclass(frozen=True, kw_only=True)
class LoadedPoints:
    """Points that are customers and sites at once, with loads; ``costs`` (n, n) of serving one from another."""

    name: str
    costs: FloatArray
    loads: FloatArray
    capacity: float
    count: int
    best_known: float | None


def read_pmedcap(file: Path) -> LoadedPoints:
    """OR-Library: number and best value; n, p, capacity; number, x, y, load of each point. Distances are cut to integers."""
    lines = [line.split() for line in file.read_text(encoding="ascii").splitlines() if line.strip()]
    n, p, capacity = (int(x) for x in lines[1])
    table = np.array(lines[2 : 2 + n], dtype=np.float64)
    if table.shape != (n, 4):
        raise BadDataError(f"{file}: expected {n} rows of number, x, y, load, got {len(lines) - 2}")
    points = table[:, 1:3]
    published = _best_known(file, "pmedcap", file.stem, "best")
    return LoadedPoints(
        name=file.stem,
        costs=np.floor(np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1)) + 1e-9),
        loads=table[:, 3],
        capacity=float(capacity),
        count=p,
        best_known=float(lines[0][1]) if published is None else published,
    )

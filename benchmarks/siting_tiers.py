"""Measure service points and stations chosen together at province size.

``python -m benchmarks.siting_tiers PROVINCE.npz --seeds 3 --seconds 120 --json OUT``. Stations may stand in the village
nearest the middle of its township. A seed draws which tenth of the points and stations are forbidden, which hundredth stand
already, how many points (2 to 6) each station has room for, and ten villages that must be covered.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from benchmarks.memory import peak_mb
from planner.coverage.engine.effort import Effort
from planner.coverage.engine.status import CLOSED, FREE, OPEN
from planner.coverage.engine.two_tier.search import TiersFound, TierSites, solve_tiers
from planner.units import BoolArray, FloatArray, IntArray

# straight line x 1.35 at 40 km/h
MINUTES_PER_KM = 1.35 / 40 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One answer; ``value`` and ``bound`` in covered weight, or in points where those are fewest."""

    instance: str
    model: str
    n: int
    p: int | None
    value: float | None
    bound: float | None
    gap_pct: float | None
    best_known: float | None
    seconds: float
    cpu_seconds: float
    peak_mb: float
    proven: bool
    engine: str
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Province:
    """Villages (km), their weights, and the village that stands for each township's seat."""

    name: str
    places: FloatArray
    weights: FloatArray
    seats: IntArray


def read_province(file: Path) -> Province:
    """Return the villages of the file and, for each township, the village nearest its middle."""
    data = np.load(file)
    places, township = data["xy"], data["township"]
    seats = []
    for number in np.unique(township):
        villages = np.flatnonzero(township == number)
        middle = places[villages].mean(axis=0)
        seats.append(villages[np.argmin(((places[villages] - middle) ** 2).sum(axis=1))])
    return Province(name=file.stem, places=places, weights=data["w"].astype(np.float64), seats=np.array(seats))


def within(first: FloatArray, second: FloatArray, minutes: float) -> csr_array:
    """Return which of the second places are within these minutes of the first."""
    near = cKDTree(second).query_ball_point(first, minutes / MINUTES_PER_KM, return_sorted=True)
    starts = np.concatenate([[0], np.cumsum([len(row) for row in near])]).astype(np.int64)
    columns = np.concatenate([np.asarray(row, dtype=np.int32) for row in near])
    return csr_array((np.ones(len(columns), dtype=np.int8), columns, starts), shape=(len(first), len(second)))


def drawn_status(count: int, random: np.random.Generator) -> IntArray:
    """Return a tenth of the candidates CLOSED, a hundredth OPEN, the others FREE."""
    draw = random.random(count)
    return np.where(draw < 0.1, CLOSED, np.where(draw < 0.11, OPEN, FREE)).astype(np.int64)


def measure(
    name: str, model: str, count: int | None, run: Callable[[], tuple[float, float, bool, tuple[str, ...]]], size: int
) -> Row:
    """Return the row of one run, which gives value, bound, whether more is better, and the faults found in its answer."""
    wall, cpu = time.perf_counter(), time.process_time()
    value, bound, most, faults = run()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    gap = 100 * (bound - value if most else value - bound) / max(abs(value), 1e-9)
    row = Row(
        instance=name,
        model=model,
        n=size,
        p=count,
        value=value,
        bound=bound,
        gap_pct=gap,
        best_known=None,
        seconds=wall,
        cpu_seconds=cpu,
        peak_mb=peak_mb(),
        proven=gap < 1e-6,
        engine="planner",
        faults=faults,
    )
    print(
        f"{row.instance:<44} {value:>14,.0f} bound {bound:>14,.0f} gap {gap:7.3f} % {wall:7.1f} s {cpu:7.1f} CPU-s"
        f" {row.peak_mb:5.0f} MB {'; '.join(faults)}",
        flush=True,
    )
    return row


def environment() -> str:
    """Return the versions that the figures depend on."""
    listed = ", ".join(f"{name} {metadata.version(name)}" for name in ("numpy", "scipy", "numba", "ortools"))
    return f"Python {sys.version.split()[0]}, {listed}"


def options_of(program: str, about: str | None, arguments: list[str] | None) -> argparse.Namespace:
    """Return the options that the siting benchmarks share."""
    parser = argparse.ArgumentParser(prog=program, description=about)
    parser.add_argument("province", type=Path)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=120.0, help="processor time of each instance")
    parser.add_argument("--json", type=Path, help="where to write the rows")
    parser.add_argument("--only", default="", help="only the instances whose name holds this")
    return parser.parse_args(arguments)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """How many points and stations may open, and within how many minutes."""

    points: int
    stations: int
    standard: float
    station_standard: float


_CASES = (
    _Case(points=300, stations=130, standard=20.0, station_standard=30.0),
    _Case(points=300, stations=160, standard=20.0, station_standard=40.0),
    _Case(points=150, stations=80, standard=30.0, station_standard=40.0),
)


def main(arguments: list[str] | None = None) -> None:
    """Run the benchmark and print its rows; write them as JSON if asked."""
    options = options_of("benchmarks.siting_tiers", __doc__, arguments)
    province = read_province(options.province)
    print(environment())
    _run(province, _CASES[0], 0, 5.0, villages=400)  # compiling is not measured
    rows = []
    for case in _CASES:
        for seed in range(1, options.seeds + 1):
            label = f"p{case.points}_q{case.stations}_{case.standard:g}min_{case.station_standard:g}min_seed{seed}"
            name = f"{province.name}_TIERS_{label}"
            if options.only in name:
                run = lambda c=case, s=seed: _run(province, c, s, options.seconds)  # type: ignore[misc]  # noqa: E731
                rows.append(measure(name, "TIERS", case.points, run, len(province.places)))
    if options.json:
        options.json.write_text(json.dumps([asdict(row) for row in rows], indent=1), encoding="utf-8")


def _run(
    province: Province, case: _Case, seed: int, seconds: float, villages: int | None = None
) -> tuple[float, float, bool, tuple[str, ...]]:
    random = np.random.default_rng(seed)
    places, weights = province.places[:villages], province.weights[:villages]
    seats = province.places[province.seats[province.seats < len(places)]]
    status, station_status = drawn_status(len(places), random), drawn_status(len(seats), random)
    room = random.integers(2, 7, len(seats))
    covers, reach = within(places, places, case.standard), within(places, seats, case.station_standard)
    # a point stands already only where a station does too
    status[(status == OPEN) & (reach @ (station_status == OPEN) == 0)] = FREE
    must = np.zeros(len(places), dtype=np.bool_)
    must[random.choice(len(places), 10, replace=False)] = True
    points = TierSites(status=status, costs=np.ones(len(places)), limit=float(case.points))
    stations = TierSites(status=station_status, costs=np.ones(len(seats)), limit=float(case.stations))
    need = np.ones(len(places), dtype=np.int64)
    effort = Effort(deadline=time.process_time() + seconds, seed=seed, clock=time.process_time)
    found = solve_tiers(covers, weights, need, must, points, effort, reach=reach, room=room, stations=stations)
    return found.value, found.bound, True, _faults(places, seats, weights, must, room, (points, stations), case, found)


def _faults(
    places: FloatArray,
    seats: FloatArray,
    weights: FloatArray,
    must: BoolArray,
    room: IntArray,
    tiers: tuple[TierSites, TierSites],
    case: _Case,
    found: TiersFound,
) -> tuple[str, ...]:
    """Replay the answer from the coordinates."""
    opened, stations = np.flatnonzero(found.opened), np.flatnonzero(found.stations)
    minutes = np.hypot(*(places - places[opened][cKDTree(places[opened]).query(places)[1]]).T) * MINUTES_PER_KM
    covered = minutes <= case.standard
    linked = found.at[opened]
    faults = []
    if abs(weights[covered].sum() - found.value) > 0.5:
        faults.append(f"covers {weights[covered].sum():,.0f}")
    if len(opened) > case.points or len(stations) > case.stations:
        faults.append(f"{len(opened)} points and {len(stations)} stations")
    for tier, chosen in zip(tiers, (found.opened, found.stations), strict=True):
        if chosen[tier.status == CLOSED].any() or not chosen[tier.status == OPEN].all():
            faults.append("a forbidden site is open or an existing one is closed")
    if (linked < 0).any() or not found.stations[linked].all():
        faults.append("a point without an open station")
    elif (np.hypot(*(places[opened] - seats[linked]).T) * MINUTES_PER_KM > case.station_standard + 1e-9).any():
        faults.append("a point too far from its station")
    if (np.bincount(linked[linked >= 0], minlength=len(room)) > room).any():
        faults.append("a station with too many points")
    if not covered[must].all():
        faults.append(f"{np.count_nonzero(~covered[must])} villages not covered that must be")
    if not found.feasible:
        faults.append("said to be infeasible")
    return tuple(faults)


if __name__ == "__main__":
    main()

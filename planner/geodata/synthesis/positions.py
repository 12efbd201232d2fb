"""Where the villages of a county could lie: spread over their township, not on a grid, none outside the county."""

from __future__ import annotations

import numpy as np
import shapely

from planner.units import FloatArray

CANDIDATES = 5  # of five random places the one farthest from all others: even, but not regular
EDGE_M = 700.0


def territories(seats: FloatArray, county: shapely.Geometry) -> list[shapely.Geometry]:
    """Return for each seat (n, 2) the part of the county nearest to it, all in metres."""
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(seats), extend_to=county))
    tree = shapely.STRtree(cells)
    cell_of = {int(point): int(cell) for point, cell in tree.query(shapely.points(seats), predicate="within").T}
    return [shapely.intersection(cells[cell_of[i]], county) for i in range(len(seats))]


def scatter(territory: shapely.Geometry, seat: FloatArray, count: int, rng: np.random.Generator) -> FloatArray:
    """Return ``count`` positions (count, 2) inside a territory, away from its edge, the first near the seat."""
    inside = shapely.buffer(territory, -EDGE_M)
    shapely.prepare(inside)
    taken = [seat + rng.normal(0.0, 350.0, 2)]
    while len(taken) < count:
        offers = np.array([_random_place(inside, rng) for _ in range(CANDIDATES)])
        gaps = np.hypot(*(offers[:, None, :] - np.array(taken)[None, :, :]).transpose(2, 0, 1)).min(axis=1)
        taken.append(offers[int(np.argmax(gaps))])
    return np.array(taken)


def _random_place(inside: shapely.Geometry, rng: np.random.Generator) -> FloatArray:
    west, south, east, north = shapely.bounds(inside)
    while True:
        place = rng.uniform((west, south), (east, north))
        if shapely.contains_xy(inside, *place):
            return np.asarray(place)

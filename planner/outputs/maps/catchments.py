"""Areas to colour: the land near a village, and nearer to it than to any other, and what belongs to one site together.

It says which village a place is nearest to as the crow flies, not how a road leads there: a picture of who is served from
where, not a measurement.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import geopandas
import numpy as np
import shapely

from planner.model import StudyArea

_LAND_M = 1000.0
"""How far from a village its land is drawn: hardly anybody lives between the villages, or is counted there."""


def village_cells(area: StudyArea) -> dict[str, shapely.Geometry]:
    """Return the cell of each village in lon/lat, cut at the boundary (Voronoi diagram in the area's metric CRS).

    Villages that share a position share one cell, given to the first of them; one that lies outside with all its land has
    none.
    """
    points = geopandas.GeoSeries(
        shapely.points([(village.lon, village.lat) for village in area.villages]), crs="EPSG:4326"
    ).to_crs(area.metric_crs)
    boundary = _sound(geopandas.GeoSeries([area.boundary], crs="EPSG:4326").to_crs(area.metric_crs))[0]
    rounded = np.column_stack([points.x, points.y]).round(1)
    positions, first = np.unique(rounded, axis=0, return_index=True)
    if len(positions) == 1:
        return {area.villages[int(first[0])].id: area.boundary}
    diagram = shapely.voronoi_polygons(shapely.multipoints(positions), extend_to=boundary)
    cells = np.array(shapely.get_parts(diagram))
    tree = shapely.STRtree(cells)
    cell_of = tree.query_nearest(shapely.points(positions), all_matches=False)[1]
    cut = geopandas.GeoSeries(shapely.intersection(cells[cell_of], boundary), crs=area.metric_crs).to_crs("EPSG:4326")
    return {
        area.villages[int(i)].id: cell for i, cell in zip(first, _sound(cut), strict=True) if not shapely.is_empty(cell)
    }


def _sound(shapes: geopandas.GeoSeries) -> list[shapely.Geometry]:
    """Return shapes mended where moving them to another projection crossed their outline at a needle's tip."""
    return list(shapely.make_valid(shapes.to_numpy(), method="structure", keep_collapsed=False))


def land_near(
    area: StudyArea, cells: Mapping[str, shapely.Geometry], within_m: float = _LAND_M
) -> dict[str, shapely.Geometry]:
    """Return the part of each village's cell where its people live, near the village, in lon/lat."""
    places = [area.village_by_id[id_] for id_ in cells]
    points = geopandas.GeoSeries(
        shapely.points([(place.lon, place.lat) for place in places]).tolist(), crs="EPSG:4326"
    ).to_crs(area.metric_crs)
    round_them = points.buffer(within_m, quad_segs=5).to_crs("EPSG:4326")
    cut = shapely.intersection(list(cells.values()), round_them.to_numpy())
    return {id_: land for id_, land in zip(cells, map(_surface, cut), strict=True) if not shapely.is_empty(land)}


def _surface(shape: shapely.Geometry) -> shapely.Geometry:
    """Return what has an area of a shape: two that meet along an edge leave lines and points as well."""
    parts = shapely.get_parts(shape)
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 2])


def merged(cells: Mapping[str, shapely.Geometry], site_of: Mapping[str, str]) -> dict[str, shapely.Geometry]:
    """Return the cells of all villages of a site as one geometry, by site id."""
    groups: dict[str, list[shapely.Geometry]] = defaultdict(list)
    for village_id, cell in cells.items():
        if village_id in site_of:
            groups[site_of[village_id]].append(cell)
    return {site_id: shapely.union_all(group) for site_id, group in sorted(groups.items())}

"""A small map of a network as inline SVG: the boundary, villages served and not, stations and hub."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import shapely

from planner.model import Tier
from planner.plans import NetworkPlan

_WIDTH = 440.0
_MARGIN = 10.0
_MOST_HEIGHT = 420.0


def thumbnail(plan: NetworkPlan, stage: int | None = None) -> str:
    """Return the drawing of a stage, of the finished network if None.

    Shapes differ as well as colours, and what is drawn is told by classes of the page's style.
    It holds no text, so that it is the same in every language; names and the legend stand on the page.
    """
    area = plan.area
    spots = [*((v.lon, v.lat) for v in area.villages), *((site.lon, site.lat) for site in area.sites)]
    west, south, east, north = shapely.union_all([area.boundary, shapely.MultiPoint(spots)]).bounds
    narrow = math.cos(math.radians((south + north) / 2))
    scale = min(
        (_WIDTH - 2 * _MARGIN) / max((east - west) * narrow, 1e-9),
        (_MOST_HEIGHT - 2 * _MARGIN) / max(north - south, 1e-9),
    )
    width, height = (east - west) * narrow * scale + 2 * _MARGIN, (north - south) * scale + 2 * _MARGIN

    def at(lon: float, lat: float) -> tuple[float, float]:
        return (lon - west) * narrow * scale + _MARGIN, (north - lat) * scale + _MARGIN

    shown = plan.finished if stage is None else plan.stages[stage]
    covered = {one.village_id for one in shown.hand_over if one.covered}
    served = [at(v.lon, v.lat) for v in area.villages if v.id in covered]
    left = [at(v.lon, v.lat) for v in area.villages if v.id not in covered]
    stations = [at(site.lon, site.lat) for site in plan.opened_sites(Tier.EXPRESS_STATION) if site.id in shown.opened]
    hubs = [at(site.lon, site.lat) for site in plan.opened_sites(Tier.COUNTY_HUB)]
    return "".join(
        [
            f'<svg class="map" viewBox="0 0 {width:.0f} {height:.0f}" aria-hidden="true">',
            f'<path class="edge" d="{_outline(area.boundary, at)}"/>',
            *_marks(served, "served"),
            *_marks(stations, "station"),
            *_marks(hubs, "hub"),
            *_marks(left, "left"),
            "</svg>",
        ]
    )


def mark(kind: str) -> str:
    """Return one mark by itself, for the legend: ``served``, ``left``, ``station`` or ``hub``."""
    return "".join(
        ['<svg class="key" viewBox="-8 -8 16 16" aria-hidden="true">', *_marks([(0.0, 0.0)], kind), "</svg>"]
    )


def _outline(boundary: shapely.Geometry, at: Callable[[float, float], tuple[float, float]]) -> str:
    rings = (polygon.exterior for polygon in getattr(boundary, "geoms", [boundary]))
    paths = []
    for ring in rings:
        points = [at(lon, lat) for lon, lat in ring.coords]
        paths.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z")
    return "".join(paths)


def _marks(places: Iterable[tuple[float, float]], kind: str) -> Iterable[str]:
    shapes: dict[str, Callable[[float, float], str]] = {
        "served": lambda x, y: f'<circle class="served" cx="{x:.1f}" cy="{y:.1f}" r="3.4"/>',
        "left": lambda x, y: f'<path class="left" d="M{x:.1f} {y - 6.5:.1f}l6 11h-12z"/>',
        "station": lambda x, y: f'<rect class="station" x="{x - 5:.1f}" y="{y - 5:.1f}" width="10" height="10"/>',
        "hub": lambda x, y: f'<path class="hub" d="M{x:.1f} {y - 8:.1f}l8 8l-8 8l-8 -8z"/>',
    }
    return [shapes[kind](x, y) for x, y in places]

"""Links that lead a navigation app from one place to the next, each in the datum that the app takes, and their QR codes.

In China Amap takes GCJ-02 and Baidu WGS 84 by its own word; elsewhere a ``geo:`` link opens whatever app there is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

import numpy as np
import segno
import shapely

from planner.config import Datum
from planner.geodata.datum import from_wgs84
from planner.geodata.register import in_china
from planner.model import Site, StudyArea

_QUIET = 2
"""Modules of white around a code: the page around it is white, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NavigationLink:
    """A link for one app, ``amap``, ``baidu`` or ``geo``; ``bare`` is the same without names, short enough for a code."""

    app: str
    href: str
    bare: str

    @property
    def qr(self) -> str:
        """The QR code of the link as inline SVG."""
        return qr_svg(self.bare)


def lies_in_china(area: StudyArea) -> bool:
    """Return whether the middle of the area lies within the boundary of a county of China; the language has no say."""
    middle = shapely.point_on_surface(area.boundary)
    return in_china(shapely.get_x(middle), shapely.get_y(middle), area.division_code)


def navigation_links(origin: Site, destination: Site, *, china: bool) -> tuple[NavigationLink, ...]:
    """Return the links that lead from one site to another by car.

    See https://lbs.amap.com/api/uri-api/guide/travel/route, https://lbsyun.baidu.com/index.php?title=uri/api/web and
    RFC 5870.
    """
    if not china:
        at = f"{destination.lat:.6f},{destination.lon:.6f}"
        geo = f"geo:{at}?q={at}"
        return (NavigationLink(app="geo", href=f"{geo}({quote(destination.name, safe='')})", bare=geo),)
    return _amap(origin, destination), _baidu(origin, destination)


def _amap(origin: Site, destination: Site) -> NavigationLink:
    lons, lats = from_wgs84(
        np.array([origin.lon, destination.lon]), np.array([origin.lat, destination.lat]), Datum.GCJ02
    )
    places = [f"{lon:.6f},{lat:.6f}" for lon, lat in zip(lons, lats, strict=True)]
    named = [f"{at},{quote(site.name, safe='')}" for at, site in zip(places, (origin, destination), strict=True)]

    def link(ends: list[str]) -> str:
        return f"https://uri.amap.com/navigation?from={ends[0]}&to={ends[1]}&mode=car&coordinate=gaode&src=planner"

    return NavigationLink(app="amap", href=link(named), bare=link(places))


def _baidu(origin: Site, destination: Site) -> NavigationLink:
    places = [f"latlng:{site.lat:.6f},{site.lon:.6f}" for site in (origin, destination)]
    named = [f"{at}|name:{quote(site.name, safe='')}" for at, site in zip(places, (origin, destination), strict=True)]

    def link(ends: list[str]) -> str:
        return (
            f"http://api.map.baidu.com/direction?origin={ends[0]}&destination={ends[1]}"
            "&mode=driving&coord_type=wgs84&output=html&src=planner"
        )

    return NavigationLink(app="baidu", href=link(named), bare=link(places))


@lru_cache(maxsize=4096)  # the same legs are on the page of each language
def qr_svg(text: str) -> str:
    """Return the QR code of a text as inline SVG, black on white in the dark, too: readers want it so.

    The mask is given: to try all eight takes four times as long, and readers take any.
    """
    rows = segno.make(text, error="l", boost_error=False, micro=False, mask=1).matrix
    size = len(rows) + 2 * _QUIET
    runs = []
    for y, row in enumerate(rows, start=_QUIET):
        dark = bytes(row)
        x = dark.find(1)
        while x >= 0:
            end = dark.find(0, x)
            end = len(dark) if end < 0 else end
            runs.append(f"M{x + _QUIET} {y}h{end - x}v1h-{end - x}z")
            x = dark.find(1, end)
    return (
        f'<svg class="qr" viewBox="0 0 {size} {size}" shape-rendering="crispEdges" role="img">'
        f'<path fill="#fff" d="M0 0h{size}v{size}h-{size}z"/><path fill="#000" d="{"".join(runs)}"/></svg>'
    )

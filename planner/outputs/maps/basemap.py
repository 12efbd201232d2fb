"""What lies under a map: the plan's own roads and boundary, or pictures that the page asks a provider for if one was chosen.

Amap's pictures are in GCJ-02: with them the page's own script shifts everything that it draws, by the same formula as
`planner.geodata.datum`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from planner.config import Basemap
from planner.model import StudyArea, Text
from planner.outputs.map_key import map_key
from planner.outputs.maps.page import Addition, Mapped
from planner.words import listed, render, say, term

_KEY = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Where a provider's pictures are: addresses from the lowest layer up, ``{s}`` is one of ``servers``."""

    tiles: tuple[str, ...]
    servers: str = ""
    by_key: bool = False
    shifted: bool = False
    deepest: int = 18


_TIANDITU = (
    "https://t{s}.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}&STYLE=default"
    "&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk={key}"
)
_AMAP = "https://webrd0{s}.is.autonavi.com/appmaptile?lang=zh_cn&size=1&scale=1&style=8&x={x}&y={y}&z={z}&key={key}"
PROVIDERS: Mapping[Basemap, Provider] = {
    Basemap.TIANDITU: Provider(
        tiles=tuple(_TIANDITU.replace("{layer}", layer) for layer in ("vec", "cva")), servers="01234567", by_key=True
    ),
    Basemap.AMAP: Provider(tiles=(_AMAP,), servers="1234", by_key=True, shifted=True),
    Basemap.OSM: Provider(tiles=("https://tile.openstreetmap.org/{z}/{x}/{y}.png",), deepest=19),
}


def basemap_of(plan: Mapped) -> Addition:
    """Return the basemap that the plan's configuration asks for, and what of the map is real."""
    maps: Mapping[str, Any] = getattr(plan, "config", {}).get("maps") or {}
    kind = Basemap(maps.get("basemap", Basemap.OWN))
    given: dict[str, object] = {"basemap": "", "by_key": False, "hosts_asked": "", **_facts(plan.area)}
    if kind is Basemap.OWN:
        return Addition(controls=["basemap.html"], given=given)
    provider, own = PROVIDERS[kind], maps.get("tiles", "")
    tiles = (own,) if own else provider.tiles
    by_key = any("{key}" in one for one in tiles)
    key = map_key() if maps.get("write_key") else ""
    hosts = list(dict.fromkeys(host for one in tiles for host in _hosts(one, provider.servers)))
    given |= {"basemap": term(kind), "by_key": by_key, "hosts_asked": listed(hosts)}
    data = {
        "tiles": tiles,
        "servers": provider.servers,
        "key": key if _KEY.fullmatch(key) else "",
        "by_key": by_key,
        "shifted": provider.shifted,
        "deepest": provider.deepest,
        "attribution": _named(maps.get("attribution")) or _attribution(kind),
    }
    return Addition(scripts=["basemap.js"], controls=["basemap.html"], given=given, data={"basemap": data}, hosts=hosts)


def _hosts(address: str, servers: str) -> list[str]:
    """Return scheme and host of each server that an address may ask."""
    whole = [address.replace("{s}", one) for one in servers] if "{s}" in address else [address]
    return [f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, whole)]


def _named(attribution: object) -> str:
    """Return whose pictures a configuration says they are; a document is not checked: what is no text there is none."""
    try:
        return render(Text.of(attribution or ""))
    except ValueError:
        return ""


def _attribution(kind: Basemap) -> str:
    match kind:
        case Basemap.TIANDITU:
            return say("Tianditu, National Platform for Common Geospatial Information Services")
        case Basemap.AMAP:
            return say("Amap (AutoNavi)")
        case _:
            return say("© OpenStreetMap contributors")


def _facts(area: StudyArea) -> dict[str, Sequence[str]]:
    """Return what the area's sources say of what is drawn: real, synthetic or only assumed."""
    real = [render(one.what) for one in area.sources if not one.synthetic and not one.assumed]
    return {
        "real": list(dict.fromkeys(real)),
        "synthetic": list(map(render, area.synthetic_parts)),
        "assumed": list(map(render, area.assumed_parts)),
    }

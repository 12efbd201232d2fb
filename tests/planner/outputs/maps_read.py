"""Maps of plans, and what stands in their pages."""

import itertools
import json
import re
from pathlib import Path
from typing import Any

from planner.outputs.maps import coverage_map, routes_map
from planner.outputs.page_links import PageLinks
from planner.pipeline.whole_plan import PlannedArea
from tests.conftest import folders_in

LINKS = PageLinks(home="en")


def map_of(planned: PlannedArea, name: str) -> str:
    """A map in the language that is spoken."""
    return coverage_map(planned.network, LINKS) if name == "coverage" else routes_map(planned.day, LINKS)


def english_page(out: Path, area: str, name: str) -> Path:
    """A page of the demonstration's network or day in English; Baiquan's language is Chinese."""
    network, day = folders_in(out, area)
    return (network if name == "coverage" else day) / (f"{name}.en.html" if area == "baiquan" else f"{name}.html")


def numbers(letters: str | int, count: int = 0) -> list[int]:
    """Whole numbers from the differences that a page writes, five bits a letter; written by itself to hold it to that."""
    if isinstance(letters, int):
        return [letters] * count
    found, last, value, shift = [], 0, 0, 0
    for letter in letters:
        five = ord(letter) - 63
        value |= (five & 31) << shift
        shift += 5
        if five < 32:
            last += -((value + 1) // 2) if value % 2 else value // 2
            found.append(last)
            value = shift = 0
    return found


def places(letters: str) -> list[tuple[float, float]]:
    """Points in lon/lat: latitude and longitude come by turns, each as its difference from the point before."""
    steps, last = [], 0
    for at in numbers(letters):  # these are running sums: back to the differences
        steps.append(at - last)
        last = at
    lats, lons = itertools.accumulate(steps[::2]), itertools.accumulate(steps[1::2])
    return [(lon / 1e5, lat / 1e5) for lat, lon in zip(lats, lons, strict=True)]


_KINDS = {"p": "Point", "l": "LineString", "L": "MultiLineString", "g": "Polygon", "G": "MultiPolygon"}


def _shape(written: str) -> dict[str, Any]:
    parts = [[places(ring) for ring in polygon.split(" ")] for polygon in written[1:].split(",")]
    if written[0] in "gG":
        parts = [[[*ring, ring[0]] for ring in rings] for rings in parts]
    inner = {"p": lambda: parts[0][0][0], "l": lambda: parts[0][0], "G": lambda: parts}
    return {"type": _KINDS[written[0]], "coordinates": inner.get(written[0], lambda: parts[0])()}


def data_of(page: str) -> dict[str, Any]:
    """All data of a page, as it is written there."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    data: dict[str, Any] = json.loads(found[1])
    return data


def layers_of(page: str) -> list[list[dict[str, Any]]]:
    """The features of each layer, as GeoJSON."""
    data = data_of(page)
    return [_features(layer, data) for layer in data["layers"]]


def _features(layer: dict[str, Any], data: dict[str, Any]) -> list[dict[str, Any]]:
    count = layer["count"]
    if "points" in layer:
        shapes = [{"type": "Point", "coordinates": at} for at in places(layer["points"])]
    else:
        shapes = [_shape(one) for one in layer["shapes"]]
    assert len(shapes) == count
    properties: list[dict[str, Any]] = [{} for _ in shapes]
    for name, column in layer["columns"]:
        table = {"id": "keys", "of": "keys", "name": "texts", "tooltip": "texts"}.get(name, "looks")
        for one, number in zip(properties, numbers(column, count), strict=True):
            if number >= 0:
                one[name] = number if name in ("v", "s", "t") else data[table][number]
    if "popups" in layer:
        titles, labels, values = map(numbers, layer["popups"])
        rest = iter(values)
        for one, title, label in zip(properties, titles, labels, strict=True):
            if title >= 0:
                rows = [[data["texts"][at], data["texts"][next(rest)]] for at in data["looks"][label]]
                one["popup"] = {"title": data["texts"][title], "rows": rows}
    return [{"geometry": shape, "properties": one} for shape, one in zip(shapes, properties, strict=True)]


def popup_text(popup: dict[str, Any]) -> str:
    """A pop-up as it is read: the title, and a line for each row."""
    return "\n".join([popup["title"], *(" ".join(row) for row in popup["rows"])])


def popups(page: str) -> str:
    found = (f["properties"].get("popup") for features in layers_of(page) for f in features)
    return "\n".join(popup_text(popup) for popup in found if popup)


def searched(page: str) -> list[dict[str, Any]]:
    """What the search finds."""
    data = data_of(page)
    tables = {"shown": "texts", "where": "texts"}
    columns = {
        name: [data[tables.get(name, "keys")][one] for one in numbers(letters)]
        for name, letters in data["search"]["columns"]
    }
    at = places(data["search"]["points"])
    return [
        {"lon": lon, "lat": lat} | {name: column[i] for name, column in columns.items()}
        for i, (lon, lat) in enumerate(at)
    ]


def rows_at(page: str, stage: int, kind: str) -> list[list[tuple[str, str]]]:
    """The lines that pop-ups of villages (v), sites (s) or townships (t) have at a stage, for each of them."""
    data = data_of(page)
    texts = data["texts"]
    found: list[list[tuple[str, str]]] = []
    for row in data["stages"][stage]["lines"][kind]:
        forms = [texts[at] for at in numbers(row["forms"])]
        parts = [[texts[at] for at in numbers(part)] for part in row["parts"]]
        found = found or [[] for _ in forms]
        for i, form in enumerate(forms):
            said = form.format(*(part[i] for part in parts)) if parts else form
            if said:
                found[i].append((row["label"], said))
    return found


def row_at(page: str, stage: int, kind: str, label: str) -> list[str]:
    """One of these lines of each place, empty where it has none."""
    return [dict(rows).get(label, "") for rows in rows_at(page, stage, kind)]

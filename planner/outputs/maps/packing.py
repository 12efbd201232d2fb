"""What a map page holds, written small: each text once, numbers and coordinates as differences in a few letters.

A page of ten thousand villages is one file that people send each other, so a village must not cost a kilobyte. The page's
script (``assets/packing.js``) reads what is written here.

Whole numbers are differences from one to the next, each with its sign in the lowest bit, five bits a letter from the lowest,
the letters beginning at ``?``; a coordinate is two of them, in hundred thousandths of a degree, latitude first. That is how
Google's encoded polylines are written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Coordinates = Sequence[Any]

_DIGITS = 1e5
_LINES = {"LineString": "l", "MultiLineString": "L", "Polygon": "g", "MultiPolygon": "G"}
_ABSENT = -1


class Packing:
    """The texts and looks of a page, each kept once, and what refers to them by number.

    ``texts`` are what people read, ``keys`` what is only looked up (ids, what a name is found by), ``looks`` all other
    properties of features.
    """

    def __init__(self) -> None:
        self._texts: dict[str, int] = {}
        self._keys: dict[str, int] = {}
        self._looks: dict[str, int] = {}

    def text(self, text: str) -> int:
        """Return the number of a text that people read."""
        return self._texts.setdefault(text, len(self._texts))

    def key(self, key: str) -> int:
        """Return the number of a text that is looked up and not shown."""
        return self._keys.setdefault(key, len(self._keys))

    def look(self, value: object) -> int:
        """Return the number of any other value of JSON."""
        return self._looks.setdefault(json.dumps(value, sort_keys=True, ensure_ascii=False), len(self._looks))

    def texts(self, texts: Iterable[str]) -> str:
        """Return the numbers of some texts as letters."""
        return letters(self.text(text) for text in texts)

    def tables(self) -> dict[str, list[Any]]:
        """Return all that is kept, in the order of its numbers; to be asked for last."""
        return {
            "texts": list(self._texts),
            "keys": list(self._keys),
            "looks": [json.loads(text) for text in self._looks],
        }

    def layer(self, features: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Return a layer's features: their geometry, and a column for each property that any of them has."""
        properties = [feature["properties"] for feature in features]
        names = sorted({name for one in properties for name in one})
        packed: dict[str, Any] = {"count": len(features), "columns": [], **_geometry(features)}
        for name in names:
            if name == "popup":
                packed["popups"] = self._popups([one.get(name) for one in properties])
            else:
                column = [self._number(name, one.get(name)) for one in properties]
                packed["columns"].append([name, column[0] if len(set(column)) == 1 else letters(column)])
        return packed

    def _number(self, name: str, value: object) -> int:
        if value is None:
            return _ABSENT
        if name in _KEYS:
            return self.key(str(value))
        if name in _TEXTS:
            return self.text(str(value))
        return value if name in _COUNTED and isinstance(value, int) else self.look(value)

    def _popups(self, popups: Sequence[Mapping[str, Any] | None]) -> list[str]:
        """Return titles, labels (those of a pop-up are one look) and, in one row, the values of them all."""
        titles, labels, values = [], [], []
        for one in popups:
            titles.append(_ABSENT if one is None else self.text(one["title"]))
            rows = [] if one is None else one["rows"]
            labels.append(self.look([self.text(label) for label, _ in rows]))
            values += [self.text(value) for _, value in rows]
        return [letters(titles), letters(labels), letters(values)]

    def places(self, entries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Return what the search finds, a column each: ``shown`` and ``where`` are read, all else is looked up."""
        columns = [[name, letters(self.key(one[name]) for one in entries)] for name in _LOOKED_UP]
        columns += [[name, self.texts(one[name] for one in entries)] for name in ("shown", "where")]
        return {"columns": columns, "points": _pairs([(one["lon"], one["lat"]) for one in entries])}


_KEYS = frozenset(("id", "of"))
_TEXTS = frozenset(("name", "tooltip"))
_COUNTED = frozenset(("v", "s", "t"))
_LOOKED_UP = ("id", "name", "latin", "initials")


def letters(numbers: Iterable[int]) -> str:
    """Return whole numbers as letters.

    Examples
    --------
    >>> letters([3, 4, 2, 100])  # differences 3, 1, -2, 98, with their signs 6, 2, 3, 196
    'EABcE'
    """
    written, last = [], 0
    for number in numbers:
        step = number - last
        last = number
        left = step * 2 if step >= 0 else -step * 2 - 1
        while left >= 32:
            written.append(chr(63 + (left & 31 | 32)))
            left >>= 5
        written.append(chr(63 + left))
    return "".join(written)


def _geometry(features: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the points of a layer in one row, or each of its shapes by itself."""
    geometries = [feature["geometry"] for feature in features]
    if all(one["type"] == "Point" for one in geometries):
        return {"points": _pairs([one["coordinates"] for one in geometries])}
    return {"shapes": [_shape(one) for one in geometries]}


def _shape(geometry: Mapping[str, Any]) -> str:
    """Return a shape: its kind; rings and lines apart by blanks, polygons by commas; a ring without its last point."""
    kind, coordinates = geometry["type"], geometry["coordinates"]
    if kind == "Point":
        return "p" + _pairs([coordinates])
    polygons = {"LineString": [[coordinates]], "MultiLineString": [coordinates], "Polygon": [coordinates]}
    closed = kind.endswith("Polygon")
    return _LINES[kind] + ",".join(
        " ".join(_pairs(ring[:-1] if closed else ring) for ring in rings) for rings in polygons.get(kind, coordinates)
    )


def _pairs(coordinates: Iterable[Coordinates]) -> str:
    """Return points in lon/lat as letters, each as its difference from the one before."""
    written = []
    last = (0, 0)
    for lon, lat in coordinates:
        here = (round(lat * _DIGITS), round(lon * _DIGITS))
        written.append(letters([here[0] - last[0]]) + letters([here[1] - last[1]]))
        last = here
    return "".join(written)

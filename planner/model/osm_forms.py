"""Forms of OpenStreetMap XML that are no plain map: edited in JOSM, with history, unsorted, or broken off.

osmium reads such files as if they were plain: it drops ways that were drawn and not uploaded yet, keeps what was deleted,
takes any of several versions, and finds no nodes that come after their ways. Where the file says what holds today it is
written again as a plain map; a file of changes, and an answer that a server broke off, are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from planner.errors import Message
from planner.model.osm_positions import positions_fault

_KINDS = ("node", "way", "relation")
_OBJECT = re.compile(rb"<(node|way|relation)\s[^>]*?\bid\s*=\s*[\"'](-?\d+)[\"']")
_ODD = re.compile(
    rb"<osmChange|<remark|<action|\baction\s*=|\bvisible\s*=\s*[\"']false|\b(?:id|ref)\s*=\s*[\"']-|^\xff\xfe|^\xfe\xff"
)
_SECTIONS = frozenset({"action", "create", "modify", "delete"})


class NotAMapError(Exception):
    """XML that holds no map; the only argument is the `planner.errors.Message` that says what it is and what to do."""


class PlainMap(NamedTuple):
    """OpenStreetMap XML as a plain map, and what was made of what.

    Counted are objects drawn but not uploaded, deleted ones and former versions left out; ``unsorted``: ways came first.
    """

    content: bytes
    drawn: int = 0
    deleted: int = 0
    former: int = 0
    unsorted: bool = False


@dataclass(slots=True)
class _Object:
    kind: str
    id: int
    version: int
    deleted: bool
    place: tuple[str, str] | None
    tags: list[tuple[str, str]] = field(default_factory=list)
    members: list[tuple[str, int, str]] = field(default_factory=list)


def plain_map(content: bytes) -> PlainMap:
    """Return OpenStreetMap XML as a plain map; content that is one, or is no XML, stays as it is.

    Raises
    ------
    NotAMapError
        If it is a file of changes or an answer that was broken off, or a node of it lies nowhere.
    """
    made = PlainMap(content)
    if _is_odd(content):
        found = _Objects()
        with suppress(expat.ExpatError, KeyError, ValueError):  # osmium says what is wrong with it
            found.parser.Parse(content, True)
            made = found.map()
    if (fault := positions_fault(content)) is not None:
        raise NotAMapError(fault)
    return made


def _is_odd(content: bytes) -> bool:
    if _ODD.search(content):
        return True
    last, seen = 0, (set[bytes](), set[bytes](), set[bytes]())
    for match in _OBJECT.finditer(content):
        kind = _KINDS.index(match[1].decode())
        if kind < last or match[2] in seen[kind]:
            return True
        last = kind
        seen[kind].add(match[2])
    return False


class _Objects:
    """The objects of a file, of each the version that holds."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.EntityDeclHandler = self._entity
        self.parser.CharacterDataHandler = self._text
        self.kept: dict[tuple[int, int], _Object] = {}
        self.now: _Object | None = None
        self.depth = 0
        self.former = self.highest = self.latest_kind = 0
        self.unsorted = False
        self.remark: list[str] | None = None

    def _entity(self, *_about: object) -> None:
        raise NotAMapError(Message("defines XML entities, which no map does"))

    def _start(self, name: str, given: dict[str, str]) -> None:
        self.depth += 1
        if (self.depth == 1 and name == "osmChange") or (self.depth == 2 and name in _SECTIONS):
            raise NotAMapError(
                Message(
                    "is a file of changes, not a map: apply it to its map "
                    "(osmium apply-changes MAP.osm.pbf CHANGES.osc -o roads.osm.pbf) and give the result"
                )
            )
        if name == "remark":
            self.remark = []
        elif self.depth == 2 and name in _KINDS:
            self.now = _object(name, given)
        elif self.now is not None and name == "tag":
            self.now.tags.append((given.get("k", ""), given.get("v", "")))
        elif self.now is not None and name == "nd":
            self.now.members.append(("", int(given["ref"]), ""))
        elif self.now is not None and name == "member":
            self.now.members.append((given.get("type", ""), int(given["ref"]), given.get("role", "")))

    def _text(self, text: str) -> None:
        if self.remark is not None:
            self.remark.append(text)

    def _end(self, name: str) -> None:
        self.depth -= 1
        if name == "remark" and self.remark is not None:
            said = " ".join("".join(self.remark).split())
            raise NotAMapError(
                Message(
                    "is only part of an answer, the server broke off: {remark}; ask again for a smaller area or with a "
                    "longer timeout",
                    remark=said,
                )
            )
        if self.depth == 1 and self.now is not None:
            self._keep(self.now)
            self.now = None

    def _keep(self, thing: _Object) -> None:
        kind = _KINDS.index(thing.kind)
        self.unsorted |= kind < self.latest_kind
        self.latest_kind = max(self.latest_kind, kind)
        known = self.kept.get((kind, thing.id))
        self.former += known is not None
        if known is None or thing.version >= known.version:
            self.kept[kind, thing.id] = thing

    def map(self) -> PlainMap:
        there = [thing for _, thing in sorted(self.kept.items()) if not thing.deleted]
        nodes = [thing.id for thing in there if thing.kind == "node"]
        top = max(nodes, default=0)
        drawn = {id_: max(top, 0) + 1 + place for place, id_ in enumerate(sorted(id_ for id_ in nodes if id_ < 0))}
        lines = [b"<?xml version='1.0' encoding='UTF-8'?>", b"<osm version='0.6'>"]
        lines += [line.encode() for thing in there for line in _written(thing, drawn)]
        return PlainMap(
            b"\n".join([*lines, b"</osm>"]),
            drawn=sum(thing.id < 0 for thing in there),
            deleted=len(self.kept) - len(there),
            former=self.former,
            unsorted=self.unsorted,
        )


def _object(kind: str, given: dict[str, str]) -> _Object:
    return _Object(
        kind=kind,
        id=int(given["id"]),
        version=int(given.get("version") or 0),
        deleted=given.get("action") == "delete" or given.get("visible") == "false",
        place=(given["lon"], given["lat"]) if "lon" in given and "lat" in given else None,
    )


def _written(thing: _Object, drawn: dict[int, int]) -> Iterator[str]:
    """Yield an object's XML; nodes that were never uploaded get numbers above all others, for osmium keeps no others."""
    id_ = drawn.get(thing.id, thing.id) if thing.kind == "node" else thing.id
    if thing.kind == "node":
        if thing.place is None:
            return
        lon, lat = thing.place
        yield f"<node id='{id_}' version='1' lon={quoteattr(lon)} lat={quoteattr(lat)}>"
    else:
        yield f"<{thing.kind} id='{id_}' version='1'>"
    for type_, ref, role in thing.members:
        number = drawn.get(ref, ref) if type_ in ("", "node") else ref
        if type_:
            yield f"<member type={quoteattr(type_)} ref='{number}' role={quoteattr(role)}/>"
        else:
            yield f"<nd ref='{number}'/>"
    yield from (f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in thing.tags)
    yield f"</{thing.kind}>"

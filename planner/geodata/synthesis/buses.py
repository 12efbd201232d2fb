"""Made-up buses of the county: a line to each township through villages on the way, its runs, and their room for parcels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import networkx as nx
import numpy as np
import pyproj

from planner.geodata.spreadsheets import write_csv
from planner.geodata.synthesis.roads import MadeRoad
from planner.geodata.synthesis.words import CELLS, HEADINGS
from planner.units import FloatArray, metres_per_second

BUS_KPH = {"primary": 50.0, "secondary": 45.0, "tertiary": 35.0, "unclassified": 28.0}
"""How fast buses drive by class of road, an assumption; they take neither tracks nor ferries."""
STOP_S = 30.0
FIRST_IN_MIN, LAST_IN_MIN = 6 * 60, 15 * 60
FIRST_OUT_MIN, LAST_OUT_MIN = 7 * 60 + 40, 16 * 60 + 30
"""When the first and last run leaves its village, and the county town."""
LAYOVER_MIN = 15
FEWEST_RUNS, MOST_RUNS = 2, 6
FARTHEST_BEYOND_S = 25 * 60.0
FIRST_DAY, LAST_DAY = "20260101", "20301231"
NEW_YEARS = ("20260217", "20270206", "20280126", "20290213", "20300203")
"""The first day of the lunar year, on which no bus runs."""
_PARCELS, _KG, _M3 = 20, 120, 0.4
_LARGE_PARCELS, _LARGE_KG, _LARGE_M3 = 35, 200, 0.8
"""Of press figures: some twelve items a run in one county, 35 in another."""


@dataclass(frozen=True, kw_only=True)
class MadeGround:
    """What buses are made of: places (n, 2) in metres, seats first, with names and codes; ``seat_of`` each; roads.

    ``people`` live in the villages of each seat.
    """

    places: FloatArray
    names: Sequence[str]
    codes: Sequence[str]
    seat_of: Sequence[int]
    people: Sequence[int]
    roads: Sequence[MadeRoad]


@dataclass(frozen=True, kw_only=True)
class _Line:
    """A line from the county town: its places, and the seconds from the first to each of them."""

    id: str
    seat: int
    places: tuple[int, ...]
    at_s: tuple[float, ...]
    runs: int


def write_buses(folder: Path, ground: MadeGround, there: pyproj.Transformer, rng: np.random.Generator) -> None:
    """Write the feed into ``folder/buses`` and the table of room beside it."""
    feed, lines = folder / "buses", _lines(ground)
    feed.mkdir(parents=True, exist_ok=True)
    used = sorted({place for line in lines for place in line.places})
    lons, lats = there.transform(ground.places[used, 0], ground.places[used, 1], direction="INVERSE")
    write_csv(feed / "agency.txt", HEADINGS["agency"], [["synthetic", CELLS["agency"], *CELLS["agency_rest"]]])
    write_csv(
        feed / "feed_info.txt",
        HEADINGS["feed_info"],
        [[CELLS["publisher"], *CELLS["publisher_rest"], FIRST_DAY, LAST_DAY, "1", "1"]],
    )
    write_csv(
        feed / "stops.txt",
        HEADINGS["stops"],
        (
            [ground.codes[place], _stop_name(ground, place), f"{lat:.6f}", f"{lon:.6f}"]
            for place, lon, lat in zip(used, lons, lats, strict=True)
        ),
    )
    write_csv(
        feed / "routes.txt",
        HEADINGS["routes"],
        ([line.id, "synthetic", CELLS["line"].format(line=line.id), _way(ground, line), 3] for line in lines),
    )
    _write_trips(feed, ground, lines, rng)
    every_day, weekdays = [1] * 7, [1] * 5 + [0] * 2
    write_csv(
        feed / "calendar.txt",
        HEADINGS["calendar"],
        (["daily", *every_day, FIRST_DAY, LAST_DAY], ["weekdays", *weekdays, FIRST_DAY, LAST_DAY]),
    )
    write_csv(
        feed / "calendar_dates.txt",
        HEADINGS["calendar_dates"],
        ([service, day, 2] for service in ("daily", "weekdays") for day in NEW_YEARS),
    )
    _write_room(folder / "bus_room.csv", ground, lines)


def _lines(ground: MadeGround) -> list[_Line]:
    """Return a line to each township, on through it to the village farthest along; two to six runs a day, as people live."""
    graph = _driven(ground)
    order = sorted(range(len(ground.people)), key=lambda seat: (ground.people[seat], seat))
    lines = []
    for seat in range(len(ground.people)):
        way = nx.shortest_path(graph, 0, seat, weight="seconds")
        way += _beyond(graph, ground, way)
        at = [0.0]
        for a, b in pairwise(way):
            at.append(at[-1] + graph.edges[a, b]["seconds"] + STOP_S)
        runs = FEWEST_RUNS + order.index(seat) * (MOST_RUNS - FEWEST_RUNS + 1) // len(order)
        lines.append(_Line(id=str(101 + seat), seat=seat, places=tuple(way), at_s=tuple(at), runs=runs))
    return lines


def _driven(ground: MadeGround) -> nx.Graph[int]:
    graph: nx.Graph[int] = nx.Graph()
    for road in ground.roads:
        kph = BUS_KPH.get(road.tags.get("highway", ""))
        if kph is not None:
            metres = float(np.hypot(*np.diff(road.line, axis=0).T).sum())
            graph.add_edge(road.tail, road.head, seconds=metres / metres_per_second(kph))
    return graph


def _beyond(graph: nx.Graph[int], ground: MadeGround, way: Sequence[int]) -> list[int]:
    """Return the way on from a line's seat to the farthest village of its township that lies ahead."""
    seat = way[-1]
    ahead = graph.subgraph(set(graph) - set(way[:-1]))
    times: dict[int, float] = nx.single_source_dijkstra_path_length(
        ahead, seat, cutoff=FARTHEST_BEYOND_S, weight="seconds"
    )
    own = [place for place in times if place != seat and place >= 0 and ground.seat_of[place] == seat]
    if not own:
        return []
    farthest = max(own, key=lambda place: (times[place], place))
    return list(nx.shortest_path(ahead, seat, farthest, weight="seconds")[1:])


def _stop_name(ground: MadeGround, place: int) -> str:
    if place == 0:
        return str(CELLS["terminal"])
    form = "township_stop" if place < len(ground.people) else "village_stop"
    return str(CELLS[form].format(name=ground.names[place]))


def _way(ground: MadeGround, line: _Line) -> str:
    """Return what a line is called: where it begins and ends, and the township between them."""
    ends = [line.places[0], line.seat, line.places[-1]]
    return "—".join(dict.fromkeys(_stop_name(ground, place) for place in ends))


def _write_trips(feed: Path, ground: MadeGround, lines: Sequence[_Line], rng: np.random.Generator) -> None:
    trips: list[list[object]] = []
    calls: list[list[object]] = []
    for line in lines:
        later = 5 * int(rng.integers(0, 6))
        takes_min = -(-line.at_s[-1] // 60)
        ready_min = 0.0
        for number in range(line.runs):
            share = number / (line.runs - 1)
            in_min = _to_five(FIRST_IN_MIN + later + share * (LAST_IN_MIN - FIRST_IN_MIN))
            ready_min = max(in_min + takes_min + LAYOVER_MIN, FIRST_OUT_MIN + share * (LAST_OUT_MIN - FIRST_OUT_MIN))
            service = "weekdays" if number == line.runs - 2 and line.runs > FEWEST_RUNS + 1 else "daily"
            for way, start in (("in", in_min), ("out", _to_five(ready_min))):
                id_ = f"{line.id}-{way}-{number + 1}"
                places = line.places if way == "out" else line.places[::-1]
                at = line.at_s if way == "out" else [line.at_s[-1] - one for one in line.at_s[::-1]]
                trips.append([line.id, service, id_, _stop_name(ground, places[-1]), int(way == "in")])
                clocks = [_clock(start + -(-one // 60)) for one in at]
                calls += [
                    [id_, clock, clock, ground.codes[place], order]
                    for order, (place, clock) in enumerate(zip(places, clocks, strict=True), start=1)
                ]
    write_csv(feed / "trips.txt", HEADINGS["trips"], trips)
    write_csv(feed / "stop_times.txt", HEADINGS["stop_times"], calls)


def _to_five(minutes: float) -> int:
    return 5 * int(-(-minutes // 5))


def _clock(minutes: float) -> str:
    return f"{int(minutes) // 60:02d}:{int(minutes) % 60:02d}:00"


def _write_room(path: Path, ground: MadeGround, lines: Sequence[_Line]) -> None:
    """Write the room of all runs, of the two lines with the most people, and of the first run into town, which is full."""
    large = sorted(lines, key=lambda line: (-ground.people[line.seat], line.id))[:2]
    price, minutes, source = CELLS["bus_price_yuan"], CELLS["bus_handling_min"], CELLS["bus_source"]
    rows: list[list[object]] = [[CELLS["all"], "", _PARCELS, _KG, _M3, CELLS["all"], price, minutes, source]]
    rows += [
        [
            "",
            CELLS["line"].format(line=line.id),
            _LARGE_PARCELS,
            _LARGE_KG,
            _LARGE_M3,
            CELLS["all"],
            price,
            minutes,
            source,
        ]
        for line in large
    ]
    rows += [[f"{line.id}-in-1", "", 0, "", "", "", "", "", CELLS["bus_full_source"]] for line in large]
    write_csv(path, HEADINGS["bus_room"], rows)

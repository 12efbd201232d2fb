"""Write the files of the demonstration county again: ``python -m planner.geodata.synthesis [FOLDER]``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import osmium
import pyproj
import shapely

from planner.config import data_folder
from planner.geodata.register import Division, Seat, county_boundary, latin_name, plain_village, seats_of, villages_of
from planner.geodata.spreadsheets import write_csv
from planner.geodata.synthesis.buses import MadeGround, write_buses
from planner.geodata.synthesis.people import make_people
from planner.geodata.synthesis.positions import scatter, territories
from planner.geodata.synthesis.roads import MadeRoad, make_roads
from planner.geodata.synthesis.words import CELLS, HEADINGS
from planner.units import FloatArray

COUNTY = "230231"
CRS = "EPSG:32651"
SEED = 20260101
BUS_SEED = 20260102  # of its own, so that all other files stay as they were before there were buses
OFF_ROAD_M = (25.0, 140.0)  # a village's middle lies this far from the road that passes it
EXISTING_POINTS, EXISTING_STATIONS, FORBIDDEN_POINTS = 18, 4, 3


def main(folder: Path) -> None:
    """Write villages, townships, sites, roads and buses into the folder; the same every time."""
    rng = np.random.default_rng(SEED)
    there = pyproj.Transformer.from_crs("EPSG:4326", CRS, always_xy=True)
    county = _projected(there)
    seats = seats_of(COUNTY)
    seat_xy = np.column_stack(there.transform([s.lon for s in seats], [s.lat for s in seats]))
    villages = [v for v in villages_of(COUNTY) if v.name.endswith(CELLS["committee"])]
    township_of = [next(i for i, seat in enumerate(seats) if v.code.startswith(seat.code)) for v in villages]
    grounds = territories(seat_xy, county)
    village_xy = np.zeros((len(villages), 2))
    for i, ground in enumerate(grounds):
        mine = [j for j, t in enumerate(township_of) if t == i]
        village_xy[mine] = scatter(ground, seat_xy[i], len(mine), rng)
    people = make_people(len(villages), rng)
    places = np.vstack([seat_xy, village_xy])
    seat_of = [*range(len(seats)), *township_of]
    ferry = len(seats) + _most_remote(village_xy, people.registered_poor.tolist())
    roads = make_roads(places, range(len(seats)), seat_of, ferry, rng)
    angle, away = rng.uniform(0, 2 * np.pi, len(villages)), rng.uniform(*OFF_ROAD_M, len(villages))
    village_xy = village_xy + np.column_stack([np.cos(angle), np.sin(angle)]) * away[:, None]
    lons, lats = there.transform(village_xy[:, 0], village_xy[:, 1], direction="INVERSE")
    folder.mkdir(parents=True, exist_ok=True)
    write_csv(
        folder / "townships.csv",
        HEADINGS["townships"],
        ([s.code, s.name, s.name_latin, f"{s.lon:.6f}", f"{s.lat:.6f}", "geonames"] for s in seats),
    )
    write_csv(
        folder / "villages.csv",
        HEADINGS["villages"],
        (
            [
                *(village.code, village.name, latin_name(plain_village(village.name)), seats[township_of[i]].name),
                *(f"{lons[i]:.6f}", f"{lats[i]:.6f}", "synthetic", int(people.population[i]), "synthetic"),
                *(
                    int(people.households[i]),
                    CELLS["yes"] if people.registered_poor[i] else CELLS["no"],
                    int(people.poor_households[i]),
                ),
                *(people.product[i], people.facilities[i]),
            ]
            for i, village in enumerate(villages)
        ),
    )
    _write_sites(folder / "sites.csv", seats, villages, rng)
    _write_roads(folder / "roads.osm.pbf", roads, places, there)
    bus_ground = MadeGround(
        places=places,
        names=[*(seat.name for seat in seats), *(plain_village(village.name) for village in villages)],
        codes=[*(seat.code for seat in seats), *(village.code for village in villages)],
        seat_of=seat_of,
        people=[int(people.population[np.array(township_of) == i].sum()) for i in range(len(seats))],
        roads=roads,
    )
    write_buses(folder, bus_ground, there, np.random.default_rng(BUS_SEED))


def _projected(there: pyproj.Transformer) -> shapely.Geometry:
    def project(lon_lat: FloatArray) -> FloatArray:
        return np.column_stack(there.transform(lon_lat[:, 0], lon_lat[:, 1]))

    return shapely.transform(county_boundary(COUNTY), project)


def _most_remote(village_xy: FloatArray, poor: Sequence[bool]) -> int:
    """Return the village farthest from its nearest neighbour (not a poor one: those must be covered in any season)."""
    gaps = np.hypot(*(village_xy[:, None, :] - village_xy[None, :, :]).transpose(2, 0, 1))
    np.fill_diagonal(gaps, np.inf)
    return int(np.argmax(np.where(poor, 0.0, gaps.min(axis=1))))


def _write_sites(path: Path, seats: Sequence[Seat], villages: Sequence[Division], rng: np.random.Generator) -> None:
    """Write the hub, some stations and points that exist, and points where none may be; all others are left to siting."""
    chosen = rng.permutation(len(villages))[: EXISTING_POINTS + FORBIDDEN_POINTS]
    stations = [0, *(1 + rng.permutation(len(seats) - 1)[: EXISTING_STATIONS - 1])]
    write_csv(
        path,
        HEADINGS["sites"],
        [
            ["county_hub", seats[0].code, CELLS["hub"], CELLS["hub_latin"], "existing"],
            *(
                [
                    *("express_station", seat.code, CELLS["station"].format(seat=seat.name)),
                    *(CELLS["station_latin"].format(seat=seat.name_latin), "existing"),
                ]
                for seat in (seats[i] for i in sorted(int(i) for i in stations))
            ),
            *(
                ["service_point", villages[i].code, "", "", "existing" if rank < EXISTING_POINTS else "forbidden"]
                for rank, i in enumerate(chosen)
            ),
        ],
    )


def _write_roads(path: Path, roads: Sequence[MadeRoad], places: FloatArray, there: pyproj.Transformer) -> None:
    """Write nodes, then ways; places keep one node each, shape points get numbers of their own."""
    path.unlink(missing_ok=True)
    position: dict[int, FloatArray] = {}
    ways: list[tuple[list[int], dict[str, str]]] = []
    inner = 1_000_000
    for road in roads:
        refs = []
        for k, point in enumerate(road.line):
            end = road.tail if k == 0 else road.head if k == len(road.line) - 1 else None
            number = inner if end is None else end + 1 if end >= 0 else 900_000 - end
            inner += end is None
            position.setdefault(number, point)
            refs.append(number)
        ways.append((refs, {**road.tags, "source": "synthetic"}))
    with osmium.SimpleWriter(str(path)) as writer:
        for number in sorted(position):
            lon, lat = there.transform(position[number][0], position[number][1], direction="INVERSE")
            node = osmium.osm.mutable.Node(id=number, version=1, location=(lon, lat), tags={"source": "synthetic"})
            writer.add_node(node)
        for number, (refs, tags) in enumerate(ways, start=1):
            writer.add_way(osmium.osm.mutable.Way(id=number, version=1, nodes=refs, tags=tags))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else data_folder() / "areas" / "baiquan")

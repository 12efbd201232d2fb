"""Files → a road network, kept between runs if wanted."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from planner.errors import BadDataError, of_file
from planner.model.drawn_roads import DrawnRoads
from planner.network.edges import cut_ways
from planner.network.noding import node_roads
from planner.network.profiles import load_profile
from planner.network.road_network import RoadNetwork
from planner.network.roads import Roads
from planner.network.ways_apart import read_ways


def read_network(
    path: Path, *, vehicle: str, season: str, turn_costs: bool = False, cache: Path | None = None
) -> RoadNetwork:
    """Return the road network of an OpenStreetMap file for one vehicle and season.

    Forbidden turns are heeded; with ``turn_costs`` turns at junctions take time, too. In the folder ``cache`` the roads and
    their hierarchy are kept, for all seasons and all vehicles of one mode (motor or foot), as long as the file stays as
    it is.

    Raises
    ------
    BadDataError
        If the file cannot be read, has no road the vehicle may use, or has its roads all in fragments.
    ConfigError
        If the vehicle or season is not known.
    """
    mode = load_profile(vehicle, season).vehicle.mode
    try:
        roads = _read_roads(path, mode, turn_costs) if cache is None else _cached_roads(path, mode, turn_costs, cache)
        network = RoadNetwork(vehicle=vehicle, season=season, roads=roads)
        network.check()
    except BadDataError as error:
        if str(error).startswith(str(path)):
            raise
        raise BadDataError(of_file(path, error.summary), error.problems) from error
    return network


def network_of_lines(
    drawn: DrawnRoads, *, vehicle: str, season: str, turn_costs: bool = False, cache: Path | None = None
) -> RoadNetwork:
    """Return the road network of drawn lines, joined where they meet, as `read_network` does for OpenStreetMap files.

    Raises
    ------
    BadDataError
        If the vehicle may use none of them, or they are all in fragments.
    ConfigError
        If the vehicle or season is not known.
    """
    mode = load_profile(vehicle, season).vehicle.mode

    def make() -> Roads:
        return Roads(edges=cut_ways(node_roads(drawn), mode), turn_costs=turn_costs)

    if cache is None:
        roads = make()
    else:
        from planner.network.kept import digest

        arrays = {str(number): line for number, line in enumerate(drawn.lines)}
        source = digest(arrays, json.dumps([drawn.tolerance_m, drawn.numbers, [*map(dict, drawn.tags)]]))
        roads = _kept_or_made(cache, "lines", source, mode, turn_costs, make)
    network = RoadNetwork(vehicle=vehicle, season=season, roads=roads)
    network.check()
    return network


def _read_roads(path: Path, mode: str, turn_costs: bool) -> Roads:
    return Roads(edges=cut_ways(read_ways(path), mode), turn_costs=turn_costs)


def _cached_roads(path: Path, mode: str, turn_costs: bool, cache: Path) -> Roads:
    from planner.network.kept import file_digest

    if not path.is_file():
        return _read_roads(path, mode, turn_costs)  # which says what is missing
    source = file_digest(path)
    return _kept_or_made(
        cache, path.name.split(".")[0], source, mode, turn_costs, lambda: _read_roads(path, mode, turn_costs)
    )


def _kept_or_made(cache: Path, name: str, source: str, mode: str, turn_costs: bool, make: Callable[[], Roads]) -> Roads:
    from planner.network.kept import keep_roads, kept_roads

    kept = cache / f"{name}-{source[:12]}-{mode}{'-turns' if turn_costs else ''}.roads.npz"
    roads = kept_roads(kept, source, mode=mode, turn_costs=turn_costs)
    if roads is None:
        roads = make()
        keep_roads(kept, roads, source)
    return roads

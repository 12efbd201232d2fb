"""A street graph and a road file made by hand: directions, and how much of the roads had to be imputed."""

from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from planner.model import Points
from planner.network import read_network
from planner.network.osmnx_bridge import from_osmnx, to_networkx

STEP = 0.01  # degrees on the equator: 1113.19 m of longitude, 1105.74 m of latitude
SQUARE = {1: (0.0, 0.0), 2: (STEP, 0.0), 3: (STEP, STEP), 4: (0.0, STEP)}
ENDS = Points(ids=("a", "b"), lons=np.array([0.0, STEP]), lats=np.array([0.0, 0.0]))


def square(*, oneway: bool) -> nx.MultiDiGraph:
    """Four streets round a square as osmnx holds them: two edges for a two-way street, one for a one-way."""
    graph = nx.MultiDiGraph(crs="epsg:4326")
    for node, (x, y) in SQUARE.items():
        graph.add_node(node, x=x, y=y)
    for osmid, (tail, head) in enumerate(((1, 2), (2, 3), (3, 4), (4, 1))):
        for start, end in ((tail, head), (head, tail))[: 1 if oneway else 2]:
            graph.add_edge(start, end, osmid=osmid, highway="secondary", oneway=oneway, length=1110.0)
    return graph


# b is one side from a; against one-way streets it is three sides back: 1105.74 + 1113.19 + 1105.74
@pytest.mark.parametrize(("oneway", "back_m"), [(True, 2 * 1105.74 + 1113.19), (False, 1113.19)])
def test_streets_of_an_osmnx_graph_keep_their_direction(oneway: bool, back_m: float) -> None:
    roads = from_osmnx(square(oneway=oneway), vehicle="van", season="summer")
    assert len(roads.edges.length_m) == 4  # a two-way street is one edge
    distances = roads.travel_matrix(ENDS, access_cap_m=100, access_speed_kph=4).distances_m
    assert distances[0, 1] == pytest.approx(1113.19, abs=1)
    assert distances[1, 0] == pytest.approx(back_m, abs=2)
    given = to_networkx(roads)
    assert {data["oneway"] for *_, data in given.edges(data=True)} == {oneway}
    assert given.number_of_edges() == (4 if oneway else 8)


def test_imputed_shares_are_of_the_length_without_the_tag(tmp_path: Path) -> None:
    # four steps of road: the surface is tagged on one, the speed on that one and two more
    nodes = "".join(f"<node id='{i}' version='1' lon='{i * STEP}' lat='0.0'/>" for i in range(1, 6))
    ways = (
        ((1, 2), {"surface": "asphalt", "maxspeed": "50"}),
        ((2, 3, 4), {"maxspeed": "50"}),
        ((4, 5), {}),
    )
    written = "".join(
        f"<way id='{number}' version='1'>"
        + "".join(f"<nd ref='{node}'/>" for node in line)
        + "".join(f"<tag k='{k}' v='{v}'/>" for k, v in {"highway": "secondary", **tags}.items())
        + "</way>"
        for number, (line, tags) in enumerate(ways, 1)
    )
    path = tmp_path / "roads.osm"
    path.write_text(f"<osm version='0.6'>{nodes}{written}</osm>", encoding="utf-8")
    summary = read_network(path, vehicle="van", season="summer").summary(ENDS, access_cap_m=2000)
    assert (summary["imputed_surface_share"], summary["imputed_speed_share"]) == (0.75, 0.25)
    assert summary["road_km"] == pytest.approx(4 * 1.11319, abs=0.01)

"""The road benchmark on the embedded extract: its rows, and that peers agree."""

import json
import sys
from pathlib import Path

import numpy as np
import osmium
import pytest

from benchmarks import network, network_exactness, network_graphs, network_osrm, network_steps, province
from planner.network import read_network
from tests.planner.network.worlds import SECONDARY, STEP, STEP_S
from tests.planner.network.worlds import network as made


@pytest.mark.slow
def test_table_has_a_row_for_every_peer_and_those_run_agree(
    neubrandenburg_roads: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "rows.json"
    command = ["network", str(neubrandenburg_roads), "--points", "40", "--peers", "scipy,networkx,osrm,unheard-of"]
    command += ["--osrm-python", str(tmp_path / "no-python"), "--exactness", "5", "--only-table", "--json", str(out)]
    monkeypatch.setattr(sys, "argv", command)
    network.main()
    written = json.loads(out.read_text(encoding="utf-8"))
    rows = written["rows"]
    wanted = {"file", "nodes", "arcs", "engine", "points", "seconds", "ratio", "max_abs_diff_s"}
    assert all(set(row) == wanted for row in rows)
    names = [row["engine"].split()[0] for row in rows]
    assert names == ["planner", "planner", "scipy", "networkx", "osrm", "unheard-of"]
    assert max(row["max_abs_diff_s"] for row in rows[2:4]) < 0.01
    assert rows[2]["nodes"] < rows[0]["nodes"]  # chains are contracted
    assert [row["seconds"] for row in rows[4:]] == [None, None]
    assert "--osrm-python" in rows[4]["engine"]
    assert "not known" in rows[5]["engine"]
    assert [figures["max_abs_diff_s"] for figures in written["exactness"].values()] == [0.0, 0.0]
    assert "osrm" in capsys.readouterr().out


def test_steps_have_wall_and_cpu_seconds(neubrandenburg_roads: Path) -> None:
    steps = network_steps.whole_way(neubrandenburg_roads, 30, seed=1, repeats=1)
    memory = steps.pop("memory")
    assert set(memory) == {"gb"}
    assert all(set(figures) == {"wall_s", "cpu_s"} for figures in steps.values())
    # what a new file costs is the sum of the five steps before it
    names = list(steps)
    before = names[: names.index("cold: file to first matrix")]
    assert len(before) == 5
    total = sum(steps[name]["wall_s"] for name in before)
    assert steps["cold: file to first matrix"]["wall_s"] == pytest.approx(total, abs=0.001)


def test_chains_are_contracted_and_of_parallel_ones_the_fastest_stays() -> None:
    # 0 and 3 are joined by 1 (2 + 3 s there, 20 + 30 s back) and by 2 (1 + 1 s there only); 3 - 4 both ways, 3 - 5 out only
    tail = np.array([0, 1, 3, 1, 0, 2, 3, 4, 3])
    head = np.array([1, 3, 1, 0, 2, 3, 4, 3, 5])
    seconds = np.array([2.0, 3, 20, 30, 1, 1, 7, 8, 9])
    graph = network_graphs.PlainGraph.of(np.zeros((6, 2)), tail, head, seconds)
    whole, number = network_graphs.contract(graph, np.array([0, 4]))
    # 5 is never left; 1 and 2 become arcs 0 - 3 of 5 and 2 s, the slower is dropped; then 3 lies between 0 and 4 alone
    assert number.tolist() == [0, -1, -1, -1, 1, -1]
    found = dict(zip(zip(whole.tail.tolist(), whole.head.tolist(), strict=True), whole.seconds.tolist(), strict=True))
    assert found == {(0, 1): 2 + 7, (1, 0): 8 + 50}


def test_osrm_gets_every_edge_with_its_milliseconds(tmp_path: Path) -> None:
    # a two-way road of one step of 80.150 s with a bend, and a one-way road of one step
    nodes = [(1, 0.0, 0.0), (2, STEP / 2, 0.0), (3, STEP, 0.0), (4, 2 * STEP, 0.0)]
    roads = made(tmp_path, nodes, [([1, 2, 3], SECONDARY), ([3, 4], SECONDARY | {"oneway": "yes"})])
    for turn_costs, points in ((False, [2, 2]), (True, [3, 2])):
        path = tmp_path / "edges.osm.pbf"
        network_osrm.write_edges(roads, path, turn_costs)
        ways = [(dict(way.tags), len(way.nodes)) for way in osmium.FileProcessor(str(path), osmium.osm.WAY)]
        assert [tags["oneway"] for tags, _ in ways] == ["no", "yes"]
        assert [int(tags["ms"]) for tags, _ in ways] == pytest.approx([1000 * STEP_S] * 2, abs=1)
        assert [count for _, count in ways] == points


def test_comparison_with_dijkstra_notices_a_wrong_weight(neubrandenburg_roads: Path) -> None:
    roads = network_exactness.without_via_ways(read_network(neubrandenburg_roads, vehicle="van", season="summer"))
    assert network_exactness.compare(roads, 5, 40, seed=1).max_abs_diff_s == 0.0
    vars(roads)["hierarchy"] = roads.under(vehicle="van", season="heavy_snow").hierarchy
    assert network_exactness.compare(roads, 5, 40, seed=1).max_abs_diff_s > 1.0


def test_province_is_the_same_for_the_same_seed(tmp_path: Path) -> None:
    for name in ("a", "b"):
        province.write(province.generate(200, seed=4)[1], tmp_path / f"{name}.osm.pbf")
    assert (tmp_path / "a.osm.pbf").read_bytes() == (tmp_path / "b.osm.pbf").read_bytes()
    other = province.generate(200, seed=5)[1]
    assert other.nodes != province.generate(200, seed=4)[1].nodes

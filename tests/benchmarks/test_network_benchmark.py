"""The road benchmark on the embedded extract: its rows, and that peers agree."""

import json
import sys
from pathlib import Path

import pytest

from benchmarks import network, province


def test_table_has_a_row_for_every_peer_and_those_run_agree(
    neubrandenburg_roads: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "rows.json"
    command = [
        "network",
        str(neubrandenburg_roads),
        "--points",
        "40",
        "--peers",
        "scipy,networkx,osrm",
        "--json",
        str(out),
    ]
    monkeypatch.setattr(sys, "argv", command)
    network.main()
    rows = json.loads(out.read_text(encoding="utf-8"))["rows"]
    wanted = {"file", "nodes", "arcs", "engine", "points", "seconds", "ratio", "max_abs_diff_s"}
    assert all(set(row) == wanted for row in rows)
    assert [row["engine"].split()[0] for row in rows] == ["planner", "planner,", "scipy", "networkx", "osrm"]
    assert max(row["max_abs_diff_s"] for row in rows[2:4]) < 0.01
    assert rows[4]["seconds"] is None
    assert "not run" in rows[4]["engine"]
    assert "osrm" in capsys.readouterr().out


def test_province_is_the_same_for_the_same_seed(tmp_path: Path) -> None:
    for name in ("a", "b"):
        province.write(province.generate(200, seed=4)[1], tmp_path / f"{name}.osm.pbf")
    assert (tmp_path / "a.osm.pbf").read_bytes() == (tmp_path / "b.osm.pbf").read_bytes()
    other = province.generate(200, seed=5)[1]
    assert other.nodes != province.generate(200, seed=4)[1].nodes

"""The siting benchmarks with money on a small province: their rows, their peer, and that a replay notices a bad plan."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_array

from benchmarks import siting_budget, siting_phases
from benchmarks.siting_money import cost_of_covering_all, province_world, replay

KEYS = {"instance", "model", "n", "p", "value", "bound", "gap_pct", "best_known", "seconds", "proven", "engine"}


@pytest.fixture
def small_province(tmp_path: Path) -> Path:
    random = np.random.default_rng(5)
    file = tmp_path / "small.npz"
    np.savez(file, xy=random.random((70, 2)) * 60, w=random.integers(50, 900, 70))
    return file


@pytest.mark.slow
def test_budget_rows_are_proven_and_the_peer_agrees(small_province: Path, tmp_path: Path) -> None:
    out = tmp_path / "rows.json"
    siting_budget.main([str(small_province), "--seeds", "1", "--minutes", "20", "--seconds", "20", "--json", str(out)])
    rows = json.loads(out.read_text(encoding="utf-8"))
    assert [row["engine"] for row in rows] == ["planner", "highs", "planner", "highs"]
    assert all(set(row) >= KEYS and row["proven"] for row in rows)
    assert rows[0]["value"] == rows[1]["value"] == rows[1]["bound"]
    assert rows[2]["value"] == rows[3]["value"] == rows[3]["bound"]


@pytest.mark.slow
def test_phases_rows_have_a_bound_and_each_year_alone_has_none(small_province: Path, tmp_path: Path) -> None:
    out = tmp_path / "rows.json"
    command = [
        str(small_province),
        "--seeds",
        "1",
        "--minutes",
        "20",
        "--targets",
        "hard",
        "--seconds",
        "10",
        "--alone",
    ]
    siting_phases.main([*command, "--json", str(out)])
    together, alone = json.loads(out.read_text(encoding="utf-8"))
    assert set(together) >= KEYS
    assert together["value"] <= together["bound"]
    assert (alone["engine"], alone["bound"]) == ("alone", None)


def test_replay_notices_a_plan_that_spends_too_much(small_province: Path) -> None:
    world = province_world(small_province, 20.0, years=2, costs="equal", seed=1)
    # what covers all costs more than either year's share of three tenths of it
    everything = np.zeros(70, dtype=np.int64)
    with pytest.raises(SystemExit, match="year 0"):
        replay(world, everything)
    assert replay(replace(world, budget=np.full(2, 70.0)), everything).tolist() == [world.weights.sum()] * 2


def test_covering_all_takes_the_site_with_most_new_rows_a_unit_of_cost() -> None:
    # the first covers two rows for 3, the second one of them for 2, the third the last row for 5 and the fourth for 4
    covers = csr_array(np.array([[1, 0, 0, 0], [1, 1, 0, 0], [0, 0, 1, 1]], dtype=np.int32))
    assert cost_of_covering_all(covers, np.array([3.0, 2.0, 5.0, 4.0])) == 3 + 4

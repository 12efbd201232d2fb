"""The siting benchmark reads every published format and writes the rows that its readers expect."""

import json
from pathlib import Path

import pytest

from benchmarks.coverage import main

PUBLISHED = Path(__file__).parents[3] / "shared" / "data" / "benchmarks" / "coverage"
KEYS = {"instance", "model", "n", "p", "value", "bound", "gap_pct", "best_known", "seconds", "proven", "engine"}


def rows_of(files, tmp_path, *more):
    """Return what the benchmark writes about files, by instance and engine."""
    for file in files:
        if not file.exists():
            pytest.skip(f"{file.name} is not beside the project")
    out = tmp_path / "rows.json"
    main([*map(str, files), *more, "--json", str(out)])
    rows = json.loads(out.read_text(encoding="utf-8"))
    assert all(set(row) >= KEYS for row in rows)
    return {(row["instance"], row["engine"]): row for row in rows}


@pytest.mark.slow
def test_capacitated_and_plain_medians_reach_the_published_optima(tmp_path):
    # OR-Library: pmed1 5819, pmedcap02 740
    rows = rows_of(
        [PUBLISHED / "pmed" / "pmed1.txt", PUBLISHED / "pmedcap" / "pmedcap02.txt"], tmp_path, "--seconds", "600"
    )
    for name, optimum in (("pmed1", 5819), ("pmedcap02", 740)):
        row = rows[name, "planner"]
        assert row["value"] == row["bound"] == row["best_known"] == optimum
        assert row["proven"]
        assert row["gap_pct"] == 0


@pytest.mark.slow
def test_plain_highs_states_capacities_too(tmp_path):
    rows = rows_of([PUBLISHED / "pmedcap" / "pmedcap04.txt"], tmp_path, "--peers", "highs,spopt", "--seconds", "600")
    # OR-Library: 651; a capacitated model is nothing spopt knows, so it has no row
    assert rows["pmedcap04", "highs"]["value"] == rows["pmedcap04", "planner"]["value"] == 651
    assert ("pmedcap04", "spopt") not in rows

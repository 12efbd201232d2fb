"""Every benchmark finds what it names in the planner: no type check and not every test looks at them."""

import importlib
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks"
ELSEWHERE = {"network_osrm_run"}  # runs under the interpreter that has osrm-bindings


@pytest.mark.parametrize("name", sorted({path.stem for path in FOLDER.glob("*.py")} - ELSEWHERE))
def test_it_can_be_imported(name: str) -> None:
    importlib.import_module(f"benchmarks.{name}")

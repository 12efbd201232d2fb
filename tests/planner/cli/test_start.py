"""What a command loads before it works: only what it needs, so that help comes at once."""

import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from planner.cli.options import DatumName, numbers_of
from planner.config import Datum, data_folder
from planner.errors import UsageError

# pydantic is not among them: typer loads it itself
HEAVY = {
    "numpy",
    "pandas",
    "geopandas",
    "shapely",
    "scipy",
    "numba",
    "ortools",
    "osmium",
    "osmnx",
    "networkx",
}
HEAVY |= {
    "folium",
    "jinja2",
    "xlsxwriter",
    "openpyxl",
    "sqlalchemy",
    "fastapi",
    "uvicorn",
    "pypinyin",
    "segno",
    "gpxpy",
}
LOADED = """
import runpy, sys
sys.argv = ["planner", *sys.argv[1:]]
try:
    runpy.run_module("planner", run_name="__main__")
except SystemExit:
    pass
sys.stderr.write("LOADED " + " ".join({name.partition(".")[0] for name in sys.modules}))
"""


def loaded(*arguments: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments], capture_output=True, text=True, encoding="utf-8", check=True
    )
    return set(done.stderr.partition("LOADED ")[2].split())


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["plan", "--help"], ["check", "--help"]])
def test_help_and_version_load_no_library_that_works(arguments: list[str]) -> None:
    names = loaded(*arguments)
    assert "typer" in names
    assert names & HEAVY == set()


def test_checking_files_loads_no_solver_and_no_map(line_folder: Path) -> None:
    names = loaded("check", str(line_folder / "villages.csv"), "--datum", "wgs84", "--division", "230231", "--json")
    assert "geopandas" in names
    assert not names & {"ortools", "numba", "folium", "sqlalchemy", "fastapi", "osmnx", "networkx"}


def test_reading_roads_compiles_nothing_until_travel_times_are_asked_for() -> None:
    code = "import sys, planner.network, planner.pipeline.day; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_datums_of_the_command_line_are_those_of_the_configuration() -> None:
    assert set(get_args(DatumName)) == set(Datum)
    assert data_folder().is_dir()


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("10", [10]),
        ("10,20, 30", [10, 20, 30]),
        ("10，20", [10, 20]),
        ("40:120:40", [40, 80, 120]),
        ("40：100：40", [40, 80]),
        ("0.1:0.3:0.1", [0.1, 0.2, pytest.approx(0.3)]),
    ],
)
def test_numbers_are_listed_or_counted(text: str, numbers: list[float]) -> None:
    assert numbers_of(text, "--minutes") == numbers


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("10,x,y", "'x', 'y' is no number"),
        ("", "'' is no number"),
        ("1:2", "'1:2'"),
        ("1:9:0", "'1:9:0'"),
        ("9:1:1", "'9:1:1'"),
        ("1:9:nan", "nan"),
        ("1:inf:1", "inf"),
        ("inf", "'inf'"),
        ("1:1000:1", "200 at most"),
    ],
)
def test_numbers_that_make_no_sense_are_refused_with_what_to_write(text: str, named: str) -> None:
    with pytest.raises(UsageError) as refused:
        numbers_of(text, "--minutes")
    assert named in str(refused.value)
    assert "write numbers with commas between" in str(refused.value)

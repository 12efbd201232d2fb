"""The map of ten thousand villages is one file that can be sent, and a browser draws all of it."""

import shutil
from pathlib import Path

import pytest

from benchmarks.map_page import made_up_plan, measured
from planner.model import Tier
from planner.outputs.maps import coverage_map
from tests.planner.outputs.maps_read import LINKS

_MOST_BYTES = 8_000_000


@pytest.mark.slow
def test_ten_thousand_villages_are_one_file_and_are_all_drawn(tmp_path: Path) -> None:
    if shutil.which("chromium") is None and shutil.which("chromium-browser") is None:
        pytest.skip("chromium is not installed: apt-get install chromium")
    plan = made_up_plan(10_000, seed=1)
    assert len(plan.area.villages) == 10_000
    path = tmp_path / "coverage.html"
    path.write_text(coverage_map(plan, LINKS), encoding="utf-8")
    assert path.stat().st_size <= _MOST_BYTES
    found = measured(path, seconds=0.5)
    opened = [site for tier in (Tier.SERVICE_POINT, Tier.EXPRESS_STATION) for site in plan.opened_sites(tier)]
    assert found["circles"] == 10_000
    assert found["symbols"] == len(opened) + 1  # and the hub
    assert found["areas"] > 9_000  # villages so near to others that they share a position's land have none of their own
    assert found["elements"] < 2_000  # what is painted is no element of the page
    assert found["complaints"] == []

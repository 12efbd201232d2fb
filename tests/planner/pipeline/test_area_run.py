"""Each step of an area's run is made once, when it is first asked for, and tells how far it is."""

import datetime
from pathlib import Path

import pytest

from planner.config import load_config
from planner.errors import BadDataError, ConfigError
from planner.geodata.assemble import read_area
from planner.pipeline.area_run import AreaRun
from tests.conftest import close

STEPS = ["reading the area", "reading the roads", "travel times", "siting stations"]


def told(folder: Path, **given: object) -> tuple[AreaRun, list[tuple[str, int, int]]]:
    """Return a run and the list of what it tells of its progress."""
    heard: list[tuple[str, int, int]] = []
    run = AreaRun(config=load_config(folder), progress=lambda *step: heard.append(step), **given)
    return run, heard


def test_each_step_is_made_once_and_none_before_it_is_asked_for(line_folder: Path) -> None:
    run, heard = told(line_folder, steps=6)
    assert heard == []
    assert run.findings == run.findings
    assert [step for step, _, _ in heard] == STEPS[:1]
    assert run.siting.stations.service_points.found
    assert heard == [(step, number, 6) for number, step in enumerate(STEPS)]
    assert run.subsidies is None  # the line's configuration says nothing of who pays
    assert (run.area, run.roads, run.travel, run.siting) == (run.area, run.roads, run.travel, run.siting)
    assert len(heard) == len(STEPS)


def test_roads_alone_do_not_need_the_area(line_folder: Path) -> None:
    run, heard = told(line_folder)
    (line_folder / "villages.csv").unlink()
    assert run.roads.vehicle == "van"
    assert [step for step, _, _ in heard] == ["reading the roads"]
    with pytest.raises(BadDataError, match=r"villages\.csv"):
        _ = run.travel  # the area's fault, not one of the roads that come after it
    assert [step for step, _, _ in heard] == ["reading the roads", "reading the area"]


def test_an_area_that_is_at_hand_is_not_read_again(line_folder: Path) -> None:
    area = read_area(load_config(line_folder))
    run, heard = told(line_folder, given_area=area)
    assert (run.area, run.findings) == (area, ())
    assert heard == []


def test_the_date_says_what_is_closed(river_folder: Path) -> None:
    run, _ = told(close(river_folder))
    assert run.day == datetime.date(2026, 11, 10)
    later, _ = told(river_folder, date=datetime.date(2026, 12, 1))
    # the bridge between middle and east is closed in November
    assert set(run.travel.unreachable) - set(later.travel.unreachable) >= {"east"}


def test_another_season_shares_the_area_and_the_hierarchy(river_folder: Path) -> None:
    run, heard = told(river_folder)
    winter = run.under(season="winter")
    assert sorted(heard) == [("reading the area", 0, 4), ("reading the roads", 1, 4)]
    assert winter.area is run.area
    assert winter.roads.roads is run.roads.roads
    assert (winter.roads.season, winter.config.travel.season) == ("winter", "winter")
    assert "island" in winter.travel.unreachable  # the ferry rests
    with pytest.raises(ConfigError, match="needs roads of mode"):
        run.under(vehicle="walking")

"""Ways of villages, seasons side by side and reach, on three villages, a ferry and an island worked out by hand."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
import shapely

from planner.config import load_config
from planner.errors import ConfigError, UsageError
from planner.geodata.assemble import read_area
from planner.model import Tier
from planner.network.profiles import seasons, vehicles
from planner.pipeline.area_run import AreaRun
from planner.pipeline.reach import reach
from planner.pipeline.seasons import by_season
from planner.pipeline.whole_plan import plan_area
from planner.plans import RoadReach, SeasonTravel, to_json
from planner.words import has_term
from tests.conftest import close

FERRY_S = 600 + 11057.43 / (8 / 3.6)
ROAD_S = 801.50


def point_at(folder: Path, place: str) -> str:
    area = read_area(load_config(folder))
    return next(site.id for site in area.sites_of(Tier.SERVICE_POINT) if site.place_id == place)


def by_name(folder: Path, opened: list[str]) -> dict[str, SeasonTravel]:
    found = by_season(AreaRun(config=load_config(folder)), opened, standard_s=900)
    return {row.season: row for row in found}


def test_each_season_tells_minutes_and_who_is_beyond_or_cut_off(river_folder: Path) -> None:
    rows = by_name(river_folder, [point_at(river_folder, "middle")])
    assert tuple(rows) == seasons()
    summer, winter, thaw = rows["summer"], rows["winter"], rows["spring_thaw"]
    # the island is cut off in some season, so that minutes are of the other three: 100, 200 and 300 people
    assert summer.mean_s == pytest.approx((100 * ROAD_S + 300 * ROAD_S) / 600, abs=0.1)
    assert summer.longest_s == pytest.approx(ROAD_S, abs=0.1)
    assert (summer.beyond, summer.cut_off) == (("island",), {})
    assert thaw.longest_s == summer.longest_s  # asphalt
    # in winter a road takes 1 / 0.85 of the time, 942.9 s, and the ferry rests
    assert winter.longest_s == pytest.approx(ROAD_S / 0.85, abs=0.1)
    assert (winter.beyond, winter.cut_off) == (("east", "west"), {"island": "closed_this_season"})
    assert rows["drift_ice"].longest_s == pytest.approx(ROAD_S / 0.93, abs=0.1)


def test_closures_hold_in_every_season(river_folder: Path) -> None:
    rows = by_name(close(river_folder), [point_at(river_folder, "middle")])
    assert {row.cut_off["east"] for row in rows.values()} == {"closed_for_some_days"}


def test_a_village_that_reaches_no_open_point_though_it_has_a_road_is_cut_off_too(river_folder: Path) -> None:
    # the only open point is the island's: when the ferry rests the others reach none, though no road of theirs is closed
    rows = by_name(river_folder, [point_at(river_folder, "island")])
    assert rows["winter"].cut_off == {
        "east": "unreachable",
        "island": "closed_this_season",
        "middle": "unreachable",
        "west": "unreachable",
    }
    assert rows["summer"].mean_s is None  # no village reaches it in every season
    assert rows["summer"].cut_off == {}
    # where nothing is open, only those without a road are cut off
    nothing_open = by_name(river_folder, [])
    assert nothing_open["summer"].cut_off == {}
    assert nothing_open["winter"].cut_off == {"island": "closed_this_season"}


def test_without_a_speed_of_its_own_the_walk_is_as_fast_as_the_season_lets(line_folder: Path) -> None:
    # west 497.6 m from its road: at 4 km/h 447.8 s in summer, at 85 % of that speed (profile walking) 526.9 s in winter
    villages = line_folder / "villages.csv"
    text = villages.read_text(encoding="utf-8").replace("t1,10.0,0.0", "t1,10.0,0.0045")
    villages.write_text(text, encoding="utf-8")
    rows = by_name(line_folder, [point_at(line_folder, "middle")])
    assert rows["summer"].longest_s == pytest.approx(ROAD_S + 447.8, abs=0.3)
    assert rows["winter"].longest_s == pytest.approx((ROAD_S + 447.8) / 0.85, abs=0.3)


def test_on_foot_all_of_the_way_is_walked(line_folder: Path) -> None:
    config = line_folder / "area.toml"
    text = config.read_text(encoding="utf-8").replace("standard_s = 900", "standard_s = 12000")
    config.write_text(text, encoding="utf-8")
    plan = plan_area(load_config(line_folder).under(vehicle="walking")).network
    ways = plan.hand_over
    # 11131.95 m at 4 km/h
    assert (ways["west"].driving_s, ways["west"].walking_s) == (0.0, pytest.approx(10018.8, abs=0.1))


def test_every_vehicle_and_season_has_its_words() -> None:
    assert [code for code in (*vehicles(), *seasons()) if not has_term(code)] == []


def rings(folder: Path, origins: list[str], minutes: list[float]) -> tuple[RoadReach, ...]:
    return reach(AreaRun(config=load_config(folder)), origins, minutes)


def test_reach_counts_villages_and_people_by_their_own_times(river_folder: Path) -> None:
    # from west: middle after 13.36 min, east after 26.7, the island after 13.36 + 92.93 = 106.3
    found = rings(river_folder, ["west"], [107, 14, 106, 13, 27])
    assert [ring.minutes for ring in found] == [13, 14, 27, 106, 107]
    assert [ring.population for ring in found] == [100, 300, 600, 600, 650]
    assert found[1].village_ids == ("middle", "west")
    for inner, outer in pairwise(found):
        assert inner.geometry.area <= outer.geometry.area
        assert shapely.get_precision(inner.geometry) == 0  # as what a document gives back: maps cut them alike
    (near,) = rings(river_folder, ["west", "east"], [13])
    assert near.village_ids == ("east", "west")


def test_reach_refuses_what_does_not_hold_and_names_it(river_folder: Path) -> None:
    with pytest.raises(UsageError, match="no village or site has the id moon, sun"):
        rings(river_folder, ["west", "moon", "sun"], [10])
    with pytest.raises(UsageError, match="no place to start from"):
        rings(river_folder, [], [10])
    for minutes in ([], [0], [-1], [601], [float("nan")]):
        with pytest.raises(ConfigError, match="minutes must be given"):
            rings(river_folder, ["west"], minutes)
    with pytest.raises(ConfigError, match="7 different minutes"):
        rings(river_folder, ["west"], [1, 2, 3, 4, 5, 6, 7])
    with pytest.raises(UsageError, match=r"no way begins here \(van, summer\): east: "):
        rings(close(river_folder), ["east"], [10])


def test_a_plan_tells_the_way_of_each_village(line_folder: Path) -> None:
    # west moved 0.0045 degrees of latitude, 497.6 m, from its road: 447.8 s on foot at 4 km/h, then 801.5 s by van
    villages = line_folder / "villages.csv"
    text = villages.read_text(encoding="utf-8").replace("t1,10.0,0.0", "t1,10.0,0.0045")
    villages.write_text(text, encoding="utf-8")
    config = line_folder / "area.toml"
    text = config.read_text(encoding="utf-8").replace("standard_s = 900", "standard_s = 1300")
    config.write_text(text, encoding="utf-8")
    plan = plan_area(load_config(line_folder)).network
    ways = plan.hand_over
    assert list(ways) == [village.id for village in plan.area.villages]
    west = ways["west"]
    assert west.driving_s == pytest.approx(ROAD_S, abs=0.1)
    assert west.walking_s == pytest.approx(497.58 / (4 / 3.6), abs=0.2)
    assert west.access_m == pytest.approx(497.6, abs=0.1)
    assert (west.distance_m, west.walking_m) == (pytest.approx(11131.95, abs=1), pytest.approx(497.58, abs=0.2))
    document = json.loads(to_json(plan))["stages"][-1]["hand_over"]
    (kept,) = (one for one in document if one["village_id"] == "west")
    assert kept["walking_m"] == west.walking_m
    assert all("walking_m" not in one for one in document if one["site_id"] is None)
    assert (ways["middle"].driving_s, ways["middle"].walking_s) == (0.0, 0.0)
    assert (ways["island"].access_m, ways["island"].site_id) == (None, None)
    assert {row.season for row in plan.seasons} == set(seasons())
    assert [ring.minutes for ring in plan.reach] == [15, 30, 45, 60]  # quarters of 3600 s

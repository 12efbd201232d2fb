"""Roads as a configuration has them: closures by date, what is kept between runs, large areas asked part by part."""

import datetime
import json
from pathlib import Path

import numpy as np
import pytest
from pydantic import TypeAdapter

from planner.config import PlanConfig, load_config
from planner.errors import BadDataError, ConfigError
from planner.geodata.assemble import read_area
from planner.model import TravelMatrix, Unreachable
from planner.network import read
from planner.pipeline import area_roads
from planner.pipeline.area_roads import (
    RoadTravel,
    area_points,
    read_roads,
    road_summary,
    sparse_durations,
    travel_times,
)
from planner.pipeline.area_run import AreaRun
from planner.pipeline.day import plan_day
from planner.pipeline.site import plan_network
from planner.pipeline.whole_plan import plan_area
from planner.plans import RoadSummary, to_json
from planner.words import render, speaking
from tests.conftest import CLOSURE, close

NOVEMBER, DECEMBER = datetime.date(2026, 11, 10), datetime.date(2026, 12, 1)


def reasons(folder: Path, date: datetime.date, season: str = "summer") -> dict[str, Unreachable]:
    config = load_config(folder).under(season=season)
    area = read_area(config)
    unreachable = travel_times(area, read_roads(config, date=date), config).unreachable
    return {id_: why for id_, why in unreachable.items() if id_ in area.village_by_id}


def test_a_village_behind_a_closure_is_told_from_one_that_the_season_cuts_off(river_folder: Path) -> None:
    close(river_folder)
    assert reasons(river_folder, NOVEMBER) == {"east": Unreachable.SHUT}
    assert reasons(river_folder, DECEMBER) == {}
    both = {"east": Unreachable.SHUT, "island": Unreachable.CLOSED}
    assert reasons(river_folder, NOVEMBER, "winter") == both
    assert reasons(river_folder, DECEMBER, "winter") == {"island": Unreachable.CLOSED}


# a square around (10.15, 0), on the way to the east
SQUARE = [[10.14, -0.01], [10.16, -0.01], [10.16, 0.01], [10.14, 0.01]]


@pytest.mark.parametrize("form", ["corners", "geojson"])
def test_an_area_closes_the_roads_it_touches(river_folder: Path, form: str) -> None:
    area = f"area = {SQUARE}"
    if form == "geojson":
        ring = {"type": "Polygon", "coordinates": [[*SQUARE, SQUARE[0]]]}
        (river_folder / "flood.geojson").write_text(json.dumps(ring), encoding="utf-8")
        area = 'area = "flood.geojson"'
    close(river_folder, CLOSURE.replace("way_ids = [2]", area))
    assert reasons(river_folder, NOVEMBER) == {"east": Unreachable.SHUT}


def test_an_area_of_another_datum_is_shifted_before_it_closes(river_folder: Path) -> None:
    # at 126.5 E, 46.8 N GCJ-02 lies 485 m E and 225 m N of WGS 84 (../shared/data/README.md), a degree of longitude
    # there is 76.3 km, of latitude 111.2 km
    corners = [[126.5, 46.8], [126.6, 46.8], [126.5, 46.9]]
    close(river_folder, CLOSURE.replace("way_ids = [2]", f'area = {corners}\ndatum = "gcj02"'))
    (area,) = area_roads.closed_areas(load_config(river_folder))
    assert area is not None
    west, south, *_ = area.bounds
    assert (126.5 - west) * 76_300 == pytest.approx(485, abs=15)
    assert (46.8 - south) * 111_200 == pytest.approx(225, abs=15)


def test_areas_that_cannot_be_used_are_all_listed_with_their_key(river_folder: Path) -> None:
    (river_folder / "points.geojson").write_text('{"type":"Point","coordinates":[10,0]}', encoding="utf-8")
    (river_folder / "broken.geojson").write_text("{", encoding="utf-8")
    crossing = "[[10.1, 0], [10.2, 0.1], [10.2, 0], [10.1, 0.1]]"
    for area in ('"none.geojson"', '"points.geojson"', '"broken.geojson"', crossing):
        close(river_folder, CLOSURE.replace("way_ids = [2]", f"area = {area}"))
    with pytest.raises(ConfigError) as caught:
        read_roads(load_config(river_folder))
    said = caught.value.problems
    for number, words in enumerate(("no such file", "contains no polygon", "broken.geojson", "put them in order")):
        assert said[number].startswith(f"travel.closures.{number}.area (桥 <bridge>)")
        assert words in said[number]


def test_closures_that_do_not_fit_the_roads_are_all_listed(river_folder: Path) -> None:
    close(river_folder, CLOSURE.replace("[2]", "[2, 77, 78]"))
    close(river_folder, CLOSURE.replace("way_ids = [2]", "area = [[20.0, 1.0], [21.0, 1.0], [21.0, 2.0]]"))
    with pytest.raises(BadDataError) as caught:
        read_roads(load_config(river_folder), date=NOVEMBER)
    assert [word in " ".join(caught.value.problems) for word in ("way 77", "way 78", "closes no road")] == [True] * 3


def test_a_day_carries_its_closures_and_says_who_is_cut_off_and_the_network_heeds_none(river_folder: Path) -> None:
    planned = plan_area(load_config(close(river_folder)))
    network, day = planned.network, planned.day
    assert (day.date, day.cut_off) == (NOVEMBER, {"east": "closed_for_some_days"})
    (closed,) = day.roads.closures
    assert (closed.reason, closed.first, closed.last) == (
        "桥 <bridge>",
        datetime.date(2026, 11, 1),
        datetime.date(2026, 11, 30),
    )
    assert closed.road_km == pytest.approx(11.132, abs=0.001)
    assert day.config["travel"]["closures"][0]["reason"] == "桥 <bridge>"
    # what is closed for some days is no reason to build elsewhere: the network is that without the closure
    assert network.stations.service_points.uncovered == ()
    assert (network.hand_over["east"].site_id, network.hand_over["east"].covered) == ("sp-middle", True)
    assert network.roads.closures == ()
    assert not any(line.closed for line in network.road_lines)
    later = plan_day(network, load_config(river_folder), date=DECEMBER).plan
    assert (later.roads.closures, later.cut_off) == ((), {})


def test_a_closure_in_both_languages_is_kept_in_both_and_said_in_one(river_folder: Path) -> None:
    both = CLOSURE.replace('"桥 <bridge>"', '{ zh = "桥梁维修", en = "bridge repair" }')
    assert both != CLOSURE
    config = load_config(close(river_folder, both))
    summary = road_summary(read_area(config), read_roads(config, date=NOVEMBER), config)
    written = TypeAdapter(RoadSummary).dump_json(summary)
    (closed,) = TypeAdapter(RoadSummary).validate_json(written).closures
    for lang, reason in (("zh", "桥梁维修"), ("en", "bridge repair")):
        with speaking(lang):
            assert render(closed.reason) == reason
    broken = load_config(close(river_folder, both.replace("[2]", "[77]")))
    with pytest.raises(BadDataError) as caught:
        read_roads(broken, date=NOVEMBER)
    with speaking("zh"):
        assert render(caught.value.problems[0]) == "桥梁维修：没有编号为 77 的道路"


def test_without_a_date_nothing_is_closed(river_folder: Path) -> None:
    config = load_config(close(river_folder))
    area = read_area(config)
    assert travel_times(area, read_roads(config), config).unreachable == {}


def test_turn_costs_make_turns_slower(line_folder: Path) -> None:
    # at the middle a road leaves to the south; from west to south a van turns right, which takes 3 s
    roads = (line_folder / "roads.osm").read_text(encoding="utf-8")
    south = (
        "<node id='9' version='1' lon='10.1' lat='-0.1'/><way id='9' version='1'><nd ref='2'/><nd ref='9'/>"
        "<tag k='highway' v='secondary'/><tag k='surface' v='asphalt'/></way></osm>"
    )
    text = roads.replace("</osm>", south)
    (line_folder / "roads.osm").write_text(text, encoding="utf-8")
    plain = load_config(line_folder)
    dear = plain.model_copy(update={"travel": plain.travel.model_copy(update={"turn_costs": True})})
    area = read_area(plain)
    times = [travel_times(area, read_roads(c), c).select(["west"], ["island"]).durations_s[0, 0] for c in (plain, dear)]
    assert times[1] - times[0] == pytest.approx(3.0, abs=0.01)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    seen: list[Path] = []
    real = read.read_ways
    monkeypatch.setattr(read, "read_ways", lambda path: (seen.append(path), real(path))[1])
    return seen


def document(config: PlanConfig, cache: Path | None) -> str:
    planned = plan_area(config, cache=cache)
    return to_json(planned.network) + to_json(planned.day)


@pytest.mark.slow
def test_a_plan_from_what_was_kept_is_the_same_and_reads_no_roads(
    river_folder: Path, tmp_path: Path, reads: list[Path]
) -> None:
    config, kept = load_config(close(river_folder)), tmp_path / "kept"
    without = document(config, None)
    first, again = document(config, kept), document(config, kept)
    assert first == again == without
    assert len(reads) == 2  # without a folder, and the first time with one
    # one matrix for the network and one for the day, on which a road is closed
    assert sorted(path.name.split(".", 1)[1] for path in kept.iterdir()) == ["matrix.npz", "matrix.npz", "roads.npz"]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["matrix", "roads"])
@pytest.mark.parametrize("damage", ["cut short", "a bit flipped", "another's"])
def test_what_was_kept_and_is_damaged_is_made_anew(
    river_folder: Path, tmp_path: Path, reads: list[Path], kind: str, damage: str
) -> None:
    config, kept = load_config(river_folder), tmp_path / "kept"
    before = document(config, kept)
    (path,) = kept.glob(f"*.{kind}.npz")
    content = bytearray(path.read_bytes())
    if damage == "cut short":
        content = content[:-100]
    elif damage == "a bit flipped":
        content[len(content) // 2] ^= 1
    else:
        (other,) = (p for p in kept.iterdir() if p != path)
        content = bytearray(other.read_bytes())
    path.write_bytes(bytes(content))
    assert document(config, kept) == before
    assert len(reads) == (2 if kind == "roads" else 1)
    assert path.read_bytes() != bytes(content)  # it was written again


def test_a_matrix_kept_for_one_reason_is_not_used_for_another(river_folder: Path, tmp_path: Path) -> None:
    # the ferry closed by the season or by a closure leaves the same ways open: only the reason differs
    config, kept = load_config(river_folder), tmp_path / "kept"
    area = read_area(config)
    found = []
    winter = config.under(season="winter")
    close(river_folder, CLOSURE.replace("[2]", "[3]"))
    closed = load_config(river_folder).under(season="winter")
    for one in (winter, closed):
        found.append(
            travel_times(area, read_roads(one, date=NOVEMBER, cache=kept), one, cache=kept).unreachable["island"]
        )
    summer_closed = load_config(river_folder)
    roads = read_roads(summer_closed, date=NOVEMBER, cache=kept)
    found.append(travel_times(area, roads, summer_closed, cache=kept).unreachable["island"])
    # in winter the ferry rests with and without the closure
    assert found == [Unreachable.CLOSED, Unreachable.CLOSED, Unreachable.SHUT]


def test_a_folder_that_cannot_be_written_keeps_nothing_and_stops_nothing(river_folder: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "a file"
    blocked.write_text("no folder", encoding="utf-8")
    config = load_config(river_folder)
    assert document(config, blocked) == document(config, None)


@pytest.mark.parametrize("name", ["baiquan", "neubrandenburg"])
def test_a_large_area_is_asked_part_by_part_and_answers_the_same(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    config = load_config(name)
    area = read_area(config)
    roads = read_roads(config)
    whole = travel_times(area, roads, config)
    monkeypatch.setattr(area_roads, "MATRIX_POINTS", 10)
    parts = travel_times(area, roads, config)
    assert isinstance(whole, TravelMatrix)
    assert isinstance(parts, RoadTravel)
    villages = [village.id for village in area.villages]
    sites = [site.id for site in area.sites]
    np.testing.assert_array_equal(parts.select(villages, sites).durations_s, whole.select(villages, sites).durations_s)
    assert parts.unreachable == whole.unreachable
    pairs = [(villages[i], sites[-1 - i]) for i in range(len(villages))]
    assert parts.trips(pairs) == whole.trips(pairs)
    limit_s = 900.0
    listed = sparse_durations(parts.within(villages, sites, limit_s))
    dense = whole.select(villages, sites).durations_s
    for i in range(len(villages)):
        columns, seconds = listed.row(i)
        wanted = np.flatnonzero(dense[i] <= limit_s)
        assert sorted(columns.tolist()) == wanted.tolist()
        np.testing.assert_array_equal(seconds, np.sort(dense[i][wanted]))
    assert listed.cutoff_s.tolist() == [limit_s] * len(villages)


@pytest.mark.slow
def test_siting_a_large_area_opens_as_good_sites(monkeypatch: pytest.MonkeyPatch) -> None:
    config = load_config("baiquan")
    small = plan_area(config).network.stations
    monkeypatch.setattr(area_roads, "MATRIX_POINTS", 10)
    large = plan_area(config).network.stations
    assert large.service_points.value == pytest.approx(small.service_points.value)
    assert large.service_points.status == small.service_points.status
    assert large.express_stations.value == pytest.approx(small.express_stations.value)


def test_one_thread_and_two_give_the_same_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    config = load_config("neubrandenburg")
    area = read_area(config)
    roads = read_roads(config)
    found = []
    for count in (1, 2):
        monkeypatch.setattr(area_roads, "threads", lambda count=count: count)
        found.append(travel_times(area, roads, config))
    assert found[0].trips([(a, b) for a in found[0].origin_ids[:5] for b in found[0].origin_ids]) == found[1].trips(
        [(a, b) for a in found[1].origin_ids[:5] for b in found[1].origin_ids]
    )
    np.testing.assert_array_equal(found[0].durations_s, found[1].durations_s)
    np.testing.assert_array_equal(found[0].distances_m, found[1].distances_m)


def test_points_are_villages_then_sites(river_folder: Path) -> None:
    area = read_area(load_config(river_folder))
    assert area_points(area).ids == (*(v.id for v in area.villages), *(s.id for s in area.sites))


def test_a_village_that_the_season_of_siting_cuts_off_hands_over_on_days_when_it_is_reached(river_folder: Path) -> None:
    config = load_config(river_folder)
    sited = config.model_copy(update={"coverage": config.coverage.model_copy(update={"season": "winter"})})
    network = plan_network(AreaRun.for_siting(sited))
    assert network.hand_over["island"].site_id is None  # the ferry does not run in winter
    frozen = plan_day(network, config.under(season="winter"), date=DECEMBER).plan
    assert frozen.demand.without_point == ("island",)
    summer = plan_day(network, config.under(season="summer"), date=DECEMBER).plan
    assert summer.demand.without_point == ()
    travel = travel_times(network.area, read_roads(config, season="summer"), config)
    opened = network.finished.opened
    ways = dict(zip(opened, travel.select(["island"], opened).durations_s[0].tolist(), strict=True))
    assert ways[summer.demand.place_of_village["island"]] == min(ways.values()) < float("inf")
    others = {one.village_id: one.site_id for one in network.finished.hand_over if one.site_id is not None}
    assert {id_: site for id_, site in summer.demand.place_of_village.items() if id_ != "island"} == others

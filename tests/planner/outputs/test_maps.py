"""Both maps: what is in them, and how they behave in a real browser that has no network."""

import colorsys
import html
import itertools
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
import shapely

from planner.model import SeasonChoice
from planner.outputs.day_page import season_text
from planner.outputs.maps import coverage_map, routes_map
from planner.outputs.maps.catchments import land_near, merged, village_cells
from planner.outputs.maps.packing import _pairs, letters
from planner.outputs.maps.style import MINUTES_COLOURS, ROUTE_COLOURS, symbol
from planner.outputs.notice import notice_of
from planner.pipeline.whole_plan import PlannedArea
from planner.plans import DayPlan
from planner.plans.load_share import fullest, vehicle_room
from planner.words import LANGUAGES, Language, speaking
from tests.conftest import folders_in, result_in
from tests.languages import foreign_words, names_of, page_text
from tests.planner.outputs.maps_read import (
    LINKS,
    data_of,
    layers_of,
    map_of,
    numbers,
    places,
    popup_text,
    popups,
    row_at,
    rows_at,
    searched,
)


def test_cells_share_out_the_area(line: PlannedArea) -> None:
    cells = village_cells(line.network.area)
    assert set(cells) == {"west", "middle", "east", "island"}
    whole = line.network.area.boundary
    assert shapely.union_all(list(cells.values())).symmetric_difference(whole).area < 1e-6 * whole.area
    assert sum(cell.area for cell in cells.values()) == pytest.approx(whole.area, rel=1e-6)
    for village in line.network.area.villages:
        assert shapely.contains_xy(cells[village.id], village.lon, village.lat)
    together = merged(cells, {"west": "s", "middle": "s"})
    assert together["s"].area == pytest.approx(cells["west"].area + cells["middle"].area)


def test_land_is_drawn_where_people_live(line: PlannedArea) -> None:
    area = line.network.area
    land = land_near(area, village_cells(area))
    assert set(land) == {"west", "middle", "east", "island"}
    for village in area.villages:  # on the equator a degree has 111.3 km: a kilometre is 0.009 of one
        west, south, east, north = shapely.bounds(land[village.id])
        assert max(village.lon - west, east - village.lon, village.lat - south, north - village.lat) < 0.0092
        assert shapely.contains_xy(land[village.id], village.lon, village.lat)


def test_coverage_map_tells_who_is_served_and_why_not(line: PlannedArea) -> None:
    page = coverage_map(line.network, LINKS)
    for wanted in ("92.3%", "contains synthetic data", "internal use", "worked \\u003cout\\u003e"):
        assert wanted in page, wanted
    ways, states = (row_at(page, 0, "v", label) for label in ("Hands over at", "Coverage"))
    by_village = dict(zip(("east", "island", "middle", "west"), zip(ways, states, strict=True), strict=True))
    assert "13.4 min" in by_village["west"][0]  # 801.5 s to the point in the middle
    assert by_village["west"][1] == "covered"
    assert by_village["island"] == ("nowhere, no open site is reached", "not covered: no road within reach")
    assert "西<b>村</b></script>" in popups(page)
    assert "<b>村</b>" not in page
    assert "<i>线</i>" not in page


def test_covered_villages_go_from_light_to_dark_of_one_hue_and_never_white() -> None:
    colours = [[int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)] for colour in MINUTES_COLOURS]
    hues = [colorsys.rgb_to_hls(*colour)[0] for colour in colours]
    lightness = [0.2126 * red + 0.7152 * green + 0.0722 * blue for red, green, blue in colours]
    assert max(hues) - min(hues) < 0.03
    assert lightness == sorted(lightness, reverse=True)
    # the lightest, let through by three quarters on the map's ground, is still told from it
    assert lightness[0] * 0.75 + 0.96 * 0.25 < 0.85
    assert min(a - b for a, b in itertools.pairwise(lightness)) > 0.1


def test_the_legend_shows_areas_as_they_look_on_the_map(line: PlannedArea) -> None:
    page = coverage_map(line.network, LINKS)
    drawn = set()
    for features in layers_of(page):
        for one in features:
            look = one["properties"].get("style", {})
            if "fillColor" in look and one["geometry"]["type"].endswith("Polygon"):
                drawn.add((look["fillColor"], str(look["fillOpacity"])))
    legend = set(re.findall(r'fill="(#\w+)" fill-opacity="([\d.]+)"', page))
    assert len(drawn) > 2
    assert drawn <= legend


def test_routes_map_tells_load_and_time_of_each_stop_and_leg(line: PlannedArea) -> None:
    text = popups(routes_map(line.day, LINKS))
    for wanted in ("07:00", "07:11", "60 parcels, 90 kg", "6 parcels, 39 kg", "11.1 km", "van-1"):
        assert wanted in text, wanted


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["coverage", "routes"])
def test_the_same_plan_gives_the_same_page_and_no_page_names_a_host(
    line: PlannedArea, name: str, lang: Language
) -> None:
    with speaking(lang):
        page, again = (map_of(line, name) for _ in range(2))
    assert page == again
    assert not re.search(r'<(script|link|img)[^>]+(src|href)="(?!data:)', page)
    assert "<" not in page.split('id="data">')[1].split("</script>")[0]


def test_routes_beyond_the_colours_are_told_apart_by_their_dashes(line: PlannedArea) -> None:
    from planner.outputs.maps.routes import look_of

    looks = [look_of(number) for number in range(3 * len(ROUTE_COLOURS))]
    assert len(set(looks)) == len(looks)
    assert symbol("circle", fill="#000000", label="<1>").count("&lt;1&gt;") == 1


# parcels, kg, m3 at the start and after the one stop, in a van for 1500 kg and 8 m3
@pytest.mark.parametrize(
    ("start", "after", "said"),
    [
        ((60.0, 90.0, 0.6), (6.0, 39.0, 0.135), "8%"),  # 0.6 of 8 m3 is 7.5 %, 90 of 1500 kg 6 %
        ((60.0, 150.0, 0.6), (6.0, 39.0, 0.135), "10%"),  # 150 of 1500 kg
        ((60.0, 90.0, 0.6), (6.0, 900.0, 0.135), "60%"),  # fullest after the stop, by weight
        ((60.0, 90.0, 0.6), (6.0, 39.0, 6.0), "75%"),  # fullest after the stop, by volume
        ((60.0, 1500.0, 0.6), (6.0, 39.0, 8.0), "100%"),
    ],
)
def test_a_round_says_how_full_its_vehicle_gets(
    line: PlannedArea, start: tuple[float, ...], after: tuple[float, ...], said: str
) -> None:
    (route,) = line.day.routes.routes
    changed = replace(route, load_at_start=start, visits=(replace(route.visits[0], load_after=after),))
    assert fullest(changed, vehicle_room(line.day)[changed.vehicle_type_id]) == said


def test_the_line_s_van_is_filled_by_its_parcels(line: PlannedArea) -> None:
    # 60 parcels of 0.01 m3 in 8 m3 are 7.5 %, of 1.5 kg in 1500 kg 6 %; on the way back 39 kg and 0.135 m3
    assert re.search(r"\b8%", routes_map(line.day, LINKS))


def shared_texts(day: DayPlan, lang: Language) -> set[str]:
    """What all pages say of data and seasons; that it is of one language is tested where it is made."""
    with speaking(lang):
        notice = notice_of(day.area)
        return {notice.text, *notice.parts, season_text(day)}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["coverage", "routes"])
def test_a_map_has_no_word_of_the_other_language(line: PlannedArea, name: str, lang: Language) -> None:
    with speaking(lang):
        page = map_of(line, name)
    named = names_of(line.network.area) | {line.network.id, line.day.id} | shared_texts(line.day, lang)
    assert foreign_words(page_text(page), lang, named) == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("area", ["baiquan", "neubrandenburg"])
def test_the_demonstration_s_maps_have_no_word_of_the_other_language(demo_out: Path, area: str, lang: Language) -> None:
    day = result_in(demo_out, area)
    named = names_of(day.area) | {day.id, day.network.id} | shared_texts(day, lang)
    for folder, name in zip(folders_in(demo_out, area), ("coverage", "routes"), strict=True):
        home = {"baiquan": "zh", "neubrandenburg": "en"}[area]
        page = (folder / (f"{name}.html" if lang == home else f"{name}.{lang}.html")).read_text(encoding="utf-8")
        assert foreign_words(page_text(page), lang, named) == []


def test_the_season_that_contradicts_the_date_is_said(line: PlannedArea) -> None:
    season = SeasonChoice(season="drift_ice", by="configuration", of_date="summer")
    assert season_text(replace(line.day, season=season)) in html.unescape(
        routes_map(replace(line.day, season=season), LINKS)
    )


def test_maps_say_names_as_people_do_and_kinds_of_houses_in_the_reader_s_language(line: PlannedArea) -> None:
    village = replace(
        line.network.area.villages[0], name="合理村民委员会", name_latin="Heli", facilities=("供销社", "合理大院")
    )
    area = replace(line.network.area, villages=(village, *line.network.area.villages[1:]))
    plan = replace(line.network, area=area)
    said = {}
    for lang in LANGUAGES:
        with speaking(lang):
            page = coverage_map(plan, LINKS)
        shown = [one["shown"] for one in searched(page) if one["id"] == village.id]
        drawn = [one["properties"] for layer in layers_of(page) for one in layer]
        (circle,) = (one for one in drawn if one.get("id") == village.id and "popup" in one)
        said[lang] = (shown, circle["tooltip"], circle["popup"]["title"])
        rows = " ".join(value for _, value in circle["popup"]["rows"])
        assert "合理大院" in rows
        assert ("supply co-op" in rows, "供销社" in rows) == (lang == "en", lang == "zh")
    assert said["en"] == (["Heli"], "Heli", "Heli 合理村")
    assert said["zh"] == (["合理村"], "合理村", "合理村")


def test_pop_ups_say_what_a_site_is_for_and_what_a_place_has(line: PlannedArea) -> None:
    # the point in the middle serves west, middle and east, 600 people: 0.1 + 0.01 parcels a head are 66 a day, and nobody
    # else would serve them
    area = line.network.area
    sites = tuple(replace(site, services=("快递", "Tea")) if site.id == "sp-middle" else site for site in area.sites)
    page = coverage_map(replace(line.network, area=replace(area, sites=sites)), LINKS)
    told = dict(zip((site.id for site in area.sites), map(dict, rows_at(page, 0, "s")), strict=True))
    assert told["sp-middle"] == {
        "Villages handing over here": "3 (600 people)",
        "Load on a usual day": "66 parcels",
        "Why here": "without it 600 people in 3 villages lose coverage",
    }
    assert told["sp-east"] == {}
    assert row_at(page, 0, "v", "Services there") == ["快递, Tea", "", "快递, Tea", "快递, Tea"]
    drawn = [one["properties"] for layer in layers_of(page) for one in layer]
    (middle,) = (one for one in drawn if one.get("id") == "sp-middle" and "popup" in one)
    assert "Services 快递, Tea" in popup_text(middle["popup"])
    assert middle["s"] == [site.id for site in area.sites].index("sp-middle")


def test_a_township_has_the_colour_of_the_share_of_its_people(line: PlannedArea) -> None:
    # 600 of 650 people are 92.3 %: from 90 to less than 100; without any people nobody knows
    page = coverage_map(line.network, LINKS)
    assert [dict(rows) for rows in rows_at(page, 0, "t")] == [
        {"People covered": "92.3% (600 of 650 people)", "Villages covered": "3 of 4"}
    ]
    data = data_of(page)
    assert [data["colours"][at] for at in numbers(data["stages"][0]["steps"]["t"])] == ["#644a9f"]
    assert "90.0% or more, but not everybody" in page
    (area,) = (one for layer in layers_of(page) for one in layer if "t" in one["properties"])
    whole = line.network.area.boundary
    assert shapely.from_geojson(json.dumps(area["geometry"])).symmetric_difference(whole).area < 1e-3 * whole.area
    empty = tuple(replace(village, population=0, households=0) for village in line.network.area.villages)
    unknown = data_of(coverage_map(replace(line.network, area=replace(line.network.area, villages=empty)), LINKS))
    assert [unknown["colours"][at] for at in numbers(unknown["stages"][0]["steps"]["t"])] == ["hatched"]


def test_numbers_and_places_are_read_as_they_were_written() -> None:
    written = [0, 5, -1, -1, 2**30, -(2**30), 31, 32]
    assert numbers(letters(written)) == written
    # the example of the format's own description, in lon/lat
    points = [(-120.2, 38.5), (-120.95, 40.7), (-126.453, 43.252)]
    assert places(_pairs(points)) == points
    assert _pairs(points) == "_p~iF~ps|U_ulLnnqC_mqNvxq`@"

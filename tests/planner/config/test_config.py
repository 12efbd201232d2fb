import copy
import datetime
import math
from pathlib import Path

import pytest

from planner.config import load_config, parse_config
from planner.errors import ConfigError, UnknownAreaError
from planner.words import LANGUAGES, Language, error_text, speaking

TIER = {"objective": "MCLP", "standard_s": 900, "count": 3, "opening_cost_yuan": 1000, "provenance": "a test"}
VEHICLE = {
    "id": "van",
    "name": "van",
    "count": 1,
    "capacity_kg": 1500,
    "capacity_m3": 8,
    "fixed_cost_yuan": 100,
    "cost_per_km_yuan": 1,
    "cost_per_hour_yuan": 20,
    "shift_start": "07:00",
    "shift_end": "17:00",
    "provenance": "a test",
}
GOOD = {
    "schema": 1,
    "area": {"id": "a", "name": "a", "datum": "wgs84", "villages": "v.csv", "roads": "r.osm.pbf"},
    "coverage": {"service_points": TIER, "express_stations": TIER},
    "demand": {
        "delivery_parcels_per_person_day": 0.02,
        "pickup_parcels_per_person_day": 0.01,
        "kg_per_parcel": 2,
        "m3_per_parcel": 0.01,
        "provenance": "a test",
    },
    "routing": {
        "date": "2026-11-23",
        "opens": "08:00",
        "closes": "17:00",
        "service_base_s": 120,
        "service_per_parcel_s": 10,
        "provenance": "a test",
        "vehicles": [VEHICLE],
    },
}


def closed(**changes: object) -> dict:
    good = {"reason": "bridge", "first": "2026-11-01", "last": "2026-11-30", "way_ids": [1]}
    return {"closures": [{**good, **changes}]}


def changed(path: str, value: object) -> dict:
    content = copy.deepcopy(GOOD)
    *way, last = path.split(".")
    section = content
    for part in way:
        section = section[int(part)] if part.isdigit() else section[part]
    if value is None:
        del section[last]
    else:
        section[last] = value
    return content


def test_clock_times_are_read_as_seconds():
    config = parse_config(GOOD, folder=Path(), name="t")
    assert (config.routing.opens, config.routing.vehicles[0].shift_end) == (28_800, 61_200)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("schema", 2, "schema: Input should be 1"),
        ("area.datum", None, "area.datum: missing: add it"),
        ("area.datum", "utm", "area.datum"),
        ("area.id", "a b", "area.id"),
        ("area.division_code", "23", "area.division_code"),
        ("area.colour", "red", "area.colour: not a known key: remove or rename it"),
        ("coverage.service_points.standard_s", 0, "coverage.service_points.standard_s"),
        ("coverage.service_points.count", None, "MCLP needs count"),
        ("coverage.service_points.objective", "LSCP", "LSCP covers all with the fewest sites and takes no count"),
        ("coverage.service_points.provenance", None, "coverage.service_points.provenance: missing"),
        ("demand.provenance", "", "demand.provenance"),
        ("demand.kg_per_parcel", 0, "demand.kg_per_parcel"),
        ("demand.weekday_factors", [1, 1], "demand.weekday_factors"),
        ("demand.pickup_parcels_per_person_day", None, "pickup_parcels_per_person_day: missing"),
        ("demand.post_parcels_per_village_day", 5.1, "by person already"),
        ("demand.peaks", [{"id": "fair", "first": "11-01", "factor": 2, "provenance": "a test"}], "give its days once"),
        ("routing.date", "tomorrow", "routing.date"),
        ("routing.opens", "8am", "is not a time of day: write HH:MM"),
        ("routing.closes", "07:00", "closes must be later than opens"),
        ("routing.vehicles", [], "routing.vehicles"),
        ("routing.vehicles", [VEHICLE, VEHICLE], "vehicles.id repeats: van"),
        ("routing.vehicles.0.shift_end", "06:00", "shift_end must be later than shift_start"),
        ("routing.vehicles.0.capacity_kg", -1, "routing.vehicles.0.capacity_kg"),
        ("travel", {"turn_costs": "often"}, "travel.turn_costs"),
        ("travel", closed(reason=""), "travel.closures.0.reason"),
        ("travel", closed(reason={"zh": "桥梁维修"}), "travel.closures.0.reason"),
        ("routing.vehicles.0.name", 3, "routing.vehicles.0.name: Input should be a text, or a table with zh and en"),
        ("travel", closed(last="2026-10-31"), "ends on 2026-10-31, before it begins on 2026-11-01"),
        ("travel", closed(way_ids=[]), "closes nothing: give way_ids, or an area, or both"),
        ("travel", closed(way_ids=[0]), "travel.closures.0.way_ids.0"),
        ("travel", closed(area=[[1, 2], [3, 4]]), "area needs three corners or more"),
        ("travel", closed(area=[[126, 47], [200, 47], [126, 95]]), "travel.closures.0.area"),
        ("travel", closed(first="soon"), "travel.closures.0.first"),
        ("travel", closed(colour="red"), "travel.closures.0.colour: not a known key"),
    ],
)
def test_a_bad_value_is_refused_and_its_key_is_named(key, value, message):
    with pytest.raises(ConfigError) as caught:
        parse_config(changed(key, value), folder=Path(), name="area.toml")
    assert message in str(caught.value)


def test_all_faults_are_listed_at_once():
    content = changed("area.datum", None)
    content["demand"]["kg_per_parcel"] = -1
    with pytest.raises(ConfigError) as caught:
        parse_config(content, folder=Path(), name="area.toml")
    assert len(caught.value.problems) == 2


def test_an_unknown_area_is_answered_with_the_known_ones():
    with pytest.raises(UnknownAreaError, match="the embedded areas are"):
        load_config("atlantis")


def test_a_file_that_is_not_toml_is_refused(tmp_path):
    path = tmp_path / "area.toml"
    path.write_text("[area", encoding="utf-8")
    with pytest.raises(ConfigError, match="not a TOML file"):
        load_config(path)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("area.name", "a\u0007b", "U+0007"),
        ("area.name", {"zh\u0000": 1}, "U+0000"),
        ("routing.vehicles.0.name", {"zh": "a\ufffe", "en": "b"}, "U+FFFE"),
        ("routing.vehicles.0.name", "\uffff", "U+FFFF"),
        ("demand.provenance", "half \ud800", "U+D800"),
        ("area.name_latin", "\u202egnol", "U+202E"),
        ("area.name_latin", "\u2066long", "U+2066"),
        ("routing.provenance", "a\rb", "U+000D"),
    ],
)
def test_characters_that_no_file_can_show_are_named_by_their_key(
    path: str, value: object, code: str, language: Language
) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_config(changed(path, value), folder=Path(), name="area.toml")
    with speaking(language):
        lines = [line for line in error_text(caught.value).splitlines()[1:] if code in line]
    assert len(lines) == 1
    assert lines[0].strip().startswith(path)
    assert ("remove them" in lines[0]) == (language == "en")


def test_all_odd_characters_are_listed_beside_other_faults() -> None:
    content = changed("area.name", "a\u0007")
    content["demand"]["provenance"] = "b\u0001"
    content["seed"] = "x"
    with pytest.raises(ConfigError) as caught:
        parse_config(content, folder=Path(), name="area.toml")
    assert sorted(problem.split(":")[0] for problem in caught.value.problems) == [
        "area.name",
        "demand.provenance",
        "seed",
    ]


def test_long_texts_have_lines_and_tabs() -> None:
    read = parse_config(changed("demand.provenance", "one\n\ttwo"), folder=Path(), name="area.toml")
    assert read.demand.provenance == "one\n\ttwo"


@pytest.mark.parametrize(
    "figure", [math.inf, -math.inf, math.nan, 1e16, 10**6000], ids=["inf", "-inf", "nan", "large", "endless"]
)
def test_figures_are_finite_and_within_bounds(figure: float) -> None:
    with pytest.raises(ConfigError, match=r"capacity_kg: Input should be (a finite|less|greater)"):
        parse_config(changed("routing.vehicles.0.capacity_kg", figure), folder=Path(), name="area.toml")


def test_a_fault_in_one_table_of_several_says_which_by_counting_and_by_its_id() -> None:
    content = changed("routing.vehicles", [VEHICLE, VEHICLE | {"id": "trike", "capacity_kg": -1}])
    content["travel"] = closed(reason="")["travel"] if "travel" in closed(reason="") else closed(reason="")
    with pytest.raises(ConfigError) as caught:
        parse_config(content, folder=Path(), name="area.toml")
    said = {}
    for language in LANGUAGES:
        with speaking(language):
            said[language] = error_text(caught.value).splitlines()
    (english,) = (line for line in said["en"] if "capacity_kg" in line)
    (chinese,) = (line for line in said["zh"] if "capacity_kg" in line)
    assert english.endswith("([[routing.vehicles]] number 2, 'trike')")
    assert chinese.endswith("（第 2 个 [[routing.vehicles]]，'trike'）")
    assert any(line.endswith("([[travel.closures]] number 1)") for line in said["en"])


def test_choices_are_said_in_the_reader_s_language_and_dates_as_they_are_written() -> None:
    content = changed("language", "fr")
    content["routing"]["iterations"] = datetime.date(2026, 1, 1)
    with pytest.raises(ConfigError) as caught:
        parse_config(content, folder=Path(), name="area.toml")
    said = {}
    for language in LANGUAGES:
        with speaking(language):
            said[language] = error_text(caught.value)
    assert "language: Input should be zh or en (found 'fr')" in said["en"]
    assert "zh 或 en" in said["zh"]
    assert "(found 2026-01-01)" in said["en"]


def test_a_number_without_end_is_no_toml(tmp_path: Path) -> None:
    (tmp_path / "area.toml").write_text("schema = 1" + "0" * 5000, encoding="utf-8")
    with pytest.raises(ConfigError, match="an integer has too many digits"):
        load_config(tmp_path)

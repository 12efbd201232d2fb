"""A county whose hub is 61 km from its township: the station is cheaper in the week, and a day follows it to the end."""

import csv
import json
import re
from pathlib import Path

import openpyxl
import pytest
from fastapi.testclient import TestClient

from api import Settings, create_app
from tests.conftest import CONFIG

ROADS = """<osm version='0.6'>
<node id='1' version='1' lon='9.5' lat='0.0'/><node id='2' version='1' lon='10.05' lat='0.0'/>
<node id='3' version='1' lon='10.05' lat='0.15'/><node id='4' version='1' lon='10.05' lat='-0.15'/>
<node id='5' version='1' lon='10.2' lat='0.0'/>
<way id='1' version='1'><nd ref='1'/><nd ref='2'/><tag k='highway' v='secondary'/><tag k='surface' v='asphalt'/></way>
<way id='2' version='1'><nd ref='3'/><nd ref='2'/><nd ref='4'/>
<tag k='highway' v='secondary'/><tag k='surface' v='asphalt'/></way>
<way id='3' version='1'><nd ref='2'/><nd ref='5'/><tag k='highway' v='secondary'/><tag k='surface' v='asphalt'/></way></osm>
"""
VILLAGES = """编码,村名,name_latin,乡镇,经度,纬度,人口,户数,贫困村,贫困户,一村一品
north,北村,Bei,t1,10.05,0.15,100,30,否,0,
south,南村,Nan,t1,10.05,-0.15,200,60,否,0,
east,东村,Dong,t1,10.2,0.0,300,100,否,0,
"""
TOWNSHIPS = "id,name,lon,lat,coordinate_source\nt0,县城,9.5,0.0,surveyed\nt1,道口镇,10.05,0.0,surveyed\n"
SITES = "tier,place,name,status\ncounty_hub,t0,共配中心,existing\n"
BOUNDARY = '{"type":"Polygon","coordinates":[[[9.4,-0.3],[10.4,-0.3],[10.4,0.3],[9.4,0.3],[9.4,-0.3]]]}'
SERVICE = """
[service]
least_visits = 3
closed_weekdays = ["sunday"]
iterations = 5
provenance = "for the test"
[service.stations]
sort_s_per_parcel = 3
call_s = 300
day_yuan = 10
parcel_yuan = 0.1
opens = "07:00"
closes = "17:00"
provenance = "for the test"
[[service.stations.vehicles]]
id = "tricycle"
name = "三轮车"
count = 1
capacity_kg = 600
capacity_m3 = 4
fixed_cost_yuan = 5
cost_per_km_yuan = 0.1
cost_per_hour_yuan = 5
shift_start = "07:00"
shift_end = "17:00"
provenance = "for the test"
"""


@pytest.fixture
def county(inside: Path) -> Path:
    folder = inside / "county"
    folder.mkdir()
    contents = {
        "roads.osm": ROADS,
        "villages.csv": VILLAGES,
        "townships.csv": TOWNSHIPS,
        "sites.csv": SITES,
        "boundary.geojson": BOUNDARY,
        "area.toml": CONFIG.replace('id = "line"', 'id = "county"').replace("day = 0.01", "day = 0") + SERVICE,
    }
    for name, content in contents.items():
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def answer(planner, *arguments: object) -> dict:
    code, out, err = planner(*arguments, "--json")
    assert code == 0, err
    return json.loads(out)


def test_a_day_follows_the_station_that_its_week_chose(planner, county: Path) -> None:
    answer(planner, "site", county)
    week = answer(planner, "service", county, "--year", "2027", "--only-week")
    (township,) = (one for one in week["townships"] if one["township_id"] == "t1")
    assert (township["way"], township["reason"]) == ("by_station", "cheaper_way")
    assert township["station_yuan"] < township["direct_yuan"]

    told = answer(planner, "day", county, "--date", "2027-07-05")  # a Monday, after Sunday without visits
    document = json.loads((Path(told["folder"]) / "day.json").read_text(encoding="utf-8"))
    asked = {point["site_id"]: point["delivery_parcels"] for point in document["demand"]["points"]}
    assert set(asked) == {"sp-north", "sp-south", "sp-east"}
    by_depot = {route["depot_id"]: route for route in document["routes"]["routes"]}
    assert set(by_depot) == {"hub-t0", "es-t1"}
    (call,) = by_depot["hub-t0"]["visits"]
    assert call["delivered"][0] == sum(asked.values())
    assert {one["stop_id"]: one["delivered"][0] for one in by_depot["es-t1"]["visits"]} == asked
    # the tricycle leaves when all is handed over and sorted, 3 s a parcel
    assert by_depot["es-t1"]["start_s"] >= call["departure_s"] + 3 * sum(asked.values()) - 1e-6

    assert (told["stops"], told["routes"]) == (3, 2)
    fee = 10 + 0.1 * sum(asked.values())
    assert told["stations_yuan"] == pytest.approx(fee, abs=0.006)
    parts = [*(one["cost_yuan"] for one in told["vehicles"].values()), told["stations_yuan"]]
    assert round(sum(parts), 2) == told["cost_yuan"]
    assert told["cost_yuan"] == pytest.approx(document["routes"]["cost_yuan"] + fee, abs=0.006)

    _published_pack_counts_each_parcel_once(planner, told, sum(asked.values()))
    _it_is_not_planned_again(planner, county, told, call)


def _published_pack_counts_each_parcel_once(planner, told: dict, parcels: int) -> None:
    assert answer(planner, "publish", told["id"])["published"]
    pack = Path("out/county/published/2027-07-05")
    tables = [path for path in pack.glob("*.csv") if path.stem in told["vehicles"]]
    assert len(tables) == 2
    rows = [row for path in tables for row in csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())]
    assert sum(int(row["Parcels down"]) for row in rows) == parcels
    (trunk,) = (row for row in rows if "to be sorted there" in row["Name"])
    assert (trunk["Site code"], f"hand over {parcels} parcels" in trunk["Name"]) == ("es-t1", True)
    features = [
        one["properties"]
        for id_ in told["vehicles"]
        for one in json.loads((pack / f"{id_}.geojson").read_text(encoding="utf-8"))["features"]
        if one["geometry"]["type"] == "Point"
    ]
    assert sum(one["delivery_parcels"] for one in features) == parcels
    assert [one["name"] for one in features if one["call"] == "hand_over"] == [trunk["Name"]]
    for kind in ("gpx", "kml"):
        assert sum(trunk["Name"] in path.read_text(encoding="utf-8") for path in pack.glob(f"*.{kind}")) == 1
    pages = {path.name: path.read_text(encoding="utf-8") for path in pack.glob("*.html")}
    loading = (pack / "loading.csv").read_text(encoding="utf-8-sig")
    (vehicle,) = (id_ for id_ in told["vehicles"] if id_.startswith("van"))
    for text in (pages["index.en.html"], pages[f"{vehicle}.html"], loading):
        assert f"hand over {parcels} parcels to be sorted there" in text
    chinese = {name for name, page in pages.items() if re.search(rf"交付\s*{parcels}\s*件\s*在此分拣", page)}
    assert chinese >= {"index.zh.html", f"{vehicle}.zh.html"}
    assert any("Ready at the station from" in page for page in pages.values())

    book = openpyxl.load_workbook(Path(told["folder"]) / "day.xlsx", data_only=True)
    summary = {row[0].value: row[1].value for row in book["Summary"].iter_rows()}
    assert summary["Cost"] == told["cost_yuan"]
    assert summary["Of the cost, paid at stations"] == told["stations_yuan"]
    assert summary["Stops"] == 3
    down, stops = _column(book, "Stop list", "Parcels down")
    assert sum(row[down] for row in stops) == parcels
    for name in ("Routes", "Fleet"):
        cost, rows = _column(book, name, "Cost (yuan)")
        assert any(row[0] == "Handling at stations" and row[cost] == told["stations_yuan"] for row in rows)
        assert rows[-1][cost] == pytest.approx(told["cost_yuan"], abs=1e-9)


def _column(book: openpyxl.Workbook, sheet: str, heading: str) -> tuple[int, list[tuple]]:
    """Return where a column stands, and the rows under the headings."""
    rows = list(book[sheet].iter_rows(values_only=True))
    first = next(number for number, row in enumerate(rows) if heading in row)
    return rows[first].index(heading), [row for row in rows[first + 1 :] if any(row)]


def _it_is_not_planned_again(planner, county: Path, told: dict, call: dict) -> None:
    (vehicle,) = (id_ for id_ in told["vehicles"] if id_.startswith("van"))
    ticked = {"stop": call["stop_id"], "ticked": "done", "at": "08:30"}
    report = {
        "report": "rural-service-planner/report/2",
        "plan": told["id"],
        "vehicle": vehicle,
        "at": "08:30",
        "stops": [ticked],
    }
    Path("report.json").write_text(json.dumps(report), encoding="utf-8")
    Path("events.toml").write_text('now = "09:00"\nmost_changes = 2\ntolerance_s = 900\n', encoding="utf-8")
    for given in (("events.toml",), ("--report", "report.json")):
        code, _, err = planner("replan", county, told["id"], *given)
        assert code == 3, err
        assert f"{told['id']} goes over stations (es-t1) and cannot be planned again while it runs" in " ".join(
            err.split()
        )
        assert "Traceback" not in err
    settings = Settings(store_url="sqlite:///out/planner.db", area_folders=(county,))
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        events = {"now": "09:00", "most_changes": 2, "tolerance_s": 900}
        reply = client.post(f"/days/{told['id']}/replan?lang=en", json=events)
        routes = client.get(f"/days/{told['id']}/routes").json()["routes"]
    assert reply.status_code == 422
    assert f"{told['id']} goes over stations (es-t1)" in reply.json()["error"]["message"]
    assert sum(one["stops"] for one in routes) == told["stops"]

"""From a county's name to its first page: six commands, no editor, and every assumption counted on the page."""

import csv
import re
from pathlib import Path

import pytest

from planner.cli.app import app
from planner.config import load_config
from planner.errors import EXIT_BAD_DATA
from planner.geodata.assemble import read_area
from planner.plans import network_from_json
from tests.cases.made_up_county import COUNTY, MadeUpCounty, served

pytest.importorskip("rasterio")
PEOPLE = 280_000


def run(*arguments: object) -> object:
    return app([str(one) for one in arguments], standalone_mode=False)


@pytest.mark.slow
def test_six_commands_lead_to_the_first_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    county = MadeUpCounty(seed=7)
    monkeypatch.chdir(tmp_path)  # as people do: a folder below the one they are in
    folder, out = Path("wangkui"), Path("out")
    lists = county.write_geonames(tmp_path / "CN.zip"), county.write_people(tmp_path / "people.tif", PEOPLE)
    with served(county) as url:
        run("init", folder, "--division", COUNTY)
        assert run("check", folder) == EXIT_BAD_DATA
        begun = capsys.readouterr().out
        assert "Errors: 2" in begun
        assert "no village has people yet → run planner people" in begun
        assert "planner fetch wangkui gets the roads" in begun
        run("fetch", folder, "--overpass-url", url)
    run("places", folder, lists[0])
    run("people", folder, lists[1], "--total", PEOPLE)
    run("check", folder)
    run("site", folder, "--out", out, "--store", f"sqlite:///{tmp_path / 'p.db'}")  # plan adds the routes of a day
    said = capsys.readouterr().out
    with (folder / "villages.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    by_source = {
        source: {code for code, row in rows.items() if row["coordinate_source"] == source}
        for source in ("osm", "geonames", "")
    }
    # nothing that was taken is wrong: each position is that of the village it was made for
    assert by_source["osm"] <= county.on_map
    assert by_source["geonames"] <= county.in_geonames
    for code in by_source["osm"] | by_source["geonames"]:
        at = float(rows[code]["lon"]), float(rows[code]["lat"])
        assert county.metres(at, county.at[code]) < 60, rows[code]
    assert len(by_source["osm"]) > 0.8 * len(county.on_map)
    assert {row["population_source"] for row in rows.values()} == {"people.tif"}
    # who lives where a village is whose position nobody knows may be beyond five kilometres of all that are known
    assert 0.95 * PEOPLE < sum(int(row["population"]) for row in rows.values()) < PEOPLE + len(rows)
    at_seat = len(by_source[""])
    assert 0 < at_seat < len(rows)
    area = read_area(load_config(folder))
    assert sum(village.at_seat for village in area.villages) == at_seat
    page = (out / "wangkui" / "index.html").read_text(encoding="utf-8")
    total = len(rows)
    notice = page[page.index('<details class="notice">') :].partition("</details>")[0]
    for part in (
        f"<li>people: {total} from the population raster people.tif</li>",
        f"{len(by_source['osm'])} from OpenStreetMap",
        f"{len(by_source['geonames'])} from GeoNames",
        f"{at_seat} at their township&#39;s seat",
        "standard, number and cost of service points",
        "standard, number and cost of express stations",
        "parcels and produce",
    ):
        assert part in notice, part
    count = int(re.search(r"\((\d+)\)</summary>", notice)[1])
    assert count == notice.count("<li>") >= 5
    assert f"OpenStreetMap: {len(by_source['osm'])}" in page
    assert f"GeoNames: {len(by_source['geonames'])}" in page
    assert f"people.tif: {total}" in page
    (document,) = (out / "wangkui" / "network").glob("*/network.json")
    assert len(network_from_json(document.read_text(encoding="utf-8")).area.villages) == total
    assert "Errors: 0" in said
    assert "positions.csv: points that may be those of villages without a position" in said

"""People from rasters: each cell to its nearest village by road, whatever the raster's projection, bytes and tiles."""

import csv
import random
from pathlib import Path

import numpy as np
import pytest
import shapely

from planner.cli.app import app
from planner.config import load_config
from planner.errors import BadDataError, UsageError
from planner.geodata.assemble import read_area
from planner.geodata.people_raster import PeopleCells, read_people
from planner.model import CoordinateSource, PopulationSource, Village
from planner.network import read_network
from planner.pipeline.fill_people import people_of_raster, people_of_total
from planner.pipeline.raster_people import share_people
from planner.sandbox import cap

rasterio = pytest.importorskip("rasterio")
from rasterio.transform import from_origin  # noqa: E402
from rasterio.warp import transform  # noqa: E402

# over the four villages of the world that can be worked out by hand: west, middle and east on one road, an island south
BOX = shapely.box(9.95, -0.15, 10.25, 0.05)
STEP = 0.01
COLUMNS, ROWS = 30, 20
U_ROAD = """<osm version='0.6'>
<node id='1' version='1' lon='10.00' lat='0.00'/><node id='2' version='1' lon='10.00' lat='0.03'/>
<node id='3' version='1' lon='10.02' lat='0.03'/><node id='4' version='1' lon='10.02' lat='0.00'/>
<way id='1' version='1'><nd ref='1'/><nd ref='2'/><nd ref='3'/><nd ref='4'/><tag k='highway' v='tertiary'/></way></osm>
"""


def write_raster(path: Path, people: np.ndarray, **changes: object) -> Path:
    settings = {
        "driver": "GTiff",
        "height": people.shape[0],
        "width": people.shape[1],
        "count": 1,
        "dtype": "float32",
        "crs": "EPSG:4326",
        "transform": from_origin(9.95, 0.05, STEP, STEP),
        "nodata": -99999,
    } | changes
    with rasterio.open(path, "w", **settings) as raster:
        raster.write(people.astype(settings["dtype"]), 1)
    return path


def grid(**people: float) -> np.ndarray:
    """Return a raster of nobody but in the cells x<column>y<row>."""
    cells = np.full((ROWS, COLUMNS), -99999.0)
    for where, count in people.items():
        column, row = (int(part) for part in where[1:].split("y"))
        cells[row, column] = count
    return cells


def village(id_: str, lon: float, lat: float) -> Village:
    return Village(
        id=id_,
        name=id_,
        name_latin=id_,
        lon=lon,
        lat=lat,
        coordinate_source=CoordinateSource.OSM,
        township_id="t",
        population=0,
        population_source=PopulationSource.ESTIMATE,
        households=0,
    )


def cells_at(*cells: tuple[float, float, float]) -> PeopleCells:
    lons, lats, people = (np.array(part, dtype=np.float64) for part in zip(*cells, strict=True))
    return PeopleCells(file="r.tif", lons=lons, lats=lats, people=people, ignored=0)


FORMS: dict[str, dict[str, object]] = {
    "plain": {},
    "big-endian": {"ENDIANNESS": "BIG"},
    "tiled": {"tiled": True, "blockxsize": 16, "blockysize": 16},
    "compressed": {"compress": "deflate", "predictor": 3},
    "big tiff": {"BIGTIFF": "YES"},
    "whole numbers": {"dtype": "int32"},
    "doubles": {"dtype": "float64", "nodata": float("nan")},
}


@pytest.mark.parametrize("form", FORMS)
def test_a_raster_is_read_in_every_form(tmp_path: Path, form: str) -> None:
    people = grid(x5y5=120, x14y5=80, x29y19=7)
    if form == "doubles":
        people[people < 0] = np.nan
    found = read_people(write_raster(tmp_path / "p.tif", people, **FORMS[form]), BOX)
    # a cell's centre: 9.95 + (5 + 0.5) * 0.01, 0.05 - (5 + 0.5) * 0.01
    at = {(round(x, 6), round(y, 6)): n for x, y, n in zip(found.lons, found.lats, found.people, strict=True)}
    assert at == {(10.005, -0.005): 120.0, (10.095, -0.005): 80.0, (10.245, -0.145): 7.0}
    assert (found.total, found.ignored) == (207.0, 0)


def test_another_projection_and_a_larger_raster_give_the_same_people(tmp_path: Path) -> None:
    """One cell of a kilometre in Mollweide, as GHS-POP is, its centre where it is put."""
    (x,), (y,) = transform("EPSG:4326", "ESRI:54009", [10.1], [-0.05])
    people = np.zeros((200, 300))
    people[100, 150] = 345
    people[0, 0] = 999  # far outside
    place = from_origin(x - 150.5 * 1000, y + 100.5 * 1000, 1000, 1000)
    found = read_people(write_raster(tmp_path / "g.tif", people, crs="ESRI:54009", transform=place, nodata=-200), BOX)
    assert found.total == 345
    assert abs(found.lons[0] - 10.1) < 1e-6
    assert abs(found.lats[0] + 0.05) < 1e-6


def test_figures_that_are_none_are_counted_and_nobody(tmp_path: Path) -> None:
    people = np.zeros((ROWS, COLUMNS))
    people[3, 3], people[4, 4], people[5, 5] = -99999, np.inf, 10  # nodata is not declared
    found = read_people(write_raster(tmp_path / "p.tif", people, nodata=None), BOX)
    assert (found.total, found.ignored) == (10.0, 2)


def test_what_cannot_be_used_says_why(tmp_path: Path) -> None:
    good = grid(x5y5=1)
    with pytest.raises(BadDataError, match="says no projection"):
        read_people(write_raster(tmp_path / "n.tif", good, crs=None), BOX)
    with pytest.raises(BadDataError, match="does not lie where the area is"):
        read_people(write_raster(tmp_path / "f.tif", good, transform=from_origin(50, 50, STEP, STEP)), BOX)
    (tmp_path / "vrt.tif").write_text("<VRTDataset rasterXSize='1' rasterYSize='1'></VRTDataset>", encoding="utf-8")
    with pytest.raises(BadDataError, match="is no GeoTIFF"):
        read_people(tmp_path / "vrt.tif", BOX)
    broken = write_raster(tmp_path / "b.tif", np.random.default_rng(1).random((ROWS, COLUMNS)))
    broken.write_bytes(broken.read_bytes()[:-1000])
    with pytest.raises(BadDataError, match="cannot be read as a GeoTIFF"):
        read_people(broken, BOX)


def test_a_small_file_that_declares_a_huge_raster_is_refused(tmp_path: Path) -> None:
    huge = {"height": 100_000, "width": 100_000, "transform": from_origin(9.95, 0.05, 3e-6, 2e-6), "SPARSE_OK": "TRUE"}
    path = tmp_path / "huge.tif"
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        count=1,
        dtype="uint8",
        crs="EPSG:4326",
        tiled=True,
        blockxsize=512,
        blockysize=512,
        **huge,
    ):
        pass
    assert path.stat().st_size < 10_000_000
    with pytest.raises(BadDataError, match=f"more than {cap('raster_cells')}.*PLANNER_MAX_RASTER_CELLS"):
        read_people(path, BOX)
    world = {"height": 18_000, "width": 36_000, "transform": from_origin(-180, 90, 0.01, 0.01), "SPARSE_OK": "TRUE"}
    tiles = {"tiled": True, "blockxsize": 32_768, "blockysize": 16_384}
    with rasterio.open(path, "w", driver="GTiff", count=1, dtype="uint8", crs="EPSG:4326", **tiles, **world):
        pass
    with pytest.raises(BadDataError, match=r"is in pieces of 16384 × 32768 cells.*PLANNER_MAX_BLOCK_MB"):
        read_people(path, BOX)


def test_people_belong_to_the_village_that_is_nearest_by_road(tmp_path: Path) -> None:
    """On a road like a U, 2.2 km apart at its feet: from beside one foot it is 9 km by road to the other village."""
    (tmp_path / "u.osm").write_text(U_ROAD, encoding="utf-8")
    edges = read_network(tmp_path / "u.osm", vehicle="van", season="summer").edges
    left, right = village("left", 10.0, 0.0), village("right", 10.02, 0.03)
    # beside the right foot: 2.2 km straight to the left village, 3.3 km up the road to the right one
    foot = cells_at((10.0195, 0.001, 50.0), (9.999, 0.001, 7.0), (10.3, 0.3, 3.0))
    by_road = share_people(foot, [left, right], edges)
    assert (by_road.people.tolist(), by_road.beyond, by_road.by_road) == ([7.0, 50.0], 3.0, True)
    straight = share_people(foot, [left, right], None)
    assert straight.people.tolist() == [57.0, 0.0]
    # within three kilometres by road nobody of that cell is the right village's
    assert share_people(foot, [left, right], edges, cap_m=3000).beyond == 53.0


def test_villages_on_one_spot_share_its_people() -> None:
    shares = share_people(
        cells_at((10.0, 0.0, 90.0)), [village("a", 10.0, 0.0), village("b", 10.0, 0.0), village("c", 10.2, 0.0)], None
    )
    assert shares.people.tolist() == [45.0, 45.0, 0.0]


def test_two_hundred_made_up_rasters_lose_nobody() -> None:
    """Straight lines against a search through all pairs; people inside and beyond are those of the raster."""
    for seed in range(200):
        chance = random.Random(seed)
        cells = [(chance.uniform(10, 10.2), chance.uniform(0, 0.1), chance.randint(1, 99)) for _ in range(40)]
        spots = [(chance.uniform(10, 10.2), chance.uniform(0, 0.1)) for _ in range(chance.randint(1, 6))]
        cap_m = chance.choice([1500, 4000, 50_000])
        shares = share_people(cells_at(*cells), [village(str(i), *at) for i, at in enumerate(spots)], None, cap_m=cap_m)
        expected, beyond = [0.0] * len(spots), 0.0
        narrow = np.cos(np.radians(np.median([lat for _, lat in spots])))
        for lon, lat, people in cells:
            gaps = [111_320 * np.hypot((lon - x) * narrow, lat - y) for x, y in spots]
            if min(gaps) <= cap_m:
                expected[int(np.argmin(gaps))] += people
            else:
                beyond += people
        assert np.allclose(shares.people, expected)
        assert shares.beyond == beyond
        assert np.isclose(shares.inside + shares.beyond, sum(people for _, _, people in cells))


def emptied(folder: Path, *, keep: str) -> Path:
    """Take people and households from all villages but one."""
    path = folder / "villages.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["编码"] != keep:
            row["人口"] = row["户数"] = row["贫困户"] = ""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    config = folder / "area.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("[area]\n", "[area]\npersons_per_household = 2.5\n", 1), encoding="utf-8")
    return folder


def people_in(folder: Path) -> dict[str, tuple[str, str]]:
    with (folder / "villages.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["编码"]: (row["人口"], row["人口来源"]) for row in csv.DictReader(file)}


def test_a_table_is_filled_in_along_the_roads(line_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Cells of 1.1 km: two at the road near west and middle, one on the island, one in nobody's reach."""
    emptied(line_folder, keep="east")
    raster = write_raster(line_folder / "pop.tif", grid(x5y4=120, x14y4=80, x15y15=7, x25y4=33, x29y17=5))
    app(["people", str(line_folder), str(raster), "--total", "250", "--no-cache"], standalone_mode=False)
    said = capsys.readouterr().out
    assert people_in(line_folder) == {
        "west": ("120", "pop.tif"),
        "middle": ("80", "pop.tif"),
        "east": ("300", ""),  # a person's figure stays
        "island": ("7", "pop.tif"),
    }
    assert "People of 3 of 4 villages filled in; all have 507 together" in said
    assert (
        "The raster has 245 people in the area: 98.0% of them within 5 km of a village along the roads, 2.0% beyond"
        in said
    )
    assert "That is 98.0% of the 250 given" in said
    area = load_config(line_folder)
    found = read_area(area).village_by_id
    assert found["west"].population_source is PopulationSource.RASTER
    assert (found["west"].population_origin, found["west"].households) == ("pop.tif", 48)
    again = people_of_raster(area, raster, total=1000)
    assert again.written == 0
    assert [finding.code for finding in again.findings] == ["people_differ"]


def test_without_a_raster_a_total_is_shared_by_those_without_a_figure(line_folder: Path) -> None:
    emptied(line_folder, keep="east")
    found = people_of_total(load_config(line_folder), 900)
    assert (found.written, found.people) == (3, 900)
    assert people_in(line_folder)["west"] == ("200", "estimate")
    with pytest.raises(UsageError, match="900 people already"):
        people_of_total(load_config(line_folder), 500)


def test_two_villages_in_one_coarse_cell_are_both_lived_in(tmp_path: Path) -> None:
    """A cell of 0.01 degrees in five by five parts: the west village is nearer to the two western columns of parts."""
    cells = read_people(write_raster(tmp_path / "p.tif", grid(x5y5=100)), BOX)
    assert np.allclose(cells.across, ((STEP, 0.0), (0.0, -STEP)), atol=1e-9)
    parts = cells.in_parts()
    assert len(parts.people) == 25
    assert parts.total == pytest.approx(100)
    assert (parts.lons.min(), parts.lons.max()) == pytest.approx((10.001, 10.009))
    # the middle between them is 10.0045: parts at 10.001 and 10.003 are the west one's, 10.005 to 10.009 the east one's
    villages = [village("west", 10.002, -0.005), village("east", 10.007, -0.005)]
    assert share_people(parts, villages, None).people == pytest.approx([40, 60])

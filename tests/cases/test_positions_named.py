"""What positions really are is named: degrees run together, a boundary in metres, lines of roads."""

import json
import random
from pathlib import Path

import geopandas
import pyproj
import pytest
import shapely

from planner.config import Datum
from planner.errors import BadDataError
from planner.geodata.boundary_file import boundary_in
from planner.geodata.doctor import check_files
from planner.geodata.notations import degrees
from planner.geodata.register import county_boundary
from planner.geodata.run_together import behind_the_point, run_together
from tests.cases.table_variants import villages
from tests.cases.test_table_kinds import GROUND, _rows, read


def _together(value: float, digits: int, style: str) -> str:
    """Return degrees with nothing between their parts, in whole hundredths of a second."""
    hundredths = round(value * 360_000)
    whole, rest = divmod(hundredths, 360_000)
    minutes, rest = divmod(rest, 6000)
    seconds, cents = divmod(rest, 100)
    return {
        "seconds": f"{whole:0{digits}d}{minutes:02d}{seconds:02d}",
        "point": f"{whole:0{digits}d}{minutes:02d}{seconds:02d}.{cents:02d}",
        "hundredths": f"{whole:0{digits}d}{minutes:02d}{seconds:02d}{cents:02d}",
        "minutes": f"{whole:0{digits}d}{minutes:02d}.{round(rest / 0.6):04d}",
    }[style]


def test_degrees_run_together_are_named(tmp_path: Path) -> None:
    path = tmp_path / "村.csv"
    for seed in range(200):
        draw = random.Random(seed)
        truth, style = villages(draw), draw.choice(["seconds", "point", "hundredths", "minutes"])
        lon, lat = [_together(t.lon, 3, style) for t in truth], [_together(t.lat, 2, style) for t in truth]
        found = run_together(lon, lat, GROUND)
        assert found is not None, (seed, style)
        assert degrees(found.meant) == pytest.approx(truth[0].lon, abs=3e-4), (seed, style)
        metres = [f"{t.lon * 1e5:.2f}" for t in truth], [f"{t.lat * 1.1e5:.2f}" for t in truth]
        assert run_together(*metres, GROUND) is None
        if seed >= 20:
            continue
        path.write_text(_rows(truth, lon, lat), encoding="utf-8")
        with pytest.raises(BadDataError, match="run together") as caught:
            read(path)
        assert lon[0] in str(caught.value), (seed, style)


def _behind_the_point(value: float, digits: int, style: str) -> str:
    """Return degrees with minutes and seconds behind the point."""
    text = _together(value, digits, style).replace(".", "")
    return f"{text[:digits]}.{text[digits:]}"


def test_minutes_behind_the_point_are_named(tmp_path: Path) -> None:
    path, doubted = tmp_path / "村.csv", 0
    for seed in range(200):
        draw = random.Random(seed)
        truth, style = villages(draw), draw.choice(["seconds", "point", "hundredths"])
        lon, lat = (
            [_behind_the_point(getattr(t, axis), digits, style) for t in truth]
            for axis, digits in (("lon", 3), ("lat", 2))
        )
        found = behind_the_point([*lon, *lat])
        assert found is not None, (seed, style)
        assert degrees(found[1].meant) == pytest.approx(float(lon[0][:3]) + (truth[0].lon % 1), abs=3e-4), (seed, style)
        decimal = [f"{value:.5f}" for t in truth for value in (t.lon, t.lat)]
        doubted += behind_the_point(decimal) is not None
        if seed < 10:
            path.write_text(_rows(truth, lon, lat), encoding="utf-8")
            if found[0] < 20:
                assert any("behind the point" in str(one.message) for one in read(path).findings), (seed, style)
            else:
                with pytest.raises(BadDataError, match="behind the point stand minutes") as caught:
                    read(path)
                assert lon[0] in str(caught.value)
    assert doubted <= 2  # of 200 tables of decimal degrees, by chance


def test_a_boundary_in_metres_is_named_with_its_zone(tmp_path: Path) -> None:
    path = tmp_path / "界.geojson"
    for system in ("EPSG:4530", "EPSG:4499", "EPSG:4551", "EPSG:3857"):
        away = pyproj.Transformer.from_crs("EPSG:4326", system, always_xy=True)
        for county in ("230231",):
            shape = shapely.simplify(county_boundary(county), 0.01)
            metres = shapely.transform(
                shape, lambda xy, away=away: list(zip(*away.transform(xy[:, 0], xy[:, 1]), strict=True))
            )
            feature = {"type": "Feature", "properties": {}, "geometry": json.loads(shapely.to_geojson(metres))}
            path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
            with pytest.raises(BadDataError, match=system):
                boundary_in(path, Datum.WGS84, code=county)


@pytest.mark.parametrize("name", ["roads.shp", "roads.geojson", "roads.gpkg"])
def test_roads_alone_are_said_to_be_lines_of_roads(tmp_path: Path, name: str) -> None:
    lines = [shapely.LineString([(126 + n / 100, 47.5), (126.01 + n / 100, 47.51)]) for n in range(5)]
    geopandas.GeoDataFrame({"name": list("abcde")}, geometry=lines, crs="EPSG:4326").to_file(tmp_path / name)
    report = check_files([tmp_path / name], datum=Datum.WGS84)
    assert [(file.kind, file.rows) for file in report.files] == [("roads", 5)]
    assert [finding.code for finding in report.findings if finding.severity != "error"] == ["road_lines_alone"]
    assert not [finding for finding in report.findings if finding.severity == "error"]

"""GeoPackages open styled in QGIS: the table that it reads, rules that fit the features, names of fields."""

from __future__ import annotations

import ctypes
import sqlite3
import xml.etree.ElementTree as ET
from contextlib import closing
from pathlib import Path
from typing import Any

import pandas
import pyogrio
import pytest

from planner.outputs.geofiles import write_day, write_network
from planner.pipeline.whole_plan import PlannedArea
from planner.words import speaking

SLD = {"s": "http://www.opengis.net/sld", "o": "http://www.opengis.net/ogc"}
QGIS_COLUMNS = [  # as QGIS makes the table itself
    *("f_table_catalog", "f_table_schema", "f_table_name", "f_geometry_column", "styleName", "styleQML", "styleSLD"),
    *("useAsDefault", "description", "owner", "ui", "update_time"),
]


@pytest.fixture(scope="module")
def files(line: PlannedArea, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("layers")
    with speaking("zh"):
        write_network(line.network, folder / "network.gpkg")
        write_day(line.day, folder / "day.gpkg")
    return folder / "network.gpkg", folder / "day.gpkg"


def styles_of(path: Path) -> pandas.DataFrame:
    return pyogrio.read_dataframe(path, layer="layer_styles").set_index("f_table_name", drop=False)


def test_gdal_reads_the_table_of_styles_with_its_columns(files: tuple[Path, Path]) -> None:
    network, day = {"stations", "villages", "station_reach", "boundary"}, {"route_legs", "route_stops", "boundary"}
    for path, layers in zip(files, (network, day), strict=True):
        styles = styles_of(path)
        assert list(styles.columns) == QGIS_COLUMNS
        assert set(styles.index) == layers <= {name for name, _ in pyogrio.list_layers(path)}
        assert set(styles["useAsDefault"].astype(bool)) == {True}
        assert set(styles["f_geometry_column"]) == {"geom"}
        assert pyogrio.read_info(path, layer="layer_styles")["fid_column"] == "id"


def passes(rule: ET.Element, feature: pandas.Series) -> bool:
    """Whether a feature passes the filter of a rule, read as the standard has it."""
    operators = {
        "PropertyIsEqualTo": lambda a, b: str(a).lower() == b.lower(),
        "PropertyIsLessThan": lambda a, b: float(a) < float(b),
        "PropertyIsGreaterThanOrEqualTo": lambda a, b: float(a) >= float(b),
    }
    tests = [one for one in rule.iter() if one.tag.split("}")[1] in operators]
    return all(
        operators[one.tag.split("}")[1]](
            feature[one.findtext("o:PropertyName", "", SLD)], one.findtext("o:Literal", "", SLD)
        )
        for one in tests
    )


def test_each_feature_is_drawn_by_one_rule_in_both_styles(files: tuple[Path, Path]) -> None:
    for path in files:
        for layer, row in styles_of(path).iterrows():
            rules = ET.fromstring(row["styleSLD"]).findall(".//s:Rule", SLD)
            for _, feature in pyogrio.read_dataframe(path, layer=layer).iterrows():
                assert sum(passes(rule, feature) for rule in rules) == 1, (layer, feature.get("name"))
            qgis = ET.fromstring(row["styleQML"])
            assert qgis.tag == "qgis"
            drawn = qgis.findall("renderer-v2/rules/rule")
            assert [rule.get("label") for rule in drawn] == [rule.findtext("s:Title", "", SLD) for rule in rules]
            assert {rule.get("symbol") for rule in drawn} == {
                one.get("name") for one in qgis.findall(".//symbols/symbol")
            }


def test_fields_are_named_in_the_language_for_qgis_and_gdal(
    files: tuple[Path, Path], line: PlannedArea, tmp_path: Path
) -> None:
    write_network(line.network, tmp_path / "en.gpkg")
    for path, minutes, covered in ((files[0], "分钟", "覆盖"), (tmp_path / "en.gpkg", "Minutes", "Served")):
        qgis = ET.fromstring(styles_of(path).loc["villages", "styleQML"])
        aliases = {one.get("field"): one.get("name") for one in qgis.findall("aliases/alias")}
        with closing(sqlite3.connect(path)) as database:
            read = "SELECT column_name, name FROM gpkg_data_columns WHERE table_name = 'villages'"
            named = dict(database.execute(read))
            extensions = {row[0] for row in database.execute("SELECT table_name FROM gpkg_extensions")}
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert aliases == named
        assert aliases["minutes_to_site"] == minutes
        assert aliases["covered"] == covered
        assert set(named) == set(pyogrio.read_info(path, layer="villages")["fields"])
        assert {"gpkg_data_columns", "gpkg_data_column_constraints"} <= extensions
        assert len(set(named.values())) == len(named)


def names_in_gdal(path: Path, layer: str) -> dict[str, str]:
    """The alternative names of a layer's fields, as the library tells any program that asks it."""
    found = sorted((Path(pyogrio.__file__).parents[1] / "pyogrio.libs").glob("libgdal*"))
    if not found:
        pytest.skip("the wheel of pyogrio for this system keeps its library elsewhere")
    gdal = ctypes.CDLL(str(found[0]))

    def ask(name: str, kind: Any, *given: Any) -> Any:
        function = getattr(gdal, name)
        function.restype = kind
        function.argtypes = [{bytes: ctypes.c_char_p, int: ctypes.c_size_t}[type(one)] for one in given]
        return function(*given)

    ask("GDALAllRegister", None)
    dataset = ask("GDALOpenEx", ctypes.c_size_t, str(path).encode(), 4, 0, 0, 0)  # vectors, to be read
    assert dataset
    fields = ask(
        "OGR_L_GetLayerDefn",
        ctypes.c_size_t,
        ask("GDALDatasetGetLayerByName", ctypes.c_size_t, dataset, layer.encode()),
    )
    each = [
        ask("OGR_FD_GetFieldDefn", ctypes.c_size_t, fields, at)
        for at in range(ask("OGR_FD_GetFieldCount", ctypes.c_int, fields))
    ]
    names = [
        [ask(f"OGR_Fld_Get{kind}Ref", ctypes.c_char_p, one).decode() for kind in ("Name", "AlternativeName")]
        for one in each
    ]
    ask("GDALClose", None, dataset)
    return dict(names)


def test_gdal_tells_its_clients_the_names_of_fields(
    files: tuple[Path, Path], line: PlannedArea, tmp_path: Path
) -> None:
    write_network(line.network, tmp_path / "en.gpkg")
    for path, minutes, covered in ((files[0], "分钟", "覆盖"), (tmp_path / "en.gpkg", "Minutes", "Served")):
        for layer in ("villages", "stations"):
            named = names_in_gdal(path, layer)
            assert set(named) == set(pyogrio.read_info(path, layer=layer)["fields"])
            with closing(sqlite3.connect(path)) as database:
                read = "SELECT column_name, name FROM gpkg_data_columns WHERE table_name = ?"
                kept = dict(database.execute(read, [layer]))
            # a name that is the field's own but for its case is none to GDAL
            assert named == {field: "" if name.lower() == field else name for field, name in kept.items()}
        villages = names_in_gdal(path, "villages")
        assert (villages["minutes_to_site"], villages["covered"]) == (minutes, covered)


def test_the_same_plan_gives_the_same_file(files: tuple[Path, Path], line: PlannedArea, tmp_path: Path) -> None:
    with speaking("zh"):
        write_network(line.network, tmp_path / "network.gpkg")
        write_day(line.day, tmp_path / "day.gpkg")
    for path in files:
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()

"""A page that a server gave in place of a file is named as that, whatever the file is called; a table in a page is not."""

from pathlib import Path

import pytest

from planner.config import Datum
from planner.errors import BadDataError
from planner.geodata.doctor import check_files
from planner.geodata.fetch import cut_file
from planner.geodata.people_raster import read_people
from planner.geodata.register import county_boundary
from planner.geodata.tables import read_table
from planner.network import read_network
from planner.sandbox import web_page_fault
from planner.words import LANGUAGES, render, speaking

NGINX = (
    b"<html>\r\n<head><title>504 Gateway Time-out</title></head>\r\n<body><center><h1>504</h1></center></body></html>"
)
ENDINGS = (
    *("osm", "osm.pbf", "osm.gz", "osm.bz2", "geojson", "json", "gpkg", "shp", "zip"),
    *("csv", "txt", "xlsx", "xls", "ods", "et"),
)


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_page_in_place_of_a_file_is_named_in_one_sentence(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"v.{ending}"
    path.write_bytes(NGINX)
    report = check_files([path], datum=Datum.WGS84)
    for language in LANGUAGES:
        with speaking(language):
            (said,) = [render(finding.line) for finding in report.findings]
            assert "504 Gateway Time-out" in said
            assert said.count(path.name) == 1


def test_whoever_reads_names_it(tmp_path: Path) -> None:
    (tmp_path / "v.osm.pbf").write_bytes(NGINX)
    (tmp_path / "v.tif").write_bytes(NGINX)
    box = county_boundary("231221")
    for read in (
        lambda path: read_network(path, vehicle="van", season="summer"),
        lambda path: cut_file(path, box, tmp_path / "out"),
    ):
        with pytest.raises(BadDataError, match="is a web page"):
            read(tmp_path / "v.osm.pbf")
    with pytest.raises(BadDataError, match="is a web page"):
        read_people(tmp_path / "v.tif", box)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<!DOCTYPE html><title>\xe7\xbd\x91\xe5\x85\xb3</title>", True),
        (b"\xef\xbb\xbf \n<!-- a --><HTML><h1>503</h1>", True),
        (b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "a" "b"><html xmlns="c"><title>OSM3S Response</title>', True),
        (b"<head></head>", True),
        (b"<html><table><tr><td>a</td></tr></table>", False),
        (b"<osm version='0.6'></osm>", False),
        (b"<!---->" * 20_000, False),
        (b"name,lon\n<html>,1", False),
        (b"", False),
    ],
)
def test_what_is_a_page(content: bytes, said: bool) -> None:
    assert (web_page_fault(content) is not None) == said


def test_a_page_with_a_table_is_to_be_saved_as_a_workbook(tmp_path: Path) -> None:
    (tmp_path / "v.xls").write_bytes(b"<html><body><table><tr><td>name</td></tr></table></body></html>")
    with pytest.raises(BadDataError, match="save it as"):
        read_table(tmp_path / "v.xls", "villages")

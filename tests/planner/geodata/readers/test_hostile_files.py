"""No file makes the reader ask an address or show another file: a listener counts, a secret must not show."""

from __future__ import annotations

import threading
import time
import warnings
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pyogrio
import pytest

from planner.config import Datum
from planner.errors import BadDataError
from planner.geodata.doctor import check_files
from planner.geodata.tables import read_table
from planner.words import LANGUAGES, render, speaking
from tests.planner.geodata.readers.hostile_files import SECRET, archives, texts, vrt
from tests.planner.geodata.readers.hostile_sheets import sheets


class Listener(BaseHTTPRequestHandler):
    asked = 0

    def do_GET(self) -> None:
        type(self).asked += 1
        self.send_response(200)
        content = f"name\n{SECRET}\n".encode()
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_HEAD = do_POST = do_GET  # noqa: N815

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "elsewhere" / "secret.csv"
    path.parent.mkdir()
    path.write_text(f"name\n{SECRET}\n", encoding="utf-8")
    return path


def said_of(path: Path) -> str:
    report = check_files([path], datum=Datum.WGS84)
    said = [repr(report)]
    for language in LANGUAGES:
        with speaking(language):
            said += [render(finding.line) for finding in report.findings]
    return "\n".join(said)


def test_the_listener_hears_and_the_files_are_what_they_say(url: str, secret: Path, tmp_path: Path) -> None:
    """What GDAL does by itself, without this house: it asks the address, and shows the rows of the other file."""
    Listener.asked = 0
    for number, source in enumerate((f"/vsicurl/{url}/secret.csv", str(secret))):
        path = tmp_path / f"{number}.geojson"
        path.write_text(vrt(source), encoding="utf-8")
        with warnings.catch_warnings(action="ignore"):
            assert SECRET in str(pyogrio.read_dataframe(path))
    assert Listener.asked > 0


@pytest.mark.parametrize("extension", ["geojson", "json", "gpkg", "shp", "zip"])
def test_text_that_is_something_else(url: str, secret: Path, tmp_path: Path, extension: str) -> None:
    Listener.asked = 0
    for kind, text in texts(url, secret).items():
        path = tmp_path / f"v.{extension}"
        path.write_text(text, encoding="utf-8")
        assert SECRET not in said_of(path), kind
        assert Listener.asked == 0, kind


def test_archives_and_databases(url: str, secret: Path, tmp_path: Path) -> None:
    Listener.asked = 0
    for number, (kind, make) in enumerate(archives(url, secret).items()):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = make(folder)
        start = time.perf_counter()
        assert SECRET not in said_of(path), kind
        assert Listener.asked == 0, kind
        assert time.perf_counter() - start < 20, kind


def test_workbooks_ask_no_address_and_show_no_other_file(url: str, secret: Path, tmp_path: Path) -> None:
    Listener.asked = 0
    for number, (kind, (make, is_read)) in enumerate(sheets(url, secret).items()):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = make(folder)
        assert SECRET not in said_of(path), kind
        if is_read:
            assert [row.cells["name"] for row in read_table(path, "villages").rows] == ["a"], kind
        else:
            with pytest.raises(BadDataError) as caught:
                read_table(path, "villages")
            assert SECRET not in str(caught.value), kind
        assert Listener.asked == 0, kind

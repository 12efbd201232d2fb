"""An area every text of which tries to be run or to break what shows it, and a reader of what the planner makes of it.

A text is ``〖field|attack〗``: whoever reads an output can tell which field it came from and whether it is still the same.
The fields are those of the dataclasses and of the configuration's models, so that a new one is covered by itself.
"""

import csv
import io
import json
import re
import tempfile
import tomllib
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import fields
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, get_args
from urllib.parse import unquote
from xml.etree import ElementTree
from xml.sax.saxutils import quoteattr

import docx
import openpyxl
import pyogrio
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from planner.config import PlanConfig, parse_config
from planner.model import Site, Text, Township, Village
from tests.conftest import BOUNDARY, CONFIG, RIVER
from tests.planner.outputs.sheets_read import OWN_FORMULA

ATTACKS = (
    "{{7*191}}",
    "{{cycler.__init__.__globals__.os.mkdir(dict(PWNED=1)|join)}}",
    "{%",
    "{% raw %}",
    "{#",
    "${7*191}",
    "</script>",
    "<!--",
    "`${7*191}`",
    "'\"><img src=x onerror=1>",
    "{0} {} {x!r:>{0}} %(a)s %d $x $$",
    '@data-0@ "@data-0@"',
)
HARMLESS = "plain"
_MARKED = re.compile(r"〖([\w.]+)\|(.*?)〗", re.DOTALL)
_MARKS = ("〖", "〗", "\\u3016", "\\u3017")
_CODES = {"id", "township_id", "place_id", "vehicle", "season", "metric_crs", "site_id", "township"}
_CODES |= {"depot_id", "end_depot_id", "profile"}
"""Fields that name something: a text of one's own would name nothing. Two ids are attacked where they are given."""

_MORE = """
[[travel.closures]]
reason = "x x"
first = 2026-11-01
last = 2026-11-30
way_ids = [2]
[coverage.subsidies]
provenance = "x x x"
service_points = {agent_yuan_year = 5400, rent_yuan_year = 1200}
express_stations = {agent_yuan_year = 5400, rent_yuan_year = 1200}
[coverage.subsidies.shares]
equipment = {government = 1}
agent = {beneficiaries = 1}
rent = {government = 1}
[[coverage.phases]]
name = "first"
count = 1
provenance = "x x x"
[[coverage.phases]]
name = "second"
count = 2
provenance = "x x x"
[[area.sources]]
what = "more"
origin = "x"
licence = "x"
assumed = true
"""


def marked(label: str, attack: str) -> str:
    return f"〖{label}|{attack}〗"


def of_facility(attack: str) -> str:
    """The attack as one facility of a list may hold it: without what parts one from the next."""
    return re.sub(r"[;,、/+&\n]", "", attack)


def text_fields(kind: type) -> tuple[str, ...]:
    """The fields of a dataclass of places that hold a text of people."""
    return tuple(one.name for one in fields(kind) if one.type == "str" and one.name not in _CODES)


def write_hostile_area(folder: Path, attack: str) -> PlanConfig:
    """Write the line of three villages, and an island behind a ferry, with the attack in every text."""
    content = tomllib.loads(CONFIG.replace('objective = "LSCP"', 'objective = "MCLP"') + _MORE)
    for vehicle in content["routing"]["vehicles"]:
        vehicle["units"] = [{"name": "x", "plate": "x"} for _ in range(vehicle["count"])]
    _attack(content, PlanConfig, attack, "")
    township = marked("Township.id", attack)
    villages = [
        {"id": id_, "township_id": township, "lon": lon, "lat": lat, "population": people, "households": 30}
        for id_, lon, lat, people in (("west", 10.0, 0.0, 100), ("middle", 10.1, 0.0, 200), ("east", 10.2, 0.0, 300))
    ]
    villages[1]["id"] = marked("Village.id", attack)
    villages.append(
        {"id": "island", "township_id": township, "lon": 10.1, "lat": -0.1, "population": 50, "households": 9}
    )
    for village in villages:
        village |= {"facilities": marked("Village.facilities", of_facility(attack))}
    _table(folder / "villages.csv", Village, villages, attack)
    _table(folder / "townships.csv", Township, [{"id": township, "lon": 10.1, "lat": 0.0}], attack)
    sites = [
        {"tier": "county_hub", "place": "west", "status": "existing"},
        {"tier": "service_point", "place": "east", "status": "forbidden"},
    ]
    sites = [site | {"contact": marked("Site.contact", attack)} for site in sites]
    _table(folder / "sites.csv", Site, sites, attack)
    (folder / "boundary.geojson").write_text(BOUNDARY, encoding="utf-8")
    tags = "".join(
        f"<tag k='{key}' v={quoteattr(marked(f'osm.{key}', attack))}/>" for key in ("name", "ref", "surface")
    )
    plain = "<tag k='surface' v='asphalt'/>"
    assert plain in RIVER
    (folder / "roads.osm").write_text(RIVER.replace(plain, tags), encoding="utf-8")
    return parse_config(content, folder=folder, name="area.toml")


def _attack(content: dict[str, Any], model: type[BaseModel], attack: str, where: str) -> None:
    """Put the attack into every text of a part of the configuration, there already or not."""
    for name, field in model.model_fields.items():
        label = f"{where}.{name}".removeprefix(".")
        if _is_text(field) and name not in _CODES:
            content[name] = marked(label, attack)
            continue
        for inner in _models(field.annotation):
            parts = content.get(name, ())
            for number, part in enumerate(parts if isinstance(parts, list) else [parts] if parts else []):
                _attack(part, inner, attack, f"{label}.{number}" if isinstance(parts, list) else label)


def _is_text(field: FieldInfo) -> bool:
    return field.annotation in (str, Text) and not any(getattr(one, "pattern", None) for one in field.metadata)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)


def _table(path: Path, kind: type, rows: list[dict[str, Any]], attack: str) -> None:
    rows = [row | {name: marked(f"{kind.__name__}.{name}", attack) for name in text_fields(kind)} for row in rows]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def texts_of(name: str, data: bytes) -> Counter[tuple[str, str]]:
    """How often each field's text is found in a file, as whoever opens the file reads it."""
    kind = name.rsplit(".", 1)[-1]
    found = "\n".join(_READERS[kind](data))
    marks = Counter((label, attack) for label, attack in _MARKED.findall(found))
    assert found.count("〖") == found.count("〗") == marks.total(), name
    return marks


class _Page(HTMLParser):
    """What a browser would show and hold of a page; scripts apart."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.scripts: list[str] = []
        self.documents: list[str] = []
        self.is_document = False
        self.tags: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.is_document = tag == "script" and ("type", "application/json") in attrs
        for name, value in attrs:
            assert not name.startswith("on"), (tag, name)
            self.texts.append(unquote(value or "") if name == "href" else value or "")

    def handle_data(self, data: str) -> None:
        kept = self.documents if self.is_document else self.scripts
        (kept if self.cdata_elem == "script" else self.texts).append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data[:60]}")


def _html(data: bytes) -> Iterator[str]:
    yield from _fragment(data.decode())


def _fragment(text: str) -> Iterator[str]:
    page = _Page()
    page.feed(text)
    page.close()
    assert page.tags["img"] == 0
    yield from page.texts
    for document in page.documents:
        yield from _walk(json.loads(document))
    script = "\n".join(page.scripts)
    for document in re.findall(r"(?:_add\(|planner\.start\(\w+, )(\{.*\})\);", script):
        yield from _walk(json.loads(document))
        script = script.replace(document, "")
    assert not any(mark in script for mark in _MARKS)


def _walk(value: Any, key: str = "") -> Iterator[str]:
    """All texts of a JSON value; pop-ups and icons are HTML themselves."""
    if isinstance(value, str):
        icon = key == "looks" and value.startswith("<")  # a page keeps icons among its looks
        yield from _fragment(value) if icon or key in ("popup", "icon") else [value]
    elif isinstance(value, dict):
        for inner, held in value.items():
            yield inner
            yield from _walk(held, inner)
    elif isinstance(value, list):
        for held in value:
            yield from _walk(held, key)


def _gpx(data: bytes) -> Iterator[str]:
    for element in ElementTree.fromstring(data).iter():
        yield element.text or ""
        yield from element.attrib.values()


def _archive(data: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            yield from _READERS[name.rsplit(".", 1)[-1]](archive.read(name))


def _workbook(data: bytes) -> Iterator[str]:
    for sheet in openpyxl.load_workbook(io.BytesIO(data)):
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f" or OWN_FORMULA.fullmatch(cell.value)
                yield str(cell.value)


def _word(data: bytes) -> Iterator[str]:
    for element in docx.Document(io.BytesIO(data)).element.iter():
        assert "hyperlink" not in element.tag
        if element.tag.endswith("}instrText"):
            assert element.text.strip() in ("PAGE", "NUMPAGES")
        elif element.tag.endswith("}p"):
            yield "".join(part.text or "" for part in element.iter() if part.tag.endswith("}t"))


def _geopackage(data: bytes) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "read.gpkg"
        path.write_bytes(data)
        for layer, _ in pyogrio.list_layers(path):
            for _, column in pyogrio.read_dataframe(path, layer=layer, read_geometry=False).items():
                yield from map(str, column)


def _csv(data: bytes) -> Iterable[str]:
    return (cell for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")) for cell in row)


def _drawing(data: bytes) -> Iterator[str]:
    """Letters are drawn: there is no text to compare, and nothing that runs or leads elsewhere."""
    for element in ElementTree.fromstring(data).iter():
        tag = element.tag.rsplit("}", 1)[-1]
        assert tag not in ("script", "foreignObject", "a", "text"), tag
        for name, value in element.attrib.items():
            name = name.rsplit("}", 1)[-1]
            assert not name.startswith("on"), (tag, name)
            assert name != "href" or value.startswith(("#", "data:image/png")), (tag, value)
    yield from ()


_READERS = {
    "html": _html,
    "json": lambda data: _walk(json.loads(data)),
    "geojson": lambda data: _walk(json.loads(data)),
    "csv": _csv,
    "gpx": _gpx,
    "kml": _gpx,
    "zip": _archive,
    "xlsx": _workbook,
    "docx": _word,
    "gpkg": _geopackage,
    # pictures: letters are drawn there, nothing is run
    "svg": _drawing,
    "png": lambda _: (),
    "pdf": lambda _: (),
}

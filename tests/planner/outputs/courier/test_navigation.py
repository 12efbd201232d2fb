"""Links and QR codes of navigation, read back by a reader of codes that had no part in making them."""

import io
import math
import re
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
import segno
import zxingcpp
from PIL import Image

from planner.geodata.register import in_china
from planner.outputs.courier import CourierDay, navigation_links, route_page
from planner.outputs.courier.navigation import qr_svg
from planner.pipeline.whole_plan import PlannedArea
from planner.words import speaking
from tests.planner.outputs.courier.heilongjiang import heilongjiang, route
from tests.planner.outputs.sheets_read import LINKS

STOPS = [(f"sp-{n}", 25_200.0 + 600 * n, 2.0) for n in range(1, 30)]
CODE = re.compile(r'<svg class="qr" viewBox="0 0 (\d+) \d+".*?<path fill="#000" d="([^"]*)"/></svg>')


def pixels(size: int, path: str, scale: int = 4) -> np.ndarray:
    """A code as a grey picture, drawn from its SVG."""
    dark = np.zeros((size, size), dtype=bool)
    for x, y, wide in re.findall(r"M(\d+) (\d+)h(\d+)v1", path):
        dark[int(y), int(x) : int(x) + int(wide)] = True
    return np.kron(np.where(dark, 0, 255).astype(np.uint8), np.ones((scale, scale), dtype=np.uint8))


def read(picture: np.ndarray) -> str:
    (found,) = zxingcpp.read_barcodes(picture)
    return found.text


def gcj02(lon: float, lat: float) -> tuple[float, float]:
    """GCJ-02 as it is commonly written down, number by number, without the project's own."""
    x, y, pi = lon - 105.0, lat - 35.0, math.pi
    ripple = (20 * math.sin(6 * x * pi) + 20 * math.sin(2 * x * pi)) * 2 / 3
    d_lat = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + ripple
    d_lat += (20 * math.sin(y * pi) + 40 * math.sin(y / 3 * pi)) * 2 / 3
    d_lat += (160 * math.sin(y / 12 * pi) + 320 * math.sin(y * pi / 30)) * 2 / 3
    d_lon = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + ripple
    d_lon += (20 * math.sin(x * pi) + 40 * math.sin(x / 3 * pi)) * 2 / 3
    d_lon += (150 * math.sin(x / 12 * pi) + 300 * math.sin(x / 30 * pi)) * 2 / 3
    a, ee = 6378245.0, 0.00669342162296594323
    magic = 1 - ee * math.sin(math.radians(lat)) ** 2
    d_lat = d_lat * 180 / (a * (1 - ee) / (magic * math.sqrt(magic)) * pi)
    d_lon = d_lon * 180 / (a / math.sqrt(magic) * math.cos(math.radians(lat)) * pi)
    return lon + d_lon, lat + d_lat


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """How far two positions are apart, a degree of latitude being 111.2 km."""
    return 111_200 * math.hypot((one[0] - other[0]) * math.cos(math.radians(one[1])), one[1] - other[1])


def test_the_codes_of_thirty_legs_lead_to_the_right_place_in_the_right_datum(line: PlannedArea) -> None:
    plan = heilongjiang(line, [route("van-1", STOPS)])
    day = CourierDay.of(plan)
    (one,) = day.routes
    codes = [read(pixels(int(size), path)) for size, path in CODE.findall(route_page(day, one, LINKS))]
    legs = one.legs()
    assert (len(legs), len(codes)) == (30, 60)
    for leg, amap, baidu in zip(legs, codes[::2], codes[1::2], strict=True):
        ends = [plan.area.site_by_id[id_] for id_ in (leg.origin_id, leg.destination_id)]
        query = parse_qs(urlsplit(amap).query)
        assert (amap[:32], query["coordinate"], query["mode"]) == (
            "https://uri.amap.com/navigation?",
            ["gaode"],
            ["car"],
        )
        for key, end in zip(("from", "to"), ends, strict=True):
            lon, lat = map(float, query[key][0].split(","))
            assert metres((lon, lat), gcj02(end.lon, end.lat)) < 5
            assert metres((lon, lat), (end.lon, end.lat)) > 400  # the shift is there
        query = parse_qs(urlsplit(baidu).query)
        assert (baidu[:34], query["coord_type"], query["mode"]) == (
            *("http://api.map.baidu.com/direction", ["wgs84"], ["driving"]),
        )
        for key, end in zip(("origin", "destination"), ends, strict=True):
            lat, lon = map(float, query[key][0].removeprefix("latlng:").split(","))
            assert metres((lon, lat), (end.lon, end.lat)) < 5


def test_links_carry_names_and_no_sign_of_a_name_breaks_them(line: PlannedArea) -> None:
    plan = heilongjiang(line, [route("van-1", STOPS[:2])])
    hub, first = plan.area.site_by_id["hub"], plan.area.site_by_id["sp-4"]
    amap, baidu = navigation_links(hub, first, china=True)
    assert parse_qs(urlsplit(amap.href).query)["to"][0].split(",")[2] == "第4村"
    assert parse_qs(urlsplit(baidu.href).query)["destination"][0].split("|") == [
        "latlng:47.616000,126.140000",
        "name:第4村",
    ]


def test_the_place_decides_on_the_kind_of_links_and_the_language_does_not(line: PlannedArea) -> None:
    plan = heilongjiang(line, [route("van-1", STOPS[:2])])
    for lang in ("zh", "en"):
        with speaking(lang):  # type: ignore[arg-type]
            assert CourierDay.of(plan).china
            assert not CourierDay.of(line.day).china
    hub, first = plan.area.site_by_id["hub"], plan.area.site_by_id["sp-4"]
    (geo,) = navigation_links(hub, first, china=False)
    assert geo.bare == "geo:47.616000,126.140000?q=47.616000,126.140000"
    assert geo.href == f"{geo.bare}(%E7%AC%AC4%E6%9D%91)"
    assert read(pixels(*_drawn(geo.bare))) == geo.bare
    # on both sides of the Amur: Heihe, and Blagoveshchensk, which lies where GCJ-02 would shift, too
    assert (in_china(127.49, 50.24), in_china(127.53, 50.29)) == (True, False)


def _drawn(text: str) -> tuple[int, str]:
    (found,) = CODE.findall(qr_svg(text))
    return int(found[0]), found[1]


@pytest.mark.parametrize("length", [1, 17, 60, 118, 154, 300, 800])
def test_the_drawing_of_a_code_is_the_one_of_its_library(length: int) -> None:
    text = ("https://uri.amap.com/" * 40)[:length]
    size, path = _drawn(text)
    made = io.BytesIO()
    segno.make(text, error="l", boost_error=False, micro=False, mask=1).save(made, kind="png", scale=4, border=2)
    assert np.array_equal(pixels(size, path), np.array(Image.open(made).convert("L")))
    assert read(pixels(size, path)) == text

"""Pictures of plans: what they say, where things lie on them, and that the same plan gives the same bytes."""

from __future__ import annotations

import re
import struct
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from typer.testing import CliRunner

from planner.cli.app import app
from planner.errors import UsageError
from planner.outputs import pictures
from planner.outputs.maps import style
from planner.outputs.pictures import (
    KINDS,
    PAPERS,
    MissingFontError,
    coverage_picture,
    fonts,
    paper,
    routes_picture,
    surround,
)
from planner.outputs.pictures.network_pictures import _shown
from planner.outputs.write import write_plan, written_names
from planner.pipeline.whole_plan import PlannedArea
from planner.plans import to_json
from planner.words import Language, speaking

PICTURES = Path(pictures.__file__).parent


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Figure]:
    """The figures that are drawn, as they are before they become bytes."""
    figures: list[Figure] = []

    def keep(figure: Figure, names: list[str]) -> None:
        figures.append(figure)
        fonts.refuse_unwritable(figure, names)

    monkeypatch.setattr(paper, "refuse_unwritable", keep)
    return figures


def texts(figure: Figure) -> list[str]:
    return [str(text.get_text()) for text in figure.findobj(Text) if text.get_text()]


def marks(figure: Figure, shape: str) -> list[Line2D]:
    """The lines of markers of this shape on the map, that of the legend left out."""
    return [line for line in figure.findobj(Line2D) if line.get_marker() == shape and line.get_clip_on()]


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_plan_gives_the_same_bytes_without_a_date(line: PlannedArea, kind: pictures.Kind) -> None:
    made = coverage_picture(line.network, kind=kind)
    assert made == coverage_picture(line.network, kind=kind)
    assert not re.search(rb"CreationDate|<dc:date>|Software|matplotlib\.org", made)


def test_a_png_has_the_size_of_its_paper(line: PlannedArea) -> None:
    # A5 across is 210 x 148 mm; at 100 dots an inch 210 / 25.4 * 100 = 826.8 and 148 / 25.4 * 100 = 582.7
    made = coverage_picture(line.network, paper=replace(PAPERS["a5"], dpi=100))
    assert struct.unpack(">II", made[16:24]) == (826, 582)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_coverage_picture_says_what_its_reader_needs(line: PlannedArea, drawn: list[Figure], lang: Language) -> None:
    with speaking(lang):
        coverage_picture(line.network)
    said = texts(drawn[0])
    # of four villages the island has no road: three are served, 100 + 200 + 300 of 650 people, 92.3 %
    assert {"92.3%", "3 / 4 村" if lang == "zh" else "3 of 4 villages"} <= set(said)
    for part in {
        "zh": ("三村 <i>线</i>农村物流服务覆盖图", "内部使用", "worked <out>", "含合成数据", "公里", "北"),
        "en": ("rural service coverage", "internal use", "worked <out>", "contains synthetic data", "km", "N"),
    }[lang]:
        assert any(part in text for text in said), part


def test_places_lie_where_they_are_and_the_bar_measures_them(line: PlannedArea, drawn: list[Figure]) -> None:
    coverage_picture(line.network)
    figure = drawn[0]
    (left,) = marks(figure, "^")  # the island, south of the line
    (served,) = [one for one in marks(figure, "o") if len(np.asarray(one.get_xdata())) > 1]
    x, y = np.asarray(served.get_xdata()), np.asarray(served.get_ydata())
    assert np.all(np.diff(np.sort(x)) > 1)
    assert float(np.asarray(left.get_ydata())[0]) < y.min() - 1
    bar = [box for box in figure.findobj(Rectangle) if 0 < box.get_height() < 1 and box.get_y() < 2]
    half = bar[0].get_width()
    kilometres = [float(text) for text in texts(figure) if re.fullmatch(r"[\d.]+", text)]
    longest = max(one for one in kilometres if one >= 1)
    # 0.1 degree of the equator is 6371.0088 * pi / 1800 = 11.1195 km, whatever the scale
    assert (np.ptp(x) / 2) / (2 * half) * longest == pytest.approx(11.1195, rel=1e-3)


def test_names_of_townships_cover_neither_each_other_nor_an_edge(line: PlannedArea, drawn: list[Figure]) -> None:
    area = line.network.area
    near = tuple(replace(area.townships[0], id=f"z{n}", name=f"镇{n}", lon=10.1 + n * 0.004) for n in range(12))
    with speaking("zh"):
        plan = replace(line.network, area=replace(area, townships=(*area.townships, *near)))
        coverage_picture(plan, paper=replace(PAPERS["a5"], dpi=100))
    figure = drawn[0]
    names = [text for text in figure.findobj(Text) if re.fullmatch(r"镇\d+|道口镇", str(text.get_text()))]
    # a line of text is higher than its letters
    boxes = [
        Bbox.from_extents(box.x0, box.y0 + 0.1 * box.height, box.x1, box.y1 - 0.1 * box.height)
        for box in map(Text.get_window_extent, names)
    ]
    assert 2 <= len(boxes) < 13  # some have no room
    assert not any(a.overlaps(b) for number, a in enumerate(boxes) for b in boxes[:number])


def test_lines_break_at_blanks_and_between_chinese_letters_but_before_no_stop() -> None:
    assert surround.wrapped("村级服务点覆盖", 4) == ["村级服务", "点覆盖"]
    assert surround.wrapped("四字成句，再来", 4) == ["四字成", "句，再来"]
    assert surround.wrapped("van-1：6 站", 4) == ["van-1：", "6 站"]


def test_text_of_the_data_is_never_a_formula(line: PlannedArea, drawn: list[Figure]) -> None:
    area = replace(line.network.area, name="$x^2$ \\frac{", name_latin="$x^2$ \\frac{")
    coverage_picture(replace(line.network, area=area))
    assert "$x^2$ \\frac{: rural service coverage" in texts(drawn[0])
    assert not any(text.get_parse_math() for text in drawn[0].findobj(Text))


def test_without_a_chinese_font_a_picture_is_refused_with_the_packages(
    line: PlannedArea, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "_CHINESE", ())
    with speaking("zh"), pytest.raises(MissingFontError, match="fonts-noto-cjk") as refused:
        coverage_picture(line.network)
    assert "农" in str(refused.value)
    latin = replace(line.network.area, name_latin="Three villages")
    with speaking("en"):
        assert coverage_picture(replace(line.network, area=latin))


def test_minutes_grow_darker_in_grey_print_and_who_is_left_is_hatched(line: PlannedArea, drawn: list[Figure]) -> None:
    greys = [
        0.299 * int(colour[1:3], 16) + 0.587 * int(colour[3:5], 16) + 0.114 * int(colour[5:], 16)
        for colour in style.MINUTES_COLOURS
    ]
    assert all(lighter - darker > 25 for lighter, darker in pairwise(greys))
    coverage_picture(line.network)
    assert any(land.get_hatch() for land in drawn[0].findobj(PathPatch))


def test_a_routes_picture_numbers_the_stops_and_names_the_vehicles(line: PlannedArea, drawn: list[Figure]) -> None:
    routes_picture(line.day)
    said = texts(drawn[0])
    for route in line.day.routes.routes:
        assert route.vehicle_id in said
        assert {str(stop) for stop in range(1, len(route.visits) + 1)} <= set(said)
        assert any(text.startswith(f"{route.vehicle_id}: ") for text in said)


def test_a_plan_without_phases_has_no_picture_of_them(line: PlannedArea) -> None:
    with pytest.raises(UsageError, match="without phases"):
        pictures.phases_picture(line.network)


def test_of_many_phases_the_first_ones_and_the_last_are_drawn() -> None:
    assert _shown(3) == [0, 1, 2]
    assert _shown(9) == [0, 1, 2, 3, 4, 8]


def test_a_map_a_phase(line: PlannedArea, drawn: list[Figure]) -> None:
    """Two stages: at first nobody is served, at last all but the island."""
    last = line.network.finished
    ways = tuple(replace(way, covered=False, site_id=None) for way in last.hand_over)
    first = replace(last, name="2026", opened=(), hand_over=ways)
    pictures.phases_picture(replace(line.network, stages=(first, replace(last, name="2027"))))
    said = texts(drawn[0])
    assert said.index("2026") < said.index("2027")
    assert {"0 villages, 0.0% of people", "3 villages, 92.3% of people"} <= set(said)
    assert sorted(len(np.asarray(one.get_xdata())) for one in marks(drawn[0], "^")) == [1, 4]


def test_nothing_keeps_a_state_of_pyplot() -> None:
    assert not [path.name for path in PICTURES.glob("*.py") if "pyplot" in path.read_text(encoding="utf-8")]


def test_the_command_writes_what_the_ending_says(line: PlannedArea, tmp_path: Path) -> None:
    (tmp_path / "network.json").write_text(to_json(line.network), encoding="utf-8")
    document, run = str(tmp_path / "network.json"), CliRunner().invoke
    done = run(app, ["picture", document, "--what", "coverage", "--out", str(tmp_path / "a" / "x.pdf"), "--size", "a4"])
    assert done.exit_code == 0, done.output
    # A4 across in points: 297 / 25.4 * 72 = 841.9, 210 / 25.4 * 72 = 595.3
    found = re.search(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", (tmp_path / "a" / "x.pdf").read_bytes())
    assert found is not None
    assert [float(one) for one in found.groups()] == pytest.approx([841.9, 595.3], abs=0.05)
    for words, said in (
        (["--out", "x.jpg"], "choose one as its ending"),
        (["--out", "x.png", "--what", "routes"], "a network has no routes"),
        (["--out", "x.png", "--phase", "2031"], "no phase 2031"),
        (["--out", "x.png", "--what", "phases", "--phase", "2031"], "--phase goes with"),
    ):
        refused = run(app, ["picture", document, *words])
        assert isinstance(refused.exception, UsageError)
        assert said in str(refused.exception)


def test_first_pages_link_the_pictures_that_lie_beside_them(line: PlannedArea, tmp_path: Path) -> None:
    for plan, stem in ((line.network, "coverage"), (line.day, "routes")):
        folder = tmp_path / stem
        written = write_plan(plan, folder, home="en")
        page = (folder / "index.html").read_text(encoding="utf-8")
        for kind in ("png", "pdf"):
            assert folder / f"{stem}.{kind}" in written
            assert f'href="{stem}.{kind}"' in page
        assert {path.name for path in folder.iterdir()} <= written_names()


def test_where_no_font_has_its_words_a_plan_is_written_without_pictures(
    line: PlannedArea, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "_CHINESE", ())
    write_plan(line.network, tmp_path, home="zh")
    assert not (tmp_path / "coverage.png").exists()
    assert "coverage.png" not in (tmp_path / "index.html").read_text(encoding="utf-8")

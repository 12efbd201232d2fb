"""Labels are read back by another library's reader; the table has what the plan says."""

import csv
import io
import re
from dataclasses import replace

import pytest
import segno
import zxingcpp
from rich.console import Console

from planner.cli.trace_tables import print_lot
from planner.model import DemandBasis, Produce
from planner.outputs.lots import label_text, lot_rows, lots_csv, lots_page
from planner.outputs.notice import notice_of
from planner.outputs.page_links import PageLinks
from planner.plans.lots import lots_of
from planner.words import speaking
from tests.planner.plans.test_lots import with_produce


@pytest.fixture
def day(line):
    produce = [
        Produce(village_id=id_, product=name, kg=kg)
        for id_, name, kg in (("middle", "=米<b>", 12.25), ("east", "豆", 3.0))
    ]
    return with_produce(line.day, *produce, basis={"pickup_kg": DemandBasis.LEARNED})


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_code_says_what_the_lot_is(day, tmp_path, lang):
    from PIL import Image

    with speaking(lang):
        for lot in lots_of(day):
            text = label_text(day, lot)
            segno.make(text, error="m", encoding="utf-8").save(str(tmp_path / "code.png"), scale=4)
            (found,) = zxingcpp.read_barcodes(Image.open(tmp_path / "code.png"))
            assert found.text == text
            assert text.splitlines()[0] == lot.id
            assert text.splitlines()[3:5] == ["2026-11-10", f"{lot.kg:.1f} kg"]
            assert text.splitlines()[5:] == [text for text in [notice_of(day.area, day.config).text] if text]
            assert day.area.village_by_id[lot.village_id].name in text or lang == "en"


def test_the_page_has_a_label_for_each_lot_and_escapes_names(day):
    with speaking("en"):
        page = lots_page(day, PageLinks(home="en"))
    assert page.count("<li><svg") == 2
    assert "=米&lt;b&gt;" in page
    assert "<b>=米<b>" not in page
    assert re.findall(r"(?:middle|east)-20261110-01", page).count("middle-20261110-01") >= 2


def test_the_table_has_a_line_for_each_lot(day):
    with speaking("en"):
        rows = list(csv.DictReader(io.StringIO(lots_csv(day).decode("utf-8-sig"))))
        said = lot_rows(day)
    (route,) = day.routes.routes
    assert [row["Lot"] for row in rows] == ["east-20261110-01", "middle-20261110-01"]
    assert [row["kg"] for row in rows] == ["3.000", "12.250"]
    assert {row["Vehicle"] for row in rows} == {route.vehicle_id}
    assert {row["Driven with it (km)"] for row in rows} == {f"{route.return_distance_m / 1000:.2f}"}
    assert {row["Weight is"] for row in rows} == {"learned"}
    assert rows[1]["Produce"].lstrip("'") == "=米<b>"
    assert rows[1]["Produce"] != "=米<b>"  # a name that may be a formula is guarded
    assert [row.by_way_of for row in said] == [(), ()]


def test_a_lot_that_stays_on_board_is_taken_to_no_place_and_says_why(day):
    (route,) = day.routes.routes
    ends = replace(route, open_end=True, end_s=route.visits[-1].departure_s)
    open_ended = replace(day, routes=replace(day.routes, routes=(ends,)))
    with speaking("zh"):
        rows = list(csv.DictReader(io.StringIO(lots_csv(open_ended).decode("utf-8-sig"))))
        assert [(row["送达"], row["到达"]) for row in rows] == [("", "")] * 2
        assert all(row["未揽收或未入库原因"].startswith("留在车上：线路 ") for row in rows)
        assert "留在车上" in lots_page(open_ended, PageLinks(home="zh"))
    with speaking("en"):
        console = Console(width=200, record=True)
        lot = replace(lots_of(open_ended)[0], kg=80.5)
        assert "80.5 kg" in label_text(open_ended, lot)
        day_of = with_produce(open_ended, Produce(village_id="east", product="豆", kg=80.5))
        print_lot(console, day_of, lots_of(day_of)[0])
    told = console.export_text()
    assert "80.5 kg" in told
    assert "stays on board" in told


@pytest.mark.parametrize(("lang", "wanted"), [("zh", "东村"), ("en", "Dong 东村")])
def test_a_village_is_called_as_people_say_it_and_a_lot_that_stays_has_no_label(day, lang, wanted):
    area = day.network.area
    villages = [
        replace(one, name="东村村民委员会", name_latin="Dong") if one.id == "east" else one for one in area.villages
    ]
    day = replace(day, network=replace(day.network, area=replace(area, villages=tuple(villages))))
    with speaking(lang):
        (lot, _) = lots_of(day)
        assert wanted in label_text(day, lot).splitlines()[2]
        assert lot_rows(day)[0].village == wanted
        page = lots_page(day, PageLinks(home="en"))
        assert "村民委员会" not in page
        # nobody drives: the lots stay in the table, and no label is printed
        still = replace(day, routes=replace(day.routes, routes=()), paths=(), walks=())
        page = lots_page(still, PageLinks(home="en"))
    assert page.count("<li><svg") == 0
    assert page.count("east-20261110-01") == 1


def test_a_name_too_long_for_a_code_is_cut_and_says_so(day):
    """A code holds 40 letters of a name: 39 and an ellipsis of one that is longer, all of one that is not."""
    area = day.network.area
    names = {"east": "长" * 300, "middle": "中" * 40}
    villages = tuple(replace(one, name=names.get(one.id, one.name), name_latin="") for one in area.villages)
    day = replace(day, network=replace(day.network, area=replace(area, villages=villages)))
    with speaking("zh"):
        east, middle = (label_text(day, lot).splitlines()[2] for lot in lots_of(day))
    assert (east.count("长"), "长…" in east) == (39, True)
    assert (middle.count("中"), "…" in middle) == (40, False)
    product = replace(lots_of(day)[0], product="豆" * 41)
    assert label_text(day, product).splitlines()[1] == "豆" * 39 + "…"

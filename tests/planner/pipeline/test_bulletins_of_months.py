"""Months of bulletins from the store and the bureau's table: what is held against what, and which rows are refused."""

import datetime
from dataclasses import replace
from pathlib import Path

import pytest

from planner.config import load_config
from planner.errors import BadDataError, PlanNotFoundError, UsageError
from planner.model import Text, said
from planner.pipeline.bulletin.definitions import indicators
from planner.pipeline.bulletin.entered import read_figures, with_sums
from planner.pipeline.bulletin.make import FORMULAS, Before, make_bulletin
from planner.pipeline.bulletin.month import bulletin_of_month, network_of_month
from planner.pipeline.bulletin.month_facts import days_of
from planner.pipeline.bulletin.own_wording import own_indicators
from planner.pipeline.whole_plan import PlannedArea
from planner.plans import Bulletin, bulletin_from_json, bulletin_to_json
from planner.plans.bulletin import Indicator, Month, change, completion
from planner.plans.store import open_store
from planner.writing import csv_text
from tests.planner.pipeline.month_worlds import NOVEMBER, month_facts, month_network

NOON = datetime.datetime(2026, 11, 30, 12, tzinfo=datetime.UTC)
HEADINGS = ("乡镇代码", "地区", "指标编号", "指标", "单位", "期别", "数值", "填报人")


def table(folder: Path, *rows: tuple[str, str, str, str, str], name: str = "figures.csv") -> Path:
    """A table of place, name, code, period and value, filled in by one person."""
    lines = [(place, title, code, "", "", period, value, "王") for place, title, code, period, value in rows]
    (folder / name).write_bytes(csv_text(HEADINGS, lines).encode("utf-8-sig"))
    return folder / name


def indicator(kind: str, target: float | None = None, *, less: bool = False) -> Indicator:
    return Indicator(
        code="X", name=Text("x"), definition=Text("x"), unit=Text("x"), kind=kind, target=target, less_is_better=less
    )  # type: ignore[arg-type]


def test_every_indicator_is_entered_or_has_a_formula() -> None:
    assert {one.code for one in indicators() if not one.entered} == set(FORMULAS)
    assert len({one.code for one in indicators()}) == len(indicators())
    for number in range(1, 17):
        assert any(one.code.partition(".")[0] == f"A{number}" for one in indicators())
    for number in range(1, 7):
        assert any(one.code.partition(".")[0] == f"B{number}" for one in indicators())


def test_shares_change_by_points_and_counts_by_percent() -> None:
    assert change(indicator("share"), 0.6, 0.5) == pytest.approx(0.1)  # ten points, not 20 percent
    assert change(indicator("growth"), -0.2, 0.1) == pytest.approx(-0.3)
    assert change(indicator("count"), 60, 50) == pytest.approx(0.2)  # 20 percent
    assert change(indicator("amount"), 60, 0) is None  # by nothing nothing is divided
    assert change(indicator("grade"), 2, 1) is None
    assert completion(indicator("share", 0.8), 0.6) == pytest.approx(0.75)
    assert completion(indicator("amount", 4.0, less=True), 5.0) == pytest.approx(0.8)
    assert completion(indicator("count", 0.0), 5) is None
    assert completion(indicator("count"), 5) is None


def test_last_month_and_last_year_are_known_from_the_store(tmp_path: Path, line: PlannedArea) -> None:
    network = month_network(line)
    made: dict[str, Bulletin] = {}
    with open_store(f"sqlite:///{tmp_path}/planner.db") as store:
        store.save_network(network, created_at=NOON)
        for month, shops in (("2025-11", 8.0), ("2026-10", 10.0), ("2026-10", 16.0), ("2026-11", 20.0)):
            facts = replace(month_facts(line, entered={("B1.1", ""): shops}), month=Month.of(month))
            before = Before(
                month=store.bulletins.newest("line", str(facts.month.back(1))),
                year=store.bulletins.newest("line", str(facts.month.back(12))),
            )
            made[month] = make_bulletin(facts, indicators(), before=before, figures_file="figures.csv")
            later = NOON + datetime.timedelta(minutes=len(made) if shops != 16 else 60)
            store.bulletins.save(made[month], created_at=later)
        kept = store.bulletins.of_area("line")
        assert [one.period for one in kept] == ["2026-11", "2026-10", "2026-10", "2025-11"]
        assert store.bulletins.get(made["2026-11"].id) == made["2026-11"]
        with pytest.raises(PlanNotFoundError, match="no bulletin 'nowhere'"):
            store.bulletins.get("nowhere")
    figure = made["2026-11"].figure_of["B1.1", ""]
    assert (figure.value, figure.previous, figure.year_before) == (20, 16, 8)  # the later one of October
    assert (made["2026-11"].previous_id, made["2026-11"].year_before_id) == (made["2026-10"].id, made["2025-11"].id)
    shops_of = made["2026-11"].indicator_of["B1.1"]
    assert change(shops_of, figure.value, figure.previous) == pytest.approx(4 / 16)
    assert change(shops_of, figure.value, figure.year_before) == pytest.approx(12 / 8)
    assert made["2025-11"].figure_of["B1.1", ""].previous is None


def test_the_year_before_is_the_same_month(line: PlannedArea, line_folder: Path) -> None:
    config = load_config(line_folder)
    with open_store("sqlite://") as store:
        store.save_network(line.network, created_at=NOON)
        made = {}
        for month in ("2025-10", "2025-11", "2025-12", "2026-09", "2026-10"):
            facts = replace(month_facts(line, entered={("B1.1", ""): 8.0}), month=Month.of(month))
            made[month] = make_bulletin(facts, indicators(), figures_file="figures.csv")
            store.bulletins.save(made[month], created_at=NOON)
        found = bulletin_of_month(config, store, NOVEMBER, network=line.network, until=line.day.date)
    assert (found.previous_id, found.year_before_id) == (made["2026-10"].id, made["2025-11"].id)


def test_no_figure_that_is_filled_in_is_a_growth_so_none_may_be_negative(tmp_path: Path) -> None:
    assert not [one.code for one in indicators() if one.kind == "growth" and one.entered]
    (tmp_path / "own.csv").write_text("指标编号,目标\nA2,-5\nA15.7,-5\nA15.7.1,120\n", encoding="utf-8")
    with pytest.raises(BadDataError) as caught:
        own_indicators(tmp_path / "own.csv")
    assert ["is negative" in str(one) for one in caught.value.problems] == [True, True]


def test_a_bulletin_comes_back_as_it_was_written(line: PlannedArea) -> None:
    made = make_bulletin(month_facts(line, entered={("B6", ""): 0.965}), indicators())
    assert bulletin_from_json(bulletin_to_json(made)) == made
    assert made.id == f"line-bulletin-202611-{made.id[-12:]}"
    assert made.figure_of["A2", "t1"].rank == 1
    assert made.figure_of["A2", "t2"].rank == 2
    assert made.figure_of["A13.1", "t1"].rank == 1  # nobody without a road is best
    assert made.figure_of["B1.1", ""].reason == said("not filled in")
    assert made.figure_of["B1.1", ""].value is None


def test_a_broken_bulletin_is_refused_with_all_offenders(line: PlannedArea) -> None:
    text = bulletin_to_json(make_bulletin(month_facts(line, entered={("B6", ""): 0.5}), indicators()))
    broken = text.replace('"value":0.5,"part":2.0,"whole":4.0', '"value":0.7,"part":2.0,"whole":4.0').replace(
        '"code":"B6","place_id":"","value":0.5', '"code":"B6","place_id":"","value":1.5'
    )
    assert broken != text
    with pytest.raises(BadDataError) as found:
        bulletin_from_json(broken)
    said_of = "\n".join(map(str, found.value.problems))
    assert "A2 of '': the value is not the part of the whole" in said_of
    assert "B6 of '': value is more than the whole" in said_of
    with pytest.raises(BadDataError, match="schema is"):
        bulletin_from_json(text.replace("bulletin/1", "bulletin/2"))


def test_the_table_is_read_by_code_by_name_and_in_percent(tmp_path: Path, line: PlannedArea) -> None:
    area = month_network(line).area
    path = table(
        tmp_path,
        ("", "", "B1.1", "2026-11", "1,234"),
        ("t1", "", "B1.1", "2026年11月", "30个"),
        ("", "岛乡", "b1.1", "202611", "0"),
        ("", area.name, "B6", "", "96.5%"),
        ("t2", "", "B6", "2026-11", "96.5"),
        ("", "", "B1.3", "2026-11", "12.5"),
        ("", "", "B1.2", "2026-11", ""),
        ("", "", "B4.1", "2026-10", "999"),
    )
    found = {key: figure.value for key, figure in read_figures(path, area, indicators(), NOVEMBER).items()}
    shops = {("B1.1", ""): 1234, ("B1.1", "t1"): 30, ("B1.1", "t2"): 0}
    assert found == {**shops, ("B6", ""): 0.965, ("B6", "t2"): 0.965, ("B1.3", ""): 12.5}


def test_the_county_is_the_sum_only_where_every_township_reported(tmp_path: Path, line: PlannedArea) -> None:
    area = month_network(line).area
    path = table(
        tmp_path,
        ("t1", "", "B1.1", "2026-11", "30"),
        ("t2", "", "B1.1", "2026-11", "5"),
        ("t1", "", "B1.2", "2026-11", "7"),
        ("t1", "", "B2.4", "2026-11", "100"),
        ("t2", "", "B2.4", "2026-11", "200"),
    )
    found = with_sums(read_figures(path, area, indicators(), NOVEMBER), indicators(), area)
    assert found["B1.1", ""].value == 35
    assert ("B1.2", "") not in found  # one township is not filled in, so the county is not
    assert ("B2.4", "") not in found  # a mean of households does not add up


@pytest.mark.parametrize(
    ("rows", "at_fault"),
    [
        # 18 + 20 of two sources are more than the 16 that came in; two sources are not filled in
        ((("", "A15.6", "16"), ("", "A15.6.2", "18"), ("", "A15.6.4", "20")), [(3, "38"), (4, "38")]),
        ((("", "A15.6", "38"), ("", "A15.6.2", "18"), ("", "A15.6.4", "20")), []),
        # farm produce is part of rural online retail, parcels by bus are part of those down and up (3 + 4)
        ((("", "B3.1", "5"), ("", "B3.2", "6")), [(3, "6")]),
        ((("", "B4.1", "3"), ("", "B4.2", "4"), ("", "B4.3", "8")), [(4, "8")]),
        ((("", "B4.1", "3"), ("", "B4.2", "4"), ("", "B4.3", "7")), []),
        ((("", "B4.1", "3"), ("", "B4.3", "8")), []),  # those up are not known
        # one township has 30 shops, the county cannot have 29
        ((("", "B1.1", "29"), ("t1", "B1.1", "30")), [(2, "30")]),
        # of four villages in all there are not five online, nor five poor ones
        ((("", "B5.3", "4"), ("", "B2.1", "1")), []),
        ((("", "B5.3", "5"), ("", "B2.1", "5")), [(2, "than there are, 4"), (3, "than there are, ")]),
    ],
)
def test_a_part_greater_than_the_whole_is_refused(
    tmp_path: Path, line: PlannedArea, rows: tuple[tuple[str, str, str], ...], at_fault: list[tuple[int, str]]
) -> None:
    path = table(tmp_path, *((place, "", code, "2026-11", value) for place, code, value in rows))
    area = month_network(line).area
    if not at_fault:
        assert len(read_figures(path, area, indicators(), NOVEMBER)) == len(rows)
        return
    with pytest.raises(BadDataError) as error:
        read_figures(path, area, indicators(), NOVEMBER)
    told = [str(problem) for problem in error.value.problems]
    assert len(told) == len(at_fault)
    for text, (row, figure) in zip(told, at_fault, strict=True):
        assert f"row {row}" in text
        assert figure in text


def test_money_received_is_the_sum_of_its_sources(tmp_path: Path, line: PlannedArea) -> None:
    area = month_network(line).area
    parts = [
        ("", "", f"A15.6.{number}", "2026-11", amount) for number, amount in enumerate(("2", "1", "0", "0.5"), start=1)
    ]
    found = with_sums(read_figures(table(tmp_path, *parts), area, indicators(), NOVEMBER), indicators(), area)
    assert found["A15.6", ""].value == pytest.approx(3.5)
    with pytest.raises(BadDataError) as error:
        read_figures(table(tmp_path, *parts, ("", "", "A15.6", "2026-11", "4")), area, indicators(), NOVEMBER)
    assert [str(problem) for problem in error.value.problems if "is not the sum of" in str(problem)]
    three = table(tmp_path, *parts[:3])  # one source is not known, so the total is not
    assert ("A15.6", "") not in with_sums(read_figures(three, area, indicators(), NOVEMBER), indicators(), area)


def test_all_faults_of_the_table_are_listed_at_once(tmp_path: Path, line: PlannedArea) -> None:
    path = table(
        tmp_path,
        ("", "", "B9", "2026-11", "1"),
        ("t9", "", "B1.1", "2026-11", "1"),
        ("", "", "B1.1", "2026-11", "-3"),
        ("", "", "B6", "2026-11", "104"),
        ("t1", "", "B6", "2026-11", "0.96"),
        ("", "", "B1.2", "2026-11", "1.5"),
        ("", "", "B1.3", "2026-11", "about 5"),
        ("", "", "A2", "2026-11", "90"),
        ("t1", "", "B3.1", "2026-11", "5"),
        ("", "", "B4.1", "2026-13", "5"),
        ("", "", "B4.2", "2026-11", "5"),
        ("", "", "B4.2", "2026-11", "6"),
    )
    with pytest.raises(BadDataError) as found:
        read_figures(path, month_network(line).area, indicators(), NOVEMBER)
    lines = [str(problem) for problem in found.value.problems]
    expected = [
        "row 2 指标编号 'B9': is no indicator",
        "row 3 乡镇代码 't9': is no township of this county",
        "row 4 数值 '-3': is negative",
        "row 5 数值 '104': is more than 100 percent",
        "row 6 数值 '0.96': is below 1 percent, or a part of the whole → write 96, or 0.96%",
        "row 7 数值 '1.5': is not a whole number",
        "row 8 数值 'about 5': is not a number",
        "row 9 指标编号 'A2': is worked out from plans",
        "row 10 指标编号 'B3.1': is a figure of the county",
        "row 11 期别 '2026-13': is no month",
        "row 13 指标编号 'B4.2': is given in row 12, too",
    ]
    assert len(lines) == len(expected)
    for line_of, part in zip(lines, expected, strict=True):
        assert part in line_of


def test_a_table_of_another_month_or_of_something_else_is_refused(tmp_path: Path, line: PlannedArea) -> None:
    area = month_network(line).area
    with pytest.raises(BadDataError, match="cannot be used") as found:
        read_figures(table(tmp_path, ("", "", "B1.1", "2026-10", "1")), area, indicators(), NOVEMBER)
    assert "has no row for 2026-11" in str(found.value.problems[0])
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(BadDataError, match="no row of headings"):
        read_figures(tmp_path / "other.csv", area, indicators(), NOVEMBER)
    with pytest.raises(BadDataError, match="no such file"):
        read_figures(tmp_path / "none.csv", area, indicators(), NOVEMBER)


def test_a_bureau_changes_wording_and_target_not_the_formula(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text(
        "指标编号,指标,口径,目标\nA2,电商覆盖率,按县里口径,85\nB5.2,,,12\n", encoding="utf-8"
    )
    found = {one.code: one for one in own_indicators(tmp_path / "own.csv")}
    assert (found["A2"].name.zh, found["A2"].definition.zh, found["A2"].target) == ("电商覆盖率", "按县里口径", 0.85)
    assert found["B5.2"].target == 12
    assert found["B5.2"].name == next(one for one in indicators() if one.code == "B5.2").name
    (tmp_path / "own.csv").write_text("指标编号,目标\nA99,1\nA2,185\nA2,1\n", encoding="utf-8")
    with pytest.raises(BadDataError) as refused:
        own_indicators(tmp_path / "own.csv")
    assert len(refused.value.problems) == 3


def test_the_month_takes_the_network_in_force_and_one_plan_a_day(line: PlannedArea, line_folder: Path) -> None:
    config = load_config(line_folder)
    with open_store("sqlite://") as store:
        with pytest.raises(PlanNotFoundError):
            network_of_month(config, store, NOVEMBER)
        store.save_network(line.network, created_at=NOON)
        store.save_day(line.day, line.problem, created_at=NOON)
        other = replace(line.network, remedies=())
        other = replace(other, area=replace(other.area, map_approval_number="1"))
        store.save_network(other, created_at=NOON)
        store.publish(line.network.id, published_at=NOON)
        store.publish(other.id, published_at=NOON + datetime.timedelta(days=5))  # in December
        assert network_of_month(config, store, NOVEMBER).id == line.network.id
        assert network_of_month(config, store, Month.of("2026-12")).id == other.id
        assert [day.id for day in days_of(store, "line", NOVEMBER)] == [line.day.id]
        assert days_of(store, "line", Month.of("2026-12")) == ()
        made = bulletin_of_month(config, store, NOVEMBER, network=line.network, until=line.day.date)
        # of four villages three, of one poor village one are served
        assert (made.figure_of["A2", ""].value, made.figure_of["A1", ""].value) == (3 / 4, 1.0)
        assert (made.day_ids, made.ahead_ids, made.fewest_days) == ((line.day.id,), (), 10)
        assert (made.figure_of["A11", ""].days, made.is_of_few_days(made.figure_of["A11", ""])) == (1, True)
        assert made.figure_of["A2", ""].days is None  # not of days
        # on the day before it the day is still to come: it counts nowhere
        eve = line.day.date - datetime.timedelta(days=1)
        early = bulletin_of_month(config, store, NOVEMBER, network=line.network, until=eve)
        assert (early.day_ids, early.ahead_ids) == ((), (line.day.id,))
        assert early.figure_of["A11", ""].reason == said("no data: no day of the month is planned")
        assert early.figure_of["A14.1", ""].value is None
        with pytest.raises(UsageError, match="2026-11 has not begun by 2026-10-31"):
            bulletin_of_month(config, store, NOVEMBER, network=line.network, until=datetime.date(2026, 10, 31))

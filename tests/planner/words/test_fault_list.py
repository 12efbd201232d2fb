"""Faults told: in order, those alike in one line, as many as a person reads, and whole for programs."""

from planner.errors import MOST_SHOWN, BadDataError, Message, of_file
from planner.geodata.findings import Finding, Severity, raise_for
from planner.model import said
from planner.words import error_text, fault_lines, fault_records, shown_lines, speaking


def fault(row: int | None, value: str = "x", field: str = "kg", what: str = "is not a number") -> Finding:
    return Finding(
        severity=Severity.ERROR,
        code="c",
        file="a.csv",
        row=row,
        field=field,
        value=value,
        message=said(what),
        remedy=said("write a number"),
    )


def raised(*findings: Finding) -> BadDataError:
    try:
        raise_for(findings, of_file("a.csv", Message("the orders of {date}", date="2026-11-30")))
    except BadDataError as error:
        return error
    raise AssertionError


def test_faults_are_told_by_row_and_those_that_differ_only_in_row_and_value_in_one_line() -> None:
    error = raised(
        fault(30), fault(9, field="m3"), fault(5), fault(4), fault(41), fault(None, "", "", "is empty"), fault(6)
    )
    assert error_text(error).splitlines() == [
        "a.csv: the orders of 2026-11-30: 7 faults",
        "  a.csv: is empty → write a number",
        "  a.csv rows 4-6, 30, 41 kg 'x': is not a number → write a number",
        "  a.csv row 9 m3 'x': is not a number → write a number",
    ]
    with speaking("zh"):
        assert error_text(error).splitlines()[2] == "  a.csv 第 4-6、30、41 行 kg 'x'：不是数字 → 请填写数字"
    other = raised(fault(7, "five"), fault(3, "two"))
    assert error_text(other).splitlines()[1:] == ["  a.csv rows 3 'two', 7 'five' kg: is not a number → write a number"]


def test_a_person_is_shown_fifty_lines_and_the_count_of_the_rest_a_program_everything() -> None:
    problems = [fault(row, field=f"column {row}") for row in range(200, 100, -1)] + [fault(300), fault(301)]
    error = raised(*problems)
    lines = fault_lines(error.problems)
    assert [line.faults for line in lines] == [1] * 100 + [2]
    shown = shown_lines(lines)
    assert len(shown) == MOST_SHOWN + 1 == 51
    assert shown[-1] == "... and 52 more"  # 102 faults, of which 50 have lines
    records = fault_records(error)
    assert [record["row"] for record in records] == [*range(101, 201), 300, 301]
    assert records[0] == {
        "severity": "error",
        "file": "a.csv",
        "row": 101,
        "field": "column 101",
        "value": "x",
        "what": "is not a number",
        "remedy": "write a number",
    }


def test_a_fault_that_is_no_row_s_has_the_file_of_its_error_and_its_whole_text() -> None:
    keyed = Message("{key}: {fault} (found {value})", key="demand.kg", fault=Message("is empty"), value="2")
    error = BadDataError(of_file("area.toml", Message("the configuration is invalid")), [keyed, "as it is"])
    first, second = fault_records(error)
    assert (first["file"], first["field"], first["what"], first["value"]) == ("area.toml", "demand.kg", "is empty", "2")
    assert (second["file"], second["row"], second["what"]) == ("area.toml", None, "as it is")
    (alone,) = fault_records(BadDataError(of_file("b.csv", Message("is empty"))))
    assert (alone["file"], alone["what"]) == ("b.csv", "is empty")

"""What is wrong in files, told: in order of file and row, a line for all faults that are alike, and whole for programs.

This is the one place that decides how much of it a person is shown; a program, and the file of all of it, get everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from planner.errors import MOST_SHOWN, BadDataError, Message
from planner.words.speech import render, say

FIELDS = ("severity", "file", "row", "field", "value", "what", "remedy")
"""What is told of a fault, each where it is known."""
_CALLED = {
    "file": ("file",),
    "row": ("row",),
    "field": ("field", "key"),
    "value": ("value",),
    "what": ("message", "fault"),
    "remedy": ("remedy",),
}
"""What messages call it."""


class FaultLine(NamedTuple):
    """A line for people: what it says, and how many faults that is."""

    text: str
    faults: int


class _Place(NamedTuple):
    file: str
    row: int


def fault_records(error: BadDataError) -> list[dict[str, object]]:
    """Return each fault of an error as plain values by `FIELDS`, in order of file and row; ``what`` is never empty."""
    problems = sorted(error.problems, key=_place) or [error.summary]
    file = _part(error.summary, "file")
    return [fault_record(problem, "" if file is None else render(file)) for problem in problems]


def fault_record(problem: str, file: str = "") -> dict[str, object]:
    """Return a fault as plain values by `FIELDS`, in the language spoken; ``file`` is where it is if it says none."""
    found = {name: _part(problem, name) for name in FIELDS}
    record: dict[str, object] = {name: "" if part is None else render(part) for name, part in found.items()}
    record["severity"] = record["severity"] or "error"
    record["file"] = record["file"] or file
    record["row"] = found["row"] if isinstance(found["row"], int) else None
    record["what"] = record["what"] or render(problem)
    return record


def fault_lines(problems: Iterable[str]) -> list[FaultLine]:
    """Return lines for people, in order of file and row: faults that differ in nothing but row and value share one.

    Faults of no file and row come first, as they were found.
    """
    alike: dict[tuple[str, ...], list[str]] = {}
    for number, problem in enumerate(sorted(problems, key=_place)):
        parts = [_part(problem, name) for name in ("file", "field", "message", "remedy")]
        known = _place(problem).row and parts[2] is not None
        alike.setdefault(tuple(map(str, parts)) if known else (str(number),), []).append(problem)
    return [FaultLine(_line(group), len(group)) for group in alike.values()]


def shown_lines(lines: Sequence[FaultLine]) -> list[str]:
    """Return as many lines as a person reads, and how many faults are left."""
    shown = [line.text for line in lines[:MOST_SHOWN]]
    left = sum(line.faults for line in lines[MOST_SHOWN:])
    return [*shown, say("... and {count} more", count=left)] if left else shown


def _line(group: Sequence[str]) -> str:
    first = group[0]
    if len(group) == 1 or not isinstance(first, Message):
        return render(first)
    values = [str(_part(problem, "value") or "") for problem in group]
    rows = [_place(problem).row for problem in group]
    field, same = str(_part(first, "field") or ""), len(set(values)) == 1
    where = Message(
        "{file} rows {rows}",
        file=_part(first, "file"),
        rows=_ranges(rows) if same else [f"{row} '{value}'" for row, value in zip(rows, values, strict=True)],
    )
    cell = "".join(f" {part}" for part in (field, f"'{values[0]}'" if same and values[0] else "") if part)
    return render(first.having(where=where, cell=cell))


def _ranges(rows: Sequence[int]) -> list[str]:
    """Return rising numbers as texts, three or more in a row as a span.

    Examples
    --------
    >>> _ranges([2, 3, 5, 6, 7, 9])
    ['2', '3', '5-7', '9']
    """
    runs: list[list[int]] = []
    for row in rows:
        if runs and row - runs[-1][-1] == 1:
            runs[-1].append(row)
        else:
            runs.append([row])
    texts = ([f"{run[0]}-{run[-1]}"] if len(run) > 2 else map(str, run) for run in runs)
    return [text for part in texts for text in part]


def _place(problem: object) -> _Place:
    row = _part(problem, "row")
    return _Place(str(_part(problem, "file") or ""), row) if isinstance(row, int) else _Place("", 0)


def _part(problem: object, name: str) -> object:
    """Return a part of a fault from its message, or the messages in it; None if it is in none."""
    if not isinstance(problem, Message):
        return None
    for called in (*_CALLED.get(name, ()), name):
        if called in problem.values:
            return problem.values[called]
    if any(called in problem.values for called in _CALLED["what"]):  # it is the fault, what it says is no place
        return None
    inside = (_part(value, name) for value in problem.values.values())
    return next((part for part in inside if part is not None), None)

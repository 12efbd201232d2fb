"""What is wrong with a whole file, as findings about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from planner.errors import BadDataError, Message
from planner.geodata.examined import FileKind, FileReport, Report
from planner.geodata.findings import Finding, Severity, about_file
from planner.geodata.reading import Reading
from planner.model import as_fact, said


def note_missing(path: Path, kind: FileKind | None, report: Report, reading: Reading) -> None:
    """Say that a file is not there, and how to get one of roads."""
    report.files.append(FileReport(file=path.name, kind=FileKind.UNREADABLE, rows=0, usable=0))
    message = said("no such file: looked for {path}", path=str(path))
    remedy = said("correct the file's name, or put the file there")
    if kind is FileKind.ROADS:
        remedy = said(
            'planner fetch {folder} gets the roads; without any, area.roads = "straight_lines"', folder=str(path.parent)
        )
    reading.findings.append(about_file(Severity.ERROR, "unreadable", path.name, message, remedy))


def lines_of_roads(file: str, count: int) -> Finding:
    """Return the note that a file beside no area was taken for one of roads."""
    message = said("holds {count} lines, which are taken as roads and not looked into", count=count)
    remedy = said("name it as area.roads in area.toml, with [area.road_lines], and check the area's folder")
    return about_file(Severity.NOTE, "road_lines_alone", file, message, remedy)


@contextmanager
def unreadable_noted(path: Path, report: Report, reading: Reading) -> Iterator[None]:
    """Turn bad data of a whole file into findings about it."""
    try:
        yield
    except BadDataError as error:
        report.files.append(FileReport(file=path.name, kind=FileKind.UNREADABLE, rows=0, usable=0))
        reading.findings += _unreadable(path, error)


def _unreadable(path: Path, error: BadDataError) -> list[Finding]:
    # the finding names the file already
    about = error.summary
    what = about.values["what"] if isinstance(about, Message) and about.values.get("file") == path.name else about
    messages = [Message("{what}: {problem}", what=what, problem=problem) for problem in error.problems]
    messages = messages or [Message("{what}", what=what)]
    remedy = said("correct the file and check again")
    return [about_file(Severity.ERROR, "unreadable", path.name, as_fact(message), remedy) for message in messages]

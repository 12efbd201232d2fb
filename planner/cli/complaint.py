"""What is wrong, told at the end of a command: to a person as much as is read, to a program all, and all in a file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING

from planner.errors import MOST_SHOWN, BadDataError, Message, PlannerError, UsageError
from planner.words import (
    LANGUAGES,
    error_text,
    fault_lines,
    fault_record,
    fault_records,
    render,
    say,
    shown_lines,
    speaking,
    term,
)
from planner.words.fault_list import FIELDS

if TYPE_CHECKING:  # --help is to come at once
    from planner.geodata import Finding, Severity

OPTION = "--findings"
DEFAULT = Path("planner-findings.csv")
"""Where all that is wrong is written if it is more than a terminal shows, and no file is named."""
_LONGEST_HEADINGS = 4096
_ORDER = ("error", "warning", "note")
_ASKED: ContextVar[Path | None] = ContextVar("findings", default=None)


def ask_findings(path: Path | None) -> None:
    """Note the file that is to hold all that is wrong.

    Raises
    ------
    UsageError
        If it is there already, and no list of findings.
    """
    if path is not None and not _may_be_replaced(path):
        raise UsageError(Message("--findings: {fault}", fault=_no_list(path)))
    _ASKED.set(path)


def _may_be_replaced(path: Path) -> bool:
    """Return whether nothing of a person's is lost: the name is free, or the file begins as a list of findings does."""
    from planner.writing import csv_text

    if not path.is_file() or path.stat().st_size == 0:
        return True  # a folder, or what cannot be written, is told on writing
    with path.open("rb") as file:
        first = file.readline(_LONGEST_HEADINGS)
    begin = first.decode("utf-8-sig", errors="replace").rstrip("\r\n")
    for lang in LANGUAGES:
        with speaking(lang):
            if begin == csv_text(_headings(), []).rstrip("\r\n"):
                return True
    return False


def _no_list(path: Path) -> Message:
    return Message("{file} is there already, and is no list of findings: name another file", file=str(path))


def _headings() -> list[str]:
    return [say("Kind"), say("file"), say("row"), say("field"), say("value"), say("what is wrong"), say("what to do")]


def take_findings(arguments: Sequence[str]) -> list[str]:
    """Note the file that ``--findings`` names, before or after the command; return the arguments without it.

    Raises
    ------
    UsageError
        If no file follows, or it is there already and no list of findings.
    """
    left: list[str] = []
    waiting = iter(arguments)
    ask_findings(None)
    for argument in waiting:
        option, equals, value = argument.partition("=")
        if argument == "--":
            left += [argument, *waiting]
        elif option == OPTION:
            named = value if equals else next(waiting, "")
            if not named or (not equals and named.startswith("-")):
                raise UsageError(Message("--findings: name the file to write, such as {example}", example=DEFAULT.name))
            ask_findings(Path(named))
        else:
            left.append(argument)
    return left


def wants_json(arguments: Sequence[str]) -> bool:
    """Return whether a command was asked for JSON, errors among it."""
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    return "--json" in options


def complain(error: PlannerError, *, as_json: bool) -> None:
    """Say what an error says, as a body like that of the API on standard output or in lines on standard error."""
    from planner.cli.options import print_json
    from planner.cli.terminal import trouble

    records = fault_records(error) if isinstance(error, BadDataError) else []
    many = isinstance(error, BadDataError) and len(fault_lines(error.problems)) > MOST_SHOWN
    if as_json:
        summary = render(error.summary) if isinstance(error, BadDataError) else error_text(error)
        print_json({"error": {"code": error_code(error), "message": summary, "faults": records}})
        trouble.print(summary, style="red", highlight=False, soft_wrap=True)
    else:
        trouble.print(error_text(error), style="red", highlight=False, soft_wrap=True)
    _keep(records, needed=many and not as_json)


def told(findings: Sequence[Finding]) -> Iterator[tuple[Severity, str]]:
    """Yield the lines for people of what was found, errors first; all of it is kept in a file where that is more."""
    needed = False
    for severity in dict.fromkeys(sorted((one.severity for one in findings), key=_ORDER.index)):
        lines = fault_lines(one.fault for one in findings if one.severity == severity)
        needed = needed or len(lines) > MOST_SHOWN
        for line in shown_lines(lines):
            yield severity, line
    _keep([fault_record(one.fault) for one in findings], needed=needed)


def error_code(error: PlannerError) -> str:
    """Return the code of an error for programs, from the name of its class.

    Examples
    --------
    >>> error_code(BadDataError("")), error_code(UsageError(""))
    ('bad_data', 'usage')
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(error).__name__.removesuffix("Error")).lower()


def _keep(records: Sequence[dict[str, object]], *, needed: bool) -> None:
    """Write a table of faults where it was asked for or is needed, and say so; where it cannot be, what to do."""
    from planner.cli.terminal import trouble
    from planner.writing import CannotWriteError, csv_text, write_file

    asked = _ASKED.get()
    if not records or (asked is None and not needed):
        return
    path = asked or DEFAULT
    if not _may_be_replaced(
        path
    ):  # the name nobody asked for; one that was asked for is refused before anything is done
        trouble.print(render(_no_list(path)), style="yellow", highlight=False, soft_wrap=True)
        return
    rows = [
        [term(str(one["severity"])), *("" if one[name] is None else one[name] for name in FIELDS[1:])]
        for one in records
    ]
    try:
        write_file(path, csv_text(_headings(), rows).encode("utf-8-sig"))
    except CannotWriteError as error:
        trouble.print(render(error), style="yellow", highlight=False, soft_wrap=True)
        trouble.print(say("--findings FILE names another place for the list of all {count}", count=len(rows)))
        return
    trouble.print(say("all {count} are listed in {file}", count=len(rows), file=str(path)), soft_wrap=True)

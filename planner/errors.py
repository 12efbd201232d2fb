"""Every error a caller may want to catch, each with the exit code the command line ends with.

Two rules hold for messages: they name what was wrong (file, row, field, value) and what to do about it,
and they list all offenders. A person is shown `MOST_SHOWN` of them and the count of the rest; none is dropped.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Iterable, Sequence
from typing import Self

EXIT_USAGE = 2
EXIT_BAD_DATA = 3
EXIT_INFEASIBLE = 4
MOST_SHOWN = 50
"""So many offenders are shown to a person, two screens; a program, and a file of all of them, are told all."""


class Message(str):
    """A sentence that remembers its parts: the text is English, `planner.words.render` says it in another language.

    ``template`` names its ``values`` in braces and is the key of the catalogues. A value may be a message itself, or a
    sequence, which is said with commas.

    Examples
    --------
    >>> Message("{file}: {count} rows are at fault", file="a.csv", count=3)
    'a.csv: 3 rows are at fault'
    """

    __slots__ = ("template", "values")
    template: str
    values: dict[str, object]

    def __new__(cls, template: str, /, **values: object) -> Self:
        shown = {
            key: ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else value
            for key, value in values.items()
        }
        made = super().__new__(cls, template.format(**shown))
        made.template, made.values = template, values
        return made

    def __reduce__(self) -> tuple[object, ...]:
        return _message, (self.template, self.values)

    def having(self, **values: object) -> Message:
        """Return the message with these values in place of its own, or beside them: the template need not name all."""
        return Message(self.template, **{**self.values, **values})


def _message(template: str, values: dict[str, object]) -> Message:
    return Message(template, **values)


def word(code: str) -> Message:
    """Return a code, such as a season's, as a value of another message: the catalogues have a word for it.

    Examples
    --------
    >>> Message("no way for a {vehicle}", vehicle=word("light_truck"))
    'no way for a light_truck'
    """
    return Message(code)


def of_file(file: object, what: str) -> Message:
    """Return what is wrong with a file, after the file's name.

    Examples
    --------
    >>> of_file("a.csv", Message("is empty"))
    'a.csv: is empty'
    """
    return Message("{file}: {what}", file=file, what=what)


def system_fault(error: OSError) -> Message:
    """Return what the operating system said was wrong, which it says in a language of its own.

    Examples
    --------
    >>> system_fault(FileNotFoundError(errno.ENOENT, "Datei nicht gefunden"))
    'no such file or folder'
    """
    known = {
        errno.ENOENT: Message("no such file or folder"),
        errno.EACCES: Message("the system does not allow it"),
        errno.EPERM: Message("the system does not allow it"),
        errno.EEXIST: Message("exists already"),
        errno.ELOOP: Message("links that lead round in a circle"),
        errno.ENOTDIR: Message("not a folder"),
        errno.EISDIR: Message("a folder, not a file"),
        errno.ENOTEMPTY: Message("the folder is not empty"),
        errno.ENOSPC: Message("the disk is full"),
        errno.EFBIG: Message("the file is too large"),
        errno.EROFS: Message("the disk is read-only"),
        errno.EBUSY: Message("in use by another program"),
        errno.ENAMETOOLONG: Message("the name is too long"),
        errno.EMFILE: Message("too many files are open"),
        errno.ENOMEM: Message("not enough memory"),
        errno.EIO: Message("the disk does not answer as it should"),
        errno.EADDRINUSE: Message("the address is in use"),
        errno.EADDRNOTAVAIL: Message("not an address of this machine"),
        errno.ECONNREFUSED: Message("the connection was refused"),
        errno.ETIMEDOUT: Message("no answer in time"),
    }
    code = error.errno or 0
    return known.get(code) or Message("fault {code} of the operating system", code=errno.errorcode.get(code, code))


def parse_fault(error: ValueError | RecursionError) -> Message:
    """Return where a text stops being UTF-8, JSON or TOML.

    Examples
    --------
    >>> import json
    >>> try:
    ...     json.loads('{"a": }')
    ... except ValueError as error:
    ...     parse_fault(error)
    'line 1, column 7'
    """
    if isinstance(error, UnicodeDecodeError):
        return Message("byte {number} is not UTF-8", number=error.start + 1)
    if isinstance(error, RecursionError):
        return Message("nested too deeply")
    if error.args and isinstance(error.args[0], Message):
        return error.args[0]
    if "integer string conversion" in str(error):
        return Message("an integer has too many digits")
    if place := re.search(r"line (\d+),? column (\d+)", str(error)):
        return Message("line {line}, column {column}", line=place[1], column=place[2])
    return Message("it ends too early")


def list_offenders(offenders: Iterable[object], limit: int = MOST_SHOWN) -> Message:
    """Return the first ``limit`` offenders, comma-separated, and a count of the rest.

    Examples
    --------
    >>> list_offenders(["a", "b", "c"], limit=2)
    'a, b and 1 more'
    """
    names = [offender if isinstance(offender, str) else str(offender) for offender in offenders]
    rest = len(names) - limit
    if rest > 0:
        return Message("{names} and {rest} more", names=names[:limit], rest=rest)
    return Message("{names}", names=names)


class PlannerError(Exception):
    """Root of all errors raised on purpose by this package."""

    exit_code = EXIT_BAD_DATA


class BadDataError(PlannerError, ValueError):
    """Input that cannot be used as it is; ``problems`` holds one line per offender."""

    def __init__(self, summary: str, problems: Sequence[str] = ()) -> None:
        self.summary = summary
        self.problems = tuple(problems)
        shown = [*self.problems[:MOST_SHOWN]]
        if len(self.problems) > MOST_SHOWN:
            shown.append(f"... and {len(self.problems) - MOST_SHOWN} more")
        super().__init__("\n  ".join([summary, *shown]))


class ConfigError(BadDataError):
    """A configuration file whose keys or values are invalid; each problem names its key."""


class UnknownAreaError(PlannerError, LookupError):
    """No study area, division or county of that name or code."""

    exit_code = EXIT_USAGE


class PlanNotFoundError(PlannerError, LookupError):
    """No plan of that id in the store."""

    exit_code = EXIT_USAGE


class PlanRejectedError(PlannerError, ValueError):
    """A plan that its independent check found broken; ``violations`` says where."""

    exit_code = EXIT_INFEASIBLE

    def __init__(self, summary: str, violations: Sequence[object] = ()) -> None:
        self.violations = tuple(violations)
        said = Message("{summary}: {violations}", summary=summary, violations=list_offenders(self.violations))
        super().__init__(said if violations else summary)


class UsageError(PlannerError, ValueError):
    """What was asked for cannot be done here; the message says what can."""

    exit_code = EXIT_USAGE


class MissingExtraError(PlannerError, RuntimeError):
    """A feature that needs a package which is not installed; the message says which one."""

    exit_code = EXIT_USAGE

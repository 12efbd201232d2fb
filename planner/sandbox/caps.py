"""How much a foreign file may ask for, and the one way to allow more: an environment variable for each cap."""

from __future__ import annotations

import errno
import os
from types import MappingProxyType

from planner.errors import BadDataError, Message, UsageError, of_file

PREFIX = "PLANNER_MAX_"
CAPS = MappingProxyType(
    {
        "file_mb": 2000,  # an extract of all of China is 1.3 GB
        "unpacked_mb": 1000,
        "ratio": 200,  # of packed content: a sheet of equal cells reaches about 100, a bomb 1000
        "entries": 10_000,
        "memory_mb": 4000,
        "seconds": 300,
        "answer_mb": 2000,
        "written_mb": 2000,
        "raster_cells": 50_000_000,  # of a county at a hundred metres there are a few millions
        "block_mb": 256,  # of a raster: a file that declares more makes the reader fetch all of it at once
        "cells": 5_000_000,  # a province has about 10,000 villages
        "rows": 200_000,
        "columns": 500,
        "features": 500_000,
        "vertices": 5_000_000,  # the boundaries of all counties have 1.6 million
        "depth": 100,
        "json_mb": 100,
        "text_mb": 100,
        "line_mb": 1,
    }
)
"""Largest values: of a file's size, of what it unpacks to, and of what reading it may take."""

TOO_LARGE = os.strerror(errno.EFBIG)
"""What the system says to whoever writes more to a file than it allows."""


def variable(name: str) -> str:
    """Return the environment variable that sets a cap.

    Examples
    --------
    >>> variable("memory_mb")
    'PLANNER_MAX_MEMORY_MB'
    """
    return PREFIX + name.upper()


def cap(name: str) -> int:
    """Return a cap: what its environment variable says, else the default.

    Raises
    ------
    UsageError
        If the variable is no whole number above nothing.
    """
    given = os.environ.get(variable(name), "").strip()
    if not given:
        return CAPS[name]
    if not (given.isdecimal() and given.isascii() and 0 < len(given) < 16 and int(given)):
        raise UsageError(
            Message("{variable} is a whole number above 0 (found {given})", variable=variable(name), given=given)
        )
    return int(given)


def cap_fault(name: str) -> Message:
    """Return what is said of a file beyond a cap: it names the cap and how to raise it."""
    limit = cap(name)
    said = {
        "file_mb": Message("the file is larger than {cap} MB", cap=limit),
        "unpacked_mb": Message("it unpacks to more than {cap} MB", cap=limit),
        "ratio": Message("it unpacks to more than {cap} times its size", cap=limit),
        "entries": Message("the archive has more than {cap} files", cap=limit),
        "memory_mb": Message("reading it takes more than {cap} MB of memory", cap=limit),
        "seconds": Message("reading it takes more than {cap} seconds", cap=limit),
        "answer_mb": Message("it holds more than {cap} MB", cap=limit),
        "written_mb": Message("what is made of it is larger than {cap} MB", cap=limit),
        "raster_cells": Message("it has more than {cap} cells in the area", cap=limit),
        "block_mb": Message("one of its pieces unpacks to more than {cap} MB", cap=limit),
        "cells": Message("it has more than {cap} cells", cap=limit),
        "rows": Message(
            "it reaches over more than {cap} rows: delete what stands far below the table, blanks too", cap=limit
        ),
        "columns": Message("it has more than {cap} columns", cap=limit),
        "features": Message("it has more than {cap} features", cap=limit),
        "vertices": Message("its shapes have more than {cap} corners", cap=limit),
        "depth": Message("it is nested more than {cap} deep", cap=limit),
        "json_mb": Message("the JSON is larger than {cap} MB", cap=limit),
        "text_mb": Message("the text is larger than {cap} MB", cap=limit),
        "line_mb": Message("one of its lines is longer than {cap} MB", cap=limit),
    }
    return Message("{what}; if the file is right, set {variable} higher", what=said[name], variable=variable(name))


def over_cap(file: object, name: str) -> BadDataError:
    """Return the refusal of a file that goes beyond a cap."""
    return BadDataError(of_file(file, cap_fault(name)))


def is_too_large(error: BaseException | None) -> bool:
    """Return whether the system refused to write more to a file, as a library of C++ or Python says it."""
    return getattr(error, "errno", None) == errno.EFBIG or TOO_LARGE in str(error)

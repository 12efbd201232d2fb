"""The terminal, which prints what texts say and obeys nothing that they hold: for results, and for what is said aside."""

from __future__ import annotations

import os
import sys
from typing import Any

from rich.console import Console
from rich.text import Text

from planner.writing import visible

_WIDE = 240
"""Cells of a line in a file or a pipe, whose width nobody knows: what every table of ours fits."""


class PlainConsole(Console):
    """Prints every text as it is: no ``[bold]``, no ``:smile:``, no order to the terminal from a name or a path."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(markup=False, emoji=False, **settings)

    def render_str(self, text: str, **settings: Any) -> Text:
        return super().render_str(visible(text), **settings)


def _console(*, stderr: bool) -> PlainConsole:
    """Return a console as wide as the terminal, or as COLUMNS says."""
    stream = sys.stderr if stderr else sys.stdout
    known = "COLUMNS" in os.environ or stream.isatty()
    return PlainConsole(stderr=stderr, width=None if known else _WIDE)


console = _console(stderr=False)
trouble = _console(stderr=True)

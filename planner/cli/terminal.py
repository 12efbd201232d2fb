"""A terminal that prints what texts say and obeys nothing that they hold."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.text import Text

from planner.writing import visible


class PlainConsole(Console):
    """Prints every text as it is: no ``[bold]``, no ``:smile:``, no order to the terminal from a name or a path."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(markup=False, emoji=False, **settings)

    def render_str(self, text: str, **settings: Any) -> Text:
        return super().render_str(visible(text), **settings)

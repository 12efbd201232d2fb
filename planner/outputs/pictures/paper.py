"""What a picture is drawn on: its size, what matplotlib is told, and how it becomes the same bytes every time."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

import matplotlib.style
from matplotlib.figure import Figure

from planner.outputs.pictures.fonts import families, refuse_unwritable
from planner.words import language

Kind = Literal["png", "svg", "pdf"]
KINDS: Final[tuple[Kind, ...]] = ("png", "svg", "pdf")

_ONE_AT_A_TIME = threading.Lock()  # matplotlib's settings are the process's, not a thread's
_UNDATED: dict[Kind, dict[str, Any]] = {  # neither when nor by which release of matplotlib
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}
MM_PER_POINT = 25.4 / 72


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A sheet in landscape, the size of its text in points, and the dots per inch of a PNG."""

    width_mm: float
    height_mm: float
    text_pt: float
    dpi: int = 150

    @property
    def line_mm(self) -> float:
        """From one line of text to the next."""
        return self.text_pt * MM_PER_POINT * 1.4


PAPERS: Final = {
    "a5": Paper(width_mm=210, height_mm=148, text_pt=7.5),
    "a4": Paper(width_mm=297, height_mm=210, text_pt=9),
    "a3": Paper(width_mm=420, height_mm=297, text_pt=11),
}


def to_bytes(paper: Paper, kind: Kind, draw: Callable[[Figure], None]) -> bytes:
    """Return the picture that ``draw`` makes on an empty figure of the paper's size.

    matplotlib's settings are its own defaults meanwhile, whatever the user has set; text is never read as a formula.

    Raises
    ------
    MissingFontError
        If no font has a character of its text.
    """
    names = families(language())
    settings = {
        "font.family": names,
        "font.size": paper.text_pt,
        "text.parse_math": False,
        "text.usetex": False,
        "hatch.linewidth": 0.5,
        "svg.hashsalt": "planner",
        "svg.fonttype": "path",
    }
    made = io.BytesIO()
    with _ONE_AT_A_TIME, matplotlib.style.context(["default", settings]):
        figure = Figure(figsize=(paper.width_mm / 25.4, paper.height_mm / 25.4), facecolor="white")
        draw(figure)
        refuse_unwritable(figure, names)
        figure.savefig(made, format=kind, dpi=paper.dpi, metadata=_UNDATED[kind])
    return made.getvalue()

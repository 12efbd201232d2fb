"""What stands around the maps of a picture: title, legend, scale bar, north, sources, what is not real."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon, Rectangle

from planner.outputs.notice import Told, notice_of_plan
from planner.outputs.pictures.paper import MM_PER_POINT, Paper
from planner.words import render, say, term

_MARGIN_MM = 6.0
_LEGEND_SHARE = 0.27
_STRIP_LINES = 1.9
"""How high the strip of scale bar and north is, in lines of text."""
_INK = "#111111"
_WARNING = "#8a3800"


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One entry of the legend: what ``draw`` puts into a box of (x, y, width, height) in millimetres, and what it means."""

    text: str
    draw: Callable[[Axes, float, float, float, float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surround:
    """Title and what is beside the map: figures (label, value), then keys under their headings."""

    title: str
    subtitle: str
    figures: Sequence[tuple[str, str]] = ()
    keys: Sequence[tuple[str, Sequence[Key]]] = ()
    remarks: Sequence[str] = field(default=())


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the paper in millimetres from its lower left corner."""

    left: float
    bottom: float
    width: float
    height: float

    def axes(self, figure: Figure, paper: Paper) -> Axes:
        """Return axes that fill it, in millimetres, without frame or ticks."""
        sides = (
            self.left / paper.width_mm,
            self.bottom / paper.height_mm,
            self.width / paper.width_mm,
            self.height / paper.height_mm,
        )
        axes = figure.add_axes(sides, frameon=False)
        axes.set_xlim(0, self.width)
        axes.set_ylim(0, self.height)
        axes.set_axis_off()
        return axes


def mark_key(text: str, **look: Any) -> Key:
    """Return an entry with a marker, its look as of `Line2D`."""
    return Key(
        text=text,
        draw=lambda axes, x, y, w, h: _add(axes, Line2D([x + w / 2], [y + h / 2], linestyle="none", **look)),
    )


def line_key(text: str, **look: Any) -> Key:
    """Return an entry with a piece of a line."""
    return Key(text=text, draw=lambda axes, x, y, w, h: _add(axes, Line2D([x, x + w], [y + h / 2] * 2, **look)))


def patch_key(text: str, **look: Any) -> Key:
    """Return an entry with a piece of land."""

    def draw(axes: Axes, x: float, y: float, w: float, h: float) -> None:
        axes.add_patch(Rectangle((x, y), w, h, **look))

    return Key(text=text, draw=draw)


def _add(axes: Axes, line: Line2D) -> None:
    line.set_clip_on(False)
    axes.add_line(line)


def surround(figure: Figure, paper: Paper, plan: Told, said: Surround) -> Box:
    """Write all that stands around the maps; return the box that is left for them."""
    right = paper.width_mm - _MARGIN_MM
    top = _title(figure, paper, said)
    floor = _footer(figure, paper, _footer_lines(paper, plan, said))
    legend_mm = paper.width_mm * _LEGEND_SHARE
    _legend(figure, paper, said, Box(right - legend_mm, floor, legend_mm, top - floor))
    return Box(_MARGIN_MM, floor, right - legend_mm - 4 - _MARGIN_MM, top - floor)


def _title(figure: Figure, paper: Paper, said: Surround) -> float:
    """Write the title; return what is free below it."""
    line = paper.line_mm
    axes = Box(_MARGIN_MM, 0, paper.width_mm - 2 * _MARGIN_MM, paper.height_mm).axes(figure, paper)
    top = paper.height_mm - _MARGIN_MM
    axes.text(0, top, one_line(said.title), va="top", fontsize=paper.text_pt * 1.75, fontweight="bold", color=_INK)
    axes.text(0, top - 1.75 * line, one_line(said.subtitle), va="top", fontsize=paper.text_pt * 1.1, color="#444444")
    return top - 3.4 * line


def _footer_lines(paper: Paper, plan: Told, said: Surround) -> list[tuple[str, str]]:
    """Return the lines below, each with its colour: what is not real, remarks, sources, whether it may be published."""
    columns = (paper.width_mm - 2 * _MARGIN_MM) / (paper.text_pt * 0.9 * MM_PER_POINT)
    area = plan.area
    notice = notice_of_plan(plan).text
    number = area.map_approval_number
    approval = (
        say("{label}: {text}", label=term("map_approval_number"), text=number) if number else term("internal_use")
    )
    sources = say("Data sources: {names}", names=[render(part) for part in area.attributions])
    texts = [
        *([(notice, _WARNING)] if notice else []),
        *((remark, _INK) for remark in said.remarks),
        (say("{first}; {second}", first=sources, second=approval), "#444444"),
    ]
    return [(row, colour) for text, colour in texts for row in wrapped(text, columns)]


def _footer(figure: Figure, paper: Paper, rows: Sequence[tuple[str, str]]) -> float:
    """Write the lines below; return where what is above them begins."""
    axes = Box(_MARGIN_MM, 0, paper.width_mm - 2 * _MARGIN_MM, paper.height_mm).axes(figure, paper)
    for number, (row, colour) in enumerate(reversed(rows)):
        weight = "bold" if colour == _WARNING else "normal"
        at = _MARGIN_MM * 0.7 + number * paper.line_mm * 0.9
        axes.text(0, at, row, va="bottom", fontsize=paper.text_pt * 0.9, color=colour, fontweight=weight)
    return _MARGIN_MM * 0.7 + len(rows) * paper.line_mm * 0.9 + 2.5


def _legend(figure: Figure, paper: Paper, said: Surround, box: Box) -> None:
    """Write figures and keys from the top; what has no room is counted in the last line."""
    axes, line, y = box.axes(figure, paper), paper.line_mm, box.height
    symbol = 2.2 * line
    for label, value in said.figures:
        y -= line
        axes.text(0, y, label, va="bottom", color="#444444")
        axes.text(box.width, y, value, va="bottom", ha="right", fontweight="bold", color=_INK)
    for heading, keys in said.keys:
        if not keys or y < 4 * line:
            continue
        y -= 1.6 * line
        axes.text(0, y, heading, va="bottom", fontweight="bold", color=_INK)
        y -= 0.15 * line
        for number, key in enumerate(keys):
            rows = wrapped(key.text, (box.width - symbol) / (paper.text_pt * MM_PER_POINT))
            if y - len(rows) * line < line and number < len(keys) - 1:
                y -= line
                axes.text(symbol, y, say("and {count} more", count=len(keys) - number), va="bottom", color=_INK)
                break
            key.draw(axes, 0.2 * line, y - 0.92 * line, symbol - 0.7 * line, 0.7 * line)
            for row in rows:
                y -= line
                axes.text(symbol, y, row, va="bottom", color=_INK)
            y -= 0.12 * line


def above_scale(box: Box, paper: Paper) -> Box:
    """Return the part of a box above its scale bar."""
    strip = _STRIP_LINES * paper.line_mm
    return Box(box.left, box.bottom + strip, box.width, box.height - strip)


def scale_and_north(figure: Figure, paper: Paper, box: Box, metres_per_mm: float) -> None:
    """Draw a scale bar and an arrow to the north along the foot of a box."""
    axes = Box(box.left, box.bottom, box.width, _STRIP_LINES * paper.line_mm).axes(figure, paper)
    metres = round_length(box.width * 0.28 * metres_per_mm)
    length, y, thick = metres / metres_per_mm, 0.35 * paper.line_mm, 0.22 * paper.line_mm
    for part, fill in enumerate((_INK, "white")):
        piece = Rectangle((part * length / 2, y), length / 2, thick, facecolor=fill, edgecolor=_INK, linewidth=0.6)
        axes.add_patch(piece)
    for share in (0.0, 0.5, 1.0):
        text = f"{metres * share / 1000:g}"
        axes.text(length * share, y + thick * 1.4, text, va="bottom", ha="center" if share else "left", color=_INK)
    axes.text(length + 0.9 * paper.line_mm, y - thick, say("km"), va="bottom", color=_INK)
    x, tip = box.width - paper.line_mm, 1.25 * paper.line_mm
    half = 0.32 * paper.line_mm
    axes.add_patch(
        Polygon([(x, tip), (x + half, 0.1), (x, 0.3 * paper.line_mm), (x - half, 0.1)], facecolor=_INK, linewidth=0)
    )
    axes.text(x - 1.6 * half, 0.3 * paper.line_mm, say("N"), va="bottom", ha="right", fontweight="bold", color=_INK)


def round_length(metres: float) -> float:
    """Return the longest length of 1, 2 or 5 times a power of ten that is not longer.

    Examples
    --------
    >>> round_length(7400), round_length(1999), round_length(480)
    (5000.0, 1000.0, 200.0)
    """
    power = 10.0 ** math.floor(math.log10(metres))
    return next(power * times for times in (5, 2, 1) if power * times <= metres)


def one_line(text: str) -> str:
    """Return the text in one line, without characters that cannot be seen."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def text_width(text: str) -> float:
    """Return about how wide a text is, in times its size: what East Asian letters take is 1."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WF" else 0.56 for c in text)


def wrapped(text: str, width: float) -> list[str]:
    """Return the text in lines of this `text_width`: broken at blanks, and between East Asian letters.

    Examples
    --------
    >>> wrapped("two words", 4)
    ['two', 'words']
    """
    rows, row = [], ""
    for piece in _pieces(one_line(text)):
        if row and text_width(row + piece.rstrip()) > width:
            rows.append(row.rstrip())
            row = ""
        row += piece if row else piece.lstrip()
    return [*rows, row.rstrip()] if row.strip() else rows


def _pieces(text: str) -> list[str]:
    """Return what must not be broken: words with the blank behind them, East Asian letters with the stop behind them."""
    pieces: list[str] = []
    for letter in text:
        wide = unicodedata.east_asian_width(letter) in "WF"
        starts = not pieces or pieces[-1].endswith(" ") or wide or unicodedata.east_asian_width(pieces[-1][-1]) in "WF"
        if starts and not (pieces and (letter == " " or unicodedata.category(letter) in ("Pe", "Pf", "Po"))):
            pieces.append(letter)
        else:
            pieces[-1] += letter
    return pieces

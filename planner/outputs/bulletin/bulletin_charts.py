"""The two charts of a bulletin as pictures for print."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from planner.outputs.bulletin.bulletin_texts import county_figure, ranking, spoken, value_text
from planner.outputs.pictures.paper import Paper, to_bytes
from planner.plans.bulletin import Bulletin
from planner.words import say

_CHARTED = ("A1", "A2", "A3", "A4", "A5")
_RANKED = "A2"
_ROOM = 36
"""Letters of a line beside a bar."""
_BLUE, _LIGHT, _ORANGE = "#1F4E79", "#9DC3E6", "#F4B183"


def county_chart(bulletin: Bulletin) -> bytes | None:
    """Return how the county's shares stand against the month before and the target, as PNG; None without any."""
    shown = [
        code for code in _CHARTED if code in bulletin.indicator_of and county_figure(bulletin, code).value is not None
    ]
    if not shown:
        return None
    columns = [
        (say("This month"), _BLUE, [county_figure(bulletin, code).value for code in shown]),
        (say("Month before"), _LIGHT, [county_figure(bulletin, code).previous for code in shown]),
        (say("Target"), _ORANGE, [bulletin.indicator_of[code].target for code in shown]),
    ]
    names = [_folded(spoken(bulletin.indicator_of[code].name)) for code in shown]

    def draw(figure: Figure) -> None:
        axes = _axes(figure)
        for number, (label, colour, values) in enumerate(columns):
            places = [row + (number - 1) * 0.26 for row in range(len(shown))]
            bars = axes.barh(places, [value or 0.0 for value in values], height=0.24, color=colour, label=label)
            texts = [value_text(bulletin.indicator_of[code], value) for code, value in zip(shown, values, strict=True)]
            axes.bar_label(bars, labels=texts, padding=3, fontsize=8)
        _finish(axes, names)
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.06), ncols=3, frameon=False, fontsize=9)

    return to_bytes(_paper(12 + 22 * len(shown)), "png", draw)


def township_chart(bulletin: Bulletin) -> bytes | None:
    """Return the townships by the share of villages served, as PNG; None without any."""
    ranked = ranking(bulletin, _RANKED)
    if not ranked:
        return None

    def draw(figure: Figure) -> None:
        axes = _axes(figure)
        bars = axes.barh(range(len(ranked)), [one.value or 0.0 for _, one in ranked], height=0.7, color=_BLUE)
        texts = [value_text(bulletin.indicator_of[_RANKED], one.value) for _, one in ranked]
        axes.bar_label(bars, labels=texts, padding=3, fontsize=8)
        _finish(axes, [name for name, _ in ranked])

    return to_bytes(_paper(20 + 7 * len(ranked)), "png", draw)


def _paper(height_mm: float) -> Paper:
    return Paper(width_mm=183, height_mm=height_mm, text_pt=9, dpi=200)


def _axes(figure: Figure) -> Any:
    figure.set_layout_engine("constrained")
    return figure.add_subplot()


def _finish(axes: Any, names: Sequence[str]) -> None:
    axes.set_yticks(range(len(names)), [_cut(name) for name in names], fontsize=9)
    axes.set_xlim(0, 1.12)
    axes.set_xticks([0, 0.2, 0.4, 0.6, 0.8, 1.0])
    axes.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes.invert_yaxis()
    axes.grid(axis="x", color="#D9D9D9", linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _cut(name: str) -> str:
    """Return a name as a chart has room for it; the tables beside it have it whole."""
    return "\n".join(line if len(line) <= _ROOM else f"{line[: _ROOM - 1]}…" for line in name.split("\n"))


def _folded(name: str, most: int = 14) -> str:
    """Return a name on two lines where it is long."""
    if " " in name:
        words, half = name.split(" "), (len(name) + 1) // 2
        first = ""
        while words and len(first) < half:
            first = f"{first} {words.pop(0)}".strip()
        return f"{first}\n{' '.join(words)}".strip()
    return name if len(name) <= most else f"{name[: len(name) // 2]}\n{name[len(name) // 2 :]}"

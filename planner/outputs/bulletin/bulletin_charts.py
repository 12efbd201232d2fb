"""The two charts of a bulletin as pictures for print."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from planner.outputs.bulletin.bulletin_texts import county_figure, ranking, spoken, value_text
from planner.plans.bulletin import Bulletin
from planner.words import say

_CHARTED = ("A1", "A2", "A3", "A4", "A5")
_RANKED = "A2"
_BLUE, _LIGHT, _ORANGE = "#1F4E79", "#9DC3E6", "#F4B183"
_CJK = ("Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "SimHei", "PingFang SC", "WenQuanYi Zen Hei")
_DPI = 200


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
    with _canvas(height=0.5 + 0.85 * len(shown)) as (figure, axes):
        for number, (label, colour, values) in enumerate(columns):
            places = [row + (number - 1) * 0.26 for row in range(len(shown))]
            bars = axes.barh(places, [value or 0.0 for value in values], height=0.24, color=colour, label=label)
            texts = [value_text(bulletin.indicator_of[code], value) for code, value in zip(shown, values, strict=True)]
            axes.bar_label(bars, labels=texts, padding=3, fontsize=8)
        _finish(axes, names)
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.06), ncols=3, frameon=False, fontsize=9)
        return _png(figure)


def township_chart(bulletin: Bulletin) -> bytes | None:
    """Return the townships by the share of villages served, as PNG; None without any."""
    ranked = ranking(bulletin, _RANKED)
    if not ranked:
        return None
    with _canvas(height=0.8 + 0.28 * len(ranked)) as (figure, axes):
        bars = axes.barh(range(len(ranked)), [one.value or 0.0 for _, one in ranked], height=0.7, color=_BLUE)
        texts = [value_text(bulletin.indicator_of[_RANKED], one.value) for _, one in ranked]
        axes.bar_label(bars, labels=texts, padding=3, fontsize=8)
        _finish(axes, [name for name, _ in ranked])
        return _png(figure)


@contextmanager
def _canvas(height: float) -> Iterator[tuple[Any, Any]]:
    import matplotlib
    from matplotlib import font_manager
    from matplotlib.figure import Figure

    known = {font.name for font in font_manager.fontManager.ttflist}
    fonts = [*(name for name in _CJK if name in known), "DejaVu Sans"]
    with matplotlib.rc_context({"font.family": "sans-serif", "font.sans-serif": fonts}):
        figure = Figure(figsize=(7.2, height), dpi=_DPI, layout="constrained")
        yield figure, figure.add_subplot()


def _finish(axes: Any, names: Sequence[str]) -> None:
    from matplotlib.ticker import PercentFormatter

    axes.set_yticks(range(len(names)), names, fontsize=9)
    axes.set_xlim(0, 1.12)
    axes.set_xticks([0, 0.2, 0.4, 0.6, 0.8, 1.0])
    axes.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes.invert_yaxis()
    axes.grid(axis="x", color="#D9D9D9", linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _folded(name: str, most: int = 14) -> str:
    """Return a name on two lines where it is long."""
    if " " in name:
        words, half = name.split(" "), (len(name) + 1) // 2
        first = ""
        while words and len(first) < half:
            first = f"{first} {words.pop(0)}".strip()
        return f"{first}\n{' '.join(words)}".strip()
    return name if len(name) <= most else f"{name[: len(name) // 2]}\n{name[len(name) // 2 :]}"


def _png(figure: Any) -> bytes:
    into = io.BytesIO()
    figure.savefig(into, format="png", metadata={"Software": None})
    return into.getvalue()

"""A small line chart as inline SVG: two lines with their points, a mark or two, axes with round figures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT = 760, 380
_LEFT, _RIGHT, _TOP, _BOTTOM = 84, 40, 34, 52


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line: (x, y) pairs by rising x, a colour, and what it is; ``hollow`` points are drawn as rings."""

    pairs: Sequence[tuple[float, float]]
    colour: str
    text: str
    dash: str = ""
    hollow: frozenset[float] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A vertical line at one x with a few words."""

    x: float
    text: str


def line_chart(lines: Sequence[Line], *, x_title: str, y_title: str, marks: Sequence[Mark] = ()) -> str:
    """Return the chart; empty text if no line has a point. Colours are never alone: lines differ in dash and points."""
    pairs = [pair for line in lines for pair in line.pairs]
    if not pairs:
        return ""
    across = _Axis.over([x for x, _ in pairs], _LEFT, _WIDTH - _RIGHT)
    up = _Axis.over([y for _, y in pairs], _HEIGHT - _BOTTOM, _TOP)
    parts = [
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(y_title)} / {escape(x_title)}" '
        'font-family="sans-serif" font-size="12" fill="#111">',
        *_grid(across, up),
        f'<text x="{(_LEFT + _WIDTH - _RIGHT) / 2:.0f}" y="{_HEIGHT - 12}" text-anchor="middle">{escape(x_title)}</text>',
        f'<text x="{_LEFT}" y="{_TOP - 18}">{escape(y_title)}</text>',
    ]
    for number, mark in enumerate(marks):
        x, y = across.place(mark.x), _HEIGHT - _BOTTOM - 10 - 18 * number
        anchor, aside = ("end", -5) if x > (_LEFT + _WIDTH) / 2 else ("start", 5)
        parts.append(
            f'<path d="M{x:.1f} {_TOP}V{_HEIGHT - _BOTTOM}" stroke="#111" stroke-dasharray="2 4"/>'
            f'<text x="{x + aside:.1f}" y="{y}" text-anchor="{anchor}">{escape(mark.text)}</text>'
        )
    for line in lines:
        parts += _drawn(line, across, up)
    return "".join([*parts, "</svg>"])


@dataclass(frozen=True, slots=True)
class _Axis:
    low: float
    high: float
    step: float
    start: float
    end: float

    @classmethod
    def over(cls, values: Sequence[float], start: float, end: float) -> _Axis:
        low, high = min(values), max(values)
        if high == low:
            high = low + max(1.0, abs(low))
        rough = (high - low) / 6
        size = 10.0 ** math.floor(math.log10(rough))
        step = next(size * times for times in (1, 2, 2.5, 5, 10) if size * times >= rough)
        return cls(math.floor(low / step) * step, math.ceil(high / step) * step, step, start, end)

    def place(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    @property
    def ticks(self) -> list[float]:
        return [self.low + number * self.step for number in range(round((self.high - self.low) / self.step) + 1)]


def _grid(across: _Axis, up: _Axis) -> list[str]:
    parts = []
    for x in across.ticks:
        place = across.place(x)
        parts.append(f'<path d="M{place:.1f} {_HEIGHT - _BOTTOM}v5" stroke="#111"/>')
        parts.append(f'<text x="{place:.1f}" y="{_HEIGHT - _BOTTOM + 18}" text-anchor="middle">{x:,.12g}</text>')
    for y in up.ticks:
        place = up.place(y)
        parts.append(f'<path d="M{_LEFT} {place:.1f}H{_WIDTH - _RIGHT}" stroke="#ddd"/>')
        parts.append(f'<text x="{_LEFT - 6}" y="{place + 4:.1f}" text-anchor="end">{y:,.12g}</text>')
    parts.append(f'<path d="M{_LEFT} {_TOP}V{_HEIGHT - _BOTTOM}H{_WIDTH - _RIGHT}" stroke="#111" fill="none"/>')
    return parts


def _drawn(line: Line, across: _Axis, up: _Axis) -> list[str]:
    places = [(x, across.place(x), up.place(y)) for x, y in line.pairs]
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for _, x, y in places)
    parts = [f'<path d="{path}" fill="none" stroke="{line.colour}" stroke-width="2" stroke-dasharray="{line.dash}"/>']
    for value, x, y in places:
        fill = "#fff" if value in line.hollow else line.colour
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{fill}" stroke="{line.colour}" stroke-width="2"/>')
    return parts

"""How much of a station's room is taken over a day, as a small drawing that prints in black and white."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

_WIDTH, _HEIGHT = 640.0, 130.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 44.0, 12.0, 16.0, 20.0


def room_chart(steps: Sequence[tuple[float, float]], room: float, said: str) -> str:
    """Return the drawing of what is on hand from when on, with a line at the room there is (``inf``: none).

    ``said`` is read out in its place.
    """
    if not steps:
        return ""
    first, last = math.floor(steps[0][0] / 3600), math.ceil(steps[-1][0] / 3600)
    last = max(last, first + 1)
    most = max(max(amount for _, amount in steps), room if math.isfinite(room) else 0.0, 1.0)
    base = _HEIGHT - _BOTTOM

    def across(seconds: float) -> float:
        return _LEFT + (seconds / 3600 - first) / (last - first) * (_WIDTH - _LEFT - _RIGHT)

    def up(amount: float) -> float:
        return base - amount / most * (base - _TOP)

    parts = [f'<svg class="room" viewBox="0 0 {_WIDTH:.0f} {_HEIGHT:.0f}" role="img" aria-label="{escape(said)}">']
    for hour in range(first, last + 1):
        x = across(hour * 3600)
        parts.append(f'<path class="hour" d="M{x:.1f} {_TOP:.0f}V{base:.0f}"/>')
        parts.append(f'<text x="{x:.1f}" y="{_HEIGHT - 5:.0f}" text-anchor="middle">{hour}</text>')
    path = [f"M{across(steps[0][0]):.1f} {base:.1f}"]
    for seconds, amount in steps:
        path.append(f"H{across(seconds):.1f}V{up(amount):.1f}")
    parts.append(f'<path class="taken" d="{"".join(path)}V{base:.1f}Z"/>')
    peak = max(amount for _, amount in steps)
    if base - up(peak) > 11:  # else the peak stands there
        parts.append(f'<text x="{_LEFT - 5:.0f}" y="{base:.0f}" text-anchor="end">0</text>')
    labels = {peak: f"{peak:,.0f}"}
    if math.isfinite(room):
        parts.append(f'<path class="limit" d="M{_LEFT:.0f} {up(room):.1f}H{_WIDTH - _RIGHT:.0f}"/>')
        labels[room] = f"{room:,.0f}"
    parts += [
        f'<text x="{_LEFT - 5:.0f}" y="{up(amount) + 4:.1f}" text-anchor="end">{text}</text>'
        for amount, text in labels.items()
        if amount and (amount == peak or abs(up(amount) - up(peak)) > 11)
    ]
    return "".join([*parts, "</svg>"])

"""Colours and symbols: Okabe and Ito's colours, which colour-blind people tell apart; shapes repeat what they say.

M. Okabe and K. Ito, Color Universal Design (2008), https://jfly.uni-koeln.de/color/
"""

from __future__ import annotations

from html import escape

BLACK = "#000000"
ORANGE = "#e69f00"
SKY = "#56b4e9"
GREEN = "#009e73"
BLUE = "#0072b2"
VERMILLION = "#d55e00"
PURPLE = "#cc79a7"
GREY = "#767676"

ROUTE_COLOURS = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY, BLACK)
ROUTE_DASHES = ("", "10 6", "2 7", "14 5 3 5")
STRAIGHT_DASH = "6 6"
"""Where there are no roads no route is drawn in one stroke: a straight line is nobody's way."""
MINUTES_COLOURS = ("#a6cde8", "#5fa5d6", "#2473b6", "#083a7a")
"""Four steps of travel time, light to dark, of one hue that is never white: equal parts of the standard."""
HATCHED = "hatched"
"""In place of a fill colour: grey hatching, for what is not known; the page's script draws it."""


def minutes_colour(step: int, steps: int) -> str:
    """Return the colour of a step out of so many, light to dark, between those of `MINUTES_COLOURS`.

    Examples
    --------
    >>> [minutes_colour(step, 4) for step in range(4)] == list(MINUTES_COLOURS)
    True
    """
    at = step / max(steps - 1, 1) * (len(MINUTES_COLOURS) - 1)
    low = min(int(at), len(MINUTES_COLOURS) - 2)
    ends = [[int(MINUTES_COLOURS[low + i][k : k + 2], 16) for k in (1, 3, 5)] for i in (0, 1)]
    mixed = [round(a + (b - a) * (at - low)) for a, b in zip(*ends, strict=True)]
    return "#" + "".join(f"{part:02x}" for part in mixed)


_PATHS = {
    "circle": "M10 2a8 8 0 1 0 .01 0z",
    "diamond": "M10 1l9 9-9 9-9-9z",
    "square": "M2 2h16v16h-16z",
    "star": "M10 0l2.9 6.6 7.1.7-5.4 4.8 1.6 7.1-6.2-3.7-6.2 3.7 1.6-7.1-5.4-4.8 7.1-.7z",
    "cross": "M3 1l7 7 7-7 2 2-7 7 7 7-2 2-7-7-7 7-2-2 7-7-7-7z",
}


def symbol(shape: str, *, fill: str, edge: str = "#ffffff", size: int = 16, label: str = "", dash: str = "") -> str:
    """Return a symbol as inline SVG; ``label`` is one or two digits written into it."""
    text = ""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    if label:
        small = 9 if len(label) > 2 else 11
        text = (
            f'<text x="10" y="14" font-size="{small}" font-weight="700" text-anchor="middle" '
            f'fill="{ink(fill)}" font-family="sans-serif">{escape(label)}</text>'
        )
    return (
        f'<svg width="{size}" height="{size}" viewBox="-1 -1 22 22" aria-hidden="true">'
        f'<path d="{_PATHS[shape]}" fill="{fill}" stroke="{edge}" stroke-width="1.6"{dashed}/>{text}</svg>'
    )


def line(colour: str, *, width: float = 3, dash: str = "", size: int = 28) -> str:
    """Return a piece of a line as inline SVG."""
    return (
        f'<svg width="{size}" height="10" viewBox="0 0 {size} 10" aria-hidden="true">'
        f'<path d="M0 5h{size}" stroke="{colour}" stroke-width="{width}" stroke-dasharray="{dash}"/></svg>'
    )


def patch(fill: str, *, edge: str = GREY, dash: str = "", opacity: float = 1) -> str:
    """Return a piece of an area as inline SVG, let through by ``opacity`` as the area on the map is."""
    return (
        '<svg width="24" height="14" viewBox="0 0 24 14" aria-hidden="true">'
        f'<path d="M1 1h22v12h-22z" fill="{fill}" fill-opacity="{opacity}" stroke="{edge}" stroke-dasharray="{dash}"/></svg>'
    )


def hatched_patch() -> str:
    """Return a piece of a hatched area as inline SVG, as the page's script hatches what is not known."""
    return (
        '<svg width="24" height="14" viewBox="0 0 24 14" aria-hidden="true">'
        f'<path d="M1 1h22v12h-22z" fill="#ffffff" stroke="{GREY}"/>'
        f'<path d="M1 7l6-6M3 13l12-12M11 13l12-12M19 13l4-4" stroke="{GREY}" stroke-width="1.5"/></svg>'
    )


def ink(fill: str) -> str:
    """Return black on light fills, white on dark ones (relative luminance as in WCAG 2, without its gamma)."""
    red, green, blue = (int(fill[i : i + 2], 16) for i in (1, 3, 5))
    return "#000000" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 130 else "#ffffff"

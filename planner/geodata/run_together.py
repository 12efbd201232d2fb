"""Degrees that were written without what parts them: 1260524 for 126°05′24″, 126090114 for 126.090114."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

_CHINA = shapely.box(73.0, 17.0, 136.0, 54.5)
_NEAR_DEGREES = 0.05
_MOST = 0.9
_WHOLE = re.compile(r"\d+(?:\.0*)?", re.ASCII)
_DECIMALS = range(2, 9)
_BEHIND_POINT = re.compile(r"(\d{2,3})\.(\d+)", re.ASCII)
_TELLING, _SIXTY = 3, 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """A figure as it is written, and the same with its signs."""

    written: str
    meant: str


def run_together(lons: Sequence[str], lats: Sequence[str], ground: shapely.Geometry | None) -> Packed | None:
    """Return an example if nearly all positions lie in the area when their digits are parted, None if they do not."""
    near = shapely.buffer(_CHINA if ground is None else ground, _NEAR_DEGREES)
    for seconds in (True, False):
        parted = [
            (x[0], y[0]) if (x := _parted(lon, 3, seconds)) and (y := _parted(lat, 2, seconds)) else (np.nan, np.nan)
            for lon, lat in zip(lons, lats, strict=True)
        ]
        at = np.array(parted, dtype=float)
        if len(at) and shapely.contains_xy(near, at[:, 0], at[:, 1]).mean() >= _MOST:
            example = next(lon for lon in lons if _parted(lon, 3, seconds))
            found = _parted(example, 3, seconds)
            return Packed(written=example, meant=found[1] if found else "")
    return None


def without_point(lons: Sequence[str], lats: Sequence[str], ground: shapely.Geometry | None) -> int:
    """Return the decimals of whole numbers that are degrees times a power of ten and lie in the area, 0 if they are none.

    Examples
    --------
    >>> without_point(["126090114"], ["47609775"], None), without_point(["42512345"], ["5276000"], None)
    (6, 0)
    """
    if not all(_WHOLE.fullmatch(text) for text in (*lons, *lats)):
        return 0
    near = shapely.buffer(_CHINA if ground is None else ground, _NEAR_DEGREES)
    at = np.array([[float(text) for text in texts] for texts in (lons, lats)])
    for decimals in _DECIMALS:
        degrees = at / 10.0**decimals
        if shapely.contains_xy(near, degrees[0], degrees[1]).mean() >= _MOST:
            return decimals
    return 0


def behind_the_point(texts: Sequence[str]) -> tuple[int, Packed] | None:
    """Return how many figures have no more than 59 minutes and 59 seconds behind their point, and one of them.

    None if a figure has more: decimals of degrees have it in two of three cases, so that many figures without one are
    degrees, minutes and seconds (126.0524 for 126°05′24″). Figures of fewer than three digits behind the point tell nothing.

    Examples
    --------
    >>> count, packed = behind_the_point(["126.0524", "47.3659", "47.5"])
    >>> count, packed.written, packed.meant == "126°05'24" + '"'
    (2, '126.0524', True)
    >>> behind_the_point(["126.0524", "47.6659"])
    """
    told: dict[str, str] = {}
    for text in texts:
        found = _BEHIND_POINT.fullmatch(text)
        if found is None or len(found[2].rstrip("0")) < _TELLING:
            continue
        minutes, seconds, rest = found[2][:2], found[2][2:4].ljust(2, "0"), found[2][4:]
        if int(minutes) >= _SIXTY or int(seconds) >= _SIXTY:
            return None
        told[text] = f"{found[1]}°{minutes}'{seconds}{'.' + rest if rest else ''}\""
    written = next(iter(told), None)
    return None if written is None else (len(told), Packed(written=written, meant=told[written]))


def _parted(text: str, digits: int, seconds: bool) -> tuple[float, str] | None:
    """Return the degrees of digits that run together, and how to write them; None if they are none."""
    pattern = (
        rf"(\d{{{digits}}})(\d\d)(\d\d)(\d{{0,4}}(?:\.\d*)?)" if seconds else rf"(\d{{{digits}}})(\d\d)()((?:\.\d*)?)"
    )
    found = re.fullmatch(pattern, text, re.ASCII)
    if not found:
        return None
    whole, minutes, rest = int(found[1]), int(found[2]), found[4].replace(".", "").rstrip("0")
    if seconds:
        figure = f"{found[3]}.{rest}".rstrip(".")
        meant = f"{found[1]}°{found[2]}'{figure}\""
        value = whole + minutes / 60 + float(figure) / 3600
        return (value, meant) if minutes < 60 and float(figure) < 60 else None
    figure = f"{found[2]}.{rest}".rstrip(".")
    return (whole + float(figure) / 60, f"{found[1]}°{figure}'") if minutes < 60 else None

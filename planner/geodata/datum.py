"""The datums in use in China, and the way between them.

CGCS2000 equals WGS 84 within metres. GCJ-02 (Amap, Tencent) shifts it by some 530 m with a published-by-practice formula of
sines over the ellipsoid of Krassowsky; BD-09 (Baidu) turns and shifts GCJ-02 again. Neither has an EPSG code, and no file
header says which one a file uses. Formulas: https://en.wikipedia.org/wiki/Restrictions_on_geographic_data_in_China
"""

from __future__ import annotations

import numpy as np

from planner.config import Datum
from planner.units import FloatArray

_SEMI_MAJOR_M = 6_378_245.0  # Krassowsky 1940
_ECCENTRICITY_2 = 0.00669342162296594323
_BAIDU_PI = np.pi * 3000.0 / 180.0
_INVERSE_STEPS = 10  # each step shrinks the error by some thousand times; ten reach the limit of doubles
_CHINA = (72.004, 137.8347, 0.8293, 55.8271)  # where the shift applies: west, east, south, north


def to_wgs84(lons: FloatArray, lats: FloatArray, datum: Datum) -> tuple[FloatArray, FloatArray]:
    """Return WGS 84 longitudes and latitudes of coordinates given in ``datum`` (same shapes)."""
    lons, lats = np.asarray(lons, dtype=np.float64), np.asarray(lats, dtype=np.float64)
    if datum in (Datum.WGS84, Datum.CGCS2000):
        return lons.copy(), lats.copy()
    # the forward formula has no closed inverse: correct a guess by the error it makes
    guess_lons, guess_lats = lons.copy(), lats.copy()
    for _ in range(_INVERSE_STEPS):
        there_lons, there_lats = from_wgs84(guess_lons, guess_lats, datum)
        guess_lons += lons - there_lons
        guess_lats += lats - there_lats
    return guess_lons, guess_lats


def from_wgs84(lons: FloatArray, lats: FloatArray, datum: Datum) -> tuple[FloatArray, FloatArray]:
    """Return the coordinates in ``datum`` of WGS 84 longitudes and latitudes (same shapes)."""
    lons, lats = np.asarray(lons, dtype=np.float64), np.asarray(lats, dtype=np.float64)
    if datum in (Datum.WGS84, Datum.CGCS2000):
        return lons.copy(), lats.copy()
    gcj_lons, gcj_lats = _to_gcj02(lons, lats)
    if datum is Datum.GCJ02:
        return gcj_lons, gcj_lats
    radius = np.hypot(gcj_lons, gcj_lats) + 0.00002 * np.sin(gcj_lats * _BAIDU_PI)
    angle = np.arctan2(gcj_lats, gcj_lons) + 0.000003 * np.cos(gcj_lons * _BAIDU_PI)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def shifted_here(lon: float, lat: float) -> bool:
    """Return whether GCJ-02 differs from WGS 84 at a position: in China and around it."""
    west, east, south, north = _CHINA
    return west <= lon <= east and south <= lat <= north


def _to_gcj02(lons: FloatArray, lats: FloatArray) -> tuple[FloatArray, FloatArray]:
    x, y = lons - 105.0, lats - 35.0
    root = np.sqrt(np.abs(x))
    ripple = (20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + ripple
    north += (20.0 * np.sin(np.pi * y) + 40.0 * np.sin(np.pi / 3.0 * y)) * 2.0 / 3.0
    north += (160.0 * np.sin(np.pi / 12.0 * y) + 320.0 * np.sin(np.pi / 30.0 * y)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + ripple
    east += (20.0 * np.sin(np.pi * x) + 40.0 * np.sin(np.pi / 3.0 * x)) * 2.0 / 3.0
    east += (150.0 * np.sin(np.pi / 12.0 * x) + 300.0 * np.sin(np.pi / 30.0 * x)) * 2.0 / 3.0
    flat = 1.0 - _ECCENTRICITY_2 * np.sin(np.radians(lats)) ** 2
    meridian_m = _SEMI_MAJOR_M * (1.0 - _ECCENTRICITY_2) / flat**1.5
    parallel_m = _SEMI_MAJOR_M / np.sqrt(flat) * np.cos(np.radians(lats))
    west_end, east_end, south_end, north_end = _CHINA
    inside = (lons >= west_end) & (lons <= east_end) & (lats >= south_end) & (lats <= north_end)
    shifted_lons = np.where(inside, lons + np.degrees(east / parallel_m), lons)
    shifted_lats = np.where(inside, lats + np.degrees(north / meridian_m), lats)
    return shifted_lons, shifted_lats

"""Small feeds of buses, written as text: a county town, two villages and a market, made by hand."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

FILES: dict[str, str] = {
    "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\nK,拜泉客运,http://example.com,Asia/Shanghai\n",
    "stops.txt": "stop_id,stop_name,stop_lat,stop_lon\n"
    "Z,客运站,47.600000,126.100000\nA,东升村,47.610000,126.200000\nB,丰产村,47.620000,126.300000\n",
    "routes.txt": "route_id,agency_id,route_short_name,route_long_name,route_type\nR1,K,1路,拜泉—丰产,3\n",
    "trips.txt": "route_id,service_id,trip_id,trip_headsign,direction_id\n"
    "R1,W,out,丰产,0\nR1,W,back,拜泉,1\nR1,H,night,丰产,0\n",
    "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
    "out,07:00:00,07:00:00,Z,1\nout,,,A,2\nout,07:40:00,07:40:00,B,3\n"
    "back,12:40:00,12:40:00,Z,9\nback,12:00:00,12:05:00,B,1\nback,12:20:00,12:21:00,A,4\n"
    "night,23:50:00,23:50:00,Z,1\nnight,24:30:00,24:30:00,B,2\n",
    # 2 November 2026 is a Monday
    "calendar.txt": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
    "W,1,1,1,1,1,0,0,20261102,20261130\n",
    "calendar_dates.txt": "service_id,date,exception_type\nW,20261111,2\nW,20261114,1\nH,20261107,1\n",
}
"""On weekdays of November 2026 out and back, not on the 11th, and on the 14th, a Saturday; at night on the 7th only."""


def feed_folder(folder: Path, changed: Mapping[str, str | bytes | None] | None = None) -> Path:
    """Write the feed's files with some changed, or left out where they are None."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in {**FILES, **(changed or {})}.items():
        if text is not None:
            folder.joinpath(name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def feed_zip(path: Path, changed: Mapping[str, str | bytes | None] | None = None, inside: str = "") -> Path:
    """Write the feed as a zip, its files in a folder ``inside`` it."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {**FILES, **(changed or {})}.items():
            if text is not None:
                archive.writestr(inside + name, text)
    return path

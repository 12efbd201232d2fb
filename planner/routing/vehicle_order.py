"""The order in which people list vehicles: van-2 before van-10."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"(\d+)", re.ASCII)


def vehicle_order(vehicle_id: str) -> tuple[tuple[str | int, ...], str]:
    """Return the key by which vehicles are sorted: words by their letters, numbers in between by what they count.

    Examples
    --------
    >>> sorted(["van-10", "van-2", "trike-3", "van-02"], key=vehicle_order)
    ['trike-3', 'van-02', 'van-2', 'van-10']
    """
    parts = _NUMBER.split(vehicle_id)
    return tuple(int(part) if place % 2 else part for place, part in enumerate(parts)), vehicle_id

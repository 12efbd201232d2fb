"""How the configuration of an area differs from what a running day was planned with, entry by entry."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from planner.config.plan_config import PlanConfig

USED_TODAY = (
    "travel.closures",
    "routing.opens",
    "routing.closes",
    "routing.service_base_s",
    "routing.service_per_parcel_s",
    "routing.windows",
    "routing.stops",
    "routing.before",
    "routing.speed_of_day",
    "routing.vehicles",
)
"""What holds from now on, with all below it."""
_SAYS_NOTHING = ("schema", "language", "maps", "routing.date", "area.sources", "area.map_approval_number")
"""What bears on no route: a plan has its own date, and how people are told is not what is planned."""
_NO_FIGURE = ("provenance", "units", "name")
OF_ITS_DEPOT = ("depot_id", "end_depot_id")
"""Where a vehicle is stationed is not changed in the course of a day."""
_LONGEST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """An entry of area.toml, the plan's value and today's, empty where there is none; ``used``: it holds from now on.

    ``on_the_road`` are vehicles that the area has no more and that drive on: what has become of them is an event.
    """

    key: str
    before: str
    now: str
    used: bool
    on_the_road: tuple[str, ...] = ()


def differences(kept: PlanConfig, area: PlanConfig, parts: Sequence[str], date: datetime.date) -> Iterator[Difference]:
    """Yield what differs between the configuration that a day's plan was made of and that of today, by key.

    ``parts`` are the sections that the plan knows; of closures only those in force on the date are compared.
    """
    before, now = (_leaves(config, parts, date) for config in (kept, area))
    for key in sorted({*before, *now}):
        if before.get(key) != now.get(key):
            used = _is_below(key, USED_TODAY) and key.rpartition(".")[2] not in OF_ITS_DEPOT
            yield Difference(key=key, before=_short(before.get(key)), now=_short(now.get(key)), used=used)


def setting_differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Return what differs between the parts of a configuration that two networks were made of, by key.

    Closures are left out: they are of days, and a network knows none.
    """
    old, new = (_settings(content) for content in (before, now))
    return tuple(
        Difference(key=key, before=_short(old.get(key)), now=_short(new.get(key)), used=True)
        for key in sorted({*old, *new})
        if old.get(key) != new.get(key)
    )


def _settings(content: Mapping[str, Any]) -> dict[str, Any]:
    found = {key: value for key, value in _flat(content, "") if value not in (None, [], {})}
    return {key: value for key, value in found.items() if not _is_below(key, ("travel.closures",))}


def _leaves(config: PlanConfig, parts: Sequence[str], date: datetime.date) -> dict[str, Any]:
    content = config.parts(parts)
    closures = content.get("travel", {}).pop("closures", ())
    found = _settings(content)
    day = date.isoformat()
    for one in closures:
        if one["first"] <= day <= one["last"]:
            found[f"travel.closures.{one['reason']} {one['first']}–{one['last']}"] = one
    return found


def _flat(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Yield each entry by its path; entries of a list are called by their id."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            at = f"{path}.{key}" if path else str(key)
            if key not in _NO_FIGURE and not _is_below(at, _SAYS_NOTHING):
                yield from _flat(inner, at)
    elif isinstance(value, list) and value and all(isinstance(one, Mapping) and _id(one) for one in value):
        for one in value:
            yield from _flat({key: inner for key, inner in one.items() if inner != _id(one)}, f"{path}.{_id(one)}")
    else:
        yield path, value


def _id(one: Mapping[str, Any]) -> str:
    return str(one.get("id") or one.get("site_id") or "")


def _is_below(key: str, places: Sequence[str]) -> bool:
    return any(key == place or key.startswith(f"{place}.") for place in places)


def _short(value: Any) -> str:
    """Return a value as it could stand in the file, cut where it is long; nothing for none."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"

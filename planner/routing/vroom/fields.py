"""Read the fields of a request one by one and keep every fault, each with where it stands and what was expected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from planner.config.content import shown
from planner.errors import Message

Windows = tuple[tuple[int, int], ...]
MOST = 2**32 - 1
"""The largest amount, time or cost, as in VROOM."""
MOST_ID = 2**64 - 1


class Reader:
    """One JSON object of a request; ``where`` names it in faults, which all readers of a request share."""

    def __init__(self, value: Any, where: str, faults: list[str]) -> None:
        self.where, self.faults = where, faults
        if not isinstance(value, Mapping):
            self.fault("", Message("must be an object, it is {value}", value=_shown(value)))
        self.value: Mapping[str, Any] = value if isinstance(value, Mapping) else {}

    def fault(self, key: str, what: Message) -> None:
        """Note a fault of a field."""
        self.faults.append(Message("{where}: {what}", where=self.below(key), what=what))

    def below(self, key: str) -> str:
        """Return how people find a field: ``vehicles[0].planner``."""
        return f"{self.where}{'.' if key and self.where else ''}{key}"

    def has(self, key: str) -> bool:
        """Return whether a field is there and is not null."""
        return self.value.get(key) is not None

    def only(self, known: Sequence[str]) -> None:
        """Note fields that nobody reads, so that none is left out in silence."""
        for key in self.value:
            if key not in known:
                self.fault(
                    _shown(key)[1:-1], Message("is not known here; remove it, or put what is yours under planner")
                )

    def one(self, key: str, known: Sequence[str]) -> Reader:
        """Return a reader of an object in a field, empty if it is not there."""
        inner = Reader(self.value.get(key) if self.has(key) else {}, self.below(key), self.faults)
        inner.only(known)
        return inner

    def each(self, key: str) -> list[Any]:
        """Return the entries of an array, none if it is not there."""
        found = self.value.get(key) if self.has(key) else []
        if not isinstance(found, list):
            self.fault(key, Message("must be an array, it is {found}", found=_shown(found)))
            return []
        return found

    def whole(self, key: str, default: int | None = None, *, least: int = 0, most: int = MOST) -> int | None:
        """Return a whole number within its limits, the default where there is none."""
        found = self.value.get(key)
        if found is None:
            return default
        if not is_whole(found) or not least <= found <= most:
            limits = Message("from {least} to {most}", least=least, most=most)
            self.fault(
                key, Message("must be a whole number {limits}, it is {found}", limits=limits, found=_shown(found))
            )
            return default
        return int(found)

    def amount(self, key: str, default: int) -> int:
        """Return a whole number that is not negative."""
        found = self.whole(key, default)
        return default if found is None else found

    def flag(self, key: str) -> bool:
        """Return whether something is asked for; it is not where nothing is said."""
        found = self.value.get(key)
        if found is not None and not isinstance(found, bool):
            self.fault(key, Message("must be true or false"))
        return found is True

    def by_type(self, key: str) -> Mapping[str, int]:
        """Return whole numbers by the name of a type of vehicle, none where there are none."""
        inner = Reader(self.value.get(key) if self.has(key) else {}, self.below(key), self.faults)
        return {name: inner.amount(name, 0) for name in inner.value}

    def number(self, key: str, default: float, *, least: float, most: float) -> float:
        """Return a number within its limits, the default where there is none."""
        found = self.value.get(key)
        if found is None:
            return default
        if isinstance(found, bool) or not isinstance(found, int | float) or not least <= found <= most:
            self.fault(
                key,
                Message(
                    "must be a number from {least:g} to {most:g}, it is {found}",
                    least=least,
                    most=most,
                    found=_shown(found),
                ),
            )
            return default
        return float(found)

    def text(self, key: str, default: str = "") -> str:
        """Return a text."""
        found = self.value.get(key)
        if found is not None and not isinstance(found, str):
            self.fault(key, Message("must be a text, it is {found}", found=_shown(found)))
            return default
        return default if found is None else found

    def wholes(self, key: str) -> tuple[int, ...] | None:
        """Return an array of whole numbers, None where there is none."""
        if not self.has(key):
            return None
        found = self.each(key)
        bad = [entry for entry in found if not is_whole(entry) or not 0 <= entry <= MOST]
        if bad:
            limits = Message("from {least} to {most}", least=0, most=MOST)
            self.fault(key, Message("must hold whole numbers {limits}, it has {bad}", limits=limits, bad=_shown(bad)))
            return ()
        return tuple(int(entry) for entry in found)

    def point(self, key: str) -> tuple[float, float] | None:
        """Return a longitude and a latitude, None where there is none."""
        if not self.has(key):
            return None
        found = self.value[key]
        good = isinstance(found, list) and len(found) == 2
        if not good or not all(isinstance(x, int | float) and not isinstance(x, bool) for x in found):
            self.fault(key, Message("must be [longitude, latitude], it is {found}", found=_shown(found)))
            return None
        lon, lat = float(found[0]), float(found[1])
        if not (abs(lon) <= 180 and abs(lat) <= 90):
            self.fault(key, Message("{found} is no longitude and latitude: longitude comes first", found=str(found)))
            return None
        return lon, lat

    def windows(self, key: str) -> Windows:
        """Return the [start, end] pairs of an array, the earliest first whatever their order; none where there is none."""
        if not self.has(key):
            return ()
        found = self.each(key)
        if not found:
            self.fault(key, Message("is empty: give a window or leave it out"))
        read = [self._window(f"{key}[{k}]", entry) for k, entry in enumerate(found)]
        good = sorted(window for window in read if window is not None)
        for earlier, later in pairwise(good):
            if later[0] <= earlier[1]:
                self.fault(
                    key,
                    Message(
                        "{later} is not after {earlier}: join those that overlap",
                        later=str(list(later)),
                        earlier=str(list(earlier)),
                    ),
                )
        return tuple(good)

    def window(self, key: str) -> tuple[int, int] | None:
        """Return one [start, end] pair, None where there is none."""
        return self._window(key, self.value[key]) if self.has(key) else None

    def _window(self, key: str, found: Any) -> tuple[int, int] | None:
        good = isinstance(found, list) and len(found) == 2 and all(is_whole(x) and 0 <= x <= MOST for x in found)
        if not good:
            self.fault(key, Message("must be [start, end] in whole seconds, it is {found}", found=_shown(found)))
            return None
        if found[1] < found[0]:
            self.fault(key, Message("{found} ends before it starts", found=str(found)))
            return None
        return int(found[0]), int(found[1])


def is_whole(value: Any) -> bool:
    """Return whether a value is a whole number, however it is written: 3 or 3.0."""
    if isinstance(value, float):
        return value.is_integer()
    return isinstance(value, int) and not isinstance(value, bool)


def _shown(value: Any) -> str:
    return shown(value)[:60]

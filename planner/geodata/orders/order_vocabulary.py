"""What the columns of a day's orders are called; the words are in ``order_words.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib import resources
from typing import Any

from planner.geodata.columns import HEADINGS, Vocabulary, field_of
from planner.model import AMOUNTS

WORDS: dict[str, Any] = tomllib.loads(
    resources.files("planner.geodata.orders").joinpath("order_words.toml").read_text(encoding="utf-8")
)
PATTERNS: dict[str, re.Pattern[str]] = {
    name: re.compile(pattern, re.IGNORECASE) for name, pattern in WORDS["patterns"].items()
}
SIDES = {"delivery": "down", "pickup": "up"}
"""The two halves of a day's figures, and what they are called among the directions of the words."""
UNDIRECTED = ("parcels", "kg", "m3")
PRODUCE = "produce_kg"
"""The kilograms of a row's product, apart from those of its parcels."""
_PLACES = ("id", "name", "township", "township_name", "township_code", "county_code")


class OrderVocabulary(Vocabulary):
    """The headings of a day's orders; a column about people is none of a place, even where its group speaks of both."""

    __slots__ = ()

    def is_of_persons(self, heading: str) -> bool:
        """Return whether a column is about people: a village below 收件人 is one, a name below it is not."""
        own = heading.split(" / ")[-1].strip()
        if PATTERNS["places"].search(own):
            return False
        if " / " not in heading and field_of(own, self) is not None:
            return False
        return PATTERNS["persons"].search(heading) is not None


def _figures(measure: str) -> Iterator[tuple[str, str]]:
    for side, words in SIDES.items():
        for direction in WORDS["directions"][words]:
            for word in WORDS["measures"][measure]:
                yield f"{side}_{measure}", direction + word
                yield f"{side}_{measure}", word + direction
    for word in WORDS["alone"].get(measure, WORDS["measures"][measure]):
        yield measure, word


def _in_units() -> dict[str, tuple[str, str]]:
    """Return headings of weights and volumes that only their unit tells from parcels or names: field and unit."""
    heads = {f"{side}_kg": WORDS["directions"][words] for side, words in SIDES.items()}
    heads["produce_kg"] = WORDS["produce"]["words"]
    rooms = {f"{side}_m3": WORDS["directions"][words] for side, words in SIDES.items()}
    return {
        head + unit: (field, unit)
        for kind, units in ((heads, WORDS["produce"]["units"]), (rooms, WORDS["volume"]["units"]))
        for field, found in kind.items()
        for head in found
        for unit in units
    }


def _headings() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {field: list(words) for field, words in WORDS["headings"].items()}
    for field in _PLACES:
        found[field] = [word for word in HEADINGS[field] if word not in WORDS["not_of_villages"]["words"]]
    for field, words in WORDS["also"].items():
        found[field] += words
    for measure in UNDIRECTED:
        for field, heading in _figures(measure):
            found.setdefault(field, []).append(heading)
    found["produce_kg"] = [
        head + word for head in WORDS["produce"]["words"] for word in WORDS["measures"]["kg"] if word.strip()
    ]
    for field, words in WORDS["short"].items():
        found[field] += words
    for field in AMOUNTS:
        found[field].append(field)
    return {field: tuple(words) for field, words in found.items()}


def _of_past() -> dict[str, tuple[str, ...]]:
    return {**_headings(), **{field: tuple(words) for field, words in WORDS["of_past"].items()}}


ORDERS = OrderVocabulary(
    headings=_headings(),
    own=frozenset({"id", "name", "site", "waybill", "product", *AMOUNTS, *UNDIRECTED, PRODUCE}),
    figures=frozenset({"id", "waybill", *AMOUNTS, *UNDIRECTED, PRODUCE}),
    in_units=_in_units(),
    other_units=PATTERNS["other_units"],
)
PAST_FIGURES = OrderVocabulary(
    headings=_of_past(),
    own=ORDERS.own | {"date"},
    figures=frozenset({"id", "delivery_parcels", "pickup_parcels", "parcels"}),
    other_units=PATTERNS["other_units"],
)
"""What the columns of a table of past days or months are called."""

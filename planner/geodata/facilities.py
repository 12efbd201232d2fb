"""What a village's list of facilities says of houses that a point may share; the words are in ``facilities.toml``."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources

from planner.geodata.findings import Finding, Severity, about_file
from planner.model import SharedHouse, Village, said

_DATA = tomllib.loads(resources.files("planner.geodata").joinpath("facilities.toml").read_text(encoding="utf-8"))
_BETWEEN, _COUNT = (re.compile(_DATA["patterns"][name], re.IGNORECASE) for name in ("between", "count"))
_NO_HOUSE: Mapping[str, SharedHouse | None] = dict.fromkeys(_DATA["other"]["words"])
_KNOWN: Mapping[str, SharedHouse | None] = {
    **_NO_HOUSE,
    **{word: SharedHouse(house) for house, words in _DATA["shared"].items() for word in words},
    **{house.value: house for house in SharedHouse},
}
NONE = "none"
"""What a configuration writes for a word that is no house to share."""


class UnknownFacilityError(LookupError):
    """A word that is in no table: nobody knows whether a service point may share that house."""


def facilities_in(cell: str) -> tuple[str, ...]:
    """Return the facilities that a cell lists.

    Examples
    --------
    >>> facilities_in("clinic；2 shops, school / post office")
    ('clinic', '2 shops', 'school', 'post office')
    """
    parts = _BETWEEN.split(unicodedata.normalize("NFKC", cell))
    return tuple(part.strip() for part in parts if part.strip())


@cache
def shared_house_of(facility: str, own: tuple[tuple[str, str], ...] = ()) -> SharedHouse | None:
    """Return what kind of house to share a word means, None if it is none to share.

    ``own`` are words of a configuration, each with the kind it means or ``none``; they come before those known here.

    Raises
    ------
    UnknownFacilityError
        If it is in no table.

    Examples
    --------
    >>> shared_house_of("village shop (closed on Sundays)").value, shared_house_of("school")
    ('shop', None)
    >>> shared_house_of("mill", (("mill", "shop"),)).value
    'shop'
    """
    word = unicodedata.normalize("NFKC", facility).casefold().strip()
    plain = _plain(word)
    for given, kind in own:
        if (
            unicodedata.normalize("NFKC", given).casefold().strip() in (word, plain)
            or _plain(given.casefold()) == plain
        ):
            return None if kind == NONE else SharedHouse(kind)
    for start in range(len(plain)):  # the longest end first; shops are a shop
        for end in (plain[start:], plain[start:].removesuffix("s")):
            if end in _PLAIN:
                return _PLAIN[end]
    raise UnknownFacilityError(facility)


def house_of(facilities: Sequence[str], own: tuple[tuple[str, str], ...] = ()) -> SharedHouse | None:
    """Return the first kind of house to share among a village's facilities, in the order of `SharedHouse`."""
    found = set()
    for facility in facilities:
        try:
            found.add(shared_house_of(facility, own))
        except UnknownFacilityError:  # `unknown_facilities` says it
            continue
    return next((house for house in SharedHouse if house in found), None)


def unknown_facilities(
    villages: Sequence[Village], file: str, own: tuple[tuple[str, str], ...] = ()
) -> Iterator[Finding]:
    """Yield a warning for each word that is in no table, with how many villages have it."""
    counts: Counter[str] = Counter()
    for village in villages:
        for facility in dict.fromkeys(village.facilities):
            try:
                shared_house_of(facility, own)
            except UnknownFacilityError:
                counts[facility] += 1
    for facility, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        yield about_file(
            Severity.WARNING,
            "unknown_facility",
            file,
            said(
                "{count} villages have {facility}, a facility of a kind that is not known: nothing is shared with it",
                count=count,
                facility=facility,
            ),
            said(
                "say what it is in area.toml: coverage.service_points.facility_words = {example}",
                example=f'{{ "{facility}" = "shop" }}',
            ),
            field="facilities",
        )


def _plain(word: str) -> str:
    return _COUNT.sub("", word)


_PLAIN = {_plain(word): house for word, house in _KNOWN.items()}

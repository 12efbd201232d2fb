"""What vehicles and their types are called for people; ids stay in names of files and in what programs read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from planner.model import Text
from planner.plans import DayPlan
from planner.words import Language, language, render, term

COLD = "cold"
"""The skill that cold goods ask for; other skills are the area's own words."""
_CAPACITY = re.compile(r"\s+\d.*$")
"""What stands behind a type's name to tell how much it holds: ``van 1.5 t``."""


@dataclass(frozen=True, slots=True)
class FleetNames:
    """Names of the types of vehicles by their ids, in the language that is spoken; what is none of them has its id."""

    of_types: Mapping[str, str]

    @classmethod
    def of(cls, plan: DayPlan) -> FleetNames:
        """Return the names of a day's fleet: without what a type holds, where that leaves names that differ."""
        return cls.of_vehicles(plan.config["routing"]["vehicles"])

    @classmethod
    def of_vehicles(cls, vehicles: Iterable[Mapping[str, Any]]) -> FleetNames:
        """Return the names of types of vehicles as a configuration has them."""
        # rendered first: texts that read alike in one language are the same key, whatever they are in the other
        given = tuple((one["id"], render(Text.of(one["name"]))) for one in vehicles)
        return _names(given, language())

    def called(self, id_: str) -> str:
        """Return what a vehicle or a type is called, by its id.

        Examples
        --------
        >>> FleetNames({"v1": "van"}).called("v1-12")
        'van 12'
        """
        if id_ in self.of_types:
            return self.of_types[id_]
        kind, _, number = id_.rpartition("-")
        name = self.of_types.get(kind, kind)
        if name == kind or not number.isdecimal():
            return id_
        if name[-1].isascii():  # a number behind a number, or behind t, must be told from it in Chinese, too
            return f"{name}{'-' if name[-1].isdecimal() else ' '}{number}"
        return term("vehicle_of_type").format(type=name, number=number)


NO_NAMES = FleetNames({})


@lru_cache(maxsize=64)
def _names(given: tuple[tuple[str, str], ...], spoken: Language) -> FleetNames:
    # a name that has no English is no word in an English line: the id is
    whole = {id_: name for id_, name in given if name.isascii() or spoken != "en"}
    short = {id_: _CAPACITY.sub("", name) for id_, name in whole.items()}
    alike = Counter(short.values())
    return FleetNames({id_: short[id_] if alike[short[id_]] == 1 else name for id_, name in whole.items()})


def skill_names(skills: Iterable[str]) -> list[str]:
    """Return skills as people say them: the planner's own has a word in each language."""
    return [term("cold_goods") if skill == COLD else skill for skill in skills]

"""The demands that contradict each other, as people read them: places by name, and no endless list."""

from __future__ import annotations

import re
from collections.abc import Sequence

from planner.model import StudyArea
from planner.words.terms import say

_SHOWN = 10
_WORD = re.compile(r"[\w-]+")


def named_conflicts(area: StudyArea, conflicts: Sequence[str]) -> list[str]:
    """Return the conflicts with its name before each village's, site's and township's id; the first ten and a count."""
    names = {place.id: place.name for places in (area.townships, area.villages, area.sites) for place in places}

    def named(found: re.Match[str]) -> str:
        name = names.get(found[0])
        return found[0] if name is None or name == found[0] else f"{name} {found[0]}"

    said = [_WORD.sub(named, conflict) for conflict in conflicts[:_SHOWN]]
    if len(conflicts) > _SHOWN:
        said.append(f"… {say('more', number=len(conflicts) - _SHOWN).both}")
    return said

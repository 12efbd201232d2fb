"""The cheapest remedy of a village that is left out, in words."""

from __future__ import annotations

from planner.coverage import Remedy
from planner.model import StudyArea
from planner.words.terms import term


def remedy_text(area: StudyArea, mend: Remedy | None) -> str:
    """Return what would cover a village: sites to open with their yuan, or the standard that would do; - if nothing."""
    ways = []
    if mend is not None and mend.cost_yuan is not None:
        sites = [*mend.site_ids, *mend.station_ids]
        names = "、".join(f"{area.site_by_id[id_].name} {id_}" for id_ in sites)
        lifted = "".join(f"; {_lift(area, lift)}" for lift in mend.lifts)
        ways.append(
            f"开 open {names}: +{mend.cost_yuan:,.0f} 元 yuan{lifted}" if sites else f"+{mend.cost_yuan:,.0f} 元 yuan"
        )
    if mend is not None and mend.standard_s is not None:
        ways.append(f"标准放宽到 a standard of {mend.standard_s / 60:.0f} min")
    return "; 或 or: ".join(ways) or "-"


def _lift(area: StudyArea, lift: str) -> str:
    """Return which limit a remedy exceeds, in words; a township by its name."""
    if lift.startswith("township "):
        id_ = lift.removeprefix("township ")
        name = area.township_by_id[id_].name if id_ in area.township_by_id else id_
        return f"{term('above_township').both} {name}"
    return term("above_" + lift.replace(" ", "_")).both

"""The cheapest remedy of a village that is left out, in words."""

from __future__ import annotations

from planner.coverage import Remedy
from planner.model import StudyArea
from planner.outputs.conflicts import place_names
from planner.words import figures, say, sentence
from planner.words.sentences import place


def remedy_text(area: StudyArea, remedy: Remedy | None, *, ids: bool = True, registers: bool = False) -> str:
    """Return what would cover a village: sites to open with their yuan, or the standard that would do; - if nothing.

    Without ``ids`` sites are said by their names alone, with ``registers`` by those that tables have.
    """
    if remedy is None:
        return "-"
    ways = []
    names = place_names(area, registers=registers)
    if remedy.cost_yuan is not None:
        opened = (*remedy.site_ids, *remedy.station_ids)
        sites = [place(id_, names["site"]) if ids else names["site"][id_] for id_ in opened]
        cost = figures.money(remedy.cost_yuan)
        opening = say("open {sites}: +{cost}", sites=sites, cost=cost) if sites else f"+{cost}"
        lifts = [sentence(lift, names) for lift in remedy.lifts]
        ways.append(say("{opening}, {lifts}", opening=opening, lifts=lifts) if lifts else opening)
    if remedy.standard_s is not None:
        ways.append(say("allow {standard}", standard=figures.limit(remedy.standard_s)))
    return say("{one}; or {other}", one=ways[0], other=ways[1]) if len(ways) == 2 else ways[0] if ways else "-"

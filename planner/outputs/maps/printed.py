"""The print view of a map: one sheet in A4 or A3 with title, legend, scale, north, sources and what must be said of it."""

from __future__ import annotations

from planner.outputs.maps.page import Addition, Mapped
from planner.outputs.names import spoken_name
from planner.outputs.notice import notice_of_plan
from planner.words import render, say


def print_view(plan: Mapped) -> Addition:
    """Return what a page has for printing: two buttons, and a sheet that is filled when the browser prints."""
    sources = dict.fromkeys(filter(None, map(render, plan.area.attributions)))
    given = {
        "area_name": spoken_name(plan.area),
        "warned": notice_of_plan(plan).text,
        "sources": list(sources),
    }
    words = {
        "printed": say("printed {date}", date="{date}"),
        "about": say("about 1 : {scale}", scale="{scale}"),
        "pictures": say("Map pictures: {names}", names="{names}"),
    }
    return Addition(
        scripts=["printed.js"],
        styles=["printed.css"],
        controls=["printed.html"],
        given=given,
        data={"print_words": words},
    )

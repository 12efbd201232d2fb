"""Write a frontier into a folder: its page and a map a plan in both languages, the chart, CSV and JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from planner.errors import Message
from planner.outputs.frontier_page import (
    frontier_chart,
    frontier_csv,
    frontier_figures,
    frontier_headings,
    frontier_page,
    frontier_rows,
)
from planner.outputs.maps.frontier_map import frontier_map, map_name
from planner.outputs.page_links import FIRST_PAGE, PageLinks
from planner.outputs.write import files_of
from planner.plans.frontier_study import FrontierStudy
from planner.progress import Progress, silent
from planner.words import LANGUAGES, Language, speaking


def write_frontier(
    study: FrontierStudy, folder: Path, *, home: Language, area_page: bool = False, progress: Progress = silent
) -> None:
    """Write ``index.html``, ``plan-<n>.html``, ``frontier.svg``, ``.csv`` and ``.json``.

    Files without a language in their names are in ``home``. The page links the area's first page, in the folder above,
    where there is one (``area_page``).
    """
    links = PageLinks(home=home)
    folder.mkdir(parents=True, exist_ok=True)
    for done, lang in enumerate(LANGUAGES):
        progress(Message("writing pages"), done, len(LANGUAGES))
        with speaking(lang):
            _write_page(
                folder,
                FIRST_PAGE,
                links,
                frontier_page(study, links, area_href=f"../{links.page(FIRST_PAGE)}" if area_page else ""),
            )
            headings = frontier_headings(study)
            for number, row in enumerate(frontier_rows(study), start=1):
                shown = list(zip(headings[1:], row[1:], strict=True))
                _write_page(folder, map_name(number), links, frontier_map(study, number, shown, links))
    with speaking(home):
        chart = frontier_chart(study).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
        (folder / "frontier.svg").write_text(chart, encoding="utf-8", newline="\n")
        plain = TypeAdapter(Any).dump_python(frontier_figures(study), mode="json")
        text = json.dumps(plain, ensure_ascii=False, indent=1, allow_nan=False)
        (folder / "frontier.json").write_text(text + "\n", encoding="utf-8", newline="\n")
    (folder / "frontier.csv").write_bytes(frontier_csv(study))


def _write_page(folder: Path, name: str, links: PageLinks, text: str) -> None:
    for path in files_of(name, links):
        (folder / path).write_text(text, encoding="utf-8", newline="\n")

"""Write a bulletin's files into one folder."""

from __future__ import annotations

from pathlib import Path

from planner.outputs.bulletin.bulletin_docx import write_bulletin_docx
from planner.outputs.bulletin.bulletin_sheets import write_bulletin_workbook
from planner.plans import NetworkPlan
from planner.plans.bulletin import Bulletin
from planner.plans.bulletin_documents import bulletin_to_json
from planner.words import Language, speaking

BULLETIN_FILES = ("bulletin.json", "bulletin.xlsx", "bulletin.docx")
"""What `write_bulletin` writes."""


def write_bulletin(bulletin: Bulletin, network: NetworkPlan, folder: Path, *, home: Language) -> tuple[Path, ...]:
    """Write document, workbook and Word document of a bulletin on its network, in one language; return their paths."""
    paths = tuple(folder / name for name in BULLETIN_FILES)
    with speaking(home):
        paths[0].write_text(bulletin_to_json(bulletin), encoding="utf-8", newline="\n")
        write_bulletin_workbook(bulletin, network, paths[1])
        write_bulletin_docx(bulletin, network, paths[2])
    return paths

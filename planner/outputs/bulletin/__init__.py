"""The bulletin as people hold it: a workbook and a Word document, in one language."""

from planner.outputs.bulletin.bulletin_docx import write_bulletin_docx
from planner.outputs.bulletin.bulletin_files import BULLETIN_FILES, write_bulletin
from planner.outputs.bulletin.bulletin_sheets import write_bulletin_workbook

__all__ = ["BULLETIN_FILES", "write_bulletin", "write_bulletin_docx", "write_bulletin_workbook"]

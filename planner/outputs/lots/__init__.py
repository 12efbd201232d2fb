"""Traceable produce: a sheet of labels to print, and a table of a day's lots with the way that each takes."""

from planner.outputs.lots.labels import LOTS_PAGE, label_text, lots_page
from planner.outputs.lots.lot_rows import lot_rows, lots_csv

__all__ = ["LOTS_PAGE", "label_text", "lot_rows", "lots_csv", "lots_page"]

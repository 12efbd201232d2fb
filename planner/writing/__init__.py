"""Writing that outlives a kill, a full disk and a second writer.

Whatever is under its final name is whole: files and folders are written beside it under a name that begins with
``.writing-``, flushed, and renamed. An area's folder is locked while something in it is written, no longer (`made_apart`),
and who gets the lock clears away what a killed writer left. Text that goes into a spreadsheet is never run as a formula
(`csv_text`).
"""

from planner.writing.csv_text import csv_text, guarded, may_be_formula, unguarded
from planner.writing.faults import CannotWriteError, cannot_write, database_refusal, no_place_for
from planner.writing.files import whole_file, write_file
from planner.writing.filled_in import refuse_filled_in
from planner.writing.folders import drop_ready, ready_folder, ready_targets, recover, result_folder, take_ready_place
from planner.writing.lock import area_lock
from planner.writing.made_apart import made_apart
from planner.writing.printable import unprintable, visible

__all__ = [
    "CannotWriteError",
    "area_lock",
    "cannot_write",
    "csv_text",
    "database_refusal",
    "drop_ready",
    "guarded",
    "made_apart",
    "may_be_formula",
    "no_place_for",
    "ready_folder",
    "ready_targets",
    "recover",
    "refuse_filled_in",
    "result_folder",
    "take_ready_place",
    "unguarded",
    "unprintable",
    "visible",
    "whole_file",
    "write_file",
]

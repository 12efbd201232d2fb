"""Every word that people read, in Chinese and English, one language at a time.

`figures` writes numbers with their units; it is imported by name, as it brings numpy along.
"""

from planner.words.catalogues import LANGUAGES, Language
from planner.words.fault_list import FaultLine, fault_lines, fault_record, fault_records, shown_lines
from planner.words.sentences import place, sentence
from planner.words.speech import error_text, has_term, language, listed, render, say, say_help, speak, speaking, term

__all__ = [
    "LANGUAGES",
    "FaultLine",
    "Language",
    "error_text",
    "fault_lines",
    "fault_record",
    "fault_records",
    "has_term",
    "language",
    "listed",
    "place",
    "render",
    "say",
    "say_help",
    "sentence",
    "shown_lines",
    "speak",
    "speaking",
    "term",
]

"""Every word that people read, in Chinese and English, one language at a time.

`figures` writes numbers with their units; it is imported by name, as it brings numpy along.
"""

from planner.words.catalogues import LANGUAGES, Language
from planner.words.sentences import place, sentence
from planner.words.speech import error_text, has_term, language, listed, render, say, say_help, speak, speaking, term

__all__ = [
    "LANGUAGES",
    "Language",
    "error_text",
    "has_term",
    "language",
    "listed",
    "place",
    "render",
    "say",
    "say_help",
    "sentence",
    "speak",
    "speaking",
    "term",
]

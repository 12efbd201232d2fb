"""Every word that people read, and how text goes into a spreadsheet; this room knows no other."""

from planner.words.terms import TERMS, Term, say, term

__all__ = ["TERMS", "Term", "say", "term"]

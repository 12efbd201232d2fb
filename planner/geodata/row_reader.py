"""Cells of a row → values; what cannot be read becomes a finding with the row, the field and a proposed correction."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from planner.geodata.columns import MULTIPLES
from planner.geodata.findings import Finding, Severity
from planner.geodata.tables import Row, Table
from planner.words.terms import TERMS

_Choice = TypeVar("_Choice", bound=StrEnum)
_YES = frozenset({"是", "有", "y", "yes", "true", "t", "1", "√", "✓", "贫困村"})
_NO = frozenset({"否", "无", "n", "no", "false", "f", "0", "×", "", "非贫困村", "/", "-"})
_DEGREES = re.compile(
    r"[EWNS东西北南]?\s*(\d{1,3})\s*[°度]\s*(\d{1,2})\s*['′分]\s*(?:(\d{1,2}(?:\.\d+)?)\s*(?:[\"″秒]|''|′′))?\s*[EWNS]?"
)
_NUMBER = re.compile(  # digits in one run, or in groups of three; nothing else that Python would take for a number
    r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|(?=\.\d))(?:\.\d*)?(?:e[+-]?\d{1,3})?", re.ASCII | re.IGNORECASE
)
_DECIMAL_COMMA = re.compile(r"([+-]?\d{1,3}(?:\.\d{3})+|[+-]?\d+),(\d+)", re.ASCII)
_MULTIPLIED = re.compile(r"(\d+(?:\.\d+)?) ?(十万|百万|千万|[十百千万亿kK])")
_FIRST_NUMBER = re.compile(r"-?\d+(?:,\d{3})*(?:\.\d+)?", re.ASCII)
_ROUNDED_CODE = re.compile(r"(\d)(?:\.(\d+))?[eE]\+?(\d{1,2})", re.ASCII)


class RowReader:
    """Reads the cells of one row; faults are appended to ``findings``, and ``bad`` says whether there was an error."""

    def __init__(self, table: Table, row: Row, findings: list[Finding]) -> None:
        self.table = table
        self.row = row
        self.findings = findings
        self.bad = False

    def note(self, severity: Severity, code: str, field: str, message: str, mend: str) -> None:
        """Add a finding about a field of this row."""
        self.bad = self.bad or severity is Severity.ERROR
        self.findings.append(
            Finding(
                severity=severity,
                code=code,
                file=self.table.file,
                row=self.row.number,
                field=self.table.headings.get(field, field),
                value=self.row.cells.get(field, ""),
                message=message,
                mend=mend,
            )
        )

    def has(self, field: str) -> bool:
        """Return whether the cell is there and not empty."""
        return bool(self.row.cells.get(field, "").strip())

    def text(self, field: str, *, required: bool = False) -> str:
        """Return the cell's text, NFKC-normalised, line breaks and runs of blanks as one blank."""
        value = " ".join(unicodedata.normalize("NFKC", self.row.cells.get(field, "")).split())
        if any(unicodedata.category(character) == "Cc" for character in value):
            self.note(Severity.ERROR, "control_character", field, "holds a character no file can show", "type it anew")
        if required and not value:
            self.note(Severity.ERROR, "missing", field, "is empty", f"fill in the {field}")
        return value

    def number(self, field: str, *, low: float, high: float, whole: bool = False) -> float | None:
        """Return the cell's number within ``[low, high]``, None (with a finding) if it is empty or not one."""
        text = self.text(field)
        if not text:
            self.note(Severity.ERROR, "missing", field, "is empty", f"fill in the {field}")
            return None
        multiple = self.table.multiples.get(field, 1)
        if not _NUMBER.fullmatch(text):
            self.note(Severity.ERROR, "not_a_number", field, "is not a number", _number_mend(text, multiple))
            return None
        # multiplied as decimals: 1.1 thousand is 1100 and nothing beside it
        value = float(Decimal(text.replace(",", "").replace(" ", "")) * multiple)
        if not low <= value <= high:
            comma = _DECIMAL_COMMA.fullmatch(text)
            mend = f"write {comma[1]}.{comma[2]} if the comma marks decimals" if comma else "correct the figure"
            self.note(Severity.ERROR, "out_of_range", field, f"is not within {low:g} and {high:g}", mend)
            return None
        if whole and value != int(value):
            mend = f"write {round(value) / multiple:.12g}"
            self.note(Severity.ERROR, "not_whole", field, "is not a whole number", mend)
            return None
        return value

    def count(self, field: str, default: int | None = None) -> int | None:
        """Return the cell's whole number from 0 up; ``default`` if the cell is empty and a default is given."""
        if default is not None and not self.has(field):
            return default
        value = self.number(field, low=0, high=10_000_000, whole=True)
        return None if value is None else int(value)

    def flag(self, field: str) -> bool:
        """Return yes or no (是/否, 1/0, √, true ...); an empty cell is no."""
        text = self.text(field).lower()
        if text in _YES:
            return True
        if text not in _NO:
            self.note(Severity.ERROR, "not_yes_or_no", field, "is neither yes nor no", "write 是 or 否, 1 or 0")
        return False

    def choice(self, field: str, kinds: type[_Choice], default: _Choice) -> _Choice:
        """Return the kind the cell names by its code or its Chinese or English words; ``default`` if it is empty."""
        text = self.text(field)
        if not text:
            return default
        for kind in kinds:
            words = TERMS[kind.value]
            if text.lower() in (kind.value, words.en.lower()) or text == words.zh:
                return kind
        choices = ", ".join(f"{kind.value} ({TERMS[kind.value].zh})" for kind in kinds)
        self.note(Severity.ERROR, "unknown_word", field, "is not a known word", f"write one of {choices}")
        return default

    def code(self, field: str) -> str:
        """Return a division code or other id as it was before a spreadsheet took it for a number.

        ``.0`` at its end goes; of 2.3E+11, which shows fewer digits than the code has, nobody can say what it was.
        """
        text = self.text(field).removeprefix("'")
        if re.fullmatch(r"\d+\.0+", text, re.ASCII):
            return text.partition(".")[0]
        rounded = _ROUNDED_CODE.fullmatch(text)
        if not rounded:
            return text
        digits = rounded[1] + (rounded[2] or "")
        if len(digits) == int(rounded[3]) + 1:
            return digits
        mend = "format the column as text and enter the code again"
        self.note(Severity.ERROR, "rounded_code", field, "has lost digits to the spreadsheet's number format", mend)
        return text


def _number_mend(text: str, multiple: int) -> str:
    degrees = _DEGREES.fullmatch(text)
    if degrees:
        value = int(degrees[1]) + int(degrees[2]) / 60 + float(degrees[3] or 0) / 3600
        return f"write decimal degrees: {value:.6f}"
    comma = _DECIMAL_COMMA.fullmatch(text)
    if comma:
        return f"write {comma[1].replace('.', '')}.{comma[2]}: decimals have a point, a comma marks thousands"
    if len(re.findall(r"\d ?[十百千万亿]", text)) > 1:
        return "write the whole figure in digits"
    multiplied = _MULTIPLIED.search(text)
    if multiplied:
        value = float(Decimal(multiplied[1]) * MULTIPLES[multiplied[2].lower()] / multiple)
        return f"write {value:.15g} if that is meant"
    number = _FIRST_NUMBER.search(text)
    return f"write {number[0].replace(',', '')} if that is meant" if number else "write a number"

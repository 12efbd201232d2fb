"""What is wrong in a file, said so that whoever keeps the file can correct it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from planner.errors import BadDataError


class Severity(StrEnum):
    """``error`` keeps a row from being used; ``warning`` should be looked at; ``note`` says what was filled in."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault: file, row (as a spreadsheet counts, None for the whole file), field, value, and the proposed correction."""

    severity: Severity
    code: str
    file: str
    row: int | None
    field: str
    value: str
    message: str
    mend: str

    @property
    def spoils_file(self) -> bool:
        """Whether this is an error that leaving out single rows does not remove."""
        return self.severity is Severity.ERROR and self.row is None

    def __str__(self) -> str:
        where = (self.file or "all files") if self.row is None else f"{self.file} row {self.row}"
        field = f" {self.field}" if self.field else ""
        value = f" {self.value!r}" if self.value else ""
        return f"{where}{field}{value}: {self.message} → {self.mend}"


def about_file(severity: Severity, code: str, file: str, message: str, mend: str, *, field: str = "") -> Finding:
    """Return a finding that is about a whole file, or about all files if ``file`` is empty."""
    return Finding(severity=severity, code=code, file=file, row=None, field=field, value="", message=message, mend=mend)


def errors_in(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that keep rows from being used."""
    return [finding for finding in findings if finding.severity is Severity.ERROR]


def raise_for(findings: Sequence[Finding], summary: str) -> None:
    """Raise one `BadDataError` with a line for each error among the findings, nothing if there is none."""
    errors = errors_in(findings)
    if errors:
        raise BadDataError(f"{summary}: {len(errors)} faults", [str(finding) for finding in errors])

"""What is wrong in a file, said so that whoever keeps the file can correct it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from planner.errors import BadDataError, Message
from planner.model import Fact, as_message

AS_WRITTEN = "as_written"
"""Code of a finding that is known as a sentence only."""


class Severity(StrEnum):
    """``error`` keeps a row from being used; ``warning`` should be looked at; ``note`` says what was filled in."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault: file, row (as a spreadsheet counts, None for the whole file), field, value, and the proposed correction.

    ``message`` and ``remedy`` are facts of `planner.model.said`, so that a finding can be kept and said in any language.
    """

    severity: Severity
    code: str
    file: str
    row: int | None
    field: str
    value: str
    message: Fact
    remedy: Fact

    @property
    def spoils_file(self) -> bool:
        """Whether this is an error that leaving out single rows does not remove."""
        return self.severity is Severity.ERROR and self.row is None

    @property
    def line(self) -> Message:
        """The finding in one line: where, what is wrong → what to do; what a plan of old has kept, as it was written."""
        if self.code == AS_WRITTEN:
            return as_message(self.message)
        where: str = self.file or Message("all files")
        if self.row is not None:
            where = Message("{file} row {row}", file=self.file, row=self.row)
        cell = "".join(f" {part}" for part in (self.field, self.value and f"'{self.value}'") if part)
        return Message(
            "{where}{cell}: {message} → {remedy}",
            where=where,
            cell=cell,
            message=as_message(self.message),
            remedy=as_message(self.remedy),
        )

    @property
    def fault(self) -> Message:
        """The line with file, row, field and value among its parts, for who orders, groups or hands on what is wrong."""
        if self.code == AS_WRITTEN:
            return self.line
        place = {"severity": self.severity.value, "file": self.file, "field": self.field, "value": self.value}
        row = {} if self.row is None else {"row": self.row}
        return self.line.having(**place, **row)

    @property
    def remark(self) -> Message:
        """The line as a plan says it, in which rows at fault were left out."""
        return Message("left out: {finding}", finding=self.line) if self.severity is Severity.ERROR else self.line

    def __str__(self) -> str:
        return str(self.line)


def about_file(
    severity: Severity, code: str, file: str, message: Fact, remedy: Fact, *, field: str = "", value: str = ""
) -> Finding:
    """Return a finding that is about a whole file, or about all files if ``file`` is empty."""
    return Finding(
        severity=severity, code=code, file=file, row=None, field=field, value=value, message=message, remedy=remedy
    )


def errors_in(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that keep rows from being used."""
    return [finding for finding in findings if finding.severity is Severity.ERROR]


def raise_for(findings: Sequence[Finding], summary: str) -> None:
    """Raise one `BadDataError` with a line for each error among the findings, nothing if there is none."""
    errors = errors_in(findings)
    if errors:
        said = Message("{summary}: {count} faults", summary=summary, count=len(errors))
        raise BadDataError(said, [finding.fault for finding in errors])

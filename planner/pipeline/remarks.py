"""What was assumed, doubted or left out when the files were read, as a plan keeps it."""

from __future__ import annotations

from planner.geodata import Finding, Severity
from planner.model import Fact


def remark(finding: Finding) -> Fact:
    """Return a finding as a fact of the plan."""
    said = Fact(code="as_written", params={"text": str(finding)})
    return Fact(code="left_out", params={"finding": said}) if finding.severity is Severity.ERROR else said

"""Examine files before planning: the data doctor's report, and which villages no road reaches."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from planner.config import Datum
from planner.errors import BadDataError
from planner.geodata.doctor import Report, check_files
from planner.geodata.findings import Finding, Severity
from planner.network import read_network
from planner.progress import Progress, silent
from planner.terms import term
from planner.travel import Points

ACCESS_CAP_M = 1000.0
"""Farther from a road than this a village counts as not reached; a plan sets its own in ``travel.access_cap_m``."""


def examine_files(
    paths: Sequence[Path],
    *,
    datum: Datum,
    division_code: str = "",
    accept_bad: Path | None = None,
    progress: Progress = silent,
) -> Report:
    """Return everything that is wrong in the files; a road file among them is used to look for villages out of reach."""
    progress("reading and comparing", 0, 2)
    report = check_files(paths, datum=datum, division_code=division_code, accept_bad=accept_bad)
    for number, path in enumerate(report.road_files):
        progress(f"roads of {path.name}", number + 1, len(report.road_files) + 1)
        report.findings += _out_of_reach(report, path)
    progress("done", 1, 1)
    return report


def _out_of_reach(report: Report, path: Path) -> list[Finding]:
    try:
        roads = read_network(path, vehicle="van", season="summer")
    except BadDataError as error:
        return [_finding(path.name, "unreadable", "", str(error), "write the extract again", Severity.ERROR)]
    unique = {village.id: village for village in report.villages}
    reasons = roads.snap(Points.of(list(unique.values())), access_cap_m=ACCESS_CAP_M).reasons
    return [
        _finding(
            path.name,
            reason.value,
            f"{unique[id_].id} {unique[id_].name}",
            f"{term(reason).en}, beyond {ACCESS_CAP_M:.0f} m",
            "correct the position, or add the missing road to the extract",
            Severity.WARNING,
        )
        for id_, reason in reasons.items()
    ]


def _finding(file: str, code: str, value: str, message: str, mend: str, severity: Severity) -> Finding:
    return Finding(severity=severity, code=code, file=file, row=None, field="", value=value, message=message, mend=mend)

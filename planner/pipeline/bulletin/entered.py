"""The bureau's table of a month, read: every figure with who filled it in, or one error with all that is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from planner.errors import Message
from planner.geodata.findings import Finding, raise_for
from planner.geodata.lookups import divisions_called, is_called
from planner.geodata.register import Division, plain_township
from planner.model import StudyArea, said
from planner.pipeline.bulletin.filled_rows import FilledRow, filled_rows
from planner.pipeline.bulletin.month_facts import EnteredFigure
from planner.pipeline.bulletin.own_wording import known_indicator
from planner.plans.bulletin import COUNTY, Indicator, Month

PARTS = {"A15.6": tuple(f"A15.6.{number}" for number in range(1, 5))}
"""What is made of others that are filled in, too."""
_WITHIN = ((("B3.2",), ("B3.1",)), (("B4.3",), ("B4.1", "B4.2")))
"""What is part of what: together no more than those together, in each place."""
_SUM_ROUNDS = 0.1
"""In 10,000 yuan: as much as four rounded figures are off."""
Entered = dict[tuple[str, str], EnteredFigure]
"""What was filled in, by indicator and place."""


def read_figures(path: Path, area: StudyArea, indicators: Sequence[Indicator], month: Month) -> Entered:
    """Return the figures of a table for a month; rows of other months are passed over, empty cells are not filled in.

    Raises
    ------
    BadDataError
        If the file cannot be read, or a row is at fault: each has its line.
    """
    findings: list[Finding] = []
    of_code = {one.code: one for one in indicators}
    found: Entered = {}
    rows_of: dict[tuple[str, str], int] = {}
    rows: dict[tuple[str, str], FilledRow] = {}
    for row in filled_rows(path, ("code", "value"), findings):
        if not _is_of_month(row, month):
            continue
        indicator, place = known_indicator(row, of_code), _place(row, area)
        if indicator is None or place is None or not _is_entered(row, indicator, place):
            continue
        value = row.figure("value", indicator)
        key = (indicator.code, place)
        if key in rows_of:
            message = said("is given in row {row}, too", row=rows_of[key])
            row.fault("repeated", "code", message, said("delete one of the rows"))
        rows_of.setdefault(key, row.number)
        if value is not None:
            found[key], rows[key] = EnteredFigure(value=value, reporter=row.text("reporter")), row
    _check_sums(found, rows)
    _check_parts(found, rows)
    _check_townships(found, rows, indicators, area)
    _check_villages(found, rows, area)
    if not rows_of and not findings:
        findings.append(_no_row(path, month))
    raise_for(findings, Message("{file}: the figures cannot be used as they are", file=path.name))
    return found


def _check_sums(found: Mapping[tuple[str, str], EnteredFigure], rows: Mapping[tuple[str, str], FilledRow]) -> None:
    """Add a fault where a total is not the sum of its parts, which are all filled in."""
    for code, parts in PARTS.items():
        total, known = found.get((code, COUNTY)), [found.get((part, COUNTY)) for part in parts]
        if total is None or None in known:  # parts of which some are not filled in: `_check_parts`
            continue
        added = sum(part.value for part in known if part is not None)
        if abs(added - total.value) > _SUM_ROUNDS:
            message = said("is not the sum of {parts}, {total}", parts=list(parts), total=f"{added:g}")
            rows[code, COUNTY].fault("not_the_sum", "value", message, said("correct it, or one of its parts"))


def _check_parts(found: Mapping[tuple[str, str], EnteredFigure], rows: Mapping[tuple[str, str], FilledRow]) -> None:
    """Add a fault where what is filled in of the parts is more than the whole."""
    unfinished = [(parts, (code,)) for code, parts in PARTS.items() if any((one, COUNTY) not in found for one in parts)]
    for place in dict.fromkeys(place for _, place in found):
        for parts, wholes in (*unfinished, *_WITHIN):
            known = [one for one in parts if (one, place) in found]
            if not known or any((one, place) not in found for one in wholes):
                continue
            part, whole = (sum(found[one, place].value for one in codes) for codes in (known, wholes))
            if part > whole + (_SUM_ROUNDS if wholes[0] in PARTS else 0.0):
                message = said(
                    "with {part} is more than {wholes} with {whole}, of which it is a part",
                    part=f"{part:g}",
                    wholes=list(wholes),
                    whole=f"{whole:g}",
                )
                for code in known:
                    rows[code, place].fault("more_than_the_whole", "value", message, said("correct one of them"))


def _check_townships(
    found: Mapping[tuple[str, str], EnteredFigure],
    rows: Mapping[tuple[str, str], FilledRow],
    indicators: Sequence[Indicator],
    area: StudyArea,
) -> None:
    """Add a fault where the townships that are filled in have more together than the county has."""
    for one in indicators:
        if (one.code, COUNTY) not in found or one.kind not in ("count", "amount") or not one.adds_up:
            continue
        known = [found[one.code, place.id].value for place in area.townships if (one.code, place.id) in found]
        whole = found[one.code, COUNTY].value
        if sum(known) > whole + (0.0 if one.kind == "count" else _SUM_ROUNDS):
            message = said("is less than the townships have together, {total}", total=f"{sum(known):g}")
            rows[one.code, COUNTY].fault("less_than_parts", "value", message, said("correct it, or a township"))


def _check_villages(
    found: Mapping[tuple[str, str], EnteredFigure], rows: Mapping[tuple[str, str], FilledRow], area: StudyArea
) -> None:
    """Add a fault where more villages are said than there are."""
    left_out = area.rows_left_out
    for (code, place), figure in found.items():
        if code not in ("B2.1", "B5.3"):
            continue
        poor = code == "B2.1"
        there = [
            one for one in area.villages if place in (COUNTY, one.township_id) and (one.registered_poor or not poor)
        ]
        most = len(there) + (left_out.poor_villages if poor else left_out.villages)  # nobody knows in which township
        if figure.value > most:
            message = said("is more villages than there are, {most}", most=most)
            rows[code, place].fault("more_than_there_are", "value", message, said("correct it, or the villages' file"))


def _no_row(path: Path, month: Month) -> Finding:
    from planner.geodata.findings import Severity, about_file

    message = said("has no row for {month}", month=str(month))
    remedy = said("write the month into the column of the period, as {month}", month=str(month))
    return about_file(Severity.ERROR, "no_row", path.name, message, remedy)


def _is_of_month(row: FilledRow, month: Month) -> bool:
    """Return whether a row is of the month: its period says so, or says nothing."""
    written = row.text("period")
    if not written:
        return True
    digits = "".join(c if c.isdigit() else " " for c in written).split()
    if len(digits) == 1 and len(digits[0]) == 6:
        digits = [digits[0][:4], digits[0][4:]]
    if len(digits) < 2 or len(digits[0]) != 4 or not 1 <= int(digits[1]) <= 12:
        row.fault("no_month", "period", said("is no month"), said("write it as {month}", month=str(month)))
        return False
    return (int(digits[0]), int(digits[1])) == (month.year, month.number)


def _place(row: FilledRow, area: StudyArea) -> str | None:
    """Return the township that a row names by code or name, the county where it names that or nothing; None: a fault."""
    code, name = row.text("place").removesuffix(".0"), row.text("place_name")
    if not code and (not name or is_called(name, area.name, area.name_latin)):
        return COUNTY
    if code and code in (area.division_code, area.id):
        return COUNTY
    if code in area.township_by_id:
        return code
    divisions = [Division(code=township.id, name=township.name) for township in area.townships]
    named = divisions_called(code or name, divisions, plain_township)
    latin = [township.id for township in area.townships if is_called(code or name, township.name_latin)]
    ids = [division.code for division in named] or latin
    if len(ids) == 1:
        return ids[0]
    field = "place" if code else "place_name"
    message = said("is no township of this county") if not ids else said("is the name of several townships")
    row.fault("unknown_township", field, message, said("write its code; leave it empty for the county"))
    return None


def _is_entered(row: FilledRow, indicator: Indicator, place: str) -> bool:
    if not indicator.entered:
        if row.text("value"):
            message = said("is worked out from plans and is not filled in")
            row.fault("computed", "code", message, said("delete the row"))
        return False
    if place != COUNTY and not indicator.by_township:
        if row.text("value"):
            message = said("is a figure of the county, not of townships")
            row.fault("county_only", "code", message, said("leave the township empty, or delete the row"))
        return False
    return True


def with_sums(
    entered: Mapping[tuple[str, str], EnteredFigure], indicators: Sequence[Indicator], area: StudyArea
) -> Entered:
    """Return the figures with the sums of what was filled in instead: of all townships, or of all four sources of money."""
    found = dict(entered)
    for code, codes in PARTS.items():
        given = [found.get((part, COUNTY)) for part in codes]
        if (code, COUNTY) not in found and None not in given:
            found[code, COUNTY] = _added([part for part in given if part is not None])
    for indicator in indicators:
        if (indicator.code, COUNTY) in found or indicator.kind not in ("count", "amount") or not indicator.adds_up:
            continue
        parts = [found.get((indicator.code, township.id)) for township in area.townships]
        known = [part for part in parts if part is not None]
        if known and len(known) == len(parts):
            found[indicator.code, COUNTY] = _added(known)
    return found


def _added(parts: Sequence[EnteredFigure]) -> EnteredFigure:
    reporters = ", ".join(dict.fromkeys(part.reporter for part in parts if part.reporter))
    return EnteredFigure(value=sum(part.value for part in parts), reporter=reporters)

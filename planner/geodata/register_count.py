"""How many of the register's villages were read: nobody sees of a table alone that half of it is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planner.errors import list_offenders
from planner.geodata.columns import NAMES
from planner.geodata.findings import Finding, Severity, about_file
from planner.geodata.reading import Reading
from planner.geodata.register import villages_of
from planner.model import Village, said


def compared_with_register(villages: Sequence[Village], county: str, file: str, reading: Reading) -> Iterator[Finding]:
    """Yield how many of the county's villages (those with a village committee) were read; nothing without a register.

    A village whose row has a fault is in the table: its row says so, and nobody is told to add it.
    """
    listed = [village for village in villages_of(county) if village.name.endswith(tuple(NAMES["village_committees"]))]
    if not listed:
        return
    good = {village.id for village in villages}
    faulty = {id_ for kind, id_ in reading.rows_of if kind is Village} - good
    read = good | faulty
    missing = [division for division in listed if division.code not in read]
    beside = len(good - {division.code for division in villages_of(county)})
    figures = {"found": len(listed) - len(missing), "count": len(listed), "beside": beside, "faulty": len(faulty)}
    message = said("{found} of the {count} villages in the register were read", **figures)
    if faulty:
        message = said(
            "{found} of the {count} villages in the register are in the table, the rows of {faulty} villages are at fault",
            **figures,
        )
    elif beside:
        message = said(
            "{found} of the {count} villages in the register were read, and {beside} that it lacks", **figures
        )
    if not missing:
        yield about_file(Severity.NOTE, "register_count", file, message, said("nothing, if that is right"))
        return
    names = list_offenders([f"{division.name} ({division.code})" for division in missing])
    remedy = said("add the missing ones, or leave them out on purpose: {names}", names=names)
    yield about_file(Severity.WARNING, "register_count", file, message, remedy)

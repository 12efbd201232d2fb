"""The table of how often points are to be visited: a site and its visits a week in each row."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from importlib import resources
from pathlib import Path

from planner.errors import BadDataError, Message, of_file
from planner.geodata.columns import Vocabulary, normal
from planner.geodata.findings import Severity, about_file, raise_for
from planner.geodata.headings import known_headings
from planner.geodata.personal_data import shown_error
from planner.geodata.place_rows import Table, shown_table
from planner.geodata.row_reader import RowReader
from planner.geodata.sheet_table import cell_sheets, table_of
from planner.geodata.tables import SPREADSHEETS
from planner.model import StudyArea, Tier, said

_WORDS: dict[str, dict[str, list[str]]] = tomllib.loads(
    resources.files("planner.geodata").joinpath("visit_words.toml").read_text(encoding="utf-8")
)
VISITS = Vocabulary(
    headings={name: tuple(words) for name, words in _WORDS["headings"].items()},
    own=frozenset({"visits"}),
    figures=frozenset({"visits"}),
    without=Message("no row of headings: name the columns site_id and visits"),
)


def read_visits(path: Path, area: StudyArea, most: int) -> dict[str, int]:
    """Return the visits a week of each site that a workbook or text file names, by id or by name.

    Raises
    ------
    BadDataError
        If it cannot be read, or a row is at fault, all of them listed: no site of the area, one given twice, or visits that
        are no whole number from 1 to ``most``, the days of the week on which vehicles drive.
    """
    table = _table(path, area)
    findings = list(table.findings)
    for name, message in (("site", said("has no column of sites")), ("visits", said("has no column of visits a week"))):
        if name not in table.headings:
            remedy = said("name one {column}", column={"site": "site_id"}.get(name, name))
            findings.append(about_file(Severity.ERROR, "no_column", table.file, message, remedy))
    found: dict[str, int] = {}
    rows: dict[str, int] = {}
    called = _by_name(area)
    for row in table.rows if not any(one.spoils_file for one in findings) else ():
        reader = RowReader(table, row, findings)
        visits = reader.number("visits", low=1, high=most, whole=True)
        id_ = _site(reader, called)
        if id_ in rows:
            message = said("is given in row {row}, too", row=rows[id_])
            reader.note(Severity.ERROR, "repeated", "site", message, said("delete one of the rows"))
        rows.setdefault(id_, row.number)
        if id_ and visits is not None and not reader.bad:
            found[id_] = int(visits)
    raise_for(findings, Message("{file}: the table of visits cannot be used as it is", file=path.name))
    return found


def _site(reader: RowReader, called: Mapping[str, tuple[str, ...]]) -> str:
    """Return the site that a row names, noting a fault where there is none or several."""
    text = reader.text("site")
    ids = called.get(normal(text).lower(), ())
    if len(ids) == 1:
        return ids[0]
    if not text:
        message, remedy = said("is empty"), said("write the id or the name of a site")
    elif not ids:
        message, remedy = said("is no site of the area"), said("correct it, or leave the row out")
    else:
        message, remedy = said("is the name of several sites: {ids}", ids=list(ids)), said("write the id instead")
    reader.note(Severity.ERROR, "unknown_site", "site", message, remedy)
    return ""


def _by_name(area: StudyArea) -> dict[str, tuple[str, ...]]:
    """Return the points and stations by what they are called: an id is nobody else's, a name may be."""
    found: dict[str, tuple[str, ...]] = {}
    sites = [site for site in area.sites if site.tier is not Tier.COUNTY_HUB]
    for site in sites:
        for name in {site.name, getattr(site, "name_latin", "")} - {""}:
            key = normal(name).lower()
            found[key] = (*found.get(key, ()), site.id)
    return found | {normal(site.id).lower(): (site.id,) for site in sites}


def _table(path: Path, area: StudyArea) -> Table:
    if not path.is_file():
        raise BadDataError(
            of_file(path.name, Message("no such file")), [Message("looked for {path}", path=path.resolve())]
        )
    if path.suffix.lower() not in SPREADSHEETS:
        ending = Message("{kind} extension", kind=path.suffix) if path.suffix else Message("no extension")
        what = Message("{ending}: visits are read from {known}", ending=ending, known=sorted(SPREADSHEETS))
        raise BadDataError(of_file(path.name, what))
    try:
        sheets = cell_sheets(path, partial(known_headings, vocabulary=VISITS))
        table = table_of(path, sheets, [sheet.name for sheet in sheets], "", vocabulary=VISITS)
    except BadDataError as error:
        raise shown_error(error, (path.name,)) from error
    names = {name for site in area.sites for name in (site.id, site.name)}
    return shown_table(replace(table, codes=frozenset(names)))

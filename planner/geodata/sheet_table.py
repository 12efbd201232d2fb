"""Workbooks and text files → one table: sheets chosen, headings found, columns chosen, rows of places told apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from planner.errors import BadDataError, Message, list_offenders, of_file
from planner.geodata.column_choice import ColumnChoice, chosen_columns
from planner.geodata.columns import PATTERNS, PLACES, Vocabulary, normal
from planner.geodata.findings import Finding, Severity, about_file
from planner.geodata.headings import HEADING_ROWS, Column, Headings, find_headings, known_headings
from planner.geodata.misread_table import misread_cells, refuse_misread
from planner.geodata.place_rows import NO_TABLE, Fault, Row, Table, repeated
from planner.geodata.readers.calamine_sheets import NO_WORKBOOK, CellSheet, is_workbook
from planner.geodata.readers.delimited import text_sheet
from planner.geodata.readers.sheets import sheets_of
from planner.geodata.sheet_choice import chosen_parts
from planner.geodata.sheet_rows import SheetRows, rows_below
from planner.model import Fact, said
from planner.sandbox import cap, over_cap, web_page_fault

_COUNTY, _PART = 6, 3  # digits of a county's code, and of what a township and a village add to it
_TEXT = frozenset({".csv", ".txt", ".tsv"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """One sheet with its headings, the columns that are read and its rows."""

    sheet: CellSheet
    headings: Headings
    choice: ColumnChoice
    rows: SheetRows
    vocabulary: Vocabulary

    @property
    def name(self) -> str:
        return self.sheet.name

    @property
    def hidden(self) -> bool:
        return self.sheet.hidden

    @property
    def fields(self) -> frozenset[str]:
        return frozenset(self.choice.column_of)

    @property
    def kind(self) -> str:
        if self.vocabulary is not PLACES:
            return "villages"
        if self.fields & {"place", "tier", "status"}:
            return "sites"
        names = [self.cell(cells, "name") for _, cells in self.rows.places]
        of_townships = sum(bool(PATTERNS["section"].search(name)) for name in names) * 2 > len(names)
        return "townships" if of_townships else "villages"

    @property
    def keys(self) -> frozenset[str]:
        if "waybill" in self.fields:
            return frozenset()  # many parcels go to one place
        keys = [self.cell(c, "id") or self.cell(c, "township") + self.cell(c, "name") for _, c in self.rows.places]
        return frozenset(key for key in keys if key)

    def cell(self, cells: Sequence[str], field: str) -> str:
        """Return a cell of a row by its field, empty where there is none."""
        column = self.choice.column_of.get(field)
        return cells[column.place].strip() if column and column.place < len(cells) else ""


def sheet_table(path: Path, wanted: str = "") -> Table:
    """Return the table of a workbook or text file.

    Raises
    ------
    BadDataError
        As `planner.geodata.tables.read_table`.
    """
    sheets = cell_sheets(path)
    return table_of(path, sheets, [sheet.name for sheet in sheets], wanted)


def table_of(
    path: Path,
    sheets: Sequence[CellSheet],
    names: Sequence[str],
    wanted: str,
    faults: Mapping[str, Mapping[int, Fault]] | None = None,
    vocabulary: Vocabulary = PLACES,
) -> Table:
    """Return the table of sheets or layers; ``names`` are those of all in the file, ``faults`` are known by sheet and row.

    ``vocabulary`` says what its columns may be called.

    Raises
    ------
    BadDataError
        As `planner.geodata.tables.read_table`.
    """
    name = path.name
    if not sheets:
        raise BadDataError(of_file(name, Message("is empty")))
    read = [part for sheet in sheets if (part := _read(sheet, vocabulary))]
    if not read:
        given = [row for sheet in sheets for row in (sheet.rows if vocabulary is PLACES else sheet.rows[:1])]
        refuse_misread(name, [cell.strip() for _, cells in given for cell in cells])
        raise BadDataError(of_file(name, vocabulary.without))
    with_headings = {part.name for part in read}
    unheaded = list(
        _unheaded(name, [sheet for sheet in sheets if not sheet.hidden and sheet.name not in with_headings], read)
    )
    said_of = {sheet for sheet, _ in unheaded}
    choice = chosen_parts(name, read, [sheet for sheet in names if sheet not in said_of], wanted)
    problems = [problem for part in choice.parts for problem in _problems(part)]
    if problems:
        raise BadDataError(of_file(name, NO_TABLE), problems)
    several = len(choice.parts) > 1
    rows: list[Row] = []
    findings = [*choice.findings, *(finding for _, finding in unheaded)]
    for part in choice.parts:
        label = f"{name} [{part.name}]" if several else name
        township, whence = _township_of(part, path.stem, alone=not several)
        rows += list(_rows(part, part.name if several else "", township, (faults or {}).get(part.name, {})))
        findings += [*_about_columns(part, label), *_about_rows(part, label)]
        if whence is not None:
            message = said("its rows are of {township}, as {whence} says", township=township, whence=whence)
            findings.append(_note("township_of_sheet", label, message))
    return _table(name, choice.parts, rows, [*findings, *misread_cells(name, rows)])


def _unheaded(file: str, sheets: Sequence[CellSheet], parts: Sequence[_Read]) -> Iterator[tuple[str, Finding]]:
    """Yield name and finding of each sheet that goes on with another's table without its headings: rows nobody reads."""
    for sheet in sheets:
        alike = [part for part in parts if any(_is_like(cells, part) for _, cells in sheet.rows)]
        rows = [number for number, cells in sheet.rows if alike and _is_like(cells, alike[0])]
        if not rows:
            continue
        message = said("{count} rows of places are not read, for the sheet has no headings", count=len(rows))
        remedy = said("put the headings of {sheet} above them", sheet=alike[0].name)
        yield (
            sheet.name,
            Finding(
                severity=Severity.WARNING,
                code="sheet_without_headings",
                file=f"{file} [{sheet.name}]",
                row=rows[0],
                field="",
                value="",
                message=message,
                remedy=remedy,
            ),
        )


def _is_like(cells: Sequence[str], part: _Read) -> bool:
    """Return whether a row has a name and figures where a sheet has them."""
    filled = {field for field in part.choice.column_of if part.cell(cells, field)}
    figures = filled & part.vocabulary.figures
    return bool(filled & {"name", "place"}) and any(c.isdigit() for field in figures for c in part.cell(cells, field))


def _table(name: str, parts: Sequence[_Read], rows: Sequence[Row], findings: Sequence[Finding]) -> Table:
    columns: dict[str, Column] = {}
    for part in parts:
        columns = {**part.choice.column_of, **columns}
    heading_of = {field: column.heading for field, column in columns.items()}
    if any("township" in row.cells for row in rows):
        heading_of.setdefault("township", "township")
    return Table(
        file=name,
        headings=heading_of,
        unused=tuple(
            column.heading
            for column in parts[0].headings.columns
            if column.heading and not column.field and not column.of_persons and not _in_unknown_unit(parts[0], column)
        ),
        of_persons=tuple(
            dict.fromkeys(column.heading for part in parts for column in part.headings.columns if column.of_persons)
        ),
        rows=tuple(rows),
        multiples={field: column.multiple for field, column in columns.items() if column.multiple != 1},
        findings=tuple(findings),
        places={field: column.place for field, column in columns.items()} if len(parts) == 1 else {},
        heading_row=parts[0].headings.last,
    )


def cell_sheets(path: Path, known: Callable[[Sequence[str]], int] = known_headings) -> tuple[CellSheet, ...]:
    """Return the sheets of a workbook or text file that have cells; ``known`` counts the headings of a row that are read.

    Raises
    ------
    BadDataError
        If it is damaged, of another kind, in an unknown encoding, or goes beyond a cap.
    """
    with path.open("rb") as file:
        workbook = is_workbook(file.read(8))
    if workbook:
        return sheets_of(path)
    if path.stat().st_size > cap("text_mb") * 2**20:
        raise over_cap(path.name, "text_mb")
    content = path.read_bytes()
    if fault := web_page_fault(content):
        raise BadDataError(of_file(path.name, fault))
    text = path.suffix.lower() in _TEXT
    if not text and (content.lstrip()[:1] == b"<" or b"\0" in content[:4096]):
        raise BadDataError(of_file(path.name, NO_WORKBOOK))
    sheet = text_sheet(content, path.name, known)
    if not text and not any(
        known(cells) for _, cells in sheet.rows[:HEADING_ROWS]
    ):  # some programs write text and call it .xls
        raise BadDataError(of_file(path.name, NO_WORKBOOK))
    return (sheet,) if any(cell.strip() for _, cells in sheet.rows for cell in cells) else ()


def _read(sheet: CellSheet, vocabulary: Vocabulary) -> _Read | None:
    headings = find_headings(sheet, vocabulary)
    if headings is None:
        return None
    below = [row for row in sheet.rows if row[0] > headings.last]
    choice = chosen_columns(headings, below)
    place_of = {field: column.place for field, column in choice.column_of.items()}
    rows = rows_below(sheet, headings, place_of, vocabulary)
    return _Read(sheet=sheet, headings=headings, choice=choice, rows=rows, vocabulary=vocabulary)


def _problems(part: _Read) -> Iterator[Message]:
    """Yield what keeps a sheet from being read: columns that contradict each other, rows longer than the headings."""
    yield from repeated([(column.heading, str(column.field)) for column in part.choice.contradicting])
    if part.name:
        return  # in a workbook a cell beside the table is a remark; in a text file it moves all others
    width = max(len(cells) for number, cells in part.sheet.rows if number <= part.headings.last)
    for number, cells in part.rows.places:
        if any(cell.strip() for cell in cells[width:]):
            yield Message(
                "row {row}: {count} cells for {headings} headings: quote text that holds the delimiter",
                row=number,
                count=len(cells),
                headings=width,
            )


def _township_of(part: _Read, stem: str, *, alone: bool) -> tuple[str, Fact | None]:
    """Return the township that all rows of a sheet are of, where no column says it, and what says it."""
    if part.fields & {"township", "township_code", "place"} or part.kind != "villages":
        return "", None
    title = next((found[1] for text in part.headings.above if (found := PATTERNS["township_in_title"].match(text))), "")
    named = PATTERNS["section_number"].sub("", normal(part.name))
    for text, whence in (
        (named, said("the sheet's name")),
        (title, said("the title above the table")),
        (normal(stem), said("the file's name")),
    ):
        if PATTERNS["section"].search(text):
            return text, whence
    return (named, said("the sheet's name")) if not alone and "id" not in part.fields else ("", None)


def _rows(part: _Read, sheet: str, township: str, known: Mapping[int, Fault]) -> Iterator[Row]:
    for number, cells in part.rows.places:
        values = {field: part.cell(cells, field) for field in part.choice.column_of}
        _put_codes_together(values)
        above = part.rows.section_of.get(number) or township
        if above and not values.get("township") and not values.get("id"):
            values["township"] = above
        faults = [known[number]] if number in known else []
        faults += [
            _uncomputed(field)
            for field, column in part.choice.column_of.items()
            if (number, column.place + 1) in part.sheet.formulas
        ]
        faults += [_merged(field, *rows) for (row, field), rows in part.rows.shared.items() if row == number]
        yield Row(number=number, cells=values, sheet=sheet, faults=tuple(faults))


def _put_codes_together(values: dict[str, str]) -> None:
    """Make whole codes of those that stand in parts: a county's six digits, three of the township, three of the village."""
    county, town, own = (
        "".join(normal(values.get(field, "")).removesuffix(".0").split())
        for field in ("county_code", "township_code", "id")
    )
    if town.isdigit() and len(town) <= _PART and len(county) == _COUNTY:
        town = county + town.zfill(_PART)
    if len(town) == _COUNTY + 2 * _PART and town.endswith("0" * _PART):
        town = town[:-_PART]
    if len(town) != _COUNTY + _PART or not town.isdigit():
        return
    if own.isdigit() and len(own) <= _PART:
        values["id"] = town + own.zfill(_PART)
    if not values.get("township") and not values.get("id"):
        values["township"] = town


def _uncomputed(field: str) -> Fault:
    message = said("is a formula whose result is not in the file")
    remedy = said("open the file in Excel or WPS and save it, or paste the values")
    return Fault(severity=Severity.ERROR, code="formula_without_result", field=field, message=message, remedy=remedy)


def _merged(field: str, first: int, last: int) -> Fault:
    message = said("is one merged cell over the rows {first} to {last}", first=first, last=last)
    remedy = said("split the cell and fill in each row")
    return Fault(severity=Severity.ERROR, code="merged_cell", field=field, message=message, remedy=remedy)


def _about_columns(part: _Read, label: str) -> Iterator[Finding]:
    for field, others in part.choice.passed_over.items():
        heading = part.choice.column_of[field].heading
        message = said("{heading} is read, not {others}", heading=heading, others=[column.heading for column in others])
        remedy = said("delete or rename the column if another one is meant")
        yield about_file(Severity.NOTE, "column_chosen", label, message, remedy, field=heading)
    for column in part.headings.columns:
        if unit := _in_unknown_unit(part, column):
            message = said("has the unit {unit}, which is not known here", unit=unit)
            remedy = said("convert its figures to parcels, kilograms or cubic metres, and say so in the heading")
            yield about_file(Severity.ERROR, "unknown_unit", label, message, remedy, field=column.heading)


def _in_unknown_unit(part: _Read, column: Column) -> str:
    """Return the unit that keeps a column from being read, empty where it is, or where another has its field."""
    field, unit = column.unknown_unit or ("", "")
    return unit if field not in part.fields else ""


def _about_rows(part: _Read, label: str) -> Iterator[Finding]:
    for number, word in part.rows.totals:
        yield Finding(
            severity=Severity.NOTE,
            code="totals_row",
            file=label,
            row=number,
            field=_heading_over(part, number, word),
            value=word,
            message=said("is a row of totals, no place"),
            remedy=said("nothing, if it is one; it is not read"),
        )
    if part.rows.remarks:
        yield _note(
            "remark_rows", label, said("remarks, not read: rows {rows}", rows=list_offenders(part.rows.remarks))
        )
    if part.rows.sections:
        message = said("rows {rows} name the township of the rows below them", rows=list_offenders(part.rows.sections))
        yield _note("section_rows", label, message)
    for field, count in part.rows.filled_down.items():
        heading = part.choice.column_of[field].heading
        message = said("{count} cells are filled in from above: merged, or written once for many rows", count=count)
        remedy = said("nothing, if each row is right so")
        yield about_file(Severity.NOTE, "filled_down", label, message, remedy, field=heading)


def _heading_over(part: _Read, number: int, word: str) -> str:
    cells = dict(part.sheet.rows)[number]
    place = next((place for place, cell in enumerate(cells) if normal(cell) == word), 0)
    return next((column.heading for column in part.headings.columns if column.place == place), "")


def _note(code: str, label: str, message: Fact) -> Finding:
    return about_file(Severity.NOTE, code, label, message, said("nothing, if that is right"))

"""An area's villages without a position, and what lists of points propose for them; what is certain goes into the table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from planner.config import Datum, PlanConfig
from planner.geodata.assemble import boundary_of
from planner.geodata.datum import from_wgs84, to_wgs84
from planner.geodata.decimal_degrees import in_degrees
from planner.geodata.findings import Finding, Severity, about_file
from planner.geodata.gazetteer.filled_table import Cells, fill_cells
from planner.geodata.gazetteer.named_points import NamedPoint, PointList, read_points
from planner.geodata.gazetteer.same_village import Match, MatchVerdict, NamedVillage, Position, match_villages
from planner.geodata.lookups import divisions_called, township_of
from planner.geodata.place_rows import Table
from planner.geodata.reading import Reading
from planner.geodata.records import read_townships
from planner.geodata.register import Division, plain_township, seats_of, townships_of, villages_of
from planner.geodata.row_figures import coordinates
from planner.geodata.spreadsheets import csv_layout
from planner.geodata.tables import read_table
from planner.model import Township, Village, said

PROPOSALS_NAME = "positions.csv"
_DECIMALS = 6
_LISTED = 10
_LAT_COLUMN = 8  # as planner.cli.filling_in writes the list


@dataclass(frozen=True, kw_only=True)
class Proposals:
    """What lists of points say of an area's villages; ``had_position`` were there before and are not touched.

    ``written`` is how many positions went into the table ``villages``, ``listed`` is where all that was found belongs, and
    ``townships`` are the names of the county's.
    """

    matches: tuple[Match, ...]
    townships: Mapping[str, str]
    had_position: int
    lists: tuple[PointList, ...]
    villages: Path
    listed: Path
    written: int
    findings: tuple[Finding, ...]

    def count(self, verdict: MatchVerdict) -> int:
        """Return how many villages without a position have this verdict."""
        return sum(match.verdict is verdict for match in self.matches)


@dataclass(frozen=True, kw_only=True)
class _Townships:
    divisions: Sequence[Division]
    seats: dict[str, Position]


def propose_positions(config: PlanConfig, files: Sequence[Path], *, datum: Datum | None = None) -> Proposals:
    """Fill in the positions of villages that a list of points has beyond doubt.

    Cells that somebody filled in are never changed. ``datum`` is that of tables among ``files``, the area's if left out.

    Raises
    ------
    BadDataError
        If a file cannot be read, or the table of villages cannot be written.
    """
    about = config.area
    path = config.resolve(about.villages)
    boundary, townships = boundary_of(config), _townships(config)
    table = in_degrees(read_table(path, "villages"), about.datum, boundary)
    villages, rows = _villages(table, townships.divisions, about.datum)
    lists = tuple(
        read_points(file, datum=datum or about.datum, boundary=boundary, townships=townships.divisions)
        for file in files
    )
    points = tuple(dict.fromkeys(point for one in lists for point in one.points))
    seats = seats_among(points, townships.divisions) | townships.seats
    matches = match_villages([*villages, *_others(villages, about.division_code)], points, seats)
    found = [match for match in matches if match.verdict is MatchVerdict.FOUND]
    listed = path.with_name(PROPOSALS_NAME)
    filled = _cells_of(found, rows, about.datum)
    if filled:
        fill_cells(path, table, filled)
    findings = [finding for one in lists for finding in one.findings]
    findings += _unsettled(matches, table.file, listed.name)
    return Proposals(
        matches=tuple(matches),
        townships={one.code: one.name for one in townships.divisions},
        had_position=sum(village.position is not None for village in villages),
        lists=lists,
        villages=path,
        listed=listed,
        written=len(filled),
        findings=tuple(findings),
    )


def seats_among(points: Iterable[NamedPoint], townships: Sequence[Division]) -> dict[str, Position]:
    """Return where the points have the seats of townships, by code: those with the name of one township only."""
    seats: dict[str, Position] = {}
    for point in points:
        called = [one for name in point.names for one in divisions_called(name, townships, plain_township)]
        if point.is_seat and len({one.code for one in called}) == 1:
            seats.setdefault(called[0].code, point.position)
    return seats


def _townships(config: PlanConfig) -> _Townships:
    about = config.area
    if about.townships is not None:
        listed: list[Township] = read_townships(
            in_degrees(read_table(config.resolve(about.townships), "townships"), about.datum, boundary_of(config)),
            about.datum,
            about.division_code,
            Reading(),
        )
        return _Townships(
            divisions=[Division(code=one.id, name=one.name) for one in listed],
            seats={one.id: (one.lon, one.lat) for one in listed},
        )
    seats = seats_of(about.division_code) if about.division_code else ()
    return _Townships(
        divisions=townships_of(about.division_code), seats={one.code: (one.lon, one.lat) for one in seats}
    )


def _villages(table: Table, townships: Sequence[Division], datum: Datum) -> tuple[list[NamedVillage], dict[str, int]]:
    """Return the villages of a table whose township is known, and the row of each; faults are what a check is for."""
    by_code = {one.code: one for one in townships}
    villages: list[NamedVillage] = []
    rows: dict[str, int] = {}
    for reader in Reading().readers(table, ["name", "lon", "lat"]):
        name, code = reader.text("name"), reader.code("id")
        township = township_of(reader, code, by_code)
        position: Position | None = None
        if reader.has("lon") or reader.has("lat"):
            lon, lat = coordinates(reader)
            lons, lats = to_wgs84(np.array([lon]), np.array([lat]), datum)
            position = (float(lons[0]), float(lats[0]))
        id_ = code or f"{township}:{name}"
        if not name or not township or id_ in rows:
            continue
        rows[id_] = reader.row.number
        villages.append(NamedVillage(id=id_, name=name, township_id=township, position=position))
    return villages, rows


def _others(villages: Sequence[NamedVillage], county: str) -> list[NamedVillage]:
    """Return what else the register has in the county: a point that is one of these is none of the villages."""
    taken = {village.id for village in villages} | {(village.township_id, village.name) for village in villages}
    return [
        NamedVillage(id=one.code, name=one.name, township_id=one.code[:9], wanted=False)
        for one in (villages_of(county) if county else ())
        if one.code not in taken and (one.code[:9], one.name) not in taken
    ]


def _cells_of(found: Sequence[Match], rows: dict[str, int], datum: Datum) -> dict[int, Cells]:
    """Return what to write into which row, in the datum of the table."""
    at = np.array([match.points[0].position for match in found]).reshape(-1, 2)
    lons, lats = from_wgs84(at[:, 0], at[:, 1], datum)
    return {
        rows[match.village.id]: {
            "lon": f"{lon:.{_DECIMALS}f}",
            "lat": f"{lat:.{_DECIMALS}f}",
            "coordinate_source": match.points[0].origin or match.points[0].source.value,
        }
        for match, lon, lat in zip(found, lons, lats, strict=True)
    }


def _unsettled(matches: Sequence[Match], file: str, listed: str) -> Iterable[Finding]:
    """Yield one finding for the villages whose points are in doubt, and one for those without any."""
    remedy = said("look at {file}, and fill in lon and lat of those you know", file=listed)
    for verdict in (MatchVerdict.AMBIGUOUS, MatchVerdict.SOUNDS_ALIKE, MatchVerdict.NO_POINT):
        names = [match.village.name for match in matches if match.verdict is verdict]
        if not names:
            continue
        count, shown = len(names), [*names[:_LISTED], *(["..."] if len(names) > _LISTED else [])]
        if verdict is MatchVerdict.AMBIGUOUS:
            message = said("{count} villages have points that may be another's: {names}", count=count, names=shown)
        elif verdict is MatchVerdict.SOUNDS_ALIKE:
            message = said("{count} villages have points that only sound like them: {names}", count=count, names=shown)
        else:
            message = said("{count} villages have no point: {names}", count=count, names=shown)
        severity = Severity.NOTE if verdict is MatchVerdict.NO_POINT else Severity.WARNING
        yield about_file(severity, verdict.value, file, message, remedy)


def open_cases(villages_file: Path, villages: Iterable[Village]) -> Iterable[Finding]:
    """Yield how many villages without a position have points listed beside their table that may be theirs."""
    listed = villages_file.with_name(PROPOSALS_NAME)
    if not listed.is_file():
        return
    pointed = {cells[0] for _, cells in csv_layout(listed)[0][1:] if len(cells) > _LAT_COLUMN and cells[_LAT_COLUMN]}
    names = [village.name for village in villages if village.at_seat and village.id in pointed]
    if names:
        shown = [*names[:_LISTED], *(["..."] if len(names) > _LISTED else [])]
        message = said(
            "points that may be those of villages without a position, {count} in all: {names}",
            count=len(names),
            names=shown,
        )
        remedy = said("copy lon and lat of the right ones into {file}", file=villages_file.name)
        yield about_file(Severity.NOTE, "positions_open", listed.name, message, remedy)


def counted_sources(matches: Iterable[Match]) -> dict[str, int]:
    """Return how many positions were found in which list."""
    found = (match.points[0] for match in matches if match.verdict is MatchVerdict.FOUND)
    return dict(Counter(point.origin or point.source.value for point in found))

"""What reading tables has given so far: findings, the rows left out, and which row each place came from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from planner.geodata.findings import Finding, Severity, about_file
from planner.geodata.place_rows import Row, Table
from planner.geodata.row_reader import RowReader
from planner.model import Site, Township, Village, said

_Place = TypeVar("_Place", Township, Village, Site)
Key = tuple[type, str]
"""Kind and id of a place: a township and a village may share an id."""
TableRow = tuple[Table, Row]
_HEADED = {
    "name": said("name or village"),
    "lon": said("lon or lng or longitude"),
    "lat": said("lat or latitude"),
    "population": said("population or pop"),
    "place": said("place or place_id"),
}
"""How to head the columns that a table may lack."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleOfRow:
    """A row of villages, good or at fault, with what it says of people: 0 where it says nothing that can be read."""

    row: Row
    village: tuple[str, str]
    population: int
    households: int
    registered_poor: bool


@dataclass(kw_only=True)
class Reading:
    """What reading one or more tables has given so far: good places, the rows left out, and all findings."""

    findings: list[Finding] = field(default_factory=list)
    rejected: list[TableRow] = field(default_factory=list)
    left_out: set[Key] = field(default_factory=set)
    repeats_noted: set[Key] = field(default_factory=set)
    rows_of: dict[Key, list[TableRow]] = field(default_factory=dict)
    good_rows: dict[Key, list[TableRow]] = field(default_factory=dict)
    village_rows: list[PeopleOfRow] = field(default_factory=list)

    def close(self, reader: RowReader, kind: type, id_: str) -> None:
        """Remember the row of an id, and note it as rejected if something in it was wrong."""
        row = (reader.table, reader.row)
        if id_:
            self.rows_of.setdefault((kind, id_), []).append(row)
        if reader.bad:
            self.rejected.append(row)
        else:
            self.good_rows.setdefault((kind, id_), []).append(row)

    def rows_of_good(self, places: Sequence[Village | Township | Site]) -> list[TableRow]:
        """Return the row of each place: the places are in the order they were read, and all of one id are among them."""
        seen: Counter[Key] = Counter()
        rows = []
        for place in places:
            key = (type(place), place.id)
            rows.append(self.good_rows[key][seen[key]])
            seen[key] += 1
        return rows

    def kept(self, places: Sequence[_Place]) -> list[_Place]:
        """Return the places that are not left out: their id is only theirs, and they lie where they can."""
        self.check_repeats()
        return [place for place in places if (type(place), place.id) not in self.left_out]

    def leave_out(self, key: Key) -> None:
        """Reject the rows of a place, for a reason that only showed when places were compared."""
        self.left_out.add(key)
        self.rejected += self.rows_of[key]

    def leave_out_villages_without_township(self, villages: Sequence[Village], townships: Sequence[Township]) -> None:
        """Reject the villages whose township was itself left out."""
        kept = {township.id for township in townships}
        for village in villages:
            key = (Village, village.id)
            if village.township_id in kept or key in self.left_out:
                continue
            self.leave_out(key)
            for table, row in self.rows_of[key]:
                self.findings.append(
                    Finding(
                        severity=Severity.ERROR,
                        code="township_left_out",
                        file=table.label(row),
                        row=row.number,
                        field=table.headings.get("township", "township"),
                        value=village.township_id,
                        message=said("the row of its township has an error"),
                        remedy=said("correct the township's row"),
                    )
                )

    def check_repeats(self) -> None:
        """Add a finding for each row whose id another row has too (once, however often it is called)."""
        for key, rows in self.rows_of.items():
            if len(rows) == 1 or key in self.repeats_noted:
                continue
            self.repeats_noted.add(key)
            self.leave_out(key)
            for table, row in rows:
                others = [said("{file} row {row}", file=t.label(r), row=r.number) for t, r in rows if r is not row]
                self.findings.append(
                    Finding(
                        severity=Severity.ERROR,
                        code="repeated_id",
                        file=table.label(row),
                        row=row.number,
                        field=table.headings.get("id", "id"),
                        value=key[1],
                        message=said("{others} has the same id", others=others),
                        remedy=said("give each its own, or delete all but one"),
                    )
                )

    def readers(self, table: Table, fields: Sequence[str]) -> Iterator[RowReader]:
        """Yield a reader for each row of places, none if one of ``fields`` has no column."""
        self.findings += table.findings
        if not table.rows:
            remedy = said("fill in a row for each place, or leave the file out")
            self.findings.append(about_file(Severity.ERROR, "no_row", table.file, said("contains no row"), remedy))
        if self._columns_missing(table, fields):
            return
        for row in table.rows:
            yield RowReader(table, row, self.findings)

    def _columns_missing(self, table: Table, fields: Sequence[str]) -> bool:
        """Add one finding for each column that is not there at all, instead of one for each row."""
        missing = [name for name in fields if name not in table.headings]
        for name in missing:
            remedy = said("add a column headed {heading}", heading=_HEADED[name])
            if name == "population":
                remedy = said("add a column headed {heading} (or set area.persons_per_village)", heading=_HEADED[name])
            message = said("there is no such column")
            self.findings.append(about_file(Severity.ERROR, "missing_column", table.file, message, remedy, field=name))
        if missing:
            self.rejected += [(table, row) for row in table.rows]
        return bool(missing)

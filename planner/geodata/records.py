"""Rows → townships, villages and sites, with a finding for everything that had to be judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np

from planner.config import Datum
from planner.geodata.columns import HEADINGS
from planner.geodata.datum import to_wgs84
from planner.geodata.fields import RowReader
from planner.geodata.findings import Finding, Severity
from planner.geodata.register import (
    Division,
    latin_name,
    plain_township,
    plain_village,
    short_name,
    townships_of,
    villages_of,
)
from planner.geodata.tables import Row, Table
from planner.places import CoordinateSource, PopulationSource, Site, SiteStatus, Tier, Township, Village
from planner.units import FloatArray

ASSUMED_HOUSEHOLD = 2.6  # persons, where nothing else is configured for a village without any figure: assumption
_COARSE_DECIMALS = 3  # fewer than three decimals of a degree mean more than a hundred metres

_Place = TypeVar("_Place", Township, Village, Site)
Key = tuple[type, str]
"""Kind and id of a place: a township and a village may share an id."""


@dataclass(kw_only=True)
class Reading:
    """What reading one or more tables has given so far: good places, the rows left out, and all findings."""

    findings: list[Finding] = field(default_factory=list)
    rejected: list[tuple[Table, Row]] = field(default_factory=list)
    left_out: set[Key] = field(default_factory=set)
    repeats_noted: set[Key] = field(default_factory=set)
    rows_of: dict[Key, list[tuple[Table, Row]]] = field(default_factory=dict)

    def close(self, reader: RowReader, kind: type, id_: str) -> None:
        """Remember the row of an id, and note it as rejected if something in it was wrong."""
        if id_:
            self.rows_of.setdefault((kind, id_), []).append((reader.table, reader.row))
        if reader.bad:
            self.rejected.append((reader.table, reader.row))

    def kept(self, places: Sequence[_Place]) -> list[_Place]:
        """Return the places that are not left out: their id is only theirs, and they lie where they can."""
        self.check_repeats()
        return [place for place in places if (type(place), place.id) not in self.left_out]

    def leave_out(self, key: Key) -> None:
        """Reject the rows of a place, for a reason that only showed when places were compared."""
        self.left_out.add(key)
        self.rejected += self.rows_of[key]

    def check_repeats(self) -> None:
        """Add a finding for each row whose id another row has too (once, however often it is called)."""
        for key, rows in self.rows_of.items():
            if len(rows) == 1 or key in self.repeats_noted:
                continue
            self.repeats_noted.add(key)
            self.leave_out(key)
            for table, row in rows:
                others = ", ".join(f"{t.file} row {r.number}" for t, r in rows if r is not row)
                self.findings.append(
                    Finding(
                        severity=Severity.ERROR,
                        code="repeated_id",
                        file=table.file,
                        row=row.number,
                        field=table.headings.get("id", "id"),
                        value=key[1],
                        message=f"{others} has the same id",
                        mend="give each its own, or delete all but one",
                    )
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationRule:
    """How a missing population or number of households is estimated; None: it is not, and the row is at fault."""

    persons_per_household: float | None = None
    persons_per_village: float | None = None


def read_townships(table: Table, datum: Datum, county: str, reading: Reading) -> list[Township]:
    """Return the townships of a table; codes are looked up by name in the county's register where they are missing."""
    divisions = townships_of(county)
    places = []
    if _columns_missing(table, ["name", "lon", "lat"], reading):
        return []
    for reader in _readers(table, reading):
        name = reader.text("name", required=True)
        code = reader.code("id") or _code_by_name(divisions, name, plain_township)
        if not code and not reader.bad:
            reader.note(Severity.ERROR, "unknown_township", "name", "has no code in the register", "write its code")
        lon, lat = _coordinates(reader)
        source = reader.choice("coordinate_source", CoordinateSource, CoordinateSource.SURVEYED)
        reading.close(reader, Township, code)
        if not reader.bad:
            latin = reader.text("name_latin") or latin_name(name)
            places.append(Township(id=code, name=name, name_latin=latin, lon=lon, lat=lat, coordinate_source=source))
    return _in_wgs84(places, datum)


def read_villages(
    table: Table,
    datum: Datum,
    county: str,
    townships: Sequence[Division],
    rule: PopulationRule,
    reading: Reading,
) -> list[Village]:
    """Return the villages of a table, each joined to one of ``townships`` by code, name or its own code."""
    register = villages_of(county)
    by_name = {plain_township(township.name): township.code for township in townships}
    codes = {township.code for township in townships}
    known_codes = {division.code for division in register}
    places = []
    people = rule.persons_per_village is not None or bool({"population", "households"} & table.headings.keys())
    if _columns_missing(table, ["name", "lon", "lat", *([] if people else ["population"])], reading):
        return []
    for reader in _readers(table, reading):
        name = reader.text("name", required=True)
        code = reader.code("id")
        township_id = _township_id(reader, code, codes, by_name)
        if not code and name and township_id:
            mine = [division for division in register if division.code.startswith(township_id)]
            code = _code_by_name(mine, name, plain_village)
            if not code:
                mend = "write its code; where it has none, any text that no other village has"
                reader.note(Severity.ERROR, "unknown_village", "name", "has no code in the register", mend)
        elif known_codes and code.isdigit() and len(code) == 12 and code not in known_codes:
            reader.note(
                Severity.WARNING, "not_in_register", "id", "is not in the register of 2023", "compare with the new list"
            )
        lon, lat = _coordinates(reader)
        population, population_source, households = _people(reader, rule)
        places_source = reader.choice("coordinate_source", CoordinateSource, CoordinateSource.SURVEYED)
        poor, poor_households = reader.flag("registered_poor"), reader.count("poor_households", default=0)
        if poor_households and households and poor_households > households:
            reader.note(
                Severity.ERROR, "more_poor_than_all", "poor_households", f"is more than all {households}", "correct one"
            )
        reading.close(reader, Village, code)
        if not reader.bad:
            places.append(
                Village(
                    id=code,
                    name=name,
                    name_latin=reader.text("name_latin") or latin_name(plain_village(name)),
                    lon=lon,
                    lat=lat,
                    coordinate_source=places_source,
                    township_id=township_id,
                    population=population,
                    population_source=population_source,
                    households=households,
                    registered_poor=poor,
                    poor_households=poor_households or 0,
                    product=reader.text("product"),
                    facilities=tuple(part for part in reader.text("facilities").replace("、", ";").split(";") if part),
                )
            )
    return _in_wgs84(places, datum)


def read_sites(
    table: Table, datum: Datum, places: Sequence[Village | Township], costs: dict[Tier, float], reading: Reading
) -> list[Site]:
    """Return the sites of a table; one without coordinates stands where its village or township does."""
    if _columns_missing(table, ["place"], reading):
        return []
    found: list[Site] = []
    standing: list[Site] = []
    for reader in _readers(table, reading):
        key = reader.text("place", required=True)
        tier = reader.choice("tier", Tier, Tier.SERVICE_POINT)
        place = _place_called(key, places, Village if tier is Tier.SERVICE_POINT else Township)
        if place is None and key:
            reader.note(Severity.ERROR, "unknown_place", "place", "is no village or township here", "write its code")
        status = reader.choice("status", SiteStatus, SiteStatus.CANDIDATE)
        source = reader.choice("coordinate_source", CoordinateSource, CoordinateSource.SURVEYED)
        cost = reader.number("opening_cost_yuan", low=0, high=1e9) if reader.has("opening_cost_yuan") else None
        own = reader.has("lon") or reader.has("lat")
        lon, lat = _coordinates(reader) if own else (0.0, 0.0)
        id_ = reader.code("id") or (site_id(tier, place) if place else "")
        reading.close(reader, Site, id_)
        if reader.bad or place is None:
            continue
        name = reader.text("name") or short_name(place.name)
        site = Site(
            id=id_,
            name=name,
            name_latin=reader.text("name_latin") or (latin_name(name) if reader.has("name") else place.name_latin),
            lon=lon if own else place.lon,
            lat=lat if own else place.lat,
            coordinate_source=source if own else place.coordinate_source,
            tier=tier,
            status=status,
            place_id=place.id,
            opening_cost_yuan=costs[tier] if cost is None else cost,
        )
        (found if own else standing).append(site)
    return [*_in_wgs84(found, datum), *standing]


def _place_called(
    key: str, places: Sequence[Village | Township], wanted: type[Village | Township]
) -> Village | Township | None:
    """Return the place of this id, or else of this name if only one has it; of two, the one of the wanted kind."""
    for named in (lambda place: place.id == key, lambda place: key in (place.name, short_name(place.name))):
        found = [place for place in places if named(place)]
        found = [place for place in found if isinstance(place, wanted)] or found
        if found:
            return found[0] if len(found) == 1 else None
    return None


def site_id(tier: Tier, place: Village | Township) -> str:
    """Return the id of the site of a tier that stands in a place: sp-, es- or hub- and the place's id."""
    return {Tier.SERVICE_POINT: "sp-", Tier.EXPRESS_STATION: "es-", Tier.COUNTY_HUB: "hub-"}[tier] + place.id


def _columns_missing(table: Table, fields: Sequence[str], reading: Reading) -> bool:
    """Add one finding for each column that is not there at all, instead of one for each row."""
    missing = [name for name in fields if name not in table.headings]
    for name in missing:
        reading.findings.append(
            Finding(
                severity=Severity.ERROR,
                code="missing_column",
                file=table.file,
                row=None,
                field=name,
                value="",
                message="there is no such column",
                mend=f"add a column headed {' or '.join(HEADINGS[name][:4])}"
                + (" (or set area.persons_per_village)" if name == "population" else ""),
            )
        )
    if missing:
        reading.rejected += [(table, row) for row in table.rows]
    return bool(missing)


def _readers(table: Table, reading: Reading) -> list[RowReader]:
    return [RowReader(table, row, reading.findings) for row in table.rows]


def _code_by_name(divisions: Sequence[Division], name: str, plain: Callable[[str], str]) -> str:
    found = [division.code for division in divisions if plain(division.name) == plain(name)]
    return found[0] if len(found) == 1 else ""


def _township_id(reader: RowReader, code: str, codes: set[str], by_name: dict[str, str]) -> str:
    """The township as written, by code or name; if nothing is written, the first nine digits of the village's code."""
    written = reader.text("township")
    if written in codes:
        return written
    if written:
        found = by_name.get(plain_township(written), "")
        if not found:
            choices = ", ".join(sorted(by_name)[:6])
            mend = f"write one of the county's townships: {choices} ..."
            reader.note(Severity.ERROR, "unknown_township", "township", "is not a township of this area", mend)
        return found
    if code[:9] in codes:
        return code[:9]
    reader.note(Severity.ERROR, "no_township", "township", "is empty and the code does not say it", "fill it in")
    return ""


def _coordinates(reader: RowReader) -> tuple[float, float]:
    lon = reader.number("lon", low=-180, high=180)
    lat = reader.number("lat", low=-180, high=180)
    if lon is None or lat is None:
        return 0.0, 0.0
    if abs(lat) > 90 or (3 <= lon <= 54 and 73 <= lat <= 136):
        reader.note(
            Severity.ERROR, "swapped", "lat", "longitude and latitude are swapped", f"write lon {lat:g}, lat {lon:g}"
        )
        return 0.0, 0.0
    if lon == 0 and lat == 0:
        reader.note(Severity.ERROR, "zero", "lon", "0, 0 is in the Atlantic: the position is missing", "fill it in")
    decimals = [len(reader.text(name).partition(".")[2]) for name in ("lon", "lat")]
    if max(decimals) < _COARSE_DECIMALS:
        reader.note(
            Severity.WARNING, "coarse", "lon", "has too few decimals: it may be a kilometre off", "give five decimals"
        )
    return lon, lat


def _people(reader: RowReader, rule: PopulationRule) -> tuple[int, PopulationSource, int]:
    """Return population, its source and households; one is estimated from the other where the configuration says how."""
    source = reader.choice("population_source", PopulationSource, PopulationSource.REPORTED)
    size = rule.persons_per_household
    if rule.persons_per_village and not reader.has("population") and not reader.has("households"):
        population = round(rule.persons_per_village)
        reader.note(
            Severity.NOTE, "estimated", "population", f"is empty: taken as {population}", "fill it in if it is known"
        )
        return population, PopulationSource.ESTIMATE, round(population / (size or ASSUMED_HOUSEHOLD))
    if size and not reader.has("population") and reader.has("households"):
        households = reader.count("households") or 0
        reader.note(
            Severity.NOTE, "estimated", "population", f"is empty: households × {size:g}", "fill it in if it is known"
        )
        return round(households * size), PopulationSource.ESTIMATE, households
    population = reader.count("population") or 0
    if size and not reader.has("households"):
        return population, source, round(population / size)
    return population, source, reader.count("households") or 0


def _in_wgs84(places: list[_Place], datum: Datum) -> list[_Place]:
    if not places or datum in (Datum.WGS84, Datum.CGCS2000):
        return places
    lons: FloatArray = np.array([place.lon for place in places])
    lats: FloatArray = np.array([place.lat for place in places])
    lons, lats = to_wgs84(lons, lats, datum)
    return [replace(p, lon=float(lon), lat=float(lat)) for p, lon, lat in zip(places, lons, lats, strict=True)]

"""The files of a configuration → one `StudyArea`, or one error that lists every row at fault."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import geopandas
import shapely

from planner.config import Datum, PlanConfig, SourceConfig
from planner.errors import BadDataError, Message, of_file
from planner.geodata.boundary_file import boundary_in
from planner.geodata.columns import NAMES
from planner.geodata.datum_check import datum_findings
from planner.geodata.decimal_degrees import in_degrees
from planner.geodata.facilities import unknown_facilities
from planner.geodata.findings import Finding, Severity, about_file, raise_for
from planner.geodata.osm_places import OsmPlace
from planner.geodata.place_rows import Table
from planner.geodata.readers.osm_settlements import read_places
from planner.geodata.reading import Reading
from planner.geodata.records import read_sites, read_townships, read_villages, site_id
from planner.geodata.register import Division, county_boundary, latin_name, seats_of, short_name, townships_of
from planner.geodata.register_count import compared_with_register
from planner.geodata.rejects import RejectsFile, rows_left_out
from planner.geodata.row_figures import PopulationRule
from planner.geodata.seats import at_seats, townships_at_seats
from planner.geodata.spatial import doubts, outside
from planner.geodata.tables import read_table
from planner.geodata.without_roads import straight_lines_source
from planner.model import Site, SiteStatus, Source, StudyArea, Text, Tier, Township, Village, said


@dataclass(frozen=True, kw_only=True)
class AreaReading:
    """A study area with what was noted while it was read: warnings, what was filled in, what could not be checked."""

    area: StudyArea
    findings: tuple[Finding, ...]
    nowhere: tuple[Village, ...] = ()
    """Villages left out because neither they nor their townships have a position."""


def read_area(config: PlanConfig, *, rejects: RejectsFile | None = None) -> StudyArea:
    """Return the study area of a configuration.

    With ``rejects``, rows at fault are written to that CSV file, with the reason, and left out of the area.

    Raises
    ------
    BadDataError
        If a file cannot be used as a whole (its datum is another one, for example), or (without ``rejects``) a row is at
        fault; every row at fault has its line.
    """
    return read_area_with_findings(config, rejects=rejects).area


def read_area_with_findings(config: PlanConfig, *, rejects: RejectsFile | None = None) -> AreaReading:
    """Return the study area of a configuration as `read_area` does; beside it warnings, notes and the rows left out.

    Raises
    ------
    BadDataError
        As `read_area`.
    """
    reading = Reading()
    parts = AreaParts(config, reading)
    findings = tuple(dict.fromkeys(reading.findings))
    in_the_way = findings
    if rejects is not None:
        rejects.write(reading)
        in_the_way = tuple(finding for finding in findings if finding.row is None or finding.severity != "error")
    raise_for(in_the_way, Message("the files of {area} cannot be used as they are", area=config.area.id))
    return AreaReading(area=parts.area(), findings=findings, nowhere=parts.nowhere)


class AreaParts:
    """The places of a configuration's files, before they must be consistent; faults go to ``reading``."""

    def __init__(self, config: PlanConfig, reading: Reading) -> None:
        self.config = config
        self.reading = reading
        self.boundary = boundary_of(config)
        self.nowhere: tuple[Village, ...] = ()
        self.townships, self.villages = self._townships_and_villages()
        self.hub_source: tuple[Source, ...] = ()
        self.sites = self._sites()

    def area(self) -> StudyArea:
        """Return the area, or raise if what is left is inconsistent."""
        about = self.config.area
        return StudyArea(
            id=about.id,
            name=about.name,
            name_latin=about.name_latin or latin_name(about.name),
            division_code=about.division_code,
            townships=tuple(self.townships),
            villages=tuple(self.villages),
            sites=tuple(self.sites),
            boundary=self.boundary,
            metric_crs=about.metric_crs or _metric_crs(self.boundary),
            sources=(
                *(_source(source) for source in about.sources),
                *straight_lines_source(self.config),
                *self.hub_source,
            ),
            map_approval_number=about.map_approval_number,
            rows_left_out=rows_left_out(self.reading),
        )

    def _table(self, path: Path, wanted: str) -> Table:
        table = read_table(self.config.resolve(path), wanted)
        return in_degrees(table, self.config.area.datum, self.boundary)

    def _townships_and_villages(self) -> tuple[list[Township], list[Village]]:
        about, reading = self.config.area, self.reading
        county = about.division_code
        listed: list[Township] | None = None
        if about.townships is not None:
            listed = read_townships(
                read_table(self.config.resolve(about.townships), "townships"), about.datum, county, reading
            )
            divisions: Sequence[Division] = [Division(code=township.id, name=township.name) for township in listed]
            reading.findings += outside(listed, self.boundary, reading)
        else:
            divisions = townships_of(county)
            if not divisions:
                raise BadDataError(
                    Message(
                        "area {area}: the register has no townships of {county}",
                        area=repr(about.id),
                        county=county or Message("an empty division_code"),
                    ),
                    [Message("area.townships: missing: name a file of townships, or give area.division_code")],
                )
        table = self._table(about.villages, "villages")
        villages = read_villages(table, about.datum, county, divisions, population_rule(self.config), reading)
        reading.findings += outside([one for one in villages if not one.at_seat], self.boundary, reading)
        reading.findings += doubts(listed or (), villages, reading)
        own_words = tuple(self.config.coverage.service_points.facility_words.items())
        reading.findings += unknown_facilities(villages, table.file, own_words)
        if listed is not None:
            listed = reading.kept(listed)
            reading.leave_out_villages_without_township(villages, listed)
        villages = reading.kept(villages)
        reading.findings += compared_with_register(villages, county, table.file, reading)
        settlements = cache(lambda: settlements_of(self.config.road_file))
        townships = townships_at_seats(divisions, county, villages, settlements) if listed is None else listed
        placed = at_seats(villages, townships, reading)
        self.nowhere = tuple(one for one in villages if (Village, one.id) in reading.left_out)
        villages = placed
        reading.findings += datum_findings(
            listed or (),
            villages,
            seats=seats_of(county) if county else (),
            settlements=settlements,
            declared=about.datum,
            file=table.file,
        )
        return townships, villages

    def _sites(self) -> list[Site]:
        config = self.config
        costs = {
            Tier.SERVICE_POINT: config.coverage.service_points.opening_cost_yuan,
            Tier.EXPRESS_STATION: config.coverage.express_stations.opening_cost_yuan,
            Tier.COUNTY_HUB: 0.0,
        }
        listed: list[Site] = []
        if config.area.sites is not None:
            table = self._table(config.area.sites, "sites")
            listed = read_sites(table, config.area.datum, [*self.townships, *self.villages], costs, self.reading)
            self.reading.findings += outside(listed, self.boundary, self.reading, only_own_positions=True)
            listed = self.reading.kept(listed)
        if config.area.candidates == "everywhere":
            taken = {(site.tier, site.place_id) for site in listed}
            places: list[tuple[Tier, Village | Township]] = [
                *((Tier.SERVICE_POINT, village) for village in self.villages),
                *((Tier.EXPRESS_STATION, township) for township in self.townships),
            ]
            listed += [
                _standing_at(place, tier, costs[tier], **_station_name(place, tier))
                for tier, place in places
                if (tier, place.id) not in taken
            ]
        if not any(site.tier is Tier.COUNTY_HUB for site in listed) and self.townships:
            listed.append(self._assumed_hub())
        return listed

    def _assumed_hub(self) -> Site:
        """Return a hub at the first township of the county's code list, as a rule the county town (城关镇), and say so."""
        first = min(self.townships, key=lambda township: township.id)
        hub = _standing_at(
            first,
            Tier.COUNTY_HUB,
            0.0,
            name=NAMES["assumed_hub"]["zh"].format(township=first.name),
            name_latin=NAMES["assumed_hub"]["latin"].format(township=first.name_latin),
        )
        self.hub_source = (_hub_source(first),)
        file = str(self.config.area.sites or "")
        message = said("no county hub is listed: one is assumed at {name} ({id})", name=first.name, id=first.id)
        remedy = said("list the county_hub in the sites file (area.sites) where it stands")
        self.reading.findings.append(about_file(Severity.NOTE, "assumed_hub", file, message, remedy))
        return hub


def population_rule(config: PlanConfig) -> PopulationRule:
    """Return how the configuration fills in people and households."""
    about = config.area
    return PopulationRule(
        persons_per_household=about.persons_per_household, persons_per_village=about.persons_per_village
    )


def boundary_of(config: PlanConfig) -> shapely.Geometry:
    """Return the area's boundary in lon/lat: the embedded county, or what the given file has for the area.

    Raises
    ------
    BadDataError
        As `planner.geodata.boundary_file.boundary_in`.
    UnknownAreaError
        If it is the embedded county's and there is none of that code.
    """
    where = config.area.boundary
    if where == "embedded":
        return county_boundary(config.area.division_code)
    path = config.resolve(Path(where))
    if not path.is_file():
        what = Message("no such file: area.boundary is a file of polygons, or 'embedded'")
        raise BadDataError(of_file(path.name, what))
    about = config.area
    return boundary_in(path, about.boundary_datum, code=about.division_code, name=about.name)


def settlements_of(roads: Path | None) -> list[OsmPlace]:
    """Return the settlements of a road file; none if it cannot be read, which those who need its roads will say."""
    if roads is None:
        return []
    try:
        return read_places(roads)[0]
    except BadDataError:
        return []


def _station_name(place: Village | Township, tier: Tier) -> dict[str, str]:
    """Return the names of a station that nobody listed, so that it is not taken for its township; none for other sites."""
    if tier is not Tier.EXPRESS_STATION or place.name_latin in ("", place.name):
        return {}
    names = NAMES["township_station"]
    return {
        "name": names["zh"].format(township=place.name),
        "name_latin": names["latin"].format(township=place.name_latin),
    }


def _standing_at(
    place: Village | Township, tier: Tier, cost_yuan: float, *, name: str = "", name_latin: str = ""
) -> Site:
    return Site(
        id=site_id(tier, place),
        name=name or short_name(place.name),
        name_latin=name_latin or place.name_latin,
        lon=place.lon,
        lat=place.lat,
        coordinate_source=place.coordinate_source,
        tier=tier,
        status=SiteStatus.CANDIDATE,
        place_id=place.id,
        opening_cost_yuan=cost_yuan,
    )


def _hub_source(township: Township) -> Source:
    """Return the source of a hub that nobody listed, so that whatever is made from the area says so."""
    said_of: dict[str, dict[str, str]] = NAMES["hub_source"]
    names = {"zh": township.name, "en": township.name_latin or township.name}

    def both(key: str) -> Text:
        return Text(*(said_of[key][language].format(township=names[language]) for language in ("en", "zh")))

    return Source(
        what=both("what"),
        origin=both("origin"),
        licence=both("licence"),
        attribution=Text(""),
        datum=Datum.WGS84.value,
        date="",
        assumed=True,
    )


def _source(source: SourceConfig) -> Source:
    return Source(
        what=source.what,
        origin=source.origin,
        licence=source.licence,
        attribution=source.attribution,
        datum=source.datum.value,
        date=source.date,
        synthetic=source.synthetic,
        assumed=source.assumed,
    )


def _metric_crs(boundary: shapely.Geometry) -> str:
    return str(geopandas.GeoSeries([boundary], crs="EPSG:4326").estimate_utm_crs())

"""The files of a configuration → one `StudyArea`, or one error that lists every row at fault."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import geopandas
import numpy as np
import shapely

from planner.config import PlanConfig
from planner.errors import BadDataError
from planner.geodata.findings import raise_for
from planner.geodata.records import PopulationRule, Reading, read_sites, read_townships, read_villages, site_id
from planner.geodata.register import (
    Division,
    county_boundary,
    latin_name,
    plain_township,
    seats_of,
    short_name,
    townships_of,
)
from planner.geodata.rejects import write_rejects
from planner.geodata.spatial import outside
from planner.geodata.tables import read_geofile, read_table
from planner.places import CoordinateSource, Site, SiteStatus, Source, StudyArea, Tier, Township, Village


def read_area(config: PlanConfig, *, rejects: Path | None = None) -> StudyArea:
    """Return the study area of a configuration.

    With ``rejects``, rows at fault are written to that CSV file, with the reason, and left out of the area.

    Raises
    ------
    BadDataError
        If a file cannot be read, or (without ``rejects``) a row is at fault; every row at fault has its line.
    """
    reading = Reading()
    parts = AreaParts(config, reading)
    if rejects is None:
        raise_for(reading.findings, f"the files of {config.area.id} cannot be used as they are")
    else:
        write_rejects(reading, rejects)
    return parts.area()


class AreaParts:
    """The places of a configuration's files, before they must hold together; faults go to ``reading``."""

    def __init__(self, config: PlanConfig, reading: Reading) -> None:
        self.config = config
        self.reading = reading
        self.boundary = boundary_of(config)
        self.townships, self.villages = self._townships_and_villages()
        self.sites = self._sites()

    def area(self) -> StudyArea:
        """Return the area, or raise if what is left does not hold together."""
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
            sources=tuple(Source(**source.model_dump(mode="json")) for source in about.sources),
            map_approval_number=about.map_approval_number,
        )

    def _townships_and_villages(self) -> tuple[list[Township], list[Village]]:
        about, reading = self.config.area, self.reading
        county = about.division_code
        listed: list[Township] | None = None
        if about.townships is not None:
            listed = read_townships(read_table(self.config.resolve(about.townships)), about.datum, county, reading)
            divisions: Sequence[Division] = [Division(code=township.id, name=township.name) for township in listed]
        else:
            divisions = townships_of(county)
            if not divisions:
                raise BadDataError(
                    f"area {about.id!r}: the register has no townships of {county or 'an empty division_code'}",
                    ["area.townships: missing: name a file of townships, or give area.division_code"],
                )
        table = read_table(self.config.resolve(about.villages))
        rule = PopulationRule(
            persons_per_household=about.persons_per_household, persons_per_village=about.persons_per_village
        )
        villages = read_villages(table, about.datum, county, divisions, rule, reading)
        reading.findings += outside([*(listed or ()), *villages], self.boundary, reading)
        villages = reading.kept(villages)
        return (_seats(divisions, county, villages) if listed is None else reading.kept(listed)), villages

    def _sites(self) -> list[Site]:
        config = self.config
        costs = {
            Tier.SERVICE_POINT: config.coverage.service_points.opening_cost_yuan,
            Tier.EXPRESS_STATION: config.coverage.express_stations.opening_cost_yuan,
            Tier.COUNTY_HUB: 0.0,
        }
        listed: list[Site] = []
        if config.area.sites is not None:
            table = read_table(config.resolve(config.area.sites))
            listed = read_sites(table, config.area.datum, [*self.townships, *self.villages], costs, self.reading)
            listed = self.reading.kept(listed)
        if config.area.candidates == "everywhere":
            taken = {(site.tier, site.place_id) for site in listed}
            places: list[tuple[Tier, Village | Township]] = [
                *((Tier.SERVICE_POINT, village) for village in self.villages),
                *((Tier.EXPRESS_STATION, township) for township in self.townships),
            ]
            listed += [
                _standing_at(place, tier, costs[tier]) for tier, place in places if (tier, place.id) not in taken
            ]
        if not any(site.tier is Tier.COUNTY_HUB for site in listed) and self.townships:
            # the county town is the first township of the county's code list (城关镇)
            first = min(self.townships, key=lambda township: township.id)
            listed.append(_standing_at(first, Tier.COUNTY_HUB, 0.0, status=SiteStatus.EXISTING))
        return listed


def boundary_of(config: PlanConfig) -> shapely.Geometry:
    """Return the area's boundary in lon/lat: the embedded county, or all polygons of the given file together.

    Raises
    ------
    BadDataError
        If the file has no polygon, or the polygon crosses itself.
    UnknownAreaError
        If it is the embedded county's and there is none of that code.
    """
    where = config.area.boundary
    if where == "embedded":
        return county_boundary(config.area.division_code)
    path = config.resolve(Path(where))
    if not path.is_file():
        raise BadDataError(f"{path.name}: no such file: area.boundary is a file of polygons, or 'embedded'")
    shapes = [shape for shape in read_geofile(path).geometry if shape is not None]
    polygons = [shape for shape in shapes if shape.geom_type in ("Polygon", "MultiPolygon")]
    if not polygons:
        raise BadDataError(f"{path.name}: holds no polygon: the boundary must be one or more polygons")
    whole: shapely.Geometry = shapely.union_all(polygons)
    if not all(shapely.is_valid(polygons)):
        reasons = [shapely.is_valid_reason(shape) for shape in polygons if not shapely.is_valid(shape)]
        raise BadDataError(f"{path.name}: the boundary crosses itself: mend it (in QGIS: Fix geometries)", reasons)
    return whole


def _seats(divisions: Sequence[Division], county: str, villages: Sequence[Village]) -> list[Township]:
    """Return the register's townships at their GeoNames seats, or, where GeoNames has none, at their middle village."""
    seats = {seat.code: seat for seat in seats_of(county)}
    townships = []
    for division in divisions:
        mine = [village for village in villages if village.township_id == division.code]
        if division.code in seats:
            seat = seats[division.code]
            place = (seat.lon, seat.lat, seat.name_latin, CoordinateSource.GEONAMES)
        elif mine:
            middle = np.median([(village.lon, village.lat) for village in mine], axis=0)
            near = min(mine, key=lambda v: ((v.lon - middle[0]) ** 2 + (v.lat - middle[1]) ** 2, v.id))
            place = (near.lon, near.lat, latin_name(plain_township(division.name)), near.coordinate_source)
        else:
            continue  # a township without a seat and without a village has nothing to plan
        lon, lat, latin, source = place
        townships.append(
            Township(id=division.code, name=division.name, name_latin=latin, lon=lon, lat=lat, coordinate_source=source)
        )
    return townships


def _standing_at(
    place: Village | Township, tier: Tier, cost_yuan: float, status: SiteStatus = SiteStatus.CANDIDATE
) -> Site:
    return Site(
        id=site_id(tier, place),
        name=short_name(place.name),
        name_latin=place.name_latin,
        lon=place.lon,
        lat=place.lat,
        coordinate_source=place.coordinate_source,
        tier=tier,
        status=status,
        place_id=place.id,
        opening_cost_yuan=cost_yuan,
    )


def _metric_crs(boundary: shapely.Geometry) -> str:
    return str(geopandas.GeoSeries([boundary], crs="EPSG:4326").estimate_utm_crs())

"""Rows → townships, villages and sites, with a finding for everything that had to be judged."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np

from planner.config import Datum
from planner.geodata.datum import to_wgs84
from planner.geodata.facilities import facilities_in
from planner.geodata.findings import Severity
from planner.geodata.lookups import check_code, township_code, township_of, village_code
from planner.geodata.market_days import market_days_in, names_no_calendar
from planner.geodata.place_rows import Table
from planner.geodata.reading import PeopleOfRow, Reading
from planner.geodata.register import Division, latin_name, plain_village, short_name, townships_of, villages_of
from planner.geodata.row_figures import PopulationRule, coordinates, people, population_source, said_once
from planner.geodata.row_reader import RowReader
from planner.geodata.services import services_in
from planner.geodata.tables import GEOFILES, ROADS, SPREADSHEETS
from planner.model import (
    CoordinateSource,
    PopulationSource,
    SharedHouse,
    Site,
    SiteStatus,
    Tier,
    Township,
    Village,
    said,
)
from planner.units import FloatArray

_Place = TypeVar("_Place", Township, Village, Site)
NO_POSITION = (math.nan, math.nan)
"""Lon and lat of a village until its township's seat is known."""


def read_townships(table: Table, datum: Datum, county: str, reading: Reading) -> list[Township]:
    """Return the townships of a table; codes are looked up by name in the county's register where they are missing."""
    register = {division.code: division for division in townships_of(county)}
    places = []
    for reader in reading.readers(table, ["name", "lon", "lat"]):
        name = reader.text("name", required=True)
        code = township_code(reader, name, list(register.values()))
        check_code(reader, code, "township", county, register)
        lon, lat = coordinates(reader)
        source = reader.choice("coordinate_source", CoordinateSource, CoordinateSource.UNKNOWN)
        latin, markets = reader.text("name_latin") or latin_name(name), _market_days(reader)
        centre = reader.answer("trade_centre")
        reading.close(reader, Township, code)
        if not reader.bad:
            places.append(
                Township(
                    id=code,
                    name=name,
                    name_latin=latin,
                    lon=lon,
                    lat=lat,
                    coordinate_source=source,
                    market_days=markets,
                    trade_centre=centre,
                )
            )
    return _in_wgs84(places, datum)


def _market_days(reader: RowReader) -> tuple[str, ...]:
    """Return the days on which a township's market is held; of which calendar they are is assumed where nothing says it."""
    text = reader.text("market_days")
    days = market_days_in(text)
    if days is None:
        remedy = said("write the days that end in 3 and 6 as {days}, or weekdays", days="3, 6")
        reader.note(Severity.ERROR, "unknown_market_day", "market_days", said("names no day that can be told"), remedy)
    elif names_no_calendar(text) and all(one.code != "solar_market_day" for one in reader.findings):  # once a table
        message = said("is taken for days of the solar month")
        reader.note(
            Severity.NOTE, "solar_market_day", "market_days", message, said("write lunar before it if it is that")
        )
    return days or ()


def read_villages(
    table: Table,
    datum: Datum,
    county: str,
    townships: Sequence[Division],
    rule: PopulationRule,
    reading: Reading,
) -> list[Village]:
    """Return the villages of a table, each joined to one of ``townships`` by code, name or its own code.

    One without coordinates has `NO_POSITION` and is marked as planned at its township's seat, where `at_seats` puts it.
    """
    register = {division.code: division for division in villages_of(county)}
    by_code = {township.code: township for township in townships}
    places = []
    counted = {"population", "households"} & table.headings.keys()
    filled_in = rule.persons_per_village is not None or not rule.complete
    so_far = len(reading.findings)
    for reader in reading.readers(table, ["name", "lon", "lat", *([] if counted or filled_in else ["population"])]):
        name = reader.text("name", required=True)
        code = reader.code("id")
        township_id = township_of(reader, code, by_code)
        if not code and name and township_id and not reader.bad:
            code = village_code(reader, name, township_id, list(register.values()))
        check_code(reader, code, "village", county, register)
        lon, lat = coordinates(reader) if _has_position(reader) else NO_POSITION
        population, people_from, households = people(reader, rule)
        places_source, origin = _origin(reader)
        poor, poor_households = reader.flag("registered_poor"), reader.count("poor_households", default=0)
        if poor_households and households and poor_households > households:
            message = said("is more than all {count}", count=households)
            reader.note(Severity.ERROR, "more_poor_than_all", "poor_households", message, said("correct one"))
        latin = reader.text("name_latin") or latin_name(plain_village(name))
        product, facilities = reader.text("product"), facilities_in(reader.text("facilities"))
        reading.village_rows.append(
            PeopleOfRow(
                row=reader.row,
                village=(code, name),
                population=population,
                households=households,
                registered_poor=poor,
            )
        )
        shop = reader.answer("shop")
        reading.close(reader, Village, code)
        if not reader.bad:
            places.append(
                Village(
                    id=code,
                    name=name,
                    name_latin=latin,
                    lon=lon,
                    lat=lat,
                    coordinate_source=places_source,
                    township_id=township_id,
                    population=population,
                    population_source=people_from,
                    households=households,
                    registered_poor=poor,
                    poor_households=poor_households or 0,
                    product=product,
                    facilities=facilities,
                    coordinate_origin=origin,
                    population_origin=population_source(reader)[1] if people_from is PopulationSource.RASTER else "",
                    shop=shop,
                )
            )
    reading.findings[so_far:] = said_once(reading.findings[so_far:], len(table.rows))
    return _in_wgs84(places, datum)


def read_sites(
    table: Table, datum: Datum, places: Sequence[Village | Township], costs: dict[Tier, float], reading: Reading
) -> list[Site]:
    """Return the sites of a table; one without coordinates stands where its village or township does."""
    taken = {place.id for place in places}
    found: list[Site] = []
    own_position: list[bool] = []
    for reader in reading.readers(table, ["place"]):
        key = reader.code("place") if reader.has("place") else reader.text("place", required=True)
        tier = reader.choice("tier", Tier, Tier.SERVICE_POINT)
        place = _place_called(key, places, Village if tier is Tier.SERVICE_POINT else Township)
        if place is None and key:
            message = said("is no village or township here")
            reader.note(Severity.ERROR, "unknown_place", "place", message, said("write its code"))
        status = reader.choice("status", SiteStatus, SiteStatus.CANDIDATE)
        source = reader.choice("coordinate_source", CoordinateSource, CoordinateSource.UNKNOWN)
        cost = _amount(reader, "opening_cost_yuan")
        capacity, rent = _amount(reader, "capacity_parcels_day"), _amount(reader, "rent_yuan_year")
        closable, closing = _closing(reader, status)
        shared = (
            reader.choice("co_located_with", SharedHouse, SharedHouse.SHOP) if reader.has("co_located_with") else None
        )
        own = reader.has("lon") or reader.has("lat")
        lon, lat = coordinates(reader) if own else (0.0, 0.0)
        id_ = reader.code("id") or (site_id(tier, place) if place else "")
        if id_ in taken:
            remedy = said("give the site an id of its own, or leave it empty")
            reader.note(Severity.ERROR, "id_taken", "id", said("is the id of a village or township"), remedy)
        name, latin, contact = reader.text("name"), reader.text("name_latin"), reader.text("contact")
        services, floor_m2 = services_in(reader.text("services")), _amount(reader, "floor_area_m2")
        answers = {field: reader.answer(field) for field in ("staffed", "equipped", "on_line", "has_rules")}
        reading.close(reader, Site, id_)
        if reader.bad or place is None:
            continue
        site = Site(
            id=id_,
            name=name or short_name(place.name),
            name_latin=latin or (latin_name(name) if name else place.name_latin),
            lon=lon if own else place.lon,
            lat=lat if own else place.lat,
            coordinate_source=source if own else place.coordinate_source,
            tier=tier,
            status=status,
            place_id=place.id,
            opening_cost_yuan=costs[tier] if cost is None else cost,
            capacity_parcels_day=capacity,
            closable=closable,
            closing_cost_yuan=closing,
            co_located_with=shared,
            rent_yuan_year=rent,
            contact=contact,
            services=services,
            floor_area_m2=floor_m2,
            **answers,
        )
        found.append(site)
        own_position.append(own)
    # one that stands in its place has that place's position, which is WGS 84 already
    converted = _in_wgs84(found, datum)
    return [there if own else here for here, there, own in zip(found, converted, own_position, strict=True)]


def _has_position(reader: RowReader) -> bool:
    return reader.has("lon") or reader.has("lat")


def _origin(reader: RowReader) -> tuple[CoordinateSource, str]:
    """Return where the row's position is from, and the file where its cell names one."""
    if not _has_position(reader):
        return CoordinateSource.TOWNSHIP_SEAT, ""
    written = reader.text("coordinate_source")
    if Path(written).suffix.lower() in SPREADSHEETS | GEOFILES | ROADS:
        return CoordinateSource.POINTS_FILE, written
    return reader.choice("coordinate_source", CoordinateSource, CoordinateSource.UNKNOWN), ""


def _amount(reader: RowReader, field: str) -> float | None:
    """Return the amount in an optional cell, None where it is empty."""
    return reader.number(field, low=0, high=1e9) if reader.has(field) else None


def _closing(reader: RowReader, status: SiteStatus) -> tuple[bool, float | None]:
    """Return whether the site may be given up, and what that costs if the row says so."""
    closable, cost = reader.flag("closable"), _amount(reader, "closing_cost_yuan")
    if closable and status is not SiteStatus.EXISTING:
        remedy = said("write existing as its status, or leave this empty")
        reader.note(Severity.ERROR, "closable_not_existing", "closable", said("is for sites that exist"), remedy)
    if cost is not None and not closable:
        message = said("is for sites that are closable")
        remedy = said("write yes in the column closable, or leave this empty")
        reader.note(Severity.ERROR, "cost_of_no_closing", "closing_cost_yuan", message, remedy)
    return closable, cost


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


def _in_wgs84(places: list[_Place], datum: Datum) -> list[_Place]:
    if not places or datum in (Datum.WGS84, Datum.CGCS2000):
        return places
    lons: FloatArray = np.array([place.lon for place in places])
    lats: FloatArray = np.array([place.lat for place in places])
    lons, lats = to_wgs84(lons, lats, datum)
    return [replace(p, lon=float(lon), lat=float(lat)) for p, lon, lat in zip(places, lons, lats, strict=True)]

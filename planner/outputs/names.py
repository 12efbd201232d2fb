"""Names of places as the reader of the spoken language can read them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Protocol

from planner.geodata.facilities import UnknownFacilityError, shared_house_of
from planner.geodata.register import short_name
from planner.model import Site, StudyArea, Township, Village
from planner.plans import DayPlan
from planner.service.tiers import Consignment
from planner.words import figures, language, say, term


class NamedPlace(Protocol):
    """A place, or a whole area."""

    @property
    def name(self) -> str: ...

    @property
    def name_latin(self) -> str: ...


def spoken_name(place: NamedPlace) -> str:
    """Return the place's name as people say it, a village's without its committee; in English the one in Latin letters."""
    return place.name_latin if language() == "en" and place.name_latin else short_name(place.name)


def shown_name(place: NamedPlace) -> str:
    """Return its own name, as registers and signs have it; in English the Latin name, and its own too."""
    if language() == "zh" or place.name_latin in ("", place.name):
        return place.name
    return f"{place.name_latin} {place.name}"


def title_name(place: NamedPlace) -> str:
    """Return what `spoken_name` says; in English its Chinese name, which signs have, behind it."""
    own = short_name(place.name)
    return own if language() == "zh" or place.name_latin in ("", own) else f"{place.name_latin} {own}"


def facility_name(facility: str) -> str:
    """Return what the data call a facility; in English the word for its kind, if a point could share it."""
    try:
        house = None if language() == "zh" else shared_house_of(facility)
    except UnknownFacilityError:
        house = None
    return facility if house is None else term(house)


def register_name(area: StudyArea, site: Site) -> str:
    """Return a site's `shown_name`; one that is named after its village is called as the village is, so that both match."""
    village: Village | None = area.village_by_id.get(site.place_id)
    return shown_name(site if village is None or site.name != short_name(village.name) else village)


def stop_names(area: StudyArea, name: Callable[[NamedPlace], str] = shown_name) -> dict[str, str]:
    """Return the names of sites by their ids, as ``name`` says; of two of a kind named alike, the township stands behind."""
    alike = Counter((site.tier, site.name) for site in area.sites)
    return {
        site.id: say("{place} ({township})", place=name(site), township=name(township))
        if alike[site.tier, site.name] > 1 and (township := township_of(area, site.place_id)) is not None
        else name(site)
        for site in area.sites
    }


class StopNames(dict[str, str]):
    """Names by the ids of stops and sites; of a visit that the plan does not have, that of its point."""

    def __missing__(self, stop_id: str) -> str:
        site_id, several, _ = stop_id.rpartition("~")
        if not several:
            raise KeyError(stop_id)
        return self[site_id]


def day_stop_names(plan: DayPlan, name: Callable[[NamedPlace], str] = shown_name) -> StopNames:
    """Return what the stops and depots of a day are called: by their places, of a point with several by number, too."""
    names = StopNames(stop_names(plan.area, name))
    visits = {
        one.stop_id: say(
            "{place} (visit {number} of {count})", place=names[site_id], number=one.visit, count=len(stops)
        )
        for site_id, stops in plan.demand.stops_of_site.items()
        if len(stops) > 1
        for one in stops
    }
    added = plan.under_way.added if plan.under_way else ()
    visits |= {call.id: _call_name(call, names[call.station_id]) for call in plan.calls.values()}
    return StopNames({**names, **visits, **{stop.id: names[stop.site_id] for stop in added}})


def _call_name(call: Consignment, station: str) -> str:
    """Return what a call at a station is called: by what is done there, for it is no delivery."""
    parcels, kg = figures.parcels(round(call.amount[0])), figures.kilograms(call.amount[1])
    if call.up:
        return say("{station}: fetch {kg} collected there ({parcels})", station=station, kg=kg, parcels=parcels)
    return say("{station}: hand over {parcels} to be sorted there ({kg})", station=station, kg=kg, parcels=parcels)


def township_of(area: StudyArea, place_id: str) -> Township | None:
    """Return the township of a village, or the township itself; None for a place of another kind."""
    village: Village | None = area.village_by_id.get(place_id)
    return area.township_by_id.get(place_id if village is None else village.township_id)

"""The layers of sites: shape by tier, fill by what they are: there already, new in which phase, not opened, forbidden."""

from __future__ import annotations

from collections.abc import Sequence

import shapely

from planner.geodata.services import RequiredServices
from planner.model import Site, SiteStatus, Tier
from planner.outputs.maps import style
from planner.outputs.maps.layers import Feature, Rows, feature, place_rows, popup
from planner.outputs.maps.page import Layer, Legend, begun
from planner.outputs.names import spoken_name, title_name
from planner.outputs.service_words import lacking_text, services_text
from planner.plans import NetworkPlan
from planner.words import figures, has_term, say, term

_ANCHORS = ((0, 68, 27), (35, 132, 67), (116, 190, 120), (199, 233, 180))
"""Dark green to light: lightness rises all along, for every kind of colour vision, and none of them is a warm colour, which
is for those who are left out; the number of the phase is written on it."""
_SHAPES = {Tier.COUNTY_HUB: "star", Tier.EXPRESS_STATION: "square", Tier.SERVICE_POINT: "diamond"}
_COLOURS = {Tier.COUNTY_HUB: style.BLACK, Tier.EXPRESS_STATION: style.PURPLE, Tier.SERVICE_POINT: style.GREEN}
_SIZES = {Tier.COUNTY_HUB: 26, Tier.EXPRESS_STATION: 20, Tier.SERVICE_POINT: 15}
_PHASED_SIZES = {Tier.EXPRESS_STATION: 24, Tier.SERVICE_POINT: 21}


def network_sites(plan: NetworkPlan, question: str) -> list[Layer]:
    """Return the layers of all sites of a network: those not opened (out of view), then the open ones, a layer a tier."""
    extra = {site.id: _serving_rows(plan, site) for site in plan.area.sites}
    opened = {site.id for tier in Tier for site in plan.opened_sites(tier)}
    number_of = {site.id: number for number, site in enumerate(plan.area.sites)}
    rest = [site for site in plan.area.sites if site.id not in opened]
    layers = [_waiting_layer(rest, question)]
    for tier in (Tier.SERVICE_POINT, Tier.EXPRESS_STATION, Tier.COUNTY_HUB):
        sites = plan.opened_sites(tier)
        features, legend = [], {}
        for site in sites:
            icon, size, number, status = _look(plan, site)
            text = say("{number}: {text}", number=number, text=status) if number else status
            drawn = site_feature(site, icon, size, status, extra[site.id])
            drawn["properties"]["s"] = number_of[site.id]
            if tier is not Tier.COUNTY_HUB:
                drawn["properties"]["stages"] = [k for k, stage in enumerate(plan.stages) if site.id in stage.opened]
            features.append(drawn)
            legend[text] = Legend(symbol=icon, text=text)
        entries = [legend[text] for text in sorted(legend)]
        layers.append(Layer(question=question, name=begun(term(tier)), features=features, legend=entries))
    return layers


def hub_layer(hubs: Sequence[Site], question: str) -> Layer:
    """Return the hubs where routes start."""
    icon = _tier_symbol(Tier.COUNTY_HUB, SiteStatus.EXISTING)
    features = [site_feature(hub, icon, _SIZES[hub.tier], term(hub.status), []) for hub in hubs]
    return Layer(question=question, name=begun(term("county_hub")), symbol=icon, features=features)


def site_feature(site: Site, icon: str, size: int, status: str, extra: Rows) -> Feature:
    """Return a site with its symbol and pop-up; ``extra`` are lines between what it is and what opening it costs."""
    costs = site.status is SiteStatus.CANDIDATE and site.opening_cost_yuan > 0
    rows = [
        (term(site.tier), status),
        *extra,
        (say("Services"), services_text(site)),
        (say("Opening cost"), figures.yuan(site.opening_cost_yuan) if costs else ""),
        *place_rows(site.coordinate_source, site.id),
    ]
    return feature(
        shapely.Point(site.lon, site.lat),
        id=site.id,
        name=spoken_name(site),
        icon=icon,
        size=size,
        popup=popup(title_name(site), rows),
        tooltip=spoken_name(site),
    )


def _waiting_layer(sites: Sequence[Site], question: str) -> Layer:
    """Return the sites that are not opened: candidates hollow, forbidden ones a cross."""
    features, legend = [], {}
    for site in sites:
        if site.status is SiteStatus.FORBIDDEN:
            icon, text = style.symbol("cross", fill=style.GREY, size=12), term(site.status)
        else:
            size = _SIZES[site.tier] - 4
            icon = style.symbol(_SHAPES[site.tier], fill="#ffffff", edge=style.GREY, size=size)
            text = say("{tier}, not opened", tier=term(site.tier))
        features.append(site_feature(site, icon, _SIZES[site.tier], text, []))
        legend[text] = Legend(symbol=icon, text=text)
    name = say("Sites not opened")
    return Layer(question=question, name=name, features=features, legend=list(legend.values()), show=False)


def _look(plan: NetworkPlan, site: Site) -> tuple[str, int, str, str]:
    """Return an open site's symbol, its size, the number written in it and what the site is.

    Where there are phases, the number is that of the phase in which it opens, 0 if it exists already; else it is empty.
    """
    if site.id not in plan.phase_of_site:
        new = site.status is SiteStatus.CANDIDATE
        return _tier_symbol(site.tier, site.status), _SIZES[site.tier], "", say("New") if new else term(site.status)
    shape, size = _SHAPES[site.tier], _PHASED_SIZES[site.tier]
    if site.status is SiteStatus.EXISTING:
        return style.symbol(shape, fill="#ffffff", edge=style.BLACK, size=size, label="0"), size, "0", term("existing")
    number = plan.phase_of_site[site.id]
    label = str(number + 1)
    icon = style.symbol(shape, fill=shade(number, len(plan.stages)), size=size, label=label)
    return icon, size, label, say("opens in {phase}", phase=stage_name(plan.phase_name_of(site.id)))


def _tier_symbol(tier: Tier, status: SiteStatus) -> str:
    edge = style.BLACK if status is SiteStatus.EXISTING and tier is not Tier.COUNTY_HUB else "#ffffff"
    return style.symbol(_SHAPES[tier], fill=_COLOURS[tier], edge=edge, size=_SIZES[tier])


def stage_name(name: str) -> str:
    """Return a phase's name as people read it: its own, unless it is one that the planner gives."""
    return term(name) if name and has_term(name) else name


def _serving_rows(plan: NetworkPlan, site: Site) -> Rows:
    """Return what a site serves on the finished network, beside the villages that hand over there, which stages say."""
    served = {Tier.EXPRESS_STATION: plan.stations.express_stations, Tier.SERVICE_POINT: plan.stations.service_points}
    if site.tier not in served:
        return []
    count = sum(one.site_id == site.id for one in served[site.tier].assignments)
    label = say("Service points it serves") if site.tier is Tier.EXPRESS_STATION else say("Villages it covers")
    wanted = RequiredServices.of(plan.config)
    assumed = services_text(site, wanted) if wanted.is_assumed_of(site) and site.tier is Tier.SERVICE_POINT else ""
    return [
        (label, figures.number(count) if count else ""),
        (say("Services"), assumed),
        (say("Lacking services"), lacking_text(site, wanted)),
    ]


def shade(number: int, of: int) -> str:
    """Return the colour of one of several steps, the first dark and the last light.

    Examples
    --------
    >>> shade(0, 3), shade(2, 3)
    ('#00441b', '#c7e9b4')
    """
    place = 0.0 if of < 2 else number / (of - 1) * (len(_ANCHORS) - 1)
    low = min(int(place), len(_ANCHORS) - 2)
    part = place - low
    mixed = (round(a + (b - a) * part) for a, b in zip(_ANCHORS[low], _ANCHORS[low + 1], strict=True))
    return "#" + "".join(f"{value:02x}" for value in mixed)

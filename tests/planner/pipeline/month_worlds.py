"""A month small enough to work every indicator out by hand: the line of three villages and an island, made over."""

import datetime
from dataclasses import replace

from planner.config import BulletinConfig, CostItem, FundingSource
from planner.coverage.appraise import SubsidyTable
from planner.coverage.appraise.subsidy import SubsidyEntry
from planner.model import Township, Village
from planner.pipeline.bulletin.month_facts import EnteredFigure, MonthFacts
from planner.pipeline.whole_plan import PlannedArea
from planner.plans import DayPlan, HandOver, NetworkPlan, Stage
from planner.plans.bulletin import Month

NOVEMBER = Month(year=2026, number=11)


def month_network(line: PlannedArea) -> NetworkPlan:
    """Two townships: west, middle and east in t1, the island in t2. A point in the middle serves west and middle.

    East hands over at the station, 100 m from its road; the island has no way. Middle and east are registered poor. People:
    100, 200, 300, 50. Shops: west and middle have one, east has none, of the island nobody knows.
    """
    area = line.network.area
    (first,) = area.townships
    second = Township(**{**_fields(first), "id": "t2", "name": "岛乡", "name_latin": "Daoxiang", "trade_centre": None})
    shops = {"west": True, "middle": True, "east": False, "island": None}
    villages = tuple(
        replace(
            village,
            township_id="t2" if village.id == "island" else "t1",
            registered_poor=village.id in ("middle", "east"),
            shop=shops[village.id],
        )
        for village in area.villages
    )
    sites = tuple(
        replace(site, floor_area_m2=900.0)
        if site.tier == "county_hub"
        else replace(site, floor_area_m2=99.0)
        if site.id == "es-t1"
        else replace(
            site,
            floor_area_m2=5.0,
            staffed=True,
            equipped=True,
            on_line=True,
            has_rules=True,
            services=("express", "finance"),
        )
        if site.id == "sp-middle"
        else site
        for site in area.sites
    )
    own = replace(area, townships=(replace(first, trade_centre=True), second), villages=villages, sites=sites)
    ways = (
        HandOver(village_id="east", site_id="es-t1", covered=False, access_m=100.0, duration_s=1000.0),
        HandOver(village_id="island", site_id=None, covered=False),
        HandOver(village_id="middle", site_id="sp-middle", covered=True, access_m=0.0, duration_s=0.0),
        HandOver(village_id="west", site_id="sp-middle", covered=True, access_m=0.0, duration_s=801.5),
    )
    stage = Stage(name="2026", first=None, last=None, opened=("es-t1", "sp-middle"), hand_over=ways)
    money = {FundingSource.GOVERNMENT: 3_000_000, FundingSource.FIRMS: 1_000_000}
    entries = [
        SubsidyEntry(phase="2026", item=CostItem.EQUIPMENT, source=source, fen=fen) for source, fen in money.items()
    ]
    entries.append(
        SubsidyEntry(phase="2027", item=CostItem.EQUIPMENT, source=FundingSource.GOVERNMENT, fen=900_000_000)
    )
    table = SubsidyTable(phases=("2026", "2027"), entries=tuple(entries))
    return replace(line.network, area=own, stages=(stage,), subsidies=table, seasons=())


def month_days(line: PlannedArea, *days: int) -> tuple[DayPlan, ...]:
    """The one planned day of the line on these days of November: west, middle and east hand over in the middle then."""
    return tuple(replace(line.day, date=datetime.date(2026, 11, day)) for day in days)


def month_facts(
    line: PlannedArea,
    *,
    days: tuple[int, ...] = (),
    entered: dict[tuple[str, str], float] | None = None,
    **config: object,
) -> MonthFacts:
    """The facts of the month."""
    network = month_network(line)
    return MonthFacts(
        month=NOVEMBER,
        network=network,
        stage=network.stages[0],
        days=month_days(line, *days),
        entered={key: EnteredFigure(value=value, reporter="李") for key, value in (entered or {}).items()},
        config=BulletinConfig.model_validate(config),
    )


def with_villages(facts: MonthFacts, **changes: dict[str, object]) -> MonthFacts:
    """The facts with some villages made over, by their ids."""
    area = facts.area
    villages = tuple(replace(one, **changes.get(one.id, {})) for one in area.villages)  # type: ignore[arg-type]
    return replace(facts, network=replace(facts.network, area=replace(area, villages=villages)))


def _fields(place: Township | Village) -> dict[str, object]:
    return {name: getattr(place, name) for name in type(place).__dataclass_fields__}

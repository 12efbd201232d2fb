"""The year of a service plan as people read it, the same on its pages, in its workbook and its table of villages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from planner.outputs.names import spoken_name, stop_names
from planner.outputs.route_figures import costs_in_parts
from planner.outputs.service.week_names import week_fleet
from planner.plans.service_plan import ServicePlan
from planner.plans.service_seasons import Gap, HubCutOff, SeasonWeek, ServiceYear, Spell, VillageYear
from planner.units import shown_minutes
from planner.words import figures, listed, say, term


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonOfTheYear:
    """A season; ``year_yuan`` is so rounded that all seasons add up to the year, ``cut_off`` counts villages cut off."""

    week: SeasonWeek
    name: str
    spells: str
    vehicles: str
    extra: str
    cut_off: int
    year_yuan: float


@dataclass(frozen=True, slots=True, kw_only=True)
class UnservedRow:
    """A visit that a season does not allow, a point or a village that it cuts off, and why."""

    season: str
    name: str
    what: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WayRow:
    """A village's ways in one season."""

    season: str
    own: str
    supply: str
    extra: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GapText:
    """A gap of a village's card: when, why, what to lay in by when, and when service comes back."""

    gap: Gap
    when: str
    why: str
    stock: str
    by: str
    back: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VillageCard:
    """A village's year: ``longer`` says how much farther the worst season is, ``find`` is what a search looks in."""

    card: VillageYear
    name: str
    township: str
    point: str
    days: int
    gaps: tuple[GapText, ...]
    longer: str
    ways: tuple[WayRow, ...]
    find: str


def year_of(plan: ServicePlan) -> ServiceYear:
    """Return the plan's year.

    Raises
    ------
    LookupError
        If only its week was asked for.
    """
    if plan.seasons is None:
        raise LookupError(plan.id)
    return plan.seasons


def season_rows(plan: ServicePlan, year: ServiceYear) -> list[SeasonOfTheYear]:
    """Return a row for each season in the order of the calendar."""
    yuan = costs_in_parts({one.season: one.year_yuan for one in year.seasons}, year.year_yuan, 0)
    return [
        SeasonOfTheYear(
            week=one,
            name=term(one.season),
            spells=listed([spell_text(spell) for spell in one.spells]),
            vehicles=vehicles_text(plan, one.vehicles),
            extra=vehicles_text(plan, one.extra),
            cut_off=sum(1 for card in year.villages if _cut_off_in(card, one.season)),
            year_yuan=yuan[one.season],
        )
        for one in year.seasons
    ]


def spell_text(spell: Spell) -> str:
    """Return from when to when a season lasts, without the year."""
    return say("{first} to {last}", first=f"{spell.first:%m-%d}", last=f"{spell.last:%m-%d}")


def vehicles_text(plan: ServicePlan, counts: Mapping[str, int]) -> str:
    """Return how many vehicles of each type those are, empty for none."""
    fleet = week_fleet(plan)
    return listed([say("{vehicle} {count}", vehicle=fleet.called(kind), count=count) for kind, count in counts.items()])


def _cut_off_in(card: VillageYear, season: str) -> bool:
    return any(way.season == season and way.total_s is None for way in card.ways)


def unserved_rows(plan: ServicePlan, year: ServiceYear) -> list[UnservedRow]:
    """Return what each season leaves out: points cut off, villages without a way to theirs, visits that cannot be made."""
    names = stop_names(plan.area, spoken_name)
    villages = {one.id: spoken_name(one) for one in plan.area.villages}
    rows = []
    for one in year.seasons:
        season = term(one.season)
        rows += [
            UnservedRow(season=season, name=names[id_], what=say("point not reached from the hub"), reason=term(reason))
            for id_, reason in one.unreached.items()
        ]
        rows += [
            UnservedRow(
                season=season, name=villages[id_], what=say("village without a way to its point"), reason=term(reason)
            )
            for id_, reason in one.cut_off.items()
        ]
        days: dict[tuple[str, str], list[int]] = {}
        for missed in one.missed:
            days.setdefault((missed.site_id, missed.reason), []).append(missed.weekday)
        rows += [
            UnservedRow(
                season=season,
                name=names[site_id],
                what=say("visit that cannot be made: {days}", days=listed([figures.weekday_name(day) for day in on])),
                reason=term(reason),
            )
            for (site_id, reason), on in days.items()
        ]
    return rows


def year_conflicts(plan: ServicePlan) -> list[tuple[str, str]]:
    """Return how seasons cut off the hub, each with the smallest change that helps."""
    seasons = () if plan.seasons is None else plan.seasons.seasons
    return [hub_texts(plan, one, one.hub_cut_off) for one in seasons if one.hub_cut_off is not None]


def hub_texts(plan: ServicePlan, season: SeasonWeek, cut: HubCutOff) -> tuple[str, str]:
    """Return how a season cuts off the hub, and the smallest change that helps."""
    said = say(
        "{season} cuts off the hub: it reaches {reached} of the {points} points that it reaches in {best}.",
        season=term(season.season),
        reached=cut.reached,
        points=cut.points,
        best=term(cut.best_season),
    )
    weeks = figures.number(round(cut.weeks, 1))
    if cut.stand_in is None:
        return said, say(
            "No open station reaches the others: the smallest change is {weeks} weeks of goods laid in at the points before "
            "the season begins.",
            weeks=weeks,
        )
    return said, say(
        "The smallest change: {count} of the others are served from {station}, with {weeks} weeks of goods laid in there "
        "before the season begins.",
        count=cut.stand_in.points,
        station=spoken_name(plan.area.site_by_id[cut.stand_in.site_id]),
        weeks=weeks,
    )


def village_cards(plan: ServicePlan, year: ServiceYear) -> list[VillageCard]:
    """Return each village's card: those cut off longest first, then by township and name."""
    names = stop_names(plan.area, spoken_name)
    townships = {one.id: one for one in plan.area.townships}
    extra = {one.season: vehicles_text(plan, one.extra) for one in year.seasons}
    cards = []
    for card in year.villages:
        village = plan.area.village_by_id[card.village_id]
        township = townships.get(village.township_id)
        told = [
            village.name,
            village.name_latin,
            *([township.name, township.name_latin] if township else []),
            village.id,
        ]
        cards.append(
            VillageCard(
                card=card,
                name=spoken_name(village),
                township=spoken_name(township) if township else "",
                point=names.get(card.site_id, say("nowhere")),
                days=year.days_cut_off(card),
                gaps=tuple(_gap(gap) for gap in card.gaps),
                longer=_longer(card),
                ways=tuple(
                    WayRow(
                        season=term(way.season),
                        own=_way(way.own_s, way.own_m),
                        supply=_way(way.supply_s, way.supply_m),
                        extra=extra[way.season],
                    )
                    for way in card.ways
                ),
                find=" ".join(told),
            )
        )
    return sorted(cards, key=lambda one: (-one.days, one.township, one.name, one.card.village_id))


def _gap(gap: Gap) -> GapText:
    return GapText(
        gap=gap,
        when=say(
            "{first} to {last} ({days})",
            first=gap.first.isoformat(),
            last=gap.last.isoformat(),
            days=figures.days(gap.days),
        ),
        why=say("{what}: {text}", what=term(gap.at), text=term(gap.reason)),
        stock=say("{parcels}, {amount}", parcels=figures.parcels(round(gap.parcels)), amount=figures.kilograms(gap.kg)),
        by=say("no service before") if gap.last_service is None else figures.short_day(gap.last_service),
        back=say("no service after") if gap.next_service is None else figures.short_day(gap.next_service),
    )


def _longer(card: VillageYear) -> str:
    if card.best is None or card.worst is None:
        return say("not reached in any season")
    if not card.longer_s:
        return say("no longer in any season")
    longer = {"season": term(card.worst.season), "best": term(card.best.season)}
    if not round((card.longer_m or 0.0) / 1000, 1):  # slower on the same roads
        return say("{minutes} more in {season} than in {best}", minutes=figures.minutes(card.longer_s), **longer)
    return say(
        "{minutes} and {distance} more in {season} than in {best}",
        minutes=figures.minutes(card.longer_s),
        distance=figures.kilometres(card.longer_m or 0.0),
        **longer,
    )


def _way(seconds: float | None, metres: float | None) -> str:
    if seconds is None or metres is None:
        return say("cut off")
    if not seconds:
        return say("in the same place")
    return say("{minutes}, {distance}", minutes=figures.minutes(seconds), distance=figures.kilometres(metres))


def gap_headings() -> Sequence[str]:
    """Return the headings of the table of villages' gaps."""
    return [
        *(say("Village code"), say("Village"), say("Township"), say("Point"), say("Days cut off in the year")),
        *(say("Cut off from"), say("Cut off until"), say("Reason"), say("Last visit before"), say("First visit after")),
        *(say("Parcels to lay in"), say("kg to lay in"), say("Longer in the worst season (min)")),
        say("Farther in the worst season (km)"),
    ]


def gap_table(plan: ServicePlan, year: ServiceYear) -> list[list[object]]:
    """Return a row for each gap of each village, and one for a village without any: figures as the cards have them."""
    rows: list[list[object]] = []
    for one in village_cards(plan, year):
        longer = "" if one.card.longer_s is None else shown_minutes(one.card.longer_s)
        farther = "" if one.card.longer_m is None else round(one.card.longer_m / 1000, 1)
        start: list[object] = [one.card.village_id, one.name, one.township, one.point, one.days]
        for text in one.gaps:
            gap = text.gap
            rows.append(
                [
                    *(*start, gap.first.isoformat(), gap.last.isoformat(), text.why),
                    "" if gap.last_service is None else gap.last_service.isoformat(),
                    "" if gap.next_service is None else gap.next_service.isoformat(),
                    *(round(gap.parcels), round(gap.kg, 1), longer, farther),
                ]
            )
        if not one.gaps:
            rows.append([*start, "", "", "", "", "", 0, 0.0, longer, farther])
    return rows

"""What a plan costs in each phase, and which of the four sources pays it, to the fen.

Equipment is paid once, in the phase that opens a point; its agent and its rent are paid for every year of every phase in
which it is open. All money here is whole fen (hundredths of a yuan): sums of whole numbers agree, whichever way they are
added up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from planner.config import CostItem, FundingSource
from planner.coverage.phases import PhasedSolution
from planner.coverage.solution import CoverageSolution
from planner.errors import BadDataError, Message, list_offenders, word

FEN_PER_YUAN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteCost:
    """What one site costs in fen: equipment once, agent and rent a year."""

    equipment_fen: int
    agent_fen: int
    rent_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendingPhase:
    """One phase as money sees it: how many years it lasts, the sites it adds, and all that are open in it."""

    name: str
    years: int
    added: tuple[str, ...]
    opened: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubsidyEntry:
    """What one source pays for one item in one phase."""

    phase: str
    item: CostItem
    source: FundingSource
    fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SubsidyTable:
    """Every phase, item and source with its fen, zeros included, in the order of phases, items and sources."""

    phases: tuple[str, ...]
    entries: tuple[SubsidyEntry, ...]

    def fen(
        self, *, phase: str | None = None, item: CostItem | None = None, source: FundingSource | None = None
    ) -> int:
        """Return the sum of the entries of a phase, an item and a source; of all of them where one is left out."""
        return sum(
            entry.fen
            for entry in self.entries
            if (phase is None or entry.phase == phase)
            and (item is None or entry.item is item)
            and (source is None or entry.source is source)
        )


def fen_of(yuan: float) -> int:
    """Return an amount of yuan in whole fen.

    Raises
    ------
    BadDataError
        If it is negative, not a number, or has a part of a fen.

    Examples
    --------
    >>> fen_of(0.29), fen_of(30000)
    (29, 3000000)
    """
    exact = Decimal(str(yuan)) * FEN_PER_YUAN
    if not exact.is_finite() or exact < 0 or exact != exact.to_integral_value():
        raise BadDataError(
            Message(
                "{yuan} yuan is not an amount in whole fen: write it with two decimals at most, 0 or more", yuan=yuan
            )
        )
    return int(exact)


def format_fen(fen: int) -> str:
    """Return fen as yuan with two decimals and commas, exactly.

    Examples
    --------
    >>> format_fen(123456789)
    '1,234,567.89'
    """
    return f"{fen // FEN_PER_YUAN:,}.{fen % FEN_PER_YUAN:02d}"


def apportion(fen: int, shares: Sequence[Fraction]) -> tuple[int, ...]:
    """Return whole fen for each share whose sum is ``fen`` exactly; shares are 0 or more and sum to 1.

    Largest remainder (Hamilton's method; Balinski & Young 1982, Fair Representation): each gets its quota rounded down, and
    the fen left over go to the largest remainders, the earlier of equal ones first. None is a whole fen from its quota.

    Examples
    --------
    >>> apportion(100, [Fraction(1, 3)] * 3)
    (34, 33, 33)
    """
    quotas = [fen * share for share in shares]
    whole = [int(quota) for quota in quotas]
    left = fen - sum(whole)
    for k in sorted(range(len(shares)), key=lambda k: (whole[k] - quotas[k], k))[:left]:
        whole[k] += 1
    return tuple(whole)


def spending_of_phases(solution: PhasedSolution, years: Sequence[int]) -> tuple[SpendingPhase, ...]:
    """Return the phases of an answer with the years each lasts; an answer without a plan has none.

    Raises
    ------
    BadDataError
        If there are not as many years as phases.
    """
    if not solution.found:
        return ()
    if len(years) != len(solution.phases):
        raise BadDataError(
            Message(
                "there are {phases} phases and {numbers} numbers of years",
                phases=len(solution.phases),
                numbers=len(years),
            )
        )
    return tuple(
        SpendingPhase(name=phase.name, years=lasts, added=phase.added, opened=phase.coverage.opened)
        for phase, lasts in zip(solution.phases, years, strict=True)
    )


def spending_of_plan(
    tiers: Sequence[CoverageSolution], existing: frozenset[str], *, name: str, years: int = 1
) -> tuple[SpendingPhase, ...]:
    """Return the one phase of a plan that is built at once: all open sites of its tiers, those not ``existing`` added."""
    opened = tuple(sorted({site_id for tier in tiers for site_id in tier.opened}))
    added = tuple(site_id for site_id in opened if site_id not in existing)
    return (SpendingPhase(name=name, years=years, added=added, opened=opened),)


def fund(
    phases: Sequence[SpendingPhase],
    costs: Mapping[str, SiteCost],
    shares: Mapping[CostItem, Mapping[FundingSource, float]],
) -> SubsidyTable:
    """Return who pays what in which phase: ``costs`` by site id, ``shares`` of the sources for each item.

    The cost of an item in a phase is split by `apportion`; a source that is not named pays nothing.

    Raises
    ------
    BadDataError
        If phase names repeat, a phase lasts no whole year, a site has no cost, a cost is negative, or the shares of an item
        are missing, negative or do not sum to 1; every offender is named.
    """
    exact = {item: _exact(shares.get(item, {})) for item in CostItem}
    problems = [*_phase_problems(phases, costs), *_share_problems(exact)]
    if problems:
        raise BadDataError(Message("the subsidies cannot be worked out"), problems)
    entries = []
    for phase in phases:
        for item in CostItem:
            parts = apportion(_cost(phase, item, costs), exact[item])
            entries += [
                SubsidyEntry(phase=phase.name, item=item, source=source, fen=fen)
                for source, fen in zip(FundingSource, parts, strict=True)
            ]
    return SubsidyTable(phases=tuple(phase.name for phase in phases), entries=tuple(entries))


def _cost(phase: SpendingPhase, item: CostItem, costs: Mapping[str, SiteCost]) -> int:
    if item is CostItem.EQUIPMENT:
        return sum(costs[site_id].equipment_fen for site_id in phase.added)
    if item is CostItem.AGENT:
        return phase.years * sum(costs[site_id].agent_fen for site_id in phase.opened)
    return phase.years * sum(costs[site_id].rent_fen for site_id in phase.opened)


def _exact(shares: Mapping[FundingSource, float]) -> tuple[Fraction, ...]:
    """Return the share of every source as people wrote it: 0.1 is a tenth, not the nearest binary number."""
    return tuple(Fraction(str(shares.get(source, 0))) for source in FundingSource)


def _phase_problems(phases: Sequence[SpendingPhase], costs: Mapping[str, SiteCost]) -> list[str]:
    names = [phase.name for phase in phases]
    repeated = sorted({name for name in names if names.count(name) > 1})
    problems: list[str] = (
        [Message("phase names repeat: {offenders}", offenders=list_offenders(repeated))] if repeated else []
    )
    problems += [
        Message("phase {name} lasts {years} years, it must be 1 or more", name=phase.name, years=phase.years)
        for phase in phases
        if phase.years < 1
    ]
    wanted = {site_id for phase in phases for site_id in (*phase.added, *phase.opened)}
    if missing := sorted(wanted - costs.keys()):
        problems.append(Message("sites without a cost: {offenders}", offenders=list_offenders(missing)))
    bad = sorted(
        s for s in wanted & costs.keys() if min(costs[s].equipment_fen, costs[s].agent_fen, costs[s].rent_fen) < 0
    )
    if bad:
        problems.append(Message("costs are negative: {offenders}", offenders=list_offenders(bad)))
    strangers = sorted({site_id for phase in phases for site_id in set(phase.added) - set(phase.opened)})
    if strangers:
        problems.append(
            Message("sites are added but not open in the same phase: {offenders}", offenders=list_offenders(strangers))
        )
    return problems


def _share_problems(shares: Mapping[CostItem, tuple[Fraction, ...]]) -> list[str]:
    problems: list[str] = []
    for item, parts in shares.items():
        if min(parts) < 0:
            problems.append(Message("shares of {item}: none may be negative", item=word(item.value)))
        if sum(parts) != 1:
            problems.append(
                Message(
                    "shares of {item} sum to {total:g}, they must sum to 1",
                    item=word(item.value),
                    total=float(sum(parts)),
                )
            )
    return problems

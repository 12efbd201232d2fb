"""Which days a place may be visited: by how often, how far apart, and when nobody drives."""

from __future__ import annotations

from collections.abc import Iterable


def days_of(pattern: int) -> tuple[int, ...]:
    """Return the days of a pattern, ascending.

    Examples
    --------
    >>> days_of(0b1010)
    (1, 3)
    """
    return tuple(day for day in range(pattern.bit_length()) if pattern >> day & 1)


def pattern_of(days: Iterable[int]) -> int:
    """Return the pattern of some days.

    Examples
    --------
    >>> pattern_of([0, 2])
    5
    """
    return sum(1 << day for day in set(days))


def gaps(pattern: int, days: int) -> tuple[int, ...]:
    """Return the days from each visit to the next, round the end of the week.

    Examples
    --------
    >>> gaps(pattern_of([0, 2, 4]), 7)
    (2, 2, 3)
    """
    visits = days_of(pattern)
    return tuple((after - day - 1) % days + 1 for day, after in zip(visits, (*visits[1:], *visits[:1]), strict=True))


def longest_gap(pattern: int, days: int) -> int:
    """Return the most days from one visit to the next, round the end of the week.

    Examples
    --------
    >>> longest_gap(pattern_of([0, 2, 4]), 7)
    3
    """
    return max(gaps(pattern, days))


def allowed_patterns(
    days: int,
    *,
    least: int = 1,
    most: int | None = None,
    least_gap: int = 1,
    most_gap: int | None = None,
    closed: Iterable[int] = (),
) -> tuple[int, ...]:
    """Return all patterns of ``least`` to ``most`` visits, none on a closed day, ascending.

    From one visit to the next, round the end of the week, it is at least ``least_gap`` and at most ``most_gap`` days.
    """
    shut = pattern_of(closed)
    most, most_gap = days if most is None else most, days if most_gap is None else most_gap
    return tuple(
        mask
        for mask in range(1, 1 << days)
        if not mask & shut
        and least <= mask.bit_count() <= most
        and all(least_gap <= gap <= most_gap for gap in gaps(mask, days))
    )


def even_patterns(days: int, visits: int, *, closed: Iterable[int] = ()) -> tuple[int, ...]:
    """Return the patterns of so many visits that are spread best: the sum of the squares of their gaps is the least.

    That is the least mean wait of what arrives evenly. Of more visits than there are open days, all open days are returned.

    Examples
    --------
    >>> [days_of(mask) for mask in even_patterns(7, 3, closed=[6])]
    [(0, 2, 4), (0, 2, 5), (0, 3, 5), (1, 3, 5)]
    """
    visits = min(visits, days - len({day for day in closed if 0 <= day < days}))
    all_masks = allowed_patterns(days, least=visits, most=visits, closed=closed)
    uneven = {mask: sum(gap * gap for gap in gaps(mask, days)) for mask in all_masks}
    least = min(uneven.values(), default=0)
    return tuple(mask for mask in all_masks if uneven[mask] == least)

"""What a service point offers: the services that officials report by their codes, all others by the table's own words."""

from __future__ import annotations

from planner.geodata.columns import PATTERNS, WORDS

SERVICES = ("express", "purchase", "finance", "training", "convenience")
"""What officials report that a point offers, by code, in their order."""


def services_in(text: str) -> tuple[str, ...]:
    """Return the services that a cell names, each once, those with a code first in the order of `SERVICES`.

    Examples
    --------
    >>> services_in("training; express, mushroom sales| express")
    ('express', 'training', 'mushroom sales')
    """
    named = [part.strip() for part in PATTERNS["services_apart"].split(text) if part.strip()]
    coded = [_code(part) for part in named]
    own = [part for part, code in zip(named, coded, strict=True) if code is None]
    return (*(code for code in SERVICES if code in coded), *dict.fromkeys(own))


def _code(word: str) -> str | None:
    return next((code for code in SERVICES if word.lower() in WORDS[code]), None)

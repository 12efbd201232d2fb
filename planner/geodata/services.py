"""What a service point offers: the services that officials report by their codes, all others by the table's own words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from planner.geodata.columns import PATTERNS, WORDS, normal
from planner.model import Site, SiteStatus

SERVICES = ("express", "purchase", "finance", "training", "convenience")
"""What officials report that a point offers, by code, in their order."""


def services_in(text: str) -> tuple[str, ...]:
    """Return the services that a cell names, each once, those with a code first in the order of `SERVICES`.

    Examples
    --------
    >>> services_in("training; express, mushroom sales| express")
    ('express', 'training', 'mushroom sales')
    """
    apart = PATTERNS["services_apart"].split(text)
    named = [part for part in map(normal, apart) if part]  # cells come so, configurations do not
    coded = [_code(part) for part in named]
    own = [part for part, code in zip(named, coded, strict=True) if code is None]
    return (*(code for code in SERVICES if code in coded), *dict.fromkeys(own))


def _code(word: str) -> str | None:
    return next((code for code in SERVICES if word.lower() in WORDS[code]), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequiredServices:
    """What a service point must offer to cover anybody, and what a candidate offers that the sites table says nothing of."""

    required: tuple[str, ...] = ()
    of_candidates: tuple[str, ...] = ()

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> RequiredServices:
        """Return what a configuration as JSON types, or the parts of one that a document keeps, requires.

        A document is not checked like a configuration: what is no list of words requires nothing.
        """
        tier: Any = config
        for key in ("coverage", "service_points"):
            tier = tier.get(key) if isinstance(tier, Mapping) else None
        required, candidates = (
            tier.get(key) if isinstance(tier, Mapping) else None for key in ("required_services", "candidate_services")
        )
        return cls.of_tier(_words(required) or (), _words(candidates))

    @classmethod
    def of_tier(cls, required: Iterable[str], of_candidates: Iterable[str] | None) -> RequiredServices:
        """Return the services that these words name; candidates of which nothing is said offer all that are required."""
        codes = services_in("\n".join(required))
        return cls(
            required=codes,
            of_candidates=codes if of_candidates is None else services_in("\n".join(of_candidates)),
        )

    def is_assumed_of(self, site: Site) -> bool:
        """Return whether what a site offers is not in its table but what candidates are taken to offer."""
        return bool(self.required) and not site.services and site.status is SiteStatus.CANDIDATE

    def offered_at(self, site: Site) -> tuple[str, ...]:
        """Return what a site offers, empty where nobody says."""
        return self.of_candidates if self.is_assumed_of(site) else site.services

    def lacking_at(self, site: Site) -> tuple[str, ...]:
        """Return the required services that a site does not offer, all of them where nobody says what it offers."""
        offered = self.offered_at(site)
        return tuple(service for service in self.required if service not in offered)


def _words(value: object) -> tuple[str, ...] | None:
    return tuple(str(one) for one in value) if isinstance(value, (list, tuple)) else None

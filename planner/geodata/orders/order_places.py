"""The village or site that a row of orders is about: by code, by name and township, by the site's id or name."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence, Set
from functools import cached_property, lru_cache
from typing import NamedTuple

from planner.geodata.columns import normal
from planner.geodata.findings import Severity
from planner.geodata.gazetteer.spellings import common_name, is_chinese, name_stem, sound_of
from planner.geodata.lookups import divisions_called, is_called
from planner.geodata.register import Division, plain_township, short_name
from planner.geodata.row_reader import RowReader
from planner.model import Site, StudyArea, Tier, Township, Village, said

_NEAREST, _ALIKE, _SHOWN = 3, 0.5, 4
_ROUNDED = re.compile(r"\d(?:\.\d+)?[eE]\+?\d{1,2}", re.ASCII)


class OrderPlace(NamedTuple):
    """What a row is about: a village, or a site and all its villages; one of both is empty."""

    village_id: str = ""
    site_id: str = ""


class OrderPlaces:
    """Finds the places of rows; ``used`` are the sites where somebody hands over that day."""

    def __init__(self, area: StudyArea, used: Set[str]) -> None:
        self.area, self.used = area, used
        self.spoilt_codes: list[int] = []

    def of(self, reader: RowReader) -> OrderPlace | None:
        """Return the place of a row, None (with a finding) where nothing says it, or more than one may be meant."""
        code = self._code(reader)
        name, site = reader.text("name"), reader.code("site")
        if not (code or name or site):
            name = reader.text("township")  # a table by station
        if reader.bad:
            return None
        if code:
            return self._of_code(reader, code, name)
        if name:
            return self._of_name(reader, "name" if reader.has("name") else "township", name)
        if site:
            return self._of_site(reader, "site", site, villages_too=True)
        message = said("names no village and no site")
        reader.note(
            Severity.ERROR, "no_place", "name", message, said("write the village's code, or its name and township")
        )
        return None

    def label(self, place: OrderPlace) -> str:
        """Return what a place is called, with the township and the code that tell it from its namesakes."""
        if place.village_id:
            return self._village_label(self.area.village_by_id[place.village_id])
        site = self.area.site_by_id[place.site_id]
        return f"{site.name} ({site.id})"

    def _code(self, reader: RowReader) -> str:
        """Return the code; one that a spreadsheet has rounded is passed over where there is a name."""
        if _ROUNDED.fullmatch(reader.row.cells.get("id", "").strip()) and reader.has("name"):
            self.spoilt_codes.append(reader.row.number)
            return ""
        return reader.code("id")

    def _of_code(self, reader: RowReader, code: str, name: str) -> OrderPlace | None:
        village = self.area.village_by_id.get(code)
        if village is None:
            if code in self.area.site_by_id:
                return self._of_site(reader, "id", code)
            found = self._named(reader, name, quiet=True) if name else []
            remedy = said("correct the code, or leave it empty and write name and township")
            if found:
                remedy = said("write the code of {names}", names=[self._village_label(one) for one in found[:_SHOWN]])
            elif near := difflib.get_close_matches(code, list(self.area.village_by_id), n=_NEAREST, cutoff=0.8):
                remedy = said(
                    "write the code of {names}",
                    names=[self._village_label(self.area.village_by_id[one]) for one in near],
                )
            message = said("is the code of no village or site of this area")
            reader.note(Severity.ERROR, "unknown_code", "id", message, remedy)
            return None
        if name and not _same_name(name, village):
            message = said("is the code of {village}, not of {name}", village=self._village_label(village), name=name)
            found = self._named(reader, name, quiet=True)
            remedy = said("correct the code or the name")
            if found:
                names = [self._village_label(one) for one in found[:_SHOWN]]
                remedy = said("correct the code or the name; of this name there is {names}", names=names)
            reader.note(Severity.ERROR, "code_contradicts_name", "id", message, remedy)
            return None
        return OrderPlace(village_id=village.id)

    def _of_name(self, reader: RowReader, field: str, name: str) -> OrderPlace | None:
        found = self._named(reader, name)
        if reader.bad:
            return None
        if len(found) == 1:
            return OrderPlace(village_id=found[0].id)
        if len(found) > 1:
            names = [self._village_label(one) for one in found]
            remedy = said("write the township, or the code")
            message = said("may be any of {names}", names=names[:_SHOWN] if len(names) > _SHOWN else names)
            reader.note(Severity.ERROR, "ambiguous_village", field, message, remedy)
            return None
        return self._of_site(reader, field, name, villages_too=False)

    def _of_site(self, reader: RowReader, field: str, key: str, *, villages_too: bool = False) -> OrderPlace | None:
        sites = self._sites_called(key)
        hubs = [site for site in sites if site.tier is Tier.COUNTY_HUB]
        sites = [site for site in sites if site.tier is not Tier.COUNTY_HUB]
        if len(sites) > 1:
            sites = [site for site in sites if site.id in self.used] or sites
        if len(sites) == 1:
            return OrderPlace(site_id=sites[0].id)
        if len(sites) > 1:
            message = said("may be any of {names}", names=[f"{site.name} ({site.id})" for site in sites[:_SHOWN]])
            reader.note(Severity.ERROR, "ambiguous_site", field, message, said("write the site's id"))
        elif hubs:
            message = said("is the county hub, where the day begins")
            remedy = said("write the villages or points that the parcels are for")
            reader.note(Severity.ERROR, "order_for_hub", field, message, remedy)
        elif villages_too:
            found = self._named(reader, key)
            if len(found) == 1:
                return OrderPlace(village_id=found[0].id)
            self._unknown(reader, field, key)
        else:
            self._unknown(reader, field, key)
        return None

    def _unknown(self, reader: RowReader, field: str, name: str) -> None:
        near = self._nearest(name)
        elsewhere = self._called(name, self.area.villages)
        if elsewhere and reader.has("township"):
            message = said("is no village of that township")
            remedy = said(
                "correct the township: of this name there is {names}",
                names=[self._village_label(v) for v in elsewhere[:_SHOWN]],
            )
        else:
            message = said("is no village or site of this area")
            remedy = said("write one of the area's names, or the code")
            if near:
                remedy = said("is one of these meant: {names}? Write the name, or the code", names=near)
        reader.note(Severity.ERROR, "unknown_place", field, message, remedy)

    def _named(self, reader: RowReader, name: str, *, quiet: bool = False) -> list[Village]:
        """Return the villages of a name in the row's township, in the whole area where the row names none."""
        written = reader.code("township")
        if not written or written == name:
            return self._called(name, self.area.villages, hamlets=False)
        townships = [township.code for township in self._townships_called(written)]
        if not townships:
            if not quiet:
                self._unknown_township(reader, written)
            return []
        return self._called(name, [village for village in self.area.villages if village.township_id in townships])

    def _unknown_township(self, reader: RowReader, written: str) -> None:
        names = [township.name for township in self.area.townships]
        near = difflib.get_close_matches(written, names, n=_NEAREST, cutoff=0.4)
        remedy = said("write one of the county's townships: {choices}", choices=near or names[:_SHOWN])
        message = said("is not a township of this area")
        reader.note(Severity.ERROR, "unknown_township", "township", message, remedy)

    def _townships_called(self, written: str) -> list[Division]:
        divisions = self._townships
        latin = [one.id for one in self.area.townships if is_called(written, *_names_of(one))]
        if latin:
            return [one for one in divisions if one.code in latin]
        return [one for one in divisions if one.code == written] or divisions_called(written, divisions, plain_township)

    def _called(self, name: str, villages: Sequence[Village], *, hamlets: bool = True) -> list[Village]:
        """Return the villages of a name: the very name first, then as people write it, then without its ending.

        Without ``hamlets`` a name that ends otherwise than the village's is another: 东升屯 may lie in any township.
        """
        for form in _FORMS:
            wanted = form(name)
            if form is name_stem and not hamlets and wanted != common_name(name):
                continue
            found = [village for village in villages if wanted and form(village.name) == wanted]
            if found:
                return found
        return [village for village in villages if is_called(name, *_names_of(village))]

    def _sites_called(self, key: str) -> list[Site]:
        if key in self.area.site_by_id:
            return [self.area.site_by_id[key]]
        places: Mapping[str, str] = {t.id: t.name for t in self.area.townships}
        return [
            site
            for site in self.area.sites
            if is_called(key, site.name, site.name_latin, places.get(site.place_id, ""))
            or is_called(short_name(key), site.name)
        ]

    def _nearest(self, name: str) -> list[str]:
        """Return the villages whose names look or sound most like a name."""
        by_name: dict[str, list[Village]] = {}
        for village in self.area.villages:
            by_name.setdefault(village.name, []).append(village)
        sound = sound_of(name) if is_chinese(name) else ""
        alike = [n for n in by_name if sound and sound_of(n) == sound]
        stems = {name_stem(n): n for n in by_name}
        near = difflib.get_close_matches(name_stem(name), list(stems), n=_NEAREST, cutoff=_ALIKE)
        names = dict.fromkeys([*alike, *(stems[stem] for stem in near)])
        return [self._village_label(village) for n in names for village in by_name[n]][:_SHOWN]

    @cached_property
    def _townships(self) -> list[Division]:
        return [Division(code=township.id, name=township.name) for township in self.area.townships]

    def _village_label(self, village: Village) -> str:
        township = self._township_names.get(village.township_id, "")
        return f"{village.name} ({', '.join(part for part in (township, village.id) if part)})"

    @cached_property
    def _township_names(self) -> dict[str, str]:
        return {township.id: township.name for township in self.area.townships}


def _names_of(place: Village | Township) -> tuple[str, ...]:
    """Return what a place is called in tables and pages in English: its names alone, or one after the other."""
    return place.name, place.name_latin, f"{place.name_latin} {place.name}"


_FORMS: tuple[Callable[[str], str], ...] = (lru_cache(maxsize=65536)(normal), common_name, name_stem)


def _same_name(name: str, village: Village) -> bool:
    """Return whether a name is a village's, as people write names."""
    if is_called(name, *_names_of(village)):
        return True
    return any(form(name) == form(village.name) for form in _FORMS)

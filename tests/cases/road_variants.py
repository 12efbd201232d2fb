"""Made-up variants of the roads' kinds: a direct road and a detour, tagged from a seed, and what a van takes.

The direct road is 2 km, the detour 6 km, both tertiary (40 km/h): 3.0 and 9.0 minutes. The expected minutes are worked out
from lists of words written here, not from the rules under test.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

DIRECT_MIN, DETOUR_MIN = 3.008, 9.003
LON, LAT, EAST, NORTH = 126.5, 46.8, 0.0262454, 0.0179864
OPEN = ("yes", "permissive", "designated", "destination", "delivery", "customers", "unknown")
CLOSED = ("no", "private", "agricultural", "forestry", "military", "emergency", "permit")
STRANGE = ("residents", "staff", "neighbours", "xyz", "nein", "禁止", "employees")
PLAIN = {"highway": "tertiary"}


@dataclass(frozen=True)
class Variant:
    """Tags of the direct road and of the node in its middle, the minutes of the fastest way, and tags that are counted."""

    tags: dict[str, str]
    minutes: float
    node: dict[str, str] = field(default_factory=dict)
    counted: tuple[str, ...] = ()


def direct(kph: float) -> float:
    """Return the minutes of the faster way if the direct road is driven at this speed."""
    return min(DIRECT_MIN * 40 / kph, DETOUR_MIN)


def scribbled(rng: random.Random, words: list[str]) -> str:
    """Return words as a list in some order, case and blanks."""
    rng.shuffle(words)
    parts = [rng.choice([word, word.upper(), word.title()]) for word in words]
    return ";".join(rng.choice(["", " "]) + part + rng.choice(["", " ", "  "]) for part in parts)


def access(rng: random.Random) -> Iterator[Variant]:
    """Values that let in, keep out and are not known, on the road, on a node of it, in one direction, under conditions."""
    keys = ("access", "vehicle", "motor_vehicle", "motorcar", "goods")
    while True:
        key = rng.choice(keys)
        words, minutes, strange = rng.choice(
            [(OPEN, DIRECT_MIN, False), (CLOSED, DETOUR_MIN, False), (STRANGE, DETOUR_MIN, True)]
        )
        value = scribbled(rng, rng.sample(words, rng.randint(1, 3)))
        form = rng.choice(["way", "node", "forward", "always"])
        counted = (key,) if strange else ()
        if form == "way":
            yield Variant({**PLAIN, key: value}, minutes, counted=counted)
        elif form == "node":
            yield Variant(PLAIN, minutes, node={"barrier": "gate", key: value}, counted=counted)
        elif form == "forward":
            yield Variant({**PLAIN, f"{key}:forward": value}, minutes, counted=(f"{key}:forward",) if strange else ())
        elif ";" not in value and value.isascii():
            condition = rng.choice(["24/7", "Jan-Dec", "00:00-24:00", "Mo-Su 06:00-22:00", "(Mo-Fr 08:00-18:00)"])
            tag = f"{key}:conditional"
            yield Variant({**PLAIN, tag: f"{value.strip()} @ {condition}"}, minutes, counted=(tag,) if strange else ())


def hierarchy(rng: random.Random) -> Iterator[Variant]:
    """Two tags that contradict each other: the more particular one decides."""
    order = ("access", "vehicle", "motor_vehicle", "motorcar", "goods")
    while True:
        low, high = sorted(rng.sample(range(len(order)), 2))
        shut = rng.random() < 0.5
        said = {order[low]: rng.choice(OPEN if shut else CLOSED), order[high]: rng.choice(CLOSED if shut else OPEN)}
        yield Variant({**PLAIN, **said}, DETOUR_MIN if shut else DIRECT_MIN)


def limits(rng: random.Random) -> Iterator[Variant]:
    """Speed limits with units, of lanes, in lists, by direction, and words that hold none."""
    while True:
        kph = rng.choice([15, 20, 25, 30, 35])
        other = rng.choice([40, 50, 60])
        form = rng.choice(["unit", "lanes", "list", "forward", "backward", "both", "mph", "goods", "junk", "none"])
        if form == "unit":
            value = f"{kph}{rng.choice(['', ' km/h', 'km/h', ' kmh', ' kph', ' KM/H'])}"
            yield Variant({**PLAIN, "maxspeed": value}, direct(kph))
        elif form in ("lanes", "list"):
            sign = "|" if form == "lanes" else rng.choice([";", "; "])
            yield Variant({**PLAIN, "maxspeed": sign.join(rng.sample([str(kph), str(other)], 2))}, direct(kph))
        elif form == "forward":
            yield Variant({**PLAIN, "maxspeed:forward": str(kph), "maxspeed": str(other)}, direct(kph))
        elif form == "backward":
            yield Variant({**PLAIN, "maxspeed:backward": str(kph)}, DIRECT_MIN)
        elif form == "both":
            yield Variant({**PLAIN, "maxspeed:backward": str(other), "maxspeed:forward": f"{kph} km/h"}, direct(kph))
        elif form == "mph":
            yield Variant({**PLAIN, "maxspeed": f"{rng.choice([10, 15, 20])} mph"}, 0.0)
        elif form == "goods":
            yield Variant({**PLAIN, "maxspeed:goods": str(kph), "maxspeed": str(other)}, direct(kph))
        elif form == "none":
            yield Variant({**PLAIN, "maxspeed": "none"}, DIRECT_MIN)
        else:
            value = rng.choice(["signals", "variable", "fast", "-20", "20 m/s", "XX:urban", "2O", "20 @ (22:00-06:00)"])
            yield Variant({**PLAIN, "maxspeed": value}, DIRECT_MIN, counted=("maxspeed",))


def surfaces(rng: random.Random) -> Iterator[Variant]:
    """Surfaces in any case and in lists, of which the worst holds; values that nobody knows keep the class's speed."""
    factor = {"asphalt": 1.0, "concrete": 1.0, "gravel": 0.7, "dirt": 0.6, "sand": 0.4, "compacted": 0.85}
    while True:
        words = rng.sample(sorted(factor), rng.randint(1, 3))
        strange = rng.random() < 0.4
        alone = strange and rng.random() < 0.5
        kph = 40.0 if alone else 40 * min(factor[word] for word in words)
        listed = (
            [rng.choice(["beton", "soft", "表土", "asfalt"])] if alone else [*words, *(["lunar"] if strange else [])]
        )
        yield Variant(
            {**PLAIN, "surface": scribbled(rng, listed)}, direct(kph), counted=("surface",) if strange else ()
        )


def states(rng: random.Random) -> Iterator[Variant]:
    """Roads that are not built, not there any more, or for no van; and the same words where they say no."""
    while True:
        key = rng.choice(["construction", "abandoned", "disused", "proposed", "razed", "demolished", "impassable"])
        form = rng.choice(["yes", "no", "minor", "smoothness", "4wd", "status", "area", "bad"])
        if form in ("yes", "no"):
            value = rng.choice([form, form.upper(), f" {form} "])
            yield Variant({**PLAIN, key: value}, DETOUR_MIN if form == "yes" else DIRECT_MIN)
        elif form == "minor":
            yield Variant({**PLAIN, "construction": rng.choice(["minor", "widening", "Minor"])}, DIRECT_MIN)
        elif form == "smoothness":
            yield Variant(
                {**PLAIN, "smoothness": rng.choice(["impassable", "Impassable", "very_horrible"])}, DETOUR_MIN
            )
        elif form == "bad":
            value, kph = rng.choice([("excellent", 40), ("bad", 40), ("very_bad", 20), ("very bad", 20)])
            yield Variant({**PLAIN, "smoothness": value}, direct(kph))
        elif form == "4wd":
            yield Variant({**PLAIN, "4wd_only": rng.choice(["yes", "Yes"])}, DETOUR_MIN)
        elif form == "status":
            yield Variant({**PLAIN, "status": rng.choice(["impassable", "closed"])}, DETOUR_MIN)
        else:
            yield Variant({**PLAIN, "area": "yes"}, DETOUR_MIN)


def fords(rng: random.Random) -> Iterator[Variant]:
    """Fords on the way, or on a node of it: walking pace on 2 km is slower than the detour."""
    while True:
        value = rng.choice(["yes", "YES", " yes", "intermittent", "stepping_stones", "boat"])
        wet = rng.random() < 0.7
        tags = {"ford": value if wet else "no"}
        on_node = rng.random() < 0.5
        yield Variant(
            {**PLAIN, **({} if on_node else tags)}, DETOUR_MIN if wet else DIRECT_MIN, node=tags if on_node else {}
        )


def places(rng: random.Random) -> Iterator[Variant]:
    """Gates and other places on the road: conditions that hold in summer or do not, works, slides, and old signs."""
    spans = {"Jun-Sep": True, "May-Oct": True, "Nov-Mar": False, "Dec": False, "Jul-Aug": False, "24/7": True}
    while True:
        form = rng.choice(["condition", "opened", "state", "thing", "ford", "hours", "lost", "direction"])
        gate = rng.choice([{"barrier": "gate"}, {"barrier": "lift_gate"}, {}])
        span, key = rng.choice(sorted(spans)), rng.choice(["access", "vehicle", "motor_vehicle", "motorcar", "goods"])
        tag = f"{key}:conditional"
        if form == "condition":
            value = rng.choice([f"no @ ({span})", f"NO @ {span}", f"private@({span.lower()})"])
            yield Variant(PLAIN, DETOUR_MIN if spans[span] else DIRECT_MIN, node={**gate, tag: value})
        elif form == "opened":
            said = {**gate, key: "no", tag: f"yes @ ({span})"}
            yield Variant(PLAIN, DIRECT_MIN if spans[span] else DETOUR_MIN, node=said)
        elif form == "lost":
            value = rng.choice([f"no @ ({span}", f"no @ {span})"])
            yield Variant(PLAIN, DETOUR_MIN if spans[span] else DIRECT_MIN, node={**gate, tag: value})
        elif form == "state":
            state = rng.choice(["construction", "impassable", "closed", "collapsed", "blocked", "washed_out"])
            value = rng.choice(["yes", "Yes", "no"])
            yield Variant(PLAIN, DETOUR_MIN if value != "no" else DIRECT_MIN, node={**gate, state: value})
        elif form == "thing":
            thing = rng.choice([{"barrier": "gate"}, {"railway": "level_crossing"}, {"highway": "bus_stop"}])
            state = rng.choice(["abandoned", "disused", "removed"])
            yield Variant(PLAIN, DIRECT_MIN, node={**thing, state: "yes"}, counted=(state,))
        elif form == "ford":
            yield Variant(PLAIN, DETOUR_MIN, node={"highway": rng.choice(["ford", "Ford"])})
        elif form == "hours":
            value = rng.choice(["no @ (22:00-06:00)", "no @ (weight>3.5)", "no @ sunset-sunrise"])
            yield Variant(PLAIN, DIRECT_MIN, node={**gate, tag: value}, counted=(tag,))
        else:
            yield Variant(PLAIN, DIRECT_MIN, node={**gate, f"{key}:forward": "no"}, counted=(f"{key}:forward",))


def unread(rng: random.Random) -> Iterator[Variant]:
    """Keys beside those that are read: some have one clear meaning, others are counted, others are about something else."""
    closing = ("closed", "collapsed", "impassable", "blocked", "washed_out", "dismantled", "destroyed:bridge")
    counted = (
        *("maxspeed:lanes", "maxspeed:practical", "maxspeed:advisory", "surface:lanes", "surface:forward"),
        *("surface:middle", "access:lanes", "motor_vehicle:lanes:forward", "oneway:lanes", "abandoned:highway"),
        *("proposed:highway", "highway:abandoned", "ruins", "damaged", "opening_date", "end_date", "maxwidth"),
        *("maxheight:physical", "maxweight", "smoothness:lanes", "tidal", "razed:bridge", "maxspeed:wet"),
        *("closed:conditional", "construction:conditional", "truck", "bridge:condition", "practicability"),
    )
    silent = (
        *("source:maxspeed", "note:access", "surface:note", "surface:colour", "check_date:surface", "sidewalk:surface"),
        *(
            "cycleway:surface",
            "abandoned:railway",
            "disused:amenity",
            "maxspeed:bus",
            "oneway:bicycle",
            "bicycle:lanes",
        ),
        *("name", "lanes", "lit", "was:highway", "railway:disused", "access:bus", "layer"),
    )
    while True:
        form = rng.choice(["closing", "counted", "counted", "silent", "open", "state", "bridge", "zone", "order"])
        if form == "closing":
            yield Variant({**PLAIN, rng.choice(closing): rng.choice(["yes", "Yes", " YES"])}, DETOUR_MIN)
        elif form == "open":
            key = rng.choice([key for key in counted if not key.endswith("lanes:forward")] + list(closing))
            yield Variant({**PLAIN, key: "no"}, DIRECT_MIN, counted=(key,) if key.startswith("access:") else ())
        elif form == "counted":
            key = rng.choice(counted)
            yield Variant(
                {**PLAIN, rng.choice([key, key.title()]): rng.choice(["1.5", "xyz"])}, DIRECT_MIN, counted=(key,)
            )
        elif form == "silent":
            yield Variant({**PLAIN, rng.choice(silent): rng.choice(["yes", "dirt", "20"])}, DIRECT_MIN)
        elif form == "state":
            key = rng.choice(["status", "state", "lifecycle", "operational_status"])
            value = rng.choice(["closed", "Collapsed", "under construction", "open", "Active", "purple"])
            shut, strange = value not in ("open", "Active", "purple"), value == "purple"
            yield Variant({**PLAIN, key: value}, DETOUR_MIN if shut else DIRECT_MIN, counted=(key,) if strange else ())
        elif form == "bridge":
            key, value = (
                rng.choice(["bridge", "tunnel"]),
                rng.choice(["collapsed", "yes", "Destroyed", "viaduct", "odd"]),
            )
            shut = value in ("collapsed", "Destroyed")
            counts = (key,) if value == "odd" else ()
            yield Variant({**PLAIN, key: value}, DETOUR_MIN if shut else DIRECT_MIN, counted=counts)
        elif form == "zone":
            kph = rng.choice([15, 20, 30])
            said = rng.choice([{"zone:maxspeed": f"CN:{kph}"}, {"maxspeed:type": f"CN:zone{kph}"}])
            with_sign = rng.random() < 0.5
            yield Variant(
                {**PLAIN, **said, **({"maxspeed": "35"} if with_sign else {})}, direct(35 if with_sign else kph)
            )
        else:
            key = rng.choice(["maxspeed:forward:goods", "maxspeed:forward:motor_vehicle", "MaxSpeed:forward"])
            yield Variant({**PLAIN, key: "20"}, direct(20))


def lists(rng: random.Random) -> Iterator[Variant]:
    """Lists with other signs than a semicolon, Chinese words and units, commas that are decimal, seasons in a row."""
    chinese = {
        "水泥": 1.0,
        "沥青": 1.0,
        "柏油路": 1.0,
        "砂石": 0.7,
        "土路": 0.6,
        "沙土": 0.4,
        "砂石路": 0.7,
        "碎石": 0.7,
    }
    factor = {"asphalt": 1.0, "gravel": 0.7, "dirt": 0.6, "sand": 0.4} | chinese
    units = ["公里/小时", "千米/小时", " 公里每小时", "公里", "码", "迈", "km/h", "kmh"]
    while True:
        sign = rng.choice([";", ",", "/", "|", "、", "，", "; ", " / "])
        form = rng.choice(["surface", "limit", "unit", "decimal", "season", "access"])
        kph = rng.choice([15, 20, 25, 30])
        if form == "surface":
            words = rng.sample(sorted(factor), rng.randint(1, 3))
            yield Variant({**PLAIN, "surface": sign.join(words)}, direct(40 * min(factor[word] for word in words)))
        elif form == "limit":
            yield Variant({**PLAIN, "maxspeed": sign.join(rng.sample([str(kph), "50"], 2))}, direct(kph))
        elif form == "unit":
            yield Variant(
                {**PLAIN, "maxspeed": f"{rng.choice(['', '限速', ''])}{kph}{rng.choice(['', ' '])}{rng.choice(units)}"},
                direct(kph),
            )
        elif form == "decimal":
            yield Variant({**PLAIN, "maxspeed": f"{kph},{rng.choice([0, 5])}"}, 0.0)
        elif form == "season":
            words = rng.sample(["winter", "spring", "autumn", "summer"], rng.randint(1, 3))
            yield Variant({**PLAIN, "seasonal": sign.join(words)}, DIRECT_MIN if "summer" in words else DETOUR_MIN)
        else:
            yield Variant({**PLAIN, "access": sign.join(rng.sample(CLOSED, 2))}, DETOUR_MIN)


KINDS = {
    "places": places,
    "unread": unread,
    "lists": lists,
    "access": access,
    "hierarchy": hierarchy,
    "limits": limits,
    "surfaces": surfaces,
    "states": states,
    "fords": fords,
}


def crossings(rng: random.Random) -> Iterator[tuple[str, float]]:
    """How long a ferry takes, as mappers write it, and the minutes."""
    while True:
        minutes = rng.randint(5, 240)
        hours, rest = divmod(minutes, 60)
        yield rng.choice(
            [
                (f"{hours:02}:{rest:02}", minutes),
                (f"{hours}:{rest:02}:30", minutes + 0.5),
                (str(minutes), minutes),
                (f"PT{minutes}M", minutes),
                (f"PT{hours}H{rest}M", minutes),
                (f"{minutes} min", minutes),
                (rng.choice(["often", "1:75", "-5", "PT", "0", "ca. 20"]), math.nan),
            ]
        )

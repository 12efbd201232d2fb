"""Check a solution of an instance and print what it comes to. Needs Python 3.11 and nothing else.

``python check.py INSTANCE.json SOLUTION.json [...]``, instance and solution in turn. The rules stand in README.md beside
this file; this program shares no code with the one that made the solutions. It ends with 1 if anything is false.
"""

import json
import math
import sys
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

NEAR = 1e-4


class Faults(list):
    """What is false, in words."""

    def unless(self, holds, what):
        """Note what is false unless it holds."""
        if not holds:
            self.append(what)


def check(instance, solution):
    """Return the faults, and km and yuan of vans, of buses and in all."""
    faults = Faults()
    points = {one["id"]: one for one in instance["points"]}
    rides, routes = solution.get("rides", []), solution["routes"]
    bus_yuan, run_km = check_rides(instance, points, rides, faults)
    carried = defaultdict(lambda: [0.0] * len(instance["dimensions"]))
    for ride in rides:
        for d, amount in enumerate(ride["amount"]):
            carried[ride["point"], ride["up"]][d] += amount
    left = goods_left(points, carried, faults)
    van_yuan, van_km = check_routes(instance, points, left, routes, faults)
    return faults, {
        "van_km": round(van_km + run_km, 3),
        "bus_yuan": round(bus_yuan, 2),
        "yuan": round(van_yuan + bus_yuan, 2),
        "routes": len(routes),
        "rides": len(rides),
    }


def goods_left(points, carried, faults):
    """Return (down, up) of each point that vans must visit: a direction goes wholly by bus, or wholly by van."""
    left = {}
    for id_, point in points.items():
        rest = []
        for up, goods in ((False, point["delivery"]), (True, point["pickup"])):
            by_bus = carried.get((id_, up))
            if by_bus is not None:
                same = all(abs(a - b) < NEAR for a, b in zip(by_bus, goods, strict=True))
                faults.unless(same, f"{id_}: buses carry {by_bus} of {goods}")
                goods = [0.0] * len(goods)
            rest.append(goods)
        if any(rest[0]) or any(rest[1]):
            left[id_] = rest
    return left


def check_rides(instance, points, rides, faults):
    """Check every ride and the room on every leg; return yuan, and km between hub and terminals."""
    trips = {one["id"]: one for one in instance["trips"]}
    stops = {one["id"]: one for one in instance["stops"]}
    ways = {(one["stop"], one["point"], one["kind"]): one for one in instance["access"]}
    transfers = {one["stop"]: one for one in instance["transfers"]}
    load, runs, yuan = defaultdict(float), {}, 0.0
    taken = set()
    for ride in rides:
        name = f"{ride['point']} {'up' if ride['up'] else 'down'} on {ride['trip']}"
        trip = trips[ride["trip"]]
        calls, board, alight = trip["calls"], ride["board"], ride["alight"]
        faults.unless((ride["point"], ride["up"], ride["trip"]) not in taken, f"{name}: two rides on one trip")
        taken.add((ride["point"], ride["up"], ride["trip"]))
        if not 0 <= board < alight < len(calls):
            faults.append(f"{name}: no such part of the trip")
            continue
        at, terminal = (board, alight) if ride["up"] else (alight, board)
        way = ways.get((calls[at][0], ride["point"], ride["kind"]))
        transfer = transfers.get(calls[terminal][0])
        if way is None or transfer is None:
            faults.append(f"{name}: no such way between stop, point and terminal")
            continue
        amount = ride["amount"]
        faults.unless(amount[0] > 0 and amount[0] == int(amount[0]), f"{name}: not whole parcels")
        whole = points[ride["point"]]["pickup" if ride["up"] else "delivery"]
        shared = all(abs(one * whole[0] - all_ * amount[0]) < 1e-3 for one, all_ in zip(amount, whole, strict=True))
        faults.unless(shared, f"{name}: {amount} is no share of {whole}")
        times = max(1, *(math.ceil(one / most - NEAR) for one, most in zip(amount, way["most"], strict=True)))
        leg = SimpleNamespace(
            leaves=calls[board][2],
            comes=calls[alight][1],
            stop=stops[calls[at][0]],
            terminal=stops[calls[terminal][0]],
            way=way,
            transfer=transfer,
            point=points[ride["point"]],
            times=times,
        )
        (up_in_time if ride["up"] else down_in_time)(instance, name, leg, faults)
        for k in range(board, alight):
            for d, one in enumerate(amount):
                load[ride["trip"], k, d] += one
        runs[ride["trip"], ride["up"], calls[terminal][0]] = transfer
        prices = zip(amount, trip["yuan_per_unit"], way["yuan_per_unit"], transfer["yuan_per_unit"], strict=True)
        yuan += trip["handling_yuan"] + times * way["yuan_per_way"] + sum(a * (b + c + d) for a, b, c, d in prices)
    for (trip, leg, d), one in load.items():
        room = trips[trip]["room"][leg][d]
        faults.unless(one <= room + NEAR, f"{trip}, leg {leg + 1}: {one} {instance['dimensions'][d]}, room for {room}")
    yuan += sum(one["yuan_per_run"] for one in runs.values())
    return yuan, sum(2 * one["distance_m"] for one in runs.values()) / 1000


def down_in_time(instance, name, leg, faults):
    """Ready at the hub, at the terminal before the bus leaves, handed over in the window and by the latest."""
    stop, terminal, one_way = leg.stop, leg.terminal, leg.way["duration_s"]
    there = leg.leaves - terminal["handling_s"]
    faults.unless(there - leg.transfer["duration_s"] >= leg.point["release_s"], f"{name}: not ready at the hub")
    faults.unless(terminal["opens_s"] <= there and leg.leaves <= terminal["closes_s"], f"{name}: terminal shut")
    here = leg.comes + stop["handling_s"]
    begins = max(here, leg.point["opens_s"] - one_way)
    latest = min(leg.point["closes_s"], instance["latest_hand_over_s"])
    faults.unless(begins + (2 * leg.times - 1) * one_way <= latest, f"{name}: handed over too late")
    last_out = begins + 2 * (leg.times - 1) * one_way
    faults.unless(stop["opens_s"] <= leg.comes and max(here, last_out) <= stop["closes_s"], f"{name}: stop shut")


def up_in_time(instance, name, leg, faults):
    """Brought to the stop before the bus leaves, at the hub by the cut-off."""
    stop, terminal, one_way = leg.stop, leg.terminal, leg.way["duration_s"]
    due = leg.leaves - stop["handling_s"] - one_way
    first = min(due, leg.point["closes_s"]) - 2 * (leg.times - 1) * one_way
    faults.unless(first >= leg.point["opens_s"], f"{name}: not ready at the point")
    faults.unless(first + one_way >= stop["opens_s"] and leg.leaves <= stop["closes_s"], f"{name}: stop shut")
    off = leg.comes + terminal["handling_s"]
    faults.unless(terminal["opens_s"] <= leg.comes and off <= terminal["closes_s"], f"{name}: terminal shut")
    faults.unless(off + leg.transfer["duration_s"] <= instance["cut_off_s"], f"{name}: at the hub after the cut-off")


def check_routes(instance, points, left, routes, faults):
    """Check that vans visit what is left once, within capacity, windows and shift; return yuan and km."""
    kinds = {f"{one['id']}-{k + 1}": one for one in instance["vehicles"] for k in range(one["count"])}
    visited = [id_ for route in routes for id_ in route["stops"]]
    faults.unless(sorted(visited) == sorted(left), f"visited {sorted(set(visited) ^ set(left))}, or some twice")
    names = [route["vehicle"] for route in routes]
    faults.unless(len(set(names)) == len(names) and set(names) <= set(kinds), "vehicles that are not there, or twice")
    places = {instance["hub"]["id"]: instance["hub"], **points}
    yuan = km = 0.0
    for route in routes:
        if route["vehicle"] not in kinds or not route["stops"] or not set(route["stops"]) <= set(left):
            faults.append(f"{route['vehicle']}: no such route")
            continue
        one, hub = kinds[route["vehicle"]], instance["hub"]["id"]
        way = [hub, *route["stops"], hub]
        metres = [length(instance, places[a], places[b]) for a, b in pairwise(way)]
        seconds = [math.ceil(metre * 3.6 / instance["kph"]) for metre in metres]
        check_loads(instance, route, one, left, faults)
        duty = duty_of(instance, route, one, points, left, seconds, faults)
        km += sum(metres) / 1000
        yuan += one["fixed_cost_yuan"] + one["cost_per_km_yuan"] * sum(metres) / 1000
        yuan += one["cost_per_hour_yuan"] * duty / 3600
    return yuan, km


def check_loads(instance, route, vehicle, left, faults):
    """Check the load after each stop in each dimension."""
    for d, most in enumerate(vehicle["capacity"]):
        load = sum(left[id_][0][d] for id_ in route["stops"])
        peak = load
        for id_ in route["stops"]:
            load += left[id_][1][d] - left[id_][0][d]
            peak = max(peak, load)
        faults.unless(peak <= most + NEAR, f"{route['vehicle']}: {peak} {instance['dimensions'][d]} of {most}")


def duty_of(instance, route, vehicle, points, left, seconds, faults):
    """Check times; return the shortest duty that ends as early as can be."""
    stops = [points[id_] for id_ in route["stops"]]
    release = max((one["release_s"] for one in stops if any(left[one["id"]][0])), default=0.0)
    clock = max(vehicle["shift_start_s"], release)
    for one, drive in zip(stops, seconds, strict=False):
        clock = max(clock + drive, one["opens_s"])
        faults.unless(clock <= one["closes_s"], f"{route['vehicle']}: {one['id']} is shut")
        clock += one["service_duration_s"]
    ends = clock + seconds[-1]
    collects = any(any(left[id_][1]) for id_ in route["stops"])
    due = min(vehicle["shift_end_s"], instance["cut_off_s"] if collects else math.inf)
    faults.unless(ends <= due, f"{route['vehicle']}: back at {ends}")
    latest = clock
    for one, drive in zip(reversed(stops), reversed(seconds[:-1]), strict=True):
        latest = min(latest - one["service_duration_s"], one["closes_s"]) - drive
    duty = ends - latest
    faults.unless(duty <= vehicle["max_duration_s"], f"{route['vehicle']}: on duty for {duty} s")
    return duty


def length(instance, a, b):
    """Return whole metres by road."""
    return round(instance["detour"] * math.dist((a["x_m"], a["y_m"]), (b["x_m"], b["y_m"])))


def main(paths):
    """Check pairs of files."""
    wrong = 0
    for k in range(0, len(paths), 2):
        instance, solution = (json.loads(Path(path).read_text(encoding="utf-8")) for path in paths[k : k + 2])
        for part in ("vans_alone", "with_buses"):
            faults, figures = check(instance, solution[part])
            print(instance["name"], part, json.dumps(figures), *faults, sep="\n  ")
            wrong += len(faults)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

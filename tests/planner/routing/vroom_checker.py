"""VROOM's answers checked from the request alone, by VROOM's document of its interface; shares no code with the planner."""

import math


def faults(request, answer):
    """Every false statement of an answer about feasible routes; empty for a good one."""
    found = []
    if answer["code"] != 0 or "error" in answer:
        return ["code is not 0"]
    tasks = _tasks(request)
    seen = []
    for route in answer["routes"]:
        vehicle = next(v for v in request["vehicles"] if v["id"] == route["vehicle"])
        found += [f"vehicle {vehicle['id']}: {fault}" for fault in _route(request, vehicle, route, tasks, seen)]
    vehicles = [route["vehicle"] for route in answer["routes"]]
    if len(set(vehicles)) < len(vehicles):
        found.append("a vehicle has two routes")
    seen += [(entry["type"], entry["id"]) for entry in answer["unassigned"]]
    if sorted(seen) != sorted(tasks):
        found.append(f"tasks are not accounted for once each: {seen}")
    for pickup, delivery in (
        (("pickup", s["pickup"]["id"]), ("delivery", s["delivery"]["id"])) for s in _shipments(request)
    ):
        left = [(entry["type"], entry["id"]) for entry in answer["unassigned"]]
        if (pickup in left) != (delivery in left):
            found.append(f"half of a shipment is served: {pickup}")
    return found + list(_summary(answer))


def _shipments(request):
    return request.get("shipments", [])


def _tasks(request):
    found = {("job", job["id"]): job for job in request.get("jobs", [])}
    for shipment in _shipments(request):
        shared = {"skills": shipment.get("skills", []), "priority": shipment.get("priority", 0)}
        amount = shipment.get("amount")
        for kind in ("pickup", "delivery"):
            found[kind, shipment[kind]["id"]] = {**shipment[kind], **shared, **({kind: amount} if amount else {})}
    return found


def _summary(answer):
    summary, routes = answer["summary"], answer["routes"]
    for key in ("cost", "setup", "service", "duration", "waiting_time", "priority", "distance"):
        if key in summary and summary[key] != sum(route[key] for route in routes):
            yield f"summary: {key} is not the sum of the routes"
    for key in ("delivery", "pickup"):
        total = (
            [sum(amounts) for amounts in zip(*(route[key] for route in routes), strict=True)] if key in summary else []
        )
        if routes and key in summary and summary[key] != total:
            yield f"summary: {key} is not the sum of the routes"
    if summary["routes"] != len(routes) or summary["unassigned"] != len(answer["unassigned"]):
        yield "summary: counts"
    if summary["violations"] or any(route["violations"] for route in routes):
        yield "violations"


def _route(request, vehicle, route, tasks, seen):
    size = len(route.get("delivery", []))
    steps = route["steps"]
    yield from _types(steps)
    yield from _clock(request, vehicle, route, tasks)
    served = [(step["type"], step["id"]) for step in steps if step["type"] in ("job", "pickup", "delivery")]
    seen += served
    yield from _loads(vehicle, steps, tasks, size)
    for key in served:
        if not set(tasks[key].get("skills", [])) <= set(vehicle.get("skills", [])):
            yield f"{key} needs skills"
    for shipment in _shipments(request):
        pickup, delivery = ("pickup", shipment["pickup"]["id"]), ("delivery", shipment["delivery"]["id"])
        if (pickup in served) != (delivery in served) or (
            pickup in served and served.index(pickup) > served.index(delivery)
        ):
            yield f"{pickup} is not before {delivery}"
    if len(served) > vehicle.get("max_tasks", math.inf):
        yield "too many tasks"
    if {step["id"] for step in steps if step["type"] == "break"} != {b["id"] for b in vehicle.get("breaks", [])}:
        yield "breaks are missing"
    if route["priority"] != sum(tasks[key].get("priority", 0) for key in served):
        yield "priority"
    for key in ("delivery", "pickup"):
        if key in route and route[key] != _sum(size, (tasks[k].get(key) for k in served)):
            yield f"total {key}"


def _types(steps):
    if [steps[0]["type"], steps[-1]["type"]] != ["start", "end"] or len(steps) < 3:
        yield "does not go from a start to an end with a task in between"
    for step in steps:
        numbers = [step[key] for key in ("arrival", "duration", "setup", "service", "waiting_time")]
        if not all(isinstance(number, int) and number >= 0 for number in numbers):
            yield f"{step['type']}: {numbers} are not whole numbers"
        if step["violations"]:
            yield f"{step['type']}: violations"
        if step.get("job") != (step["id"] if step["type"] in ("job", "pickup", "delivery") else None):
            yield "job is the id of a task"


def _sum(size, amounts):
    return (
        [sum((amount or [0] * size)[d] for amount in amounts_) for d in range(size)]
        if (amounts_ := list(amounts))
        else []
    )


def _clock(request, vehicle, route, tasks):
    """Follow the legs: cumulated travel, arrivals, windows, setup, and what it costs."""
    matrices = request["matrices"][vehicle.get("profile", "car")]
    slowness = round(100 / vehicle.get("speed_factor", 1))  # VROOM keeps two digits
    steps = route["steps"]
    place, exact, metres, given = vehicle.get("start_index"), 0, 0, 0
    cut = 0  # legs with parts of a second: VROOM drives between whole seconds, so each may be one longer or shorter
    costs = matrices.get("costs")
    shift = vehicle.get("time_window", [0, math.inf])
    leaves = steps[0]["arrival"]
    driven = 0
    if leaves < shift[0] or steps[-1]["arrival"] > shift[1] or steps[0]["duration"] or steps[0]["waiting_time"]:
        yield "leaves its shift"
    for step in steps[1:]:
        task = tasks.get((step["type"], step.get("id")))
        own = next(
            (b for b in vehicle.get("breaks", []) if step["type"] == "break" and b["id"] == step["id"]), task or {}
        )
        there = task["location_index"] if task else vehicle.get("end_index", place) if step["type"] == "end" else None
        if step["arrival"] - leaves != step["duration"] - driven:
            yield f"{step['type']} {step.get('id')}: arrival is not departure and travel"
        if there is not None:
            if place is not None:
                leg = matrices["durations"][place][there] * slowness
                exact, cut = exact + leg, cut + (leg % 100 > 0)
                metres += matrices.get("distances", matrices["durations"])[place][there]
                given += costs[place][there] if costs else 0
            if abs(step["duration"] - exact // 100) > cut:
                yield f"{step['type']} {step.get('id')}: travel is {step['duration']}, not {exact / 100}"
            if "distance" in step and step["distance"] != metres:
                yield f"{step['type']} {step.get('id')}: distance is {step['distance']}, not {metres}"
        elif not driven <= step["duration"]:
            yield "travel shrinks"
        setup = own.get("setup", 0) if task and place != there else 0
        if (step["setup"], step["service"]) != (setup, own.get("service", 0)):
            yield f"{step['type']} {step.get('id')}: setup or service"
        begins = step["arrival"] + step["waiting_time"]
        if not any(a <= begins <= b for a, b in own.get("time_windows", [[0, math.inf]])):
            yield f"{step['type']} {step.get('id')}: begins at {begins}, outside its windows"
        leaves, driven = begins + step["setup"] + step["service"], step["duration"]
        place = there if there is not None else place
    for key, figure in (("setup", "setup"), ("service", "service"), ("waiting_time", "waiting_time")):
        if route[key] != sum(step[figure] for step in steps):
            yield f"total {key}"
    if route["duration"] != steps[-1]["duration"] or route.get("distance", metres) != metres:
        yield "total travel"
    if exact > 100 * vehicle.get("max_travel_time", math.inf) or metres > vehicle.get("max_distance", math.inf):
        yield "travels too long or too far"
    rates = vehicle.get("costs", {})
    cost = given if costs else exact * rates.get("per_hour", 3600) / 360_000 + metres * rates.get("per_km", 0) / 1000
    if not abs(route["cost"] - rates.get("fixed", 0) - cost) < 1:
        yield f"cost is {route['cost']}, not {cost}"


def _loads(vehicle, steps, tasks, size):
    if not size:
        return
    served = [(step["type"], step.get("id")) for step in steps]
    load = _sum(size, [[0] * size, *(tasks[key].get("delivery") for key in served if key[0] == "job")])
    for step, key in zip(steps, served, strict=True):
        if key in tasks:
            up, down = (tasks[key].get(what) or [0] * size for what in ("pickup", "delivery"))
            load = [a + b - c for a, b, c in zip(load, up, down, strict=True)]
        if step["load"] != load:
            yield f"{key}: load is {load}, not {step['load']}"
        if any(a > b for a, b in zip(load, vehicle.get("capacity", [0] * size), strict=True)):
            yield f"{key}: load {load} is above the capacity"

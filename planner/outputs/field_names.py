"""What the fields of map layers are called in the language that is spoken: their identifiers stay English for programs."""

from __future__ import annotations

from planner.words import say, term


def field_names() -> dict[str, str]:
    """Return the name of each field by its identifier, each name once in a layer."""
    return {
        "id": say("Code"),
        "name": say("Name"),
        "name_latin": say("Name in Latin letters"),
        "tier": say("Tier (code)"),
        "tier_name": say("Tier"),
        "status": say("Status now"),
        "open": say("Is open"),
        "new": say("Opened by the plan"),
        "place_id": say("Code of its place"),
        "serves": say("Serves (villages or points)"),
        "villages_handing_over": say("Villages handing over here"),
        "opening_cost_yuan": say("Opening cost (yuan)"),
        "phase": say("Opens in"),
        "coordinate_source": say("Source of the position"),
        "coordinate_origin": say("Source of the position, in full"),
        "township_id": say("Code of the township"),
        "township": say("Township"),
        "population": say("People"),
        "population_source": say("Source of the people"),
        "population_origin": say("Source of the people, in full"),
        "households": say("Households"),
        "registered_poor": say("Registered poor village"),
        "poor_households": say("Registered poor households"),
        "product": say("Product"),
        "covered": say("Served"),
        "site_id": say("Site code"),
        "minutes_to_site": say("Minutes"),
        "minutes_driving": say("Driving (min)"),
        "minutes_walking": say("Walking (min)"),
        "access_m": say("Walk to the road (m)"),
        "reason": say("Why it is not served (code)"),
        "reason_text": say("Why it is not served"),
        "minutes": say("Within (min)"),
        "villages": say("Villages"),
        "village_ids": say("Codes of the villages"),
        "from": say("From"),
        "area_km2": say("Area (km²)"),
        "vehicle": say("Vehicle"),
        "leg": say("Leg"),
        "stop": say("No."),
        "call": say("Stop or reload (code)"),
        "origin_id": say("From (code)"),
        "destination_id": say("To (code)"),
        "distance_m": say("Distance (m)"),
        "driving_s": say("Driving (s)"),
        "walking_s": say("Walking (s)"),
        "walking_m": say("Walking (m)"),
        "arrival": say("Arrival"),
        "departure": say("Departure"),
        "delivery_parcels": say("Parcels down"),
        "delivery_kg": say("Down (kg)"),
        "delivery_m3": say("Down (m³)"),
        "pickup_parcels": say("Parcels up"),
        "pickup_kg": say("Up (kg)"),
        "pickup_m3": say("Up (m³)"),
        "key": say("Item"),
        "value": say("Content"),
    }


def layer_names() -> dict[str, str]:
    """Return what each layer shows."""
    return {
        "stations": say("Sites"),
        "villages": say("Villages"),
        "village_ids": say("Codes of the villages"),
        "from": say("From"),
        "area_km2": say("Area (km²)"),
        "station_reach": say("Reach of the express stations"),
        "boundary": term("boundary"),
        "route_legs": say("Routes"),
        "route_stops": say("Stops"),
        "about": say("About"),
    }

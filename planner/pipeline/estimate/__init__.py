"""What each village will receive and send on a date: from its people, from kept days with orders, from what the date is.

`estimate_villages` is the one way in: it knows no table of orders and no hand-over place. `kept_orders` reads what earlier
days were told from the store.
"""

from planner.pipeline.estimate.kept_orders import kept_orders, ordered_day, orders_before
from planner.pipeline.estimate.usual import produce_kg, produce_of_households, usual_parcels
from planner.pipeline.estimate.village_estimates import WINDOW, OrderedDay, VillageEstimates, estimate_villages

__all__ = [
    "WINDOW",
    "OrderedDay",
    "VillageEstimates",
    "estimate_villages",
    "kept_orders",
    "ordered_day",
    "orders_before",
    "produce_kg",
    "produce_of_households",
    "usual_parcels",
]

"""Releases: no vehicle leaves a depot before all is ready that it takes along there.

One dimension stands, from one call at a depot to the next, at a time that is not before any release of what is loaded; it
changes only where the vehicle reloads.
"""

from __future__ import annotations

from typing import Any

from ortools.constraint_solver import pywrapcp

from planner.routing.engines.ortools.graph import NodeGraph


def add_releases(
    graph: NodeGraph, manager: pywrapcp.RoutingIndexManager, model: pywrapcp.RoutingModel, time: Any
) -> None:
    """Add the dimension, if there is any release."""
    if not any(stop.release_s for stop in graph.stops):
        return
    most, reloads = graph.horizon, set(graph.reloads)
    changes = [-most if n in reloads else 0 for n in range(len(graph.nodes))]
    evaluator = model.RegisterUnaryTransitVector(changes)
    model.AddDimension(evaluator, 2 * most if reloads else 0, most, False, "ready")
    ready, solver = model.GetDimensionOrDie("ready"), model.solver()
    for i, stop in enumerate(graph.stops):
        released = graph.ticks(stop.release_s - graph.base_s)
        ready.CumulVar(manager.NodeToIndex(graph.first_stop + i)).SetMin(min(max(0, released), most))
    for v in range(len(graph.kinds)):
        start = model.Start(v)
        ready.SlackVar(start).SetValue(0)
        solver.Add(ready.CumulVar(start) <= time.CumulVar(start))
    for n in range(graph.first_stop, len(graph.nodes)):
        index = manager.NodeToIndex(n)
        if n not in reloads:
            ready.SlackVar(index).SetValue(0)
            continue
        loaded = time.CumulVar(index) + graph.ticks(graph.kinds[graph.nodes[n].vehicle].reload_duration_s)
        solver.Add(ready.CumulVar(index) + ready.SlackVar(index) - most <= loaded)

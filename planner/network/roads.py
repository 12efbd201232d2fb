"""What all vehicles and seasons share: edges, the graph with its turns, the hierarchy's topology, the index of lines."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from planner.network.edges import Edges
from planner.network.profiles import load_turn_costs
from planner.network.snap import Snapper
from planner.network.turns import Graph, build_graph

if TYPE_CHECKING:  # numba takes half a second to import: only who asks for travel times pays for it
    from planner.network.hierarchy import Topology


@dataclass(frozen=True, kw_only=True)
class Roads:
    """Edges of an area with what is built on them once and used by every profile.

    With ``turn_costs`` seconds are lost at junctions, as the table in ``profiles.toml`` has it; forbidden turns are heeded
    in any case.
    """

    edges: Edges
    turn_costs: bool = False

    @cached_property
    def graph(self) -> Graph:
        """Nodes, arcs and turns."""
        return build_graph(self.edges, load_turn_costs() if self.turn_costs else None)

    @cached_property
    def topology(self) -> Topology:
        """Node order and arcs of the hierarchy: the slow part, kept by `planner.network.kept`."""
        from planner.network.hierarchy import build_topology

        return build_topology(self.graph.positions(self.edges), self.graph.tail, self.graph.head)

    @cached_property
    def snapper(self) -> Snapper:
        """The index of lines."""
        return Snapper(self.edges)

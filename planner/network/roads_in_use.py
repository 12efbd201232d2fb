"""What one vehicle makes of an area's roads in a season: which it drives, which hang together, where points meet them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from planner.errors import BadDataError, Message
from planner.model import Fact, Points, as_message
from planner.network.closures import Closure, Shut
from planner.network.component import strongest_component
from planner.network.edges import Edges
from planner.network.profiles import load_profile, load_vehicle
from planner.network.roads import Roads
from planner.network.snap import EdgeChoice, Snaps
from planner.network.weights import EdgeUse, use_edges
from planner.units import BoolArray

LEAST_CONNECTED_SHARE = 0.1  # real extracts have nine tenths and more; ways that share no nodes have next to nothing


@dataclass(frozen=True, kw_only=True)
class RoadsInUse:
    """Roads of one area under one profile.

    Points are set onto edges of the strongest component (every place there reaches every other and comes back), never onto
    cut-off pieces. ``shut`` is what closures take away besides the season.
    """

    vehicle: str
    season: str
    roads: Roads
    shut: Shut | None = None

    @property
    def edges(self) -> Edges:
        """The roads between junctions, those this vehicle may not use included."""
        return self.roads.edges

    @cached_property
    def use(self) -> EdgeUse:
        """What the profile makes of each edge.

        Raises
        ------
        ConfigError
            If there is no such vehicle or season.
        BadDataError
            If the vehicle may use none of the roads.
        """
        use = use_edges(self.edges, load_profile(self.vehicle, self.season))
        if use.refused.all():
            raise BadDataError(
                Message(
                    "no road that a {vehicle} may use: look at the highway and access tags of the extract",
                    vehicle=as_message(Fact(code=self.vehicle)),
                )
            )
        return use if self.shut is None else replace(use, shut=self.shut.by >= 0)

    @property
    def _bit(self) -> int:
        return load_profile(self.vehicle, self.season).bit

    @cached_property
    def main(self) -> BoolArray:
        """Edges of the strongest component this season, shape (edges,)."""
        return strongest_component(self.roads, self.use.packed(self.edges), self._bit)

    def check(self) -> None:
        """Refuse roads that are no network.

        Raises
        ------
        BadDataError
            If the vehicle may use none of them, or hardly any two places reach each other, whatever the season.
        """
        lengths = np.where(self.use.refused, 0.0, self.edges.length_m)
        share = lengths[self._open_main].sum() / lengths.sum()
        if share < LEAST_CONNECTED_SHARE:
            raise BadDataError(
                Message(
                    "the roads are all in fragments: the largest piece connected both ways has {share:.1%} of their "
                    "length; ways must share the nodes where they meet: write the extract with complete ways and nodes",
                    share=share,
                )
            )

    @cached_property
    def _open_main(self) -> BoolArray:
        """Edges of the strongest component if neither the season nor a closure took anything away."""
        bits = load_vehicle(self.vehicle).bits
        binds = self.roads.graph.turn_binds & bits
        if not (self.use.closed.any() or self.use.shut.any() or ((binds != 0) & (binds != bits)).any()):
            return self.main
        nothing = np.zeros_like(self.use.closed)
        anyway = replace(self.use, shut=nothing, closed=nothing)
        return strongest_component(self.roads, anyway.packed(self.edges), bits)

    @cached_property
    def _choice(self) -> EdgeChoice:
        unshut, entered = self.main, self.use.entered
        if self.use.shut.any():
            packed = replace(self.use, shut=np.zeros_like(self.use.shut)).packed(self.edges)
            unshut = strongest_component(self.roads, packed, self._bit)
        return EdgeChoice(
            main=self.main & entered,
            unshut_main=unshut & entered,
            open_main=self._open_main & entered,
            known=~self.use.refused & entered,
            passing=self.main & ~entered,
        )

    def snap(self, points: Points, *, access_cap_m: float) -> Snaps:
        """Return where each point meets the network, and a reason for each that is farther than the cap."""
        return self.roads.snapper.snap(points, self._choice, access_cap_m=access_cap_m)

    def closed_km(self) -> tuple[tuple[Closure, float], ...]:
        """Return each closure in force with the kilometres of road it takes from this vehicle; the first to close counts."""
        if self.shut is None:
            return ()
        lengths = np.where(self.use.refused, 0.0, self.edges.length_m)
        return tuple(
            (closure, float(lengths[self.shut.by == number].sum()) / 1000)
            for number, closure in enumerate(self.shut.closures)
        )

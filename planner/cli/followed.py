"""Which network an area's days rest on, said where a command makes another or rests on one of other settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich.console import Console

from planner.words import listed, say

if TYPE_CHECKING:
    from planner.config import PlanConfig
    from planner.config.differences import Difference
    from planner.plans import DayPlan, NetworkPlan
    from planner.plans.store import PlanStore

_MOST_SAID = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedNetwork:
    """The network that days rested on before one was made, empty for none, and the one that they rest on now.

    ``differing`` is what the settings of the one that was made say otherwise than those of the one before.
    """

    made_id: str
    before_id: str
    now_id: str
    differing: tuple[Difference, ...]

    def figures(self) -> dict[str, Any]:
        """Return it for programs."""
        return {
            "followed": self.now_id,
            "followed_before": self.before_id or None,
            "settings_changed": [one.key for one in self.differing],
        }


def followed_network(made: NetworkPlan, before_id: str, store: PlanStore) -> FollowedNetwork:
    """Return what a network that was just kept means for the days of its area, whose id alone says which area it is."""
    from planner.config.differences import setting_differences

    now = store.current_network(made.area.id)
    other = before_id and before_id != made.id
    return FollowedNetwork(
        made_id=made.id,
        before_id=before_id,
        now_id=now.id if now else made.id,
        differing=setting_differences(store.network(before_id).config, made.config) if other else (),
    )


def followed_id(area_id: str, store: PlanStore) -> str:
    """Return the id of the network that days of an area rest on, empty if it has none."""
    current = store.current_network(area_id)
    return "" if current is None else current.id


def print_followed(console: Console, found: FollowedNetwork, area_id: str) -> None:
    """Say what days rest on from now on; nothing where there was no other network."""
    if not found.before_id or found.before_id == found.made_id:
        return
    if found.now_id == found.made_id:
        said = say(
            "From now on days of {area} rest on this network, no longer on {before}; to keep that one: {command}",
            area=area_id,
            before=found.before_id,
            command=f"planner publish {found.before_id}",
        )
    else:
        said = say(
            "Days of {area} still rest on the network {now}; to follow this one: {command}",
            area=area_id,
            now=found.now_id,
            command=f"planner publish {found.made_id}",
        )
    takes_over = found.now_id == found.made_id and bool(found.differing)
    console.print(said, style="yellow" if takes_over else None, highlight=False, markup=False, soft_wrap=True)
    if found.differing:
        said = say(
            "Its settings differ from those of {before}: {keys}. A variant to compare only needs an id of its own "
            "([area] id in its area.toml)",
            before=found.before_id,
            keys=_keys(found.differing),
        )
        console.print(said, style="yellow", highlight=False, markup=False, soft_wrap=True)


def print_basis(console: Console, plan: DayPlan, config: PlanConfig) -> None:
    """Say which network a day rests on, and what its settings say otherwise than the area's configuration does."""
    console.print(say("Rests on the network {id}", id=plan.network.id), highlight=False, soft_wrap=True)
    differing = settings_differing(plan.network, config)
    if differing:
        said = say(
            "That network was made with other settings than the area has now: {keys}; --network names another "
            "(planner networks {area})",
            keys=_keys(differing),
            area=plan.area.id,
        )
        console.print(said, style="yellow", highlight=False, markup=False, soft_wrap=True)


def settings_differing(network: NetworkPlan, config: PlanConfig) -> tuple[Difference, ...]:
    """Return what a network's settings say otherwise than the area's configuration does, which may be newer than both."""
    from pydantic import ValidationError

    from planner.config import PlanConfig
    from planner.config.differences import setting_differences
    from planner.plans.upgrade import NETWORK_PARTS

    kept = network.config
    try:  # what a configuration of before did not say has its default
        whole = PlanConfig.model_validate({**config.model_dump(mode="json", by_alias=True), **kept})
        kept = whole.parts(NETWORK_PARTS)
    except ValidationError:
        pass
    return setting_differences(kept, config.parts(NETWORK_PARTS))


def _keys(differing: tuple[Difference, ...]) -> str:
    names = [one.key for one in differing[:_MOST_SAID]]
    more = len(differing) - len(names)
    return listed([*names, *([say("{count} more", count=more)] if more else [])])

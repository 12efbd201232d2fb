"""What a server is told when it starts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from planner.config import PlanConfig, embedded_areas, load_config
from planner.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """``store_url`` is the database of plans; ``cached_plans`` how many are kept unpacked in memory.

    Roads can be asked for of the embedded areas and of ``area_folders`` (an ``area.toml`` each); in the folder ``cache``
    they are kept between runs, and ``cached_roads`` of them in memory.
    """

    store_url: str = "sqlite:///out/planner.db"
    cached_plans: int = 8
    area_folders: tuple[Path, ...] = ()
    cache: Path | None = None
    cached_roads: int = 4

    def areas(self) -> dict[str, PlanConfig]:
        """Return the configuration of each area whose roads can be asked for, by id.

        Raises
        ------
        PlannerError
            If a folder holds no configuration that holds.
        UsageError
            If two areas have one id.
        """
        configs: dict[str, PlanConfig] = {}
        places: list[str | Path] = [*embedded_areas(), *self.area_folders]
        for where in places:
            config = load_config(where)
            if config.area.id in configs:
                raise UsageError(f"{where}: an area {config.area.id!r} is there already: give it another id")
            configs[config.area.id] = config
        return configs

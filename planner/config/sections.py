"""What every section of a configuration is: checked, frozen, and without keys that nobody knows."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Provenance = Annotated[str, Field(min_length=3)]
"""Where the figures of a section come from; a figure that drives money or time has one."""
Count = Annotated[int, Field(ge=0)]
Yuan = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1)]


class Section(BaseModel):
    """Root of all sections of a configuration."""

    model_config = ConfigDict(extra="forbid", frozen=True)

"""What every section of a configuration is: checked, frozen, and without keys that nobody knows."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Provenance = Annotated[str, Field(min_length=3)]
"""Where the figures of a section come from; a figure that drives money or time has one."""


class Section(BaseModel):
    """Root of all sections of a configuration."""

    model_config = ConfigDict(extra="forbid", frozen=True)

"""What every section of a configuration is: checked, frozen, and without keys that nobody knows."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from planner.errors import Message
from planner.model import Text


def _long_enough(text: Text) -> Text:
    if len(text) < _FEWEST:
        raise ValueError(Message("Text should have {count} characters or more", count=_FEWEST))
    return text


_FEWEST = 2
Prose = Annotated[Text, AfterValidator(_long_enough)]
"""What people write for people, in one language or both."""
Provenance = Prose
"""Where the figures of a section come from; a figure that drives money or time has one."""
Count = Annotated[int, Field(ge=0)]
Yuan = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1)]


class Section(BaseModel):
    """Root of all sections of a configuration."""

    model_config = ConfigDict(extra="forbid", frozen=True)

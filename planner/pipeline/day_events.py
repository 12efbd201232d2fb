"""What has happened in the course of a day, as a person writes it down: a TOML or JSON file.

See docs/replanning.md for its keys.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Field, ValidationError, ValidationInfo, field_validator, model_validator

from planner.config import Clock, Section, content_faults, document_text, parse_json, parse_toml
from planner.config.faults import section_faults
from planner.config.sections import Count, Name, Seconds
from planner.errors import BadDataError, Message, parse_fault
from planner.routing.day import Cargo

Goods = Annotated[float, Field(ge=0, le=1e9)]


class VehicleEvent(Section):
    """What is known of a vehicle: its delay, that it is lost, where it stands, what is behind it and not served of that."""

    id: Name
    delay_s: Seconds = 0.0
    lost: bool = False
    cargo: Cargo = Cargo.FETCH
    at: Name = ""
    free: Clock | None = None
    done: tuple[Name, ...] | None = None
    failed: tuple[Name, ...] = ()

    # what would be read and not used is refused: whoever wrote it means something else

    @field_validator("cargo")
    @classmethod
    def _of_a_lost_vehicle(cls, cargo: Cargo, info: ValidationInfo) -> Cargo:
        if not info.data.get("lost", True):
            raise ValueError(
                Message("only a vehicle that is lost loses its goods or has them fetched: lost = true, or leave it out")
            )
        return cargo

    @field_validator("free")
    @classmethod
    def _of_one_that_drives_on(cls, free: Clock | None, info: ValidationInfo) -> Clock | None:
        if free is not None and info.data.get("lost", False):
            raise ValueError(Message("a vehicle that is lost does not go on: leave it out"))
        return free

    @field_validator("done")
    @classmethod
    def _is_all_or_the_delay(cls, done: tuple[str, ...] | None, info: ValidationInfo) -> tuple[str, ...] | None:
        if done is not None and info.data.get("at") and info.data.get("delay_s"):
            raise ValueError(
                Message(
                    "with at and done it is known where the vehicle is: leave delay_s out; free says when it can go on"
                )
            )
        return done


class NewStop(Section):
    """A stop that came up during the day, at a site of the area; its hours are the usual ones if left out."""

    site_id: Name
    id: Name = ""
    delivery_parcels: Goods = 0.0
    delivery_kg: Goods = 0.0
    delivery_m3: Goods = 0.0
    pickup_parcels: Goods = 0.0
    pickup_kg: Goods = 0.0
    pickup_m3: Goods = 0.0
    opens: Clock | None = None
    closes: Clock | None = None

    @model_validator(mode="after")
    def _window_has_length(self) -> Self:
        if self.opens is not None and self.closes is not None and self.closes <= self.opens:
            raise ValueError(Message("closes must be later than opens"))
        return self


class DayEvents(Section):
    """The state of a running day: the time, what has happened, and how much may be changed."""

    now: Clock
    most_changes: Count
    tolerance_s: Seconds
    transfer_duration_s: Seconds = 600.0
    improve: bool = False
    vehicles: tuple[VehicleEvent, ...] = ()
    new_stops: tuple[NewStop, ...] = ()
    cancelled: tuple[Name, ...] = ()


def read_events(path: Path) -> DayEvents:
    """Return the events of a TOML or JSON file.

    Raises
    ------
    BadDataError
        If there is no such file, it is neither, or keys or values are invalid: every offender is listed.
    """
    if not path.is_file():
        raise BadDataError(Message("{path}: no such file; docs/replanning.md says what stands in it", path=path))
    try:
        text = document_text(path)
        content = parse_json(text) if path.suffix == ".json" else parse_toml(text)
    except BadDataError:
        raise
    except (ValueError, RecursionError) as error:
        form = "JSON" if path.suffix == ".json" else "TOML"
        raise BadDataError(
            Message("{path}: not {form} in UTF-8: {error}", path=path, form=form, error=parse_fault(error))
        ) from error
    return parse_events(content, name=str(path))


def parse_events(content: Any, *, name: str) -> DayEvents:
    """Return the events of parsed TOML or JSON; ``name`` is what errors call it.

    Raises
    ------
    BadDataError
        Every offending key.
    """
    faults = dict(content_faults(content))
    try:
        events = DayEvents.model_validate(content)
    except ValidationError as error:
        faults = dict(section_faults(error)) | faults
        raise BadDataError(Message("{file}: what happened cannot be read", file=name), list(faults.values())) from error
    if faults:
        raise BadDataError(Message("{file}: what happened cannot be read", file=name), list(faults.values()))
    return events

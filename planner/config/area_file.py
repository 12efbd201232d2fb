"""The configuration of an area from its file, from parsed content, or from what a document keeps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from planner.config.content import content_faults, document_text, parse_toml
from planner.config.faults import placed, section_faults
from planner.config.plan_config import PlanConfig
from planner.errors import BadDataError, ConfigError, Message, UnknownAreaError, of_file, parse_fault

CONFIG_NAME = "area.toml"


def data_folder() -> Path:
    """Return the folder of embedded boundaries, registers and areas (``data/`` of a clone, or of the installed package)."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "_data"
    return installed if installed.is_dir() else package.parent / "data"


def embedded_areas() -> tuple[str, ...]:
    """Return the names of the study areas that come with the package, sorted."""
    return tuple(sorted(path.parent.name for path in (data_folder() / "areas").glob(f"*/{CONFIG_NAME}")))


def load_config(where: str | Path) -> PlanConfig:
    """Return the configuration of an embedded area (by name), of a folder with an ``area.toml``, or of a TOML file.

    Raises
    ------
    UnknownAreaError
        If it is neither an embedded area's name nor a file or folder.
    ConfigError
        If the file is not TOML or is invalid; every offending key is listed.
    """
    path = Path(where)
    if not path.exists() and str(where) in embedded_areas():
        path = data_folder() / "areas" / str(where)
    if path.is_dir():
        path /= CONFIG_NAME
    if not path.is_file():
        what = Message(
            "no such file or folder with an {config}; the embedded areas are {names}",
            config=CONFIG_NAME,
            names=embedded_areas(),
        )
        raise UnknownAreaError(of_file(where, what))
    try:
        content = parse_toml(document_text(path))
    except BadDataError as error:
        raise ConfigError(error.summary) from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(of_file(path, Message("not a TOML file in UTF-8: {why}", why=parse_fault(error)))) from error
    if "folder" in content:
        raise ConfigError(_invalid(str(path)), [Message("folder: not a key of this file: remove it")])
    return parse_config(content, folder=path.parent, name=str(path))


def parse_config(content: dict[str, Any], *, folder: Path, name: str) -> PlanConfig:
    """Return the configuration of parsed TOML or JSON; ``name`` is what errors call it.

    Raises
    ------
    ConfigError
        One problem a key, with the value found and what was expected.
    """
    faults = dict(content_faults(content))
    try:
        config = PlanConfig.model_validate({**content, "folder": folder})
    except ValidationError as error:
        faults = dict(section_faults(error)) | faults
        raise ConfigError(_invalid(name), list(placed(faults, content))) from error
    if faults:
        raise ConfigError(_invalid(name), list(placed(faults, content)))
    return config


def kept_faults(content: Any, required: Sequence[str]) -> Iterator[Message]:
    """Return what is wrong with the parts of a configuration that a document keeps; ``required`` are those it needs."""
    try:
        PlanConfig.model_validate(content)
    except ValidationError as error:
        for fault, (_, said) in zip(error.errors(), section_faults(error, "config"), strict=True):
            if fault["type"] != "missing" or len(fault["loc"]) > 1 or fault["loc"][0] in required:
                yield said


def _invalid(name: str) -> Message:
    return Message("{file}: the configuration is invalid", file=name)

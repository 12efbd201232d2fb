"""Plans that a command is given: a plan.json, or the id of a plan in the store."""

from __future__ import annotations

from pathlib import Path

from planner.errors import BadDataError
from planner.plans import Plan, plan_from_json


def load_plan(which: str, store: str) -> Plan:
    """Return the plan of a file, or of the store if there is no such file.

    Raises
    ------
    BadDataError
        If the file is not a plan.
    PlanNotFoundError
        If it is neither a file nor an id in the store.
    """
    if Path(which).is_file() or which.endswith(".json"):
        return load_plan_file(Path(which))
    from planner.plans.store import open_store

    with open_store(store) as plans:
        return plans.get(which)


def load_plan_file(path: Path) -> Plan:
    """Return the plan of a file.

    Raises
    ------
    BadDataError
        If there is no such file, or it is not a plan.
    """
    if not path.is_file():
        raise BadDataError(f"{path}: no such file; planner plan writes a plan.json")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadDataError(f"{path}: not a text file: planner plan writes a plan.json") from error
    return plan_from_json(text, name=str(path))

"""The indicators as a bureau words them: names, definitions and targets of its own table in place of the data file's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from planner.config import PlanConfig
from planner.errors import Message
from planner.geodata.findings import Finding, raise_for
from planner.model import Text, said
from planner.pipeline.bulletin.definitions import indicators
from planner.pipeline.bulletin.filled_rows import FilledRow, filled_rows
from planner.plans.bulletin import Indicator


def indicators_of(config: PlanConfig) -> tuple[Indicator, ...]:
    """Return the indicators as an area's configuration has them; see `own_indicators` for what it raises."""
    own = config.bulletin.indicators
    return own_indicators(None if own is None else config.resolve(own))


def own_indicators(path: Path | None) -> tuple[Indicator, ...]:
    """Return the indicators, those that a bureau's table names with its name, definition and target.

    A text of the table is said in both languages; what is left empty stays as it is. A target of a share is in percent.

    Raises
    ------
    BadDataError
        If the table cannot be read, or a row is at fault: all of them are listed.
    """
    if path is None:
        return indicators()
    findings: list[Finding] = []
    of_code = {one.code: one for one in indicators()}
    seen: set[str] = set()
    for row in filled_rows(path, ("code",), findings):
        indicator = known_indicator(row, of_code)
        if indicator is None:
            continue
        if indicator.code in seen:
            row.fault("repeated", "code", said("is there twice"), said("delete one of the rows"))
        seen.add(indicator.code)
        changes: dict[str, object] = {key: Text(row.text(key)) for key in ("name", "definition") if row.text(key)}
        if row.text("target"):
            changes["target"] = row.figure("target", indicator)
        of_code[indicator.code] = replace(indicator, **changes)  # type: ignore[arg-type]
    raise_for(findings, Message("{file}: the indicators cannot be used as they are", file=path.name))
    return tuple(of_code.values())


def known_indicator(row: FilledRow, of_code: dict[str, Indicator]) -> Indicator | None:
    """Return the indicator that a row names by its code, None with a finding if there is none."""
    code = row.text("code")
    found = of_code.get(code) or next((one for one in of_code.values() if one.code.lower() == code.lower()), None)
    if found is None:
        row.fault(
            "unknown_indicator",
            "code",
            said("is no indicator") if code else said("is empty"),
            said("write a code of the template, for example {examples}", examples=_examples(of_code)),
        )
    return found


def _examples(of_code: dict[str, Indicator]) -> Sequence[str]:
    return [code for code in of_code if code.startswith("B")][:3]

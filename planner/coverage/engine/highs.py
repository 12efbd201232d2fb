"""HiGHS through OR-Tools, asked again when it fails for a reason of its own."""

from __future__ import annotations

from ortools.math_opt.python import mathopt

_TRIES = 3


def solve_with_highs(
    model: mathopt.Model,
    parameters: mathopt.SolveParameters,
    model_parameters: mathopt.ModelSolveParameters | None = None,
) -> mathopt.SolveResult:
    """Return what HiGHS makes of a model; if it ends in an internal error it is asked again, at last SCIP.

    Such an error was seen once, on a tiny model (OR-Tools 9.15), and not when the same model was solved again.
    """
    for _ in range(_TRIES):
        try:
            return mathopt.solve(model, mathopt.SolverType.HIGHS, params=parameters, model_params=model_parameters)
        except (AttributeError, RuntimeError):
            # OR-Tools turns the status of an internal error into an AttributeError of its own
            continue
    return mathopt.solve(model, mathopt.SolverType.GSCIP, params=parameters, model_params=model_parameters)

"""Siting over several years: what is asked, what is answered, and in which phase each site opens.

The nouns stand here and load no solver. `planner.coverage.phases.solve` plans all phases together: small ones as one integer
programme (`phased_milp`), large ones by a compiled engine (`phased_adapter`); `phased_check` replays what comes back.
"""

from planner.coverage.phases.openings import opening_phases
from planner.coverage.phases.phased import Phase, PhasedProblem, PhasedSolution, PhaseResult

__all__ = ["Phase", "PhaseResult", "PhasedProblem", "PhasedSolution", "opening_phases"]

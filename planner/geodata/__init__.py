"""Files and registers in, one StudyArea out.

What is said of a file stands here and loads no library. `planner.geodata.assemble` reads an area, `planner.geodata.doctor`
examines files, `planner.geodata.scaffold` and `planner.geodata.fetch` start a county, `planner.geodata.register` knows its
villages.
"""

from planner.geodata.findings import Finding, Severity

__all__ = ["Finding", "Severity"]

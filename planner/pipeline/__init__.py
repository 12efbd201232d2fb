"""From an area's files to a plan: the only room where roads, siting and routing meet. One module a use case.

`planner.pipeline.area_run` makes each step of an area once, when it is first asked for; `day`, `replan`, `reach`, `seasons`
and `area_curve` begin there, `examine` looks at files before. Nothing is imported here: a use case loads its own solvers.
"""

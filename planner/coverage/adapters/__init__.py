"""Siting problems put into the form that each compiled engine takes, and its answer read back as a proposal.

`planner.coverage.adapters.choice` is the door. It loads every compiled engine, so it is imported only where a problem is
large enough for one.
"""

"""The planner over HTTP."""

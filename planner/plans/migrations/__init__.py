"""How the store's tables came from each version to the next: Alembic's revisions, named after the version they make.

`planner.plans.store_migration` runs them; which version a store has stands in its table ``planner_store``. A revision makes
tables as they were in its version, so it never takes them from `planner.plans.store_tables`. It leaves documents that are
not of today's version any more in ``planner_former``, from where they are read, upgraded and kept again.
"""

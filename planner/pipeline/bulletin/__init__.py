"""The bulletin of a month: what is worked out from plans and the base database, with what the bureau entered."""

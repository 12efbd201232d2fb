"""From an area's files to a plan: the only room where roads, siting and routing meet. One module a use case."""

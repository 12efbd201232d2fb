"""One module a version of the store: what leads from the version before it there."""

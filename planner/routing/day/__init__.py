"""A running day: what has happened, and the rest of it planned again with few changes."""

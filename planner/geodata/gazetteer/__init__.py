"""Positions for the villages of a table from lists of named points: OpenStreetMap, GeoNames, a bureau's own list.

`spellings` says when two names are one, `named_points` reads the lists, `same_village` decides which point is which
village, `filled_table` writes what is certain into the table and everything else beside it.
"""

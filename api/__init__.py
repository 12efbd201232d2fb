"""The HTTP API: areas, plans, their GeoJSON, maps and courier files."""

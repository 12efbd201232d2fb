"""The HTTP API: areas, plans, their GeoJSON, maps and courier files."""

from api.app import create_app
from api.settings import Settings

__all__ = ["Settings", "create_app"]

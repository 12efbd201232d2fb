"""Pictures of plans for reports, slides and pages: PNG, SVG and PDF, the same plan the same bytes."""

from planner.outputs.pictures.day_picture import routes_picture
from planner.outputs.pictures.fonts import MissingFontError
from planner.outputs.pictures.network_pictures import coverage_picture, phases_picture
from planner.outputs.pictures.paper import KINDS, PAPERS, Kind, Paper

__all__ = [
    "KINDS",
    "PAPERS",
    "Kind",
    "MissingFontError",
    "Paper",
    "coverage_picture",
    "phases_picture",
    "routes_picture",
]

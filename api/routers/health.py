"""Whether the server is ready."""

from __future__ import annotations

from fastapi import APIRouter

from api.deps import Store
from api.schemas import Health
from planner import __version__

router = APIRouter(tags=["health"])


@router.get("/health", summary="Ready when this answers")
def health(store: Store) -> Health:
    """Return the program's version and the number of plans in its store."""
    return Health(version=__version__, plans=store.count())

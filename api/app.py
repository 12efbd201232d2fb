"""Put the application together."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI
from fastapi_offline import FastAPIOffline
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import errors, pages
from api.deps import cached_days, cached_networks, cached_runs, cached_services
from api.request_language import Speech, offer_language
from api.routers import (
    areas,
    bulletins,
    courier,
    days,
    health,
    moved,
    networks,
    pictures,
    published,
    reach,
    routing,
    service_plans,
    siting,
)
from api.schemas import ErrorReply
from api.settings import Settings
from planner import __version__
from planner.plans.store import open_store

_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; form-action 'none'; frame-ancestors 'self'; base-uri 'none'"
)
"""Pages may use what they bring along and what this server gives, and no other host."""


def create_app(settings: Settings) -> FastAPI:
    """Return the application over one store, which is opened when the server starts and closed when it stops."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        configs = settings.areas()
        with open_store(settings.store_url) as store:
            app.state.store = store
            app.state.load_network = cached_networks(store, settings.cached_plans)
            app.state.load_day = cached_days(store, settings.cached_plans)
            app.state.load_service = cached_services(store, settings.cached_plans)
            app.state.area_languages = {area_id: config.language for area_id, config in configs.items()}
            app.state.load_run = cached_runs(configs, settings)
            app.state.curve_in_work = threading.Lock()
            app.state.pictures_in_work = threading.BoundedSemaphore(pictures.MOST_AT_ONCE)
            yield

    app = FastAPIOffline(
        redoc_url=None,
        title="Rural service planner",
        version=__version__,
        description="Areas, network plans, day plans, stations and routes as GeoJSON, maps and courier files. Times are "
        "local, lengths metres, coordinates lon/lat in WGS 84. What people read is Chinese or English: `?lang=zh`, the "
        "cookie `lang`, `Accept-Language` or the area's configuration say which, in this order. "
        'Errors have one form: `{"error": {"code", "message", "problems"}}`.',
        lifespan=lifespan,
        dependencies=[Depends(offer_language)],
        responses={404: {"model": ErrorReply}, 422: {"model": ErrorReply}},
    )
    app.add_middleware(Speech)
    app.add_middleware(_Guard)
    errors.install(app)
    app.include_router(pages.router)
    for router in (
        *(
            health.router,
            areas.router,
            reach.router,
            networks.router,
            days.router,
            bulletins.router,
            service_plans.router,
        ),
        *(published.router, courier.router, pictures.router, siting.router, routing.router, moved.router),
    ):
        app.include_router(router)
    return app


class _Guard:
    """Set the security headers, and answer HEAD wherever GET is answered (the server leaves the body away)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = _POLICY
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "no-referrer"
            await send(message)

        if scope["type"] == "http" and scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}
        await self._app(scope, receive, guarded)

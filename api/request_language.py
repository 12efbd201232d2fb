"""In which language a request is answered: as it asks, else as the area asks whose plan it is about."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from planner.words import LANGUAGES, Language, language, speak, speaking

_DEFAULT: Language = "en"
_COOKIE = "lang"
_A_YEAR_S = 365 * 24 * 3600
_FOR_PROGRAMMERS = ("/docs", "/openapi.json", "/static-offline-docs")
"""Addresses that are in English, whoever asks."""


class Speech:
    """Speak the language of each request while it is answered, and remember one that was chosen (``?lang=zh``).

    What a request starts in other threads speaks it too: they are given a copy of its context.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(_FOR_PROGRAMMERS):
            await self._app(scope, receive, send)
            return
        request = HTTPConnection(scope)
        chosen, asked = _known(request.query_params.get("lang")), asked_language(request)
        request.state.asked_language = asked

        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Language"] = language()
                headers.add_vary_header("Accept-Language, Cookie")
                if chosen is not None:
                    headers.append(
                        "Set-Cookie", f"{_COOKIE}={chosen}; Path=/; Max-Age={_A_YEAR_S}; SameSite=Lax; HttpOnly"
                    )
            await send(message)

        with speaking(asked or _DEFAULT):
            await self._app(scope, receive, tell)


def asked_language(request: HTTPConnection) -> Language | None:
    """Return the language that a request asks for: in its address, else its cookie, else what its browser accepts."""
    return (
        _known(request.query_params.get("lang"))
        or _known(request.cookies.get(_COOKIE))
        or _accepted(request.headers.get("accept-language", ""))
    )


async def offer_language(
    _lang: Annotated[
        Language | None, Query(alias="lang", description="of what people read; remembered in a cookie")
    ] = None,
) -> None:
    """Refuse a language that there is none of; every address takes the parameter."""


def speak_of_area(request: Request, asks: str | None) -> None:
    """Speak an area's language from here on where the request asks for none; to be called in the request's own task."""
    lang = _known(asks)
    if request.state.asked_language is None and lang is not None:
        speak(lang)


def _known(text: str | None) -> Language | None:
    return next((lang for lang in LANGUAGES if lang == text), None)


def _accepted(header: str) -> Language | None:
    """Return the best liked of the languages there are, the first of equals; ``zh-Hans-CN`` is Chinese."""
    best, liking = None, 0.0
    for part in header.split(","):
        tag, _, weight = part.partition(";")
        lang = _known(tag.strip().lower().partition("-")[0])
        liked = _weight(weight)
        if lang is not None and liked > liking:
            best, liking = lang, liked
    return best


def _weight(text: str) -> float:
    key, _, value = text.strip().partition("=")
    try:
        return float(value) if key.strip() == "q" else 1.0
    except ValueError:
        return 0.0

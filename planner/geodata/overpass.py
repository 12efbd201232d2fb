"""Questions to an Overpass server: what it answered is kept, what it could not is asked again after a wait one can see.

Written on requests alone: osmnx asks a busy server for ever, and does not say that it waits.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import math
import re
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
import urllib3

from planner.errors import Message, PlannerError
from planner.progress import Progress, silent
from planner.seals import sealed, unsealed
from planner.writing import whole_file

LARGEST_ANSWER_BYTES = 512 * 2**20
_STATUS_TIMEOUT_S = 15.0
_CONNECT_TIMEOUT_S = 15.0
_CHUNK_BYTES = 2**16
_BUSY = {
    429: Message("too many requests"),
    500: Message("the server has a fault"),
    502: Message("the server behind it does not answer"),
    503: Message("the server is busy"),
    504: Message("the server ran out of time"),
}
_SLOT_FREE = re.compile(r"slot available after[^\n]*?in (-?\d{1,6}) seconds?", re.IGNORECASE)
_NODE, _WAY, _RELATION = "node", "way", "relation"
Element = Mapping[str, Any]


class DownloadError(PlannerError, OSError):
    """The server cannot be reached or does not answer; the message says what to do instead."""


class _NoAnswerError(Exception):
    """One try that gave nothing: why, whether another may help, and how long the server asks to wait."""

    def __init__(self, why: Message, *, again: bool = True, wait_s: float | None = None) -> None:
        super().__init__(why)
        self.why, self.again, self.wait_s = why, again, wait_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How often a question is asked and how long is waited: ``first_wait_s``, doubled each time up to ``longest_wait_s``.

    What the server itself asks for goes before, up to that longest wait. ``answer_s`` is how long one answer may take as a
    whole; the server is given ``question_s`` of it. ``sleep`` passes the time.
    """

    tries: int = 6
    first_wait_s: float = 10.0
    longest_wait_s: float = 180.0
    question_s: int = 180
    answer_s: float = 600.0
    sleep: Callable[[float], None] = time.sleep


PATIENCE = Patience()


@dataclass(frozen=True, kw_only=True)
class Overpass:
    """One server, the folder that keeps its answers, and who hears of waits: ``notice`` once, ``progress`` each second."""

    url: str
    answers: Path
    user_agent: str
    patience: Patience = PATIENCE
    progress: Progress = silent
    notice: Callable[[Message], None] = lambda _: None

    def reach(self) -> None:
        """Find out whether the server is there at all; how it speaks of itself does not matter.

        Raises
        ------
        DownloadError
            If there is no way to it.
        """
        try:
            self._status()
        except requests.RequestException as error:
            if not _no_way_to(error):
                return  # it is there, though it says nothing useful of itself
            raise DownloadError(
                Message(
                    "{url}: cannot be reached ({why}): without internet, copy a Geofabrik file of the province to this "
                    "machine and give it with --pbf",
                    url=self.url,
                    why=type(error).__name__,
                )
            ) from error

    def ask(self, question: str, done: int, total: int) -> list[Element]:
        """Return the elements that answer a question without settings, kept or new; ``done`` of ``total`` are behind.

        Raises
        ------
        DownloadError
            If there was no whole answer in all tries; the message is the cause alone.
        """
        query = f"[out:json][timeout:{self.patience.question_s}];{question}"
        path = self._place_of(question)
        with suppress(OSError, _NoAnswerError):
            if (kept := unsealed(path.read_bytes())) is not None:
                return _elements(kept)
        for number in range(1, self.patience.tries + 1):
            try:
                content = self._post(query)
                elements = _elements(content)
            except _NoAnswerError as fault:
                if not fault.again or number == self.patience.tries:
                    raise DownloadError(_after(fault.why, number)) from fault
                self._wait(fault, number, done, total)
                continue
            self.answers.mkdir(parents=True, exist_ok=True)
            with whole_file(path) as beside:
                beside.write_bytes(sealed(content))
            return elements
        raise AssertionError("the last try returns or raises")

    def answered(self, question: str) -> datetime.date:
        """Return the day on which a question was answered that `ask` has an answer to."""
        return datetime.date.fromtimestamp(self._place_of(question).stat().st_mtime)

    def forget(self) -> None:
        """Delete the answers that are kept: all is asked anew."""
        for path in self.answers.glob("*.answer"):
            path.unlink(missing_ok=True)

    def _place_of(self, question: str) -> Path:
        return self.answers / f"{hashlib.sha256(question.encode()).hexdigest()[:40]}.answer"

    def _post(self, query: str) -> bytes:
        """Return the body of one answer; a server that trickles has ``answer_s`` for all of it."""
        timeouts = (_CONNECT_TIMEOUT_S, float(self.patience.question_s) + _CONNECT_TIMEOUT_S)
        until = time.monotonic() + self.patience.answer_s
        try:
            with requests.post(
                f"{self.url.rstrip('/')}/interpreter",
                data={"data": query},
                headers={"User-Agent": self.user_agent},
                timeout=timeouts,
                stream=True,
            ) as response:
                if response.status_code != requests.codes.ok:
                    raise self._refusal(response)
                parts, size = [], 0
                for part in response.iter_content(_CHUNK_BYTES):
                    parts.append(part)
                    size += len(part)
                    if size > LARGEST_ANSWER_BYTES:
                        raise _NoAnswerError(
                            Message("the answer is larger than {size} MB", size=size >> 20), again=False
                        )
                    if time.monotonic() > until:
                        raise _NoAnswerError(
                            Message("no whole answer in {seconds:.0f} s", seconds=self.patience.answer_s)
                        )
                return b"".join(parts)
        except requests.Timeout as error:
            raise _NoAnswerError(Message("no answer in time")) from error
        except requests.RequestException as error:
            raise _NoAnswerError(Message("the connection failed ({why})", why=type(error).__name__)) from error

    def _refusal(self, response: requests.Response) -> _NoAnswerError:
        status = response.status_code
        why = Message("{reason} (HTTP {status})", reason=_BUSY.get(status, Message("it refuses")), status=status)
        if status not in _BUSY and status < 500:
            return _NoAnswerError(why, again=False)
        asked = response.headers.get("Retry-After", "")
        if asked.isascii() and asked.isdigit() and len(asked) < 7:
            return _NoAnswerError(why, wait_s=float(asked))
        return _NoAnswerError(why, wait_s=self._slot_free_s() if status == requests.codes.too_many_requests else None)

    def _slot_free_s(self) -> float | None:
        """Return in how many seconds the server will have room, None if it does not say so in words known here."""
        try:
            said = self._status()
        except requests.RequestException:
            return None
        waits = [float(seconds) for seconds in _SLOT_FREE.findall(said)]
        return max(min(waits), 1.0) if waits else None

    def _status(self) -> str:
        with requests.get(
            f"{self.url.rstrip('/')}/status",
            headers={"User-Agent": self.user_agent},
            timeout=_STATUS_TIMEOUT_S,
            stream=True,
        ) as response:
            said: bytes = response.raw.read(_CHUNK_BYTES, decode_content=True)
        return said.decode("utf-8", errors="replace")

    def _wait(self, fault: _NoAnswerError, number: int, done: int, total: int) -> None:
        patience = self.patience
        wait_s = fault.wait_s or patience.first_wait_s * 2 ** (number - 1)
        left = min(wait_s, patience.longest_wait_s)
        what = {"why": fault.why, "number": number + 1, "tries": patience.tries}
        self.notice(Message("{why}: try {number} of {tries} in {seconds} s", **what, seconds=math.ceil(left)))
        while left > 0:
            self.progress(
                Message("{why}: try {number} of {tries} in {seconds} s", **what, seconds=math.ceil(left)), done, total
            )
            patience.sleep(min(1.0, left))
            left -= 1.0


def _no_way_to(error: requests.RequestException) -> bool:
    """Return whether no connection came about, or none can with such an address."""
    if isinstance(error, ValueError | requests.ConnectTimeout):  # a malformed URL is a ValueError
        return True
    return bool(error.args) and isinstance(error.args[0], urllib3.exceptions.MaxRetryError)


def _after(why: Message, tries: int) -> Message:
    return why if tries == 1 else Message("{why}, {tries} times in a row", why=why, tries=tries)


def _elements(content: bytes) -> list[Element]:
    """Return the elements of an answer in JSON.

    A server that runs out of time or memory answers with what it has and a remark: that is no map. Nor are pages of HTML,
    answers cut short and elements without what makes them.
    """
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError) as error:
        beginning = content[:1]
        what = (
            Message("its answer is a web page, not data") if beginning == b"<" else Message("its answer is cut short")
        )
        raise _NoAnswerError(what) from error
    if not isinstance(answer, dict):
        raise _NoAnswerError(Message("its answer is not one of Overpass"))
    if "remark" in answer:
        raise _NoAnswerError(Message("the server broke off: {remark}", remark=str(answer["remark"])[:200]))
    elements = answer.get("elements")
    if not isinstance(elements, list) or not all(_whole(element) for element in elements):
        raise _NoAnswerError(Message("its answer is not one of Overpass"))
    return elements


def _whole(element: object) -> bool:
    """Return whether an element has its kind, its number and what it consists of."""
    if not isinstance(element, dict) or not _number(element.get("id")):
        return False
    tags = element.get("tags", {})
    if not isinstance(tags, dict) or not all(isinstance(value, str) for value in tags.values()):
        return False
    kind = element.get("type")
    if kind == _NODE:
        return _within(element.get("lon"), 180.0) and _within(element.get("lat"), 90.0)
    if kind == _WAY:
        nodes = element.get("nodes")
        return isinstance(nodes, list) and all(_number(node) for node in nodes)
    members = element.get("members")
    return kind == _RELATION and isinstance(members, list) and all(_member(member) for member in members)


def _member(member: object) -> bool:
    return (
        isinstance(member, dict)
        and member.get("type") in (_NODE, _WAY, _RELATION)
        and _number(member.get("ref"))
        and isinstance(member.get("role"), str)
    )


def _number(value: object) -> bool:
    return isinstance(value, int) and abs(value) < 2**63


def _within(value: object, bound: float) -> bool:
    return isinstance(value, int | float) and abs(value) <= bound

"""What TOML and JSON may say and no plan can hold: unprintable characters, figures beyond all bounds, endless digits."""

from __future__ import annotations

import datetime
import json
import math
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from planner.errors import Message
from planner.sandbox import cap, cap_fault, over_cap
from planner.writing import unprintable

LARGEST = 1e15
"""No figure of a plan is larger: above it, a double no longer holds the fen."""
_SHOWN = 200
_MARKS = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe\x00\x00": "utf-32",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}

_MB = 2**20
_QUOTES = {"\u201c": '"', "\u201d": '"', "\u2018": "'", "\u2019": "'"}
"""What signs of a Chinese keyboard stand for where their width alone does not tell."""
_STRUCTURAL = frozenset("=\"'[]{}#")


def document_text(path: Path) -> str:
    """Return the text of a JSON or TOML file: in UTF-8, or as a byte-order mark before it says.

    Raises
    ------
    BadDataError
        If it is larger than such a document may be.
    OSError, ValueError
        If it cannot be opened, or is in another encoding; `planner.errors.parse_fault` says it.
    """
    size = "json_mb" if path.suffix == ".json" else "text_mb"
    if path.stat().st_size > cap(size) * _MB:
        raise over_cap(path, size)
    return decoded(path.read_bytes()).replace("\r\n", "\n").replace("\r", "\n")


def decoded(content: bytes) -> str:
    """Return a text in UTF-8, or in what its byte-order mark says, which editors on Windows put before it.

    Raises
    ------
    ValueError
        If it is in another encoding; `planner.errors.parse_fault` says it.
    """
    form = next((form for mark, form in _MARKS.items() if content.startswith(mark)), "utf-8")
    if form == "utf-8" and b"\0" in content:
        raise ValueError(Message("it has bytes of value 0, as UTF-16 without a mark: save it in the encoding UTF-8"))
    try:
        return content.decode(form)
    except UnicodeDecodeError as error:
        if form == "utf-8" and _is_gbk(content):
            what = Message("it is in GBK: save it in the encoding UTF-8 (in Notepad: Save as, Encoding)")
            raise ValueError(what) from error
        raise


def _is_gbk(content: bytes) -> bool:
    """Return whether the content is Chinese as Windows keeps it: letters of two bytes, where Latin ones have one each."""
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return False
    runs = re.findall(rb"[\x80-\xff]+", content)
    return 2 * sum(len(run) > 1 for run in runs) > len(runs)


def parse_json(text: str) -> Any:
    """Return what a JSON text says.

    Raises
    ------
    ValueError
        If it is not JSON, is too large or nested too deeply, has a key twice, or a figure that is not finite or has endless
        digits; `planner.errors.parse_fault` says it.
    """
    return _bounded(
        text,
        "json_mb",
        lambda: json.loads(text, parse_float=_finite, parse_constant=_not_finite, object_pairs_hook=_keys_once),
    )


def parse_toml(text: str) -> dict[str, Any]:
    """Return what a TOML text says; raises as `parse_json`."""
    content: dict[str, Any] = _bounded(text, "text_mb", lambda: _toml(text))
    return content


def _toml(text: str) -> dict[str, Any]:
    """Return what a TOML text says; the two slips that Chinese keyboards and copied lines lead to are named."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+), column (\d+)", str(error))
        if place is None:
            raise
        line, column = int(place[1]), int(place[2])
        written = text.split("\n")[line - 1]
        if "overwrite" in str(error) or "twice" in str(error):
            what = Message(
                "line {line}: its key stands there twice: remove one: {text}", line=line, text=written.strip()
            )
            raise ValueError(what) from error
        here = range(max(0, column - 2), min(column + 2, len(written)))
        at = next((i for i in here if _plain_sign(written[i])), None)
        if at is None:  # the parser may stop long after a quote that opens nothing
            at = next((i for i, one in enumerate(written) if _plain_sign(one) in _STRUCTURAL), None)
        if at is not None:
            what = Message(
                "line {line}, column {column}: {sign} is no sign of TOML: write {plain}",
                line=line,
                column=at + 1,
                sign=written[at] if written[at].strip() else f"U+{ord(written[at]):04X}",
                plain=repr(_plain_sign(written[at])),
            )
            raise ValueError(what) from error
        raise


def _plain_sign(sign: str) -> str:
    """Return what a sign of another width, or a curly quote, stands for; empty where it is none."""
    plain = _QUOTES.get(sign) or unicodedata.normalize("NFKC", sign)
    return plain if plain != sign and plain.isascii() else ""


def _bounded(text: str, size: str, parse: Callable[[], Any]) -> Any:
    if len(text) > cap(size) * _MB:
        raise ValueError(cap_fault(size))
    try:
        content = parse()
    except RecursionError as error:
        raise ValueError(cap_fault("depth")) from error
    level = [content]
    for _ in range(cap("depth") + 1):
        level = [part for whole in level for part in _parts(whole) if isinstance(part, (dict, list))]
        if not level:
            return content
    raise ValueError(cap_fault("depth"))


def _parts(whole: Any) -> Iterable[Any]:
    return whole.values() if isinstance(whole, dict) else whole if isinstance(whole, list) else ()


def _keys_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object by its keys; of a key that stands there twice nobody knows which value counts."""
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise ValueError(Message("the key {key} stands twice in one object: keep one", key=repr(twice)[:60]))
    return found


def _finite(digits: str) -> float:
    value = float(digits)
    return value if math.isfinite(value) else _not_finite(digits)


def _not_finite(digits: str) -> NoReturn:
    raise ValueError(Message("{figure} is not a finite number", figure=digits[:20]))


def content_faults(content: Any) -> Iterator[tuple[str, Message]]:
    """Return what parsed TOML or JSON has that no plan can hold: the key of each and what is wrong with it."""
    open_: list[tuple[str, Any]] = [("", content)]
    while open_:
        key, value = open_.pop()
        if isinstance(value, str):
            if codes := unprintable(value):
                yield key, _odd_characters(key, codes)
        elif isinstance(value, Mapping):
            for name in value:
                if codes := unprintable(str(name)):
                    yield _below(key, name), _odd_characters(_below(key, name), codes)
            open_ += reversed([(_below(key, name), inner) for name, inner in value.items()])
        elif isinstance(value, Sequence):
            open_ += reversed([(_below(key, number), inner) for number, inner in enumerate(value)])
        elif isinstance(value, (int, float)) and (fault := _beyond(value)):
            yield key, Message("{key}: {fault} (found {value})", key=key, fault=fault, value=shown(value))


def _below(key: str, name: object) -> str:
    """Return the key of what stands under a name, with nothing in it that a terminal would act on."""
    plain = repr(name)[1:-1] if isinstance(name, str) and unprintable(name) else str(name)
    return f"{key}.{plain}" if key else plain


def _odd_characters(key: str, codes: list[str]) -> Message:
    return Message("{key}: no file can show the characters {codes}: remove them", key=key, codes=codes[:10])


def _beyond(value: float) -> Message | None:
    if isinstance(value, float) and not math.isfinite(value):
        return Message("Input should be a finite number")
    if value > LARGEST:
        return Message("Input should be less than or equal to {limit}", limit=f"{LARGEST:g}")
    if value < -LARGEST:
        return Message("Input should be greater than or equal to {limit}", limit=f"{-LARGEST:g}")
    return None


def shown(value: object) -> str:
    """Return a value as people may see it: dates as they are written, long ones cut.

    Examples
    --------
    >>> shown([datetime.date(2026, 1, 31), "a"])
    "[2026-01-31, 'a']"
    """
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, Mapping):
        said = "{" + ", ".join(f"{shown(key)}: {shown(inner)}" for key, inner in value.items()) + "}"
    elif isinstance(value, (list, tuple)):
        said = "[" + ", ".join(map(shown, value)) + "]"
    elif isinstance(value, int) and abs(value) > LARGEST:
        said = hex(value) if value.bit_length() > 100 else str(value)  # endless digits are refused by str()
    else:
        said = repr(value)
    return said if len(said) <= _SHOWN else f"{said[:_SHOWN]}..."

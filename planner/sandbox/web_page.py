"""Web pages that were saved in place of files: what a proxy or a log-in answers ends up under the name that was wanted."""

from __future__ import annotations

import re

from planner.errors import Message

_LOOKED_AT = 2**16
_PAGE = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:[^-]|-(?!->))*-->\s*)*<(?:!doctype\s+html|html|head|body|title)\b",
    re.IGNORECASE,
)
_TITLE = re.compile(rb"<(?:title|h1)[^>]*>([^<]{1,200})<", re.IGNORECASE)
_SHOWN = 60


def web_page_fault(content: bytes) -> Message | None:
    """Return what is said of a web page that stands for a file, by its first bytes; None for all else.

    Pages with a table are left to who reads tables: offices' programs call them .xls.
    """
    begin = content[:_LOOKED_AT].removeprefix(b"\xef\xbb\xbf")
    if not _PAGE.match(begin) or b"<table" in begin.lower():
        return None
    found = _TITLE.search(begin)
    title = " ".join(found[1].decode("utf-8", "replace").split()) if found else ""
    title = "".join(letter for letter in title if letter.isprintable())[:_SHOWN]
    if not title:
        return Message("is a web page, which a server gave in place of the file: download it again")
    return Message("is a web page ({title}), which a server gave in place of the file: download it again", title=title)

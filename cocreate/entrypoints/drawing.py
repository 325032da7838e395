"""What is drawn once for everybody who sees the same: pieces of pages, and whole pages for visitors."""

from collections.abc import Callable
from functools import wraps
from hashlib import blake2b
from typing import Any, ParamSpec, TypeVar

import orjson
from flask import current_app, request, session
from flask_babel import get_locale

from cocreate.core import clock
from cocreate.core.db import snapshot

P = ParamSpec("P")
R = TypeVar("R")

MOST_KEPT = 2000  # pieces; the card of an idea is some three kilobytes
MOST_PAGES = 100  # some seventy kilobytes each
LONGEST = 2  # seconds that a page is kept: what it takes from elsewhere than the database, as who is here now, is at most so old


class Drawn:
    """What macros answered lately, in this process."""

    def __init__(self) -> None:
        self._kept: dict[bytes, str] = {}

    def draw(self, macro: Any, *values: Any) -> str:
        """The macro's answer for these values, kept by them and the language: it may read nothing else, so that what is kept is never out of date.
        Values are what orjson writes: numbers, text, dates, dataclasses and lists of them."""
        key = blake2b(orjson.dumps([macro.name, str(get_locale()), values]), digest_size=16).digest()
        found = self._kept.pop(key, None)
        drawn: str = macro(*values) if found is None else found
        self._kept[key] = drawn  # the last in line again
        while len(self._kept) > MOST_KEPT:
            self._kept.pop(next(iter(self._kept)), None)
        return drawn


def alike_for_visitors(view: Callable[P, R]) -> Callable[P, R]:
    """Have a page be drawn once for all visitors while nothing in the database changes. A browser that carries anything of its own, as a session, a toast
    or words to be kept, gets its own."""

    @wraps(view)
    def page(*args: P.args, **kwargs: P.kwargs) -> R:
        if session:
            return view(*args, **kwargs)
        pages: dict[Any, tuple[Any, R]] = current_app.extensions.setdefault("cocreate_pages", {})
        # Before anything is asked of the database: what is written meanwhile makes a page newer than its stamp, never older.
        stamp = (snapshot(), int(clock.now().timestamp() / LONGEST))
        address = (request.script_root, request.full_path, str(get_locale()))
        kept = pages.get(address)
        if kept and kept[0] == stamp:
            return kept[1]
        drawn = view(*args, **kwargs)
        if isinstance(drawn, str) and not session and stamp[0]:
            pages.pop(address, None)
            pages[address] = (stamp, drawn)
            while len(pages) > MOST_PAGES:
                pages.pop(next(iter(pages)), None)
        return drawn

    return page

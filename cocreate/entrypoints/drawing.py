"""Pieces of pages that are drawn once for everybody who sees the same."""

from hashlib import blake2b
from typing import Any

import orjson
from flask_babel import get_locale

MOST_KEPT = 2000  # pieces; the card of an idea is some three kilobytes


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

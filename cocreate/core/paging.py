"""Cursors: where a list goes on. Opaque to clients; a bad one is bad input."""

import base64
import binascii
from typing import Any

import orjson
from flask_babel import gettext as _

from cocreate.core.errors import BadInput

MOST = 2**53  # no place in a list is a greater number; a database could not even compare it


def to_cursor(place: list[Any]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(place)).decode().rstrip("=")


def from_cursor(text: str, length: int) -> list[Any]:
    """The place that `to_cursor` was given, of so many values. Raises BadInput."""
    try:
        place = orjson.loads(base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4)))
    except (ValueError, binascii.Error):
        place = None
    if not isinstance(place, list) or len(place) != length or not all(_is_place(value) for value in place):
        raise bad_cursor()
    return place


def id_from(cursor: str) -> int | None:
    """The id that a list by ids goes on from; None at its start. Raises BadInput."""
    found = from_cursor(cursor, 1)[0] if cursor else None
    if cursor and (not isinstance(found, int) or found < 1):
        raise bad_cursor()
    return found


def _is_place(value: Any) -> bool:
    if isinstance(value, str):
        return "\x00" not in value
    return value is None or (isinstance(value, (int, float)) and not isinstance(value, bool) and -MOST < value < MOST)


def bad_cursor() -> BadInput:
    return BadInput({"cursor": [_("This is not a cursor of this list.")]})

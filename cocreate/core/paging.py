"""Cursors: where a list goes on. Opaque to clients; a bad one is bad input."""

import base64
import binascii
from typing import Any

import orjson
from flask_babel import gettext as _

from cocreate.core.errors import BadInput


def to_cursor(place: list[Any]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(place)).decode().rstrip("=")


def from_cursor(text: str, length: int) -> list[Any]:
    """The place that `to_cursor` was given, of so many values. Raises BadInput."""
    try:
        place = orjson.loads(base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4)))
    except (ValueError, binascii.Error):
        place = None
    if not isinstance(place, list) or len(place) != length or any(isinstance(value, (dict, list)) for value in place):
        raise bad_cursor()
    return place


def bad_cursor() -> BadInput:
    return BadInput({"cursor": [_("This is not a cursor of this list.")]})

"""What waits for each person: columns that higher slices add to statements about people, for every page's header and for the pages that stand open."""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, select

from cocreate.core.db import db
from cocreate.people.models import Person

Columns = Callable[[], dict[str, ColumnElement[Any]]]

_waiting: dict[str, Callable[[], ColumnElement[int]]] = {}
_told: dict[str, Columns] = {}
told_at_once: set[str] = set()


def register_waiting(name: str, count: Callable[[], ColumnElement[int]]) -> None:
    """`count()` is how much waits for `Person.id`, read in the same statement as the person, who has it by this name: every page's header says it."""
    _waiting[name] = count


def register_told(name: str, columns: Columns, at_once: bool = False) -> None:
    """Something of their own that people are told under `name` when their room is touched: columns for `Person.id`. Whoever has none of them filled
    is told nothing. `at_once` when a socket is first looked at, too."""
    _told[name] = columns
    if at_once:
        told_at_once.add(name)


@cache
def waiting_columns() -> dict[str, ColumnElement[int]]:
    return {name: count() for name, count in _waiting.items()}


def told_by_person(person_ids: set[int]) -> dict[int, dict[str, dict[str, Any]]]:
    """What each of these people is told now, by its name. One statement, however much is registered."""
    asked = {name: columns() for name, columns in _told.items()}
    places = [(name, key) for name, columns in asked.items() for key in columns]
    query = select(Person.id, *(asked[name][key].label(f"{name}_{key}") for name, key in places)).where(Person.id.in_(person_ids))
    found: dict[int, dict[str, dict[str, Any]]] = {}
    for person_id, *values in db.session.execute(query):
        messages: dict[str, dict[str, Any]] = {name: {} for name in asked}
        for (name, key), value in zip(places, values, strict=True):
            messages[name][key] = value.isoformat() if isinstance(value, datetime) else value
        found[person_id] = {name: message for name, message in messages.items() if set(message.values()) != {None}}
    return found

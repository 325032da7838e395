"""The registry of what can be searched: higher slices say, for their kind of thing, which of them lists show, what a page shows of them, and their words."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select

from cocreate.people.naming import Who
from cocreate.people.viewer import Anyone


@dataclass(frozen=True)
class Found:
    """A thing as everybody sees it who reads its board, with its words as typed. `heading` is its own, or that of the thing it is about."""

    heading: str
    text: str
    url: str
    at: datetime
    author: Who | None = None


@dataclass(frozen=True)
class Searchable:
    """One kind. `names()` are its names for one and for many. `listed()` is a query for the ids of all that lists show; `find(viewer, ids)` gives those of the
    ids, in a fixed number of statements. `texts()` gives everything there is, shown or not: (id, board_id, texts)."""

    kind: str
    names: Callable[[], tuple[str, str]]
    listed: Callable[[], Select[Any]]
    find: Callable[[Anyone, set[int]], dict[int, Found]]
    texts: Callable[[], Iterable[tuple[int, int, tuple[str, ...]]]]


_kinds: dict[str, Searchable] = {}


def register_searchable(entry: Searchable) -> None:
    _kinds[entry.kind] = entry


def searchables() -> dict[str, Searchable]:
    """By kind, always in the same order."""
    return dict(sorted(_kinds.items()))

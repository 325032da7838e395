"""The registry of what can be commented on: higher slices say, for their kind of thing, on which board it is, and whether comments are taken now."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select

from cocreate.comments.policy import Commentable
from cocreate.core.errors import NotFound
from cocreate.core.ids import Ref

Loader = Callable[[int, bool], Commentable]
Lister = Callable[[], Select[Any]]
Counter = Callable[[int, int], None]
_kinds: dict[str, tuple[Loader, Lister, Counter | None]] = {}


def register_commentable(kind: str, load: Loader, listed: Lister, count: Counter | None = None) -> None:
    """`load(id, lock)` gives the thing whoever asks, its row held until the action ends where `lock` is true, or raises NotFound. `listed()` is a query for
    the ids of those that lists show. `count(id, by)` is called inside the action when more or fewer of its comments are shown."""
    _kinds[kind] = (load, listed, count)


def commentable(ref: Ref, lock: bool = False) -> Commentable:
    """Raises NotFound."""
    if ref.kind not in _kinds:
        raise NotFound()
    return _kinds[ref.kind][0](ref.id, lock)


def count_comment(ref: Ref, by: int) -> None:
    """So many comments more (or fewer) are shown on a thing."""
    count = _kinds[ref.kind][2]
    if count is not None and by:
        count(ref.id, by)


def listed_things() -> dict[str, Select[Any]]:
    """By kind a query for the ids of the things that lists show."""
    return {kind: listed() for kind, (_load, listed, _count) in _kinds.items()}

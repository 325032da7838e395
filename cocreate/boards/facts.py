"""The registry of what higher slices know about a board, for its page and its JSON: how many ideas, which promises."""

from collections.abc import Callable
from typing import Any

_facts: dict[str, Callable[[list[int]], dict[int, Any]]] = {}
_defaults: dict[str, Any] = {}


def register_fact(name: str, find: Callable[[list[int]], dict[int, Any]], default: Any) -> None:
    """`find(board_ids)` gives the fact of each board, in a fixed number of statements; where it has none, `default`."""
    _facts[name] = find
    _defaults[name] = default


def facts_of(board_ids: list[int], *names: str) -> dict[int, dict[str, Any]]:
    """The facts of these names of several boards, or all there are."""
    found = {name: _facts[name](board_ids) for name in names or _facts}
    return {id: {name: values.get(id, _defaults[name]) for name, values in found.items()} for id in board_ids}

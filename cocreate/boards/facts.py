"""The registry of what higher slices know about a board, for its page and its JSON: how many ideas, which promises."""

from collections.abc import Callable
from typing import Any

_facts: dict[str, Callable[[list[int]], dict[int, Any]]] = {}
_defaults: dict[str, Any] = {}


def register_fact(name: str, find: Callable[[list[int]], dict[int, Any]], default: Any) -> None:
    """`find(board_ids)` gives the fact of each board, in a fixed number of statements; where it has none, `default`."""
    _facts[name] = find
    _defaults[name] = default


def facts_of(board_ids: list[int]) -> dict[int, dict[str, Any]]:
    """All facts of several boards."""
    found = {name: find(board_ids) for name, find in _facts.items()}
    return {id: {name: values.get(id, _defaults[name]) for name, values in found.items()} for id in board_ids}

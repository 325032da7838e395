"""The registry of what higher slices have to say about a board's life: what is laid out when it is made, and what renews when its audience changes."""

from collections.abc import Callable

from cocreate.boards.models import Board
from cocreate.people.viewer import Actor

_laid_out: list[Callable[[Actor, Board], None]] = []
_renewed: list[Callable[[int], None]] = []


def on_made(lay_out: Callable[[Actor, Board], None]) -> None:
    """Have `lay_out(actor, board)` called inside the action that makes a board."""
    if lay_out not in _laid_out:
        _laid_out.append(lay_out)


def on_audience(renew: Callable[[int], None]) -> None:
    """Have `renew(board_id)` called inside the action that changes who takes part."""
    if renew not in _renewed:
        _renewed.append(renew)


def lay_out(actor: Actor, board: Board) -> None:
    for function in _laid_out:
        function(actor, board)


def renew(board_id: int) -> None:
    for function in _renewed:
        function(board_id)

"""The registry of what can be weighed: higher slices say, for their kind of thing, on which board it is and whether it may be weighed now."""

from collections.abc import Callable
from dataclasses import dataclass

from cocreate.boards.policy import taking_part
from cocreate.boards.standing import BoardFacts
from cocreate.core.errors import Failure, NotFound
from cocreate.core.ids import Ref
from cocreate.eventlog.permissions import permission
from cocreate.people.viewer import Anyone


@dataclass(frozen=True)
class Votable:
    """A thing that is weighed. `merged` are the ids of things of its kind whose voices count here too; what is not `counted` has no tally;
    `refusal` says why it cannot be weighed now;
    `url` and `title` are for the page that asks before somebody is signed in."""

    ref: Ref
    board: BoardFacts
    title: str
    url: str
    merged: tuple[int, ...] = ()
    refusal: Failure | None = None
    counted: bool = True

    @property
    def family(self) -> tuple[int, ...]:
        return (self.ref.id, *self.merged)


Loader = Callable[[int], Votable]
_loaders: dict[str, Loader] = {}
_listers: dict[str, Callable[[BoardFacts], list[Votable]]] = {}


def register_votable(kind: str, load: Loader, listed: Callable[[BoardFacts], list[Votable]]) -> None:
    """`load(id)` gives the Votable whoever asks, or raises NotFound; `listed(board)` all of a board, in a fixed number of statements."""
    _loaders[kind], _listers[kind] = load, listed


def votable(ref: Ref) -> Votable:
    """Raises NotFound."""
    if ref.kind not in _loaders:
        raise NotFound()
    return _loaders[ref.kind](ref.id)


def votables_on(board: BoardFacts) -> list[Votable]:
    """Everything on a board that is or was weighed, in the order in which it is locked."""
    return [thing for kind in sorted(_listers) for thing in sorted(_listers[kind](board), key=lambda thing: thing.ref.id)]


def _cast(actor: Anyone, thing: Votable) -> Failure | None:
    refusal = taking_part(actor, thing.board)
    if isinstance(refusal, NotFound):
        return refusal
    return thing.refusal or refusal


CAST_STANCE = permission("stance.cast", _cast)

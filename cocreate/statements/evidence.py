"""The registry of words that can be cited: slices beside this one say, for their kind of Ref, whose words they are, as the viewer may see them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from cocreate.boards.standing import BoardFacts
from cocreate.core.ids import Ref
from cocreate.people.viewer import Anyone


@dataclass(frozen=True)
class Quote:
    """Somebody's words. `group` and `name` are None where this viewer does not learn them; `url` is where they stand, or empty."""

    ref: Ref
    text: str
    group: str | None = None
    name: str | None = None
    url: str = ""


Find = Callable[[Anyone, BoardFacts, set[int]], dict[int, Quote]]
Pick = Callable[[Anyone, BoardFacts, str, int], list[Quote]]
_kinds: dict[str, tuple[Find, Pick]] = {}


def register_evidence(kind: str, find: Find, pick: Pick) -> None:
    """`find(viewer, board, ids)` gives those of the ids that stand on the board and may be read, in a fixed number of statements; `pick(viewer, board, search,
    limit)` the newest that hold the words searched for."""
    _kinds[kind] = (find, pick)


def evidence_kinds() -> list[str]:
    return sorted(_kinds)


def find_quotes(viewer: Anyone, board: BoardFacts, refs: Iterable[Ref]) -> dict[Ref, Quote]:
    """The quotes among the refs that the viewer may read on this board; what is missing is not shown."""
    wanted: dict[str, set[int]] = {}
    for ref in refs:
        wanted.setdefault(ref.kind, set()).add(ref.id)
    found: dict[Ref, Quote] = {}
    for kind, ids in wanted.items():
        if kind in _kinds:
            found |= {Ref(kind, id): quote for id, quote in _kinds[kind][0](viewer, board, ids).items()}
    return found


def pick_quotes(viewer: Anyone, board: BoardFacts, search: str, limit: int) -> list[Quote]:
    """Words to choose from, kind by kind; those people gave in answer come before ideas."""
    kinds = sorted(_kinds, key=lambda kind: (kind != "response", kind))
    return [quote for kind in kinds for quote in _kinds[kind][1](viewer, board, search, limit)]

"""The registry of words that can be cited: slices beside this one say, for their kind of Ref, whose words they are, as the viewer may see them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask_babel import gettext as _

from cocreate.boards.standing import BoardFacts
from cocreate.core.errors import BadInput, NotFound
from cocreate.core.ids import Ref, ids_by_kind, parse_ref
from cocreate.people.viewer import Anyone

MOST_SHOWN = 50
OFFERED = 30  # of each kind at once; a search finds the others


@dataclass(frozen=True)
class Quote:
    """Somebody's words. `group` and `name` are None where this viewer does not learn them; `url` is where they stand, or empty."""

    ref: Ref
    text: str
    group: str | None = None
    name: str | None = None
    url: str = ""


Find = Callable[[Anyone, list[BoardFacts], set[int]], dict[int, Quote]]
Pick = Callable[[Anyone, BoardFacts, str, int], list[Quote]]
_kinds: dict[str, tuple[Find, Pick]] = {}


def register_evidence(kind: str, find: Find, pick: Pick) -> None:
    """`find(viewer, boards, ids)` gives those of the ids that stand on these boards and may be read, in a fixed number of statements; `pick(viewer, board,
    search, limit)` the newest that hold the words searched for."""
    _kinds[kind] = (find, pick)


def find_quotes(viewer: Anyone, boards: list[BoardFacts], refs: Iterable[Ref]) -> dict[Ref, Quote]:
    """The quotes among the refs that the viewer may read on these boards; what is missing is not shown."""
    found: dict[Ref, Quote] = {}
    for kind, ids in ids_by_kind(refs).items():
        if kind in _kinds:
            found |= {Ref(kind, id): quote for id, quote in _kinds[kind][0](viewer, boards, ids).items()}
    return found


def cited(given: str | Iterable[str]) -> list[Ref]:
    """What was chosen in a form, each once, in the order given; what is no Ref was not chosen here."""
    found = []
    for text in list(dict.fromkeys([given] if isinstance(given, str) else given))[:MOST_SHOWN]:
        try:
            found.append(parse_ref(text))
        except NotFound:
            continue
    return found


def check_cites(viewer: Anyone, board: BoardFacts, refs: Iterable[Ref]) -> None:
    """Raises BadInput where one of them does not stand on the board for this viewer."""
    wanted = set(refs)
    if len(find_quotes(viewer, [board], wanted)) < len(wanted):
        raise BadInput({"cites": [_("Choose words that stand on this board.")]})


def offered(viewer: Anyone, board: BoardFacts, chosen: list[Ref], search: str = "") -> list[Quote]:
    """Words to choose from in a form; what was chosen stays on top, whatever is searched for."""
    kept = find_quotes(viewer, [board], chosen)
    return [*kept.values(), *(quote for quote in pick_quotes(viewer, board, search[:200], OFFERED) if quote.ref not in kept)]


def pick_quotes(viewer: Anyone, board: BoardFacts, search: str, limit: int) -> list[Quote]:
    """Words to choose from, kind by kind; those people gave in answer come before ideas."""
    kinds = sorted(_kinds, key=lambda kind: (kind != "response", kind))
    return [quote for kind in kinds for quote in _kinds[kind][1](viewer, board, search, limit)]

"""The registry of what can be curated: for each kind of thing its words, and the actions by which its own slice shows, hides and holds it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from cocreate.core.errors import NotFound
from cocreate.core.ids import Ref, ids_by_kind
from cocreate.moderation.things import Curated
from cocreate.people.viewer import Actor


@dataclass(frozen=True)
class Curatable:
    """One kind. `load(ids)` gives the things whoever asks; `show`, `hide` and `hold`, which undoes the
    showing of what was held, are actions, which ask for rights themselves."""

    kind: str
    load: Callable[[set[int]], dict[int, Curated]]
    show: Callable[[Actor, int], object]
    hide: Callable[[Actor, int], object]
    hold: Callable[[Actor, int], object]


_kinds: dict[str, Curatable] = {}


def register_curatable(entry: Curatable) -> None:
    _kinds[entry.kind] = entry


def curatable_kinds() -> list[str]:
    return sorted(_kinds)


def load_curated(refs: Iterable[Ref]) -> dict[Ref, Curated]:
    """The things that exist, a fixed number of statements a kind; whose board may be read is asked by the caller."""
    found: dict[Ref, Curated] = {}
    for kind, ids in ids_by_kind(refs).items():
        if kind in _kinds:
            found |= {Ref(kind, id): thing for id, thing in _kinds[kind].load(ids).items()}
    return found


def curated(ref: Ref) -> Curated:
    """One thing. Raises NotFound."""
    found = load_curated([ref]).get(ref)
    if found is None:
        raise NotFound()
    return found


def show(actor: Actor, ref: Ref) -> None:
    _kinds[ref.kind].show(actor, ref.id)


def hide(actor: Actor, ref: Ref) -> None:
    _kinds[ref.kind].hide(actor, ref.id)


def hold(actor: Actor, ref: Ref) -> None:
    _kinds[ref.kind].hold(actor, ref.id)

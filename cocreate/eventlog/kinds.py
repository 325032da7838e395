"""The registry of event kinds. Each slice declares its own in its `events.py`, once, with everything a reader needs to know."""

from dataclasses import dataclass

_kinds: dict[str, "Kind"] = {}


@dataclass(frozen=True)
class Kind:
    """A kind of event, named `noun.verb`.

    `data` names the fields of its data (ids, states, counts). Its sentence is the partial `<slice>/said/<noun>_<verb>.html`.
    `rooms` names the kinds of streams it may go to (`board`, `person`, `staff`, `public`).
    """

    name: str
    slice: str
    rooms: frozenset[str]
    data: frozenset[str] = frozenset()

    @property
    def template(self) -> str:
        return f"{self.slice}/said/{self.name.replace('.', '_')}.html"


def declare(name: str, slice: str, *rooms: str, data: tuple[str, ...] = ()) -> Kind:
    """Declare a kind; twice under one name is an error of ours."""
    if name in _kinds:
        raise ValueError(f"event kind {name} is declared twice")
    _kinds[name] = Kind(name, slice, frozenset(rooms), frozenset(data))
    return _kinds[name]


def all_kinds() -> list[Kind]:
    return sorted(_kinds.values(), key=lambda kind: kind.name)

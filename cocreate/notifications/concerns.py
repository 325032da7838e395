"""The registry of who is concerned by an event: for each kind that somebody should be told about, whom, why, and where it leads."""

from collections.abc import Callable
from typing import NamedTuple

from cocreate.core.ids import Ref
from cocreate.eventlog.tail import Entry


class Concern(NamedTuple):
    """Somebody to be told. `why` names the sentence in `words.py`; `subject` is where it leads; `about` what the sentence names, where that is another."""

    person_id: int
    why: str
    subject: Ref
    about: Ref | None = None


Find = Callable[[Entry], list[Concern]]
_finders: dict[str, list[Find]] = {}


def register_concern(kind_name: str, find: Find) -> None:
    """`find(entry)` gives who is concerned by an event of this kind, most concerned first; a person is told once an event, and never of their own deed."""
    if find not in _finders.setdefault(kind_name, []):
        _finders[kind_name].append(find)


def concerns_of(entry: Entry) -> list[Concern]:
    """Everybody concerned by an event, each once, without who did it."""
    found: dict[int, Concern] = {}
    for find in _finders.get(entry.kind, []):
        for concern in find(entry):
            if concern.person_id != entry.actor_id:
                found.setdefault(concern.person_id, concern)
    return list(found.values())

"""The registry of subjects: how a Ref found in the log becomes words and an address, through the viewer's rights."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from cocreate.core.ids import Ref, ids_by_kind


@dataclass(frozen=True)
class Subject:
    """A thing as this viewer may see it: its words (untrusted, short) and where it is."""

    label: str
    url: str


Finder = Callable[[Any, set[int]], dict[int, Subject]]
_finders: dict[str, Finder] = {}


def register_subject(kind: str, find: Finder) -> None:
    """`find(viewer, ids)` gives those of the ids that the viewer may read, in a fixed number of statements."""
    _finders[kind] = find


def find_subjects(viewer: Any, refs: Iterable[Ref]) -> dict[Ref, Subject]:
    """The subjects that the viewer may read; what is missing in the answer is not shown."""
    found: dict[Ref, Subject] = {}
    for kind, ids in ids_by_kind(refs).items():
        if kind in _finders:
            found |= {Ref(kind, id): subject for id, subject in _finders[kind](viewer, ids).items()}
    return found

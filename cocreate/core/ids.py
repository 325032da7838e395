"""Refs: how one noun points at another without importing it. A Ref reads `idea:12`."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from cocreate.core.errors import NotFound

_FORM = re.compile(r"([a-z_]{1,20}):([1-9][0-9]{0,8})")


class Ref(NamedTuple):
    """A kind of thing and its number, e.g. Ref("idea", 12)."""

    kind: str
    id: int

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"

    @property
    def slug(self) -> str:
        """The same for an HTML id: `idea-12`."""
        return f"{self.kind}-{self.id}"


def parse_ref(text: str) -> Ref:
    """Ref from `idea:12`. Raises NotFound for anything else, as what has no such form cannot exist."""
    match = _FORM.fullmatch(text)
    if not match:
        raise NotFound()
    return Ref(match[1], int(match[2]))


def ids_by_kind(refs: Iterable[Ref]) -> dict[str, set[int]]:
    """The numbers of the things of each kind, for one question a kind."""
    found: dict[str, set[int]] = {}
    for ref in refs:
        found.setdefault(ref.kind, set()).add(ref.id)
    return found

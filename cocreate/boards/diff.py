"""What changed between two versions of a charter. Pure."""

from dataclasses import dataclass
from typing import Any, Protocol

from cocreate.core.diff import word_diff

FIELDS = ("open", "not_open", "decides", "method", "text")


class Version(Protocol):
    """A charter's version, of which FIELDS and the day are compared."""

    @property
    def version(self) -> int: ...


@dataclass(frozen=True)
class Change:
    """One field that changed: runs of ("same" | "del" | "ins", text), or days where the field is a day."""

    field: str
    runs: list[tuple[str, Any]]


def charter_changes(older: Version, newer: Version) -> list[Change]:
    """The fields whose words differ, with their word diff; the day counts as one word, which is worded where it is shown."""
    found = [Change(name, word_diff(getattr(older, name), getattr(newer, name))) for name in FIELDS if getattr(older, name) != getattr(newer, name)]
    before, after = (getattr(each, "by", None) for each in (older, newer))
    if before != after:
        found.append(Change("by", [(kind, day) for kind, day in (("del", before), ("ins", after)) if day]))
    return found

"""What changed between two versions of a charter. Pure."""

from dataclasses import dataclass
from typing import Protocol

from cocreate.core.diff import word_diff

FIELDS = ("open", "not_open", "decides", "method", "text")


class Version(Protocol):
    """A charter's version, of which FIELDS and the day are compared."""

    @property
    def version(self) -> int: ...


@dataclass(frozen=True)
class Change:
    """One field that changed: runs of ("same" | "del" | "ins", text)."""

    field: str
    runs: list[tuple[str, str]]


def charter_changes(older: Version, newer: Version) -> list[Change]:
    """The fields whose words differ, with their word diff; the day counts as a word."""
    found = [Change(name, word_diff(getattr(older, name), getattr(newer, name))) for name in FIELDS if getattr(older, name) != getattr(newer, name)]
    before, after = (getattr(each, "by", None) for each in (older, newer))
    if before != after:
        found.append(Change("by", word_diff(str(before or ""), str(after or ""))))
    return found

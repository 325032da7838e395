"""What a page shows of a text that was found: its words in runs, those searched for apart. Pure; a run is text as typed, never HTML."""

from collections.abc import Iterable
from typing import NamedTuple

from cocreate.core.text import Wanted, found_places

AROUND = 240  # characters shown of a long text
BEFORE = 60  # of them before the first word that was found


class Run(NamedTuple):
    """A piece of a text; `found` where it is a word searched for."""

    text: str
    found: bool


def marked(text: str, wanted: Wanted) -> list[Run]:
    """The whole text."""
    return _runs(text, found_places(text, wanted), 0, len(text))


def excerpt(text: str, wanted: Wanted) -> list[Run]:
    """The text on one line, around the first word that was found where it is long, cut between words where it has spaces."""
    text = " ".join(text.split())
    places = found_places(text, wanted)
    first = places[0][0] if places else 0
    begin = max(0, min(first - BEFORE, len(text) - AROUND))
    if begin:
        begin = (text.find(" ", begin, first) + 1) or begin
    end = min(begin + AROUND, len(text))
    if end < len(text):
        end = max(text.rfind(" ", first, end + 1), begin) if text.rfind(" ", first, end + 1) > first else end
    runs = _runs(text, places, begin, end)
    return [*([Run("…", False)] if begin else []), *runs, *([Run("…", False)] if end < len(text) else [])]


def _runs(text: str, places: Iterable[tuple[int, int]], begin: int, end: int) -> list[Run]:
    """The text between two places."""
    found, at = [], begin
    for start, stop in places:
        if start >= begin and start < end:
            found += [Run(text[at:start], False), Run(text[start : min(stop, end)], True)]
            at = min(stop, end)
    return [run for run in [*found, Run(text[at:end], False)] if run.text]

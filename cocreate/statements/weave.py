"""Texts as paragraphs of sentences: split, kept, changed one sentence at a time, compared, and traced back. Pure.

A text is kept one sentence a line, with an empty line between paragraphs, so that what was one sentence stays one whatever stands at its end."""

import re
from collections.abc import Sequence

from cocreate.core.diff import Run, opcodes, part_diff
from cocreate.core.text import sentences

Paragraphs = tuple[tuple[str, ...], ...]


class Missing(LookupError):
    """The sentence to change does not stand in the text."""


def one_space(text: str) -> str:
    """The text with single spaces, as sentences are kept and compared."""
    return " ".join(text.split())


def split(typed: str) -> Paragraphs:
    """A typed text: each line is a paragraph, each paragraph its sentences."""
    found = (tuple(one_space(part) for part in sentences(line)) for line in re.split(r"[\r\n]+", typed))
    return tuple(paragraph for paragraph in found if paragraph)


def keep(paragraphs: Paragraphs) -> str:
    """The text as it is kept."""
    return "\n\n".join("\n".join(paragraph) for paragraph in paragraphs)


def load(kept: str) -> Paragraphs:
    """The paragraphs of a kept text; the inverse of `keep`."""
    return tuple(tuple(part.split("\n")) for part in kept.split("\n\n")) if kept else ()


def prose(paragraphs: Paragraphs) -> str:
    """The text as it is read."""
    return "\n\n".join(" ".join(paragraph) for paragraph in paragraphs)


def flat(paragraphs: Paragraphs) -> list[str]:
    """All sentences in order."""
    return [sentence for paragraph in paragraphs for sentence in paragraph]


def stands_in(paragraphs: Paragraphs, sentence: str) -> bool:
    """Whether the text has this sentence, whatever the spaces in it."""
    return one_space(sentence) in flat(paragraphs)


def change(paragraphs: Paragraphs, before: str, after: str) -> Paragraphs:
    """The text with the sentence `before` (the first of several that are the same) replaced by those of `after`. An empty `before` adds at the end, an empty
    `after` removes; a paragraph without sentences goes. Raises Missing."""
    before = one_space(before)
    new = tuple(flat(split(one_space(after))))
    if not before:
        return (*paragraphs[:-1], (*(paragraphs[-1] if paragraphs else ()), *new)) if new else paragraphs
    for number, paragraph in enumerate(paragraphs):
        if before in paragraph:
            place = paragraph.index(before)
            changed = (*paragraph[:place], *new, *paragraph[place + 1 :])
            return (*paragraphs[:number], *((changed,) if changed else ()), *paragraphs[number + 1 :])
    raise Missing(before)


def word_runs(before: str, after: str) -> list[Run]:
    """Runs of ("same" | "del" | "ins", words) from one sentence to the other. Joined with spaces, those without "ins" are `before` and those without "del"
    are `after`, with single spaces."""
    return part_diff(before.split(), after.split(), " ")


def changes(older: Paragraphs, newer: Paragraphs) -> list[list[Run]]:
    """What differs between two versions: for each place the word runs from the old sentences to the new."""
    found = []
    one, other = flat(older), flat(newer)
    for same, i, j, k, n in opcodes(one, other):
        if not same:
            found.append(word_runs(" ".join(one[i:j]), " ".join(other[k:n])))
    return found


def origins(texts: Sequence[Paragraphs]) -> list[tuple[int, ...]]:
    """For each sentence of the last text, the places in `texts` (oldest first) of the versions that shaped it, newest first. A text that stood before brings
    its origins back with it."""
    known: dict[Paragraphs, list[tuple[int, ...]]] = {}
    present: list[tuple[int, ...]] = []
    before: list[str] = []
    for place, text in enumerate(texts):
        now = flat(text)
        present = known[text] if text in known else _carried(before, present, now, place)
        known[text] = present
        before = now
    return present


def _carried(before: list[str], chains: list[tuple[int, ...]], now: list[str], place: int) -> list[tuple[int, ...]]:
    found: list[tuple[int, ...]] = []
    for same, i, j, k, n in opcodes(before, now):
        if same:
            found += chains[i:j]
        else:
            earlier = sorted({number for chain in chains[i:j] for number in chain}, reverse=True)
            found += [(place, *earlier)] * (n - k)
    return found

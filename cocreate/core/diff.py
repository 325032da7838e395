"""Comparing texts in bounded time, whatever stands in them. Pure."""

import re
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

Run = tuple[str, str]

# Comparing costs about as many steps as there are pairs of equal parts, times the places that differ. What people write has a few hundred pairs in a sentence.
MOST_PAIRS = 3000
_SENTENCES = re.compile(r"\s*[^\n]+?(?:[.!?…](?=\s)|(?=\n)|\Z)|\s+\Z")
_WORDS = re.compile(r"\s*\S+|\s+\Z")


def opcodes(old: Sequence[str], new: Sequence[str]) -> list[tuple[bool, int, int, int, int]]:
    """(same, i, j, k, n) in order: old[i:j] stays, or becomes new[k:n]. Where parts repeat so much that comparing would take long, all between the common
    ends counts as replaced."""
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    i, j, k, n = head, len(old) - tail, head, len(new) - tail
    found = [(True, 0, head, 0, head), *_between(old[i:j], new[k:n], head), (True, j, len(old), n, len(new))]
    return [code for code in found if code[1] < code[2] or code[3] < code[4]]


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many parts at the beginning are the same."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _between(old: Sequence[str], new: Sequence[str], head: int) -> list[tuple[bool, int, int, int, int]]:
    counts = Counter(new)
    if sum(count * counts[part] for part, count in Counter(old).items()) > MOST_PAIRS:
        return [(False, head, head + len(old), head, head + len(new))]
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return [(kind == "equal", head + i, head + j, head + k, head + n) for kind, i, j, k, n in matcher.get_opcodes()]


def part_diff(old: Sequence[str], new: Sequence[str], joint: str) -> list[Run]:
    """Runs of ("same" | "del" | "ins", parts joined by `joint`) from one list to the other."""
    runs: list[Run] = []
    for same, i, j, k, n in opcodes(old, new):
        runs += [("same", joint.join(old[i:j]))] if same else [("del", joint.join(old[i:j])), ("ins", joint.join(new[k:n]))]
    return [run for run in runs if run[1]]


def word_diff(before: str, after: str) -> list[Run]:
    """Runs of ("same" | "del" | "ins", text) that lead from one text to the other, sentence by sentence and inside of those word by word; the runs without
    "ins" join to `before`, those without "del" to `after`."""
    old, new = _SENTENCES.findall(before), _SENTENCES.findall(after)
    runs: list[Run] = []
    for same, i, j, k, n in opcodes(old, new):
        if same:
            runs.append(("same", "".join(old[i:j])))
        else:
            runs += part_diff(_WORDS.findall("".join(old[i:j])), _WORDS.findall("".join(new[k:n])), "")
    return runs

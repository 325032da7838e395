"""Text as people type it: cleaned, cut at words, folded for search, split into sentences and lines."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

LONGEST_WORD = 255  # characters; in the longest letters half of what PostgreSQL takes as one word
_SPACES = re.compile(r"\s+")
_WORDS = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)]*\s+(?=[\"'“‘(]*\w)")
_LIST_MARK = re.compile(r"^\s*(?:[-*•–]|\d{1,3}[.)])(?:\s+|$)")
# Invisible characters that reorder or hide text; joiners stay, as scripts and emoji need them.
_TRICKS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF], None)


def one_line(text: str) -> str:
    """The text on one line, without spaces at its ends or control characters."""
    return _SPACES.sub(" ", "".join(" " if unicodedata.category(c) == "Cc" else c for c in text.translate(_TRICKS))).strip()


def many_lines(text: str) -> str:
    """The text with \\n for every line end, at most one empty line together, without other control characters."""
    lines = text.translate(_TRICKS).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    clean = ["".join(c for c in line.replace("\t", "    ") if unicodedata.category(c) != "Cc").rstrip() for line in lines]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(clean)).strip("\n")


def cut(text: str, length: int) -> str:
    """At most `length` characters, cut at a word, with … where something was left out."""
    if len(text) <= length:
        return text
    head = text[:length]
    whole = head.rsplit(None, 1)[0] if not text[length].isspace() and " " in head else head
    return whole.rstrip() + "…"


def folded(text: str) -> str:
    """The text without case and diacritics. Folded once more it stays as it is: what a sign comes apart into may be a capital letter again."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text.casefold()).casefold())
    return plain if plain.isascii() else "".join(c for c in plain if not unicodedata.combining(c))


_folded_letter = lru_cache(maxsize=4096)(folded)


def folded_words(text: str) -> list[str]:
    """The words of a text, without case and diacritics, for search."""
    return _WORDS.findall(folded(text))


def search_words(*texts: str) -> list[str]:
    """Each word of the texts once, for the index: a long one by its beginning, as no database takes it whole."""
    return list(dict.fromkeys(word[:LONGEST_WORD] for text in texts for word in folded_words(text)))


class Wanted(NamedTuple):
    """What somebody searches for, all of it: whole words, and beginnings of words."""

    whole: tuple[str, ...]
    beginnings: tuple[str, ...]

    def marks(self, word: str) -> bool:
        """Whether this word is one of those searched for."""
        return word[:LONGEST_WORD] in self.whole or word.startswith(self.beginnings)


def wanted_words(typed: str) -> Wanted | None:
    """What was typed, as it is searched for: the last word may go on. None where it holds no word."""
    words = [word[:LONGEST_WORD] for word in folded_words(typed)]
    return Wanted(tuple(dict.fromkeys(words[:-1])), (words[-1],)) if words else None


def found_places(text: str, wanted: Wanted) -> list[tuple[int, int]]:
    """Where the words searched for stand in a text: (begin, end) of each, in order. Letters are folded one by one, which gives the same words."""
    letters = [_folded_letter(letter) for letter in text]
    places = [place for place, apart in enumerate(letters) for _letter in apart]
    found = []
    for match in _WORDS.finditer("".join(letters)):
        if wanted.marks(match[0]):
            end = places[match.end() - 1] + 1
            while end < len(text) and not letters[end]:  # an accent of its own stays with its letter
                end += 1
            found.append((places[match.start()], end))
    return found


def sentences(text: str) -> list[str]:
    """The sentences of one paragraph or several; paragraphs never share a sentence. A small letter goes on with the one before, as after "e.g."."""
    found = []
    for line in text.split("\n"):
        start = 0
        for end in _SENTENCE_END.finditer(line):
            following = next(c for c in line[end.end() :] if c.isalnum() or c == "_")
            if not following.islower():
                found.append(line[start : end.end()])
                start = end.end()
        found.append(line[start:])
    return [part.strip() for part in found if part.strip()]


def pasted_lines(text: str) -> list[str]:
    """One entry for each line that says something; list marks and numbers in front are dropped."""
    return [clean for line in text.splitlines() if (clean := one_line(_LIST_MARK.sub("", line)))]

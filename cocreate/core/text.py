"""Text as people type it: cleaned, cut at words, folded for search, split into sentences and lines."""

import re
import unicodedata

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


def folded_words(text: str) -> list[str]:
    """The words of a text, without case and diacritics, for search."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _WORDS.findall("".join(c for c in plain if not unicodedata.combining(c)))


def search_key(*texts: str) -> str:
    """What a row keeps so that `LIKE '% word%'` finds a word by its beginning."""
    return " " + " ".join(word for text in texts for word in folded_words(text)) + " "


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

"""What is found by the index is what a plain reading of the words finds, on both databases, whatever is written and whatever is typed."""

import random
import re
import unicodedata
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select, text

from cocreate.core.db import db
from cocreate.core.ids import Ref
from cocreate.core.text import Wanted, folded, folded_words, found_places, wanted_words
from cocreate.eventlog.record import action
from cocreate.search.changes import index_agrees, index_text
from cocreate.search.models import SearchText
from cocreate.search.queries import ids_holding
from tests.cast import Cast
from tests.stage import open_board

HOSTILE = (
    '"', '""', "*", "bike*", '"bike" *', "NEAR", "NEAR(bike shop)", "bike OR shop", "NOT bike", "AND", "words:bike", "search_index:bike",
    "^bike", "bike + shop",
    "-bike", "{words}: bike", "'bike'", "b'ike", "\\", "bike\\", "a & b", "a | !b", "a <-> b", "a:*", "bike:ABCD", "'':*", "(((((", "%", "_", "bike_", "x;--",
)  # fmt: skip
WORDS = (
    "bike", "bikes", "Biker", "BIKE", "bi", "b", "snow_tyre", "_", "__init__", "2026", "20", "3.5", "½", "²", "don't", "don’t",
    "o'clock", "Ærø", "Zürich", "zu\u0308rich",
    "ZÜRICH", "straße", "STRASSE", "İstanbul", "istanbul", "ISPARTA", "ısparta", "ısı", "naïve", "cafe\u0301", "\u0301", "ﬁne", "fine", "Ｂｉｋｅ",
    "𝐁ike", "№", "SM", "℠",
    "自転車", "自転", "自", "じてんしゃ", "ｼﾞﾃﾝ", "자전거", "자전", "велосипед", "Велосипе́д", "ΣΊΣΥΦΟΣ", "Σίσυφος", "हिंदी", "हि", "العربية", "ﷺ", "עברית", "ไทย",
    "𞤀𞤣𞤤𞤢𞤥", "𞤀𞤣", "𰀀𰀁", "Ⅷ", "🚲", "👩‍🔧", "🇩🇰", "a\u200db", "a\u00adb", "x" * 254, "x" * 255, "x" * 256, "x" * 3000, "𐐀" * 300,
    "near", "not", "or", "and", "the", "running", "run",
)  # fmt: skip
SEPARATORS = (" ", " ", " ", "\n", "-", ", ", "/", "—", ".", "’", '"', " * ", "&", "|", "\u3000", "")


def plain_reading(words: list[str], typed: str) -> bool:
    """All words, the last by its beginning; of a long one its first 255 letters."""
    *whole, beginning = [word[:255] for word in folded_words(typed)]
    known = [word[:255] for word in words]
    return all(word in known for word in whole) and any(word.startswith(beginning) for word in known)


def texts(chance: random.Random) -> Iterator[str]:
    yield from HOSTILE
    for word in WORDS:
        yield word
        yield "".join(chance.choice(WORDS) + chance.choice(SEPARATORS) for _ in range(chance.randint(2, 9)))
    yield " ".join(chr(0x2474 + n) for n in range(20)) + " ".join(chr(0x3200 + n) for n in range(30))
    yield " ".join(f"w{n}" for n in range(2500))  # as many as a body takes
    yield ""


@action
def keep(board_id: int, written: list[str]) -> None:
    for number, each in enumerate(written, start=1):
        index_text(Ref("idea", number), board_id, each)


def test_the_index_finds_what_a_plain_reading_finds(app: Flask, cast: Cast) -> None:
    chance = random.Random(20261123)
    board_id, other = open_board("index"), open_board("other")
    written = list(texts(chance))
    keep(other, ["bike"])
    keep(board_id, written)
    known = {number: folded_words(each) for number, each in enumerate(written, start=1)}
    every = sorted({word for words in known.values() for word in words})
    asked = [*HOSTILE, *WORDS, *("".join(chance.choice(WORDS) + chance.choice(SEPARATORS) for _ in range(chance.randint(1, 4))) for _ in range(150))]
    asked += [" ".join(chance.sample(words, min(len(words), 3)))[: chance.randint(1, 60)] for words in known.values() if words]
    asked += [word[: chance.randint(1, len(word))] for word in chance.sample(every, 60)]
    asked += [" ".join(every[:120]), written[-3], written[-2][:200]]
    found_some = 0
    for typed in asked:
        wanted = wanted_words(typed)
        if wanted is not None:
            found = set(db.session.scalars(ids_holding("idea", board_id, wanted)))
            assert found == {number for number, words in known.items() if plain_reading(words, typed)}, typed[:80]
            found_some += bool(found)
    assert found_some > 300
    keep(board_id, written[1:])  # everything stands one place further on; the last one stays
    assert db.session.scalars(ids_holding("idea", board_id, Wanted(("bike",), ("bike",)))).first()
    assert index_is_sound()
    assert db.session.execute(select(SearchText.words).where(SearchText.subject_id == len(written))).scalar_one() == ""


@action
def index_is_sound() -> bool:
    return index_agrees()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_postgresql_uses_its_index(app: Flask, cast: Cast) -> None:
    query = ids_holding("idea", open_board("plan"), Wanted(("red",), ("bik",)))
    for others in ("ALTER TABLE search_texts DROP CONSTRAINT uq_search_texts_subject_kind_subject_id", "DROP INDEX ix_search_texts_board"):
        db.session.execute(text(others))  # until the transaction is undone: of a table of nothing the planner takes any index
    db.session.execute(text("SET LOCAL enable_seqscan = off"))
    compiled = query.compile(db.engine)
    plan = "\n".join(db.session.connection().exec_driver_sql(f"EXPLAIN {compiled}", compiled.params).scalars())
    db.session.rollback()
    assert "Bitmap Index Scan on search_index" in plan


def test_what_is_folded_once_is_folded_for_good() -> None:
    """So that a word kept is found by itself, and letters fold alike alone and among others."""
    changed = [hex(code) for code in range(0x30000) if not 0xD800 <= code < 0xE000 and folded(folded(chr(code))) != folded(chr(code))]
    assert changed == []
    chance = random.Random(7)
    for _ in range(300):
        typed = "".join(chance.choice(WORDS) + chance.choice(SEPARATORS) for _ in range(6))
        assert "".join(folded(letter) for letter in typed) == folded(typed)


def test_the_places_of_what_was_found() -> None:
    def found(written: str, typed: str) -> list[str]:
        wanted = wanted_words(typed)
        assert wanted is not None
        return [written[begin:end] for begin, end in found_places(written, wanted)]

    assert found("Zürich, zu\u0308rich’s ZÜRICHER Strasse", "zurich") == ["Zürich", "zu\u0308rich", "ZÜRICHER"]
    assert found("Die Straße, cafe\u0301 ﬁn.", "strasse cafe fi") == ["Straße", "cafe\u0301", "ﬁn"]
    assert found("İstanbul ve ISPARTA", "istanbul i") == ["İstanbul", "ISPARTA"]
    assert found("a bikeshop sells a bike", "bike a") == ["a", "a", "bike"]
    assert found('<b>bike</b> & "bike"', "bike b") == ["b", "bike", "b", "bike"]
    every = "".join(chr(code) for code in range(0x20, 0x3000) if unicodedata.category(chr(code)) != "Cn")
    assert [folded(part) for part in found(every, "0")] == [word for word in re.findall(r"\w+", folded(every)) if word.startswith("0")]

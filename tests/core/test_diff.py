"""Diffs that people read, of what people write and of what nobody should be able to stop the site with."""

import random

import pytest

from cocreate.core.diff import MOST_PAIRS, opcodes, word_diff


def joined(runs: list[tuple[str, str]], but: str) -> str:
    return "".join(text for kind, text in runs if kind != but)


def test_words_that_changed_stand_out() -> None:
    assert word_diff("We answer soon. We listen.", "We answer within a day. We listen.") == [
        ("same", "We answer"), ("del", " soon."), ("ins", " within a day."), ("same", " We listen.")]  # fmt: skip
    assert word_diff("Mona", "Mona and Emil") == [("same", "Mona"), ("ins", " and Emil")]
    assert word_diff("", "New") == [("ins", "New")]
    assert word_diff("Gone", "") == [("del", "Gone")]
    assert word_diff("Same.\n\nSame.", "Same.\n\nSame.") == [("same", "Same.\n\nSame.")]


def test_a_sentence_in_the_middle_of_a_long_text_is_found() -> None:
    """Common words repeat on a long page; sentences do not."""
    told = [f"The {n}. of the things that we say to the people of the house is told in the letter." for n in range(150)]
    before, after = " ".join(told), " ".join([*told[:70], "This is new.", *told[71:]])
    runs = word_diff(before, after)
    assert len(joined(runs, "ins")) - sum(len(text) for kind, text in runs if kind == "same") < 200
    assert [text for kind, text in runs if kind == "ins"] == [" This", " new."]


@pytest.mark.parametrize("seed", range(30))
def test_both_texts_are_whole_in_it(seed: int) -> None:
    chance = random.Random(seed)
    before, after = (
        "".join(chance.choice(["a", "b", " ", "  ", "\n", "\n\n", ".", "! ", "…", "ü", "\u00a0"]) for _ in range(chance.randrange(60))) for _ in "12"
    )
    runs = word_diff(before, after)
    assert (joined(runs, "ins"), joined(runs, "del")) == (before, after)
    assert all(text for _kind, text in runs)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x " + "a b " * 2000 + "y", "x " + "b a a " * 1500 + "z"),
        ("a. " * 3000 + "b", "c " + "a. " * 3000),
        ("." * 9000 + " a", " " * 9000 + "."),
        ("a\n" * 5000, "b\n" + "a\n" * 4999 + "c"),
    ],
)
def test_hostile_texts_are_compared_in_few_steps(monkeypatch: pytest.MonkeyPatch, before: str, after: str) -> None:
    """What the library is given to compare is bounded; the rest is linear."""
    given: list[int] = []
    between = opcodes.__globals__["SequenceMatcher"]

    def counted(junk: None, old: list[str], new: list[str], autojunk: bool) -> object:
        given.append(sum(old.count(part) * new.count(part) for part in set(old)))
        return between(junk, old, new, autojunk=autojunk)

    monkeypatch.setitem(opcodes.__globals__, "SequenceMatcher", counted)
    runs = word_diff(before, after)
    assert (joined(runs, "ins"), joined(runs, "del")) == (before, after)
    assert max(given, default=0) <= MOST_PAIRS

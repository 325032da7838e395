"""The weave: texts split, changed, compared and traced, by example and by property."""

import pytest
from hypothesis import given, strategies as st

from cocreate.statements.weave import Missing, Paragraphs, change, changes, flat, keep, load, one_space, origins, prose, split, stands_in, word_runs

TEXT = split("You reach a person. We tell you a day and keep it.\n\nIf we were wrong we say so. You decide.")

words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=60)
sentence = st.lists(st.sampled_from(["we", "tell", "you", "a", "day", "Day.", "keep", "it!", "é", "…", "12"]), min_size=1, max_size=12).map(" ".join)
paragraphs = st.lists(st.lists(sentence, min_size=1, max_size=4).map(tuple), min_size=1, max_size=4).map(tuple)


def test_a_text_is_paragraphs_of_sentences() -> None:
    assert TEXT == (("You reach a person.", "We tell you a day and keep it."), ("If we were wrong we say so.", "You decide."))
    assert prose(TEXT) == "You reach a person. We tell you a day and keep it.\n\nIf we were wrong we say so. You decide."


def test_one_sentence_is_replaced_where_it_stands() -> None:
    woven = change(TEXT, "We  tell you a day\tand keep it.", "We tell you a day. If it moves you hear from us.")
    assert woven == (("You reach a person.", "We tell you a day.", "If it moves you hear from us."), TEXT[1])


def test_a_sentence_is_added_at_the_end_and_taken_out() -> None:
    assert change(TEXT, "", "And you will find your words here.")[1] == ("If we were wrong we say so.", "You decide.", "And you will find your words here.")
    assert change(TEXT, "You decide.", "")[1] == ("If we were wrong we say so.",)
    assert change((("One.",), ("Two.",)), "One.", "") == (("Two.",),)


def test_of_two_equal_sentences_the_first_is_changed() -> None:
    assert change((("Yes.", "Yes."),), "Yes.", "No.") == (("No.", "Yes."),)


def test_a_sentence_that_is_not_there_is_missing() -> None:
    with pytest.raises(Missing):
        change(TEXT, "We never said this.", "Something else.")


def test_the_diff_names_what_goes_and_what_comes() -> None:
    runs = word_runs("We tell you a day and keep it.", "We tell you a day before you ask.")
    assert runs == [("same", "We tell you a day"), ("del", "and keep it."), ("ins", "before you ask.")]
    assert word_runs("", "All of it is new.") == [("ins", "All of it is new.")]
    assert word_runs("All of it goes.", "") == [("del", "All of it goes.")]


def test_a_hostile_diff_ends_soon() -> None:
    """Words that repeat without end are not compared one by one."""
    runs = word_runs("x " + "a b " * 240 + "y", "x " + "b a a " * 160 + "z")
    assert [kind for kind, _words in runs] == ["same", "del", "ins"]


def test_versions_are_compared_by_sentence() -> None:
    newer = change(change(TEXT, "You decide.", "You decide it."), "", "New.")
    assert changes(TEXT, newer) == [[("same", "You"), ("del", "decide."), ("ins", "decide it. New.")]]
    assert changes(TEXT, TEXT) == []


def test_a_sentence_knows_every_version_that_shaped_it() -> None:
    one = split("A one. B one.")
    two = change(one, "B one.", "B two.")
    three = change(two, "", "C three.")
    four = change(three, "B two.", "B four.")
    assert origins([one, two, three, four]) == [(0,), (3, 1, 0), (2,)]


def test_a_text_that_comes_back_brings_its_origins_back() -> None:
    one = split("A one. B one.")
    two = change(one, "B one.", "B two.")
    assert origins([one, two, one]) == [(0,), (0,)]
    assert origins([one, two, two]) == [(0,), (1, 0)]


@given(words, words)
def test_the_diff_rebuilds_both_sides(before: str, after: str) -> None:
    runs = word_runs(before, after)
    assert " ".join(text for kind, text in runs if kind != "ins") == one_space(before)
    assert " ".join(text for kind, text in runs if kind != "del") == one_space(after)


@given(paragraphs)
def test_what_is_kept_is_loaded_again(text: Paragraphs) -> None:
    assert load(keep(text)) == text


@given(words)
def test_splitting_loses_no_words(typed: str) -> None:
    assert "".join(prose(split(typed)).split()) == "".join(typed.split())
    assert load(keep(split(typed))) == split(typed)


@given(paragraphs, st.data())
def test_unrelated_sentences_are_untouched(text: Paragraphs, data: st.DataObject) -> None:
    before = data.draw(st.sampled_from(flat(text)))
    after = data.draw(st.one_of(st.just(""), sentence))
    place = flat(text).index(before)
    woven = flat(change(text, before, after))
    rest = flat(text)[place + 1 :]
    assert woven[:place] == flat(text)[:place]
    assert woven[len(woven) - len(rest) :] == rest
    assert " ".join(woven[place : len(woven) - len(rest)]) == after


@given(paragraphs, sentence)
def test_an_added_sentence_stands_last(text: Paragraphs, new: str) -> None:
    woven = change(text, "", new)
    assert flat(woven)[: len(flat(text))] == flat(text)
    assert prose(woven).endswith(new)


@given(st.lists(paragraphs, min_size=1, max_size=5))
def test_every_sentence_has_an_origin_in_which_it_was_there(texts: list[Paragraphs]) -> None:
    found = origins(texts)
    assert len(found) == len(flat(texts[-1]))
    for said, chain in zip(flat(texts[-1]), found, strict=True):
        assert list(chain) == sorted(set(chain), reverse=True)
        assert stands_in(texts[chain[0]], said)

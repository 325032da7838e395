"""Links are made once, and are found from both ends in one statement."""

from typing import Any

from cocreate.core.ids import Ref
from cocreate.eventlog.record import action
from cocreate.links.changes import insert_links
from cocreate.links.queries import evidence_for, uses_of
from tests.cast import Cast

ONE, TWO, IDEA = Ref("response", 1), Ref("response", 2), Ref("idea", 1)
CHANGE, OTHER, TEXT = Ref("amendment", 1), Ref("amendment", 2), Ref("statement", 1)

link = action(insert_links)


def test_words_are_cited_once(cast: Cast) -> None:
    assert link([ONE, TWO, ONE], "evidence", CHANGE, cast.emil) == [ONE, TWO]
    assert link([TWO, IDEA], "evidence", CHANGE, cast.mona) == [IDEA]
    assert evidence_for([CHANGE]) == {CHANGE: [ONE, TWO, IDEA]}


def test_what_became_of_words(cast: Cast, query_count: Any) -> None:
    link([ONE, IDEA], "evidence", CHANGE, cast.emil)
    link([ONE], "evidence", OTHER, cast.emil)
    link([CHANGE], "became", TEXT, cast.organisation)
    with query_count() as statements:
        assert uses_of([ONE, TWO, IDEA, CHANGE]) == {
            ONE: [("evidence", CHANGE), ("evidence", OTHER)],
            IDEA: [("evidence", CHANGE)],
            CHANGE: [("became", TEXT)],
        }
        assert evidence_for([CHANGE, OTHER, TEXT]) == {CHANGE: [ONE, IDEA], OTHER: [ONE]}
    assert len(statements) == 2


def test_nothing_asked_nothing_found(cast: Cast) -> None:
    assert link([], "evidence", CHANGE, cast.emil) == []
    assert (evidence_for([]), uses_of([])) == ({}, {})

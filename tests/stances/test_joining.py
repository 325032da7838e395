"""Safe dissent where ideas are joined and parted: nothing is lost, and no two pictures tell the stances of one or two people."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import product
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings, strategies as st
from sqlalchemy import select

from cocreate.boards.queries import board_facts
from cocreate.core.db import db
from cocreate.core.errors import Conflict
from cocreate.core.ids import Ref
from cocreate.ideas.curation_actions import merge_idea, unmerge_idea
from cocreate.ideas.models import Idea
from cocreate.people.viewer import Viewer
from cocreate.stances import picture_changes
from cocreate.stances.actions import cast_stance
from cocreate.stances.cells import Cell
from cocreate.stances.dissent import MOST, Shown, held_back
from cocreate.stances.models import Picture, Stance, Tally
from cocreate.stances.queries import tally_of
from cocreate.transfer.doctor import wrong_tallies
from tests.cast import Cast
from tests.stage import crowd, open_board, propose, rows_of
from tests.stances.test_casting import cells

PLACES = (1, 0, -1)


@pytest.fixture
def board(app: Flask, cast: Cast) -> int:
    return open_board("safe", cast.mona, safe_dissent=True)


def weighed(board: int, author: Viewer, people: list[Viewer], stance: int = 1) -> Ref:
    ref = Ref("idea", propose(author, board, "An idea"))
    for person in people:
        cast_stance(person, ref, stance)
    return ref


def test_parting_shows_again_what_was_shown_and_what_came_meanwhile_waits(cast: Cast, board: int) -> None:
    people = crowd("customer", 12)
    stays, goes = weighed(board, cast.emil, people[:5]), weighed(board, cast.emil, people[5:9], -1)
    before = rows_of("tallies", ("version", "tally_at")), rows_of("stances")
    merge_idea(cast.mira, goes.id, stays.id)
    assert cells(stays, board) == {"customer": (5, 0, 4)}  # each of the two showed 3 voices; three more are told by it
    unmerge_idea(cast.mira, goes.id)
    assert (rows_of("tallies", ("version", "tally_at")), rows_of("stances")) == before
    merge_idea(cast.mira, goes.id, stays.id)
    for person in people[9:12]:
        cast_stance(person, stays, 0)
    assert cells(stays, board) == {"customer": (5, 3, 4)}
    cast_stance(people[0], stays, -1)
    unmerge_idea(cast.mira, goes.id)
    # What was shown together less what the other shows would tell the last step, so that the five more voices wait.
    assert (cells(stays, board), cells(goes, board)) == ({"customer": (3, 0, 0)}, {"customer": (0, 0, 3)})
    assert not list(wrong_tallies())


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_host_cannot_single_out_a_voice_by_joining(cast: Cast, board: int) -> None:
    """One voice on an idea to which another is joined whose voices are known, and one that waits beside those of both."""
    people = crowd("customer", 9)
    known, lonely = weighed(board, cast.emil, people[:3]), weighed(board, cast.emil, people[3:4], -1)
    merge_idea(cast.mona, known.id, lonely.id)
    view = tally_of(lonely, board_facts(board))
    assert (cells(lonely, board), view.voices, view.unshown) == ({"customer": (3, 0, 0)}, 4, 1)
    cast_stance(people[4], lonely, 1)
    assert cells(lonely, board) == {"customer": (3, 0, 0)}
    cast_stance(people[5], lonely, 1)
    assert cells(lonely, board) == {"customer": (5, 0, 1)}
    unmerge_idea(cast.mona, known.id)
    assert (cells(known, board), cells(lonely, board)) == ({"customer": (3, 0, 0)}, {"customer": (2, 0, 1)})
    cast_stance(people[6], lonely, -1)
    for _round in range(2):
        merge_idea(cast.mona, known.id, lonely.id)
        assert cells(lonely, board) == {"customer": (5, 0, 1)}
        unmerge_idea(cast.mona, known.id)
        assert cells(lonely, board) == {"customer": (2, 0, 1)}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_page_says_once_how_many_are_in_where_nothing_may_be_shown(cast: Cast, board: int, client_of: Any) -> None:
    people = crowd("customer", 7)
    known, lonely = weighed(board, cast.emil, people[:3]), weighed(board, cast.emil, people[3:5])
    merge_idea(cast.mona, known.id, lonely.id)
    cast_stance(people[5], lonely, 1)
    cast_stance(people[6], lonely, -1)
    unmerge_idea(cast.mona, known.id)
    page = client_of(people[0]).get(f"/ideas/{lonely.id}").text
    assert "4 voices are in; they show together with others." in page
    assert "more voice" not in page.split(f'data-strip="{lonely}"')[1].split("</div>")[0]
    assert "Results show from 3" not in page


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_two_voices_at_once_on_ideas_that_were_joined(app: Flask, cast: Cast, board: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each would be shown by itself; together the two pictures would tell the two voices that differ. Whoever comes second sees the first one's picture."""
    people = crowd("customer", 7)
    refs = [weighed(board, cast.emil, people[:3]) for _idea in range(2)]
    merge_idea(cast.mona, refs[1].id, refs[0].id)
    unmerge_idea(cast.mona, refs[1].id)
    for ref in refs:
        for person in people[3:5]:
            cast_stance(person, ref, -1)
    gate, real = Barrier(2, timeout=60), picture_changes.last_shown

    def both_there(thing: Any) -> Any:
        gate.wait()
        return real(thing)

    def cast_it(person: Viewer, ref: Ref) -> None:
        with app.app_context():
            cast_stance(person, ref, -1)

    monkeypatch.setattr("cocreate.stances.changes.last_shown", both_there)
    db.session.rollback()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(cast_it, people[5:7], refs))
    assert sorted(str(cells(ref, board)) for ref in refs) == ["{'customer': (3, 0, 0)}", "{'customer': (3, 0, 3)}"]


def last_shown() -> dict[tuple[int, str], dict[int, int]]:
    """By thing and those joined with it, who was counted how; all are customers."""
    found = {}
    for row in db.session.execute(select(Picture.subject_id, Picture.family, Picture.voices, Picture.cells)):
        people = {id: stance for stance, ids in zip(PLACES, row.voices.get("customer", [[]] * 3), strict=True) for id in ids}
        assert [tuple(cell[1:]) for cell in row.cells] == [tuple(Counter(people.values())[stance] for stance in PLACES)] * bool(people)
        found[row.subject_id, row.family] = people
    return found


def told(picture: dict[int, int], others: list[dict[int, int]]) -> set[int]:
    """Of how many people something remains, whichever of the others are added to this or taken from it."""
    found = set()
    for signs in product((-1, 0, 1), repeat=len(others)):
        left = {person: Counter([stance]) for person, stance in picture.items()}
        for sign, other in zip(signs, others, strict=True):
            for person, stance in other.items():
                left.setdefault(person, Counter())[stance] += sign
        found.add(sum(any(counted.values()) for counted in left.values()))
    return found


STEP = st.one_of(
    st.tuples(st.integers(0, 6), st.integers(0, 2), st.sampled_from([1, -1, None])),
    st.tuples(st.just("merge"), st.integers(0, 2), st.integers(0, 2)),
    st.tuples(st.just("part"), st.integers(0, 2), st.just(0)),
)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_whatever_is_cast_joined_and_parted(cast: Cast, board: int) -> None:
    people = crowd("customer", 7)

    @settings(max_examples=30, deadline=None, phases=[Phase.generate], derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.lists(st.integers(0, 6), max_size=6), min_size=3, max_size=3), st.lists(STEP, max_size=12))
    def hold(first: list[list[int]], steps: list[Any]) -> None:
        ideas = [Ref("idea", propose(cast.emil, board, f"Idea {n}")) for n in range(3)]
        given_first = [(person, n, 1) for n, those in enumerate(first) for person in those]
        kept: dict[tuple[int, int], int | None] = {}
        joined: tuple[Any, ...] = ()
        for what, n, more in [*given_first, *steps]:
            before, tallies = last_shown(), shown_of(ideas)
            with suppress(Conflict):
                if what == "merge":
                    if n != more and not merged(ideas[n]):
                        merge_idea(cast.mona, ideas[n].id, ideas[more].id)
                        joined = (n, tallies)
                elif what == "part":
                    unmerge_idea(cast.mona, ideas[n].id)
                    if joined and joined[0] == n:
                        assert shown_of(ideas) == joined[1]
                    joined = ()
                else:
                    joined = ()
                    cast_stance(people[what], ideas[n], more)
                    remember(kept, ideas, n, people[what].id, more)
            mine = [ref.id for ref in ideas]
            rows = db.session.execute(select(Stance.subject_id, Stance.person_id, Stance.stance).where(Stance.subject_id.in_(mine)))
            assert {(row.subject_id, row.person_id): row.stance for row in rows} == kept
            hold_pictures(before, last_shown())
        assert not list(wrong_tallies())

    hold()


def merged(idea: Ref) -> bool:
    return db.session.scalar(select(Idea.merged_into).where(Idea.id == idea.id)) is not None


def remember(kept: dict[tuple[int, int], int | None], ideas: list[Ref], n: int, person: int, stance: int | None) -> None:
    into = dict(db.session.execute(select(Idea.id, Idea.merged_into).where(Idea.id.in_([ref.id for ref in ideas]))).all())
    head, family = ideas[n].id, set()
    for id in into:
        up: int = id
        while (further := into[up]) is not None:
            up = further
        if up == head:
            family.add(id)
    own = [id for id in family if (id, person) in kept]
    if stance is not None or [id for id in own if id != head]:
        kept[head, person] = stance
    elif own:
        del kept[head, person]


def shown_of(ideas: list[Ref]) -> list[Any]:
    names = ("subject_id", "counts", "voices", "cells", "support", "common_ground", "contested", "unshown")
    query = select(*(getattr(Tally, name) for name in names)).where(Tally.subject_id.in_([ref.id for ref in ideas]))
    return [tuple(row) for row in db.session.execute(query.order_by(Tally.subject_id))]


def hold_pictures(before: dict[Any, dict[int, int]], after: dict[Any, dict[int, int]]) -> None:
    """What was shown anew tells of nobody or of three, beside what was last shown of all that was ever joined with it."""
    for key, picture in after.items():
        if picture and picture != before.get(key):
            linked = {key[1]}
            for _step in range(3):
                linked |= {family for _id, family in after if any(set(family.split(",")) & set(other.split(",")) for other in linked)}
            last = [each for (_id, family), each in before.items() if family in linked and each]
            others = [each for n, each in enumerate(last) if each not in last[:n]]
            if picture not in others:
                assert len(others) > MOST or not told(picture, others) & {1, 2}, (key, picture, last)
                before = before | {key: picture}


def test_a_picture_that_counts_groups_together_holds_back_those_it_counts() -> None:
    """A voice of a group is told by a picture of it alone less one of both, only where the whole is told from each other by one or two."""
    customers = dict.fromkeys(range(3), (1, "customer"))
    partners = dict.fromkeys(range(3, 6), (1, "partner"))
    voices = customers | partners
    together = Shown([Cell(("customer", "partner"), 5, 0, 0)], {n: spoken for n, spoken in voices.items() if n != 5})
    apart = [("customer",), ("partner",)]
    assert held_back(apart, voices, [together]) == {"customer", "partner"}  # type: ignore[arg-type]
    assert held_back(apart, voices, [Shown([Cell(("customer",), 3, 0, 0)], customers)]) == set()  # type: ignore[arg-type]
    many = [Shown([Cell(("customer",), 1, 0, 0)], {n: (-1, "customer")}) for n in range(MOST + 1)]
    assert held_back(apart, voices, many) == set()  # type: ignore[arg-type]
    assert held_back(apart, voices, [*many, together]) == {"customer", "partner"}  # type: ignore[arg-type]

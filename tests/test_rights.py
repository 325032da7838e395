"""Every right there is, asked by each of the cast, in every state of a board: compared with the table in tests/rights_table.py, which the rules wrote."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from cocreate.boards.queries import board_facts
from cocreate.boards.standing import BoardFacts, standing
from cocreate.comments.commentables import commentable
from cocreate.comments.queries import on_thing
from cocreate.commitments.queries import on_board as promise_on_board
from cocreate.core import clock
from cocreate.core.db import db
from cocreate.core.ids import Ref
from cocreate.eventlog.permissions import all_permissions
from cocreate.ideas.queries import on_board as idea_on_board, votable_of
from cocreate.listening.queries import said
from cocreate.moderation.curatables import curated
from cocreate.moderation.policy import CuratedOnBoard
from cocreate.people.models import Invitation
from cocreate.people.queries import person
from cocreate.statements.amendment_queries import on_board as amendment_on_board
from tests.attacks.scene import Scene, lay_scene
from tests.cast import Cast
from tests.rights_table import BOARD, CASES, SITE, WHO

INSIDE, OUTSIDE = ("management", "employee"), ("customer", "partner")
STATES: dict[str, dict[str, Any]] = {
    **{state: {"state": state} for state in ("open", "deciding", "closed", "draft")},
    "inside": {"state": "open", "read_groups": INSIDE, "part_groups": INSIDE},
    "outside": {"state": "open", "read_groups": OUTSIDE, "part_groups": OUTSIDE},
    "anyone": {"state": "open", "read_groups": OUTSIDE, "part_groups": OUTSIDE, "read_public": True},
}
ON_IDEA = ("idea.edit", "idea.withdraw", "idea.answer", "idea.curate")
ON_COMMENT = ("comment.edit", "comment.withdraw", "comment.curate")
ON_RESPONSE = ("response.withdraw", "response.curate")
ON_AMENDMENT = ("amendment.withdraw", "amendment.decide", "amendment.curate")
ON_THING = ("report.make", "report.settle")

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # rights are pure: no database is asked


@pytest.fixture
def scene(app: Flask, cast: Cast) -> Scene:
    return lay_scene(cast.mona, cast.emil, "rights", ("management", "employee", "customer", "partner"))


def refusal(right: str, actor: Any, subject: Any) -> str:
    found = next(each for each in all_permissions() if each.name == right).refusal(actor, subject)
    return "yes" if found is None else str(found.status)


def subject_of(right: str, scene: Scene, board: BoardFacts, actor: Any) -> Any:
    """What the right is asked about, as it is on this board."""
    if right == "queue.see":
        return [standing(actor, board)] if standing(actor, board).reads else []
    if right == "stance.cast":
        idea = idea_on_board(scene.ids["idea"]).idea
        return votable_of(idea, board, idea.title)
    if right == "comment.post":
        return replace(commentable(Ref("idea", scene.ids["idea"])), board=board)
    if right in ON_COMMENT:
        found = on_thing(scene.ids["comment"])
        return replace(found, thing=replace(found.thing, board=board))
    if right in ON_THING:
        return CuratedOnBoard(curated(Ref("idea", scene.ids["idea"])), board)
    for rights, load, kind in (
        (ON_IDEA, idea_on_board, "idea"),
        (ON_RESPONSE, said, "response"),
        (ON_AMENDMENT, amendment_on_board, "amendment"),
        (("commitment.settle",), promise_on_board, "commitment"),
    ):
        if right in rights:
            return replace(load(scene.ids[kind]), board=board)
    return board


def rows() -> Iterator[tuple[str, str, str]]:
    for rights, states in BOARD:
        for right in rights:
            for state, row in states.items():
                yield right, state, row


def board_of(scene: Scene) -> BoardFacts:
    return board_facts(idea_on_board(scene.ids["idea"]).board.id)


def test_every_right_has_a_row(app: Flask) -> None:
    named = [right for rights, _ in BOARD for right in rights] + list(SITE)
    assert sorted(named) == [right.name for right in all_permissions()]
    assert all(set(states) == set(STATES) for _, states in BOARD)
    assert all(len(row.split()) == len(WHO) for *_, row in rows())
    assert all(len(row.split()) == len(WHO) for row in SITE.values())


@pytest.mark.parametrize("state", STATES)
def test_on_a_board(app: Flask, cast: Cast, scene: Scene, state: str) -> None:
    board = replace(board_of(scene), **STATES[state])
    wrong = []
    for right, of, row in rows():
        for who, expected in zip(WHO, row.split(), strict=True) if of == state else ():
            actor = getattr(cast, who)
            given = refusal(right, actor, subject_of(right, scene, board, actor))
            if given != expected:
                wrong.append(f"{right}, {state}: {who} is answered {given}, not {expected}")
    assert not wrong, "\n".join(["", *wrong])


def site_subject(right: str, cast: Cast) -> Any:
    if right == "invitation.take":
        return invitation()
    if right in ("people.change", "people.suspend"):
        return person(cast.emil.id)
    return cast.emil.id if right in ("session.end", "token.make") else None


def invitation(**more: Any) -> Invitation:
    """One that can be taken."""
    given = {"group": "customer", "role": "member", "uses": 0, "most_uses": 1, "revoked_at": None, "expires_at": clock.now() + timedelta(days=1)}
    return Invitation(**{**given, **more})


def test_about_no_board(app: Flask, cast: Cast) -> None:
    wrong = []
    for right, row in SITE.items():
        for who, expected in zip(WHO, row.split(), strict=True):
            given = refusal(right, getattr(cast, who), site_subject(right, cast))
            if given != expected:
                wrong.append(f"{right}: {who} is answered {given}, not {expected}")
    assert not wrong, "\n".join(["", *wrong])


def special(right: str, case: str, actor: Any, scene: Scene, cast: Cast) -> Any:
    """The subject in a case of its own. The rows are changed in memory only."""
    board = board_of(scene)
    moment = clock.now()
    invitations: dict[str, dict[str, Any]] = {"used up": {"uses": 1}, "over": {"expires_at": moment}, "taken back": {"revoked_at": moment}}
    boards: dict[str, dict[str, Any]] = {
        "named decider": {"deciders": (cast.mira.id,)},
        "no host": {"hosts": ()},
        "hosted by a customer": {"hosts": (cast.cleo.id,)},
        "closed, and anybody reads": {"state": "closed", "read_public": True},
        "deciding, and anybody reads": {"state": "deciding", "read_public": True},
    }
    if case in invitations:
        return invitation(**invitations[case])
    if case == "herself":
        return person(actor.id) if right == "people.suspend" else actor.id
    if case in boards:
        return subject_of(right, scene, replace(board, **boards[case]), actor)
    with db.session.no_autoflush:
        idea = idea_on_board(scene.ids["idea"]).idea
        if right in ON_THING:
            found = subject_of(right, scene, board, actor)
            return replace(found, thing=replace(found.thing, state=case))
        if case == "held":
            idea.state = "held"
        elif case == "accepted":
            amendment_on_board(scene.ids["amendment"]).amendment.status = "accepted"
        else:
            idea.status = case
        return subject_of(right, scene, board, actor)


@pytest.mark.parametrize(("who", "right", "case", "expected"), CASES)
def test_cases(app: Flask, cast: Cast, scene: Scene, who: str, right: str, case: str, expected: str) -> None:
    actor = getattr(cast, who)
    subject = special(right, case, actor, scene, cast)
    assert refusal(right, actor, subject) == expected
    db.session.rollback()

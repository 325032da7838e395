"""Somebody who reads a board, and takes part in it, does nothing there that is not theirs to do: with others' words, or with the board itself (S4)."""

import sys
from typing import Any

import pytest
from flask import Flask

from cocreate.boards.queries import board_as
from cocreate.comments.actions import withdraw_comment
from cocreate.commitments.actions import finish_commitment
from cocreate.core.errors import NotFound, Refused
from cocreate.core.ids import Ref
from cocreate.ideas.actions import withdraw_idea
from cocreate.ideas.curation_actions import merge_idea
from cocreate.listening.actions import withdraw_response
from cocreate.moderation.actions import let_stand, report_thing, wait_again
from cocreate.moderation.inputs import NewReport
from cocreate.stances.actions import cast_stance
from cocreate.statements.actions import accept_amendment, withdraw_amendment
from cocreate.statements.inputs import Decision
from tests.attacks.filled import sent
from tests.attacks.scene import Address, Scene, everything, lay_scene, on_scene
from tests.cast import Cast
from tests.stage import propose

WRITES = ("POST", "PUT", "PATCH", "DELETE")
EVERYBODY = ("management", "employee", "customer", "partner")
STATES = ("shown", "hidden", "waiting", "reported")
# What whoever takes part does with others' things and with the board; who only reads reports.
MAY = frozenset(
    [
        "stances.stance", "comments.new", "ideas.new", "statements.new_change", "listening.new", "moderation.report",
        "api.post_comment", "api.post_propose", "api.put_vote", "api.delete_unvote", "api.post_response", "api.post_suggest",
    ]
)  # fmt: skip
READER_MAY = frozenset({"moderation.report"})


def untouched(cast: Cast) -> Scene:
    scene = lay_scene(cast.mona, cast.emil, "as-it-was", EVERYBODY)
    cast_stance(cast.emil, Ref("idea", scene.ids["idea"]), 1)
    return scene


def taken_back(cast: Cast) -> Scene:
    scene = lay_scene(cast.mona, cast.emil, "taken-back", EVERYBODY)
    withdraw_idea(cast.emil, scene.ids["idea"])
    withdraw_amendment(cast.emil, scene.ids["amendment"])
    withdraw_comment(cast.emil, scene.ids["comment"])
    withdraw_response(cast.emil, scene.ids["response"])
    return scene


def settled(cast: Cast) -> Scene:
    scene = lay_scene(cast.mona, cast.emil, "settled", EVERYBODY)
    board = board_as(cast.mona, scene.slug).board
    merge_idea(cast.mira, scene.ids["idea"], propose(cast.emil, board.id, "What stays"))
    accept_amendment(cast.mona, scene.ids["amendment"], Decision(reason="Better", adopt=True))
    finish_commitment(cast.mona, scene.ids["commitment"])
    return scene


def only_read(cast: Cast) -> Scene:
    return lay_scene(cast.mona, cast.emil, "only-read", ("management", "employee"), read_public=True)


def doors(app: Flask, scene: Scene) -> list[Address]:
    """Every door that writes and names something of the scene; what is curated, into each state."""
    found = []
    for door in on_scene(app, scene, WRITES):
        paths = [door.path.replace("/hidden", f"/{state}") for state in STATES] if door.endpoint == "moderation.curated" else [door.path]
        found += [door._replace(path=path) for path in paths]
    return found


def knock(client: Any, door: Address, scene: Scene, other: int) -> int:
    answer = client.open(door.path, method=door.method, headers={"If-Match": "2"}, **sent(door.endpoint, **scene.parts, other_id=other))
    return int(answer.status_code)


def leave_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """What asks for rights at a door asks no more: the action behind it must."""
    for name, module in list(sys.modules.items()):
        if name.startswith("cocreate.") and name.endswith(("web", "api")) and hasattr(module, "require"):
            monkeypatch.setattr(module, "require", lambda *_: None)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_others_things_are_left_as_they_are(app: Flask, cast: Cast, client_of: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the doors as they are; and by the actions alone, were each door to forget to ask."""
    scenes = [(lay(cast), MAY) for lay in (untouched, taken_back, settled)] + [(only_read(cast), READER_MAY)]
    others = [propose(cast.emil, board_as(cast.mona, scene.slug).board.id, "Another") for scene, _may in scenes]
    otto, before = client_of(cast.otto), everything()
    for guarded in (True, False):
        if not guarded:
            leave_open(monkeypatch)
        asked, refused, wrong = set(), set(), []
        for (scene, may), other in zip(scenes, others, strict=True):
            for door in doors(app, scene):
                if door.endpoint not in may:
                    status = knock(otto, door, scene, other)
                    wrong += [f"{door.method} {door.path} answers {status}, doors guarded: {guarded}"] if status not in (403, 404, 409) else []
                    asked.add(door.endpoint)
                    refused |= {door.endpoint} if status == 403 else set()
        assert not wrong, "\n".join(["", *wrong])
        assert asked == refused, "each is refused for want of the right, not only for the state of the thing"
    now = everything()
    assert {name for name in before if before[name] != now[name]} == set()
    monkeypatch.undo()
    for scene, may in (scenes[0], scenes[-1]):
        assert {door.endpoint for door in doors(app, scene) if door.endpoint in may and knock(otto, door, scene, others[0]) < 400} == may


def test_the_queue_is_not_settled_by_others(app: Flask, cast: Cast) -> None:
    """What asks twice on its way is asked here by itself."""
    scene = lay_scene(cast.mona, cast.emil, "reported", EVERYBODY)
    idea, inner = Ref("idea", scene.ids["idea"]), lay_scene(cast.mona, cast.emil)
    report_thing(cast.otto, idea, NewReport())
    before = everything()
    for settle in (let_stand, wait_again):
        with pytest.raises(Refused):
            settle(cast.otto, idea)
    with pytest.raises(NotFound):
        report_thing(cast.otto, Ref("idea", inner.ids["idea"]), NewReport())
    assert {name for name, found in everything().items() if found != before[name]} == set()

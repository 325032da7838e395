"""Scripted visitors: while somebody looks at the demo, every few seconds one of them says or weighs something. Labelled so in their names."""

from random import SystemRandom

from flask import current_app
from sqlalchemy import select

from cocreate.boards.queries import board_as
from cocreate.core import clock
from cocreate.core.db import db
from cocreate.core.errors import Failure, NotFound
from cocreate.core.ids import Ref
from cocreate.core.jobs import job
from cocreate.ideas.inputs import ListIdeas
from cocreate.ideas.queries import IdeaView, list_ideas
from cocreate.listening.actions import give_response
from cocreate.listening.inputs import NewResponse
from cocreate.listening.queries import responses_by
from cocreate.live.presence import here_now
from cocreate.people.queries import viewer_by_email
from cocreate.people.viewer import Viewer
from cocreate.stances.actions import cast_stance
from cocreate.stances.models import Tally
from cocreate.statements.amendment_queries import AmendmentView, open_amendments
from cocreate.statements.queries import statement_as, statements_on
from cocreate.transfer.demo_cast import SCRIPTED
from cocreate.transfer.demo_story import BOARD

EVERY = 6.0  # seconds between two of their acts
STILL = 12.0  # seconds that a thing is left alone after a voice
LINES = (
    "the bell still rings when I come in.",
    "they tell me what can wait.",
    "my daughter's bike gets the same care as mine.",
    "it is on my way, and I would go out of it.",
    "they say no when no is the answer.",
)
_chance = SystemRandom()
_next_at = [0.0]


@job()
def keep_moving() -> None:
    """One act, if it is time and somebody looks at the board."""
    if not current_app.config["SETTINGS"].demo or clock.ticks() < _next_at[0] or not any(here.people or here.anonymous for here in here_now().values()):
        return
    _next_at[0] = clock.ticks() + EVERY
    viewer = viewer_by_email(_chance.choice(SCRIPTED).email)
    if viewer is None:
        return
    try:
        act(viewer)
    except Failure:
        return  # the board was closed, or what they wanted to weigh is gone


def act(viewer: Viewer) -> None:
    """Weigh one of the ideas, or now and then finish the sentence."""
    board = board_as(viewer, BOARD).board
    said = {row.body for row in responses_by(viewer.id)}
    left = [line for line in LINES if line not in said]
    if left and len(said) < 2 and _chance.random() < 0.2:
        give_response(viewer, board.id, NewResponse(body=_chance.choice(left)))
        return
    texts = [statement_as(viewer, row.id) for row in statements_on(board.id)]
    things: list[IdeaView | AmendmentView] = [change for text in texts for change in open_amendments(viewer, text) if change.my_stance is None]
    # What is new is weighed first; where somebody just gave a voice nobody moves, so that they see their own count.
    things = things or [idea for idea in list_ideas(viewer, board, ListIdeas(sort="new", limit=20)).items if not just_moved(idea.ref)]
    if not things:
        raise NotFound()
    thing = _chance.choice(things)
    cast_stance(viewer, thing.ref, _chance.choice([stance for stance in (1, 1, 0, -1) if thing.my_stance != {1: "agree", 0: "pass", -1: "disagree"}[stance]]))


def just_moved(ref: Ref) -> bool:
    moved = select(Tally.tally_at).where(Tally.subject_kind == ref.kind, Tally.subject_id == ref.id)
    return db.session.scalar(moved.where(Tally.tally_at > clock.now() - clock.days(STILL / 86400))) is not None

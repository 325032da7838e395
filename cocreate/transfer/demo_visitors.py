"""Scripted visitors: while somebody looks at the demo, every few seconds one of them says or weighs something. Labelled so in their names."""

from collections.abc import Callable, Iterable
from functools import partial
from random import SystemRandom

from flask import current_app
from sqlalchemy import select

from cocreate.boards.queries import board_as
from cocreate.boards.standing import BoardFacts
from cocreate.comments.actions import post_comment
from cocreate.comments.inputs import NewComment
from cocreate.comments.models import Comment
from cocreate.core import clock
from cocreate.core.db import db
from cocreate.core.errors import Failure, NotFound
from cocreate.core.ids import Ref
from cocreate.core.jobs import job
from cocreate.core.markdown import render
from cocreate.ideas.inputs import ListIdeas
from cocreate.ideas.listing_queries import list_ideas
from cocreate.ideas.queries import IdeaView
from cocreate.listening.actions import give_response
from cocreate.listening.inputs import NewResponse
from cocreate.listening.queries import responses_by
from cocreate.live.presence import here_now
from cocreate.people.queries import viewer_by_email
from cocreate.people.viewer import Viewer
from cocreate.stances.actions import cast_stance
from cocreate.stances.models import Tally
from cocreate.statements.actions import suggest_amendment
from cocreate.statements.amendment_queries import AmendmentView, open_amendments
from cocreate.statements.inputs import NewAmendment
from cocreate.statements.models import Amendment
from cocreate.statements.queries import StatementView, statement_as, statements_on
from cocreate.transfer.demo_cast import SCRIPTED
from cocreate.transfer.demo_lines import CHANGES, COMMENTS, LINES
from cocreate.transfer.demo_story import BOARD

Act = Callable[[], object]
BETWEEN = (6.0, 12.0)  # seconds between two of their acts
STILL = 12.0  # seconds that a thing is left alone after a voice
TALKATIVE = 0.25  # how often one who said nothing yet speaks instead of weighing; with every line it gets less
FIRST = 300.0  # seconds that whoever looks has to suggest a change before one of these does
_chance = SystemRandom()
_next_at = [0.0]
_seen_at: list[float] = []  # when somebody looked first


@job()
def keep_moving() -> None:
    """One act, if it is time and somebody looks at the board."""
    if not current_app.config["SETTINGS"].demo or clock.ticks() < _next_at[0] or not any(here.people or here.anonymous for here in here_now().values()):
        return
    _next_at[0] = clock.ticks() + _chance.uniform(*BETWEEN)
    if not _seen_at:
        _seen_at.append(clock.ticks())
    viewer = viewer_by_email(_chance.choice(SCRIPTED).email)
    if viewer is None:
        return
    try:
        act(viewer)
    except Failure:
        return  # the board was closed, or what they wanted to weigh is gone


def act(viewer: Viewer) -> None:
    """Weigh something, or now and then say a thing of one's own, until all of it is said."""
    board = board_as(viewer, BOARD).board
    texts = [statement_as(viewer, row.id) for row in statements_on(board.id)]
    changes = [change for text in texts for change in open_amendments(viewer, text)]
    ideas = list_ideas(viewer, board, ListIdeas(sort="new", limit=20)).items
    said = said_by(viewer)
    if _chance.random() < TALKATIVE / (1 + len(said) / 2):
        left = [*_lines(viewer, board, said), *_comments(viewer, ideas, said), *_changes(viewer, texts, changes, said)]
        if left:
            _chance.choice(left)()
            return
    things: list[IdeaView | AmendmentView] = [change for change in changes if change.my_stance is None and change.author_id != viewer.id]
    # What is new is weighed first; where somebody just gave a voice nobody moves, so that they see their own count.
    things = things or [idea for idea in ideas if not just_moved(idea.ref)]
    if not things:
        raise NotFound()
    thing = _chance.choice(things)
    cast_stance(viewer, thing.ref, _chance.choice([stance for stance in (1, 1, 0, -1) if thing.my_stance != {1: "agree", 0: "pass", -1: "disagree"}[stance]]))


def said_by(viewer: Viewer) -> set[str]:
    """Everything one has said so far, so that nobody repeats a line."""
    comments = select(Comment.body).where(Comment.author_id == viewer.id)
    changes = select(Amendment.after).where(Amendment.author_id == viewer.id)
    return {row.body for row in responses_by(viewer.id)} | set(db.session.scalars(comments)) | set(db.session.scalars(changes))


def _part(viewer: Viewer) -> str:
    return viewer.name.split()[0]


def _lines(viewer: Viewer, board: BoardFacts, said: set[str]) -> list[Act]:
    left = [line for line in LINES.get(_part(viewer), ()) if line not in said]
    return [partial(give_response, viewer, board.id, NewResponse(body=line)) for line in left]


def _comments(viewer: Viewer, ideas: Iterable[IdeaView], said: set[str]) -> list[Act]:
    refs = {idea.title: idea.ref for idea in ideas}
    left = [(refs[title], words) for title, words in COMMENTS.get(_part(viewer), ()) if title in refs and words not in said]
    return [partial(post_comment, viewer, ref, NewComment(body=words), render(words)) for ref, words in left]


def _changes(viewer: Viewer, texts: list[StatementView], changes: list[AmendmentView], said: set[str]) -> list[Act]:
    """A sentence that stands there and that nobody else is changing; one change at a time."""
    if (_seen_at and clock.ticks() < _seen_at[0] + FIRST) or any(change.author_id == viewer.id for change in changes):
        return []
    taken = {change.before for change in changes}
    return [
        partial(suggest_amendment, viewer, text.id, NewAmendment(before=before, after=after, reason=reason))
        for text in texts
        for before, after, reason in CHANGES.get(_part(viewer), ())
        if before in text.sentences and before not in taken and after not in said
    ]


def just_moved(ref: Ref) -> bool:
    moved = select(Tally.tally_at).where(Tally.subject_kind == ref.kind, Tally.subject_id == ref.id)
    return db.session.scalar(moved.where(Tally.tally_at > clock.now() - clock.days(STILL / 86400))) is not None

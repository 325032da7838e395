"""`/boards/{slug}/statement` and the changes suggested to it."""

from datetime import datetime

from typing_extensions import TypedDict

from cocreate.core.errors import NotFound
from cocreate.entrypoints.api import call, creates
from cocreate.entrypoints.limits import limit_person
from cocreate.entrypoints.web import absolute_url
from cocreate.eventlog.permissions import require
from cocreate.people.naming import Who
from cocreate.people.viewer import Anyone, Viewer
from cocreate.stances.queries import StanceWord, Weighed
from cocreate.statements import policy
from cocreate.statements.actions import suggest_amendment
from cocreate.statements.amendment_queries import AmendmentView, State, Status, amendment_as, open_amendments
from cocreate.statements.inputs import NewAmendment
from cocreate.statements.queries import statement_as, statement_on


class Cited(TypedDict):
    """Words that a change stands on; `group` and `name` where they may be told."""

    ref: str
    text: str
    group: str | None
    name: str | None


class Decided(TypedDict):
    """How a change was decided, signed, with a reason."""

    reason: str
    by: Who
    at: datetime | None


class Amendment(Weighed):
    """A suggested change of one sentence: without `before` it adds one, without `after` it takes it out."""

    id: int
    url: str
    statement: int
    board: str
    before: str
    after: str
    reason: str
    author: Who | None
    status: Status
    state: State
    cites: list[Cited]
    decision: Decided | None
    created_at: datetime
    my_stance: StanceWord | None


class Statement(TypedDict):
    """A text that is defined together, with the changes that wait for a decision."""

    id: int
    url: str
    board: str
    title: str
    text: str
    sentences: list[str]
    version: int
    adopted: bool
    amendments: list[Amendment]


def amendment_json(change: AmendmentView) -> Amendment:
    """A suggested change as it is sent."""
    by = change.decided_by
    return {
        "id": change.id,
        "url": absolute_url(f"/amendments/{change.id}"),
        "statement": change.statement_id,
        "board": change.board.slug,
        "before": change.before,
        "after": change.after,
        "reason": change.reason,
        "author": change.author,
        "status": change.status,
        "state": change.state,
        "cites": [{"ref": str(quote.ref), "text": quote.text, "group": quote.group, "name": quote.name} for quote in change.quotes],
        "decision": {"reason": change.decision, "by": by, "at": change.decided_at} if by else None,
        "created_at": change.created_at,
        **change.tally.as_json(),
        "my_stance": change.my_stance,
    }


@call("GET", "/boards/<slug>/statement")
def statement(viewer: Anyone, slug: str) -> Statement:
    """The board's text with the changes that wait for a decision."""
    found = statement_on(viewer, slug)
    if found is None:
        raise NotFound()
    return {
        "id": found.id,
        "url": absolute_url(f"/statements/{found.id}"),
        "board": found.board.slug,
        "title": found.title,
        "text": found.text,
        "sentences": found.sentences,
        "version": found.version,
        "adopted": found.adopted_at is not None,
        "amendments": [amendment_json(change) for change in open_amendments(viewer, found)],
    }


def _show(viewer: Viewer, amendment_id: int) -> Amendment:
    return amendment_json(amendment_as(viewer, amendment_id))


@creates("/statements/<int:statement_id>/amendments", NewAmendment, _show)
def suggest(viewer: Viewer, given: NewAmendment, statement_id: int) -> int:
    """Suggest a change of one sentence."""
    require(policy.SUGGEST_AMENDMENT, viewer, statement_as(viewer, statement_id).board)
    limit_person("amendments", viewer)
    return suggest_amendment(viewer, statement_id, given)

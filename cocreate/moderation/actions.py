"""Reporting something, letting it stand, and putting back what was settled. Showing and hiding are actions of each thing's own slice."""

from cocreate.boards.queries import board_facts
from cocreate.core.ids import Ref
from cocreate.eventlog.permissions import require
from cocreate.eventlog.record import action, record
from cocreate.eventlog.rooms import STAFF
from cocreate.moderation import events, policy
from cocreate.moderation.changes import count_open, insert_report, release, reopen
from cocreate.moderation.curatables import curated
from cocreate.moderation.inputs import NewReport
from cocreate.moderation.policy import CuratedOnBoard
from cocreate.people.viewer import Actor, Viewer


def _on_board(ref: Ref) -> CuratedOnBoard:
    thing = curated(ref)
    return CuratedOnBoard(thing, board_facts(thing.board_id))


@action
def report_thing(actor: Viewer, ref: Ref, given: NewReport) -> None:
    """Ask hosts and moderators to look at something. Once a person and thing; the event does not say who."""
    found = _on_board(ref)
    require(policy.REPORT, actor, found)
    if insert_report(ref, found.board.id, actor.id, given.reason):
        record(events.REPORT_MADE, None, STAFF, ref, board=found.board.id, reports=count_open(ref))


@action
def let_stand(actor: Actor, ref: Ref) -> None:
    """Looked at, and it stays as it is: it waits no longer."""
    found = _on_board(ref)
    require(policy.CURATE, actor, found)
    settled = release(ref, actor)
    if settled:
        record(events.REPORT_SETTLED, actor, STAFF, ref, board=found.board.id, reports=settled)


@action
def wait_again(actor: Actor, ref: Ref) -> None:
    """Undo: the reports that were settled last wait in the queue again."""
    found = _on_board(ref)
    require(policy.CURATE, actor, found)
    reports = reopen(ref)
    if reports:
        record(events.REPORT_REOPENED, actor, STAFF, ref, board=found.board.id, reports=reports)

"""Who may report and who may curate. Pure."""

from dataclasses import dataclass

from flask_babel import gettext as _

from cocreate.boards.policy import curating, reading
from cocreate.boards.standing import BoardFacts, Standing, standing
from cocreate.core.errors import Conflict, Failure, NotFound, NotSignedIn, Refused
from cocreate.eventlog.permissions import permission
from cocreate.moderation.things import Curated
from cocreate.people.viewer import Anyone


@dataclass(frozen=True)
class CuratedOnBoard:
    """A thing with the board it is on."""

    thing: Curated
    board: BoardFacts


def _report(viewer: Anyone, subject: CuratedOnBoard) -> Failure | None:
    refusal = reading(viewer, subject.board)
    if refusal is not None:
        return refusal
    if subject.thing.state == "merged":
        return Conflict(_("This idea was joined with another one. Go on there."))
    if subject.thing.state != "shown":
        return Conflict(_("This is not shown any more.")) if standing(viewer, subject.board).curates else NotFound()
    return None if viewer.is_authenticated else NotSignedIn(_("Sign in first; what you typed is kept."))


def _queue(viewer: Anyone, boards: list[Standing]) -> Failure | None:
    if not viewer.is_authenticated:
        return NotSignedIn(_("Sign in to see what waits for you."))
    if viewer.is_staff or any(found.curates for found in boards):
        return None
    return Refused(_("The queue is for hosts and moderators."))


def _curate(viewer: Anyone, subject: CuratedOnBoard) -> Failure | None:
    return curating(viewer, subject.board)


REPORT = permission("report.make", _report)
SEE_QUEUE = permission("queue.see", _queue)
CURATE = permission("report.settle", _curate)

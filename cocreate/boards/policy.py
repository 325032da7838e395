"""Who may do what on a board. Every right of a higher slice about something on a board is built from these. Pure."""

from flask_babel import gettext as _

from cocreate.boards.standing import BoardFacts, standing
from cocreate.core.errors import Conflict, Failure, NotFound, NotSignedIn, Refused
from cocreate.eventlog.permissions import permission
from cocreate.people.groups import INSIDE
from cocreate.people.viewer import Anyone


def reading(viewer: Anyone, board: BoardFacts) -> Failure | None:
    """A board that may not be read looks as if it were not."""
    return None if standing(viewer, board).reads else NotFound()


def seeing(viewer: Anyone, board: BoardFacts, state: str, author_id: int | None) -> Failure | None:
    """Something on a board: what is held, hidden or taken back is there only for its author and for who curates."""
    own = viewer.id is not None and viewer.id == author_id
    hidden = state != "shown" and not own and not standing(viewer, board).curates
    return reading(viewer, board) or (NotFound() if hidden else None)


def closed(board: BoardFacts) -> Failure | None:
    """A closed board is read only."""
    return Conflict(_("This board is closed. Everything on it stays readable.")) if board.state == "closed" else None


def taking_part(viewer: Anyone, board: BoardFacts) -> Failure | None:
    """Weighing and discussing: while open or deciding."""
    found = standing(viewer, board)
    if not found.reads:
        return NotFound()
    # before signing in: nobody is sent there for nothing
    refusal = closed(board)
    if refusal is not None:
        return refusal
    if board.state == "draft":
        return Conflict(_("This board is not open yet."))
    if not viewer.is_authenticated:
        return NotSignedIn(_("Sign in first; what you typed is kept."))
    if not found.takes_part:
        return Refused(_("Your group reads here but does not take part. How this works says who does."))
    return None


def contributing(viewer: Anyone, board: BoardFacts) -> Failure | None:
    """New ideas, words and suggestions: while open only."""
    refusal = taking_part(viewer, board)
    if board.state == "deciding" and (refusal is None or isinstance(refusal, NotSignedIn)):
        return Conflict(_("This board is being decided. You can still weigh and discuss; nothing new is added."))
    return refusal


def hosting(viewer: Anyone, board: BoardFacts) -> Failure | None:
    found = standing(viewer, board)
    if not found.reads:
        return NotFound()
    return None if found.hosts else Refused(_("Only the hosts of this board can do this."))


def deciding(viewer: Anyone, board: BoardFacts) -> Failure | None:
    found = standing(viewer, board)
    if not found.reads:
        return NotFound()
    return None if found.decides else Refused(_("Only who decides on this board can do this. How this works says who."))


def curating(viewer: Anyone, board: BoardFacts) -> Failure | None:
    found = standing(viewer, board)
    if not found.reads:
        return NotFound()
    return None if found.curates else Refused(_("Only hosts and moderators can do this."))


def _make(viewer: Anyone, _subject: object) -> Failure | None:
    if not viewer.is_authenticated:
        return NotSignedIn(_("Sign in first; what you typed is kept."))
    if viewer.is_staff or viewer.group in INSIDE:
        return None
    return Refused(_("Ask somebody of the organisation to open a board with you as its host."))


def _change_hosts(viewer: Anyone, board: BoardFacts) -> Failure | None:
    return None if viewer.is_admin else hosting(viewer, board)


READ_BOARD = permission("board.read", reading)
MAKE_BOARD = permission("board.make", _make)
EDIT_BOARD = permission("board.edit", hosting)
MOVE_BOARD = permission("board.move", hosting)
CHANGE_HOSTS = permission("board.hosts", _change_hosts)

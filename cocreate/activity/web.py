"""What changed, over all boards; and the record of one."""

from flask import Blueprint, render_template, url_for

from cocreate.activity.feed import changes as find_changes, record_of
from cocreate.activity.inputs import Asked
from cocreate.activity.outcomes import outcomes
from cocreate.activity.undoing import undos
from cocreate.boards.queries import board_as, boards_as
from cocreate.entrypoints.alike import alike_for_visitors
from cocreate.entrypoints.forms import read_asked
from cocreate.entrypoints.signin import viewer

blueprint = Blueprint("activity", __name__)


@blueprint.get("/changes")
@alike_for_visitors
def changes() -> str:
    """What changed because of what people said, then all that happened, newest first; visitors see the boards that anyone may read."""
    asked = read_asked(Asked)
    boards = boards_as(viewer())
    chosen = board_as(viewer(), asked.board) if asked.board else None
    among = [chosen] if chosen else boards
    page = find_changes(viewer(), among, asked.cursor, with_site=chosen is None)
    first = [] if asked.cursor else outcomes(viewer(), among)
    following = url_for("activity.changes", board=asked.board or None, cursor=page.next_cursor) if page.next_cursor else ""
    return render_template("activity/changes.html", page=page, outcomes=first, boards=boards, chosen=chosen, following=following)


@blueprint.get("/boards/<slug>/history")
def history(slug: str) -> str:
    """A board's record. Whoever curates it or decides there finds what can be undone here."""
    standing = board_as(viewer(), slug)
    page = record_of(viewer(), standing, read_asked(Asked).cursor)
    lines = [line for day in page.days for line in day.lines]
    offered = undos(lines, standing, url_for("activity.history", slug=slug))
    following = url_for("activity.history", slug=slug, cursor=page.next_cursor) if page.next_cursor else ""
    return render_template("activity/history.html", page=page, board=standing.board, standing=standing, undos=offered, following=following)

"""The queue, reporting, curating, and joining ideas."""

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from cocreate.boards.queries import board_by_id_as
from cocreate.core.errors import NotFound
from cocreate.core.fields import read_input
from cocreate.core.ids import Ref, parse_ref
from cocreate.entrypoints.forms import Form, add_form, local_path, read_form, see_other, signed_in
from cocreate.entrypoints.limits import limit_person
from cocreate.entrypoints.signin import viewer
from cocreate.eventlog.permissions import require
from cocreate.eventlog.subjects import find_subjects
from cocreate.ideas.curation_actions import merge_idea, unmerge_idea
from cocreate.ideas.finding_queries import similar_ideas
from cocreate.ideas.inputs import ListIdeas
from cocreate.ideas.listing_queries import list_ideas
from cocreate.ideas.policy import CURATE_IDEA
from cocreate.ideas.queries import IdeaView, idea_as, on_board
from cocreate.moderation import curatables, policy
from cocreate.moderation.actions import let_stand, report_thing, wait_again
from cocreate.moderation.inputs import MergeChoice, NewReport
from cocreate.moderation.policy import CuratedOnBoard
from cocreate.moderation.queries import curated_boards, has_reported, queue as waiting_queue, waits_for

blueprint = Blueprint("moderation", __name__)
SUGGESTED = 12  # ideas offered to join with


@blueprint.get("/queue")
def queue() -> str:
    """What waits for whoever curates, longest first."""
    boards = curated_boards(viewer())
    require(policy.SEE_QUEUE, viewer(), boards)
    return render_template("moderation/queue.html", queue=waiting_queue(viewer(), boards))


def _seen(text: str) -> CuratedOnBoard:
    """The thing on its board, if the viewer may see it and what it is about. Raises NotFound."""
    thing = curatables.curated(parse_ref(text))
    standing = board_by_id_as(viewer(), thing.board_id)
    if (thing.state not in ("shown", "merged") and not standing.curates) or not find_subjects(viewer(), [thing.ref]):
        raise NotFound()
    return CuratedOnBoard(thing, standing.board)


def _record(slug: str) -> str:
    """Where what was done can be undone later."""
    return url_for("activity.history", slug=slug)


def _address(ref: Ref, slug: str) -> str:
    subject = find_subjects(viewer(), [ref]).get(ref)
    return subject.url if subject else f"/boards/{slug}"


def show_report(form: Form, ref: str) -> str:
    found = _seen(ref)
    address = _address(found.thing.ref, found.board.slug)
    reported = has_reported(viewer(), found.thing.ref)
    return render_template("moderation/report.html", form=form, thing=found.thing, board=found.board, address=address, reported=reported)


def save_report(fields: "MultiDict[str, str]", ref: str) -> Response:
    found = _seen(ref)
    require(policy.REPORT, viewer(), found)
    person, given = signed_in(), read_form(NewReport, fields)
    limit_person("reports", person)
    report_thing(person, found.thing.ref, given)
    return see_other(_address(found.thing.ref, found.board.slug), _("Hosts and moderators of this board look at it."))


def show_curated(form: Form, ref: str, state: str) -> str:
    found = _seen(ref)
    require(policy.CURATE, viewer(), found)
    return render_template("moderation/curate.html", form=form, thing=found.thing, board=found.board, state=state, back=_back(form.values))


def save_curated(fields: "MultiDict[str, str]", ref: str, state: str) -> Response:
    """Bring a thing into a state: shown, hidden, or back to waiting as held or as reported. Each step refuses what was taken back meanwhile."""
    found = _seen(ref)
    person = signed_in()
    require(policy.CURATE, person, found)
    thing, back = found.thing, _back(fields)
    before = _present(thing.ref, thing.state)
    step = {"hidden": curatables.hide, "waiting": curatables.hold}.get(state, curatables.show)
    step(person, thing.ref)
    if state == "reported":
        wait_again(person, thing.ref)
    if state in ("waiting", "reported"):
        return see_other(_at(back, thing.ref), _("It waits in the queue again."))
    let_stand(person, thing.ref)  # where its own slice had nothing to change, it was still looked at
    undo = url_for("moderation.curated", ref=ref, state=before, back=back) if before != state else ""
    return see_other(back, _said(state, before), undo, _record(found.board.slug))


def _present(ref: Ref, state: str) -> str:
    """The state by which an undo brings the thing back to where it is now."""
    held, reported = waits_for(ref)
    if state not in ("shown", "merged"):
        return "waiting" if held else "hidden"
    return "reported" if reported else "shown"


def _said(state: str, before: str) -> str:
    if state == "hidden":
        return _("Hidden. It can be shown again from the board's record.")
    return _("It stands. Its reports are settled.") if before == "reported" else _("Everybody on the board sees it now.")


def _back(values: Any) -> str:
    return local_path(values.get("back") or request.args.get("back", ""), url_for("moderation.queue"))


def _at(page: str, ref: Ref) -> str:
    """Where on a page the thing stands, if it is there."""
    return f"{page.partition('#')[0]}#{ref.slug}"


def _to_curate(idea_id: int) -> IdeaView:
    """Raises NotFound, then Refused."""
    found = idea_as(viewer(), idea_id)
    require(CURATE_IDEA, viewer(), on_board(idea_id))
    return found


def show_merge(form: Form, idea_id: int) -> str:
    found = _to_curate(idea_id)
    search = request.args.get("q", "")[:200]
    if search:
        asked = read_input(ListIdeas, {"q": search, "limit": SUGGESTED + 1})
        others = [idea for idea in list_ideas(viewer(), found.board, asked).items if idea.id != idea_id][:SUGGESTED]
    else:
        others = similar_ideas(found.board, f"{found.title} {found.body}", but=idea_id, limit=SUGGESTED)
    return render_template("moderation/merge.html", form=form, idea=found, board=found.board, others=others, search=search, back=_back(form.values))


def save_merge(fields: "MultiDict[str, str]", idea_id: int) -> Response:
    idea_as(viewer(), idea_id)
    person = signed_in()
    found = _to_curate(idea_id)
    given = read_form(MergeChoice, fields)
    merge_idea(person, idea_id, given.into)
    back = local_path(given.back, f"/ideas/{given.into}")
    said = _("“%(one)s” is joined with “%(other)s”.", one=found.title, other=idea_as(person, given.into).title)
    return see_other(back, said, url_for("moderation.unmerge", idea_id=idea_id, back=back), _record(found.board.slug))


def show_unmerge(form: Form, idea_id: int) -> str:
    found = _to_curate(idea_id)
    if found.merged_into is None:
        raise NotFound()
    into = idea_as(viewer(), found.merged_into)
    return render_template("moderation/unmerge.html", form=form, idea=found, into=into, board=found.board, back=_back(form.values))


def save_unmerge(fields: "MultiDict[str, str]", idea_id: int) -> Response:
    idea_as(viewer(), idea_id)
    person = signed_in()
    _to_curate(idea_id)
    unmerge_idea(person, idea_id)
    back = local_path(fields.get("back") or request.args.get("back", ""), f"/ideas/{idea_id}")
    return see_other(_at(back, Ref("idea", idea_id)), _("The two stand apart again, each with its own voices."))


add_form(blueprint, "/reports/<ref>", "report", show_report, save_report)
add_form(blueprint, "/curated/<ref>/<any(shown, hidden, waiting, reported):state>", "curated", show_curated, save_curated)
add_form(blueprint, "/ideas/<int:idea_id>/merge", "merge", show_merge, save_merge)
add_form(blueprint, "/ideas/<int:idea_id>/unmerge", "unmerge", show_unmerge, save_unmerge)

"""For administrators: inviting people by a link, and taking invitations back."""

from flask import Response, make_response, render_template, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from cocreate.core.qr import qr_modules
from cocreate.entrypoints.forms import Form, add_form, read_form, see_other
from cocreate.entrypoints.web import absolute_url
from cocreate.people import policy
from cocreate.people.actions import make_invitation, revoke_invitation
from cocreate.people.admin_web import administrator, group_choices, role_choices
from cocreate.people.inputs import NewInvitation
from cocreate.people.queries import invitations
from cocreate.people.web import blueprint, leave_no_trace


def show_invite(form: Form) -> str:
    administrator(policy.INVITE)
    form.prefill({"group": "customer", "role": "member", "most_uses": "1", "days": "14"})
    return render_template("people/invite.html", form=form, groups=group_choices(), roles=role_choices())


def save_invite(fields: "MultiDict[str, str]") -> Response:
    """Make the invitation; its link is on this one page and nowhere after."""
    actor = administrator(policy.INVITE)
    given: NewInvitation = read_form(NewInvitation, fields)
    _id, secret = make_invitation(actor, given)
    leave_no_trace()
    link = absolute_url(url_for("people.join", token=secret))
    return make_response(render_template("people/invited.html", link=link, qr=qr_modules(link), given=given))


@blueprint.get("/people/invitations", endpoint="invitations")
def invitations_page() -> str:
    """The invitations that are open."""
    administrator(policy.INVITE)
    return render_template("people/invitations.html", invitations=invitations())


@blueprint.post("/people/invitations/<int:invitation_id>/end")
def end_invitation(invitation_id: int) -> Response:
    """Take an invitation back."""
    revoke_invitation(administrator(policy.INVITE), invitation_id)
    return see_other(url_for("people.invitations"), said=_("That invitation opens nothing any more. Who came in by it stays."))


add_form(blueprint, "/people/invite", "invite", show_invite, save_invite)

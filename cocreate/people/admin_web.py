"""For administrators: the people of the site, and the organisation itself."""

from typing import Any
from zoneinfo import available_timezones

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from cocreate.core.fields import read_input, whole_number
from cocreate.entrypoints.forms import Form, add_form, read_form, see_other, signed_in
from cocreate.eventlog.permissions import Permission, require
from cocreate.people import policy
from cocreate.people.actions import add_person, change_person, edit_organisation, restore_person, suspend_person
from cocreate.people.groups import GROUPS, ROLES
from cocreate.people.inputs import ChangePerson, EditOrganisation, NewPerson, labels_from
from cocreate.people.queries import PeopleWanted, count_by_group, people_list, person, sessions_of, site
from cocreate.people.viewer import Viewer
from cocreate.people.web import blueprint, spoken

Fields = MultiDict[str, str]
ON_A_PAGE = 50


def administrator(right: Permission) -> Viewer:
    """The viewer, who has this right. Raises NotSignedIn, Refused."""
    viewer: Viewer = signed_in()
    require(right, viewer, None)
    return viewer


@blueprint.get("/people", endpoint="people")
def people_page() -> str:
    """Everybody, searched and filtered, by name."""
    administrator(policy.LIST_PEOPLE)
    wanted = PeopleWanted(
        words=request.args.get("q", "")[:100].replace("\x00", ""),
        group=request.args.get("group", ""),
        after=whole_number(request.args.get("after", "")) or 0,
    )
    found = people_list(wanted, ON_A_PAGE + 1)
    more = found[ON_A_PAGE - 1].id if len(found) > ON_A_PAGE else None
    return render_template("people/people.html", people=found[:ON_A_PAGE], wanted=wanted, more=more, counts=count_by_group())


def show_add(form: Form) -> str:
    administrator(policy.ADD_PERSON)
    return render_template("people/add.html", form=form, groups=group_choices(), roles=role_choices())


def save_add(fields: Fields) -> Response:
    actor = administrator(policy.ADD_PERSON)
    given = read_form(NewPerson, fields)
    person_id = add_person(actor, given)
    return see_other(url_for("people.person", person_id=person_id), said=_("%(name)s can sign in from now on.", name=given.name))


def group_choices() -> list[tuple[str, str]]:
    return [(group, site().label(group)) for group in GROUPS]


def role_choices() -> list[tuple[str, str, str]]:
    words = {
        "member": (_("Member"), _("Takes part")),
        "moderator": (_("Moderator"), _("Also reads every board and curates it")),
        "admin": (_("Administrator"), _("Also invites people and runs the site")),
    }
    return [(role, *words[role]) for role in ROLES]


def show_person(form: Form, person_id: int) -> str:
    viewer = administrator(policy.CHANGE_PERSON)
    row = person(person_id)
    form.prefill({"name": row.name, "group": row.group, "role": row.role, "team": row.team or ""})
    return render_template(
        "people/person.html", form=form, person=row, sessions=sessions_of(row.id), own=row.id == viewer.id, groups=group_choices(), roles=role_choices()
    )


def save_person(fields: Fields, person_id: int) -> Response:
    actor = administrator(policy.CHANGE_PERSON)
    given = read_form(ChangePerson, fields)
    change_person(actor, person_id, given)
    return see_other(url_for("people.people"), said=_("Kept."))


@blueprint.post("/people/<int:person_id>/suspension")
def suspend(person_id: int) -> Response:
    """Keep somebody out, from their next request on."""
    suspend_person(administrator(policy.LIST_PEOPLE), person_id)
    said = _("%(name)s is kept out now. What they said stays.", name=person(person_id).name)
    return see_other(url_for("people.person", person_id=person_id), said=said, undo=url_for("people.restore", person_id=person_id))


@blueprint.post("/people/<int:person_id>/restoration")
def restore(person_id: int) -> Response:
    """Let somebody in again."""
    restore_person(administrator(policy.LIST_PEOPLE), person_id)
    said = _("%(name)s can sign in again.", name=person(person_id).name)
    return see_other(url_for("people.person", person_id=person_id), said=said, undo=url_for("people.suspend", person_id=person_id))


def show_organisation(form: Form) -> Any:
    administrator(policy.EDIT_ORGANISATION)
    form.prefill(_organisation_as_typed())
    return render_template(
        "people/organisation.html", form=form, languages=spoken(), zones=sorted(available_timezones()), groups=GROUPS, usual=site().usual_labels
    )


def _organisation_as_typed() -> dict[str, Any]:
    present = site()
    labels = {f"label_{group}_{form}": present.own_labels.get(group, {}).get(form, "") for group in GROUPS for form in ("one", "many")}
    return {
        "name": present.name if present.founded else "",
        "sentence": present.sentence,
        "time_zone": present.time_zone,
        "locale": present.locale,
        "customers_may_join": present.customers_may_join,
        "employee_domains": ", ".join(present.employee_domains),
        **labels,
    }


def save_organisation(fields: Fields) -> Response:
    actor = administrator(policy.EDIT_ORGANISATION)
    typed = {name: value for name, value in fields.items() if not name.startswith("label_")}
    edit_organisation(actor, read_input(EditOrganisation, {**typed, "labels": labels_from(fields)}))
    return see_other(url_for("people.organisation"), said=_("Kept. Everybody sees it from now on."))


add_form(blueprint, "/people/add", "add", show_add, save_add)
add_form(blueprint, "/people/<int:person_id>", "person", show_person, save_person)
add_form(blueprint, "/organisation", "organisation", show_organisation, save_organisation)

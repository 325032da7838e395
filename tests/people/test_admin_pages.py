"""The pages for administrators, and the page of an invitation."""

import re
from typing import Any

from cocreate.people.actions import add_person, change_person, edit_organisation, make_invitation, revoke_invitation
from cocreate.people.inputs import ChangePerson, EditOrganisation, NewInvitation, NewPerson
from cocreate.people.queries import site, viewer_of
from tests.people.comings import code_for, name_here

PAGES = ["/people", "/people/add", "/people/1", "/people/invite", "/people/invitations", "/organisation"]


def test_for_administrators_only(cast: Any, client_of: Any) -> None:
    clients = {person: client_of(person) for person in (cast.ada, cast.mira, cast.otto, cast.visitor)}
    for path in PAGES:
        assert [client.get(path).status_code for client in clients.values()] == [200, 403, 403, 401], path


def test_everybody_by_name_and_group(cast: Any, client_of: Any) -> None:
    ada = client_of(cast.ada)
    page = ada.get("/people?q=cleo").text
    assert "cleo@example.org" in page
    assert "otto@example.org" not in page
    assert "Nobody fits" in ada.get("/people?q=cleo&group=partner").text
    assert ada.get("/people?after=x&group=none&q=%ff").status_code == 200


def test_pages_of_people_follow_each_other(cast: Any, client_of: Any) -> None:
    for number in range(60):
        add_person(cast.ada, NewPerson(email=f"p{number}@example.net", name=f"Person {number:02}", group="partner"))
    ada = client_of(cast.ada)
    first = ada.get("/people?group=partner").text
    onward = re.search(r'href="([^"]+)" rel="next"', first)
    assert onward
    second = ada.get(onward[1].replace("&amp;", "&")).text
    seen = re.findall(r"p\d+@example.net", first + second)
    assert len(seen) == len(set(seen)) == 60
    assert 'rel="next"' not in second


def test_somebody_is_added_and_changed(cast: Any, client_of: Any) -> None:
    ada = client_of(cast.ada)
    again = ada.post("/people/add", data={"email": "cleo@example.org", "name": "Cleo Two", "group": "customer", "role": "member"})
    assert again.status_code == 400
    assert "Cleo Two" in again.text
    answer = ada.post("/people/add", data={"email": "nina@example.org", "name": "Nina", "group": "partner", "role": "member", "team": ""})
    person_id = int(answer.headers["Location"].rpartition("/")[2])
    assert re.search(r'value="partner" checked', ada.get(f"/people/{person_id}").text)
    ada.post(f"/people/{person_id}", data={"name": "Nina", "group": "customer", "role": "moderator", "team": "Kiel"})
    found = viewer_of(person_id)
    assert (found.group, found.role, found.team) == ("customer", "moderator", "Kiel")
    assert ada.post(f"/people/{person_id}", data={"name": "Nina", "group": "robots"}).status_code == 400
    assert ada.get("/people/9999").status_code == 404


def test_keeping_out_is_undone_by_one_press(cast: Any, client_of: Any) -> None:
    ada, otto = client_of(cast.ada), client_of(cast.otto)
    assert name_here(otto) == "Otto"
    page = ada.post(f"/people/{cast.otto.id}/suspension", follow_redirects=True).text
    assert name_here(otto) is None
    assert f'action="/people/{cast.otto.id}/restoration"' in page
    ada.post(f"/people/{cast.otto.id}/restoration")
    assert name_here(client_of(cast.otto)) == "Otto"
    assert client_of(cast.mira).post(f"/people/{cast.otto.id}/suspension").status_code == 403
    assert ada.post(f"/people/{cast.ada.id}/suspension").status_code == 409


def test_the_organisation_keeps_what_is_typed(cast: Any, client_of: Any) -> None:
    ada = client_of(cast.ada)
    given = {"name": "Clinic", "sentence": "Care.", "time_zone": "Europe/Berlin", "label_customer_one": "a patient", "label_customer_many": "patients"}
    wrong = ada.post("/organisation", data={**given, "time_zone": "Mars"})
    assert wrong.status_code == 400
    assert "a patient" in wrong.text
    assert ada.post("/organisation", data={**given, "customers_may_join": "yes"}).status_code == 303
    assert site().customers_may_join
    page = ada.get("/organisation").text
    assert 'value="a patient"' in page
    assert re.search(r'name="customers_may_join"[^>]* checked', page)
    ada.post("/organisation", data=given)
    assert not site().customers_may_join
    assert "Patients 2" in ada.get("/people").text


def invited(ada: Any, **given: Any) -> str:
    page = ada.post("/people/invite", data={"group": "partner", "role": "member", "most_uses": "1", "days": "3", **given}).text
    found = re.search(r'value="http://localhost(/join/[\w-]{43})"', page)
    assert found
    assert "<svg" in page
    assert "style=" not in page
    return found[1]


def test_from_the_link_to_the_table(app: Any, cast: Any, client_of: Any, one_event: Any) -> None:
    edit_organisation(cast.ada, EditOrganisation(name="Bakery", sentence="Bread."))
    ada, pia = client_of(cast.ada), client_of(cast.visitor)
    link = invited(ada, team="Kiel")
    page = pia.get(link)
    assert "Ada invites you to Bakery as a partner." in page.text
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert pia.post(link, data={"email": "pia@example.net", "name": "Pia"}).headers["Location"] == "/sign-in/code"
    with one_event("person.joined"):
        pia.post("/sign-in/code", data={"code": code_for(app, "pia@example.net")})
    me = pia.get("/api/v1/me").json
    assert (me["name"], me["group"], me["role"], me["team"]) == ("Pia", "partner", "member", "Kiel")
    assert "here already" in pia.get(link).text or "over" in pia.get(link).text
    late = client_of(cast.visitor).get(link)
    assert late.status_code == 410
    assert "as often as it may be" in late.text


def test_used_up_between_code_and_coming_in(app: Any, cast: Any, client_of: Any) -> None:
    link = invited(client_of(cast.ada))
    first, second = client_of(cast.visitor), client_of(cast.visitor)
    for client, address in ((first, "a@example.net"), (second, "b@example.net")):
        client.post(link, data={"email": address, "name": address[0]})
    first.post("/sign-in/code", data={"code": code_for(app, "a@example.net")})
    answer = second.post("/sign-in/code", data={"code": code_for(app, "b@example.net")})
    assert answer.status_code == 409
    assert "as often as it may be" in answer.text
    assert (name_here(first), name_here(second)) == ("a", None)


def test_over_or_taken_back_is_said(cast: Any, client_of: Any, clock: Any) -> None:
    visitor = client_of(cast.visitor)
    invitation_id, secret = make_invitation(cast.ada, NewInvitation(group="customer", days=2))
    revoke_invitation(cast.ada, invitation_id)
    assert "taken back" in visitor.get(f"/join/{secret}").text
    _id, secret = make_invitation(cast.ada, NewInvitation(group="customer", days=2))
    clock.forward(days=3)
    over = visitor.get(f"/join/{secret}")
    assert (over.status_code, "time of this invitation is over" in over.text) == (410, True)
    visitor.post(f"/join/{secret}", data={"email": "eve@example.net", "name": "Eve"})
    assert visitor.get("/join/made-up").status_code == 404


def test_an_invitation_changes_nobody_who_is_here(app: Any, cast: Any, client_of: Any) -> None:
    link = invited(client_of(cast.ada), role="admin", group="management")
    otto = client_of(cast.visitor)
    otto.post(link, data={"email": "otto@example.org", "name": "Boss"})
    otto.post("/sign-in/code", data={"code": code_for(app, "otto@example.org")})
    assert (viewer_of(cast.otto.id).role, viewer_of(cast.otto.id).name) == ("member", "Otto")
    assert client_of(cast.visitor).get(link).status_code == 200


def test_open_invitations_are_taken_back(cast: Any, client_of: Any, one_event: Any) -> None:
    ada = client_of(cast.ada)
    link = invited(ada, most_uses="30")
    page = ada.get("/people/invitations").text
    assert "0 of 30 used" in page
    assert link not in page
    with one_event("invitation.revoked"):
        ada.post(re.search(r"/people/invitations/\d+/end", page)[0])  # type: ignore[index]
    assert "No invitation is open" in ada.get("/people/invitations").text


def test_a_demoted_administrator_loses_the_pages(cast: Any, client_of: Any) -> None:
    change_person(cast.ada, cast.mona.id, ChangePerson(role="admin"))
    mona = client_of(cast.mona)
    assert mona.get("/people").status_code == 200
    change_person(cast.ada, cast.mona.id, ChangePerson(role="member"))
    assert mona.get("/people").status_code == 403

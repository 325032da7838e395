"""`flask people …`: making people from a terminal."""

import sys

import click
from flask.cli import AppGroup

from cocreate.core.fields import read_input
from cocreate.entrypoints.cli import as_json, command_answers, say
from cocreate.people.actions import add_person, change_person, make_token, set_password_of
from cocreate.people.groups import GROUPS, ROLES
from cocreate.people.inputs import ChangePerson, NewPerson, NewToken, SetPassword
from cocreate.people.passwords import hash_password
from cocreate.people.queries import viewer_by_email, viewer_of
from cocreate.people.viewer import Organisation

people = AppGroup("people", help="The people of this site.")


@people.command("add")
@click.argument("email")
@click.option("--name", help="What others call them; needed for a new person.")
@click.option("--group", type=click.Choice(GROUPS), help="Needed for a new person.")
@click.option("--role", type=click.Choice(ROLES))
@click.option("--team")
@click.option("--password-stdin", is_flag=True, help="Read a password from the first line of stdin.")
@click.option("--token", "wants_token", is_flag=True, help="Make one more API token, for reading and writing.")
@as_json
@command_answers
def add(email: str, name: str | None, group: str | None, role: str | None, team: str | None, password_stdin: bool, wants_token: bool, as_json: bool) -> None:
    """Make a person ready to use, or change what is given of one."""
    actor = Organisation()
    given = {key: value for key, value in {"name": name, "group": group, "role": role, "team": team}.items() if value is not None}
    password = read_input(SetPassword, {"password": sys.stdin.readline().rstrip("\n")}).password if password_stdin else None
    found = viewer_by_email(email)
    if found is None:
        person_id = add_person(actor, read_input(NewPerson, {"email": email, **given}))
    else:
        person_id = found.id
        change_person(actor, person_id, read_input(ChangePerson, given))
    if password is not None:
        set_password_of(actor, person_id, hash_password(password))
    token = make_token(actor, person_id, NewToken(name="command line")) if wants_token else None
    made = viewer_of(person_id)
    value = {"id": made.id, "email": made.email, "name": made.name, "group": made.group, "role": made.role, "team": made.team, "token": token}
    say(value, as_json, f"{made.name} <{made.email}>, {made.group}, {made.role}" + (f"\ntoken: {token}" if token else ""))

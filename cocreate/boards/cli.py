"""`flask boards …`: making boards from a terminal."""

import click
from flask.cli import AppGroup

from cocreate.boards.actions import make_board
from cocreate.boards.api import boards_json
from cocreate.boards.inputs import NewBoard
from cocreate.boards.kinds import KINDS
from cocreate.boards.queries import board_by_id_as
from cocreate.core.fields import read_input
from cocreate.entrypoints.cli import as_json, command_answers, say
from cocreate.people.viewer import Organisation

boards = AppGroup("boards", help="The boards of this site.")


@boards.command("add")
@click.argument("slug")
@click.option("--title", required=True)
@click.option("--kind", required=True, type=click.Choice(KINDS))
@click.option("--audience", help="Groups that read and take part, separated by commas; all four where not given.")
@click.option("--public", is_flag=True, help="Anyone may read.")
@click.option("--host", "hosts", multiple=True, metavar="EMAIL", help="May be given several times; without, the organisation is host.")
@click.option("--context", default="", help="What the hosts share first.")
@click.option("--open", "opened", is_flag=True, help="Open it at once.")
@as_json
@command_answers
def add(slug: str, title: str, kind: str, audience: str | None, public: bool, hosts: tuple[str, ...], context: str, opened: bool, as_json: bool) -> None:
    """Make a board from its kind's starting words."""
    actor = Organisation()
    values = {"slug": slug, "title": title, "kind": kind, "read_public": public, "hosts": list(hosts), "context": context}
    if audience is not None:
        values["groups"] = [part.strip() for part in audience.split(",") if part.strip()]
    board_id = make_board(actor, read_input(NewBoard, values), opened)
    made = boards_json([board_by_id_as(actor, board_id)])[0]
    say(made, as_json, f"{made['title']}: {made['url']}")

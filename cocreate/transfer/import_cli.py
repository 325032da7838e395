"""`flask import …`: what was said elsewhere becomes a board."""

import sys
from dataclasses import asdict
from pathlib import Path

import click
from flask.cli import AppGroup

from cocreate.boards.kinds import KINDS
from cocreate.entrypoints.cli import as_json, command_answers, say
from cocreate.entrypoints.web import absolute_url
from cocreate.transfer.importing import board_for, import_conversation
from cocreate.transfer.polis import read_conversation

imports = AppGroup("import", help="Bring in what was said elsewhere.")


@imports.command("polis")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--board", "slug", required=True, metavar="SLUG", help="Its address; made where there is none.")
@click.option("--kind", type=click.Choice(KINDS), default="strategy", show_default=True, help="Of a board that is made.")
@click.option("--title", help="Of a board that is made; the topic of the conversation where not given.")
@as_json
@command_answers
def polis(folder: Path, slug: str, kind: str, title: str | None, as_json: bool) -> None:
    """A conversation exported by Polis becomes a board. Done again, or after it was broken off, it adds what is not there yet."""
    found = read_conversation(folder)
    board = board_for(folder, slug, kind, title)
    length = len(found.people) + len(found.statements) + found.stance_count
    with click.progressbar(length=length, label=board.title, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        added = import_conversation(board, found, bar.update)
    value = {
        "board": board.slug,
        "url": absolute_url(f"/boards/{board.slug}"),
        "ideas": len(found.statements),
        "hidden": sum(each.is_hidden for each in found.statements),
        "people": len(found.people),
        "stances": found.stance_count,
        "left_out": found.left_out,
        "added": asdict(added),
    }
    sentence = "{board}: {ideas} ideas ({hidden} hidden), {people} people, {stances} stances; new: {added[ideas]}, {added[people]}, {added[stances]}"
    unknown = f"; {found.left_out} stances on statements that are not in the export were left out" if found.left_out else ""
    say(value, as_json, sentence.format(**value) + unknown + f"\n{value['url']}")

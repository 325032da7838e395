"""`flask doctor`: is everything as it must be? `flask demo`: the example organisation."""

import click
from flask.cli import with_appcontext

from cocreate.entrypoints.cli import as_json, command_answers, say
from cocreate.people.queries import count_by_group
from cocreate.transfer.demo_story import tell
from cocreate.transfer.doctor import examine, repair


@click.command("doctor")
@click.option("--repair", "wants_repair", is_flag=True, help="Count tallies and comments and make the index of search anew before looking.")
@as_json
@with_appcontext
@command_answers
def doctor(wants_repair: bool, as_json: bool) -> None:
    """Check what must always hold; exit 1 if something does not."""
    if wants_repair:
        repair()
    found = examine()
    broken = [f"{name}: {sentence}" for name, sentences in found.items() for sentence in sentences]
    if not broken or as_json:
        say({"ok": not broken, "findings": found}, as_json, f"all well: {', '.join(found)}")
    else:
        for sentence in broken:
            click.echo(sentence, err=True)
    if broken:
        raise SystemExit(1)


@click.command("demo")
@with_appcontext
@command_answers
def demo() -> None:
    """Fill an empty site with the example organisation; a site that holds something already is left alone."""
    if count_by_group():
        click.echo("The demo's story is there already.")
        return
    tell()
    click.echo("Halden Bikes is ready.")

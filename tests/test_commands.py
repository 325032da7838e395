"""The command line as others rely on it: which commands there are, help everywhere, and what wrong usage answers."""

from collections.abc import Iterator

import click
import pytest
from flask import Flask

from tests.stage import rows_of

OURS = {"people add", "boards add", "import polis", "doctor", "demo"}
OTHERS = {"run", "shell", "routes", "db"}  # Flask's own, and Flask-Migrate's


def commands(group: click.Group, before: str = "") -> Iterator[str]:
    for name, each in group.commands.items():
        if isinstance(each, click.Group):
            yield from commands(each, f"{before}{name} ")
        else:
            yield before + name


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # no database is asked
def test_each_command_helps_and_says_what_is_wrong(app: Flask) -> None:
    ours = {name for name in commands(app.cli) if name.split()[0] not in OTHERS}
    assert ours == OURS
    runner, before = app.test_cli_runner(), rows_of("events")
    for name in sorted(ours | {name.split()[0] for name in ours}):
        shown = runner.invoke(args=[*name.split(), "--help"])
        assert (shown.exit_code, shown.stderr) == (0, ""), name
        assert f"{name} [OPTIONS]" in shown.stdout, name
    for name in sorted(ours):
        wrong = runner.invoke(args=[*name.split(), "--no-such-option"])
        assert (wrong.exit_code, wrong.stdout) == (2, ""), name
        assert "No such option" in wrong.stderr, name
        assert "Traceback" not in wrong.stderr
    assert rows_of("events") == before

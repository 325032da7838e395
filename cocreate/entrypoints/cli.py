"""The command line: click groups whose failures go to stderr with exit code 1; click itself exits with 2 on wrong usage."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import click
import orjson
from sqlalchemy.exc import DBAPIError

from cocreate.core.errors import Failure

P = ParamSpec("P")
R = TypeVar("R")

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON value on stdout.")


def command_answers(function: Callable[P, R]) -> Callable[P, R]:
    """Turn failures into one line on stderr and exit code 1."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except Failure as failure:
            raise click.ClickException(failure.reason or type(failure).__name__) from None
        except DBAPIError as error:
            raise click.ClickException(f"the database refused: {type(error.orig).__name__}; has it been migrated (flask --app app db upgrade)?") from None

    return run


def say(value: Any, as_json: bool, sentence: str) -> None:
    """Print the value as JSON, or the sentence."""
    click.echo(orjson.dumps(value, option=orjson.OPT_UTC_Z).decode() if as_json else sentence)

"""How records are written down: as one line of JSON for machines, or to be read on a terminal. Nothing that somebody sent can pass for a record of its own.
Standard library only, as gunicorn's first process runs this file by itself."""

import json
import logging
import re
import sys
from contextvars import ContextVar
from datetime import UTC, datetime

request_id: ContextVar[str] = ContextVar("request_id", default="")  # of the request that a record is about
OF_A_REQUEST = ("method", "path", "status", "ms")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")  # with those that turn the direction of what follows


class Lines(logging.Formatter):
    """One line of ASCII for each record."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id.get():
            told["request_id"] = request_id.get()
        told |= {name: getattr(record, name) for name in OF_A_REQUEST if hasattr(record, name)}
        if record.exc_info:
            told["trace"] = self.formatException(record.exc_info)
        return json.dumps(told)


class Readable(logging.Formatter):
    """For somebody who looks on: the time of day, and what happened."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).astimezone()
        words = [f"{moment:%H:%M:%S}", f"{record.levelname:7}", _CONTROLS.sub(_escaped, record.getMessage())]
        if hasattr(record, "ms"):
            words.append(f"{record.ms} ms")
        if record.exc_info:
            words += ["\n" + _CONTROLS.sub(_escaped, line) for line in self.formatException(record.exc_info).splitlines()]
        return " ".join(words)


def _escaped(found: re.Match[str]) -> str:
    return ascii(found[0])[1:-1]


def formatter() -> logging.Formatter:
    return Readable() if sys.stderr.isatty() else Lines()


def set_up() -> None:
    """Have this process write down what is worth it, on stderr."""
    handler = logging.StreamHandler()
    handler.setFormatter(formatter())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.getLogger("alembic").setLevel(logging.WARNING)  # it says hello each time that it is asked where migrations stand
    logging.captureWarnings(True)

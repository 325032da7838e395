"""What is written down: one line a record whatever somebody sends, found again by its id, and nothing that lets its reader in."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from cocreate.core.db import db
from cocreate.core.logs import Lines, Readable
from tests.cast import Cast
from tests.faults.wire import Wire, request
from tests.sites import Site

FORGED = 'x\r\n{"level":"INFO","message":"forged"}\x1b[2J\u2028\u202e%(secret)s{0}'
SECRET_LINKS = ("/join/a-secret", "/sign-in/link/a-secret", "/setup/a-secret", "/join/a-secret/", "/join//a-secret", "/boards?code=a-secret")
# Parts of addresses that are words: of each it is known that it is no secret.
HARMLESS = {"slug", "ref", "field", "name", "version", "state"}

Records = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Lines())
    logger, level = logging.getLogger(), logging.getLogger().level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield stream
    logger.removeHandler(handler)
    logger.setLevel(level)


@pytest.fixture
def records(written: io.StringIO) -> Records:
    return lambda: [json.loads(line) for line in written.getvalue().splitlines()]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_nothing_that_is_sent_is_a_record_of_its_own(app: Flask, written: io.StringIO, records: Records) -> None:
    """S21."""
    client = app.test_client()
    client.get("/" + FORGED, headers={"User-Agent": "x{0}%(secret)s"})
    client.open("/boards", method="FORGED%(secret)s")
    logging.getLogger("anything").warning("title %s", FORGED)
    try:
        raise RuntimeError(FORGED)
    except RuntimeError:
        logging.getLogger("anything").exception(FORGED)
    assert [record["level"] for record in records()] == ["INFO", "INFO", "WARNING", "ERROR"]
    assert records()[2]["message"] == f"title {FORGED}"
    assert all(" " <= each <= "~" or each == "\n" for each in written.getvalue())
    readable = Readable()
    shown = readable.format(logging.LogRecord("anything", logging.WARNING, "", 1, "%s", (FORGED,), None))
    assert len(shown.splitlines()) == 1
    assert "\x1b" not in shown


def fail_with(word: str = "a-secret") -> str:
    return str(db.session.scalar(text("SELECT :word FROM nowhere"), {"word": word}))


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_record_tells_no_secret(app: Flask, cast: Cast, client_of: Any, written: io.StringIO, records: Records) -> None:
    client = client_of(cast.cleo)
    for path in SECRET_LINKS:
        client.get(path, headers={"Authorization": "Bearer a-secret", "X-Forwarded-For": "192.0.2.7", "X-Request-ID": "a-secret"})
    client.post("/sign-in/link/a-secret", data={"token": "a-secret"})
    assert [record["path"] for record in records()] == ["/join/…", "/sign-in/link/…", "/setup/…", "/join/…", "/join/…", "/boards", "/sign-in/link/…"]
    assert {"time", "level", "logger", "message", "request_id", "method", "path", "status", "ms"} == set(records()[0])
    parts = {part for rule in app.url_map.iter_rules() for part in rule.arguments if f"<int:{part}>" not in rule.rule}
    assert parts == HARMLESS | {"token"}, "a new part of an address: may it be written down?"
    app.view_functions["pages.why"] = fail_with
    answer = client.get("/why")
    assert answer.status_code == 500
    assert answer.headers["X-Request-ID"] in answer.text
    broken, asked = records()[-2:]
    assert broken["request_id"] == asked["request_id"] == answer.headers["X-Request-ID"]
    assert "nowhere" in broken["trace"]
    assert (asked["method"], asked["status"]) == ("GET", 500)
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"]).value
    for secret in ("a-secret", cookie, "192.0.2.7", "cleo@", "127.0.0.1"):
        assert secret not in written.getvalue()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_request_is_called_as_the_proxy_calls_it(make_app: Any, records: Records) -> None:
    proxied, alone = make_app(COCREATE_TRUSTED_PROXIES="1").test_client(), make_app().test_client()
    assert proxied.get("/boards", headers={"X-Request-ID": "f-1.2_3"}).headers["X-Request-ID"] == "f-1.2_3"
    assert records()[-1]["request_id"] == "f-1.2_3"
    for given in ("", "a b", "a,b", "x" * 65, "é", '"'):
        assert proxied.get("/boards", headers={"X-Request-ID": given}).headers["X-Request-ID"] not in ("", given)
    assert alone.get("/boards", headers={"X-Request-ID": "f-1"}).headers["X-Request-ID"] != "f-1"
    logging.getLogger("anything").warning("between two requests")
    assert "request_id" not in records()[-1]


def test_a_served_site_writes_lines(serving: Site) -> None:
    """And of what asks every few seconds whether all is well, nothing."""
    wire = Wire(serving)
    for path in ("/boards", "/healthz", "/readyz", "/nowhere"):
        assert wire.ask(request(serving, "GET", path)).status
    wire.close()
    told = [json.loads(line) for line in serving.log.splitlines() if line.startswith("{")]
    assert [(record["path"], record["status"]) for record in told if "path" in record] == [("/boards", 200), ("/nowhere", 404)]
    assert [record for record in told if record["logger"].startswith("alembic")] == []

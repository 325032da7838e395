"""`/metrics`: what is counted, in as many series as there are routes, for whoever may ask."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from cocreate.core import clock, jobs
from cocreate.core.db import db
from cocreate.core.outbox import put_mail
from cocreate.eventlog.record import action
from cocreate.live.relay import relay
from cocreate.operating.jobs import note_state
from tests.cast import Cast
from tests.clients import Client
from tests.live.arranging import open_board

TOKEN = "a-token-for-machines"
NEAR, FAR = {"REMOTE_ADDR": "127.0.0.1"}, {"REMOTE_ADDR": "192.0.2.7"}


def values(client: Client, **how: Any) -> dict[str, float]:
    """Each series and its value."""
    answer = client.get("/metrics", environ_base=NEAR, headers={"Host": "10.0.0.7"}, **how)
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain")
    lines = [line for line in answer.text.splitlines() if line and not line.startswith("#")]
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines}


def test_what_happens_is_counted(app: Flask, cast: Cast, client_of: Any, socket_of: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_of(cast.cleo)
    open_board()
    before = values(client)
    for path in ("/boards/b", "/boards/b", "/boards/nowhere", "/no/such/address/1", "/no/such/address/2"):
        client.get(path)
    client.open("/boards/b", method="BREW")
    socket_of(cast.cleo).ask("watch", {"board": "b"})
    action(put_mail)("x@example.org", "Waits", "for the next round")
    monkeypatch.setattr(relay, "_looked_at", clock.ticks() - 30)
    note_state()
    now = values(client)

    def more(series: str) -> float:
        return now.get(series, 0) - before.get(series, 0)

    assert more('cocreate_requests_total{method="GET",rule="/boards/<slug>",status="200"}') == 2
    assert more('cocreate_requests_total{method="GET",rule="/boards/<slug>",status="404"}') == 1
    assert more('cocreate_requests_total{method="GET",rule="none",status="404"}') == 2
    assert more('cocreate_requests_total{method="other",rule="none",status="405"}') == 1
    assert more('cocreate_request_seconds_count{rule="/boards/<slug>"}') == 3
    assert (now["cocreate_sockets_open"], now["cocreate_rooms_watched"], now["cocreate_database_up"]) == (1, 1, 1)
    assert now["cocreate_relay_lag_seconds"] >= 30
    assert now["cocreate_process_memory_bytes"] > 10_000_000
    assert more("cocreate_process_cpu_seconds_total") > 0
    assert (before["cocreate_outbox_waiting"], now["cocreate_outbox_waiting"]) == (0, 1)
    jobs.run_due()
    now = values(client)
    assert now["cocreate_outbox_waiting"] == 0
    assert (
        now['cocreate_job_ran_timestamp_seconds{job="cocreate.entrypoints.sending.send_due_mail"}']
        == jobs.ran_at["cocreate.entrypoints.sending.send_due_mail"].timestamp()
    )


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_who_may_ask(make_app: Any) -> None:
    def status(given: str, environ: dict[str, str], **headers: str) -> int:
        return int(clients[given].get("/metrics", environ_base=environ, headers={name.replace("_", "-"): value for name, value in headers.items()}).status_code)

    settings = {"alone": {}, "proxied": {"COCREATE_TRUSTED_PROXIES": "1"}, "token": {"COCREATE_METRICS_TOKEN": TOKEN}}
    clients = {given: make_app(people=False, **each).test_client() for given, each in settings.items()}
    assert status("alone", NEAR) == status("alone", {"REMOTE_ADDR": "::1"}) == 200
    assert status("alone", FAR) == status("alone", NEAR, X_Forwarded_For="192.0.2.7") == status("alone", FAR, X_Forwarded_For="127.0.0.1") == 403
    assert status("alone", NEAR, X_Forwarded_For="127.0.0.1") == 403  # a proxy that nobody told us of
    assert status("proxied", NEAR) == 200
    assert status("proxied", NEAR, X_Forwarded_For="192.0.2.7") == status("proxied", NEAR, X_Forwarded_For="127.0.0.1, 192.0.2.7") == 403
    assert status("token", FAR, Authorization=f"Bearer {TOKEN}") == 200
    for given in (f"Bearer {TOKEN}x", TOKEN, f"Bearer {TOKEN[:-1]}", "Bearer é", ""):
        assert status("token", NEAR, Authorization=given) == 401


def test_it_tells_while_the_database_is_gone(app: Flask) -> None:
    db.session.remove()
    db.engine.dispose()
    with app.app_context(), pytest.MonkeyPatch.context() as broken:
        broken.setattr(db.engine.pool, "connect", gone)
        found = values(app.test_client())  # type: ignore[arg-type]
    assert found["cocreate_database_up"] == 0
    assert "cocreate_outbox_waiting" not in found


def gone() -> None:
    raise OperationalError("SELECT 1", None, OSError("gone"))

"""Mail goes out: at least once, by one of several, again after a failure; and is read on the machine where no server is set."""

import smtplib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from cocreate.core.db import db
from cocreate.core.outbox import WAITS, Mail, put_mail
from cocreate.entrypoints import sending
from cocreate.entrypoints.sending import claim, forget_old_mail, send_due_mail
from cocreate.eventlog.record import action
from cocreate.people.actions import edit_organisation
from cocreate.people.inputs import EditOrganisation
from cocreate.people.viewer import Organisation

put = action(put_mail)


class Server:
    """A mail server that takes what it is given, or is down."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.senders: list[Any] = []
        self.is_down = False

    def send(self, _url: str, message: Any) -> None:
        if self.is_down:
            raise smtplib.SMTPServerDisconnected
        if "@broken" in message["To"]:
            raise smtplib.SMTPRecipientsRefused({})
        self.taken.append(message["Subject"])
        self.senders += message_from_bytes(bytes(message), policy=policy.default)["From"].addresses


@pytest.fixture
def server(monkeypatch: Any) -> Server:
    found = Server()
    monkeypatch.setattr(sending, "send_by_smtp", found.send)
    return found


@pytest.fixture
def served(make_app: Any, server: Server) -> Any:
    app = make_app(COCREATE_MAIL_URL="smtp://box%40example.org:pw@mail.example.org:587")
    with app.app_context():
        yield app


def test_into_a_folder(app: Any, tmp_path: Path, outbox: Any) -> None:
    put("cleo@example.org", "Hello\r\nBcc: eve@evil.test", "Words with ümlauts")
    send_due_mail()
    send_due_mail()
    files = list((tmp_path / "mail").glob("*.eml"))
    assert len(files) == 1
    message = message_from_bytes(files[0].read_bytes(), policy=policy.default)
    assert message["To"] == "cleo@example.org"
    assert message["Subject"] == "Hello Bcc: eve@evil.test"
    assert message["Bcc"] is None
    assert message.get_content().strip() == "Words with ümlauts"
    assert (tmp_path / "mail").stat().st_mode & 0o077 == 0
    assert outbox()[0].sent_at is not None


def test_by_the_server(served: Any, server: Server) -> None:
    put("cleo@example.org", "First", "")
    put("emil@example.org", "Second", "")
    send_due_mail()
    send_due_mail()
    assert server.taken == ["First", "Second"]
    assert sending.sender(served.config["SETTINGS"]) == "box@example.org"


NAMES = ["Bakery", 'Süß, "Söhne"; <eve@evil.test>', "eve@evil.test", "ベーカリー " + "long " * 14]


def test_it_comes_from_the_organisation_by_name(served: Any, server: Server) -> None:
    put("cleo@example.org", "Before it is founded", "")
    send_due_mail()
    for name in NAMES:
        edit_organisation(Organisation(), EditOrganisation(name=name))
        put("cleo@example.org", "Hello", "")
        send_due_mail()
    assert [found.display_name for found in server.senders] == ["CoCreate", *(name.strip().replace('"', "") for name in NAMES)]
    assert {found.addr_spec for found in server.senders} == {"box@example.org"}


def test_a_server_that_is_down_is_tried_again(served: Any, server: Server, clock: Any) -> None:
    put("cleo@example.org", "First", "")
    put("cleo@example.org", "Second", "")
    server.is_down = True
    send_due_mail()
    server.is_down = False
    send_due_mail()
    assert server.taken == ["Second"]
    clock.forward(minutes=WAITS[1])
    send_due_mail()
    assert server.taken == ["Second", "First"]


def test_given_up_after_the_last_try(served: Any, server: Server, clock: Any) -> None:
    put("cleo@broken", "Never", "")
    for _try in range(len(WAITS) + 3):
        send_due_mail()
        clock.forward(hours=13)
    found = db.session.get_one(Mail, 1)
    assert (found.tries, found.try_at, found.sent_at) == (len(WAITS), None, None)


def test_a_message_that_nobody_takes_holds_up_nobody(served: Any, server: Server) -> None:
    put("cleo@broken", "Never", "")
    put("cleo@example.org", "Hello", "")
    send_due_mail()
    send_due_mail()
    assert server.taken == ["Hello"]


def test_a_process_that_died_leaves_it_to_the_next(served: Any, server: Server, clock: Any) -> None:
    put("cleo@example.org", "Hello", "")
    assert claim(1) == 1
    send_due_mail()
    assert server.taken == []
    clock.set(clock.now + timedelta(minutes=sending.CLAIM, seconds=1))
    send_due_mail()
    assert server.taken == ["Hello"]


def test_one_of_several_processes_sends_it(served: Any, server: Server) -> None:
    for number in range(10):
        put("cleo@example.org", f"Number {number}", "")
    together = Barrier(4)

    def process(_number: int) -> None:
        with served.app_context():
            together.wait()
            send_due_mail()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(process, range(4)))
    assert sorted(server.taken) == [f"Number {number}" for number in range(10)]


def test_old_mail_is_forgotten(app: Any, outbox: Any, clock: Any) -> None:
    put("cleo@example.org", "Hello", "")
    send_due_mail()
    clock.forward(days=sending.KEPT - 1)
    put("cleo@example.org", "Waits", "")
    forget_old_mail()
    assert [mail.subject for mail in outbox()] == ["Hello", "Waits"]
    clock.forward(days=sending.KEPT + 2)
    forget_old_mail()
    assert [mail.subject for mail in outbox()] == ["Waits"]


def test_shown_on_this_machine(cast: Any, client_of: Any) -> None:
    visitor = client_of(cast.visitor)
    assert "No mail yet" in visitor.get("/mail").text
    visitor.post("/sign-in", data={"email": "cleo@example.org"})
    assert 'href="/mail"' in visitor.get("/sign-in/code").text
    put("emil@example.org", "News", 'See https://example.org/a?b=c. <b> "http://example.org/x"')
    page = visitor.get("/mail")
    assert page.text.index("News") < page.text.index("cleo@example.org")
    assert '<a href="https://example.org/a?b=c">' in page.text
    assert '<a href="http://example.org/x">' in page.text
    assert "&lt;b&gt;" in page.text
    assert '<a href="http://localhost/sign-in/link/' in page.text
    assert "no-store" in page.headers["Cache-Control"]


@pytest.mark.parametrize("environment", [{"COCREATE_MAIL_URL": "smtp://mail.example.org"}, {"COCREATE_BASE_URL": "http://site.example.org"}])
def test_shown_nowhere_else(make_app: Any, environment: dict[str, str]) -> None:
    rates = {"COCREATE_RATE_LIMITS": "on"} if "COCREATE_BASE_URL" in environment else {}
    app = make_app(**environment, **rates)
    host = {"Host": "site.example.org"} if rates else {}
    client = app.test_client()
    assert client.get("/mail", headers=host).status_code == 404
    assert "/mail" not in client.get("/sign-in/code", headers=host).text


@pytest.mark.parametrize("peer", ["192.168.1.7", "2001:db8::1"])
def test_shown_to_nobody_from_elsewhere(cast: Any, client_of: Any, peer: str) -> None:
    assert client_of(cast.visitor).get("/mail", environ_overrides={"REMOTE_ADDR": peer}).status_code == 404

"""The site as a process: starts, says where it is, ends in time with what is under way, and takes its children along."""

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import websocket

from cocreate.people.actions import make_token
from cocreate.people.inputs import NewToken
from tests.databases import ROOT, run_flask, site_environment
from tests.sites import Site
from tests.stage import open_board


def open_websocket(site: Site) -> "websocket.WebSocket":
    opened = websocket.create_connection(f"ws://localhost:{site.port}/socket.io/?EIO=4&transport=websocket", timeout=30)
    assert str(opened.recv()).startswith("0{")
    opened.send("40")
    assert str(opened.recv()).startswith("40")
    return opened


ASK = b"""POST /api/v1/boards/b/ideas HTTP/1.1\r
Host: localhost:%d\r
Authorization: Bearer %s\r
Expect: 100-continue\r
Content-Type: application/json\r
Content-Length: %d\r
\r
"""


def test_it_says_where_it_is(serving: Site) -> None:
    assert serving.log.splitlines()[0] == f"CoCreate is at {serving.base_url}"


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_in_time(serving: Site, how: int) -> None:
    """With sockets open, one that never says goodbye, and a request under way, which the jobs are woken by."""
    with serving.app.app_context():
        open_board("b")
        token = make_token(serving.cast.cleo, serving.cast.cleo.id, NewToken(name="test")).encode()
    opened = open_websocket(serving)
    idle = socket.create_connection(("127.0.0.1", serving.port), 30)
    idle.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert idle.recv(1000).startswith(b"HTTP/1.1 200")
    under_way, body = socket.create_connection(("127.0.0.1", serving.port), 30), b'{"title": "Open early"}'
    under_way.sendall(ASK % (serving.port, token, len(body)))
    assert under_way.recv(1000).startswith(b"HTTP/1.1 100")
    assert serving.process is not None
    serving.process.send_signal(how)
    under_way.sendall(body)
    assert under_way.recv(1000).startswith(b"HTTP/1.1 201")
    assert serving.process.wait(4) == 0
    assert "Traceback" not in serving.log
    opened.close()


def test_a_taken_port_is_named(serving: Site, start_site: Any) -> None:
    with pytest.raises(RuntimeError, match="PORT, HOST: cannot listen"):
        start_site(PORT=str(serving.port))


@pytest.mark.parametrize("people", [False])
def test_it_starts_on_postgresql(start_site: Any, people: bool) -> None:
    assert start_site("postgresql", people=people).end() == 0


def test_a_bad_setting_is_one_line(tmp_path: Path) -> None:
    done = run_flask(site_environment(tmp_path, "", PORT="high"), "db", "current")
    assert done.returncode == 1
    assert done.stderr.startswith("PORT: ")
    assert len(done.stderr.splitlines()) == 1


PATCHED = "from gevent import monkey; print('patched', monkey.is_module_patched('socket'), monkey.is_module_patched('threading'))"
AS_MAIN = f"""
import runpy
try:
    runpy.run_path("app.py", run_name="__main__")
except SystemExit as error:
    print(error)
{PATCHED}
"""


def test_only_serving_patches(tmp_path: Path) -> None:
    """Trap 13: commands and tests run as Python made them; `python app.py` is cooperative before it imports anything else."""
    environment = site_environment(tmp_path, f"sqlite:///{tmp_path}/site.sqlite3")
    assert "patched False False" in run_flask(environment, "shell", input=PATCHED).stdout
    assert python(environment, f"import app; {PATCHED}; print(app.app.test_client().get('/healthz').status)") == ["patched False False", "200 OK"]
    named, patched = python({**environment, "PORT": "high"}, AS_MAIN)
    assert named.startswith("PORT: ")
    assert patched == "patched True True"


def python(environment: dict[str, str], program: str) -> list[str]:
    """The lines that a program prints in the site's folder."""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_what_is_under_way_is_answered(serving: Site) -> None:
    under_way = socket.create_connection(("127.0.0.1", serving.port), 30)
    under_way.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n")
    time.sleep(0.2)
    assert serving.process is not None
    serving.process.send_signal(signal.SIGTERM)
    time.sleep(0.5)
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", serving.port), 1)
    under_way.sendall(b"\r\n")
    assert under_way.recv(1000).startswith(b"HTTP/1.1 200")
    assert serving.process.wait(4) == 0


def test_nothing_outlives_a_kill(serving: Site) -> None:
    assert serving.process is not None
    children = [int(pid) for pid in Path(f"/proc/{serving.process.pid}/task/{serving.process.pid}/children").read_text().split()]
    serving.kill()
    deadline = time.monotonic() + 30
    while any(Path(f"/proc/{pid}").exists() for pid in children):
        assert time.monotonic() < deadline
        time.sleep(0.05)

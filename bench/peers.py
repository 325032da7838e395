"""Rooms of a plain Flask-SocketIO and of Node's socket.io, which the site's fan-out is measured against; and the event that all of them send."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from flask_socketio import SocketIO, join_room

from tests.databases import ROOT
from tests.servers import free_port

INSTALL = 90  # seconds that npm may take
NODE = """
const message = JSON.parse(process.env.MESSAGE), http = require("http").createServer();
const io = new (require("socket.io").Server)(http, { transports: ["websocket"] });
io.on("connection", (socket) => {
  socket.join("room");
  socket.on("storm", (count) => { for (let seq = 0; seq < count; seq++) io.to("room").emit("event", { ...message, seq }); });
});
http.listen(Number(process.env.PORT), "127.0.0.1");
"""


def message(seq: int) -> dict[str, Any]:
    """An event of 200 bytes, as a board's are."""
    about = {"board": "bench", "kind": "comment.posted", "at": "2026-11-24T12:00:00.000000Z", "actor": None, "subject": "comment:123456"}
    return {"seq": seq, **about, "data": {"idea": 1, "storm": "x" * 22}}


def plain_app() -> Flask:
    """A room as the documentation of Flask-SocketIO has it."""
    app = Flask("plain")
    socketio = SocketIO(app, async_mode="gevent")

    def blow(count: int) -> None:
        for seq in range(count):
            socketio.emit("event", message(seq), to="room")

    socketio.on_event("connect", lambda _auth=None: join_room("room"))
    socketio.on_event("storm", lambda count: socketio.start_background_task(blow, count) and None)
    return app


@contextmanager
def plain() -> Iterator[int]:
    """Its port, served as the site is."""
    port = free_port()
    command = (sys.executable, "-m", "gunicorn", "-k", "gevent", "-w", "1", "--worker-connections", "4000", "-b", f"127.0.0.1:{port}")
    with _running([*command, "--log-level", "error", "--no-control-socket", "bench.peers:plain_app()"], ROOT, {}):
        yield port


@contextmanager
def node(folder: Path) -> Iterator[int | None]:
    """Its port; None where there is no Node, or no socket.io to be had."""
    if not shutil.which("node") or not shutil.which("npm"):
        yield None
        return
    got = subprocess.run(
        ["npm", "install", "--silent", "--no-audit", "--no-fund", "socket.io@4"], cwd=folder, capture_output=True, timeout=INSTALL, check=False
    )
    if got.returncode:
        yield None
        return
    port = free_port()
    with _running(["node", "-e", NODE], folder, {"PORT": str(port), "MESSAGE": json.dumps(message(0))}):
        yield port


@contextmanager
def _running(command: list[str], folder: Path, more: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen(command, cwd=folder, env=os.environ | more)
    try:
        yield
    finally:
        process.terminate()
        process.wait()

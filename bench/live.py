"""How long it takes from a vote to the `tally` that others hear, on a site where nothing else happens."""

import json
import time
from contextlib import closing
from statistics import median
from typing import Any

import websocket

from bench.arranging import BOARD, OneWorker, idea_ids, token_of
from bench.measuring import TIMEOUT, Knock
from bench.table import print_value

TIMES = 20
APART = 0.45  # seconds between two votes: tallies of a board are told at most five times a second


def live(site: OneWorker) -> None:
    """The commit lies between the vote's sending and its answer, so that both are given: the first is an upper bound."""
    socket = listen(site.port)
    spans = []
    with closing(Knock(site.port, {"Content-Type": "application/json", "Authorization": f"Bearer {token_of(site, site.cast.cleo)}"})) as knock:
        for n, idea_id in enumerate(idea_ids(site, TIMES)):
            time.sleep(APART + 0.013 * (n % 5))
            sent = time.perf_counter()
            knock.ask("PUT", f"/api/v1/ideas/{idea_id}/vote", json.dumps({"stance": "pass"}))
            answered = time.perf_counter()
            heard = _hear_tally(socket, idea_id)
            spans.append(((heard - sent) * 1000, (heard - answered) * 1000))
    socket.close()
    for what, found in (("vote sent", [a for a, _ in spans]), ("vote answered", [b for _, b in spans])):
        print_value(f"live, {what} → tally heard: median of {TIMES}", median(found), "ms", f"worst {max(found):.1f}")


def listen(port: int, cookie: str | None = None) -> websocket.WebSocket:
    """A socket that watches the board as whoever has the cookie, or as a visitor, in the protocol's own letters."""
    socket = websocket.create_connection(f"ws://localhost:{port}/socket.io/?EIO=4&transport=websocket", timeout=TIMEOUT, cookie=cookie)
    socket.send("40")
    _next(socket, "40")
    socket.send("420" + json.dumps(["watch", {"board": BOARD}]))
    _next(socket, "430")
    return socket


def hear_end(socket: websocket.WebSocket) -> None:
    """Until the site hangs up."""
    try:
        while True:
            if socket.recv() in ("", "1", "41"):
                return
    except (OSError, websocket.WebSocketException):
        return


def _next(socket: websocket.WebSocket, begins: str) -> str:
    """The next packet of this kind; pings are answered meanwhile."""
    deadline = time.monotonic() + TIMEOUT
    while time.monotonic() < deadline:
        packet = socket.recv()
        assert isinstance(packet, str)
        if packet.startswith(begins):
            return packet.removeprefix(begins)
        if packet == "2":
            socket.send("3")
    raise TimeoutError(f"no {begins} came")


def _hear_tally(socket: websocket.WebSocket, idea_id: int) -> float:
    """When the tally of this idea came."""
    while True:
        name, message = json.loads(_next(socket, "42"))
        moment = time.perf_counter()
        tallies: list[dict[str, Any]] = message["tallies"] if name == "tally" else []
        if any(tally["idea"] == idea_id for tally in tallies):
            return moment

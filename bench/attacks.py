"""What must tell nothing by its time, or end soon: a board that may not be read beside one that never was, a right that ends, texts made to be slow."""

import time
from collections.abc import Callable
from contextlib import closing
from statistics import median
from urllib.parse import quote

import websocket

from bench.arranging import BOARD, OneWorker, cookie_of
from bench.live import hear_end, listen
from bench.measuring import ROUNDS, Knock, compare, milliseconds
from bench.table import print_value
from cocreate.core.diff import word_diff
from cocreate.people.signin_actions import end_other_sessions, start_session
from tests.stage import open_board

HIDDEN, NEVER = "inner-circle", "never-circle"  # as long as each other
PAGES = 60
SEARCH = 20
# Texts of which all words are the same, or begin the same, or come in turn.
SLOW = ("x " + "a b " * 2000 + "y", "x " + "b a a " * 1500 + "z", "a. " * 3000, "." * 9000, "word\n" * 2000)


def attacks(site: OneWorker) -> None:
    with site.app.app_context():
        open_board(HIDDEN, groups=("management",))
    with closing(Knock(site.port, {"Cookie": cookie_of(site, site.cast.cleo)})) as knock:
        pair = compare(_gone(knock, f"/boards/{HIDDEN}"), _gone(knock, f"/boards/{NEVER}"), PAGES)
        print_value("a board that may not be read less one that never was", pair.ours - pair.other, "ms", f"{pair.ours:.1f} and {pair.other:.1f} ms")
        hostile = quote("a%_\\ " * 20)
        searched = median(milliseconds(lambda: knock.ask("GET", f"/boards/{BOARD}?q={hostile}")) for _ in range(SEARCH))
        print_value(f"a search for signs and parts of words: median of {SEARCH}", searched, "ms")
    spans = [_until_let_go(site) for _ in range(ROUNDS)]
    print_value("a session ended in another process → its socket is let go", median(spans), "ms", f"worst {max(spans):.0f}, without a broker")
    worst = max(milliseconds(lambda one=one, other=other: word_diff(one, other)) for one in SLOW for other in SLOW)  # type: ignore[misc]
    print_value(f"a diff of two texts made to be slow: worst of {len(SLOW) ** 2}", worst, "ms")


def _gone(knock: Knock, path: str) -> Callable[[], bytes]:
    return lambda: knock.ask("GET", path, expect=404)


def _until_let_go(site: OneWorker) -> float:
    """From the commit that ends the session to the end of the connection, in milliseconds."""
    socket: websocket.WebSocket = listen(site.port, cookie_of(site, site.cast.cleo))
    with site.app.app_context():
        end_other_sessions(start_session(site.cast.cleo.id, "elsewhere"))
    began = time.perf_counter()
    hear_end(socket)
    return (time.perf_counter() - began) * 1000

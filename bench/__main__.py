"""Everything, in some minutes: prints what it finds line by line, and leaves nothing behind."""

import os
import signal
import sys
import tempfile
from contextlib import ExitStack, closing
from pathlib import Path

from bench.arranging import BOARD, bare, postgres, running
from bench.attacks import attacks
from bench.inside import markdown, statements
from bench.live import live
from bench.load import CLIENTS
from bench.measuring import ROUNDS, Knock, resident_mib
from bench.pairs import pages, sign_ins, votes
from bench.storms import storms
from bench.table import print_head, print_value
from bench.watching import ages

LONGEST = 600  # seconds


def on_sqlite(ends: ExitStack, folder: Path) -> None:
    site = ends.enter_context(running(folder, f"sqlite:///{folder / 'site.sqlite3'}"))
    other = ends.enter_context(bare(f"sqlite:///{folder / 'bare.sqlite3'}"))
    with closing(Knock(site.port)) as knock:
        knock.ask("GET", f"/boards/{BOARD}")
    print_value("memory of a fresh worker after its first page", resident_mib(site.pid), "MiB", "at most 160")
    statements(site)
    markdown()
    live(site)
    print_head(f"Answers a second under {CLIENTS} clients, ours : the other = ratio, the middle of {ROUNDS} rounds (least–most)")
    pages(site, other)
    votes(site, other, "SQLite, synchronous", 0.6)
    ages(site)
    print_head("What must tell nothing by its time, or end soon")
    sign_ins(site)
    attacks(site)


def on_postgres(ends: ExitStack, folder: Path) -> None:
    print_head("On PostgreSQL")
    try:
        server = ends.enter_context(postgres())
    except RuntimeError as error:
        print(f"  vote by API, PostgreSQL: not measured, {error}")
        return
    site = ends.enter_context(running(folder, server.url("site")))
    votes(site, ends.enter_context(bare(server.url("bare"))), "PostgreSQL, commit and fsync", 0.5)


def on_sockets(ends: ExitStack, folder: Path) -> None:
    print_head("Events of 200 bytes to everybody in a room, one after the other: deliveries a second, to the last client's receipt")
    storms(ends, folder)


def too_long(*_: object) -> None:
    raise TimeoutError(f"the bench takes longer than {LONGEST} s")


def main() -> None:
    signal.signal(signal.SIGALRM, too_long)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    signal.alarm(LONGEST)
    print(f"One worker each (gunicorn, gevent), loopback, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}. 1,000 ideas, 50,000 votes, 2,000 people.")
    with ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="cocreate-bench-")))
        for part in (on_sqlite, on_postgres, on_sockets):
            with ExitStack() as servers:
                place = folder / part.__name__
                place.mkdir()
                part(servers, place)


if __name__ == "__main__":
    try:
        main()
    except TimeoutError as error:
        sys.exit(str(error))

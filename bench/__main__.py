"""Everything, in under three minutes: prints what it finds line by line, and leaves nothing behind."""

import os
import signal
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from bench.arranging import bare, postgres, running
from bench.attacks import attacks
from bench.inside import markdown, statements
from bench.live import live
from bench.measuring import ROUNDS, Knock, resident_mib
from bench.pairs import pages, sign_ins, votes
from bench.table import print_head, print_value

LONGEST = 170  # seconds


def on_sqlite(ends: ExitStack, folder: Path) -> None:
    site = ends.enter_context(running(folder, f"sqlite:///{folder / 'site.sqlite3'}"))
    other = ends.enter_context(bare(f"sqlite:///{folder / 'bare.sqlite3'}"))
    assert site.process is not None
    knock = Knock(site.port)
    knock.ask("GET", "/boards/bench")
    print_value("memory of a fresh process after its first page", resident_mib(site.process.pid), "MiB", f"bare {resident_mib(other[1].pid):.0f}")
    statements(site)
    markdown()
    live(site)
    print_head(f"Ours : the other = ratio, the middle of {ROUNDS} rounds (least–most)")
    pages(site, other)
    votes(site, other, "SQLite, synchronous")
    sign_ins(site)
    attacks(site)


def on_postgres(ends: ExitStack, folder: Path) -> None:
    try:
        server = ends.enter_context(postgres())
    except RuntimeError as error:
        print(f"  vote by API, PostgreSQL: not measured, {error}")
        return
    site = ends.enter_context(running(folder, server.url("site")))
    votes(site, ends.enter_context(bare(server.url("bare"))), "PostgreSQL, commit and fsync")


def too_long(*_: object) -> None:
    raise TimeoutError(f"the bench takes longer than {LONGEST} s")


def main() -> None:
    signal.signal(signal.SIGALRM, too_long)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    signal.alarm(LONGEST)
    print(f"One served process each, one client on a kept connection, loopback, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}. 200 ideas, 2,000 votes.")
    with ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="cocreate-bench-")))
        for part in (on_sqlite, on_postgres):
            with ExitStack() as servers:
                place = folder / part.__name__
                place.mkdir()
                part(servers, place)


if __name__ == "__main__":
    try:
        main()
    except TimeoutError as error:
        sys.exit(str(error))

"""What is counted or timed inside a process: SQL statements of a page, and the worst Markdown that is rendered without a child process."""

import time
from statistics import median
from typing import Any

from sqlalchemy import event

from bench.arranging import BOARD, OneWorker, idea_ids
from bench.measuring import ROUNDS
from bench.table import print_value
from cocreate.core.db import db
from cocreate.core.markdown import INLINE_LENGTH, render
from cocreate.people.viewer import Viewer, Visitor
from tests.clients import Client

SHAPES = (
    *("[", "![", "[![", "<a ", "<", "<!--", "**a", "***a", "*a_b**c__", "*", "_", "~~a", ">", "> ", "> - ", "- > ", "1. > ", "(", "](", "[[]", "[a][", "[a]("),
    *("`", "``a`", "\\", "&#", "http://", "www.", "user@", "|", "#", "    a\n", "- a\n  ", "\n", "\t"),
)


def hostile_texts() -> list[str]:
    """The shapes that Markdown parsers are known to be slow with, each as long as is rendered in place."""
    ladder = "".join("`" * n + "a" for n in range(1, 40))
    nested = "".join(" " * (4 * n) + "- a\n" for n in range(20))
    half = INLINE_LENGTH // 2
    # An escaped sign is kept as a longer mark, over which each open bracket is searched anew.
    escaped = [("[" * (INLINE_LENGTH * part // 10) + sign * INLINE_LENGTH) for part in range(3, 9) for sign in ("\\_", "\\\\", "`a`", "&amp;")]
    made = [*escaped, "[" * half + "]" * half, "[" * half + "](" * (half // 2), "*" * half + "a" + "*" * half, ">" * INLINE_LENGTH + "a", ladder, nested]
    return [text[:INLINE_LENGTH] for text in [*(shape * INLINE_LENGTH for shape in SHAPES), *made]]


def markdown() -> None:
    render("a warm parser")
    found = [(median(_busy_ms(text) for _ in range(ROUNDS)), text) for text in hostile_texts()]
    worst, text = max(found)
    usual = median(time for time, _ in found)
    print_value(f"Markdown, worst of {len(found)} texts of {INLINE_LENGTH} characters", worst, "ms", f"{text[:8]!r} …; median of the texts {usual:.1f}")


def _busy_ms(text: str) -> float:
    """Time of the processor, for which everybody else in the process waits."""
    start = time.thread_time()
    render(text)
    return (time.thread_time() - start) * 1000


def statements(site: OneWorker) -> None:
    """How many statements each page asks, which must not grow with what it shows."""
    for name, path in (("home", "/"), ("board", f"/boards/{BOARD}"), ("idea", f"/ideas/{idea_ids(site, 1)[0]}")):
        as_visitor, signed_in = (_count(site, who, path) for who in (site.cast.visitor, site.cast.cleo))
        print(f"  SQL statements, {name}: visitor {as_visitor}, signed in {signed_in}", flush=True)


def _count(site: OneWorker, who: Viewer | Visitor, path: str) -> int:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE", "ROLLBACK")):
            seen.append(statement)

    with site.app.app_context():
        client = site.app.test_client()
        assert isinstance(client, Client)
        if isinstance(who, Viewer):
            client.sign_in(who)
        client.get(path, base_url=site.base_url)
        event.listen(db.engine, "before_cursor_execute", note)
        try:
            assert client.get(path, base_url=site.base_url).status_code == 200
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)

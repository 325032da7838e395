"""What changed because of what people said: answers by which something comes of an idea, accepted changes, kept promises, each with the words it rests on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cocreate.boards.standing import Standing
from cocreate.commitments.queries import latest_kept
from cocreate.core.diff import Run
from cocreate.core.ids import Ref
from cocreate.ideas.finding_queries import acted_on
from cocreate.links.evidence import Quote, find_quotes
from cocreate.links.queries import evidence_for
from cocreate.people.naming import Named
from cocreate.people.viewer import Anyone
from cocreate.statements.amendment_queries import latest_accepted
from cocreate.statements.weave import word_runs

SHOWN = 3  # outcomes at a time: as many as one reads


@dataclass(frozen=True)
class Outcome:
    """One thing that changed. `status` is an idea's, "accepted" or "kept"; `text` the idea's title, the statement's or the promise; `runs` how a sentence
    changed; `reason` what was said when deciding, `reason_html` where that was Markdown; `author` whose idea it was, where they are named; `signed_by`
    None for the organisation."""

    ref: Ref
    board_id: int
    at: datetime
    url: str
    status: str
    text: str
    reason: str = ""
    reason_html: str = ""
    author: Named | None = None
    signed_by: Named | None = None
    runs: tuple[Run, ...] = ()
    quotes: tuple[Quote, ...] = ()


def outcomes(viewer: Anyone, boards: list[Standing], limit: int = SHOWN) -> list[Outcome]:
    """The latest on these boards, which the viewer may read, newest first, in a fixed number of statements."""
    facts = {found.board.id: found.board for found in boards}
    ids = list(facts)
    found = [*_ideas(acted_on(ids, limit)), *_changes(latest_accepted(ids, limit)), *_promises(latest_kept(ids, limit), boards)]
    latest = sorted(found, key=lambda each: each.at, reverse=True)[:limit]
    links = evidence_for([each.ref for each in latest])
    quotes = find_quotes(viewer, list(facts.values()), {ref for refs in links.values() for ref in refs})
    return [replace(each, quotes=tuple(quotes[ref] for ref in links.get(each.ref, []) if ref in quotes)) for each in latest]


def _named(name: str | None, group: str | None) -> Named | None:
    return Named(name, group) if name and group else None


def _ideas(rows: Iterable[Any]) -> Iterator[Outcome]:
    for row in rows:
        author, answerer = _named(row.author_name, row.author_group), _named(row.name, row.group)
        yield Outcome(Ref("idea", row.id), row.board_id, row.at, f"/ideas/{row.id}", row.status, row.title, "", row.body_html, author, answerer)


def _changes(rows: Iterable[Any]) -> Iterator[Outcome]:
    for row in rows:
        author, decider = _named(row.author_name, row.author_group), _named(row.decider_name, row.decider_group)
        runs = tuple(word_runs(row.before, row.after))
        url = f"/amendments/{row.id}"
        yield Outcome(Ref("amendment", row.id), row.board_id, row.decided_at, url, "accepted", row.statement, row.decision, "", author, decider, runs)


def _promises(rows: Iterable[Any], boards: list[Standing]) -> Iterator[Outcome]:
    slugs = {found.board.id: found.board.slug for found in boards}
    for row in rows:
        url = f"/boards/{slugs[row.board_id]}#commitment-{row.id}"
        yield Outcome(Ref("commitment", row.id), row.board_id, row.done_at, url, "kept", row.text, signed_by=_named(row.owner_name, row.owner_group))

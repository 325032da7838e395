"""Reading the log: a stream after a number, and the check that nothing was taken out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import SelectBase, select

from cocreate.core.db import db
from cocreate.core.ids import Ref, parse_ref
from cocreate.eventlog.models import Event, Stream
from cocreate.eventlog.record import chain


@dataclass(frozen=True)
class Entry:
    """An event as readers see it."""

    id: int
    stream: str
    seq: int
    kind: str
    at: datetime
    actor_id: int | None
    subject: Ref
    data: dict[str, Any]


AT_ONCE = 1000  # events that are read at once where all are asked for

_COLUMNS = (Event.id, Stream.name, Event.seq, Event.kind, Event.at, Event.actor_id, Event.subject, Event.data)


def _entry(row: Any) -> Entry:
    return Entry(row.id, row.name, row.seq, row.kind, row.at, row.actor_id, parse_ref(row.subject), orjson.loads(row.data))


def entries_after(stream: str, seq: int, limit: int) -> list[Entry]:
    """The events of a stream with a greater number, oldest first."""
    query = select(*_COLUMNS).join(Stream).where(Stream.name == stream, Event.seq > seq).order_by(Event.seq).limit(limit)
    return [_entry(row) for row in db.session.execute(query)]


def latest_entries(streams: list[str], limit: int, before: int | None = None, kinds: list[str] | None = None, among: SelectBase | None = None) -> list[Entry]:
    """The newest events over several streams, newest first; `before` is an event's id, for the next page; `among` selects the subjects, as the log
    writes them."""
    query = select(*_COLUMNS).join(Stream).where(Stream.name.in_(streams)).order_by(Event.id.desc()).limit(limit)
    if before is not None:
        query = query.where(Event.id < before)
    if kinds is not None:
        query = query.where(Event.kind.in_(kinds))
    if among is not None:
        query = query.where(Event.subject.in_(among))
    return [_entry(row) for row in db.session.execute(query)]


def heads(names: list[str] | None = None) -> dict[str, int]:
    """The last number of each stream (of those named, or of all)."""
    query = select(Stream.name, Stream.seq)
    if names is not None:
        query = query.where(Stream.name.in_(names))
    return {row.name: row.seq for row in db.session.execute(query)}


def _all_of(stream_id: int) -> Iterator[Any]:
    """The events of a stream, some at a time."""
    query = select(*_COLUMNS, Event.hash).join(Stream).where(Event.stream_id == stream_id).order_by(Event.seq).limit(AT_ONCE)
    last = 0
    while rows := db.session.execute(query.where(Event.seq > last)).all():
        yield from rows
        last = rows[-1].seq


def broken_links() -> Iterator[str]:
    """A sentence for each place where a stream has a hole, a changed event or a missing end."""
    for stream in db.session.execute(select(Stream.id, Stream.name, Stream.seq, Stream.head).order_by(Stream.id)).all():
        head, seq = "", 0
        for row in _all_of(stream.id):
            seq += 1
            link = chain(head, stream.name, row.seq, row.kind, row.at.isoformat(), row.actor_id, row.subject, row.data)
            if row.seq != seq or row.hash != link:
                yield f"{stream.name}: event {row.seq} does not follow from what stands before it"
            head, seq = row.hash, row.seq
        if (head, seq) != (stream.head, stream.seq):
            yield f"{stream.name}: ends at {seq}, but {stream.seq} were written"

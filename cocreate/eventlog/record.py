"""Every write goes through here: one action, one write transaction, its events last, then one commit. Nobody else commits or rolls back."""

import hashlib
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

import orjson
from sqlalchemy import Engine, event, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm.exc import ObjectDeletedError

from cocreate.core import clock
from cocreate.core.db import db
from cocreate.core.errors import NotFound
from cocreate.core.ids import Ref
from cocreate.eventlog.guard import is_logged, writes_of
from cocreate.eventlog.kinds import Kind
from cocreate.eventlog.models import Event, Stream
from cocreate.eventlog.rooms import room_kind

P = ParamSpec("P")
R = TypeVar("R")

RETRIES = 3
RETRIED_STATES = frozenset({"40001", "40P01"})  # serialisation failure, deadlock: the database asks to begin again


class BrokenGuard(AssertionError):
    """An action changed a logged table without saying so, or something wrote outside an action: an error of ours, never a person's."""


@dataclass
class _Pending:
    stream: str
    kind: Kind
    actor_id: int | None
    subject: Ref
    data: dict[str, Any]


@dataclass
class _Recording:
    """What one action has written and said so far."""

    events: list[_Pending] = field(default_factory=list)
    logged_tables: set[str] = field(default_factory=set)
    touched: set[str] = field(default_factory=set)
    guarded: bool = True


@dataclass(frozen=True)
class News:
    """What a commit changed: streams that have new events, and rooms whose fast state (tallies, inbox) is new."""

    streams: frozenset[str]
    rooms: frozenset[str]


_current: ContextVar[_Recording | None] = ContextVar("recording", default=None)
_last_step: ContextVar[Callable[[Any], None] | None] = ContextVar("last_step", default=None)
_done_before: ContextVar[list[Any] | None] = ContextVar("done_before", default=None)
_after_commit: list[Callable[[News], None]] = []


def after_commit(listener: Callable[[News], None]) -> None:
    """Have `listener(news)` called after each commit that changed something to hear. It must be quick and must not write."""
    if listener not in _after_commit:
        _after_commit.append(listener)


@contextmanager
def before_commit(step: Callable[[Any], None]) -> Iterator[None]:
    """Have `step(result)` done inside the transaction of the first action called in this block, with what the action gives."""
    token = _last_step.set(step)
    try:
        yield
    finally:
        _last_step.reset(token)


@contextmanager
def done_before(result: Any) -> Iterator[None]:
    """Have the first action called in this block do nothing and give `result`: it was done before, and only what follows on it is asked for."""
    token = _done_before.set([result])
    try:
        yield
    finally:
        _done_before.reset(token)


@contextmanager
def aside() -> Iterator[None]:
    """What is done in this block is beside the matter: `before_commit` and `done_before` around it wait for the next action."""
    tokens = _last_step.set(None), _done_before.set(None)
    try:
        yield
    finally:
        _last_step.reset(tokens[0])
        _done_before.reset(tokens[1])


def is_repeat() -> bool:
    """Whether the action that comes next was done before."""
    return bool(_done_before.get())


def is_writing() -> bool:
    return _current.get() is not None


def record(kind: Kind, actor: Any, stream: str, subject: Ref, **data: Any) -> None:
    """Say that this action did something to `subject`, heard in `stream`. `actor` is anything with an `id`, or None."""
    recording = _current.get()
    if recording is None:
        raise BrokenGuard(f"{kind.name} recorded outside an action")
    if set(data) != kind.data or room_kind(stream) not in kind.rooms:
        raise BrokenGuard(f"{kind.name} does not declare {sorted(data)} in {stream}")
    if any(pending.stream == stream and pending.subject == subject for pending in recording.events):
        raise BrokenGuard(f"a second event about {subject} in {stream}")
    recording.events.append(_Pending(stream, kind, actor.id if actor else None, subject, data))


def touch(room: str) -> None:
    """Say that the fast state of a room is new, so that its watchers are told without an event."""
    recording = _current.get()
    if recording is None:
        raise BrokenGuard("touch outside an action")
    recording.touched.add(room)


def action(function: Callable[P, R]) -> Callable[P, R]:
    """Make `function` one write: it runs inside a write transaction, is asked for its events, and is committed; or nothing of it happened."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        done = _done_before.get()
        if done:
            return cast(R, done.pop())
        for attempt in range(RETRIES):
            try:
                return _run_once(function, args, kwargs)
            except DBAPIError as error:
                state = getattr(error.orig, "sqlstate", None)
                if state not in RETRIED_STATES or attempt == RETRIES - 1:
                    raise
            clock.pause(random.uniform(0.005, 0.03) * (attempt + 1))
        raise AssertionError("unreachable")

    run.is_action = True  # type: ignore[attr-defined]
    return run


def _run_once(function: Callable[..., R], args: tuple[Any, ...], kwargs: dict[str, Any]) -> R:
    if _current.get() is not None:
        raise BrokenGuard(f"{function.__name__} is called inside another action; share a function of changes.py instead")
    session = db.session
    session.rollback()  # leave the read snapshot, so that what the action loads is the present state, under the lock
    recording = _Recording()
    token = _current.set(recording)
    try:
        session.connection()
        result = function(*args, **kwargs)
        last_step = _last_step.get()
        if last_step is not None:
            last_step(result)
        session.flush()
        _check(recording, function.__name__)
        _append(recording)
        session.commit()
        _last_step.set(None)  # it was for the first action only
    except ObjectDeletedError:
        session.rollback()
        raise NotFound() from None
    except BaseException:
        session.rollback()
        raise
    finally:
        _current.reset(token)
    _tell(recording)
    return result


@contextmanager
def unguarded(why: str) -> Iterator[None]:
    """A write transaction without the guard, for migrations only; `why` is for the reader of the code."""
    token = _current.set(_Recording(guarded=False))
    try:
        yield
    finally:
        _current.reset(token)


def watch_statements(engine: Engine) -> None:
    """Hook the guard into every statement of this engine."""

    @event.listens_for(engine, "before_cursor_execute")
    def _before(_conn: Any, _cursor: Any, statement: str, _params: Any, _context: Any, _many: bool) -> None:
        if _current.get() is None:
            written = [write.table for write in writes_of(statement)]
            if written:
                raise BrokenGuard(f"{', '.join(written)} written outside an action")

    @event.listens_for(engine, "after_cursor_execute")
    def _after(_conn: Any, cursor: Any, statement: str, _params: Any, _context: Any, _many: bool) -> None:
        recording = _current.get()
        # a statement with RETURNING has no row count before it was read
        if recording is not None and recording.guarded and (cursor.rowcount != 0 or "RETURNING" in statement):
            recording.logged_tables.update(write.table for write in writes_of(statement) if is_logged(write))


def _check(recording: _Recording, name: str) -> None:
    if recording.logged_tables and not recording.events:
        raise BrokenGuard(f"{name} changed {', '.join(sorted(recording.logged_tables))} without an event")


def chain(head: str, stream: str, seq: int, kind: str, at: str, actor_id: int | None, subject: str, data: str) -> str:
    """The hash of an event: SHA-256 over the hash before it and its own canonical JSON."""
    body = orjson.dumps([stream, seq, kind, at, actor_id, subject, data])
    return hashlib.sha256(head.encode() + body).hexdigest()


def _append(recording: _Recording) -> None:
    """Write the events, streams in the order of their names so that two actions cannot wait for each other."""
    moment = clock.now()
    for pending in sorted(recording.events, key=lambda pending: pending.stream):
        stream_id, seq, head = _next_place(pending.stream)
        data = orjson.dumps(pending.data, option=orjson.OPT_SORT_KEYS).decode()
        subject = str(pending.subject)
        link = chain(head, pending.stream, seq, pending.kind.name, moment.isoformat(), pending.actor_id, subject, data)
        db.session.execute(
            insert(Event.__table__).values(
                stream_id=stream_id,
                seq=seq,
                kind=pending.kind.name,
                at=moment,
                actor_id=pending.actor_id,
                subject=subject,
                data=data,
                hash=link,
            )
        )
        db.session.execute(update(Stream).where(Stream.id == stream_id).values(head=link))


def _next_place(name: str) -> tuple[int, int, str]:
    """Take the stream's next number; the row stays locked until commit, so numbers have no holes and stand in commit order."""
    step = update(Stream).where(Stream.name == name).values(seq=Stream.seq + 1).returning(Stream.id, Stream.seq, Stream.head)
    step = step.execution_options(synchronize_session=False)
    row = db.session.execute(step).first()
    if row is None:
        if db.session.scalar(select(Stream.id).where(Stream.name == name)) is None:
            try:
                with db.session.begin_nested():
                    db.session.execute(insert(Stream).values(name=name, seq=0, head=""))
            except IntegrityError:
                pass  # another process made it in this moment; its row is used
        row = db.session.execute(step).one()
    return row.id, row.seq, row.head


def _tell(recording: _Recording) -> None:
    if recording.events or recording.touched:
        news = News(frozenset(pending.stream for pending in recording.events), frozenset(recording.touched))
        for listener in _after_commit:
            listener(news)

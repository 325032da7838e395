"""What comes with a key is done once: what it made is kept under the key in the same transaction, and a repeat is answered like the first."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from cocreate.core import clock
from cocreate.core.db import db
from cocreate.core.errors import Conflict, Failure
from cocreate.core.jobs import HOURLY, job
from cocreate.entrypoints.models import Idempotency
from cocreate.eventlog.record import action, before_commit

R = TypeVar("R")
KEPT_FOR = 1.0  # days that a key is remembered


@dataclass(frozen=True)
class Key:
    """Whose key, for which door, and digests of the key and of what came with it."""

    person_id: int
    route: str
    key: str
    body_hash: str


def once(key: Key, do: Callable[[], R], again: Callable[[int], R]) -> R:
    """`do()`, whose first action gives a number or nothing; where that was done under this key before, `again(number)`. Raises Conflict when the key came
    with another body."""
    made = _remembered(key)
    if made is not None:
        return again(made)
    try:
        with before_commit(lambda result: _remember(key, result)):
            return do()
    except (IntegrityError, Failure):
        made = _remembered(key)  # the same was under way twice, and the other one was first: what refuses this one may be its own doing
        if made is None:
            raise
        return again(made)


def _remembered(key: Key) -> int | None:
    query = select(Idempotency.made_id, Idempotency.body_hash).where(*_is(key), Idempotency.at > clock.now() - clock.days(KEPT_FOR))
    row = db.session.execute(query).first()
    if row is not None and row.body_hash != key.body_hash:
        raise Conflict(_("This Idempotency-Key was sent before, with another body."))
    return row.made_id if row else None


def _remember(key: Key, made: Any) -> None:
    if made is not None and not isinstance(made, int):
        return  # a secret that is shown once, say
    # One that is too old to count may not be swept away yet.
    db.session.execute(delete(Idempotency).where(*_is(key), Idempotency.at <= clock.now() - clock.days(KEPT_FOR)))
    db.session.add(Idempotency(person_id=key.person_id, route=key.route, key=key.key, body_hash=key.body_hash, made_id=made or 0, at=clock.now()))


def _is(key: Key) -> tuple[Any, ...]:
    return Idempotency.person_id == key.person_id, Idempotency.route == key.route, Idempotency.key == key.key


@job(HOURLY)
@action
def forget_old_keys() -> None:
    db.session.execute(delete(Idempotency).where(Idempotency.at <= clock.now() - clock.days(KEPT_FOR)))

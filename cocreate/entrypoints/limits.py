"""Limits on tries, in the database, so that all processes count together; when it does not answer, nothing is let through."""

import ipaddress
from dataclasses import dataclass
from typing import Any

from flask import current_app, request
from flask_babel import gettext as _
from sqlalchemy import case, delete

from cocreate.core import clock
from cocreate.core.db import db, insert_into
from cocreate.core.errors import TooMany
from cocreate.core.jobs import HOURLY, job
from cocreate.entrypoints.models import Limit
from cocreate.eventlog.record import action, aside, is_repeat

# How much of it one person may do in an hour; a room full of people who work through one account stays under it.
AN_HOUR = {"ideas": 60, "comments": 120, "responses": 120, "amendments": 60, "reports": 60, "addresses": 30}


def peer() -> str:
    """The caller's network: the address after exactly the trusted proxies; for IPv6 its /64, as one host has many addresses there."""
    address = request.remote_addr or "unknown"
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(parsed.ipv4_mapped or ipaddress.ip_network((address, 64), strict=False).network_address)
    return address


def limit(what: str, who: str, most: int, seconds: int) -> None:
    """Count one try of `what` by `who`; what was done before is not counted again. Raises TooMany when it is more than `most` in `seconds`."""
    if not current_app.config["SETTINGS"].rate_limits or is_repeat():
        return
    with aside():
        count, wait = _count_try(f"{what}:{who}"[:160], seconds)
    if count > most:
        raise TooMany(_("That was too often in a short time. Try again in %(minutes)s min; what you typed is kept.", minutes=wait // 60 + 1), wait)


def limit_person(what: str, person: Any) -> None:
    """Count one of what somebody does. Raises TooMany. Asked last before it is done, so that what was refused for other reasons is not counted."""
    limit(what, str(person.id), AN_HOUR[what], 3600)


@action
def _count_try(key: str, seconds: int) -> tuple[int, int]:
    """The count in the running span, this try included, and the seconds until it ends. One upsert, so that a race cannot slip through."""
    now = clock.now()
    over = Limit.until <= now
    upsert = insert_into(Limit).values(key=key, count=1, until=now + clock.days(seconds / 86400))
    query = upsert.on_conflict_do_update(
        index_elements=[Limit.key],
        set_={"count": case((over, 1), else_=Limit.count + 1), "until": case((over, upsert.excluded.until), else_=Limit.until)},
    ).returning(Limit.count, Limit.until)
    row = db.session.execute(query).one()
    return int(row[0]), max(1, int((row.until - now).total_seconds()))


def limit_reading(what: str, most: int, seconds: int) -> None:
    """Count one of what only reads but costs much, by the caller's network and in this process: what it spares is the process. Raises TooMany."""
    if not current_app.config["SETTINGS"].rate_limits:
        return
    spans: dict[tuple[str, str], _Span] = current_app.extensions.setdefault("cocreate_reading", {})
    now, key = clock.ticks(), (what, peer())
    span = spans.get(key)
    if span is None or span.until <= now:
        for old in [old for old, other in spans.items() if other.until <= now]:
            del spans[old]
        span = spans[key] = _Span(now + seconds)
    span.count += 1
    if span.count > most:
        raise TooMany(_("That was too often in a short time. Try again in a few seconds."), max(1, round(span.until - now)))


@dataclass
class _Span:
    """How often it was until now."""

    until: float
    count: int = 0


@job(HOURLY)
@action
def forget_old_counts() -> None:
    db.session.execute(delete(Limit).where(Limit.until <= clock.now() - clock.days(1)))

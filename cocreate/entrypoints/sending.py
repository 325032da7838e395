"""The job that sends what waits in the outbox. Every message goes out at least once; of several processes one sends it."""

import logging
from collections.abc import Callable
from urllib.parse import unquote, urlsplit

from flask import current_app
from sqlalchemy import delete, update

from cocreate.config import Settings
from cocreate.core import clock
from cocreate.core.db import db
from cocreate.core.jobs import HOURLY, job
from cocreate.core.outbound import send_by_smtp, send_to_file, write_message
from cocreate.core.outbox import WAITS, Mail, due_mail
from cocreate.eventlog.record import action

log = logging.getLogger(__name__)
CLAIM = 5  # minutes for which a message belongs to who took it; a process that dies meanwhile leaves it to the next
KEPT = 30  # days that a message is kept after it was sent or given up


_find_name: list[Callable[[], str]] = []


def register_sender_name(find: Callable[[], str]) -> None:
    """`find()` gives the name under which mail comes: whose site it is."""
    _find_name[:] = [find]


@job()
def send_due_mail() -> None:
    """Send what is due. After a failure the round ends: the server is rather down than the message wrong, and others wait for this job's end."""
    for mail_id, *content in due_mail():
        name = _find_name[0]() if _find_name else ""  # before the claim is committed: nothing of the database is held while the server is spoken to
        tries = claim(mail_id)
        if tries and not _send(mail_id, tries, content, name):
            return


@action
def claim(mail_id: int) -> int:
    """Take a message that is due; gives which try this is, or 0 when somebody else has it."""
    now = clock.now()
    query = update(Mail).where(Mail.id == mail_id, Mail.try_at <= now).values(tries=Mail.tries + 1, try_at=now + clock.days(CLAIM / 1440))
    return db.session.scalar(query.returning(Mail.tries).execution_options(synchronize_session=False)) or 0


def _send(mail_id: int, tries: int, content: list[str], name: str) -> bool:
    settings: Settings = current_app.config["SETTINGS"]
    try:
        address, subject, body = content
        message = write_message(address, subject, body, sender(settings), name)
        if settings.mail_url:
            send_by_smtp(settings.mail_url, message)
        else:
            send_to_file(settings.data_dir / "mail", f"{mail_id:08d}-{tries}", message)
    except Exception as error:  # whatever is wrong with one message, the others go on
        log.warning("mail %s was not sent (try %s): %s", mail_id, tries, type(error).__name__)
        put_off(mail_id, tries)
        return False
    note_sent(mail_id)
    return True


def sender(settings: Settings) -> str:
    """The address that mail comes from: the mail server's account where that is one, else one at the site's own host."""
    account = unquote(urlsplit(settings.mail_url or "").username or "")
    return account if "@" in account else f"cocreate@{urlsplit(settings.base_url).hostname or 'localhost'}"


@action
def note_sent(mail_id: int) -> None:
    db.session.execute(update(Mail).where(Mail.id == mail_id).values(sent_at=clock.now(), try_at=None))


@action
def put_off(mail_id: int, tries: int) -> None:
    """Try again later, or give up after the last try."""
    again = clock.now() + clock.days(WAITS[tries] / 1440) if tries < len(WAITS) else None
    db.session.execute(update(Mail).where(Mail.id == mail_id).values(try_at=again))


@job(HOURLY)
@action
def forget_old_mail() -> None:
    """Codes, links and addresses are not kept for ever."""
    db.session.execute(delete(Mail).where(Mail.try_at.is_(None), Mail.created_at < clock.now() - clock.days(KEPT)))

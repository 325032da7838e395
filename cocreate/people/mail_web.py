"""/mail: the mail of a site that runs on one machine and has no mail server. Nowhere else."""

import re
from typing import Any, NamedTuple

from flask import abort, render_template

from cocreate.config import LOOPBACK_HOSTS
from cocreate.core.outbox import Mail, recent_mail
from cocreate.entrypoints.limits import peer
from cocreate.people.web import blueprint, leave_no_trace, mail_is_shown

_LINK = re.compile(r"(https?://[^\s<>\"]+[^\s<>\".,;:!?)])")
_CODE = re.compile(r"\d{6}\b")
SHOWN = 50


class Shown(NamedTuple):
    """A message, its body as parts of which each second one is a link, and the code in it if there is one."""

    mail: Mail
    parts: list[str]
    code: str


@blueprint.get("/mail")
def mail() -> Any:
    """What was sent, newest first. Only for who sits at this machine: whoever reads this can come in as anybody."""
    if not mail_is_shown() or not (peer() in LOOPBACK_HOSTS or peer().startswith("127.")):
        abort(404)
    leave_no_trace()
    shown = [Shown(each, _LINK.split(each.body), _code(each.subject)) for each in recent_mail(SHOWN)]
    return render_template("people/mail.html", shown=shown)


def _code(subject: str) -> str:
    found = _CODE.match(subject)
    return found[0] if found else ""

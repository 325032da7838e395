"""The code that a person reads in the mail."""

from cocreate.core.outbox import recent_mail
from tests.sites import Site


def code_for(site: Site, email: str) -> str:
    """The newest code sent to this address."""
    with site.app.app_context():
        return next(mail.subject for mail in recent_mail(20) if mail.address == email)[:6]

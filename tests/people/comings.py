"""How tests come in by the site's own pages: asking for a code, reading it in the mail, typing it."""

import re
from typing import Any

from flask import Flask

from cocreate.core.outbox import recent_mail


def newest_mail(app: Flask, address: str) -> Any:
    with app.app_context():
        return next(mail for mail in recent_mail() if mail.address == address)


def code_for(app: Flask, address: str) -> str:
    """The code in the newest mail to the address."""
    found = re.match(r"\d{6}", newest_mail(app, address).subject)
    assert found, f"no code was sent to {address}"
    return found[0]


def link_for(app: Flask, address: str) -> str:
    found = re.search(r"http\S+/sign-in/link/\S+", newest_mail(app, address).body)
    assert found, f"no link was sent to {address}"
    return found[0]


def come_in(client: Any, address: str, **more: str) -> Any:
    """Sign in by code from the page `/sign-in`; gives the answer to the code."""
    client.post("/sign-in", data={"email": address, **more})
    return client.post("/sign-in/code", data={"code": code_for(client.application, address)})


def name_here(client: Any) -> str | None:
    """Whom the client is signed in as."""
    answer = client.get("/api/v1/me")
    return str(answer.json["name"]) if answer.status_code == 200 else None

"""Browsers: what we call one, which ones an address came in by before, and how often a stranger may try."""

from typing import NamedTuple

from flask import Response, after_this_request, request
from itsdangerous import BadSignature, URLSafeSerializer

from cocreate.core.tokens import digest, new_token
from cocreate.entrypoints.limits import limit, peer
from cocreate.people.web import settings

BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "Mac"), ("Linux", "Linux"))
REMEMBERED = 365 * 86400  # seconds
QUARTER, DAY = 900, 86400


class Tries(NamedTuple):
    """How often something may be tried in a quarter of an hour: from one network, for one address, for one from its own device; and for one in a day."""

    what: str
    by_peer: int
    by_address: int
    by_device: int
    in_a_day: int


# A room full of people behind one router asks for codes at once; a code's five tries times those of a day leave a guesser one chance in ten thousand a day.
CODES = Tries("codes", 150, 5, 10, 20)
PASSWORDS = Tries("passwords", 15, 10, 10, 60)


def device_name() -> str:
    """Words by which somebody knows their device again."""
    agent = request.headers.get("User-Agent", "")
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return " · ".join(part for part in (browser, system) if part)


def limit_tries(tries: Tries, email: str) -> None:
    """Count one try. The owner's own device counts for itself, so that strangers who guess lock nobody out. Raises TooMany."""
    address, device = digest(email)[:32], _device_of(email)
    if device:
        limit(f"{tries.what} here", f"{address}:{device}", tries.by_device, QUARTER)
        return
    limit(f"{tries.what} from", peer(), tries.by_peer, QUARTER)
    limit(f"{tries.what} for", address, tries.by_address, QUARTER)
    limit(f"{tries.what} today", address, tries.in_a_day, DAY)


def remember_device(email: str | None) -> None:
    """From now on this browser is one of the address's own. It opens nothing by itself; it only has tries of its own."""
    if not email:
        return
    value = _signer().dumps([digest(email), _device_of(email) or new_token()[:16]])

    @after_this_request
    def _keep(response: Response) -> Response:
        response.set_cookie(_cookie(), value, max_age=REMEMBERED, secure=settings().https, httponly=True, samesite="Lax")
        return response


def _device_of(email: str) -> str:
    try:
        address, device = _signer().loads(request.cookies.get(_cookie(), ""))
    except (BadSignature, ValueError, TypeError):
        return ""
    return str(device) if address == digest(email) else ""


def _cookie() -> str:
    return "__Host-cocreate-device" if settings().https else f"cocreate_device_{settings().public_port}"


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(settings().secret_key, salt="device")

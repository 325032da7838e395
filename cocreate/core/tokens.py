"""Secrets that are handed out: made here, kept only as digests."""

import hashlib
import secrets


def new_token() -> str:
    """43 URL-safe characters, 256 random bits."""
    return secrets.token_urlsafe(32)


def new_code() -> str:
    """Six digits, for typing off a mail."""
    return f"{secrets.randbelow(1_000_000):06d}"


def digest(token: str) -> str:
    """What is stored: SHA-256 in hex. Tokens are random, so no salt or slow hash is needed."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def same(left: str, right: str) -> bool:
    """Equality without a hint of where two digests differ."""
    return secrets.compare_digest(left.encode(), right.encode())

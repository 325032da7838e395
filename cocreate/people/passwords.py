"""Passwords: Argon2id, off the hub. A refused sign-in costs the same whether the person exists, has a password, or mistyped it."""

from concurrent.futures import ThreadPoolExecutor
from functools import cache

import gevent
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from gevent import monkey
from gevent.threadpool import ThreadPool

_hasher = PasswordHasher()  # the library's defaults: Argon2id, 64 MiB, 3 passes, 4 lanes
LEAST, MOST = 8, 128  # characters
DECOY = "nobody has this password"

# The commonest of what people choose; longer lists refuse little more at this length.
COMMON = frozenset(
    [
        "password",
        "password1",
        "password12",
        "password123",
        "passw0rd",
        "12345678",
        "123456789",
        "1234567890",
        "qwertyui",
        "qwertyuiop",
        "qwerty123",
        "iloveyou",
        "sunshine",
        "princess",
        "football",
        "baseball",
        "welcome1",
        "letmein1",
        "trustno1",
        "superman",
        "whatever",
        "abcd1234",
        "abc12345",
        "11111111",
        "00000000",
        "88888888",
        "1q2w3e4r",
        "1qaz2wsx",
        "zaq12wsx",
        "asdfghjk",
        "asdfghjkl",
        "zxcvbnm1",
        "michael1",
        "computer",
        "internet",
        "starwars",
        "pokemon1",
        "changeme",
        "secret12",
        "cocreate",
        "cocreate1",
        "administrator",
    ]
)


def hash_password(password: str) -> str:
    return _apart(_hasher.hash, password)


def matches(stored: str | None, password: str) -> bool:
    """Whether the password is the stored one. Without a stored one a decoy is checked, for the same time."""
    return _apart(_verify, stored or "", password) == "yes"


def _verify(stored: str, password: str) -> str:
    try:
        _hasher.verify(stored or _decoy(), password)
    except (VerificationError, InvalidHashError):
        return "no"
    return "yes" if stored else "no"


@cache
def _decoy() -> str:
    return str(_hasher.hash(DECOY))


@cache
def _pool() -> ThreadPool | ThreadPoolExecutor:
    """Two hashes at a time: each takes 64 MiB and a core. Real threads beside the hub where the process is patched, plain ones elsewhere."""
    return ThreadPool(2, hub=gevent.get_hub()) if monkey.is_module_patched("socket") else ThreadPoolExecutor(2)


def _apart(function: object, *args: str) -> str:
    pool = _pool()
    if isinstance(pool, ThreadPoolExecutor):
        return pool.submit(function, *args).result()  # type: ignore[arg-type]
    return pool.apply(function, args)

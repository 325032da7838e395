"""Password hashes that are real but quick: a test that tries twenty passwords is about the counting."""

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from cocreate.people import passwords


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    passwords._decoy.cache_clear()
    yield
    passwords._decoy.cache_clear()

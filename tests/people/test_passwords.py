"""Passwords are stored so that a stolen database gives none away, and checked in the same time whether there is one."""

from typing import Any

from argon2 import PasswordHasher, Type

from cocreate.people import passwords
from cocreate.people.passwords import hash_password, matches


def test_only_the_same_password_matches() -> None:
    stored = hash_password("several words in a row")
    assert matches(stored, "several words in a row")
    assert not matches(stored, "several words in a ro")
    assert not matches(None, "several words in a row")
    assert not matches("", passwords.DECOY)
    assert not matches("not a hash", "several words in a row")
    assert stored != hash_password("several words in a row")


def test_without_a_stored_one_a_hash_is_checked_all_the_same(monkeypatch: Any) -> None:
    checked: list[str] = []

    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Any:
            checked.append(str(hash))
            return super().verify(hash, password)

    monkeypatch.setattr(passwords, "_hasher", Counting(time_cost=1, memory_cost=64, parallelism=1))
    matches(hash_password("several words in a row"), "wrong")
    matches(None, "wrong")
    assert [found[:26] for found in checked] == [checked[0][:26]] * 2


def test_hashes_are_costly(monkeypatch: Any) -> None:
    monkeypatch.undo()  # the site's own hasher
    assert passwords._hasher.type is Type.ID
    assert passwords._hasher.memory_cost >= 19 * 1024
    assert passwords._hasher.time_cost >= 2

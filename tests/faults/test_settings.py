"""A bad setting: one line that names the variable, and no start; the secret key is its owner's alone."""

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from cocreate.config import BadSetting, read_settings
from tests.databases import ROOT, site_environment

BAD: list[tuple[str, dict[str, str]]] = [
    ("PORT", {"PORT": "high"}),
    ("PORT", {"PORT": "0"}),
    ("PORT", {"PORT": "65536"}),
    ("PORT", {"PORT": "-1"}),
    ("PORT", {"PORT": "５０００"}),
    ("PORT", {"PORT": "9" * 5000}),
    ("COCREATE_BASE_URL", {"COCREATE_BASE_URL": "localhost"}),
    ("COCREATE_BASE_URL", {"COCREATE_BASE_URL": "ftp://localhost"}),
    ("COCREATE_BASE_URL", {"COCREATE_BASE_URL": "http://"}),
    ("COCREATE_BASE_URL", {"COCREATE_BASE_URL": "http://localhost/board"}),
    ("COCREATE_BASE_URL", {"COCREATE_BASE_URL": "http://localhost?x=1"}),
    ("COCREATE_BASE_URL", {"COCREATE_BASE_URL": "http://localhost#x"}),
    ("COCREATE_BASE_URL", {"COCREATE_BASE_URL": "http://me@localhost"}),
    ("COCREATE_BASE_URL", {"COCREATE_BASE_URL": "http://localhost:high"}),
    ("COCREATE_BASE_URL", {"COCREATE_BASE_URL": "http://localhost:99999"}),
    ("COCREATE_BASE_URL", {"COCREATE_BASE_URL": "http://[::1"}),
    ("COCREATE_BASE_URL", {"COCREATE_BASE_URL": "http://a b"}),
    ("COCREATE_BASE_URL", {"COCREATE_BASE_URL": "http://localhost,evil.example"}),
    ("COCREATE_ALLOWED_HOSTS", {"COCREATE_ALLOWED_HOSTS": "*"}),
    ("COCREATE_ALLOWED_HOSTS", {"COCREATE_ALLOWED_HOSTS": "a.example,*.b.example"}),
    ("COCREATE_ALLOWED_HOSTS", {"COCREATE_ALLOWED_HOSTS": "https://a.example"}),
    ("COCREATE_ALLOWED_HOSTS", {"COCREATE_ALLOWED_HOSTS": "a b"}),
    ("COCREATE_DATABASE_URL", {"COCREATE_DATABASE_URL": "mysql://localhost/x"}),
    ("COCREATE_DATABASE_URL", {"COCREATE_DATABASE_URL": "site.sqlite3"}),
    ("COCREATE_DATABASE_URL", {"COCREATE_DATABASE_URL": "sqlite:///"}),
    ("COCREATE_DATABASE_URL", {"COCREATE_DATABASE_URL": "sqlite:///:memory:"}),
    ("COCREATE_DATABASE_URL", {"COCREATE_DATABASE_URL": "sqlite:////nowhere/at/all/site.sqlite3"}),
    ("COCREATE_DATABASE_URL", {"COCREATE_DATABASE_URL": "postgresql://localhost:high/x"}),
    ("COCREATE_DATA_DIR", {"COCREATE_DATA_DIR": "/dev/null/site"}),
    ("COCREATE_REDIS_URL", {"COCREATE_REDIS_URL": "localhost:6379"}),
    ("COCREATE_REDIS_URL", {"COCREATE_REDIS_URL": "redis://localhost:high"}),
    ("COCREATE_REDIS_URL", {"COCREATE_REDIS_URL": "redis://[::1"}),
    ("COCREATE_SECRET_KEY", {"COCREATE_SECRET_KEY": "short"}),
    ("COCREATE_SECRET_KEY", {"COCREATE_SECRET_KEY": "", "COCREATE_DATABASE_URL": "postgresql://localhost/x"}),
    ("COCREATE_MAIL_URL", {"COCREATE_MAIL_URL": "mail.example.org"}),
    ("COCREATE_MAIL_URL", {"COCREATE_MAIL_URL": "http://mail.example.org"}),
    ("COCREATE_MAIL_URL", {"COCREATE_MAIL_URL": "smtp://"}),
    ("COCREATE_MAIL_URL", {"COCREATE_MAIL_URL": "smtp://mail.example.org:high"}),
    ("COCREATE_TRUSTED_PROXIES", {"COCREATE_TRUSTED_PROXIES": "yes"}),
    ("COCREATE_TRUSTED_PROXIES", {"COCREATE_TRUSTED_PROXIES": "11"}),
    ("COCREATE_RATE_LIMITS", {"COCREATE_RATE_LIMITS": "no"}),
    ("COCREATE_RATE_LIMITS", {"COCREATE_RATE_LIMITS": "off", "COCREATE_BASE_URL": "https://board.example.org"}),
    ("COCREATE_POLLING", {"COCREATE_POLLING": "no"}),
    ("COCREATE_DEMO", {"COCREATE_DEMO": "yes"}),
    ("COCREATE_DEMO", {"COCREATE_DEMO": "1", "COCREATE_BASE_URL": "https://board.example.org", "COCREATE_RATE_LIMITS": "on"}),
]
READ = {
    "PORT", "HOST", "COCREATE_DATA_DIR", "COCREATE_DATABASE_URL", "COCREATE_REDIS_URL", "COCREATE_SECRET_KEY", "COCREATE_BASE_URL", "COCREATE_ALLOWED_HOSTS",
    "COCREATE_MAIL_URL", "COCREATE_TRUSTED_PROXIES", "COCREATE_RATE_LIMITS", "COCREATE_POLLING", "COCREATE_METRICS_TOKEN", "COCREATE_DEMO",
}  # fmt: skip


def environment(tmp_path: Path, given: dict[str, str]) -> dict[str, str]:
    return site_environment(tmp_path, f"sqlite:///{tmp_path}/site.sqlite3", **given)


def start(tmp_path: Path, given: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    """`python app.py`, as a machine starts it."""
    path = {"PATH": os.environ.get("PATH", os.defpath)}
    return subprocess.run([sys.executable, "app.py"], cwd=ROOT, env=path | environment(tmp_path, given), capture_output=True, text=True, timeout=60)


class Noted(dict[str, str]):
    """An environment that notes what it is asked for."""

    def __init__(self, values: dict[str, str]) -> None:
        super().__init__(values)
        self.asked: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        self.asked.add(name)
        return super().get(name, default)


def test_every_variable_is_known_here(tmp_path: Path) -> None:
    noted = Noted(environment(tmp_path, {}))
    read_settings(noted)
    assert noted.asked == READ
    assert READ - {name for name, _ in BAD} == {"HOST", "COCREATE_METRICS_TOKEN"}, "any text is a token, and a host is tried when it is listened on"


@pytest.mark.parametrize(("name", "given"), BAD, ids=lambda value: value if isinstance(value, str) else repr(next(iter(value.values())))[:40])
def test_a_bad_setting_is_named(tmp_path: Path, name: str, given: dict[str, str]) -> None:
    with pytest.raises(BadSetting) as failure:
        read_settings(environment(tmp_path, given))
    said = str(failure.value)
    assert said.startswith(f"{name}: ")
    assert "\n" not in said
    assert len(said) < 300


def test_nothing_starts_with_a_bad_setting(tmp_path: Path) -> None:
    """One of each variable through the real command, and a host that is none."""
    one_of_each = [*dict(BAD).items(), ("PORT, HOST", {"HOST": "256.1.1.1"})]
    with ThreadPoolExecutor(2) as pool:
        ended = list(pool.map(lambda each: start(tmp_path, each[1]), one_of_each))
    for (name, given), done in zip(one_of_each, ended, strict=True):
        assert done.returncode == 1, given
        assert len(done.stderr.splitlines()) == 1, done.stderr
        assert done.stderr.startswith(f"{name}: "), done.stderr
        assert done.stdout == ""


def test_a_secret_is_not_said(tmp_path: Path) -> None:
    for given in ({"COCREATE_SECRET_KEY": "hush"}, {"COCREATE_DATABASE_URL": "postgresql://me:hush@host:high/x"}, {"COCREATE_MAIL_URL": "smtp://me:hush@"}):
        with pytest.raises(BadSetting) as failure:
            read_settings(environment(tmp_path, given))
        assert "hush" not in str(failure.value)


def test_the_secret_key_is_made_once_and_kept_to_its_owner(tmp_path: Path) -> None:
    for start in range(40):
        folder = tmp_path / f"data {start}"
        given = {name: value for name, value in environment(folder, {}).items() if name != "COCREATE_SECRET_KEY"}
        all_ready = Barrier(8)

        def at_once(_: int, given: dict[str, str] = given, all_ready: Barrier = all_ready) -> str:
            all_ready.wait()
            return read_settings(given).secret_key

        with ThreadPoolExecutor(8) as pool:
            keys = set(pool.map(at_once, range(8)))
        assert len(keys) == 1
        assert len(keys.pop()) >= 32
        file = folder / "secret_key"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert [each.name for each in folder.iterdir()] == ["secret_key"]


@pytest.mark.parametrize(
    ("given", "origins"),
    [
        ({"COCREATE_BASE_URL": "http://localhost:5000/"}, ["http://127.0.0.1:5000", "http://localhost:5000"]),
        ({"COCREATE_BASE_URL": "https://board.example.org", "COCREATE_RATE_LIMITS": "on"}, ["https://board.example.org"]),
        (
            {"COCREATE_BASE_URL": "http://localhost:5000", "COCREATE_ALLOWED_HOSTS": " a.example , ,"},
            ["http://127.0.0.1:5000", "http://a.example", "http://localhost:5000"],
        ),
    ],
)
def test_origins_are_never_none(tmp_path: Path, given: dict[str, str], origins: list[str]) -> None:
    """Trap 2: an empty list would let everybody in."""
    assert read_settings(environment(tmp_path, given)).origins == origins

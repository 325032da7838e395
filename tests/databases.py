"""Databases for tests: each kind is migrated once in a run, and copied for every test."""

import fcntl
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

from cocreate import create_app
from cocreate.config import read_settings
from cocreate.core.db import db
from tests.cast import create_cast
from tests.servers import Shared, shared_servers

ROOT = Path(__file__).parents[1]
SECRET = "the-tests-secret-key"  # PostgreSQL sites need one given


class Databases:
    """Makes and drops databases. `folder` is shared by all workers of a run."""

    def __init__(self, folder: Path, until_gone: int) -> None:
        self.folder = folder
        self.until_gone = until_gone

    @cached_property
    def servers(self) -> Shared:
        return shared_servers(self.folder, self.until_gone)

    @contextmanager
    def fresh(self, kind: str, data_dir: Path, people: bool = True) -> Iterator[str]:
        """The URL of a migrated database of this kind, with the cast or without people: a file in `data_dir`, or a database of the shared PostgreSQL."""
        template = "template_cast" if people else "template_empty"
        if kind == "sqlite":
            file = data_dir / f"site_{uuid4().hex[:6]}.sqlite3"
            shutil.copyfile(self._sqlite_template(template), file)
            yield f"sqlite:///{file}"
            return
        self._postgres_template(template)
        name = f"test_{uuid4().hex[:12]}"
        self._on_postgres(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        try:
            yield self.servers.postgres_url(name)
        finally:
            self._on_postgres(f"DROP DATABASE {name} WITH (FORCE)")

    def _on_postgres(self, statement: str) -> None:
        with psycopg.connect(self.servers.postgres_url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def _sqlite_template(self, name: str) -> Path:
        def make(draft: Path) -> None:
            if name == "template_cast":
                shutil.copyfile(self._sqlite_template("template_empty"), draft)
            fill(name, f"sqlite:///{draft}", self.folder)
            connection = sqlite3.connect(draft)
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the file alone is copied
            connection.close()

        self._once(self.folder / f"{name}.sqlite3", make)
        return self.folder / f"{name}.sqlite3"

    def _postgres_template(self, name: str) -> None:
        def make(_draft: Path) -> None:
            if name == "template_cast":
                self._postgres_template("template_empty")
            self._on_postgres(f"CREATE DATABASE {name}" + (" TEMPLATE template_empty" if name == "template_cast" else ""))
            fill(name, self.servers.postgres_url(name), self.folder)

        self._once(self.folder / f"{name}.postgresql", make)

    def _once(self, mark: Path, make: Callable[[Path], None]) -> None:
        """Have `make(draft)` done by one worker, the first; `mark` stands when it is done."""
        if mark.exists():
            return
        with mark.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not mark.exists():
                draft = mark.with_name(f"draft-{mark.name}")
                make(draft)
                draft.touch()
                draft.rename(mark)


def site_environment(data_dir: Path, database_url: str, **more: str) -> dict[str, str]:
    """Everything that a site under test reads, and nothing of the machine's own."""
    return {
        "COCREATE_DATA_DIR": str(data_dir),
        "COCREATE_DATABASE_URL": database_url,
        "COCREATE_SECRET_KEY": SECRET,
        "COCREATE_BASE_URL": "http://localhost",
        "COCREATE_RATE_LIMITS": "off",
        **more,
    }


def run_flask(environment: dict[str, str], *arguments: str, **options: Any) -> "subprocess.CompletedProcess[str]":
    """`flask --app app …` as a person runs it."""
    command = [sys.executable, "-m", "flask", "--app", "app", *arguments]
    path = {"PATH": os.environ.get("PATH", os.defpath)}
    return subprocess.run(command, cwd=ROOT, env=path | environment, capture_output=True, text=True, timeout=120, **options)


def fill(name: str, database_url: str, data_dir: Path) -> None:
    """Make a template what its name says: the empty one by the command that people use, the cast by actions."""
    environment = site_environment(data_dir, database_url)
    if name == "template_empty":
        done = run_flask(environment, "db", "upgrade")
        if done.returncode:
            raise RuntimeError(f"the migrations fail:\n{done.stderr}")
        return
    app = create_app(read_settings(environment))
    create_cast(app)
    with app.app_context():
        db.engine.dispose()

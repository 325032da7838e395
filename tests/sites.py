"""The real thing for tests: `python app.py` in a process of its own, on a database of its own."""

import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any

from flask import Flask

from cocreate import create_app
from cocreate.config import read_settings
from cocreate.core.db import db
from cocreate.people.viewer import Viewer
from tests.cast import Cast, find_cast
from tests.clients import Client
from tests.databases import ROOT, run_flask, site_environment
from tests.servers import free_port

START = 60.0  # seconds until it must be alive


class Site:
    """A running site. `base_url` is where, `environment` what it was started with; `log` is what it said."""

    command: tuple[str, ...] = ("app.py",)
    greeting = "CoCreate is at"

    def __init__(self, data_dir: Path, database_url: str, **more: str) -> None:
        self.port = int(more.get("PORT") or free_port())
        self.base_url = more.get("COCREATE_BASE_URL") or f"http://localhost:{self.port}"
        self.data_dir = data_dir
        self.database_url = database_url
        given = {"PORT": str(self.port), "COCREATE_BASE_URL": self.base_url, **more}
        self.environment = site_environment(data_dir, database_url, **given)
        self.process: subprocess.Popen[str] | None = None

    @property
    def log(self) -> str:
        return (self.data_dir / f"site-{self.port}.log").read_text()

    def start(self) -> "Site":
        with (self.data_dir / f"site-{self.port}.log").open("a") as log:
            self.process = subprocess.Popen([sys.executable, *self.command], cwd=ROOT, env=self._whole_environment(), stdout=log, stderr=log, text=True)
        deadline = time.monotonic() + START
        while self.greeting not in self.log or not self.is_alive():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the site does not start:\n{self.log}")
            time.sleep(0.03)
        return self

    def _whole_environment(self) -> dict[str, str]:
        return {"PATH": "/usr/bin:/bin", "PYTHONUNBUFFERED": "1"} | self.environment

    def is_alive(self) -> bool:
        with suppress(OSError):
            return bool(urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2).status == 200)
        return False

    def flask(self, *arguments: str, **options: Any) -> "subprocess.CompletedProcess[str]":
        """`flask --app app …` on this site's database."""
        return run_flask(self.environment, *arguments, **options)

    @cached_property
    def app(self) -> Flask:
        """An app in the test's own process on the same database, for arranging things and looking at them."""
        app = create_app(read_settings(self.environment))
        app.test_client_class = Client
        return app

    @cached_property
    def cast(self) -> Cast:
        with self.app.app_context():
            return find_cast()

    def cookie_of(self, person: Viewer) -> dict[str, str]:
        """A session of this person, as a browser keeps it."""
        name = str(self.app.config["SESSION_COOKIE_NAME"])
        with self.app.app_context():
            client = self.app.test_client()
            assert isinstance(client, Client)
            cookie = client.sign_in(person).get_cookie(name)
        assert cookie is not None
        return {"name": name, "value": cookie.value, "url": self.base_url}

    def end(self, how: int = signal.SIGTERM, within: float = 10.0) -> int:
        """Ask it to end, and give its exit code. Raises TimeoutExpired when it takes longer."""
        assert self.process is not None
        self.process.send_signal(how)
        return self.process.wait(within)

    def kill(self) -> None:
        if "app" in self.__dict__:
            with self.app.app_context():
                db.engine.dispose()
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()


class Workers(Site):
    """The same under gunicorn, with the configuration that is shipped: two workers."""

    command = ("-m", "gunicorn", "-c", "deploy/gunicorn.conf.py")
    greeting = "Listening at"

    def pids(self) -> set[int]:
        """The workers that run just now."""
        assert self.process is not None
        return {int(pid) for pid in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()}

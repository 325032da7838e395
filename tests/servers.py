"""A real PostgreSQL and a real Redis for the tests, started when first asked for, shared by all workers, and gone with pytest whatever ends it."""

import fcntl
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

START = 60.0  # seconds that a server is given to answer
# Nothing of the tests outlives them, so nothing waits for the disk; the fault tests start clusters of their own with the defaults.
CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")
SETTINGS = (
    "listen_addresses=127.0.0.1",
    "max_connections=200",
    "shared_buffers=64MB",
    "timezone=UTC",
    "log_min_messages=fatal",
    "log_min_error_statement=panic",
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def program(name: str) -> str:
    """Where a program of PostgreSQL is: Debian keeps them off the path, a folder a version."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name), reverse=True)
    found = shutil.which(name, path=os.pathsep.join([*map(str, folders), os.environ.get("PATH", os.defpath)]))
    if found is None:
        raise RuntimeError(f"{name} is missing; make test installs it")
    return found


def wait_until(ready: Any, process: "subprocess.Popen[Any]", what: str) -> None:
    deadline = time.monotonic() + START
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{what} does not start: {process.args!r}")
        time.sleep(0.02)


class Postgres:
    """A cluster in a folder of its own. PostgreSQL refuses to run as root, so that root hands it to the system's user for it."""

    def __init__(self, careful: bool = False) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="cocreate-pg-"))
        self.port = free_port()
        self._as = self._other_user()
        self._options = [part for setting in (*SETTINGS, f"unix_socket_directories={self.folder}", *(() if careful else CARELESS)) for part in ("-c", setting)]
        try:
            self._make()
            self.start()
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def _make(self) -> None:
        command = [program("initdb"), "-D", self._data, "-U", "cocreate", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=self.folder, **self._as)

    @property
    def _data(self) -> str:
        return str(self.folder / "data")

    def _other_user(self) -> dict[str, Any]:
        if os.geteuid() != 0:
            return {}
        names = {user.pw_name: user for user in pwd.getpwall()}
        user = names.get("postgres") or names["nobody"]
        os.chown(self.folder, user.pw_uid, user.pw_gid)
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}

    def start(self) -> None:
        command = [program("postgres"), "-D", self._data, "-p", str(self.port), *self._options]
        self.process = subprocess.Popen(command, cwd=self.folder, stdout=subprocess.DEVNULL, start_new_session=True, **self._as)
        wait_until(self._answers, self.process, "PostgreSQL")

    def _answers(self) -> bool:
        with suppress(psycopg.OperationalError):
            psycopg.connect(self.url("postgres"), connect_timeout=2).close()
            return True
        return False

    def url(self, database: str) -> str:
        return f"postgresql://cocreate@127.0.0.1:{self.port}/{database}"

    def stop(self, how: int = signal.SIGINT) -> None:
        """SIGINT hangs up on everybody (fast), SIGQUIT does so without a checkpoint (immediate)."""
        with suppress(ProcessLookupError):
            self.process.send_signal(how)
        self.process.wait(START)

    def remove(self) -> None:
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)


class Redis:
    """A Redis without a disk, on a port that it keeps over restarts."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--loglevel", "warning"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=tempfile.gettempdir(), start_new_session=True)
        wait_until(self._answers, self.process, "Redis")

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as probe:
            probe.sendall(b"PING\r\n")
            return probe.recv(7) == b"+PONG\r\n"
        return False

    def stop(self) -> None:
        self.process.kill()
        self.process.wait(START)


@dataclass(frozen=True)
class Shared:
    """Where the servers shared by all workers are."""

    postgres_port: int
    redis_url: str

    def postgres_url(self, database: str) -> str:
        return f"postgresql://cocreate@127.0.0.1:{self.postgres_port}/{database}"


def shared_servers(folder: Path, until_gone: int) -> Shared:
    """The servers, started by the first worker that asks. `folder` is known to all workers; the servers end when the process `until_gone` has."""
    told = folder / "servers.json"
    with (folder / "servers.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            command = [sys.executable, __file__, str(told), str(until_gone)]
            keeper = subprocess.Popen(command, start_new_session=True, stdin=subprocess.DEVNULL)
            wait_until(told.exists, keeper, "the test servers")
    return Shared(**json.loads(told.read_text()))


def keep_servers(told: Path, until_gone: int) -> None:
    """The keeper's whole life: start both, say where, wait for the tests to be over, end both."""
    postgres, redis = Postgres(), Redis()
    draft = told.with_suffix(".draft")
    draft.write_text(json.dumps({"postgres_port": postgres.port, "redis_url": redis.url}))
    draft.rename(told)
    try:
        while _runs(until_gone):
            time.sleep(0.3)
    finally:
        redis.stop()
        postgres.remove()


def _runs(pid: int) -> bool:
    """A zombie that nobody waits for counts as gone, where there is /proc to tell."""
    with suppress(FileNotFoundError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return not Path("/proc/self").exists()
    return False


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    keep_servers(Path(sys.argv[1]), int(sys.argv[2]))

"""What is shipped for running it: every file takes its settings by their names, agrees with the others, and is understood by what reads it."""

import configparser
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from cocreate.entrypoints.sockets import socketio
from cocreate.entrypoints.web import BODY_LIMIT
from tests.databases import ROOT
from tests.faults.breaks import process_goes
from tests.faults.storm import Storm
from tests.live.arranging import until
from tests.servers import free_port
from tests.sites import Site

DEPLOY = ROOT / "deploy"
FILES = sorted(path for path in DEPLOY.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
UNITS = sorted(DEPLOY.glob("systemd/*.service"))
OF_THE_PROXY = {"COCREATE_DOMAIN", "COCREATE_UPSTREAM"}
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin:/opt/homebrew/bin")
HARDENED = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "CapabilityBoundingSet": "",
    "StateDirectory": "cocreate",
    "User": "cocreate",
    "UMask": "0077",
}


def text_of(name: str) -> str:
    return (DEPLOY / name).read_text()


def unit(path: Path) -> dict[str, str]:
    parser = configparser.RawConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(path)
    return dict(parser["Service"])


def test_settings_are_those_that_are_read() -> None:
    known = set(re.findall(r'"(COCREATE_[A-Z_]+)"', (ROOT / "cocreate" / "config.py").read_text()))
    assert len(known) > 10
    for path in FILES:
        named = set(re.findall(r"\bCOCREATE_[A-Z_]+", path.read_text()))
        assert named <= known | OF_THE_PROXY, path
    assert set(re.findall(r"COCREATE_[A-Z_]+", text_of("compose.yaml"))) >= OF_THE_PROXY
    assert "WEB_CONCURRENCY" in text_of("gunicorn.conf.py")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_they_agree(app: Flask) -> None:
    """On ports, on how much is taken and how long is waited, and on how many proxies there are."""
    assert "127.0.0.1:5000;" in text_of("nginx.conf")
    assert "{$COCREATE_UPSTREAM:127.0.0.1:5000}" in text_of("Caddyfile")
    assert "PORT=5000" in text_of("Dockerfile")
    assert "COCREATE_UPSTREAM: app:5000" in text_of("compose.yaml")
    assert f"client_max_body_size {BODY_LIMIT // 1024}k;" in text_of("nginx.conf")
    assert f"max_size {BODY_LIMIT // 1024}KiB" in text_of("Caddyfile")
    assert 'COCREATE_TRUSTED_PROXIES: "1"' in text_of("compose.yaml")
    assert "COCREATE_TRUSTED_PROXIES=1\n" in text_of("environment.example")
    silence = socketio.server.eio.ping_interval + socketio.server.eio.ping_timeout
    waits = re.findall(r"(?:read|send|write)_timeout (\d+)s", text_of("nginx.conf") + text_of("Caddyfile"))
    assert len(waits) == 4
    assert min(map(int, waits)) > silence


def test_what_they_name_is_there() -> None:
    named = {path for file in FILES for path in re.findall(r"\bdeploy/[\w./@-]*\w", file.read_text())}
    assert len(named) >= 4
    for path in named - {"deploy/.env"}:
        assert (ROOT / path).exists(), path
    taken = {path.strip("./") for line in re.findall(r"^COPY (?!--)(.+) \S+$", text_of("Dockerfile"), re.MULTILINE) for path in line.split()}
    allowed = set(re.findall(r"^!(.+)$", text_of("Dockerfile.dockerignore"), re.MULTILINE))
    assert taken == allowed
    assert all((ROOT / path).exists() for path in taken)
    assert "--require-hashes" in text_of("Dockerfile")
    assert "\nUSER cocreate\n" in text_of("Dockerfile")


@pytest.mark.parametrize("path", UNITS, ids=[path.name for path in UNITS])
def test_units_may_do_little(path: Path) -> None:
    found = unit(path)
    assert HARDENED.items() <= found.items()
    program, *arguments = found["ExecStart"].split()
    assert program.startswith("/opt/cocreate/.venv/bin/")
    for each in arguments:
        assert "/" not in each or (ROOT / each).exists(), each
    if path.name != "cocreate-migrate.service":
        assert "Requires=cocreate-migrate.service" in path.read_text()
        assert int(found["TimeoutStopSec"]) > 10  # what the site takes at most


@contextmanager
def nginx(*ports: int) -> Iterator[tuple[int, Path]]:
    """The snippet as it is shipped, but for where it listens, without a certificate, and with these processes. Gives its port and its whole configuration."""
    port, folder = free_port(), Path(tempfile.mkdtemp(prefix="cocreate-nginx-"))
    snippet = text_of("nginx.conf").replace("    server 127.0.0.1:5000;\n", "".join(f"    server 127.0.0.1:{each};\n" for each in ports))
    snippet = snippet[: snippet.index("server {\n    listen 80;")] + snippet[snippet.index("server {\n    listen 443") :]
    snippet = re.sub(r"    (listen \[::\]|ssl_certificate).*\n", "", snippet).replace("listen 443 ssl http2;", f"listen 127.0.0.1:{port};")
    own = f"pid {folder}/pid; error_log {folder}/error.log; daemon off;" + (" user root;" if os.geteuid() == 0 else "")
    (folder / "nginx.conf").write_text(f"{own}\nevents {{}}\nhttp {{\naccess_log off;\nclient_body_temp_path {folder}/body;\n{snippet}}}\n")
    try:
        yield port, folder / "nginx.conf"
    finally:
        shutil.rmtree(folder)


def test_nginx_understands_it() -> None:
    assert NGINX is not None
    with nginx(5001, 5002) as (_port, configuration):
        done = subprocess.run([NGINX, "-t", "-q", "-e", "stderr", "-c", str(configuration)], capture_output=True, text=True, timeout=60)
        assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.soak
def test_behind_nginx_nobody_notices_a_rolling_restart(start_site: Callable[..., Site]) -> None:
    """R14: two processes, asked to end one after the other; who writes is answered by the other, who listens comes back to it."""
    assert NGINX is not None
    ports = [free_port(), free_port()]
    with nginx(*ports) as (port, configuration):
        address = {"COCREATE_BASE_URL": f"http://localhost:{port}", "COCREATE_TRUSTED_PROXIES": "1", "COCREATE_POLLING": "off"}
        one = start_site("postgresql", PORT=str(ports[0]), **address)
        both = [one, start_site(like=one, PORT=str(ports[1]), **address)]
        front = Site(one.data_dir, one.database_url, PORT=str(port), **address)
        process = subprocess.Popen([NGINX, "-e", "stderr", "-c", str(configuration)])
        try:
            until(front.is_alive)
            storm = Storm([front], listeners=6)
            with storm.blows() as more:
                for site in both * 2:
                    process_goes(site, signal.SIGTERM, more, 100)
            assert storm.statuses.keys() == {200, 201}
        finally:
            process.terminate()
            process.wait(60)
            front.kill()

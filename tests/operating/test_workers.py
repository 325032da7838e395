"""The shipped gunicorn configuration: two workers over one PostgreSQL are one site, which is replaced and ended without losing anything."""

import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from tests.databases import Databases
from tests.faults.breaks import worker_goes, workers_are_replaced
from tests.faults.storm import Storm
from tests.live.arranging import call, ears, open_board, token_of, until
from tests.sites import Workers


@pytest.fixture(params=["with Redis", "without"])
def workers(request: pytest.FixtureRequest, databases: Databases, tmp_path: Path) -> Iterator[Workers]:
    broker = {"COCREATE_REDIS_URL": databases.servers.redis_url} if request.param == "with Redis" else {}
    with databases.fresh("postgresql", tmp_path) as url:
        site = Workers(tmp_path, url, TMPDIR=str(tmp_path), **broker)
        with site.app.app_context():
            open_board(public=True)
        site.start()
        yield site
        site.kill()


@contextmanager
def only(worker: int, site: Workers) -> Iterator[None]:
    """Inside the block this worker alone answers."""
    others = site.pids() - {worker}
    for pid in others:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in others:
            os.kill(pid, signal.SIGCONT)


def read(site: Workers, path: str) -> str:
    with urlopen(f"{site.base_url}{path}", timeout=60) as answer:
        return str(answer.read().decode())


def all_tell(site: Workers, pids: set[int]) -> bool:
    """Whether each of these, and nobody else, has said how it does."""
    told = re.findall(r'cocreate_process_memory_bytes{pid="(\d+)"}', read(site, "/metrics"))
    return {int(pid) for pid in told} == pids


def test_they_are_one_site(workers: Workers) -> None:
    site, token = workers, token_of(workers, workers.cast.emil)
    one, other = until(lambda: len(site.pids()) == 2 and sorted(site.pids()))
    until(lambda: all_tell(site, {one, other}))
    with ears(site) as listen:
        with only(one, site):
            ear = listen()
            seq = ear.ask("watch", {"board": "b"})["seq"]
        with only(other, site):
            assert 'data-socket-transports="websocket"' in read(site, "/boards/b")
            idea = propose(site, token, "From the other")
            call(site, token, "PUT", f"/ideas/{idea['id']}/vote", {"stance": "agree"})
        until(lambda: ear.seqs() == [seq + 1] and ear.messages("tally"))
        until(lambda: "cocreate_sockets_open 1.0" in read(site, "/metrics"))
        with pytest.raises(HTTPError, match="400") as refused:
            read(site, "/socket.io/?EIO=4&transport=polling")
        assert "Connect by WebSocket" in refused.value.read().decode()
    storm = Storm([site], listeners=4)
    with storm.blows() as more:
        worker_goes(site, more)
        workers_are_replaced(site, more)
    assert storm.statuses.keys() <= {200, 201, 0}
    until(lambda: all_tell(site, site.pids()))
    with ears(site) as listen:
        listen().ask("watch", {"board": "b"})
        assert site.end() == 0
    assert "Traceback" not in site.log
    assert not list(site.data_dir.glob("cocreate-metrics-*"))


def propose(site: Workers, token: str, title: str) -> Any:
    return call(site, token, "POST", "/boards/b/ideas", {"title": title})


def test_a_bad_setting_is_one_line(tmp_path: Path) -> None:
    site = Workers(tmp_path, "", COCREATE_TRUSTED_PROXIES="many")
    with pytest.raises(RuntimeError, match="\nCOCREATE_TRUSTED_PROXIES: "):
        site.start()

"""Two processes on one PostgreSQL: at once through Redis, later without, and never with a hole."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from redis import Redis as Line

from cocreate.boards.actions import edit_audience
from cocreate.boards.inputs import EditAudience
from cocreate.people.viewer import Organisation
from tests.live.arranging import call, ears, open_board, token_of, until
from tests.servers import Redis
from tests.sites import Site

ROUNDS = 10
NOISE = (
    b"",
    b"\x80\x04",
    b"{}",
    b"[]",
    b"[1,2]",
    b'["x",["y"]]',
    b'["x",[["s",5],["r",null]]]',
    b'["x",[["s","board:x"],["r","person:"],["s",""]]]',
    b"[" * 9999,
)
LATE = 2.0  # seconds between two looks of a process that nobody wakes


@pytest.fixture
def redis() -> Iterator[Redis]:
    """A broker of one's own, to be killed."""
    server = Redis()
    yield server
    server.stop()


def pair(start_site: Callable[..., Site], **environment: str) -> tuple[Site, Site]:
    """Two served processes, with an open board."""
    one = start_site("postgresql", **environment)
    with one.app.app_context():
        open_board(public=True)
    return one, start_site(like=one, **environment)


def both_listen(redis: Redis) -> tuple[Line, bytes]:
    """Once both processes have found the broker: a line to it, and where they listen."""
    line = Line.from_url(redis.url)
    (channel,) = until(lambda: line.pubsub_channels("cocreate:*"))
    until(lambda: line.pubsub_numsub(channel)[0][1] == 2)
    return line, channel


def propose(site: Site, token: str, title: str) -> Any:
    return call(site, token, "POST", "/boards/b/ideas", {"title": title})


def test_the_other_process_hears_at_once(start_site: Any, redis: Redis) -> None:
    """One event after another, each heard before the next: without a broker each would wait for the other's next look."""
    one, two = pair(start_site, COCREATE_REDIS_URL=redis.url)
    token = token_of(one, one.cast.emil)
    with ears(two) as listen:
        ear = listen()
        ear.ask("watch", {"board": "b"})
        both_listen(redis)
        began = time.monotonic()
        for n in range(ROUNDS):
            idea = propose(one, token, f"Idea {n}")
            until(lambda: len(ear.seqs()) > n)  # noqa: B023
        call(one, token, "PUT", f"/ideas/{idea['id']}/vote", {"stance": "agree"})
        until(lambda: ear.messages("tally"))
        assert time.monotonic() - began < ROUNDS * LATE / 2
        assert ear.seqs() == list(range(3, 3 + len(ear.seqs())))


def test_without_a_broker_it_hears_later(start_site: Any) -> None:
    one, two = pair(start_site)
    token = token_of(one, one.cast.emil)
    with ears(one) as listen_here, ears(two) as listen_there:
        here, there = listen_here(one.cast.cleo), listen_there(one.cast.cleo)
        for ear in (here, there):
            ear.ask("watch", {"board": "b"})
        mona = listen_there(one.cast.mona)
        mona.ask("watch", {"board": "b"})
        idea = propose(one, token, "Warm milk")
        call(one, token, "PUT", f"/ideas/{idea['id']}/vote", {"stance": "agree"})
        for ear in (here, there, mona):
            until(lambda ear=ear: ear.seqs() == [3] and ear.messages("tally"))  # type: ignore[misc]
            # Cleo is in both processes and counts once.
            until(lambda ear=ear: ear.messages("presence")[-1]["groups"] == {"management": 1, "customer": 1})  # type: ignore[misc]
        with one.app.app_context():
            edit_audience(Organisation(), 1, EditAudience(part_groups=["management", "employee"]))
        for ear in (here, there):
            until(lambda ear=ear: ear.messages("unwatched"))  # type: ignore[misc]
        propose(one, token, "Among ourselves")
        until(lambda: mona.seqs() == [3, 4, 5])
        assert here.seqs() == there.seqs() == [3]


def test_what_is_no_news_is_nothing(start_site: Any, redis: Redis) -> None:
    """Whoever reaches the broker can send anything; it names streams, and nothing else of it is believed."""
    one, _two = pair(start_site, COCREATE_REDIS_URL=redis.url)
    line, channel = both_listen(redis)
    with ears(one) as listen:
        ear = listen()
        ear.ask("watch", {"board": "b"})
        for noise in NOISE:
            line.publish(channel, noise)
        propose(one, token_of(one, one.cast.emil), "Still here")
        until(lambda: ear.seqs() == [3])
    assert "Traceback" not in one.log
    assert "failed" not in one.log

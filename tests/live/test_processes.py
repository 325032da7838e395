"""Two processes on one PostgreSQL: at once through Redis, later without, and never with a hole."""

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from redis import Redis as Line

from cocreate.boards.actions import edit_audience
from cocreate.boards.inputs import EditAudience
from cocreate.people.viewer import Organisation
from tests.faults.wire import Wire, form_of, request
from tests.live.arranging import call, ears, open_board, token_of, until
from tests.servers import Redis
from tests.sites import Site
from tests.stage import an_idea

ROUNDS = 10
LOSSES = 6
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


def said(site: Site, data: bytes, *statuses: int) -> str:
    wire = Wire(site)
    answer = wire.ask(data)
    wire.close()
    assert answer.status in statuses, answer
    return answer.body.decode()


def take_part(site: Site, groups: list[str]) -> None:
    """Somebody says there who may."""
    said(site, form_of(site, site.cast.ada, "/boards/inside/audience", {"part_groups": groups}), 303)


def test_a_right_is_lost_in_every_process_at_once(start_site: Any, redis: Redis) -> None:
    """S6: again and again, without waiting for the other's next look; then whatever was kept of it opens nothing, wherever it is tried."""
    both = one, two = pair(start_site, COCREATE_REDIS_URL=redis.url)
    cast, inside = one.cast, ["management", "employee"]
    with one.app.app_context():
        open_board("inside")
        an_idea(cast.emil, 2)
    cookies, token = [site.cookie_of(cast.cleo) for site in both], token_of(one, cast.cleo)
    seat, waited = {"Cookie": "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in cookies)}, 0.0
    page = said(two, request(two, "GET", "/boards/inside", **seat), 200)
    kept = set(re.findall(r'(?:href|data-part)="(/(?:boards/inside|ideas/)[^"#?]*)', page))
    for path in kept:
        said(two, request(two, "GET", path, **seat), 200, 303)
    with ears(one) as listen_here, ears(two) as listen_there:
        here, there, mona = listen_here(cast.cleo), listen_there(token=token), listen_there(cast.mona)
        both_listen(redis)
        assert mona.ask("watch", {"board": "inside"})["ok"]
        for n in range(1, LOSSES + 1):
            for ear in (here, there):
                assert ear.ask("watch", {"board": "inside"})["ok"]
            take_part(one, inside)
            began = time.monotonic()
            for ear in (here, there):
                until(lambda ear=ear: len(ear.messages("unwatched")) == n)  # type: ignore[misc]  # noqa: B023
            waited += time.monotonic() - began
            if n < LOSSES:
                take_part(two, [*inside, "customer"])
        before = [len(ear.heard) for ear in (here, there)]
        idea = call(two, token_of(two, cast.emil), "POST", "/boards/inside/ideas", {"title": "Among ourselves"})
        call(one, token_of(two, cast.emil), "PUT", f"/ideas/{idea['id']}/vote", {"stance": "agree"})
        until(lambda: [each["kind"] for each in mona.messages("event")][-1:] == ["idea.proposed"] and mona.messages("tally"))
        for ear in (here, there):
            assert ear.ask("watch", {"board": "inside", "since": 0}) == {"ok": False, "error": "not_found"}
        assert [len(ear.heard) for ear in (here, there)] == before
    assert waited < LOSSES * LATE / 4  # left to themselves they take half of it
    for site in both:
        for path in kept:
            said(site, request(site, "GET", path, **seat), 404)
        for path in ("boards/inside", "boards/inside/events?since=0", "boards/inside/ideas", f"ideas/{idea['id']}"):
            said(site, request(site, "GET", f"/api/v1/{path}", token=token), 404)


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

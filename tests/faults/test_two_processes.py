"""Two processes on one database, asked at the same moment: one person has one stance, one key makes one thing."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from cocreate.core.db import db
from cocreate.entrypoints.limits import AN_HOUR
from cocreate.eventlog.models import Event
from cocreate.ideas.models import Idea
from cocreate.ideas.queries import idea_as
from cocreate.people.devices_web import PASSWORDS
from cocreate.people.models import Organisation, Person
from cocreate.people.queries import viewer_of
from cocreate.stances.models import Stance, Tally
from cocreate.transfer.doctor import examine
from tests.faults.wire import form, race, request, token_of
from tests.live.arranging import until
from tests.sites import Site
from tests.stage import open_board, propose

Two = tuple[Site, Site]
ROUNDS = 3


@pytest.fixture
def two(database: str, start_site: Callable[..., Site]) -> Two:
    first = start_site(database)
    return first, start_site(like=first)


def test_thirty_votes_of_one_person_are_one(two: Two) -> None:
    site = two[0]
    with site.app.app_context():
        idea = propose(site.cast.emil, open_board("race"), "Weigh me")
    token = token_of(site, site.cast.cleo)
    for number in range(ROUNDS):
        stances = ["agree", "disagree", "pass"]
        calls = [(two[n % 2], request(two[n % 2], "PUT", f"/api/v1/ideas/{idea}/vote", {"stance": stances[(n + number) % 3]}, token)) for n in range(30)]
        answers = race(calls)
        assert [answer.status for answer in answers] == [200] * 30
        assert {answer.json["voices"] for answer in answers} == {1}
        with site.app.app_context():
            rows = list(db.session.execute(select(Stance.person_id, Stance.stance).where(Stance.subject_id == idea)))
            tally = db.session.execute(select(Tally.voices, Tally.counts).where(Tally.subject_id == idea)).one()
            assert [row.person_id for row in rows] == [site.cast.cleo.id]
            assert tally.voices == 1
            assert sum(tally.counts["customer"]) == 1
            assert not any(examine().values())


def test_votes_of_many_are_all_counted(two: Two) -> None:
    """R2 in small: the counter loses nobody, whichever process counts."""
    site = two[0]
    with site.app.app_context():
        idea = propose(site.cast.emil, open_board("race"), "Weigh me")
    cast = site.cast
    people = [cast.mona, cast.emil, cast.cleo, cast.piet, cast.mira, cast.otto, cast.ada]
    tokens = [token_of(site, person) for person in people]
    for stance in ("agree", "disagree"):
        calls = [(two[n % 2], request(two[n % 2], "PUT", f"/api/v1/ideas/{idea}/vote", {"stance": stance}, token)) for n, token in enumerate(tokens)]
        assert [answer.status for answer in race(calls)] == [200] * len(people)
        with site.app.app_context():
            assert idea_as(cast.emil, idea).tally.voices == len(people)
            assert not any(examine().values())


def test_a_vote_and_its_withdrawal_end_in_one_of_the_two(two: Two) -> None:
    site = two[0]
    with site.app.app_context():
        idea = propose(site.cast.emil, open_board("race"), "Weigh me")
    token = token_of(site, site.cast.cleo)
    calls = []
    for n in range(20):
        where = two[n % 2]
        put = request(where, "PUT", f"/api/v1/ideas/{idea}/vote", {"stance": "agree"}, token)
        calls.append((where, put if n % 4 < 2 else request(where, "DELETE", f"/api/v1/ideas/{idea}/vote", {}, token)))
    assert {answer.status for answer in race(calls)} == {200}
    with site.app.app_context():
        rows = db.session.scalar(select(func.count()).select_from(Stance).where(Stance.subject_id == idea, Stance.stance.is_not(None)))
        assert rows == idea_as(site.cast.emil, idea).tally.voices
        assert not any(examine().values())


def test_one_key_makes_one_idea(two: Two) -> None:
    """R7, I8: five of the same call under way at once answer with the same thing; later ones too, on either process; another body is a conflict."""
    site = two[0]
    with site.app.app_context():
        open_board("race")
    token = token_of(site, site.cast.cleo)

    def call(where: Site, title: str, key: str) -> bytes:
        return request(where, "POST", "/api/v1/boards/race/ideas", {"title": title}, token, Idempotency_Key=key)

    for number in range(ROUNDS):
        key, title = f"key-{number}", f"Only once {number}"
        answers = race([(two[n % 2], call(two[n % 2], title, key)) for n in range(5)])
        answers += race([(where, call(where, title, key)) for where in two])
        assert [answer.status for answer in answers] == [201] * 7
        assert len({answer.json["id"] for answer in answers}) == 1
        assert len({answer.headers["location"].rpartition("/")[2] for answer in answers}) == 1
        assert [answer.status for answer in race([(where, call(where, "Another", key)) for where in two])] == [409, 409]
        with site.app.app_context():
            made: Any = db.session.scalars(select(Idea.id).where(Idea.title == title)).all()
            assert len(made) == 1
            assert db.session.scalar(select(func.count()).select_from(Event).where(Event.subject == f"idea:{made[0]}")) == 1
    with site.app.app_context():
        assert not any(examine().values())
        assert db.session.scalar(select(func.count()).select_from(Idea).where(Idea.title == "Another")) == 0


def test_streams_have_no_holes_when_both_write(two: Two) -> None:
    """I3: ideas of seven people at once through both doors: one number each, in the order of commits."""
    site, cast = two[0], two[0].cast
    with site.app.app_context():
        open_board("race")
    tokens = [token_of(site, person) for person in (cast.mona, cast.emil, cast.cleo, cast.piet, cast.mira, cast.otto, cast.ada)]
    calls = [(two[n % 2], request(two[n % 2], "POST", "/api/v1/boards/race/ideas", {"title": f"Idea {n}"}, tokens[n % 7])) for n in range(28)]
    assert [answer.status for answer in race(calls)] == [201] * 28
    with site.app.app_context():
        assert not any(examine().values())
    events = race([(two[1], request(two[1], "GET", "/api/v1/boards/race/events?limit=100", token=tokens[0]))])[0].json["items"]
    seqs = [event["seq"] for event in events]
    assert seqs == list(range(1, len(seqs) + 1))
    assert sum(event["kind"] == "idea.proposed" for event in events) == 28


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_tries_are_counted_together(database: str, start_site: Callable[..., Site]) -> None:
    """S20: as many as one process would let through, and not one more."""
    first = start_site(database, COCREATE_RATE_LIMITS="on", COCREATE_TRUSTED_PROXIES="1")
    both = (first, start_site(like=first, COCREATE_RATE_LIMITS="on", COCREATE_TRUSTED_PROXIES="1"))
    calls = []
    for n in range(20):
        where, given = both[n % 2], {"email": f"cleo{n}@example.org", "password": "password of the day"}
        forged = {
            "X_Forwarded_For": f"10.0.0.{n}, 2001:db8:1:2::{n:x}",
            "X_Real_IP": f"10.0.0.{n}",
            "Forwarded": f"for=10.0.0.{n}",
            "X_Client_IP": f"10.0.0.{n}",
        }
        calls.append((where, form(where, "/sign-in/password", given, **forged)))
    answers = [answer.status for answer in race(calls)]
    assert sorted(answers) == [400] * PASSWORDS.by_peer + [429] * (20 - PASSWORDS.by_peer)
    aside = [(where, form(where, "//sign-in/password", {"email": "cleo@example.org", "password": "x"}, X_Forwarded_For="2001:db8:1:2::ff")) for where in both]
    assert {answer.status for answer in race(aside)} <= {308, 404, 429}
    others = [{"email": address, "password": "x" * 9} for address in ("cleo@example.org", "CLEO@example.org", " cleo@Example.org") * 4]
    calls = [(both[n % 2], form(both[n % 2], "/sign-in/password", given, X_Forwarded_For=f"198.51.100.{n}")) for n, given in enumerate(others)]
    assert sum(answer.status == 400 for answer in race(calls)) == PASSWORDS.by_address
    with first.app.app_context():
        open_board("race")
    token = token_of(first, first.cast.cleo)
    calls = [(both[n % 2], request(both[n % 2], "POST", "/api/v1/boards/race/ideas", {"title": f"Idea {n}"}, token)) for n in range(AN_HOUR["ideas"] + 4)]
    assert sorted(answer.status for answer in race(calls)) == [201] * AN_HOUR["ideas"] + [429] * 4


def test_the_first_administrator_is_one(database: str, start_site: Callable[..., Site]) -> None:
    """S24: five who hold the link, through both doors at once; the rest is sent to the way in, and the open table is laid."""
    first = start_site(database, people=False)
    both = (first, start_site(like=first))
    path, calls = set_up_path(both[1]), []  # the newer link ends the older
    for n in range(5):
        where, given = both[n % 2], {"organisation": f"Bakery {n}", "sentence": "Bread.", "name": f"Ada {n}", "email": f"ada{n}@example.org"}
        calls.append((where, form(where, path, given)))
    answers = race(calls)
    assert [answer.status for answer in answers] == [303] * 5
    places = [answer.headers["location"] for answer in answers]
    assert places.count("/") == 1
    assert set(places) <= {"/", "/sign-in", path}
    with first.app.app_context():
        (founder,) = db.session.execute(select(Person.id, Person.name, Person.role)).all()
        (organisation,) = db.session.scalars(select(Organisation.name)).all()
        assert (founder.name[4:], founder.role) == (organisation[7:], "admin")
        assert not any(examine().values())
        token = token_of(first, viewer_of(founder.id))
    for where in both:
        assert race([(where, request(where, "GET", path))])[0].headers["location"] == "/sign-in"
        boards = race([(where, request(where, "GET", "/api/v1/boards", token=token))])[0].json["items"]
        assert [(board["slug"], board["state"]) for board in boards] == [("open-table", "open")]


def set_up_path(site: Site) -> str:
    found = until(lambda: re.search(r"Set it up, once, at \S+(/setup/\S+)\n", site.log))
    return str(found[1])

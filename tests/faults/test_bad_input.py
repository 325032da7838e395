"""What cannot be used is answered with 400 and the field's name, at every door, never with 500. Calls and forms are enumerated: none is forgotten."""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from cocreate.core.fields import Input
from cocreate.core.paging import to_cursor
from cocreate.entrypoints.api import CALLS
from cocreate.entrypoints.forms import _saves
from tests.attacks.scene import Scene, addresses, everything, lay_scene
from tests.cast import Cast

# What each call takes, with every field in it; and how long each text may be. A call that is not here fails the first test.
GOOD: dict[str, dict[str, Any]] = {
    "POST /boards/<slug>/ideas": {"title": "A", "body": "B", "gives_people": "C", "gives_organisation": "D", "tags": ["e"]},
    "PATCH /ideas/<int:idea_id>": {"title": "A", "body": "B", "gives_people": "C", "gives_organisation": "D", "tags": ["e"]},
    "PUT /ideas/<int:idea_id>/vote": {"stance": "agree"},
    "PUT /ideas/<int:idea_id>/answer": {"status": "done", "body": "B"},
    "POST /ideas/<int:idea_id>/comments": {"body": "B", "reply_to": None},
    "POST /boards/<slug>/responses": {"body": "B", "named": True},
    "POST /statements/<int:statement_id>/amendments": {"before": "", "after": "A.", "reason": "R", "credit": True, "cites": []},
}
MOST = {
    "title": 200, "body": 10_000, "gives_people": 300, "gives_organisation": 300, "reason": 1000, "before": 1000, "after": 1000,
    "POST /ideas/<int:idea_id>/comments body": 5_000, "POST /boards/<slug>/responses body": 500,
}  # fmt: skip
MAY_BE_EMPTY = {
    *(f"{call} {name}" for call in ("POST /boards/<slug>/ideas", "PATCH /ideas/<int:idea_id>") for name in ("body", "gives_people", "gives_organisation")),
    *(f"POST /statements/<int:statement_id>/amendments {name}" for name in ("before", "after")),
}
CLOSED = {"stance": "maybe", "status": "merged"}  # a word that is none of those to choose from
NUL, LONE = "\x00", "\\ud800"


class Bad(NamedTuple):
    """A body as it is sent, and the field that must be named."""

    body: str
    field: str


def call_key(call: Any) -> str:
    return f"{call.method} {call.rule}"


def dumped(values: dict[str, Any]) -> str:
    """JSON with lone surrogates left as they are typed: no proper encoder writes them."""
    return json.dumps(values).replace("\\\\ud800", LONE)


def bad_bodies(call: Any) -> Iterator[Bad]:
    good = GOOD[call_key(call)]
    for name, value in good.items():
        wrong: list[Any] = [{"a": 1}, [[]], 1.5]
        if isinstance(value, str):
            wrong += [f"a{NUL}b", "a\\ud800b", 7, True, ["a"], CLOSED.get(name, "x" * (MOST.get(f"{call_key(call)} {name}", MOST.get(name, 0)) + 1))]
            wrong += [] if f"{call_key(call)} {name}" in MAY_BE_EMPTY else [""]
        if isinstance(value, list):
            wrong += [[f"a{NUL}"], [7], ["x" * 41], [f"t{n}" for n in range(20)], "\\ud800"]
        if name == "reply_to":
            wrong += [0, -1, 2**31, 10**30, "x", NUL]
        if not (isinstance(value, bool) and name == "credit"):
            yield from (Bad(dumped({**good, name: each}), name) for each in wrong)
        if call.method != "PATCH" and name != "reply_to" and name not in ("credit",):
            yield Bad(dumped({**good, name: None}), name)
    yield Bad(dumped({**good, "surprise": 1}), "surprise")
    yield Bad(dumped({**good, "": 1}), "")
    yield Bad(dumped({**good, "a" * 5000: 1}), "a" * 5000)
    deep = '{"title": ' + "[" * 50_000 + '"\\ud800"' + "]" * 50_000 + "}"
    for whole in ("", "{", "[]", "7", "null", '"text"', '{"a": NaN}', '{"a": NaN, "b": "\\ud800"}', "\ufeff{}", "[" * 3000, deep, '{"a\\udfff": 1}'):
        yield Bad(whole, "body")


@pytest.fixture
def scene(app: Flask, cast: Cast) -> Scene:
    return lay_scene(cast.mona, cast.mona)


def path_of(app: Flask, call: Any, scene: Scene) -> str:
    rule = next(rule for rule in app.url_map.iter_rules() if rule.rule == f"/api/v1{call.rule}" and call.method in (rule.methods or ()))
    return str(app.url_map.bind("localhost").build(rule.endpoint, {name: scene.parts[name] for name in rule.arguments}, method=call.method))


def with_a_body() -> list[Any]:
    return [call for call in CALLS if call.takes is not None]


def test_every_call_is_known_here(app: Flask) -> None:
    assert {call_key(call) for call in with_a_body()} == set(GOOD)
    for call in with_a_body():
        assert set(GOOD[call_key(call)]) == set(call.takes.model_fields), call_key(call)


def test_every_field_of_every_call(app: Flask, cast: Cast, scene: Scene, client_of: Any) -> None:
    """Too long, NUL, lone surrogate, wrong type, empty, null, unknown."""
    mona, before, sent = client_of(cast.mona), everything(), 0
    for call in with_a_body():
        path = path_of(app, call, scene)
        for bad in bad_bodies(call):
            answer = mona.open(path, method=call.method, data=bad.body.encode(), content_type="application/json", headers={"If-Match": "2"})
            told = f"{call_key(call)} {bad.body[:80]!r} → {answer.status_code} {answer.text[:200]}"
            assert answer.status_code == 400, told
            assert answer.content_type == "application/problem+json", told
            assert list(answer.json["errors"]) == [bad.field], told
            assert all(sentence.endswith((".", "…")) for sentences in answer.json["errors"].values() for sentence in sentences), told
            sent += 1
    assert sent > 200
    assert {name for name, found in everything().items() if found != before[name]} == set()


def test_what_is_good_here_is_good(app: Flask, cast: Cast, scene: Scene, client_of: Any) -> None:
    """Else the tests above would refuse for another reason."""
    for call in with_a_body():
        answer = client_of(cast.mona).open(path_of(app, call, scene), method=call.method, json=GOOD[call_key(call)], headers={"If-Match": "2"})
        assert answer.status_code in (200, 201), f"{call_key(call)}: {answer.text}"


def test_the_longest_texts_are_taken(app: Flask, cast: Cast, scene: Scene, client_of: Any) -> None:
    mona = client_of(cast.mona)
    made = mona.post(f"/api/v1/boards/{scene.slug}/ideas", json={"title": "ß" * 200, "body": "\U0001f426 " * 4999 + "ab", "gives_people": "x" * 300})
    assert made.status_code == 201
    assert len(made.json["title"]) == 200
    assert mona.post(f"/api/v1/boards/{scene.slug}/responses", json={"body": "ü" * 500}).status_code == 201
    assert mona.post(f"/api/v1/ideas/{made.json['id']}/comments", json={"body": "c " * 2499 + "cc"}).status_code == 201


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/jsonx", "text/json", ""])
def test_only_json_is_read(app: Flask, cast: Cast, scene: Scene, client_of: Any, kind: str) -> None:
    """What a form of another site could send is not read at all."""
    for call in with_a_body():
        headers = {"If-Match": "2", **({"Content-Type": kind} if kind else {})}
        answer = client_of(cast.mona).open(path_of(app, call, scene), method=call.method, data=dumped(GOOD[call_key(call)]), headers=headers)
        assert answer.status_code == 415, call_key(call)
        assert answer.content_type == "application/problem+json"


def test_too_much_is_not_read(app: Flask, cast: Cast, scene: Scene, client_of: Any) -> None:
    mona = client_of(cast.mona)
    for call in with_a_body():
        answer = mona.open(path_of(app, call, scene), method=call.method, data=b'{"title": "' + b"x" * 300_000, content_type="application/json")
        assert answer.status_code == 413, call_key(call)
        assert answer.content_type == "application/problem+json"
    for endpoint in [name for name in _saves if name in app.view_functions]:
        answer = mona.post(path_of_form(app, endpoint, scene), data={"title": "x" * 300_000})
        assert answer.status_code == 413, endpoint


PLACES: list[list[Any]] = [
    [], [1, 2], [None], ["x"], [True], [-1], [1.5], [0], [2**63], [2**64 - 1], [{"a": 1}], ["a\x00"], ["new", None, "x"], ["secret", 1, 1],
    ["new", None, 2**63],
    ["new", None, -(2**63)], ["support", 2**63, 1], ["support", 1e308, 1], ["new", True, True], [["new"], 1, 1], ["common_ground", "x", 1],
]  # fmt: skip
CURSORS = ["x", "%00", "é", "====", "a" * 201, "e30", *map(to_cursor, PLACES)]


def lists(app: Flask, scene: Scene) -> list[str]:
    calls = [path_of(app, call, scene) for call in CALLS if call.asks is not None]
    return [*calls, "/changes", f"/boards/{scene.slug}/history", f"/boards/{scene.slug}", f"/boards/{scene.slug}/list"]


def test_bad_cursors(app: Flask, cast: Cast, scene: Scene, client_of: Any) -> None:
    """No cursor is a 500; what is plainly none is a 400 that names it."""
    mona = client_of(cast.mona)
    for path in lists(app, scene):
        for cursor in CURSORS:
            answer = mona.get(path, query_string={"cursor": cursor, "since": cursor})
            assert answer.status_code in (200, 400), f"{path} {cursor}: {answer.status_code}"
            wrong = not path.endswith("/events") and not cursor.startswith("WyJ")  # a list by ids: a place in it is one whole number from 1
            assert answer.status_code == 400 or not wrong, f"{path} {cursor}"
            assert answer.status_code == 200 or not path.startswith("/api/") or set(answer.json["errors"]) <= {"cursor", "since"}


QUERIES = [
    ("limit", "0"), ("limit", "101"), ("limit", "-1"), ("limit", "x"), ("limit", "1e2"), ("limit", "9" * 30), ("limit", "\x00"), ("sort", "x"),
    ("status", "x"), ("status", "\x00"), ("tag", "\x00"), ("tag", "x" * 31), ("q", "x" * 201), ("q", "a\x00b"), ("sort", ""),
    ("surprise", "1"), ("since", "x"), ("since", "-1"),
    ("since", "9" * 30),
]  # fmt: skip
ASKED = ("q", "cursor", "tag", "board", "upto", "before", "next", "back", "sentence", "reply_to", "kind", "group", "after")
SEARCHES = ["'", '"', "%", "_", "\\", "zz;--", "((((", "a{99999}", "*", "a" * 200, "\U0001f426", "é" * 100, "' OR 1=1 --", "%%%%", "\\'", "\t\n", "ß"]


def test_bad_queries_of_pages(app: Flask, cast: Cast, scene: Scene, client_of: Any, database: str) -> None:
    """Whatever a page is asked for, no 500: what one database cannot keep, and what the other cannot count to."""
    value = "a\x00b" if database == "postgresql" else "9" * 30
    mona, ada = client_of(cast.mona), client_of(cast.ada)
    for path in sorted({address.path for address in addresses(app, scene)}):
        client = next((client for client in (mona, ada) if client.get(path).status_code == 200), mona)
        together = client.get(path, query_string=dict.fromkeys(ASKED, value)).status_code
        assert together < 500, f"{path} with all: {together}"
        # A page that takes all of them takes each; one that refuses may have stopped at the first.
        for asked in ASKED if together == 400 else ():
            answer = client.get(path, query_string={asked: value})
            assert answer.status_code < 500, f"{path}?{asked}={value!r}: {answer.status_code}"


def test_bad_queries_of_calls_are_named(app: Flask, cast: Cast, scene: Scene, client_of: Any) -> None:
    mona = client_of(cast.mona)
    for call in CALLS:
        if call.asks is None:
            continue
        for name, value in QUERIES:
            if name in call.asks.model_fields or name == "surprise":
                answer = mona.get(path_of(app, call, scene), query_string={name: value})
                assert answer.status_code == 400, f"{call_key(call)} {name}={value!r}: {answer.status_code}"
                assert list(answer.json["errors"]) == [name]


@pytest.mark.parametrize("words", SEARCHES)
def test_searches_are_words_and_nothing_else(app: Flask, cast: Cast, scene: Scene, client_of: Any, words: str) -> None:
    mona = client_of(cast.mona)
    for path in (f"/api/v1/boards/{scene.slug}/ideas", f"/boards/{scene.slug}", f"/boards/{scene.slug}/ideas/similar", f"/ideas/{scene.ids['idea']}/merge"):
        answer = mona.get(path, query_string={"q": words})
        assert answer.status_code == 200, path
    found = mona.get(f"/api/v1/boards/{scene.slug}/ideas", query_string={"q": words}).json
    assert found["items"] == [] or words.strip() == ""


@pytest.mark.parametrize("id", ["0", "2147483647", "2147483648", "9223372036854775808", "9" * 30, "-1", "%00", "1%0a", "1.0"])
def test_odd_numbers_are_nothing_that_is(app: Flask, cast: Cast, scene: Scene, client_of: Any, id: str) -> None:
    mona = client_of(cast.mona)
    for rule in app.url_map.iter_rules():
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} & (rule.methods or set()):
            if "<int:" in rule.rule:
                path = rule.rule
                for part in rule.arguments:
                    path = path.replace(f"<int:{part}>", id).replace(f"<{part}>", scene.slug)
                body = {"json": GOOD.get(f"{method} {rule.rule.removeprefix('/api/v1')}", {})} if rule.rule.startswith("/api/") else {}
                answer = mona.open(path, method=method, headers={"If-Match": "1"}, **body)
                assert answer.status_code in (303, 403, 404, 405), f"{method} {path}: {answer.status_code}"


@pytest.mark.parametrize("name", ["a%00b", "%ff", "%ed%a0%80", "..%2f..", "x" * 3000, "'", "%0d%0aX:1"])
def test_odd_names_are_nothing_that_is(app: Flask, cast: Cast, scene: Scene, client_of: Any, name: str) -> None:
    mona = client_of(cast.ada)
    for rule in app.url_map.iter_rules():
        for method in {"GET", "POST"} & (rule.methods or set()):
            names = [part for part in rule.arguments if f"<{part}>" in rule.rule or f"<path:{part}>" in rule.rule]
            if names and "<int:" not in rule.rule:
                path = rule.rule.replace("<path:name>", name)
                for part in names:
                    path = path.replace(f"<{part}>", name)
                for state in ("shown", "hidden"):
                    path = path.replace("<any(shown, hidden, waiting, reported):state>", state)
                answer = mona.open(path, method=method)
                assert answer.status_code < 500, f"{method} {path[:80]}: {answer.status_code}"


@pytest.mark.parametrize("key", ["", " ", "\x01", "a" * 65, "a\tb"])
def test_bad_keys_are_named(cast: Cast, scene: Scene, client_of: Any, key: str) -> None:
    answer = client_of(cast.mona).post(f"/api/v1/boards/{scene.slug}/ideas", json={"title": "x"}, headers={"Idempotency-Key": key})
    assert answer.status_code in ((201,) if key == " " else (400,))


@pytest.mark.parametrize(
    ("match", "status"), [(None, 428), ("x", 400), ("*", 400), ("-1", 400), ("9" * 30, 400), ("²", 400), ('W/"1"', 400), ("1", 412), ('"1"', 412)]
)
def test_odd_matches(cast: Cast, scene: Scene, client_of: Any, match: str | None, status: int) -> None:
    headers = {} if match is None else {"If-Match": match}
    answer = client_of(cast.mona).patch(f"/api/v1/ideas/{scene.ids['idea']}", json={"title": "x"}, headers=headers)
    assert answer.status_code == status
    assert status != 400 or list(answer.json["errors"]) == ["If-Match"]


def path_of_form(app: Flask, endpoint: str, scene: Scene) -> str:
    return next(address.path for address in addresses(app, scene, ("POST",)) if address.endpoint == endpoint)


def fields_of(page: str) -> set[str]:
    """The names that a form's page gives its fields, as a browser would send them; with `looking` a search is asked for and nothing is saved."""
    return set(re.findall(r'<(?:input|textarea|select|button)\b[^>]*?\sname="([^"]+)"', page)) - {"csrf_token", "looking"}


def all_fields() -> set[str]:
    """Every field that any form or call takes, and those that doors read by themselves."""
    found, left = {"ideas", "look", "takes_out", "then", "host", "back", "next", "proof", "until", "text_version", "label_customer_one"}, [Input]
    while left:
        model = left.pop()
        left += model.__subclasses__()
        found |= set(model.model_fields)
    return found


HOSTILE = ["a\x00b", "x" * 30_000, b"\xed\xa0\x80\xff", "", "9" * 40]


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: repr(value[:5]))
def test_every_form_with_every_field(app: Flask, cast: Cast, scene: Scene, client_of: Any, value: Any, database: str) -> None:
    """Each field of the form's own page alone, and all fields there are at once: the form comes back, or it is said why not; 500 never."""
    assert len(_saves) > 30
    by_itself = database == "sqlite" or value in HOSTILE[:1]  # what the other database refuses besides, it refuses in all fields at once too
    for person in (cast.mona, cast.ada, cast.visitor):
        client = client_of(person)
        for endpoint in sorted(name for name in _saves if name in app.view_functions):
            path = path_of_form(app, endpoint, scene)
            own = fields_of(client.get(path).text)
            alone = [[name] for name in sorted(own)] if by_itself and person is not cast.visitor else []  # what a visitor sends is only kept
            for fields in [*alone, sorted(all_fields() | own)]:
                answer = client.post(path, **sent(fields, value))
                assert answer.status_code < 500, f"{endpoint} {fields[:3]}: {answer.status_code}"
                if value == HOSTILE[0] and fields[1:]:
                    assert answer.status_code in (303, 400, 401, 403, 404, 409, 410), f"{endpoint}: {answer.status_code}"


def sent(fields: list[str], value: str | bytes) -> dict[str, Any]:
    """Bytes that are no UTF-8 go as they come over the wire."""
    if isinstance(value, str):
        return {"data": MultiDict((name, value) for name in fields)}
    coded = "".join(f"%{byte:02x}" for byte in value)
    return {"data": "&".join(f"{name}={coded}" for name in fields), "content_type": "application/x-www-form-urlencoded"}

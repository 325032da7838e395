"""The house holds its own rules: tiers, roles, single owners, sizes, assets. Each rule is shown to find what it forbids."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from cocreate.core.db import db
from cocreate.eventlog.record import BrokenGuard
from cocreate.slices import TIERS
from tests.rules import assets, doors, owners, sizes, tiers, waiting

ROOT = Path(__file__).parents[1]
Rule = Callable[[str, str], list[str]]

# A file that is over its size for now: until when. The list only shrinks, and a date that has passed fails.
TOO_LONG: dict[str, date] = {}

CODE: tuple[Rule, ...] = (
    tiers.tiers,
    tiers.roles,
    owners.commits,
    owners.emits,
    owners.ambient,
    owners.clocks,
    owners.markup,
    owners.outgoing,
    owners.hidden_imports,
    owners.drawers,
    owners.first_lines,
    waiting.waits,
    doors.limits,
    doors.prefills,
    sizes.functions,
    sizes.files,
)
TESTS: tuple[Rule, ...] = (owners.drawers, owners.first_lines, sizes.functions, sizes.files)
TEMPLATES: tuple[Rule, ...] = (assets.inline_styles, assets.inline_scripts, assets.safe_filter, assets.kept_space, sizes.files)
SCRIPTS: tuple[Rule, ...] = (assets.socket_imports, assets.html_in_scripts, sizes.files)
SHEETS: tuple[Rule, ...] = (assets.important, sizes.files)

HOUSE: dict[str, tuple[Rule, ...]] = {
    "cocreate/**/*.py": CODE,
    "tests/**/*.py": TESTS,
    "bench/**/*.py": TESTS,
    "templates/**/*.html": TEMPLATES,
    "static/js/**/*.js": SCRIPTS,
    "static/css/**/*.css": SHEETS,
}


def broken_in(rule: Rule) -> Iterator[str]:
    for pattern, rules in HOUSE.items():
        if rule in rules:
            for file in sorted(ROOT.glob(pattern)):
                path = file.relative_to(ROOT).as_posix()
                if "/vendor/" not in path and not (rule is sizes.files and path in TOO_LONG):
                    yield from rule(path, file.read_text())


@pytest.mark.parametrize("rule", list(dict.fromkeys(rule for rules in HOUSE.values() for rule in rules)), ids=lambda rule: rule.__name__)
def test_the_house_keeps(rule: Rule) -> None:
    broken = list(broken_in(rule))
    assert not broken, "\n".join(["", *broken])


def test_exceptions_are_dated_and_needed() -> None:
    for path, until in TOO_LONG.items():
        assert (ROOT / path).exists()
        assert sizes.files(path, (ROOT / path).read_text()), f"{path} is short enough now: take it off the list"
        assert until >= date.today(), f"{path} was to be short by {until}"


def test_every_class_is_worn() -> None:
    files = [file for pattern in ("templates/**/*.html", "static/js/**/*.js", "cocreate/**/*.py") for file in ROOT.glob(pattern)]
    worn = set().union(*(assets.classes_worn(file.read_text()) for file in files))
    sheets = {file.relative_to(ROOT).as_posix(): file.read_text() for file in sorted(ROOT.glob("static/css/**/*.css"))}
    assert [line for path, source in sheets.items() for line in assets.unworn(path, source, worn)] == []


def test_a_class_that_nothing_wears_is_found() -> None:
    worn = assets.classes_worn('<p class="quote {{ "small" if short }}">no words</p> {{ icon(class="end") }} item.classList.add("current")')
    assert {"quote", "small", "end", "current"} <= worn
    assert "words" not in worn
    sheet = '/* .old */ .quote { &.small > .end { } [data-item].current { background: url("x.svg"); margin: .5rem; } .matrix { } }'
    assert assets.unworn("static/css/x.css", sheet, worn) == ["static/css/x.css: nothing wears .matrix"]


def test_each_slice_has_one_tier() -> None:
    names = [name for tier in TIERS for name in tier]
    assert len(names) == len(set(names))


ACTION = "from cocreate.eventlog.record import action"
PLANTED: list[tuple[Rule, str, str]] = [
    (tiers.tiers, "cocreate/people/queries.py", "from cocreate.boards.models import Board"),
    (tiers.tiers, "cocreate/core/db.py", "import cocreate.eventlog.record as r"),
    (tiers.tiers, "cocreate/comments/queries.py", "from cocreate.stances import queries as weights"),
    (tiers.tiers, "cocreate/boards/queries.py", "def f():\n    from cocreate.pages import web"),
    (tiers.tiers, "cocreate/boards/queries.py", "from ..ideas.models import Idea"),
    (tiers.tiers, "cocreate/boards/queries.py", "import cocreate"),
    (tiers.tiers, "cocreate/novelty/queries.py", "import json"),
    (tiers.roles, "cocreate/boards/web.py", "from cocreate.boards.models import Board"),
    (tiers.roles, "cocreate/boards/web.py", "from cocreate.boards import models as shapes"),
    (tiers.roles, "cocreate/boards/api.py", "from sqlalchemy import select"),
    (tiers.roles, "cocreate/boards/cli.py", "from cocreate.core.db import db as database"),
    (tiers.roles, "cocreate/boards/actions.py", "from cocreate.people.actions import add_person"),
    (tiers.roles, "cocreate/people/signin_actions.py", "from cocreate.people.actions import add_person"),
    (tiers.roles, "cocreate/boards/changes.py", "from cocreate.eventlog.record import record as say"),
    (tiers.roles, "cocreate/boards/changes.py", "from cocreate.boards import events"),
    (tiers.roles, "cocreate/boards/policy.py", "from cocreate.boards.queries import board_by_slug"),
    (tiers.roles, "cocreate/boards/policy.py", "from cocreate.core.db import db"),
    (tiers.roles, "cocreate/boards/queries.py", "from cocreate.boards.actions import open_board"),
    (tiers.roles, "cocreate/boards/standing.py", "from sqlalchemy import select"),
    (tiers.roles, "cocreate/statements/weave.py", "from cocreate.core.db import db"),
    (tiers.roles, "cocreate/statements/weave.py", "from cocreate.boards.models import Board"),
    (owners.commits, "cocreate/boards/actions.py", "from cocreate.core.db import db as d\nd.session.commit()"),
    (owners.commits, "cocreate/boards/actions.py", "s = db.session\ns.rollback()"),
    (owners.emits, "cocreate/ideas/actions.py", "socketio.emit('event', {})"),
    (owners.emits, "cocreate/ideas/web.py", "from flask_socketio import emit as tell\ntell('event')"),
    (owners.ambient, "cocreate/ideas/queries.py", "from flask import request as asked\nasked.args"),
    (owners.ambient, "cocreate/ideas/actions.py", "import flask as f\nf.session['x']"),
    (owners.ambient, "cocreate/core/text.py", "from flask_login import current_user"),
    (owners.clocks, "cocreate/ideas/actions.py", "from datetime import datetime as dt\ndt.now()"),
    (owners.clocks, "cocreate/ideas/actions.py", "import datetime\ndatetime.datetime.utcnow()"),
    (owners.clocks, "cocreate/ideas/actions.py", "import datetime as d\nd.date.today()"),
    (owners.clocks, "cocreate/ideas/actions.py", "import time\ntime.time()"),
    (owners.clocks, "cocreate/ideas/actions.py", "from time import time as now\nnow()"),
    (owners.clocks, "cocreate/ideas/queries.py", "from sqlalchemy import func\nfunc.now()"),
    (owners.markup, "cocreate/ideas/web.py", "from markupsafe import Markup as M\nM('<b>')"),
    (owners.outgoing, "cocreate/ideas/actions.py", "from urllib import request as fetch"),
    (owners.outgoing, "cocreate/webhooks/jobs.py", "import http.client"),
    (owners.outgoing, "cocreate/core/outbox.py", "import smtplib as post"),
    (owners.hidden_imports, "cocreate/ideas/actions.py", "def f():\n    import json"),
    (owners.hidden_imports, "cocreate/__init__.py", "def helper():\n    from cocreate.core import db"),
    (owners.drawers, "cocreate/ideas/utils.py", ""),
    (owners.drawers, "tests/helpers/x.py", ""),
    (owners.first_lines, "cocreate/ideas/web.py", "import json"),
    (waiting.waits, "cocreate/ideas/actions.py", f"{ACTION}\nfrom cocreate.core.markdown import render as to_html\n@action\ndef f():\n    to_html('x')"),
    (waiting.waits, "cocreate/people/actions.py", f"{ACTION}\nfrom cocreate.people import passwords\n@action\ndef f():\n    passwords.matches('', 'x')"),
    (
        waiting.waits,
        "cocreate/people/actions.py",
        f"{ACTION} as write\nfrom cocreate.core import clock as c\n@write\ndef f():\n    g()\ndef g():\n    c.pause(1)",
    ),
    (waiting.waits, "cocreate/core/jobs.py", "import cocreate.eventlog.record as r\nimport gevent as g\n@job()\n@r.action\ndef f():\n    g.sleep(0)"),
    (waiting.waits, "cocreate/people/changes.py", "from cocreate.core.outbound import send_by_smtp\ndef f():\n    send_by_smtp('', None)"),
    (
        waiting.waits,
        "cocreate/ideas/actions.py",
        f"{ACTION}\nfrom flask import render_template\n@action\ndef f():\n    return [render_template(n) for n in 'ab']",
    ),
    (waiting.waits, "cocreate/live/actions.py", f"{ACTION}\n@action\ndef f(server):\n    server.emit('event')"),
    (doors.limits, "cocreate/ideas/web.py", "def f():\n    limit_person('ideas', who)\n    require(PROPOSE, who, board)"),
    (doors.prefills, "cocreate/ideas/web.py", "def f(form):\n    form.values = {'a': '', **form.values}"),
    (doors.prefills, "cocreate/ideas/web.py", "def f(form):\n    form.values |= {'a': ''}"),
    (sizes.functions, "cocreate/ideas/web.py", "def f():\n" + "    x = 1\n" * 50),
    (sizes.files, "cocreate/ideas/web.py", "x = 1\n" * 351),
    (sizes.files, "tests/test_x.py", "x = 1\n" * 501),
    (sizes.files, "templates/x.html", "\n" * 151),
    (assets.inline_styles, "templates/x.html", '<p\n class="a" style="color: red">'),
    (assets.inline_scripts, "templates/x.html", '<script type="module">let a</script>'),
    (assets.inline_scripts, "templates/x.html", '<a href="x" onclick="go()">'),
    (assets.safe_filter, "templates/ideas/page.html", "{{ idea.body_html | safe }}"),
    (assets.safe_filter, "templates/ideas/page.html", "{{ idea.body_html | trusted }}"),
    (assets.safe_filter, "templates/shared/quote.html", "{{ html|trusted }}"),
    (assets.kept_space, "templates/shared/forms.html", '<textarea name="body">\n  {{ form.body }}</textarea>'),
    (assets.socket_imports, "static/js/app.js", 'import { io } from "../vendor/socket.io.esm.min.js"'),
    (assets.html_in_scripts, "static/js/app.js", "box.innerHTML = text"),
    (assets.important, "static/css/base.css", "p { color: red !important }"),
]


@pytest.mark.parametrize(("rule", "path", "source"), PLANTED, ids=lambda value: getattr(value, "__name__", None))
def test_a_planted_violation_is_found(rule: Rule, path: str, source: str) -> None:
    assert rule(path, source)


FINE: list[tuple[Rule, str, str]] = [
    (tiers.tiers, "cocreate/ideas/queries.py", "from cocreate.boards.models import Board\nimport json"),
    (tiers.tiers, "cocreate/__init__.py", "from cocreate.pages import web"),
    (tiers.roles, "cocreate/ideas/actions.py", "from cocreate.stances.changes import renew\nfrom cocreate.ideas import events, policy"),
    (tiers.roles, "cocreate/boards/standing.py", "from cocreate.people.groups import GROUPS\nfrom cocreate.core.errors import NotFound"),
    (owners.ambient, "cocreate/ideas/web.py", "from flask import request"),
    (owners.ambient, "cocreate/ideas/queries.py", "from flask_babel import gettext"),
    (
        owners.clocks,
        "cocreate/ideas/actions.py",
        "from datetime import datetime\nfrom cocreate.core import clock\nclock.now()\ndatetime.fromisoformat('2026-01-01')",
    ),
    (owners.hidden_imports, "cocreate/alignment/maths.py", "def f():\n    import numpy as np"),
    (owners.hidden_imports, "cocreate/__init__.py", "def create_app():\n    from cocreate.pages import web"),
    (
        waiting.waits,
        "cocreate/ideas/actions.py",
        f"{ACTION}\nfrom cocreate.core.markdown import plain, render\n@action\ndef f():\n    ', '.join(plain('x'))\ndef g():\n    f(render('x'))",
    ),
    (doors.limits, "cocreate/ideas/web.py", "def f():\n    require(PROPOSE, who, board)\n    limit_person('ideas', who)"),
    (doors.prefills, "cocreate/ideas/web.py", "def f(form):\n    form.prefill({'a': ''})\n    form.values['b'] = ''"),
    (owners.outgoing, "cocreate/config.py", "from urllib.parse import urlsplit"),
    (assets.inline_scripts, "templates/x.html", '<script type="module" src="/a.js"></script><script type="application/json">{}</script>'),
    (assets.safe_filter, "templates/shared/prose.html", "{{ html|safe }}{{ html|trusted }}"),
]


@pytest.mark.parametrize(("rule", "path", "source"), FINE, ids=lambda value: getattr(value, "__name__", None))
def test_what_is_fine_passes(rule: Rule, path: str, source: str) -> None:
    assert not rule(path, source)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO people (name) VALUES ('x')",
        "insert or ignore into people (name) values ('x')",
        "UPDATE people SET name = 'x'",
        "WITH gone AS (SELECT 1) DELETE FROM people",
    ],
)
def test_raw_sql_outside_an_action_is_caught(app: Any, statement: str) -> None:
    with pytest.raises(BrokenGuard):
        db.session.execute(sa.text(statement))
    db.session.rollback()

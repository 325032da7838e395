"""What the site is measured against: a bare Flask application with one page, one list and one vote, on the same server and the same database settings."""

from typing import Any

from flask import Flask, jsonify, render_template, request
from jinja2 import DictLoader
from sqlalchemy import JSON, create_engine, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.schema import Column, ForeignKey, MetaData, Table
from sqlalchemy.types import Integer, String, Text

from cocreate.core.db import engine_options, prepare_engine

ROWS = 30
IDEAS = 1000
TOKENS = 32
BODY = "Words of a usual length, " * 15
# A list as any page has one. Beside a route that says hello it costs as much as the page of the peers' figures does: a good third of its rate.
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title></head><body><h1>{{ title }}</h1><ul>
{% for row in rows %}<li id="idea-{{ row.id }}" class="{{ "much" if row.votes > 10 else "little" }}"><h2><a href="/ideas/{{ row.id }}">{{ row.title }}</a></h2>
<p>{{ row.body|truncate(150) }}</p><p><span class="{{ row.group }}">{{ row.author }}</span> <time datetime="{{ row.at }}">{{ row.at }}</time>
{{ row.votes }} votes, {{ row.comments }} comment{{ "" if row.comments == 1 else "s" }}, {{ row.status }}
{% for tag in row.tags %}<a href="/tags/{{ tag }}">{{ tag }}</a> {% endfor %}</p>
<form method="post" action="/ideas/{{ row.id }}/vote"><button name="stance"{% if row.mine == 1 %} disabled{% endif %}>Agree</button></form></li>
{% endfor %}</ul></body></html>"""
# What an idea of ours has in the API, beside its id, its counts and what is null.
WORDS = ("url", "board", "title", "body", "body_html", "status", "state", "gives_people", "gives_organisation", "created_at", "updated_at")

metadata = MetaData()
tokens = Table("bare_tokens", metadata, Column("digest", String(64), primary_key=True), Column("person_id", Integer))
ideas = Table(
    "bare_ideas",
    metadata,
    Column("id", Integer, primary_key=True),
    *(Column(name, Text) for name in WORDS),
    *(Column(name, JSON) for name in ("author", "tags", "tallies", "total", "answer")),
    *(Column(name, Integer) for name in ("votes", "voices", "version", "text_version", "comment_count", "common_ground", "contested", "my_stance")),
)
votes = Table(
    "bare_votes",
    metadata,
    Column("idea_id", ForeignKey("bare_ideas.id"), primary_key=True),
    Column("person_id", Integer, primary_key=True),
    Column("stance", Integer),
)


def bare_app(database_url: str) -> Flask:
    """The application; its tables are made and filled by `fill_bare`."""
    app = Flask("bare")
    app.jinja_loader = DictLoader({"page.html": PAGE})
    about = {"body": BODY, "group": "employee", "status": "open", "tags": ["rain", "home"], "at": "2026-11-24", "mine": None}
    rows = [{"id": n, "title": f"Idea {n} of thirty", "author": f"Person {n}", "votes": n, "comments": n % 5, **about} for n in range(ROWS)]
    engine = create_engine(database_url, **engine_options(database_url))
    prepare_engine(engine, lambda: request.method == "PUT")
    upsert = sqlite_insert if engine.dialect.name == "sqlite" else postgres_insert

    @app.get("/page")
    def page() -> str:
        return render_template("page.html", title="Thirty ideas", rows=rows)

    @app.get("/ideas")
    def listed() -> Any:
        with engine.connect() as connection:
            return jsonify(items=[dict(row._mapping) for row in connection.execute(select(ideas).order_by(ideas.c.id.desc()).limit(ROWS))])

    @app.put("/ideas/<int:idea_id>/vote")
    def vote(idea_id: int) -> Any:
        """Token row, upsert, counter, commit: as little as a vote can be."""
        stance = request.get_json()["stance"]
        token = request.headers["Authorization"].removeprefix("Bearer ")
        with engine.begin() as connection:
            person_id = connection.scalar(select(tokens.c.person_id).where(tokens.c.digest == token))
            given = upsert(votes).values(idea_id=idea_id, person_id=person_id, stance=stance)
            connection.execute(given.on_conflict_do_update(index_elements=[votes.c.idea_id, votes.c.person_id], set_={"stance": stance}))
            counted = update(ideas).where(ideas.c.id == idea_id).values(votes=ideas.c.votes + stance).returning(*ideas.c)
            return jsonify(dict(connection.execute(counted).one()._mapping))

    @app.get("/settings")
    def settings() -> str:
        """How careful the database is."""
        with engine.connect() as connection:
            asked = (
                "PRAGMA synchronous" if engine.dialect.name == "sqlite" else "SELECT current_setting('synchronous_commit') || ', ' || current_setting('fsync')"
            )
            return str(connection.scalar(text(asked)))

    return app


def fill_bare(database_url: str) -> None:
    """As many ideas as the site has, and a token for each client."""
    engine = create_engine(database_url, **engine_options(database_url))
    prepare_engine(engine, lambda: True)
    metadata.create_all(engine)
    tallies = [
        {"groups": ["customer"], "agree": 20, "disagree": 10, "pass": 5},
        {"groups": ["employee", "partner", "management"], "agree": 9, "disagree": 5, "pass": 1},
    ]
    shown = {"author": {"id": 1, "name": "Person", "group": "employee"}, "tags": [], "tallies": tallies, "total": tallies[0], "answer": None}
    counts = {"votes": 0, "voices": 50, "version": 3, "text_version": 1, "comment_count": 0, "common_ground": 1, "contested": 1, "my_stance": None}
    words = dict.fromkeys(WORDS, "2026-11-24T12:00:00.000000Z") | {"body": BODY[:230], "body_html": BODY[:240]}
    with engine.begin() as connection:
        connection.execute(insert(tokens), [{"digest": f"token-{n}", "person_id": n} for n in range(TOKENS)])
        connection.execute(insert(ideas), [{"id": n + 1, **words, "title": f"Idea {n}", **shown, **counts} for n in range(IDEAS)])
    engine.dispose()

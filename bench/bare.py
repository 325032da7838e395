"""What the site is measured against: a bare Flask application with one page and one vote, on the same server and the same database settings.
`python -m bench.bare PORT DATABASE_URL` serves it until it is ended."""

if __name__ == "__main__":
    from gevent import monkey

    monkey.patch_all()

import socket
import sys
from typing import Any

from flask import Flask, render_template, request
from gevent.pywsgi import WSGIServer
from jinja2 import DictLoader
from sqlalchemy import create_engine, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.schema import Column, ForeignKey, MetaData, Table
from sqlalchemy.types import Integer, String

from cocreate.config import read_settings
from cocreate.core.db import engine_options, prepare_engine

ROWS = 30
TOKEN = "a-bare-token"
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title></head><body><h1>{{ title }}</h1><ul>
{% for row in rows %}<li id="idea-{{ row.id }}"><article><h2><a href="/ideas/{{ row.id }}">{{ row.title }}</a></h2>
<p>{{ row.body }}</p><p><span class="author">{{ row.author }}</span> <span class="count">{{ row.votes }} votes</span>
{% if row.votes > 10 %}<span class="tag">much wanted</span>{% endif %}</p></article></li>
{% endfor %}</ul></body></html>"""

metadata = MetaData()
tokens = Table("bare_tokens", metadata, Column("digest", String(64), primary_key=True), Column("person_id", Integer))
ideas = Table("bare_ideas", metadata, Column("id", Integer, primary_key=True), Column("votes", Integer))
votes = Table(
    "bare_votes",
    metadata,
    Column("idea_id", ForeignKey("bare_ideas.id"), primary_key=True),
    Column("person_id", Integer, primary_key=True),
    Column("stance", Integer),
)


def bare_app(database_url: str) -> Flask:
    app = Flask("bare")
    app.jinja_loader = DictLoader({"page.html": PAGE})
    rows = [{"id": n, "title": f"Idea {n} of thirty", "body": "Words of a usual length, " * 12, "author": f"Person {n}", "votes": n} for n in range(ROWS)]

    @app.get("/page")
    def page() -> str:
        return render_template("page.html", title="Thirty ideas", rows=rows)

    _add_vote(app, database_url)
    return app


def _add_vote(app: Flask, database_url: str) -> None:
    """Token row, upsert, counter, commit: as little as a vote can be."""
    engine = create_engine(database_url, **engine_options(database_url))
    prepare_engine(engine, lambda: True)
    upsert = sqlite_insert if engine.dialect.name == "sqlite" else postgres_insert
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(tokens).values(digest=TOKEN, person_id=1))
        connection.execute(insert(ideas), [{"id": n + 1, "votes": 0} for n in range(ROWS)])

    @app.put("/ideas/<int:idea_id>/vote")
    def vote(idea_id: int) -> dict[str, Any]:
        stance = request.get_json()["stance"]
        token = request.headers["Authorization"].removeprefix("Bearer ")
        with engine.begin() as connection:
            person_id = connection.scalar(select(tokens.c.person_id).where(tokens.c.digest == token))
            given = upsert(votes).values(idea_id=idea_id, person_id=person_id, stance=stance)
            connection.execute(given.on_conflict_do_update(index_elements=[votes.c.idea_id, votes.c.person_id], set_={"stance": stance}))
            counted = update(ideas).where(ideas.c.id == idea_id).values(votes=ideas.c.votes + stance).returning(ideas.c.votes)
            return {"id": idea_id, "votes": connection.scalar(counted)}

    @app.get("/settings")
    def settings() -> str:
        """How careful the database is."""
        with engine.connect() as connection:
            asked = (
                "PRAGMA synchronous" if engine.dialect.name == "sqlite" else "SELECT current_setting('synchronous_commit') || ', ' || current_setting('fsync')"
            )
            return str(connection.scalar(text(asked)))


if __name__ == "__main__":
    port, url = int(sys.argv[1]), read_settings({"COCREATE_DATABASE_URL": sys.argv[2], "COCREATE_SECRET_KEY": "of no use for this one"}).database_url
    listener = WSGIServer.get_listener(("127.0.0.1", port), 128, socket.AF_INET)
    # The server sends head and body apart; left alone, the system holds the body of a small answer back for 40 ms on a kept connection.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    WSGIServer(listener, bare_app(url), log=None).serve_forever()

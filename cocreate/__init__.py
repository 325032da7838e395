"""CoCreate: the application put together, slice by slice."""

from typing import Any

from flask import Flask
from flask_babel import Babel
from flask_migrate import Migrate
from gevent import monkey

from cocreate import (
    activity,
    boards,
    comments,
    commitments,
    ideas,
    listening,
    live,
    moderation,
    notifications,
    operating,
    pages,
    people,
    search,
    stances,
    statements,
    transfer,
)
from cocreate.config import Settings, read_settings
from cocreate.core import outbox as _outbox  # noqa: F401
from cocreate.core.db import db, engine_options, let_go_of_lost_connections, prepare_engine
from cocreate.entrypoints import api, beside, openapi as _openapi, sending as _sending, signin, sockets, web  # noqa: F401
from cocreate.eventlog.record import is_writing, watch_statements
from cocreate.links import models as _links  # noqa: F401
from cocreate.people.language_queries import chosen_language
from cocreate.people.queries import site

migrate = Migrate(directory=str(web.STATIC.parent / "migrations"), render_as_batch=True, compare_type=True)
babel = Babel()

# In the order of the tiers: each slice brings its routes and fills the registries of those below it.
SLICES: tuple[Any, ...] = (
    people,
    boards,
    search,
    stances,
    comments,
    commitments,
    ideas,
    statements,
    listening,
    moderation,
    activity,
    notifications,
    live,
    transfer,
    operating,
    pages,
)


def create_app(settings: Settings | None = None) -> Flask:
    """The application for these settings (default: the environment's). Raises BadSetting."""
    settings = settings or read_settings()
    app = Flask("cocreate", root_path=str(web.STATIC.parent), static_folder=None, template_folder="templates")
    app.url_map.converters["int"] = web.Id
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
        BABEL_DEFAULT_LOCALE="en",
    )
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    db.init_app(app)
    let_go_of_lost_connections(app)
    migrate.init_app(app, db)
    babel.init_app(app, locale_selector=chosen_language, timezone_selector=lambda: site().time_zone)
    with app.app_context():
        prepare_engine(db.engine, is_writing)
        watch_statements(db.engine)
    signin.install(app)
    for each in SLICES:
        each.install(app)
    # Before the web, which wraps it: the host that trusted proxies name is the sockets' too.
    sockets.install(app, settings, "gevent" if monkey.is_module_patched("socket") else "threading")
    web.install(app, settings)
    api.install(app)
    if settings.demo:
        beside.install(app)
    return app

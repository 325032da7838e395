"""Which migrations a database has had, and which the code brings."""

from functools import cache

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app

from cocreate.core.db import db


@cache
def _script(directory: str) -> ScriptDirectory:
    return ScriptDirectory(directory)


def _brought() -> ScriptDirectory:
    return _script(str(current_app.extensions["migrate"].directory))


def present() -> set[str]:
    """Where the database stands. One statement, or two."""
    return set(MigrationContext.configure(db.session.connection()).get_current_heads())


def expected() -> set[str]:
    """Where the code wants it to stand."""
    return set(_brought().get_heads())


def known() -> set[str]:
    """All that the code brings."""
    return {revision.revision for revision in _brought().walk_revisions()}

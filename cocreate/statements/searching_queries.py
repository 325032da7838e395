"""Statements as something to search, by their present text: for the registry."""

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, and_, select

from cocreate.core.db import db
from cocreate.people.viewer import Anyone
from cocreate.search.searchables import Found, Searchable
from cocreate.statements.models import Amendment, Statement, Version
from cocreate.statements.weave import load, prose


def listed_amendments() -> Select[Any]:
    """The ids of suggested changes that everybody sees on their statement."""
    return select(Amendment.id).where(Amendment.state == "shown", Amendment.status != "withdrawn")


def _listed_statements() -> Select[Any]:
    """All of them: a text is there for whoever reads its board."""
    return select(Statement.id)


def _present() -> Select[Any]:
    now = and_(Version.statement_id == Statement.id, Version.number == Statement.version)
    columns: tuple[Any, ...] = (Statement.id, Statement.board_id, Statement.title, Version.text, Statement.created_at)
    return select(*columns).join(Version, now)


def _find_statements(_viewer: Anyone, ids: set[int]) -> dict[int, Found]:
    rows = db.session.execute(_present().where(Statement.id.in_(ids)))
    return {row.id: Found(row.title, prose(load(row.text)), f"/statements/{row.id}", row.created_at) for row in rows}


def _statement_texts() -> Iterator[tuple[int, int, tuple[str, ...]]]:
    for row in db.session.execute(_present()):
        yield row.id, row.board_id, (row.title, row.text)


STATEMENTS = Searchable("statement", lambda: (_("Text"), _("Texts")), _listed_statements, _find_statements, _statement_texts)

"""What an SQL statement writes, read from its text; so that Core and raw SQL count as the ORM does."""

import re
from functools import lru_cache
from typing import Any, NamedTuple

from cocreate.core.db import db

_WRITE = re.compile(
    r"(?<!DO )(?<!FOR )(?<!KEY )"
    r"\b(INSERT(?:\s+OR\s+\w+)?\s+INTO|REPLACE\s+INTO|MERGE\s+INTO|UPDATE(?:\s+OR\s+\w+)?(?:\s+ONLY)?|DELETE\s+FROM|TRUNCATE(?:\s+TABLE)?|COPY)"
    r'\s+(?:"?\w+"?\.)?"?(\w+)"?',
    re.IGNORECASE,
)
_SET = re.compile(r"\bSET\s+(.*?)(?:\bWHERE\b|\bRETURNING\b|$)", re.IGNORECASE | re.DOTALL)
_COLUMN = re.compile(r'(?:^|,)\s*"?(\w+)"?\s*=')


class Write(NamedTuple):
    """A table written by a statement; `columns` only for a plain update, else None (all)."""

    table: str
    columns: frozenset[str] | None


@lru_cache(maxsize=2048)
def writes_of(statement: str) -> tuple[Write, ...]:
    """The tables that the statement writes. Text between quotes may count too: better one too many than one too few."""
    found = []
    for match in _WRITE.finditer(statement):
        columns = None
        if match[1].upper().startswith("UPDATE"):
            assignments = _SET.search(statement, match.end())
            columns = frozenset(_COLUMN.findall(assignments[1])) if assignments else None
        found.append(Write(match[2].lower(), columns))
    return tuple(found)


def is_logged(write: Write) -> bool:
    """Whether a change by this write has to leave an event: not where its table, or each column it sets, says that it is unlogged."""
    model: Any = _models().get(write.table)
    if model is None or getattr(model, "__unlogged__", None):
        return False
    unlogged: frozenset[str] = getattr(model, "__unlogged_columns__", frozenset())
    return not (write.columns is not None and write.columns <= unlogged)


@lru_cache(maxsize=1)
def _models() -> dict[str, type]:
    return {mapper.local_table.name: mapper.class_ for mapper in db.Model.registry.mappers}  # type: ignore[attr-defined]

"""Finding things by their words, always as somebody: only what lists show, on boards that the viewer reads. Counts are made by the same question."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, cast, column, false, func, literal_column, or_, select, table
from sqlalchemy.dialects.postgresql import TSQUERY

from cocreate.boards.queries import boards_as
from cocreate.boards.standing import BoardFacts
from cocreate.core.db import db
from cocreate.core.errors import BadInput
from cocreate.core.ids import Ref, ids_by_kind
from cocreate.core.paging import id_from, to_cursor
from cocreate.core.text import Wanted, search_words, wanted_words
from cocreate.people.naming import Who
from cocreate.people.viewer import Anyone
from cocreate.search.inputs import Search
from cocreate.search.models import SearchText
from cocreate.search.searchables import searchables
from cocreate.search.snippets import Run, excerpt, marked

_index = table("search_index", column("rowid"), column("search_index"))
# To the letter as the index has it, else PostgreSQL does not use it.
_VECTOR: ColumnElement[Any] = literal_column("array_to_tsvector(string_to_array(search_texts.words, ' '))")


@dataclass(frozen=True)
class Hit:
    """A thing that was found, as this viewer may read it, with the words searched for apart."""

    ref: Ref
    board: BoardFacts
    heading: list[Run]
    excerpt: list[Run]
    url: str
    at: datetime
    author: Who | None


@dataclass(frozen=True)
class Results:
    """A page of what was found, newest first, how much of each kind there is in all, and where the page goes on."""

    items: list[Hit]
    counts: dict[str, int]
    next_cursor: str | None


def ids_holding(kind: str, board_id: int, wanted: Wanted) -> Select[Any]:
    """A query for the ids of a board's things of a kind that hold all the words, whether lists show them or not."""
    return select(SearchText.subject_id).where(SearchText.subject_kind == kind, SearchText.board_id == board_id, _holding(wanted))


def _holding(wanted: Wanted) -> ColumnElement[bool]:
    """By the index. A word holds nothing but letters, digits and `_`, so that between quotes it is no part of either database's syntax."""
    if db.engine.dialect.name == "sqlite":
        asked = " AND ".join([*(f'"{word}"' for word in wanted.whole), *(f'"{word}" *' for word in wanted.beginnings)])
        return SearchText.id.in_(select(_index.c.rowid).where(_index.c.search_index.op("MATCH", is_comparison=True)(asked)))
    asked = " & ".join([*(f"'{word}'" for word in wanted.whole), *(f"'{word}':*" for word in wanted.beginnings)])
    return _VECTOR.op("@@", is_comparison=True)(cast(asked, TSQUERY))


def has_beginning(word: str) -> ColumnElement[bool]:
    """Whether the words of a row hold one with this beginning, without the index: for what counts how many of several are shared."""
    return (" " + SearchText.words).contains(f" {word}", autoescape=True)


def search(viewer: Anyone, asked: Search) -> Results:
    """What holds all the words, the last by its beginning. Raises BadInput for a bad cursor or a kind that is not searched."""
    if asked.kind and asked.kind not in searchables():
        raise BadInput({"kind": [", ".join(searchables())]})
    before = id_from(asked.cursor)
    wanted = wanted_words(asked.q)
    if wanted is None:
        return Results([], {}, None)
    boards = {found.board.id: found.board for found in boards_as(viewer)}
    found = (SearchText.board_id.in_(boards), _listed(), _holding(wanted))
    kinds = select(SearchText.subject_kind, func.count()).where(*found).group_by(SearchText.subject_kind)
    counts = {row[0]: row[1] for row in db.session.execute(kinds)}
    query = select(SearchText.id, SearchText.subject_kind, SearchText.subject_id, SearchText.board_id).where(*found)
    if asked.kind:
        query = query.where(SearchText.subject_kind == asked.kind)
    if before is not None:
        query = query.where(SearchText.id < before)
    rows = list(db.session.execute(query.order_by(SearchText.id.desc()).limit(asked.limit + 1)))
    more, rows = len(rows) > asked.limit, rows[: asked.limit]
    return Results(_hits(viewer, rows, boards, wanted), counts, to_cursor([rows[-1].id]) if more else None)


def _listed() -> ColumnElement[bool]:
    """What lists show, by what the slices say of their things now."""
    kinds = (and_(SearchText.subject_kind == kind, SearchText.subject_id.in_(each.listed())) for kind, each in searchables().items())
    return or_(false(), *kinds)


def _hits(viewer: Anyone, rows: list[Any], boards: dict[int, BoardFacts], wanted: Wanted) -> list[Hit]:
    places = {Ref(row.subject_kind, row.subject_id): boards[row.board_id] for row in rows}
    things = {Ref(kind, id): thing for kind, ids in ids_by_kind(places).items() for id, thing in searchables()[kind].find(viewer, ids).items()}
    return [
        Hit(ref, board, marked(thing.heading, wanted), excerpt(thing.text, wanted), thing.url, thing.at, thing.author)
        for ref, board in places.items()
        if (thing := things.get(ref)) is not None
    ]


def out_of_date() -> Iterator[tuple[Ref, int, tuple[str, ...] | None]]:
    """What is not found by the words it has now: its board and texts, or None in their place where it is not there any more."""
    kept = {Ref(row.subject_kind, row.subject_id): (row.board_id, row.words) for row in db.session.execute(select(SearchText.__table__))}
    for kind, each in searchables().items():
        for id, board_id, texts in each.texts():
            if kept.pop(Ref(kind, id), None) != (board_id, " ".join(search_words(*texts))):
                yield Ref(kind, id), board_id, texts
    for ref, (board_id, _words) in kept.items():
        yield ref, board_id, None

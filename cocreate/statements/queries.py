"""Reading statements, always as somebody: the text as it is, how it came to be, what of it is adopted and who shaped it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import aliased

from cocreate.boards.policy import reading
from cocreate.boards.queries import board_as, board_by_id_as, boards_as, boards_by_id
from cocreate.boards.standing import BoardFacts, Standing
from cocreate.core.db import db
from cocreate.core.diff import Run
from cocreate.core.errors import NotFound
from cocreate.core.ids import Ref
from cocreate.eventlog.subjects import Subject
from cocreate.links.queries import evidence_for
from cocreate.people.models import Person
from cocreate.people.naming import Who, who
from cocreate.people.viewer import Anyone
from cocreate.statements.models import Amendment, Statement, Version
from cocreate.statements.weave import Paragraphs, changes, flat, load, origins, prose

_signer = aliased(Person)
_VERSION = (
    Version.id, Version.statement_id, Version.number, Version.text, Version.reason, Version.at, Version.signed_by, Version.amendment_id,
    _signer.name.label("signer_name"), _signer.group.label("signer_group"),
    Amendment.author_id, Amendment.credit, Amendment.state, Person.name.label("author_name"), Person.group.label("author_group"),
)  # fmt: skip


@dataclass(frozen=True)
class StatementView:
    """A statement with its present text. `is_starting`: nobody has changed the words it started with."""

    id: int
    board: BoardFacts
    title: str
    version: int
    paragraphs: Paragraphs
    adopted_at: datetime | None
    is_starting: bool

    @property
    def ref(self) -> Ref:
        return Ref("statement", self.id)

    @property
    def sentences(self) -> list[str]:
        return flat(self.paragraphs)

    @property
    def text(self) -> str:
        return prose(self.paragraphs)


@dataclass(frozen=True)
class VersionView:
    """One version of a text. `step` says how it came: `started`, `change` (an accepted one), `adopted` (the words stayed), `back` (a change was taken back),
    `reworded` (by hosts, in place of starting words). `changes` are the word runs from the version before."""

    number: int
    step: str
    paragraphs: Paragraphs
    changes: list[list[Run]]
    amendment_id: int | None
    author: Who | None
    signed_by: Who | None
    reason: str
    at: datetime


@dataclass(frozen=True)
class Shaping:
    """An accepted change that made a sentence what it is. `author` only where they agreed to be named; `group` is theirs in any case; `cites` are the
    Refs of the words that the change stands on."""

    amendment_id: int
    author: Who | None
    group: str | None
    cites: list[Ref]
    signed_by: Who | None
    reason: str
    at: datetime


@dataclass(frozen=True)
class AdoptedSentence:
    """A sentence of an adopted text with what shaped it, newest first; nothing for words it started with."""

    text: str
    shaped: list[Shaping]


@dataclass(frozen=True)
class Adopted:
    """A text that stands on the page What you can expect from us."""

    statement_id: int
    title: str
    board: BoardFacts
    version: int
    at: datetime
    signed_by: Who | None
    paragraphs: list[list[AdoptedSentence]]

    @property
    def ref(self) -> Ref:
        return Ref("statement", self.statement_id)

    @property
    def cites(self) -> set[Ref]:
        return {ref for paragraph in self.paragraphs for sentence in paragraph for shaping in sentence.shaped for ref in shaping.cites}


def _statements() -> Select[Any]:
    now = and_(Version.statement_id == Statement.id, Version.number == Statement.version)
    return select(*Statement.__table__.columns, Version.text, Version.signed_by).join(Version, now)


def _statement(row: Any, board: BoardFacts) -> StatementView:
    starting = row.version == 1 and row.signed_by is None
    return StatementView(row.id, board, row.title, row.version, load(row.text), row.adopted_at, starting)


def statement_as(viewer: Anyone, statement_id: int) -> StatementView:
    """Raises NotFound where the viewer may not read its board."""
    row = db.session.execute(_statements().where(Statement.id == statement_id)).first()
    if row is None:
        raise NotFound()
    return _statement(row, board_by_id_as(viewer, row.board_id).board)


def statement_on(viewer: Anyone, slug: str) -> StatementView | None:
    """The board's statement. Raises NotFound where the viewer may not read the board."""
    board = board_as(viewer, slug).board
    row = db.session.execute(_statements().where(Statement.board_id == board.id)).first()
    return _statement(row, board) if row is not None else None


def statements_on(board_id: int) -> list[Any]:
    """The statement of a board, if it has one, for pages that know who reads the board: rows of id, title, version, adopted_at."""
    query = select(Statement.id, Statement.title, Statement.version, Statement.adopted_at).where(Statement.board_id == board_id)
    return list(db.session.execute(query.order_by(Statement.id)))


def statements_among(board_ids: list[int]) -> list[Any]:
    """The statements of several boards, adopted or not: rows of id, board_id, title, adopted_at."""
    query = select(Statement.id, Statement.board_id, Statement.title, Statement.adopted_at).where(Statement.board_id.in_(board_ids))
    return list(db.session.execute(query.order_by(Statement.id))) if board_ids else []


def _version_rows(statement_ids: list[int]) -> list[Any]:
    query = select(*_VERSION).outerjoin(_signer, _signer.id == Version.signed_by).outerjoin(Amendment, Amendment.id == Version.amendment_id)
    query = query.outerjoin(Person, Person.id == Amendment.author_id).where(Version.statement_id.in_(statement_ids))
    return list(db.session.execute(query.order_by(Version.statement_id, Version.number)))


def versions_of(statement: StatementView) -> list[VersionView]:
    """All versions, newest first."""
    found: list[VersionView] = []
    texts: list[Paragraphs] = []
    for row in _version_rows([statement.id]):
        text = load(row.text)
        author = who(row.author_id, row.author_name, row.author_group) if row.state == "shown" else None
        signed_by = who(row.signed_by, row.signer_name, row.signer_group)
        changed = changes(texts[-1], text) if texts else []
        found.append(VersionView(row.number, _step(row, text, texts), text, changed, row.amendment_id, author, signed_by, row.reason, row.at))
        texts.append(text)
    return found[::-1]


def _step(row: Any, text: Paragraphs, earlier: list[Paragraphs]) -> str:
    if not earlier:
        return "started"
    if row.amendment_id is not None:
        return "change"
    if text == earlier[-1]:
        return "adopted"
    return "back" if len(earlier) > 1 and text == earlier[-2] else "reworded"


def first_words(readable: list[Standing], most: int = 3) -> list[str]:
    """The first sentences of the adopted text that stands first on the promise page. One statement."""
    kinds = {standing.board.id: standing.board.kind for standing in readable}
    now = and_(Version.statement_id == Statement.id, Version.number == Statement.version)
    query = select(Statement.board_id, Version.text).join(Version, now).where(Statement.adopted_at.is_not(None), Statement.board_id.in_(kinds))
    rows = sorted(db.session.execute(query.order_by(Statement.id)), key=lambda row: kinds[row.board_id] != "brand")
    return [sentence for row in rows[:1] for paragraph in load(row.text) for sentence in paragraph][:most]


def adopted(viewer: Anyone, readable: list[Standing] | None = None) -> list[Adopted]:
    """Every adopted text on the boards that the viewer may read, brand boards first, each sentence with what shaped it; in a fixed number of statements.
    `readable` are those boards, where they were asked for already."""
    boards = {standing.board.id: standing.board for standing in (boards_as(viewer) if readable is None else readable)}
    query = select(*Statement.__table__.columns, Person.name, Person.group).outerjoin(Person, Person.id == Statement.adopted_by)
    found = db.session.execute(query.where(Statement.adopted_at.is_not(None), Statement.board_id.in_(boards)).order_by(Statement.id))
    rows = sorted(found, key=lambda row: boards[row.board_id].kind != "brand")
    versions: dict[int, list[Any]] = {row.id: [] for row in rows}
    for version in _version_rows(list(versions)) if versions else []:
        versions[version.statement_id].append(version)
    accepted = [Ref("amendment", v.amendment_id) for each in versions.values() for v in each if v.amendment_id is not None and v.state == "shown"]
    links = evidence_for(accepted) if accepted else {}
    return [_adopted(row, boards[row.board_id], versions[row.id], links) for row in rows]


def _adopted(row: Any, board: BoardFacts, versions: list[Any], links: dict[Ref, list[Ref]]) -> Adopted:
    texts = [load(version.text) for version in versions]
    chains = iter(origins(texts))
    last = versions[-1]
    paragraphs = [[AdoptedSentence(sentence, _shaped(next(chains), versions, links)) for sentence in paragraph] for paragraph in texts[-1]]
    # whoever signed the newest version stands for the text as it is; a text set aside and adopted again keeps its own signature
    signed_by = who(last.signed_by, last.signer_name, last.signer_group) or who(row.adopted_by, row.name, row.group)
    return Adopted(row.id, row.title, board, row.version, last.at, signed_by, paragraphs)


def _shaped(chain: tuple[int, ...], versions: list[Any], links: dict[Ref, list[Ref]]) -> list[Shaping]:
    found = []
    for version in (versions[place] for place in chain):
        if version.amendment_id is not None and version.state == "shown":
            author = who(version.author_id, version.author_name, version.author_group) if version.credit else None
            cites = links.get(Ref("amendment", version.amendment_id), [])
            signed_by = who(version.signed_by, version.signer_name, version.signer_group)
            found.append(Shaping(version.amendment_id, author, version.author_group, cites, signed_by, version.reason, version.at))
    return found


def amendments_by(author_id: int, limit: int = 50) -> list[Any]:
    """A person's own suggestions, newest first: rows of id, statement_id, board_id, before, after, status, state, created_at, decision, decided_at, title."""
    columns = (Amendment.id, Amendment.statement_id, Amendment.board_id, Amendment.before, Amendment.after, Amendment.status, Amendment.state)
    query = select(*columns, Amendment.created_at, Amendment.decision, Amendment.decided_at, Statement.title)
    query = query.join(Statement, Statement.id == Amendment.statement_id).where(Amendment.author_id == author_id)
    return list(db.session.execute(query.order_by(Amendment.id.desc()).limit(limit)))


def fates_of(amendment_ids: set[int]) -> dict[int, str]:
    """What became of suggestions: the status of each."""
    query = select(Amendment.id, Amendment.status).where(Amendment.id.in_(amendment_ids))
    return {row.id: row.status for row in db.session.execute(query)} if amendment_ids else {}


def statement_row(statement_id: int, lock: bool = False) -> Statement:
    """Raises NotFound."""
    query = select(Statement).where(Statement.id == statement_id)
    row = db.session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise NotFound()
    return row


def find_statements(viewer: Anyone, ids: set[int]) -> dict[int, Subject]:
    """For the registry of subjects."""
    rows = list(db.session.execute(select(Statement.id, Statement.title, Statement.board_id).where(Statement.id.in_(ids))))
    return _readable(viewer, rows, lambda row: Subject(row.title, f"/statements/{row.id}"))


def find_versions(viewer: Anyone, ids: set[int]) -> dict[int, Subject]:
    """For the registry of subjects."""
    query = select(Version.id, Version.number, Version.statement_id, Statement.title, Statement.board_id).join(Statement, Statement.id == Version.statement_id)
    rows = list(db.session.execute(query.where(Version.id.in_(ids))))
    return _readable(viewer, rows, lambda row: Subject(f"{row.title}, {row.number}", f"/statements/{row.statement_id}/versions#version-{row.number}"))


def _readable(viewer: Anyone, rows: list[Any], subject: Callable[[Any], Subject]) -> dict[int, Subject]:
    boards = boards_by_id({row.board_id for row in rows})
    return {row.id: subject(row) for row in rows if reading(viewer, boards[row.board_id]) is None}

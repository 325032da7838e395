"""Reading the changes suggested to a statement, always as somebody; the row for actions at the end."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Select, and_, case, or_, select
from sqlalchemy.orm import aliased

from cocreate.boards.policy import seeing
from cocreate.boards.queries import board_facts, boards_by_id
from cocreate.boards.standing import BoardFacts
from cocreate.comments.policy import Commentable
from cocreate.core.db import db
from cocreate.core.diff import Run
from cocreate.core.errors import NotFound
from cocreate.core.ids import Ref
from cocreate.core.text import cut
from cocreate.eventlog.subjects import Subject
from cocreate.links.evidence import Quote, find_quotes
from cocreate.links.queries import evidence_for
from cocreate.people.models import Person
from cocreate.people.naming import Who, who
from cocreate.people.viewer import Anyone
from cocreate.stances.models import Tally
from cocreate.stances.queries import TALLY_COLUMNS, StanceWord, TallyView, own_stances, tally_view
from cocreate.stances.votables import Votable
from cocreate.statements.models import Amendment, Statement, Version
from cocreate.statements.policy import ChangeOnBoard, OnBoard, settled
from cocreate.statements.queries import StatementView, statement_row
from cocreate.statements.weave import load, stands_in, word_runs

Status = Literal["open", "accepted", "declined", "withdrawn"]
State = Literal["shown", "held", "hidden"]
_decider = aliased(Person)
_PEOPLE = (Person.name.label("author_name"), Person.group.label("author_group"), _decider.name.label("decider_name"), _decider.group.label("decider_group"))


@dataclass(frozen=True)
class AmendmentView:
    """A suggested change as a page or a call shows it to one viewer. `is_stale`: the sentence it is about stands there no more; `instead` is what took its
    place, where a change did."""

    id: int
    statement_id: int
    board: BoardFacts
    before: str
    after: str
    reason: str
    author: Who | None
    credit: bool
    status: Status
    state: State
    decided_by: Who | None
    decided_at: datetime | None
    decision: str
    created_at: datetime
    tally: TallyView
    my_stance: StanceWord | None
    is_stale: bool
    instead: str | None
    quotes: list[Quote] = field(default_factory=list)

    @property
    def ref(self) -> Ref:
        return Ref("amendment", self.id)

    @property
    def runs(self) -> list[Run]:
        return word_runs(self.before, self.after)

    @property
    def author_id(self) -> int | None:
        return self.author["id"] if self.author else None

    @property
    def amendment(self) -> "AmendmentView":
        """A page asks for rights with what it was given, as actions do with the row."""
        return self


def _amendments() -> Select[Any]:
    tally = and_(Tally.subject_kind == "amendment", Tally.subject_id == Amendment.id)
    query = select(*Amendment.__table__.columns, *_PEOPLE, *TALLY_COLUMNS).join(Tally, tally)
    return query.outerjoin(Person, Person.id == Amendment.author_id).outerjoin(_decider, _decider.id == Amendment.decided_by)


def _views(viewer: Anyone, rows: list[Any], board: BoardFacts) -> list[AmendmentView]:
    """Amendments of one statement."""
    if not rows:
        return []
    present = select(Version.text).join(Statement, Statement.id == Version.statement_id).where(Version.number == Statement.version)
    now = load(db.session.scalars(present.where(Statement.id == rows[0].statement_id)).one())
    ids = [row.id for row in rows]
    stances = own_stances(viewer, "amendment", ids)
    links = evidence_for([Ref("amendment", id) for id in ids])
    quotes = find_quotes(viewer, [board], {ref for refs in links.values() for ref in refs})
    gone = {row.before for row in rows if row.status == "open" and row.before and not stands_in(now, row.before)}
    instead = put_instead(rows[0].statement_id, gone)
    cited = {row.id: [quotes[ref] for ref in links.get(Ref("amendment", row.id), []) if ref in quotes] for row in rows}
    return [_view(row, board, stances.get(row.id), gone, instead, cited[row.id]) for row in rows]


def put_instead(statement_id: int, gone: set[str]) -> dict[str, str]:
    """What accepted changes put in the place of these sentences."""
    if not gone:
        return {}
    query = select(Amendment.before, Amendment.after).where(Amendment.statement_id == statement_id, Amendment.status == "accepted", Amendment.before.in_(gone))
    return {row.before: row.after for row in db.session.execute(query.order_by(Amendment.decided_at))}


def _view(row: Any, board: BoardFacts, mine: StanceWord | None, gone: set[str], instead: dict[str, str], quotes: list[Quote]) -> AmendmentView:
    withdrawn = row.status == "withdrawn"
    stale = row.status == "open" and row.before in gone
    return AmendmentView(
        id=row.id,
        statement_id=row.statement_id,
        board=board,
        before="" if withdrawn else row.before,
        after="" if withdrawn else row.after,
        reason="" if withdrawn else row.reason,
        author=who(row.author_id, row.author_name, row.author_group),
        credit=row.credit,
        status=row.status,
        state=row.state,
        decided_by=who(row.decided_by, row.decider_name, row.decider_group),
        decided_at=row.decided_at,
        decision=row.decision,
        created_at=row.created_at,
        tally=tally_view(row, board),
        my_stance=mine,
        is_stale=stale,
        instead=instead.get(row.before) if stale else None,
        quotes=[] if withdrawn else quotes,
    )


def open_amendments(viewer: Anyone, statement: StatementView) -> list[AmendmentView]:
    """Changes that wait for a decision and that everybody on the board sees, in the order of the text; additions and what is out of date come last."""
    query = _amendments().where(Amendment.statement_id == statement.id, Amendment.status == "open", Amendment.state == "shown")
    found = _views(viewer, list(db.session.execute(query.order_by(Amendment.id))), statement.board)
    places = {sentence: place for place, sentence in reversed(list(enumerate(statement.sentences)))}
    last = len(places)
    return sorted(found, key=lambda each: (each.is_stale, places.get(each.before, last), each.id))


def declined_amendments(viewer: Anyone, statement: StatementView, limit: int = 20) -> list[AmendmentView]:
    """What was declined, with its reasons, newest first."""
    query = _amendments().where(Amendment.statement_id == statement.id, Amendment.status == "declined", Amendment.state == "shown")
    return _views(viewer, list(db.session.execute(query.order_by(Amendment.decided_at.desc(), Amendment.id.desc()).limit(limit))), statement.board)


def latest_accepted(board_ids: list[int], limit: int) -> list[Any]:
    """Changes that became part of a text, newest first: rows of id, board_id, statement (its title), before, after, decision, decided_at, and the names and
    groups of who suggested (author_, none where they did not agree to be named) and who decided (decider_)."""
    named = [case((Amendment.credit, column)).label(label) for column, label in ((Person.name, "author_name"), (Person.group, "author_group"))]
    columns = (
        Amendment.id,
        Amendment.board_id,
        Statement.title.label("statement"),
        Amendment.before,
        Amendment.after,
        Amendment.decision,
        Amendment.decided_at,
    )
    query = select(*columns, *named, *_PEOPLE[2:]).join(Statement, Statement.id == Amendment.statement_id)
    query = query.outerjoin(Person, Person.id == Amendment.author_id).outerjoin(_decider, _decider.id == Amendment.decided_by)
    query = query.where(Amendment.board_id.in_(board_ids), Amendment.status == "accepted", Amendment.state == "shown")
    return list(db.session.execute(query.order_by(Amendment.decided_at.desc(), Amendment.id.desc()).limit(limit)))


def amendment_as(viewer: Anyone, amendment_id: int) -> AmendmentView:
    """Raises NotFound where the viewer may not read it."""
    row = db.session.execute(_amendments().where(Amendment.id == amendment_id)).first()
    if row is None:
        raise NotFound()
    board = board_facts(row.board_id)
    if seeing(viewer, board, row.state, row.author_id) is not None:
        raise NotFound()
    return _views(viewer, [row], board)[0]


def twin_of(statement_id: int, before: str, after: str) -> int | None:
    """The open change that says exactly the same and that everybody sees."""
    same = (Amendment.before == before, Amendment.after == after, Amendment.status == "open", Amendment.state == "shown")
    return db.session.scalar(select(Amendment.id).where(Amendment.statement_id == statement_id, *same).order_by(Amendment.id).limit(1))


def _title(row: Any) -> str:
    """Its words as others may read them: none where they were taken back."""
    return "" if row.status == "withdrawn" else str(row.after or row.before)


def on_board(amendment_id: int, lock: bool = False) -> OnBoard:
    """The row and its board, for an action. Raises NotFound. With `lock` the statement is held too, always before the change, so that two who decide at once
    come one after the other."""
    statement_id = db.session.scalar(select(Amendment.statement_id).where(Amendment.id == amendment_id))
    if statement_id is None:
        raise NotFound()
    if lock:
        statement_row(statement_id, lock=True)
    query = select(Amendment).where(Amendment.id == amendment_id)
    row = db.session.scalars(query.with_for_update() if lock else query).one()
    return OnBoard(row, board_facts(row.board_id))


def reopenable(ids: Iterable[int]) -> set[int]:
    """Those of the changes whose decision can be taken back: declined, or accepted with nothing after it."""
    last = and_(Version.statement_id == Statement.id, Version.number == Statement.version)
    query = select(Amendment.id).join(Statement, Statement.id == Amendment.statement_id).join(Version, last).where(Amendment.id.in_(set(ids)))
    return set(db.session.scalars(query.where(or_(Amendment.status == "declined", and_(Amendment.status == "accepted", Version.amendment_id == Amendment.id)))))


def load_votable(amendment_id: int) -> Votable:
    """For the registry of what can be weighed."""
    found = on_board(amendment_id)
    return votable_of(found, Ref("amendment", amendment_id), _title(found.amendment))


def votables_on_board(board: BoardFacts) -> list[Votable]:
    """For the registry: all changes of a board."""
    rows = db.session.scalars(select(Amendment).where(Amendment.board_id == board.id))
    return [votable_of(OnBoard(row, board), Ref("amendment", row.id), _title(row)) for row in rows]


def votable_of(subject: ChangeOnBoard, ref: Ref, title: str) -> Votable:
    """The change as a thing to weigh, from its row or from what a page was given."""
    refusal = NotFound() if subject.amendment.state != "shown" else settled(subject.amendment)
    return Votable(ref, subject.board, title, f"/amendments/{ref.id}", (), refusal)


def load_commentable(amendment_id: int, lock: bool) -> Commentable:
    """For the registry of what can be commented on. A change that was decided can still be talked about."""
    found = on_board(amendment_id, lock)
    return commentable_of(found, Ref("amendment", amendment_id))


def commentable_of(subject: ChangeOnBoard, ref: Ref) -> Commentable:
    """The change as a thing to comment on, from its row or from what a page was given."""
    row = subject.amendment
    refusal = settled(row) if row.status == "withdrawn" else None
    return Commentable(ref, subject.board, _title(row), f"/amendments/{ref.id}", refusal, row.state == "shown", row.author_id)


def find_amendments(viewer: Anyone, ids: set[int]) -> dict[int, Subject]:
    """For the registry of subjects."""
    columns = (Amendment.id, Amendment.board_id, Amendment.before, Amendment.after, Amendment.state, Amendment.status, Amendment.author_id)
    rows = list(db.session.execute(select(*columns).where(Amendment.id.in_(ids))))
    boards = boards_by_id({row.board_id for row in rows})
    return {
        row.id: Subject(cut(_title(row), 120), f"/amendments/{row.id}")
        for row in rows
        if seeing(viewer, boards[row.board_id], row.state, row.author_id) is None
    }

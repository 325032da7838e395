"""A conversation as Polis exports it: statements, who took part, and what each of them thinks of each statement."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask_babel import gettext as _

from cocreate.core.fields import whole_number
from cocreate.core.text import cut, many_lines, one_line
from cocreate.transfer.rows import broken, read_all, read_rows

TITLE = 140  # characters of a statement that stand as a title
MOST_TEXT = 10_000
STANCES = {"1": 1, "0": 0, "-1": -1}
MODERATED = ("-1", "0", "1")
HIDDEN = "-1"
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Statement:
    """One statement. `title` is the text on one line, cut where it is long; then `body` is the whole of it."""

    number: int
    author: int | None
    at: datetime
    is_hidden: bool
    title: str
    body: str


@dataclass(frozen=True)
class Conversation:
    """`statements` in the order of time; `stances` by statement and person, the last one each; `left_out` votes are on statements that are not there."""

    statements: list[Statement]
    people: list[int]
    stances: dict[int, dict[int, int]]
    left_out: int

    @property
    def stance_count(self) -> int:
        return sum(map(len, self.stances.values()))


def read_conversation(folder: Path) -> Conversation:
    """The export in a folder, whole. Raises BadInput that names the file and the line."""
    statements = sorted(_statements(folder / "comments.csv"), key=lambda statement: (statement.at, statement.number))
    people = {statement.author for statement in statements if statement.author is not None} | set(_participants(folder / "participants-votes.csv"))
    known = {statement.number for statement in statements}
    stances: dict[int, dict[int, int]] = {}
    left_out = 0
    for statement, voices in _last_votes(folder / "votes.csv").items():
        people |= voices.keys()
        if statement in known:
            stances[statement] = {voter: stance for voter, (_at, stance) in sorted(voices.items())}
        else:
            left_out += len(voices)
    return Conversation(statements, sorted(people), stances, left_out)


def read_topic(folder: Path) -> str:
    """What the conversation was about. Raises BadInput where its summary does not say."""
    file = folder / "summary.csv"
    for _line, row in read_all(file):
        if row[0] == "topic" and len(row) > 1 and one_line(row[1]):
            return one_line(row[1])
    raise broken(file, _("It names no topic."))


def _statements(file: Path) -> Iterator[Statement]:
    seen: set[int] = set()
    for line, (at, number, author, moderated, text) in read_rows(file, ("timestamp", "comment-id", "author-id", "moderated", "comment-body")):
        moment = _moment(file, line, at)
        id = _number(file, line, "comment-id", number)
        if id in seen:
            raise broken(file, _("Statement %(number)d is there twice.", number=id), line)
        seen.add(id)
        if moderated not in MODERATED:
            raise broken(file, _("moderated is %(value)s; it is -1, 0 or 1.", value=cut(repr(moderated), 20)), line)
        words = many_lines(text).strip()
        if not words or len(words) > MOST_TEXT:
            raise broken(file, _("A statement has 1 to %(count)d characters.", count=MOST_TEXT), line)
        whole = one_line(words)
        title = cut(whole, TITLE)
        author_id = _number(file, line, "author-id", author) if author else None
        yield Statement(id, author_id, moment, moderated == HIDDEN, title, words if title != whole else "")


def _participants(file: Path) -> Iterator[int]:
    """Who took part; what they voted stands in the votes, with its time."""
    for line, (number,) in read_rows(file, ("participant",)):
        yield _number(file, line, "participant", number)


def _last_votes(file: Path) -> dict[int, dict[int, tuple[datetime, int]]]:
    """By statement and voter the last vote, by time and then by row."""
    found: dict[int, dict[int, tuple[datetime, int]]] = {}
    for line, (at, statement, voter, vote) in read_rows(file, ("timestamp", "comment-id", "voter-id", "vote")):
        moment = _moment(file, line, at)
        if vote not in STANCES:
            raise broken(file, _("vote is %(value)s; it is -1, 0 or 1.", value=cut(repr(vote), 20)), line)
        voices = found.setdefault(_number(file, line, "comment-id", statement), {})
        before = voices.get(voter_id := _number(file, line, "voter-id", voter))
        if before is None or moment >= before[0]:
            voices[voter_id] = moment, STANCES[vote]
    return found


def _number(file: Path, line: int, column: str, text: str) -> int:
    found = whole_number(text)
    if found is None:
        raise broken(file, _("%(column)s is %(value)s; it is a whole number.", column=column, value=cut(repr(text), 20)), line)
    return found


def _moment(file: Path, line: int, text: str) -> datetime:
    """A time in milliseconds since 1970."""
    found = whole_number(text, digits=14)
    if found is None:
        raise broken(file, _("timestamp is %(value)s; it is a time in milliseconds since 1970.", value=cut(repr(text), 20)), line)
    return BEGINNING + timedelta(milliseconds=found)

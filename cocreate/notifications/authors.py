"""Who is concerned because they wrote something: its authors, by kind of event."""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import select

from cocreate.comments.models import Comment
from cocreate.core.db import db
from cocreate.core.ids import Ref, parse_ref
from cocreate.eventlog.tail import Entry
from cocreate.ideas.models import Idea
from cocreate.ideas.queries import merged_into
from cocreate.links.queries import evidence_for
from cocreate.listening.models import Response
from cocreate.notifications.concerns import Concern
from cocreate.statements.models import Amendment

_MODELS: dict[str, Any] = {"idea": Idea, "comment": Comment, "response": Response, "amendment": Amendment}


def authors_of(refs: Iterable[Ref]) -> dict[Ref, int]:
    """The authors of things, those without one left out."""
    found: dict[Ref, int] = {}
    refs = list(refs)
    for kind, model in _MODELS.items():
        ids = {ref.id for ref in refs if ref.kind == kind}
        if ids:
            query = select(model.id, model.author_id).where(model.id.in_(ids), model.author_id.is_not(None))
            found |= {Ref(kind, row.id): row.author_id for row in db.session.execute(query)}
    return found


def its_author(entry: Entry) -> list[Concern]:
    """Whoever wrote what this happened to."""
    return [Concern(person_id, entry.kind, entry.subject) for person_id in authors_of([entry.subject]).values()]


def of_the_joined(entry: Entry) -> list[Concern]:
    """Whoever proposed the idea, or one that was joined with it: named is what they proposed, and it leads to where that lives on."""
    family = [entry.subject, *(Ref("idea", id) for id in merged_into(entry.subject.id))]
    authors = authors_of(family)
    return [Concern(authors[ref], entry.kind, entry.subject, ref if ref != entry.subject else None) for ref in family if ref in authors]


def _answered_by_comment(entry: Entry) -> list[Concern]:
    """Whoever wrote the comment this replies to, and whoever wrote what it is about."""
    about = parse_ref(entry.data["about"])
    reply_to = Ref("comment", entry.data["reply_to"]) if entry.data["reply_to"] is not None else None
    authors = authors_of([about, *([reply_to] if reply_to else [])])
    found = [Concern(authors[reply_to], "comment.reply", entry.subject, about)] if reply_to in authors else []
    return found + ([Concern(authors[about], entry.kind, entry.subject, about)] if about in authors else [])


def _taken_up(entry: Entry) -> list[Concern]:
    """Whoever's words something new stands on."""
    cited = evidence_for([entry.subject]).get(entry.subject, [])
    return [Concern(person_id, "words.taken_up", entry.subject) for person_id in authors_of(cited).values()]


def _cited(entry: Entry) -> list[Concern]:
    """Whoever's words are cited by a change that is now part of the text; it leads to the change, with their words, the reason and the name."""
    cited = evidence_for([entry.subject]).get(entry.subject, [])
    return [Concern(person_id, "words.cited", entry.subject, Ref("statement", entry.data["statement"])) for person_id in authors_of(cited).values()]


def _accepted(entry: Entry) -> list[Concern]:
    statement = Ref("statement", entry.data["statement"])
    return [Concern(author.person_id, author.why, entry.subject, statement) for author in its_author(entry)] + _cited(entry)


def _decided(entry: Entry) -> list[Concern]:
    statement = Ref("statement", entry.data["statement"])
    return [Concern(author.person_id, author.why, entry.subject, statement) for author in its_author(entry)]


CONCERNS: dict[str, Callable[[Entry], list[Concern]]] = {
    **dict.fromkeys(("idea.proposed", "amendment.proposed"), _taken_up),
    **dict.fromkeys(("idea.answered", "idea.unanswered", "idea.heard"), of_the_joined),
    **dict.fromkeys(("idea.merged", "idea.unmerged", "idea.hidden", "idea.shown"), its_author),
    "comment.posted": _answered_by_comment,
    **dict.fromkeys(("comment.hidden", "comment.shown", "response.hidden", "response.shown"), its_author),
    "amendment.accepted": _accepted,
    **dict.fromkeys(("amendment.declined", "amendment.reopened", "amendment.hidden", "amendment.shown"), _decided),
}

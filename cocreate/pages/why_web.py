"""Why it works this way; and My words."""

from flask import render_template

from cocreate.boards.queries import boards_by_id
from cocreate.boards.standing import standing
from cocreate.core.ids import Ref
from cocreate.entrypoints.forms import signed_in
from cocreate.eventlog.subjects import find_subjects
from cocreate.ideas.finding_queries import ideas_by
from cocreate.links.queries import uses_of
from cocreate.listening.queries import responses_by
from cocreate.pages.blueprint import blueprint
from cocreate.statements.queries import amendments_by, fates_of


@blueprint.get("/why")
def why() -> str:
    """What people meet here, tied to the ideas behind it."""
    return render_template("pages/why.html")


@blueprint.get("/my-words")
def words() -> str:
    """What became of what I said: each of my lines, ideas and suggested changes, and where they went."""
    who = signed_in()
    responses, ideas, amendments = responses_by(who.id), ideas_by(who.id), amendments_by(who.id)
    refs = [*(Ref("response", row.id) for row in responses), *(Ref("idea", row.id) for row in ideas)]
    uses = uses_of(refs)
    cited_in = {ref.id for found in uses.values() for _relation, ref in found if ref.kind == "amendment"}
    subjects = find_subjects(who, {ref for found in uses.values() for _relation, ref in found})
    boards = boards_by_id({row.board_id for row in (*responses, *ideas, *amendments)})
    return render_template(
        "pages/words.html",
        responses=responses,
        ideas=ideas,
        amendments=amendments,
        uses=uses,
        subjects=subjects,
        fates=fates_of(cited_in),
        boards={id: board for id, board in boards.items() if standing(who, board).reads},
        Ref=Ref,
    )

"""What the demo's story leaves out and some page needs: a suggestion that waits, joined ideas, a draft, ways in; on boards of management and partners."""

import re
from typing import Any

from cocreate.boards.actions import make_board
from cocreate.boards.inputs import NewBoard
from cocreate.comments.actions import post_comment
from cocreate.comments.inputs import NewComment
from cocreate.core.ids import Ref
from cocreate.core.outbox import recent_mail
from cocreate.ideas.curation_actions import merge_idea
from cocreate.people.actions import make_invitation
from cocreate.people.inputs import AskToSignIn, NewInvitation
from cocreate.people.queries import site as organisation
from cocreate.people.signin_actions import LINK_PLACE, ask_to_sign_in
from cocreate.statements.queries import statement_on
from tests.attacks.scene import lay_scene
from tests.browser.conftest import person_at
from tests.sites import Site
from tests.stage import open_board, propose

GROUPS: Any = ("management", "partner")


def lay(site: Site) -> dict[str, Any]:
    """What each name in an address stands for."""
    mona, piet, arne = (person_at(site, f"{name}@halden.example") for name in ("mona", "piet", "arne"))
    with site.app.app_context():
        scene = lay_scene(mona, piet, "inner-circle", GROUPS)
        open_board("quiet", mona, GROUPS, kind="brand")
        quiet = statement_on(mona, "quiet")
        assert quiet is not None
        board_id = open_board("workshop", mona, GROUPS)
        stays, joined = propose(piet, board_id, "A key that opens the shed"), propose(piet, board_id, "One key for the shed")
        merge_idea(mona, joined, stays)
        make_board(mona, NewBoard(kind="product", slug="next-winter", title="Next winter", groups=list(GROUPS)))
        return {
            **{name: id for name, id in scene.ids.items() if name != "idea"},
            "inner": scene.ids["idea"],
            "quiet": quiet.id,
            "joined": joined,
            "own_comment": post_comment(mona, Ref("idea", stays), NewComment(body="Two keys are enough."), "<p>Two keys are enough.</p>"),
            "invitation": make_invitation(arne, NewInvitation(group="customer"))[1],
            "link": _way_in("hugo@halden.example"),
        }


def _way_in(email: str) -> str:
    """The secret of a link in the mail, asked for in another browser."""
    ask_to_sign_in(AskToSignIn(email=email), "another browser", organisation(), None, f"/sign-in/link/{LINK_PLACE}", "/")
    found = re.search(r"/sign-in/link/(\S+)", recent_mail(1)[0].body)
    assert found is not None
    return found[1]

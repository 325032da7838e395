"""The example organisation's story, told through the same actions that people use, with a moved clock: one open question, three things that
changed because of what people said, and a queue with three things in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from random import Random

from cocreate.boards.actions import change_host, edit_charter, make_board, make_open_table, move_board
from cocreate.boards.inputs import ChangeHost, EditCharter, MoveBoard, NewBoard
from cocreate.boards.queries import board_as
from cocreate.boards.starting import OPEN_TABLE
from cocreate.comments.actions import post_comment
from cocreate.comments.inputs import NewComment
from cocreate.commitments.actions import finish_commitment, make_commitment
from cocreate.commitments.inputs import NewCommitment
from cocreate.core import clock
from cocreate.core.ids import Ref
from cocreate.core.markdown import render
from cocreate.ideas.actions import answer_ideas, hear_idea, propose_idea
from cocreate.ideas.inputs import Heard, NewAnswer, NewIdea
from cocreate.listening.actions import give_response
from cocreate.listening.inputs import NewResponse
from cocreate.moderation.actions import report_thing
from cocreate.moderation.inputs import NewReport
from cocreate.people.actions import add_person, edit_organisation
from cocreate.people.inputs import EditOrganisation, NewPerson
from cocreate.people.queries import viewer_by_email
from cocreate.people.viewer import Organisation, Viewer
from cocreate.stances.actions import cast_stance
from cocreate.statements.actions import accept_amendment, adopt_statement, reword_statement, suggest_amendment
from cocreate.statements.inputs import Decision, NewAmendment, NewText, Reason
from cocreate.statements.queries import statement_on
from cocreate.transfer.demo_cast import EVERYBODY, ORGANISATION, SENTENCE

BOARD = "our-promise"
PROMISE = (
    "You bring us a bicycle, and we treat it as the way you get to work, to school and home. We tell you a day on which it will be ready, and we keep it. "
    "We show you what is worn before we replace it, and you decide.\n\n"
    "Whoever works on it is someone you can ask. If we were wrong, we put it right without a bill."
)
WORDS = {  # what people said when asked to finish "I come back because"
    "Karim": "they remember my bike before they remember me, and I like that.",
    "Lena": "nobody ever sold me a part I did not need.",
    "Ole": "when a day moves they call, mostly. I wish it were always.",
    "Ines": "I could ask the one who had it in his hands.",
    "Sofie": "nobody ever told me to hurry a customer out.",
    "Piet": "when a part is wrong they say so, and pay on time anyway.",
    "Hugo": "a day that moves is fine. Not hearing about it is what loses me.",
}
# (who, title, body, how many of management, employees, customers, partners agree / are not sure / disagree)
IDEAS = (
    (
        "Hugo",
        "One message before we have to ask",
        "A day that moves is fine. Hear it the day before, from a person.",
        ((3, 0, 0), (6, 1, 0), (10, 0, 0), (3, 1, 0)),
    ),
    ("Jonas", "Whoever mends it signs for it", "A name on the tag: who did the work, and who to ask.", ((1, 1, 1), (2, 1, 4), (8, 2, 0), (3, 0, 0))),
    (
        "Nora",
        "Show what a repair costs before the first screw is loosened",
        "A price or a range, on paper, that holds unless we both change it.",
        ((1, 0, 2), (4, 2, 1), (9, 1, 0), (2, 1, 1)),
    ),
    ("Anna", "Lend a bike while ours is with you", "Two old ones would do. Most of us only need to get home.", ((1, 2, 0), (5, 0, 2), (7, 2, 1), (0, 3, 1))),
    (
        "Tove",
        "A repair evening a month, everybody with their own bike",
        "We show, you turn the screw. Coffee is on us.",
        ((3, 0, 0), (6, 0, 1), (6, 4, 0), (1, 3, 0)),
    ),
)
PROPOSED = (27, 13, 9, 8, 12)  # days ago; what has no answer yet is neither late nor due within days


class Story:
    """The people by name, and a clock that is moved from day to day before the present."""

    def __init__(self) -> None:
        self.people: dict[str, Viewer] = {}
        self.present = clock.now()
        self.chance = Random(11)  # the same story every time

    def __getitem__(self, name: str) -> Viewer:
        return self.people[name]

    @contextmanager
    def days_ago(self, days: float) -> Iterator[None]:
        with clock.at(self.moment(days)):
            yield

    def moment(self, days: float) -> datetime:
        return self.present - timedelta(days=days)

    def of_group(self, group: str) -> list[Viewer]:
        return [viewer for viewer in self.people.values() if viewer.group == group and "scripted" not in viewer.name]

    def weigh(self, ref: Ref, counts: tuple[tuple[int, int, int], ...], spare: tuple[str, ...] = ()) -> None:
        """Have so many of each group agree, be unsure and disagree; the seats in `spare` stay free for whoever sits down."""
        for group, (agree, unsure, disagree) in zip(("management", "employee", "customer", "partner"), counts, strict=True):
            voices = [viewer for viewer in self.of_group(group) if viewer.name not in spare]
            self.chance.shuffle(voices)
            stances = [1] * agree + [0] * unsure + [-1] * disagree
            for viewer, stance in zip(voices, stances, strict=False):
                cast_stance(viewer, ref, stance)


def tell() -> Story:
    """Fill an empty site with the story."""
    story = Story()
    _found(story)
    board_id = _open_the_board(story)
    told = _listen(story, board_id)
    ideas = _propose(story, board_id)
    _change_three_things(story, board_id, told, ideas)
    _leave_work(story, board_id, ideas)
    _beside(story)
    return story


def _found(story: Story) -> None:
    with story.days_ago(40):
        actor = Organisation()
        given = EditOrganisation(name=ORGANISATION, sentence=SENTENCE, time_zone="Europe/Copenhagen", customers_may_join=True, labels={})
        edit_organisation(actor, given)
        for part in EVERYBODY:
            add_person(actor, NewPerson(email=part.email, name=part.name, group=part.group, role=part.role, team=part.team))
            viewer = viewer_by_email(part.email)
            assert viewer is not None
            story.people[part.name] = viewer
        make_open_table(actor)


def _open_the_board(story: Story) -> int:
    mona = story["Mona"]
    with story.days_ago(35):
        told = "Last year we were late with every third repair, and in most cases we knew a day before."
        board_id = make_board(mona, NewBoard(kind="brand", slug=BOARD, title="Our promise, together", context=told, read_public=True))
        decide = EditCharter(
            open="Every sentence of our promise",
            not_open="Prices of parts, which our suppliers set",
            decides="Mona, one of the owners, signed and with reasons, after each group was heard",
            method="Every group weighs each change; where groups differ we talk first.",
            by=(story.present + timedelta(days=19)).date(),
        )
        edit_charter(mona, board_id, decide)
        change_host(mona, board_id, ChangeHost(email=story["Emil"].email or "", duty="host"))
        change_host(mona, board_id, ChangeHost(email=mona.email or "", duty="decider"))
        move_board(mona, board_id, MoveBoard(state="open"))
        statement = statement_on(mona, BOARD)
        assert statement is not None
        reword_statement(mona, statement.id, NewText(text=PROMISE))
        adopt_statement(mona, statement.id, Reason(reason="It is what we mean today. From here on it changes in the open."))
        due = (story.moment(20)).date()
        kept = make_commitment(mona, board_id, NewCommitment(text="We share last year's repair times", due=due))
        make_commitment(mona, board_id, NewCommitment(text="The decision, with reasons", due=(story.present + timedelta(days=19)).date()))
    with story.days_ago(24):
        finish_commitment(mona, kept)
    return board_id


def _listen(story: Story, board_id: int) -> dict[str, int]:
    told = {}
    for place, (name, words) in enumerate(WORDS.items()):
        with story.days_ago(33 - 2 * place):
            told[name] = give_response(story[name], board_id, NewResponse(body=words))
    return told


def _propose(story: Story, board_id: int) -> list[int]:
    made = []
    for place, (name, title, body, counts) in enumerate(IDEAS):
        with story.days_ago(PROPOSED[place]):
            made.append(propose_idea(story[name], board_id, NewIdea(title=title, body=body), render(body)))
        with story.days_ago(PROPOSED[place] - 1):
            story.weigh(Ref("idea", made[-1]), counts, spare=("Cleo",))
    return made


def _comment(viewer: Viewer, idea_id: int, words: str, reply_to: int | None = None) -> int:
    return post_comment(viewer, Ref("idea", idea_id), NewComment(body=words, reply_to=reply_to), render(words))


def _change_three_things(story: Story, board_id: int, told: dict[str, int], ideas: list[int]) -> None:
    mona = story["Mona"]
    with story.days_ago(18):
        first = _comment(story["Sofie"], ideas[0], "We know by two in the afternoon which bikes will not be ready. A call takes three minutes.")
        _comment(story["Greta"], ideas[0], "Three minutes would have saved me a morning.", first)
    with story.days_ago(15):
        _answer(mona, ideas[0], "planned", "Half an hour a day for calls, from the first of the month. The front desk has the list at two o'clock.")
    with story.days_ago(12):
        _amend(story, told)
    with story.days_ago(8):
        _comment(story["Malik"], ideas[1], "I would sign. I would also like to know first what happens when something I signed comes back.")
        _comment(mona, ideas[1], "Then you mend it, with time that is paid. Nothing else happens.")
    with story.days_ago(6):
        _answer(mona, ideas[4], "done", "The first one was last Thursday: fourteen bikes, one broken pump. Next on the second Thursday of the month.")


def _answer(mona: Viewer, idea_id: int, status: str, words: str) -> None:
    answer_ideas(mona, [idea_id], NewAnswer(status=status, body=words), render(words))  # type: ignore[arg-type]


def _amend(story: Story, told: dict[str, int]) -> None:
    """The third change: one sentence of the promise, in customers' words."""
    statement = statement_on(story["Emil"], BOARD)
    assert statement is not None
    given = NewAmendment(
        before="We tell you a day on which it will be ready, and we keep it.",
        after="We tell you a day on which it will be ready, and if that day moves you hear it from a person before you have to ask.",
        reason="We promised a day we cannot always keep, and people told us that what hurts is silence.",
        credit=True,
        cites=[f"response:{told['Hugo']}", f"response:{told['Ole']}"],
    )
    change = suggest_amendment(story["Sofie"], statement.id, given)
    story.weigh(Ref("amendment", change), ((2, 1, 0), (6, 0, 0), (9, 1, 0), (3, 0, 1)))
    with clock.at(story.moment(9)):
        accept_amendment(story["Mona"], change, Decision(reason="It is the truth, and we can keep it. Half an hour a day is set aside for it."))


def _leave_work(story: Story, board_id: int, ideas: list[int]) -> None:
    """Three things wait for the moderator, and one change waits for whoever sits down."""
    with story.days_ago(3):
        twin = propose_idea(story["Theo"], board_id, NewIdea(title="Tell us the day before when it will be late"), "")
        story.weigh(Ref("idea", twin), ((0, 0, 0), (1, 0, 0), (4, 0, 0), (0, 0, 0)), spare=("Cleo",))
        report_thing(story["Lena"], Ref("idea", twin), NewReport(reason="This is the same as “One message before we have to ask”."))
    with story.days_ago(2):
        body = "Seen at two other shops: https://shop.example/loan and https://another.example/terms"
        propose_idea(story["Yusuf"], board_id, NewIdea(title="Loan bikes, as others do it", body=body), render(body))
    with story.days_ago(1):
        hear_idea(story["Emil"], ideas[1], Heard(by=(story.present + timedelta(days=11)).date()))
        rude = _comment(story["Ole"], ideas[2], "If you cannot name a price you should not be in business.")
        report_thing(story["Jonas"], Ref("comment", rude), NewReport(reason="Not how we talk here."))


def _beside(story: Story) -> None:
    """The open table, with a little on it."""
    table = board_as(story["Malik"], OPEN_TABLE).board.id
    with story.days_ago(10):
        first = propose_idea(story["Malik"], table, NewIdea(title="Fridays without a queue at the counter: book ten minutes instead"), "")
        story.weigh(Ref("idea", first), ((2, 1, 0), (5, 1, 1), (4, 1, 0), (0, 0, 0)), spare=("Cleo",))

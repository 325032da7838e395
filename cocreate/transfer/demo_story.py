"""The example organisation's story, told through the same actions that people use, with a moved clock: one open question, three things that
changed because of what people said, and a queue with three things in it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random
from typing import Literal

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
from cocreate.people.groups import GROUPS
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
Counts = tuple[tuple[int, int, int], ...]
# (days ago, our name for it, who, title, body, how many of management, employees, customers, partners agree, are not sure, disagree).
# What has no answer yet is neither late nor due within days.
IDEAS: tuple[tuple[float, str, str, str, str, Counts], ...] = (
    (
        27,
        "message",
        "Hugo",
        "One message before we have to ask",
        "A day that moves is fine. Hear it the day before, from a person.",
        ((3, 0, 0), (6, 1, 0), (10, 0, 0), (3, 1, 0)),
    ),
    (
        13,
        "signs",
        "Jonas",
        "Whoever mends it signs for it",
        "A name on the tag: who did the work, and who to ask.",
        ((1, 1, 1), (2, 1, 4), (8, 2, 0), (3, 0, 0)),
    ),
    (
        9,
        "price",
        "Nora",
        "Show what a repair costs before the first screw is loosened",
        "A price or a range, on paper, that holds unless we both change it.",
        ((1, 0, 2), (4, 2, 1), (9, 1, 0), (2, 1, 1)),
    ),
    (
        7.8,
        "loan",
        "Anna",
        "Lend a bike while ours is with you",
        "Two old ones would do. Most of us only need to get home.",
        ((1, 2, 0), (5, 0, 2), (7, 2, 1), (0, 3, 1)),
    ),
    (
        12,
        "evening",
        "Tove",
        "A repair evening a month, everybody with their own bike",
        "We show, you turn the screw. Coffee is on us.",
        ((3, 0, 0), (6, 0, 1), (6, 4, 0), (1, 3, 0)),
    ),
)


class Story:
    """What happens in the story, by how many days ago, told in order; the people by name; and what was made on the way, by a name of ours."""

    def __init__(self) -> None:
        self.people: dict[str, Viewer] = {}
        self.made: dict[str, int] = {}
        self.present = clock.now()
        self.chance = Random(11)  # the same story every time
        self._plan: list[tuple[float, Callable[[], None]]] = []

    def __getitem__(self, name: str) -> Viewer:
        return self.people[name]

    def moment(self, days: float) -> datetime:
        return self.present - timedelta(days=days)

    def day(self, ahead: float) -> date:
        return (self.present + timedelta(days=ahead)).date()

    def on(self, days_ago: float, step: Callable[[], None]) -> None:
        """Have `step` happen so many days ago."""
        self._plan.append((days_ago, step))

    def tell(self) -> None:
        """Everything planned, in the order of time, as the log will have it."""
        for days_ago, step in sorted(self._plan, key=lambda planned: -planned[0]):
            with clock.at(self.moment(days_ago)):
                step()

    def weigh(self, ref: Ref, counts: Counts, spare: tuple[str, ...] = ()) -> None:
        """Have so many of each group agree, be unsure and disagree; the seats in `spare` stay free for whoever sits down."""
        for group, (agree, unsure, disagree) in zip(GROUPS, counts, strict=True):
            voices = [v for v in self.people.values() if v.group == group and v.name not in spare and "scripted" not in v.name]
            self.chance.shuffle(voices)
            for viewer, stance in zip(voices, [1] * agree + [0] * unsure + [-1] * disagree, strict=False):
                cast_stance(viewer, ref, stance)

    def comment(self, name: str, about: str, words: str, called: str = "", reply_to: str = "") -> None:
        given = NewComment(body=words, reply_to=self.made[reply_to] if reply_to else None)
        self.made[called] = post_comment(self[name], Ref("idea", self.made[about]), given, render(words))

    def answer(self, about: str, status: Literal["planned", "done"], words: str) -> None:
        answer_ideas(self["Mona"], [self.made[about]], NewAnswer(status=status, body=words), render(words))


def tell() -> Story:
    """Fill an empty site with the story."""
    story = Story()
    _found(story)
    story.on(35, lambda: _open_the_board(story))
    story.on(24.2, lambda: finish_commitment(story["Mona"], story.made["kept"]))
    _listen(story)
    _propose(story)
    _change_three_things(story)
    _leave_work(story)
    story.tell()
    return story


def _found(story: Story) -> None:
    with clock.at(story.moment(40)):
        actor = Organisation()
        edit_organisation(actor, EditOrganisation(name=ORGANISATION, sentence=SENTENCE, time_zone="Europe/Copenhagen", customers_may_join=True, labels={}))
        for part in EVERYBODY:
            add_person(actor, NewPerson(email=part.email, name=part.name, group=part.group, role=part.role, team=part.team))
            viewer = viewer_by_email(part.email)
            assert viewer is not None
            story.people[part.name] = viewer
        make_open_table(actor)
        story.made["table"] = board_as(story["Malik"], OPEN_TABLE).board.id


def _open_the_board(story: Story) -> None:
    mona = story["Mona"]
    told = "Last year we were late with every third repair, and in most cases we knew a day before."
    board_id = make_board(mona, NewBoard(kind="brand", slug=BOARD, title="Our promise, together", context=told, read_public=True))
    story.made["board"] = board_id
    decide = EditCharter(
        open="Every sentence of our promise",
        not_open="Prices of parts, which our suppliers set",
        decides="Mona, one of the owners, signed and with reasons, after each group was heard",
        method="Every group weighs each change; where groups differ we talk first.",
        by=story.day(19),
    )
    edit_charter(mona, board_id, decide)
    change_host(mona, board_id, ChangeHost(email=story["Emil"].email or "", duty="host"))
    change_host(mona, board_id, ChangeHost(email=mona.email or "", duty="decider"))
    move_board(mona, board_id, MoveBoard(state="open"))
    statement = statement_on(mona, BOARD)
    assert statement is not None
    story.made["statement"] = statement.id
    reword_statement(mona, statement.id, NewText(text=PROMISE))
    adopt_statement(mona, statement.id, Reason(reason="It is what we mean today. From here on it changes in the open."))
    story.made["kept"] = make_commitment(mona, board_id, NewCommitment(text="We share last year's repair times", due=story.day(-20)))
    make_commitment(mona, board_id, NewCommitment(text="The decision, with reasons", due=story.day(19)))


def _listen(story: Story) -> None:
    for place, (name, words) in enumerate(WORDS.items()):

        def say(name: str = name, words: str = words) -> None:
            story.made[name] = give_response(story[name], story.made["board"], NewResponse(body=words))

        story.on(33.3 - 2.1 * place, say)


def _propose(story: Story) -> None:
    for days_ago, key, name, title, body, counts in IDEAS:

        def propose(key: str = key, name: str = name, title: str = title, body: str = body) -> None:
            story.made[key] = propose_idea(story[name], story.made["board"], NewIdea(title=title, body=body), render(body))

        def weigh(key: str = key, counts: Counts = counts) -> None:
            story.weigh(Ref("idea", story.made[key]), counts, spare=("Cleo",))

        story.on(days_ago, propose)
        story.on(days_ago - 1, weigh)

    def on_the_table() -> None:
        idea = propose_idea(story["Malik"], story.made["table"], NewIdea(title="Fridays without a queue at the counter: book ten minutes instead"), "")
        story.weigh(Ref("idea", idea), ((2, 1, 0), (5, 1, 1), (4, 1, 0), (0, 0, 0)), spare=("Cleo",))

    story.on(9.9, on_the_table)


def _change_three_things(story: Story) -> None:
    story.on(
        18.4, lambda: story.comment("Sofie", "message", "We know by two in the afternoon which bikes will not be ready. A call takes three minutes.", "call")
    )
    story.on(18.1, lambda: story.comment("Greta", "message", "Three minutes would have saved me a morning.", reply_to="call"))
    story.on(15.2, lambda: story.answer("message", "planned", "Half an hour a day for calls, from the first of the month. The front desk has the list at two."))
    story.on(12.3, lambda: _suggest(story))
    story.on(11.3, lambda: story.weigh(Ref("amendment", story.made["change"]), ((2, 1, 0), (6, 0, 0), (9, 1, 0), (3, 0, 1))))
    why = Decision(reason="It is the truth, and we can keep it. Half an hour a day is set aside for it.")
    story.on(9.2, lambda: _accept(story, why))
    story.on(8.4, lambda: story.comment("Malik", "signs", "I would sign. I would also like to know first what happens when something I signed comes back."))
    story.on(8.1, lambda: story.comment("Mona", "signs", "Then you mend it, with time that is paid. Nothing else happens."))
    story.on(6.2, lambda: story.answer("evening", "done", "The first one was last Thursday: fourteen bikes, one broken pump. Next on the second Thursday."))


def _suggest(story: Story) -> None:
    """The third change: one sentence of the promise, in customers' words."""
    given = NewAmendment(
        before="We tell you a day on which it will be ready, and we keep it.",
        after="We tell you a day on which it will be ready, and if that day moves you hear it from a person before you have to ask.",
        reason="We promised a day we cannot always keep, and people told us that what hurts is silence.",
        credit=True,
        cites=[f"response:{story.made['Hugo']}", f"response:{story.made['Ole']}"],
    )
    story.made["change"] = suggest_amendment(story["Sofie"], story.made["statement"], given)


def _accept(story: Story, why: Decision) -> None:
    accept_amendment(story["Mona"], story.made["change"], why)


def _leave_work(story: Story) -> None:
    """Three things wait for the moderator."""

    def twin() -> None:
        idea = propose_idea(story["Theo"], story.made["board"], NewIdea(title="Tell us the day before when it will be late"), "")
        story.weigh(Ref("idea", idea), ((0, 0, 0), (1, 0, 0), (4, 0, 0), (0, 0, 0)), spare=("Cleo",))
        report_thing(story["Lena"], Ref("idea", idea), NewReport(reason="This is the same as “One message before we have to ask”."))

    def held() -> None:
        body = "Seen at two other shops: https://shop.example/loan and https://another.example/terms"
        propose_idea(story["Yusuf"], story.made["board"], NewIdea(title="Loan bikes, as others do it", body=body), render(body))

    def rude() -> None:
        story.comment("Ole", "price", "If you cannot name a price you should not be in business.", "rude")
        report_thing(story["Jonas"], Ref("comment", story.made["rude"]), NewReport(reason="Not how we talk here."))

    story.on(3.2, twin)
    story.on(2.3, held)
    story.on(1.4, lambda: hear_idea(story["Emil"], story.made["signs"], Heard(by=story.day(11))))
    story.on(1.1, rude)

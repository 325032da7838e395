"""What is typed about statements and their changes, parsed."""

from typing import Annotated

from flask_babel import gettext as _
from pydantic import AfterValidator, BeforeValidator, Field

from cocreate.core.errors import NotFound
from cocreate.core.fields import Input, line, prose
from cocreate.core.ids import Ref, parse_ref
from cocreate.people.inputs import Ticked
from cocreate.statements.weave import flat, split

SENTENCE = 1000  # characters of a sentence
TEXT = 10_000  # characters of a whole text
MOST_CITED = 12


def _cite(value: object) -> object:
    """A Ref as text; a bare number is a response's."""
    if isinstance(value, bool):
        raise ValueError(_("Name each as response:12."))
    return f"response:{value}" if isinstance(value, int) or (isinstance(value, str) and value.isascii() and value.isdigit()) else value


def _known(text: str) -> str:
    try:
        return str(parse_ref(text))
    except NotFound:
        raise ValueError(_("Name each as response:12.")) from None


def _short_sentences(text: str) -> str:
    if not split(text):
        raise ValueError("empty")
    if any(len(sentence) > SENTENCE for sentence in flat(split(text))):
        raise ValueError(_("Keep each sentence under %(count)s characters.", count=SENTENCE + 1))
    return text


Cite = Annotated[str, BeforeValidator(_cite), Field(max_length=40), AfterValidator(_known)]


class NewStatement(Input):
    title: line(120)  # type: ignore[valid-type]
    text: Annotated[prose(TEXT), AfterValidator(_short_sentences)]  # type: ignore[valid-type]


class NewText(Input):
    """Words of the hosts in place of those a statement started with."""

    text: Annotated[prose(TEXT), AfterValidator(_short_sentences)]  # type: ignore[valid-type]


class NewAmendment(Input):
    """A change of one sentence. Without `before` it adds one at the end, without `after` it takes it out. `credit`: name me where this is adopted."""

    before: line(SENTENCE, least=0) = ""  # type: ignore[valid-type]
    after: line(SENTENCE, least=0) = ""  # type: ignore[valid-type]
    reason: prose(1000)  # type: ignore[valid-type]
    credit: Ticked = False
    cites: Annotated[list[Cite], Field(max_length=MOST_CITED)] = []

    @property
    def cited(self) -> list[Ref]:
        """Each once, in the order given."""
        return [parse_ref(text) for text in dict.fromkeys(self.cites)]


class Decision(Input):
    """Why, in the decider's own words. `adopt`: the whole text comes onto the page What you can expect from us, if it does not stand there yet."""

    reason: prose(2000)  # type: ignore[valid-type]
    adopt: Ticked = False


class Reason(Input):
    reason: prose(2000)  # type: ignore[valid-type]

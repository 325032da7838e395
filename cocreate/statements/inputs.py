"""What is typed about statements and their changes, parsed."""

from typing import Annotated

from flask_babel import gettext as _
from pydantic import AfterValidator, ConfigDict

from cocreate.core.fields import SAYING, Input, line, prose
from cocreate.links.inputs import Cites
from cocreate.people.inputs import Ticked
from cocreate.statements.weave import flat, split

SENTENCE = 1000  # characters of a sentence
TEXT = 10_000  # characters of a whole text


def _short_sentences(text: str) -> str:
    if not split(text):
        raise ValueError("empty")
    if any(len(sentence) > SENTENCE for sentence in flat(split(text))):
        raise ValueError(_("Keep each sentence under %(count)s characters.", count=SENTENCE + 1))
    return text


class NewStatement(Input):
    title: line(120)  # type: ignore[valid-type]
    text: Annotated[prose(TEXT), AfterValidator(_short_sentences)]  # type: ignore[valid-type]


class NewText(Input):
    """Words of the hosts in place of those a statement started with."""

    text: Annotated[prose(TEXT), AfterValidator(_short_sentences)]  # type: ignore[valid-type]


class NewAmendment(Input):
    """A change of one sentence. Without `before` it adds one at the end, without `after` it takes it out. `credit`: name me where this is adopted."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": [name], "properties": {name: {"pattern": SAYING}}} for name in ("before", "after")]})
    before: line(SENTENCE, least=0) = ""  # type: ignore[valid-type]
    after: line(SENTENCE, least=0) = ""  # type: ignore[valid-type]
    reason: prose(1000)  # type: ignore[valid-type]
    credit: Ticked = False
    cites: Cites = []


class Decision(Input):
    """Why, in the decider's own words. `adopt`: the whole text comes onto the page What you can expect from us, if it does not stand there yet."""

    reason: prose(2000)  # type: ignore[valid-type]
    adopt: Ticked = False


class Reason(Input):
    reason: prose(2000)  # type: ignore[valid-type]

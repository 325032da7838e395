"""What an address or a hidden field carries."""

import pytest
from flask import Flask

from cocreate.core.errors import BadInput
from cocreate.core.fields import read_input, whole_number
from cocreate.ideas.inputs import NewIdea


@pytest.mark.parametrize(
    ("text", "number"),
    [("7", 7), ("007", 7), ("999999999", 999999999), ("1234567890", None), ("", None), ("-1", None), ("²", None), ("٣", None), ("1.0", None)],
)
def test_a_number_is_digits_and_few_of_them(text: str, number: int | None) -> None:
    assert whole_number(text) == number


def test_a_line_is_counted_as_it_is_kept_and_says_how_long_it_may_be(app: Flask) -> None:
    """A browser sends the end of a line as two characters; on one line it is a space."""
    title = "a" * 99 + "\r\n" + "b" * 100
    assert read_input(NewIdea, {"title": title}).title == "a" * 99 + " " + "b" * 100
    with pytest.raises(BadInput) as wrong:
        read_input(NewIdea, {"title": title + "c", "body": "d" * 10_001})
    assert wrong.value.errors == {"title": ["Keep it to 200 characters."], "body": ["Keep it to 10000 characters."]}

"""What an address or a hidden field carries."""

import pytest

from cocreate.core.fields import whole_number


@pytest.mark.parametrize(
    ("text", "number"),
    [("7", 7), ("007", 7), ("999999999", 999999999), ("1234567890", None), ("", None), ("-1", None), ("²", None), ("٣", None), ("1.0", None)],
)
def test_a_number_is_digits_and_few_of_them(text: str, number: int | None) -> None:
    assert whole_number(text) == number

"""The browser reaches a running site, as somebody and as nobody."""

from typing import Any

from tests.sites import Site


def test_two_browsers_are_two_people(serving: Site, page_of: Any) -> None:
    mona, nobody = page_of(serving, serving.cast.mona), page_of(serving)
    assert mona.goto("/api/v1/me").json()["name"] == "Mona"
    assert nobody.goto("/api/v1/me").status == 401

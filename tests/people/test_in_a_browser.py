"""The ways in as a browser walks them: what it sends along by itself (origin, referrer, cookies) is part of them."""

import re
from typing import Any

import pytest

from tests.sites import Site


def press(page: Any) -> None:
    page.click("main .button.main")
    page.wait_for_load_state()


def test_from_an_empty_site_to_the_second_person(start_site: Any, page_of: Any, picture: Any) -> None:
    site: Site = start_site(people=False)
    link = re.search(r"http://\S+/setup/\S+", site.log)
    assert link
    ada, cleo = page_of(site), page_of(site, viewport={"width": 390, "height": 844})
    ada.goto(link[0])
    picture(ada, "set-up-1280")
    for field, words in {"organisation": "Bakery", "name": "Ada", "email": "ada@example.org"}.items():
        ada.fill(f"#f-{field}", words)
    press(ada)
    assert ada.url == f"{site.base_url}/"
    ada.goto("/people/invite")
    press(ada)
    picture(ada, "invited-1280")
    cleo.goto(ada.input_value("#link"))
    assert "Ada invites you to Bakery" in cleo.inner_text("main")
    picture(cleo, "join-390")
    cleo.fill("#f-email", "cleo@example.org")
    press(cleo)
    picture(cleo, "code-390")
    with cleo.expect_popup() as opened:
        cleo.click("main a[href='/mail']")
    code = opened.value.inner_text(".mail .code")
    cleo.fill("#f-code", code)
    press(cleo)
    cleo.fill("#f-name", "Cleo")
    press(cleo)
    assert cleo.url == f"{site.base_url}/"
    cleo.goto("/account")
    assert cleo.input_value("#f-name") == "Cleo"
    picture(cleo, "account-390")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_link_signs_in(serving: Site, page_of: Any, scheme: str) -> None:
    here, phone = page_of(serving), page_of(serving, color_scheme=scheme)
    here.goto("/sign-in")
    here.fill("#f-email", "cleo@example.org")
    press(here)
    here.goto("/mail")
    phone.goto(here.get_attribute(".mail a", "href"))
    press(phone)
    phone.goto("/account")
    assert phone.input_value("#f-name") == "Cleo"

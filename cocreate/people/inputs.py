"""What people type about themselves and others, parsed."""

import re
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from flask_babel import gettext as _
from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator

from cocreate.core.fields import Input, from_form, line
from cocreate.people.groups import Group, Role
from cocreate.people.passwords import COMMON, LEAST, MOST

_ADDRESS = re.compile(r"[^@\s\"(),:;<>\[\]\\\x00-\x1f\x7f]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W_](?:[\w-]{0,61}[^\W_])?")
_DOMAIN = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W_](?:[\w-]{0,61}[^\W_])?")


def _address(text: str) -> str:
    clean = text.strip().lower()
    if len(clean) > 254 or not _ADDRESS.fullmatch(clean):
        raise ValueError(_("Give an address like name@example.org."))
    return clean


def _password(text: str) -> str:
    if len(text) < LEAST:
        raise ValueError(_("Use at least %(count)s characters.", count=LEAST))
    if text.lower() in COMMON or len(set(text)) < 3:
        raise ValueError(_("This password is among the first that are tried. Choose another."))
    return text


def _ticked(value: Any, info: ValidationInfo) -> Any:
    return value in (True, "1", "on", "true", "yes") if from_form(info) else value


Email = Annotated[str, Field(max_length=254), AfterValidator(_address)]
Password = Annotated[str, Field(max_length=MOST), AfterValidator(_password)]
Ticked = Annotated[bool, BeforeValidator(_ticked)]


class AskToSignIn(Input):
    email: Email
    name: line(80, least=0) = ""  # type: ignore[valid-type]


class GiveCode(Input):
    code: Annotated[str, BeforeValidator(lambda text: re.sub(r"\D", "", str(text))), Field(min_length=6, max_length=6)]


class GivePassword(Input):
    email: Email
    password: Annotated[str, Field(max_length=1024)]


class GiveName(Input):
    name: line(80)  # type: ignore[valid-type]


class NewPerson(Input):
    """A person made by an administrator or the command line, ready to use."""

    email: Email
    name: line(80)  # type: ignore[valid-type]
    group: Group
    role: Role = "member"
    team: line(60, least=0) | None = None  # type: ignore[valid-type]


class ChangePerson(Input):
    """What is given is changed."""

    name: line(80) | None = None  # type: ignore[valid-type]
    group: Group | None = None
    role: Role | None = None
    team: line(60, least=0) | None = None  # type: ignore[valid-type]


class NewInvitation(Input):
    group: Group
    role: Role = "member"
    team: line(60, least=0) | None = None  # type: ignore[valid-type]
    most_uses: Annotated[int, Field(ge=1, le=10_000)] = 1
    days: Annotated[int, Field(ge=1, le=365)] = 14


class NewToken(Input):
    """A key for a program that acts as its person."""

    name: line(60)  # type: ignore[valid-type]
    scope: Literal["read", "write"] = "write"


class SetPassword(Input):
    password: Password
    current: Annotated[str, Field(max_length=1024)] = ""


class Preferences(Input):
    name: line(80)  # type: ignore[valid-type]
    keys: Ticked = False
    locale: line(12, least=0) = ""  # type: ignore[valid-type]


class Found(Input):
    """The first administrator and the organisation."""

    organisation: line(80)  # type: ignore[valid-type]
    sentence: line(200, least=0) = ""  # type: ignore[valid-type]
    name: line(80)  # type: ignore[valid-type]
    email: Email
    password: Password | None = None


class EditOrganisation(Input):
    name: line(80)  # type: ignore[valid-type]
    sentence: line(200, least=0) = ""  # type: ignore[valid-type]
    time_zone: str = "UTC"
    locale: line(12) = "en"  # type: ignore[valid-type]
    customers_may_join: Ticked = False
    employee_domains: str = ""
    labels: dict[Group, dict[Literal["one", "many"], line(30)]] = {}  # type: ignore[valid-type]

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        if zone not in available_timezones():
            raise ValueError(_("Choose a time zone like Europe/Berlin."))
        return zone

    @field_validator("employee_domains")
    @classmethod
    def _domains(cls, text: str) -> str:
        for domain in split_domains(text):
            if not _DOMAIN.fullmatch(domain):
                raise ValueError(_("Give domains like example.org, separated by commas."))
        return text


def split_domains(text: str) -> list[str]:
    return [part for part in re.split(r"[\s,;]+", text.lower()) if part]


def labels_from(fields: Any) -> dict[str, dict[str, str]]:
    """`label_customer_one=a member` and so on, as labels; empty ones are left to the defaults."""
    found: dict[str, dict[str, str]] = {}
    for name, value in fields.items():
        parts = name.split("_")
        if len(parts) == 3 and parts[0] == "label" and parts[2] in ("one", "many") and value.strip():
            found.setdefault(parts[1], {})[parts[2]] = value
    return found

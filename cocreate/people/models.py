"""The organisation, its people, and the ways in: sessions, tokens, sign-ins, invitations; and what a person had not sent yet."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from cocreate.core.db import UTCDateTime, db
from cocreate.people.groups import GROUPS, ROLES


def one_of(column: str, choices: tuple[str, ...]) -> CheckConstraint:
    """A check that the column holds one of the choices."""
    listed = ", ".join(f"'{choice}'" for choice in choices)
    return CheckConstraint(f'"{column}" IN ({listed})', name=f"{column}_known")


class Organisation(db.Model):
    """The one organisation of this site. `labels` gives each group its names: {"customer": {"one": "a member", "many": "members"}}."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    sentence: Mapped[str] = mapped_column(String(200), default="")
    labels: Mapped[dict[str, dict[str, str]]] = mapped_column(JSON, default=dict)
    time_zone: Mapped[str] = mapped_column(String(60), default="UTC")
    locale: Mapped[str] = mapped_column(String(12), default="en")
    customers_may_join: Mapped[bool] = mapped_column(default=False)
    employee_domains: Mapped[list[str]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Person(db.Model):
    """An account. `email` is kept in lower case; `stamp` grows whenever what the person may do changes. Who came with an import has the number they had
    there as `external_id`, and the thing they came with as origin: there the number is theirs alone."""

    __tablename__ = "people"
    __table_args__ = (
        one_of("group", GROUPS),
        one_of("role", ROLES),
        Index("ix_people_origin", "origin_kind", "origin_id", "external_id", unique=True),
    )
    __unlogged_columns__ = frozenset({"password_hash", "keys", "locale"})

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    group: Mapped[str] = mapped_column(String(12), index=True)
    role: Mapped[str] = mapped_column(String(12), default="member")
    team: Mapped[str | None] = mapped_column(String(60))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    stamp: Mapped[int] = mapped_column(default=0)
    keys: Mapped[bool] = mapped_column(default=True)
    locale: Mapped[str | None] = mapped_column(String(12))
    external_id: Mapped[str | None] = mapped_column(String(80), index=True)
    origin_kind: Mapped[str | None] = mapped_column(String(12))
    origin_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    suspended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Session(db.Model):
    """One device signed in. Only the digest of its secret is kept."""

    __tablename__ = "sessions"
    __unlogged__ = "coming and going is not a change of the site; ending one is recorded in the person's stream"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    device: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Token(db.Model):
    """An API token of a person: read, or read and write."""

    __tablename__ = "tokens"
    __unlogged_columns__ = frozenset({"used_at"})
    __table_args__ = (one_of("scope", ("read", "write")),)

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    scope: Mapped[str] = mapped_column(String(5), default="write")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class SignIn(db.Model):
    """A code and a link sent to an address, for the browser that asked (`browser` is the digest of its key)."""

    __tablename__ = "sign_ins"
    __unlogged__ = "a way in that ends in minutes; who came in is logged"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    code_digest: Mapped[str] = mapped_column(String(64))
    link_digest: Mapped[str] = mapped_column(String(64), unique=True)
    browser: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(String(80), default="")
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("invitations.id"))
    tries: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Invitation(db.Model):
    """A link that lets people in with a group and a role, so many times, until a day, or until it is taken back."""

    __tablename__ = "invitations"
    __table_args__ = (one_of("group", GROUPS), one_of("role", ROLES))
    __unlogged_columns__ = frozenset({"uses"})

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    group: Mapped[str] = mapped_column(String(12))
    role: Mapped[str] = mapped_column(String(12), default="member")
    team: Mapped[str | None] = mapped_column(String(60))
    uses: Mapped[int] = mapped_column(default=0)
    most_uses: Mapped[int]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class SetUp(db.Model):
    """The one-time way to make the first administrator; a single row, gone once there is one."""

    __tablename__ = "set_up"
    __unlogged__ = "a secret that is used once; founding the organisation is logged"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))


class Draft(db.Model):
    """A form that was not sent through yet: by a visitor who is to sign in, or kept for a person. Gone after seven days."""

    __tablename__ = "drafts"
    __unlogged__ = "words nobody was told yet"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(String(64), index=True)
    endpoint: Mapped[str] = mapped_column(String(80))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    fields: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)


class Visit(db.Model):
    """When a person last looked at Home, so that it can say what is new since."""

    __tablename__ = "visits"
    __unlogged__ = "a person's own reading mark"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    last_at: Mapped[datetime] = mapped_column(UTCDateTime)
    previous_at: Mapped[datetime] = mapped_column(UTCDateTime)

"""Who is asking: a plain value, the same for a page, a call, a socket and the command line. Pure."""

from dataclasses import dataclass, field
from datetime import datetime

from cocreate.people.groups import Group, Role


@dataclass(frozen=True)
class Viewer:
    """A person as a request sees them. `stamp` changes whenever their rights do; `session_id` or `token_id` is the row they came in by, and
    `used_at` when that was last noted, `expires_at` the session's last moment."""

    id: int
    name: str
    email: str | None
    group: Group
    role: Role
    team: str | None = None
    stamp: int = 0
    session_id: int | None = None
    session_token: str = ""
    locale: str | None = None
    keys: bool = True
    can_write: bool = True
    token_id: int | None = None
    used_at: datetime | None = None
    expires_at: datetime | None = field(default=None, compare=False)
    unread: int = field(default=0, compare=False)
    queued: int = field(default=0, compare=False)

    is_authenticated = True
    is_active = True
    is_anonymous = False

    @property
    def is_staff(self) -> bool:
        """Moderators and administrators read every board."""
        return self.role != "member"

    @property
    def is_admin(self) -> bool:
        return self.role == "admin"

    def get_id(self) -> str:
        """For Flask-Login: what the cookie carries, the session's secret."""
        return self.session_token


@dataclass(frozen=True)
class Visitor:
    """Nobody known."""

    id: None = None
    name: str = ""
    email: None = None
    group: None = None
    role: None = None
    team: None = None
    stamp: int = 0
    session_id: None = None
    token_id: None = None
    locale: None = None
    keys: bool = True
    can_write: bool = False

    is_authenticated = False
    is_active = False
    is_anonymous = True
    is_staff = False
    is_admin = False

    def get_id(self) -> None:
        return None


@dataclass(frozen=True)
class Organisation:
    """The organisation itself as an actor, for what the command line and jobs do. It holds every right, and has no name in the log."""

    id: None = None
    name: str = ""
    group: None = None
    role: Role = "admin"
    is_authenticated = True
    is_staff = True
    is_admin = True


Actor = Viewer | Organisation
Anyone = Viewer | Visitor | Organisation

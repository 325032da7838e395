"""Whether this process can do its work just now."""

from dataclasses import asdict, dataclass

from sqlalchemy.exc import DBAPIError, TimeoutError as PoolTimeout

from cocreate.config import Settings
from cocreate.core import migrations
from cocreate.live.broker import broker


@dataclass(frozen=True)
class State:
    """`database`: ok, gone. `migrations`: ok, missing, unknown, or newer: the next release has migrated already, and takes this process's place soon.
    `live`: ok; degraded while the broker is away, so that what others do is heard seconds late; single where there is none."""

    database: str
    migrations: str
    live: str

    @property
    def is_ready(self) -> bool:
        return self.database == "ok" and self.migrations in ("ok", "newer")

    def told(self) -> dict[str, object]:
        return {"ready": self.is_ready, **asdict(self)}


def examine(settings: Settings) -> State:
    try:
        return State("ok", _migrations(), _live(settings))
    except (DBAPIError, PoolTimeout):
        return State("gone", "unknown", _live(settings))


def _migrations() -> str:
    present = migrations.present()
    if present == migrations.expected():
        return "ok"
    return "newer" if present - migrations.known() else "missing"


def _live(settings: Settings) -> str:
    if settings.redis_url is None:
        return "single"
    return "ok" if broker.is_up else "degraded"

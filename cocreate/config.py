"""Settings, read once from the environment at start. A bad value stops the start with one line that names the variable."""

import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
_HOST = re.compile(r"(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?", re.IGNORECASE)


class BadSetting(Exception):
    """A setting that the site cannot start with; the message is one line that begins with the variable's name."""


@dataclass(frozen=True)
class Settings:
    """Everything that may differ between two installations. Times in seconds, sizes in bytes."""

    host: str
    port: int
    data_dir: Path
    database_url: str
    redis_url: str | None
    secret_key: str
    base_url: str
    allowed_hosts: frozenset[str]
    mail_url: str | None
    trusted_proxies: int
    rate_limits: bool
    polling: bool
    metrics_token: str | None
    demo: bool

    @property
    def on_loopback(self) -> bool:
        return (urlsplit(self.base_url).hostname or "") in LOOPBACK_HOSTS

    @property
    def https(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def public_port(self) -> int:
        """The port that browsers see; several processes behind one address have ports of their own."""
        return urlsplit(self.base_url).port or (443 if self.https else 80)

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite:")

    @property
    def origins(self) -> list[str]:
        """The origins a browser may speak from. Never empty: an empty list would switch the check off."""
        scheme = urlsplit(self.base_url).scheme
        return [f"{scheme}://{host}" for host in sorted(self.allowed_hosts)]


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from `environ` (default: the process's). Raises BadSetting."""
    env = os.environ if environ is None else environ
    port = _whole_number(env, "PORT", 5000, 1, 65535)
    host = env.get("HOST") or "127.0.0.1"
    data_dir = _data_dir(env)
    base_url = _base_url(env, port)
    database_url = _database_url(env, data_dir)
    settings = Settings(
        host=host,
        port=port,
        data_dir=data_dir,
        database_url=database_url,
        redis_url=_url(env, "COCREATE_REDIS_URL", ("redis", "rediss", "unix")),
        secret_key=_secret_key(env, data_dir, database_url),
        base_url=base_url,
        allowed_hosts=_allowed_hosts(env, base_url),
        mail_url=_url(env, "COCREATE_MAIL_URL", ("smtp", "smtps")),
        trusted_proxies=_whole_number(env, "COCREATE_TRUSTED_PROXIES", 0, 0, 10),
        rate_limits=_on_off(env, "COCREATE_RATE_LIMITS"),
        polling=_on_off(env, "COCREATE_POLLING"),
        metrics_token=env.get("COCREATE_METRICS_TOKEN") or None,
        demo=_whole_number(env, "COCREATE_DEMO", 0, 0, 1) == 1,
    )
    for name, wanted in (("COCREATE_RATE_LIMITS", not settings.rate_limits), ("COCREATE_DEMO", settings.demo)):
        if wanted and not settings.on_loopback:
            raise BadSetting(f"{name}: only where COCREATE_BASE_URL is on a loopback address")
    return settings


def _whole_number(env: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = env.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most):
        raise BadSetting(f"{name}: expected a whole number from {least} to {most}, found {text[:40]!r}")
    return int(text)


def _on_off(env: Mapping[str, str], name: str) -> bool:
    text = env.get(name) or "on"
    if text not in ("on", "off"):
        raise BadSetting(f"{name}: expected on or off, found {text[:40]!r}")
    return text == "on"


def _data_dir(env: Mapping[str, str]) -> Path:
    found = Path(env.get("COCREATE_DATA_DIR") or "instance").resolve()
    try:
        found.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadSetting(f"COCREATE_DATA_DIR: cannot make the folder {found}: {error.strerror}") from None
    return found


def _split(text: str) -> SplitResult | None:
    """The parts of an address; None for what is none. What is wrong is not repeated, as an address may hold a password."""
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _url(env: Mapping[str, str], name: str, schemes: tuple[str, ...]) -> str | None:
    text = env.get(name) or None
    if text is None:
        return None
    parts = _split(text)
    if parts is None or parts.scheme not in schemes or not (parts.hostname or (parts.scheme == "unix" and parts.path)):
        raise BadSetting(f"{name}: expected an address that begins with {' or '.join(s + '://' for s in schemes)} and a host")
    return text


def _base_url(env: Mapping[str, str], port: int) -> str:
    text = (env.get("COCREATE_BASE_URL") or f"http://127.0.0.1:{port}").rstrip("/")
    parts = _split(text)
    if parts is None or parts.scheme not in ("http", "https") or text != f"{parts.scheme}://{parts.netloc}" or not _HOST.fullmatch(parts.netloc):
        raise BadSetting(f"COCREATE_BASE_URL: expected http:// or https:// and a host, maybe a port, without a path, found {text[:80]!r}")
    return text


def _allowed_hosts(env: Mapping[str, str], base_url: str) -> frozenset[str]:
    hosts = {host.strip() for host in (env.get("COCREATE_ALLOWED_HOSTS") or "").split(",") if host.strip()}
    if not all(_HOST.fullmatch(host) for host in hosts):
        raise BadSetting("COCREATE_ALLOWED_HOSTS: expected host names or host:port, separated by commas, without * or /")
    netloc = urlsplit(base_url).netloc
    for name, twin in (("127.0.0.1", "localhost"), ("localhost", "127.0.0.1")):
        if urlsplit(base_url).hostname == name:
            hosts.add(netloc.replace(name, twin))
    return frozenset(hosts | {netloc})


def _database_url(env: Mapping[str, str], data_dir: Path) -> str:
    text = env.get("COCREATE_DATABASE_URL") or f"sqlite:///{data_dir / 'cocreate.sqlite3'}"
    parts = _split(text)
    if parts is not None and parts.scheme in ("postgresql", "postgres", "postgresql+psycopg"):
        return "postgresql+psycopg://" + text.partition("://")[2]
    file = text.removeprefix("sqlite:///").partition("?")[0]
    if not text.startswith("sqlite:///") or file in ("", ":memory:"):
        raise BadSetting("COCREATE_DATABASE_URL: expected sqlite:/// and a file, or postgresql:// and a host")
    if not Path(file).parent.is_dir():
        raise BadSetting(f"COCREATE_DATABASE_URL: there is no folder {Path(file).parent}")
    return text


def _secret_key(env: Mapping[str, str], data_dir: Path, database_url: str) -> str:
    given = env.get("COCREATE_SECRET_KEY")
    if given:
        if len(given) < 16:
            raise BadSetting("COCREATE_SECRET_KEY: expected at least 16 characters")
        return given
    if not database_url.startswith("sqlite:"):
        raise BadSetting("COCREATE_SECRET_KEY: needed when the database is not the embedded SQLite, and the same in every process")
    path = data_dir / "secret_key"
    try:
        _write_once(path, secrets.token_urlsafe(32))
        return path.read_text().strip()
    except OSError as error:
        raise BadSetting(f"COCREATE_DATA_DIR: cannot keep the secret key in {data_dir}: {error.strerror}") from None


def _write_once(path: Path, text: str) -> None:
    """Create `path` with `text`, readable by its owner only. The link makes it appear whole, so that all who start at once read the same key."""
    if path.exists():
        return
    descriptor, draft = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        Path(draft).unlink()

"""Waking the relays of other processes through Redis. It carries names of streams and rooms only; without it they look by themselves."""

import logging
import threading
from hashlib import sha256
from uuid import uuid4

import orjson
from flask import Flask
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from cocreate.config import Settings
from cocreate.core import clock
from cocreate.eventlog.record import News
from cocreate.live.relay import relay

log = logging.getLogger(__name__)
RECONNECT = 1.0  # seconds between two tries to reach the broker
MOST_NAMES = 10_000  # in one message
LONGEST_NAME = 60


class Broker:
    """This process's line to the others. `is_up` says whether it hears them; None without a broker."""

    def __init__(self) -> None:
        self.is_up: bool | None = None
        self._name = ""
        self._channel = ""
        self._url = ""
        self._waiting: set[tuple[str, str]] = set()
        self._called = threading.Event()

    def tell(self, news: News) -> None:
        """Have the others told soon; a request does not wait for the network."""
        if self._url:
            self._waiting |= {("s", name) for name in news.streams} | {("r", name) for name in news.rooms}
            self._called.set()

    def talk(self, app: Flask) -> None:
        """Connect, if there is a broker, then publish for as long as the process lives."""
        settings: Settings = app.config["SETTINGS"]
        if settings.redis_url is None:
            return
        self._name, self._url, self.is_up = uuid4().hex, settings.redis_url, False
        self._channel = "cocreate:" + sha256(settings.secret_key.encode()).hexdigest()[:16]
        threading.Thread(target=self._listen, daemon=True).start()
        line = self._connect()
        while True:
            self._called.wait()
            self._called.clear()
            names, self._waiting = self._waiting, set()
            try:
                line.publish(self._channel, orjson.dumps([self._name, sorted(names)]))
            except (RedisError, OSError) as error:
                log.warning("live: the broker does not answer: %s", type(error).__name__)

    def _connect(self) -> Redis:
        # Its own retries would keep a publisher busy for seconds with what is stale by then.
        return Redis.from_url(self._url, socket_connect_timeout=2, socket_timeout=5, health_check_interval=5, retry=Retry(NoBackoff(), 0))

    def _listen(self) -> None:
        while True:
            try:
                line = self._connect().pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
                line.subscribe(self._channel)
                self.is_up = True
                while True:
                    message = line.get_message(timeout=5)
                    if message is not None:
                        self._take(message["data"])
            except (RedisError, OSError) as error:
                if self.is_up:
                    log.warning("live: the broker went away: %s", type(error).__name__)
                self.is_up = False
            clock.pause(RECONNECT)

    def _take(self, data: object) -> None:
        """Anybody who reaches the broker may send: what is not a list of names is nothing."""
        try:
            sender, names = orjson.loads(data if isinstance(data, bytes) else b"")
            pairs = [(kind, name) for kind, name in names[:MOST_NAMES] if isinstance(name, str) and len(name) <= LONGEST_NAME]
        except (ValueError, TypeError):
            return
        if sender != self._name:
            relay.hear(News(frozenset(name for kind, name in pairs if kind == "s"), frozenset(name for kind, name in pairs if kind == "r")))


broker = Broker()

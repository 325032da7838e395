"""Live: what happens reaches the people who are looking, through sockets. Everything sent is read from the log or the tallies."""

from flask import Flask

from cocreate.core.jobs import start_beside
from cocreate.entrypoints import sockets as door
from cocreate.eventlog.record import after_commit
from cocreate.live import broker, fanout, jobs, relay, seats, sockets

__all__ = ["jobs"]


def install(_app: Flask) -> None:
    door.on_message("watch", sockets.watch)
    door.on_message("unwatch", sockets.unwatch)
    door.on_leave(seats.leave_all)
    door.on_leave(fanout.forget)
    after_commit(relay.relay.hear)
    after_commit(broker.broker.tell)
    start_beside(relay.relay.run)
    start_beside(broker.broker.talk)

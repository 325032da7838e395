"""Serving in one process: gevent's web server with the background work beside it, and an end within ten seconds that cuts nobody off."""

import logging
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from typing import Any

import gevent
from flask import Flask
from gevent import socket
from gevent.event import Event
from gevent.pool import Pool
from gevent.pywsgi import WSGIHandler, WSGIServer

from cocreate.config import Settings
from cocreate.core import clock, jobs, logs
from cocreate.entrypoints import transport
from cocreate.entrypoints.sockets import socketio

CONNECTIONS = 4000  # at once; more wait in the listener's queue
BACKLOG = 512
REQUESTS_END = 6.0  # seconds that requests under way are given once the end was asked for
GOODBYE = 0.5  # seconds that a web socket is given to answer its goodbye
WORKER_CLOSES = 1.1  # seconds within which a worker of gunicorn, asked to end, accepts nobody more
JOBS_END = 2.0  # seconds that the jobs are given after them
ALL_END = 9  # seconds after which the process ends in any case

_over = threading.Event()
_started = threading.Lock()


class Handler(WSGIHandler):
    """A connection that, between two requests, can be ended at once: a browser keeps its connections open for minutes."""

    def read_requestline(self) -> Any:
        server: Server = self.server
        if server.is_ending:
            return ""
        server.idle.add(self.socket)
        try:
            return super().read_requestline()
        finally:
            server.idle.discard(self.socket)

    def handle_one_response(self) -> None:
        server: Server = self.server
        connection, is_socket = self.socket, self.environ.get("HTTP_UPGRADE", "").lower() == "websocket"
        if is_socket:
            server.upgraded.add(connection)
        try:
            super().handle_one_response()
        finally:
            server.upgraded.discard(connection)
            if is_socket:
                self.close_connection = True  # what still comes on it is frames, not a request


class Server(WSGIServer):
    """The web server; every connection runs in a greenlet of one pool, so that the end can wait for them."""

    handler_class = Handler

    def __init__(self, listener: Any, app: Flask) -> None:
        super().__init__(listener, app, log=None, error_log=logging.getLogger("gevent"), spawn=Pool(CONNECTIONS))
        self.idle: set[Any] = set()  # connections between two requests
        self.upgraded: set[Any] = set()  # connections that became web sockets
        self.is_ending = False

    def end(self) -> None:
        """Accept nobody more, answer what is under way, hang up on the rest."""
        self.is_ending = True
        self.close()
        for idle in list(self.idle):
            _hang_up(idle)
        ending = gevent.spawn(self._end_sockets)
        self.stop(timeout=REQUESTS_END)
        ending.kill(block=False)

    def _end_sockets(self) -> None:
        """Until it is killed, as one may be opening just now: say goodbye to each, and hang up on whoever does not say it back."""
        asked: set[str] = set()
        patience = clock.ticks() + GOODBYE
        while True:
            for sid in set(socketio.server.eio.sockets) - asked:
                gevent.spawn(socketio.server.eio.disconnect, sid)  # apart: a client that does not read would keep us waiting
                asked.add(sid)
            if clock.ticks() > patience:
                for connection in list(self.upgraded):
                    _hang_up(connection)
            clock.pause(0.1)


def _hang_up(connection: Any) -> None:
    try:
        connection.shutdown(socket.SHUT_RD)
    except OSError:
        pass  # it is gone already


def serve(app: Flask, settings: Settings) -> int:
    """Serve until SIGTERM or SIGINT. Gives the exit code."""
    logs.set_up()
    try:
        listener = _listen(settings)
    except OSError as error:
        print(f"PORT, HOST: cannot listen on {settings.host} port {settings.port}: {error.strerror or error}", file=sys.stderr)
        return 1
    server, asked = Server(listener, app), Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(number, asked.set)
    server.start()
    work = start_background(app)
    announce(app, settings)
    asked.wait()
    signal.alarm(ALL_END)
    _over.set()
    jobs.wake()
    server.end()
    if work is not None:
        work.join(JOBS_END)
    return 0


def _listen(settings: Settings) -> Any:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = WSGIServer.get_listener((settings.host, settings.port), BACKLOG, family)
    # Headers and body are sent apart; without this a kept connection waits 40 ms between them.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def announce(app: Flask, settings: Settings) -> None:
    print(f"CoCreate is at {settings.base_url}", flush=True)
    find_link: Callable[[], str | None] | None = app.config.get("SETUP_LINK")
    link = find_link() if find_link else None
    if link:
        print(f"Nobody administers it yet. Set it up, once, at {link}", flush=True)


def start_background(app: Flask) -> threading.Thread | None:
    """Start, once in this process, what runs beside the requests: the jobs, and what slices registered to be started. Gives the thread of the jobs,
    the only one that writes: the others may end with the process at any moment."""
    if not _started.acquire(blocking=False):
        return None
    threads = [threading.Thread(target=step, args=(app,), daemon=True) for step in (_run_jobs, *jobs.starts)]
    for thread in threads:
        thread.start()
    return threads[0]


def _run_jobs(app: Flask) -> None:
    jobs.run_forever(app, _over.is_set)


def end_worker() -> None:
    """For a worker of gunicorn that was asked to end, in a greenlet that goes on until it does: end the jobs, and the sockets once nobody new is accepted."""
    _over.set()
    jobs.wake()
    engine = socketio.server.eio
    while True:
        clock.pause(WORKER_CLOSES)
        for transport_id in list(engine.sockets):
            engine.disconnect(transport_id)
            gevent.spawn(transport.close, engine, transport_id, GOODBYE)


def start_with_first_request(app: Flask) -> None:
    """For a server that is not ours (gunicorn): its workers fork after this, so that the background work waits for the first request."""
    inner = app.wsgi_app

    def wsgi_app(environ: Any, start_response: Any) -> Iterable[bytes]:
        app.wsgi_app = inner  # type: ignore[method-assign]
        start_background(app)
        return inner(environ, start_response)

    app.wsgi_app = wsgi_app  # type: ignore[method-assign]

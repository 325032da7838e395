"""What is counted of the site's work, for Prometheus. With several workers (PROMETHEUS_MULTIPROC_DIR) each keeps its counts in files, and any of them
tells those of all."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy.exc import DBAPIError, TimeoutError as PoolTimeout

from cocreate.core import jobs
from cocreate.core.outbox import count_waiting
from cocreate.entrypoints.sockets import principals
from cocreate.live import seats
from cocreate.live.relay import relay

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds
STATM = Path("/proc/self/statm")

ours = CollectorRegistry()
_requests = Counter("cocreate_requests", "Requests answered", ["method", "rule", "status"], registry=ours)
_seconds = Histogram("cocreate_request_seconds", "Seconds until a request was answered", ["rule"], buckets=BUCKETS, registry=ours)
_sockets = Gauge("cocreate_sockets_open", "Sockets that are open", registry=ours, multiprocess_mode="livesum")
_rooms = Gauge("cocreate_rooms_watched", "Boards that somebody watches, counted in each process", registry=ours, multiprocess_mode="livesum")
_lag = Gauge("cocreate_relay_lag_seconds", "Seconds that what sockets heard may be behind the log", registry=ours, multiprocess_mode="livemax")
_ran = Gauge("cocreate_job_ran_timestamp_seconds", "When a job last went well", ["job"], registry=ours, multiprocess_mode="livemin")
_memory = Gauge("cocreate_process_memory_bytes", "Resident memory of a process", registry=ours, multiprocess_mode="liveall")
_processor = Counter("cocreate_process_cpu_seconds", "Seconds of processor time used", registry=ours)
_used = [0.0]


def count_request(method: str, rule: str | None, status: int, seconds: float) -> None:
    """`rule` is the route's own text, so that there are no more series than routes; None where there is no such address."""
    place = rule or "none"
    _requests.labels(method if method in METHODS else "other", place, status).inc()
    _seconds.labels(place).observe(seconds)


def note_state() -> None:
    """Note how this process is just now."""
    _sockets.set(len(principals))
    _rooms.set(len(seats.watched))
    _lag.set(relay.lag())
    for name, moment in list(jobs.ran_at.items()):
        _ran.labels(name).set(moment.timestamp())
    if STATM.exists():
        _memory.set(int(STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE"))
    used = time.process_time()
    _processor.inc(used - _used[0])
    _used[0] = used


class _OfTheSite(Collector):
    """What is the same whichever process is asked, read when it is."""

    def collect(self) -> Iterator[Any]:
        try:
            waiting = count_waiting()
        except (DBAPIError, PoolTimeout):
            yield GaugeMetricFamily("cocreate_database_up", "Whether the database answers", 0)
            return
        yield GaugeMetricFamily("cocreate_database_up", "Whether the database answers", 1)
        yield GaugeMetricFamily("cocreate_outbox_waiting", "Mails that are neither sent nor given up", waiting)


def told() -> bytes:
    note_state()
    found = b"" if "PROMETHEUS_MULTIPROC_DIR" in os.environ else generate_latest(ours)
    asked = CollectorRegistry()
    asked.register(_OfTheSite())
    if not found:
        MultiProcessCollector(asked)  # type: ignore[no-untyped-call]
    return found + generate_latest(asked)

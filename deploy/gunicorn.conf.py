"""Several processes under gunicorn: `.venv/bin/gunicorn -c deploy/gunicorn.conf.py`, with the site's own settings in the environment and WEB_CONCURRENCY
for the number of workers (2). SIGTERM ends it within 10 s, SIGHUP replaces the workers one by one by what is installed then. See docs/operating.md."""

import os
import runpy
import shutil
import signal
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# These two files need nothing else. The site itself is never imported here: workers that start after an upgrade must load what is new.
_config = runpy.run_path(str(ROOT / "cocreate" / "config.py"))
_logs = runpy.run_path(str(ROOT / "cocreate" / "core" / "logs.py"))

wsgi_app = "app:app"
chdir = str(ROOT)
worker_class = "gevent"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
if workers > 1:
    os.environ["COCREATE_POLLING"] = "off"
try:
    _settings = _config["read_settings"]()
except _config["BadSetting"] as error:
    sys.exit(str(error))
bind = f"[{_settings.host}]:{_settings.port}" if ":" in _settings.host else f"{_settings.host}:{_settings.port}"
worker_connections = 4000
backlog = 512
timeout = 30  # a worker that did not say for so long that it lives is replaced
graceful_timeout = 7
keepalive = 5
control_socket_disable = True  # it would lie in the home directory, the same for all sites of a user
forwarded_allow_ips = ""  # who may speak for others is said by COCREATE_TRUSTED_PROXIES alone
logconfig_dict = {
    "formatters": {"site": {"()": _logs["formatter"]}},
    "handlers": {"site": {"class": "logging.StreamHandler", "formatter": "site", "stream": "ext://sys.stderr"}},
    "root": {"level": "INFO", "handlers": ["site"]},
    "loggers": {
        "gunicorn.error": {"level": "INFO", "handlers": [], "propagate": True},
        "gunicorn.access": {"level": "INFO", "handlers": [], "propagate": False},
    },
}

# Where the workers keep what they count, so that any of them can tell it; anew with each start, the same after SIGHUP.
if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="cocreate-metrics-")


def post_worker_init(worker):
    """The jobs and the relay begin with the worker, not with its first request; its end says goodbye to the sockets."""
    import gevent

    from app import app, settings
    from cocreate.core import logs
    from cocreate.serving import announce, end_worker, start_background

    def end(*_):
        worker.alive = False
        gevent.spawn(end_worker)

    logs.set_up()
    signal.signal(signal.SIGTERM, end)
    start_background(app)
    if worker.age == 1:
        announce(app, settings)


def child_exit(server, worker):
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)


def on_exit(server):
    shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)

"""Builds app and socketio; run as the main program it patches for gevent first, then serves. Nothing else belongs here."""

if __name__ == "__main__":
    from gevent import monkey

    monkey.patch_all()

import sys

from cocreate import create_app
from cocreate.config import BadSetting, read_settings
from cocreate.entrypoints.sockets import socketio as socketio
from cocreate.serving import serve, start_with_first_request

try:
    settings = read_settings()
except BadSetting as error:
    sys.exit(str(error))
app = create_app(settings)

if __name__ == "__main__":
    sys.exit(serve(app, settings))
start_with_first_request(app)

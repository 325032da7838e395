"""The site, saying of every frame whether it went straight out: `python -m tests.live.spied`, or as what gunicorn serves.
What is named in MOVED has another name in the socket library then, as if that had been changed."""

if __name__ == "__main__":
    from gevent import monkey

    monkey.patch_all()

import inspect
import os
import runpy

from engineio import socket as library

from cocreate.entrypoints import transport

moved = os.environ.get("MOVED")
if moved:
    exec(inspect.getsource(library).replace(f"self.{moved}(", "self.moved(").replace(f"def {moved}(", "def moved("), library.__dict__)

_write = transport.write


def _told(transport_id: str, data: bytes) -> bool:
    done = _write(transport_id, data)
    print("straight" if done else "queued", flush=True)
    return done


transport.write = _told
if __name__ == "__main__":
    runpy.run_path("app.py", run_name="__main__")
else:
    from app import app as app

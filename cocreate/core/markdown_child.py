"""The process that renders long Markdown. It reads a length and a text, writes a length and HTML, and is ended by an alarm when a text takes too long
or, reading nothing more, when its parent is gone."""

import signal
import sys

from cocreate.core.markdown import clean, convert


def serve(deadline: float) -> None:
    """Answer texts on stdin until it closes; SIGALRM's default ends the process at the deadline of each."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, whose end closes stdin
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while head := source.read(4):
        text = source.read(int.from_bytes(head, "big")).decode()
        signal.setitimer(signal.ITIMER_REAL, deadline)
        body = clean(convert(text)).encode()
        signal.setitimer(signal.ITIMER_REAL, 0)
        sink.write(len(body).to_bytes(4, "big") + body)
        sink.flush()


if __name__ == "__main__":
    serve(float(sys.argv[1]))

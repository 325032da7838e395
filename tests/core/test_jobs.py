"""Jobs go on whatever one of them does, and what goes wrong can be found without reading it a thousand times."""

import logging

import pytest

from cocreate.core import jobs


def test_what_fails_again_and_again_is_told_once_in_full(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    faults = iter([OSError("away"), OSError("away"), None, OSError("away"), ValueError("else")])
    done = []

    def work() -> None:
        fault = next(faults)
        if fault is not None:
            raise fault

    monkeypatch.setattr(jobs, "_jobs", [(work, 0.0), (lambda: done.append(1), 0.0)])
    for _ in range(5):
        jobs.run_due()
    told = [(record.levelno, bool(record.exc_info), record.getMessage().rpartition(" failed")[2]) for record in caplog.records]
    in_full, again = (logging.ERROR, True, ""), (logging.ERROR, False, " again: OSError")
    assert told == [in_full, again, in_full, in_full]
    assert len(done) == 5

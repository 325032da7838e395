"""Each test of the live channel begins with nobody there."""

import pytest

from cocreate.entrypoints.sockets import principals
from cocreate.live import seats
from cocreate.live.relay import Relay, relay


@pytest.fixture(autouse=True)
def nobody_there() -> None:
    for gone in (principals, seats.watched):
        gone.clear()
    relay.__dict__.update(Relay().__dict__)

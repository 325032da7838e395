"""Servers of one's own, to be stopped and killed."""

from collections.abc import Iterator

import pytest

from tests.servers import Postgres, Redis


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    """A careful cluster: fsync and synchronous commit as a site has them."""
    cluster = Postgres(careful=True)
    yield cluster
    cluster.remove()


@pytest.fixture
def redis() -> Iterator[Redis]:
    server = Redis()
    yield server
    server.stop()

from collections.abc import Iterator

import pytest

from tests.service.web import Web
from tests.service.world import World
from tests.wordpress import WordPress


@pytest.fixture
def site() -> Iterator[WordPress]:
    with WordPress() as opened:
        yield opened


@pytest.fixture
def world() -> Iterator[World]:
    world = World()
    yield world
    world.store.close()


@pytest.fixture
def web() -> Web:
    return Web()

from collections.abc import Iterator

import pytest

from tests.wordpress import WordPress


@pytest.fixture
def site() -> Iterator[WordPress]:
    with WordPress() as opened:
        yield opened

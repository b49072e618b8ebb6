"""What was asked of the store and is not done yet, so that keys typed in one burst fit together."""

from collections.abc import Hashable
from concurrent.futures import Future
from typing import Any


class UnderWay:
    """The states that things are on their way to, by whatever names them.

    Ask `wanted` first and read the store after that: what is not under way is stored.
    """

    def __init__(self) -> None:
        self._asked: dict[Hashable, tuple[Future[Any], bool]] = {}

    def add(self, key: Hashable, on: bool, future: "Future[Any]") -> None:
        """It was asked for that this be on, or not; until the future is done."""
        asked = self._asked[key] = future, on

        def done(_: "Future[Any]") -> None:
            # Another one may have been asked for since.
            if self._asked.get(key) is asked:
                del self._asked[key]

        future.add_done_callback(done)

    def wanted(self, key: Hashable) -> bool | None:
        """What was last asked for; None: nothing, so what is read from the store now holds."""
        asked = self._asked.get(key)
        return None if asked is None else asked[1]

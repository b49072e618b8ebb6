"""Memory for what was fetched and waits to be read: the network may be faster than decoding."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Room:
    """Counts the bytes that are held. Belongs to one event loop.

    most_bytes: where so many are held, whoever heeds it (`wait`) brings no more. Those who have
    waited may pass it together, each with one body.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._held_bytes = 0
        self._is_free = asyncio.Event()
        self._is_free.set()

    async def wait(self) -> None:
        """Until there is room."""
        await self._is_free.wait()

    @contextmanager
    def hold(self, size_bytes: int) -> Iterator[None]:
        self._change(size_bytes)
        try:
            yield
        finally:
            self._change(-size_bytes)

    def _change(self, size_bytes: int) -> None:
        self._held_bytes += size_bytes
        if self._held_bytes < self._most_bytes:
            self._is_free.set()
        else:
            self._is_free.clear()

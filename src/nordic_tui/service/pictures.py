"""A picture of a post: its bytes by the program's own fetcher, then made into what the terminal
shows. Only when a person asks for it."""

from collections.abc import Awaitable, Callable

from nordic_tui.errors import FetchError, HandoffError
from nordic_tui.model import Manner
from nordic_tui.service import decide
from nordic_tui.service.ports import OpenFetcher
from nordic_tui.text import clean

MAX_BYTES = 16_000_000
"""Of a picture as it is sent."""

OUTSIDE = "/"
"""A place that no private network belongs to."""


class Pictures:
    """Gets pictures, one after the other.

    prepare: the bytes of a picture -> what the terminal is sent; raises HandoffError.
    manner_of: the address of a source -> how it is asked: its pictures are, on its own host.
    """

    def __init__(
        self,
        open_fetcher: OpenFetcher,
        prepare: Callable[[bytes], Awaitable[bytes]],
        manner_of: Callable[[str], Manner],
    ) -> None:
        self._open_fetcher = open_fetcher
        self._prepare = prepare
        self._manner_of = manner_of

    async def get(self, address: str, led_from: str) -> bytes:
        """What the terminal is sent for the picture at an address.

        led_from: the address of the source, as a person gave it; from outside nothing leads into a
        private network. "": it is not known, and counts as outside. Raises HandoffError, a
        sentence, whatever goes wrong.
        """
        try:
            async with self._open_fetcher() as fetcher:
                manner = decide.manner_at(self._manner_of(led_from), led_from, address)
                manner = manner._replace(max_bytes=MAX_BYTES)
                led_from = led_from or OUTSIDE
                answer = await fetcher.fetch(address, led_from=led_from, manner=manner)
        except FetchError as error:
            raise HandoffError(f"The picture at {clean.host(address)} {error}.") from error
        return await self._prepare(answer.body)

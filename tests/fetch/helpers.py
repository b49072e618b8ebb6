"""One request through a fetcher whose network is a function."""

from collections.abc import Callable
from datetime import UTC, datetime

import httpx

from nordic_tui.fetch.http import HttpFetcher
from nordic_tui.fetch.request_headers import USUAL
from nordic_tui.model import Manner, Response

FEED = b"<rss>posts</rss>"
START = "https://example.org/feed/"

Handler = Callable[[httpx.Request], httpx.Response]


async def ask(
    handler: Handler,
    address: str = START,
    *,
    etag: str = "",
    last_modified: str = "",
    validators_of: str = "",
    led_from: str = "",
    max_bytes: int = 1_000,
    manner: Manner = USUAL,
) -> Response:
    fetcher = HttpFetcher(
        user_agent="nordic-tui/test",
        max_bytes=max_bytes,
        transport=httpx.MockTransport(handler),
        clock=lambda: datetime(2026, 10, 1, 12, 0, tzinfo=UTC),
    )
    return await fetcher.fetch(
        address,
        etag=etag,
        last_modified=last_modified,
        validators_of=validators_of,
        led_from=led_from,
        manner=manner,
    )


def answer(status: int, headers: dict[str, str] | None = None, body: bytes = b"") -> Handler:
    return lambda _: httpx.Response(status, headers=headers, content=body)

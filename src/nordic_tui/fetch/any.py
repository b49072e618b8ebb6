"""One fetcher for whatever a source's address is."""

import asyncio
from pathlib import Path
from types import TracebackType
from typing import Self

from nordic_tui.errors import BadAddress
from nordic_tui.fetch.file import MAX_BYTES, read_file
from nordic_tui.fetch.http import HttpFetcher, WaitForRoom
from nordic_tui.fetch.request_headers import USUAL
from nordic_tui.model import Manner, Response

FILES_AT_ONCE = 3


class Fetcher:
    """Fetches web addresses over HTTP and absolute paths from the disk."""

    def __init__(self, http: HttpFetcher) -> None:
        self._http = http
        self._files = asyncio.Semaphore(FILES_AT_ONCE)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._http.close()

    async def fetch(
        self,
        address: str,
        *,
        etag: str = "",
        last_modified: str = "",
        validators_of: str = "",
        led_from: str = "",
        manner: Manner = USUAL,
        wait_for_room: WaitForRoom | None = None,
    ) -> Response:
        """Fetch a source; raises FetchError. See `HttpFetcher.fetch`.

        Of `manner` a file takes only the limit. Nothing from outside leads to a file.
        """
        if _is_web(address):
            return await self._http.fetch(
                address,
                etag=etag,
                last_modified=last_modified,
                validators_of=validators_of,
                led_from=led_from,
                manner=manner,
                wait_for_room=wait_for_room,
            )
        if Path(address).is_absolute():
            if _is_web(led_from):
                raise BadAddress("is a file and was named from outside")
            if validators_of not in ("", address):
                etag = ""
            max_bytes = MAX_BYTES if manner.max_bytes is None else manner.max_bytes
            async with self._files:
                if wait_for_room is not None:
                    await wait_for_room()
                return await read_file(address, etag=etag, max_bytes=max_bytes)
        raise BadAddress("has an address that is neither a web address nor an absolute path")


def _is_web(address: str) -> bool:
    return address.lower().startswith(("http://", "https://"))

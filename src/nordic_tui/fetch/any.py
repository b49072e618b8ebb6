"""One fetcher for whatever a source's address is."""

from pathlib import Path
from types import TracebackType
from typing import Self

from nordic_tui.errors import BadAddress
from nordic_tui.fetch.file import MAX_BYTES, read_file
from nordic_tui.fetch.http import HttpFetcher
from nordic_tui.fetch.request_headers import USUAL
from nordic_tui.model import Manner, Response


class Fetcher:
    """Fetches web addresses over HTTP and absolute paths from the disk."""

    def __init__(self, http: HttpFetcher) -> None:
        self._http = http

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
        manner: Manner = USUAL,
        led_from: str = "",
        validators_of: str = "",
    ) -> Response:
        """Fetch a source; raises FetchError. Of `manner` a file takes only the limit."""
        if address.lower().startswith(("http://", "https://")):
            return await self._http.fetch(
                address,
                etag=etag,
                last_modified=last_modified,
                manner=manner,
                led_from=led_from,
                validators_of=validators_of,
            )
        if Path(address).is_absolute():
            max_bytes = MAX_BYTES if manner.max_bytes is None else manner.max_bytes
            return await read_file(address, etag=etag, max_bytes=max_bytes)
        raise BadAddress("has an address that is neither a web address nor an absolute path")

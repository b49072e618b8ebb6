"""One fetcher for whatever a source's address is."""

from pathlib import Path
from types import TracebackType
from typing import Self

from nordic_tui.errors import BadAddress
from nordic_tui.fetch.file import read_file
from nordic_tui.fetch.http import HttpFetcher
from nordic_tui.model import Response


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

    async def fetch(self, address: str, *, etag: str = "", last_modified: str = "") -> Response:
        """Fetch a source; raises FetchError."""
        if address.lower().startswith(("http://", "https://")):
            return await self._http.fetch(address, etag=etag, last_modified=last_modified)
        if Path(address).is_absolute():
            return await read_file(address, etag=etag)
        raise BadAddress("has an address that is neither a web address nor an absolute path")

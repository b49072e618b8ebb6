"""Connections to servers: opened when they are needed, kept a little, through the proxies that
the environment names.

With `http` the only file that imports httpx. It works with httpx's transports instead of its
client, which is also a tenth cheaper for a 304. Each origin has a transport of its own: one for
all would look, at each request, whether any of its idle connections was closed meanwhile.

HTTP/2 is not spoken: it pays where many requests share a connection, and a refresh makes one or
two to each host.
"""

import asyncio
import importlib.util
import socket
import ssl
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from nordic_tui.errors import Unreachable
from nordic_tui.fetch.lookups import LookUps, addresses_of
from nordic_tui.fetch.proxies import Proxy, proxies_of_environment, unusable
from nordic_tui.fetch.trust import trust_with, usual_trust

if TYPE_CHECKING:
    import httpx

IDLE_ORIGINS = 16
IDLE_S = 5.0
LOOK_UPS = 32

_Key = tuple[str, bytes, str]
"""Scheme; host and port; file of certificates."""


class Connections:
    """Transports by origin: all that are in use, and those of the last `IDLE_ORIGINS` besides.

    given: takes the place of the network; no proxy is used then.
    Belongs to one event loop, which it has look up names as `LookUps` does. Proxies: see `proxies`.
    Certificates: see `trust`; a connection is shared by those alone that trust the same ones.
    """

    def __init__(self, given: "httpx.AsyncBaseTransport | None" = None) -> None:
        self._given = given
        self._transports: dict[_Key, httpx.AsyncBaseTransport] = {}
        """The one used last at the end."""
        self._users: Counter[_Key] = Counter()
        self._proxy_for: Callable[[str, str, int | None], Proxy | None] | None = None
        self._contexts: dict[str, ssl.SSLContext] = {}
        """By scheme."""
        self._own_contexts: dict[str, ssl.SSLContext] = {}
        """By the file of certificates that count besides the usual ones."""
        self._is_prepared = False

    async def trust(self, ca_file: str) -> None:
        """Read a file of certificates, once, for `to`. Raises FetchError."""
        if ca_file not in self._own_contexts:
            self._own_contexts[ca_file] = await asyncio.to_thread(trust_with, ca_file)

    @asynccontextmanager
    async def to(
        self, url: "httpx.URL", ca_file: str = ""
    ) -> AsyncIterator["httpx.AsyncBaseTransport"]:
        """The transport for an address; raises Unreachable if the proxy is unusable.

        ca_file: one that `trust` has read; "": the usual certificates count alone.
        """
        if self._given is not None:
            yield self._given
            return
        origin = url.scheme, url.netloc, ca_file
        transport = self._transports.pop(origin, None) or self._open(url, ca_file)
        self._transports[origin] = transport
        self._users[origin] += 1
        try:
            yield transport
        finally:
            self._users[origin] -= 1
            if not self._users[origin]:
                del self._users[origin]
            await self._close_idle(keep=IDLE_ORIGINS)

    def proxy(self, url: "httpx.URL") -> Proxy | None:
        """The proxy through which an address is asked; raises Unreachable if it is unusable."""
        if self._given is not None:
            return None
        if self._proxy_for is None:
            self._proxy_for = proxies_of_environment()
        return self._proxy_for(url.scheme, url.raw_host.decode("ascii"), url.port)

    async def resolve(self, url: "httpx.URL") -> list[str]:
        """The addresses that a host's name stands for.

        None where it is not looked up on this machine, or stands for nothing. Raises Unreachable
        if the proxy is unusable.
        """
        if self._given is not None or self.proxy(url) is not None:
            return []
        self._prepare()
        try:
            found = await asyncio.get_running_loop().getaddrinfo(
                url.raw_host.decode("ascii"), None, type=socket.SOCK_STREAM
            )
        except (OSError, ValueError):
            return []  # the request will say so
        return addresses_of(found)

    async def close(self) -> None:
        """Close every connection. A later request opens new ones."""
        while self._transports:
            _, transport = self._transports.popitem()
            await transport.aclose()

    async def _close_idle(self, keep: int) -> None:
        while len(self._transports) - len(self._users) > keep:
            oldest = next(origin for origin in self._transports if origin not in self._users)
            await self._transports.pop(oldest).aclose()

    def _open(self, url: "httpx.URL", ca_file: str) -> "httpx.AsyncBaseTransport":
        import httpx

        proxy = self.proxy(url)
        self._prepare()
        context = self._own_contexts[ca_file] if ca_file else self._usual_context(url.scheme)
        limits = httpx.Limits(
            max_connections=None,  # the fetcher's turns bound them
            max_keepalive_connections=None,
            keepalive_expiry=IDLE_S,
        )
        try:
            return httpx.AsyncHTTPTransport(
                verify=context, limits=limits, proxy=proxy and proxy.address
            )
        except ImportError as error:
            raise Unreachable(
                "needs the extra socks: pip install 'nordic-tui[socks]'", at_this_end=True
            ) from error
        except (ValueError, httpx.InvalidURL) as error:
            raise unusable() from error

    def _usual_context(self, scheme: str) -> ssl.SSLContext:
        if scheme not in self._contexts:
            # Reading the authorities takes 20 ms and more. Without any no certificate is valid,
            # so the context for http is safe and cheap.
            self._contexts[scheme] = (
                usual_trust() if scheme == "https" else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            )
        return self._contexts[scheme]

    def _prepare(self) -> None:
        if not self._is_prepared:
            self._is_prepared = True
            _tell_that_sniffio_is_missing()
            # The loop's own threads are four more than there are processors: a few names that no
            # server knows of would use up the time of all others.
            LookUps(LOOK_UPS).serve(asyncio.get_running_loop())


async def part_from_rest(response: "httpx.Response") -> None:
    """Close a connection on which more has come than the answer that was read.

    Otherwise the next request to this origin would be answered by these bytes: by whoever has
    one page of a host and says in it how long it is, all that this host is asked for.
    """
    # Neither httpx nor httpcore tells it. Of an answer without a connection, as a test may give
    # it, there is no rest; for real ones a test holds that it is still found here.
    holder: object = response.stream
    for name in ("_httpcore_stream", "_stream", "_connection", "_h11_state"):
        holder = getattr(holder, name, None)
    rest, _ = getattr(holder, "trailing_data", (b"", False))
    if rest:
        await response.extensions["network_stream"].aclose()


def leave_out_httpx_command() -> None:
    """Have httpx imported without its command line, for which it would load click, rich and
    Pygments wherever these are installed: more than a third of its time. It does without."""
    if "httpx" not in sys.modules:
        sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # typeshed knows no None


def _tell_that_sniffio_is_missing() -> None:
    # httpcore tries to import it several times in each request, and a failed import is not
    # remembered: the search costs a third of the time of a 304. None ends it at once.
    if importlib.util.find_spec("sniffio") is None:
        sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type]  # typeshed knows no None

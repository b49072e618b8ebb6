"""HTTP and HTTPS: conditional requests with limits on time, bytes and redirects.

The only file that imports httpx, and only when the first request is made. It works with
httpx's transports instead of its client, which is also a tenth cheaper for a 304: no cookies are
kept, no netrc is read, no redirect is followed but by the rules below. Credentials go out only
if the address itself holds them (https://name:password@host/), and only to that address.

Rules for redirects (RFC 9110 section 15.4):
  - at most `max_redirects`, never in a circle, only to http and https;
  - never from https to http: who asked for a protected address would not notice the change;
  - never from elsewhere into this machine or a private network (by the spelling of the host).
"""

import asyncio
import base64
import importlib.util
import ssl
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self
from urllib.parse import unquote

from nordic_tui.clock import Clock, system_clock
from nordic_tui.errors import (
    BadAddress,
    BadStatus,
    BrokenAnswer,
    TimedOut,
    TooManyRedirects,
    Unreachable,
)
from nordic_tui.fetch import failures, headers
from nordic_tui.fetch.addresses import is_private, refuse_unprintable
from nordic_tui.fetch.body import ACCEPT_ENCODING, Body, broke_off, too_large
from nordic_tui.model import Response

if TYPE_CHECKING:
    import httpx

PERMANENT = (301, 308)
REDIRECTS = (301, 302, 303, 307, 308)
IDLE_CONNECTIONS = 16
IDLE_S = 5.0


@dataclass(frozen=True, slots=True)
class _Answer:
    """One answer to one request, before it is known whether another one follows."""

    status: int
    headers: "httpx.Headers"
    body: bytes

    def header(self, name: str) -> str:
        value: str = self.headers.get(name, "")
        return value


class HttpFetcher:
    """Fetches addresses, many hosts at once.

    user_agent: sent as it is, printable ASCII.
    timeout_s: for one address with all its redirects, from the first byte sent to the last
        received; waiting for a turn does not count.
    max_bytes: of a body, both as received and unpacked.
    per_host, hosts_at_once: how many requests run at the same time.
    transport: takes the place of the network; no proxy is used then.
    Proxies are taken from the environment (http_proxy, https_proxy, all_proxy, no_proxy).
    Certificates are checked against the system's authorities (or SSL_CERT_FILE, SSL_CERT_DIR),
    where there are none against those that come with httpx.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        timeout_s: float = 20.0,
        max_bytes: int = 10_000_000,
        max_redirects: int = 5,
        per_host: int = 2,
        hosts_at_once: int = 32,
        transport: "httpx.AsyncBaseTransport | None" = None,
        clock: Clock = system_clock,
    ) -> None:
        self._user_agent = user_agent
        self._timeout_s = timeout_s
        self._max_bytes = max_bytes
        self._max_redirects = max_redirects
        self._per_host = per_host
        self._all_hosts = asyncio.Semaphore(hosts_at_once)
        self._hosts: dict[str, asyncio.Semaphore] = {}
        self._given = transport
        self._transports: dict[tuple[str, str], httpx.AsyncBaseTransport] = {}
        self._proxy_for: Callable[[str, str], str] | None = None
        self._clock = clock

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close every connection. A later fetch opens new ones."""
        while self._transports:
            _, transport = self._transports.popitem()
            await transport.aclose()

    async def fetch(self, address: str, *, etag: str = "", last_modified: str = "") -> Response:
        """GET an address; raises FetchError.

        etag, last_modified: as an earlier `Response` gave them; both are sent (RFC 9110
            section 13.1), since WordPress answers 304 only if both match.
        """
        url = _parse(address)
        conditional = _conditional_headers(etag, last_modified)
        seen = {url}
        permanent = True
        left_s = self._timeout_s
        while True:
            async with self._turn(_host(url)):
                loop = asyncio.get_running_loop()
                started = loop.time()
                try:
                    async with asyncio.timeout(left_s):
                        answer = await self._get(url, conditional)
                except TimeoutError as error:
                    raise TimedOut(f"did not answer within {self._timeout_s:g} s") from error
                left_s -= loop.time() - started
            if answer.status not in REDIRECTS:
                break
            url, permanent = _redirected(url, answer), permanent and answer.status in PERMANENT
            if url in seen:
                raise TooManyRedirects("redirects in a circle")
            if len(seen) > self._max_redirects:
                raise TooManyRedirects(f"redirects more than {self._max_redirects} times")
            seen.add(url)
        if answer.status == 304 and not conditional:
            raise BrokenAnswer("says that nothing changed, without having been asked (304)")
        if answer.status not in (200, 304):
            raise self._bad_status(answer)
        response = _response(url, answer, moved=permanent and len(seen) > 1)
        if not response.not_modified:
            return response
        return response._replace(
            etag=response.etag or etag,
            last_modified=response.last_modified or last_modified,
        )

    @asynccontextmanager
    async def _turn(self, host: str) -> AsyncIterator[None]:
        # The host's turn comes first: a source that waits for its busy host keeps no other out.
        turns = self._hosts.setdefault(host, asyncio.Semaphore(self._per_host))
        async with turns, self._all_hosts:
            yield

    async def _get(self, url: "httpx.URL", conditional: list[tuple[str, str]]) -> _Answer:
        import httpx

        request = httpx.Request(
            "GET",
            url,
            headers=[
                ("User-Agent", self._user_agent),
                ("Accept", "*/*"),
                ("Accept-Encoding", ACCEPT_ENCODING),
                *_credentials(url),
                *conditional,
            ],
        )
        try:
            response = await self._transport(url).handle_async_request(request)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
            raise failures.no_connection(error) from error
        except httpx.HTTPError as error:
            raise BrokenAnswer("gave no proper answer") from error
        except (OSError, ValueError) as error:
            # The resolver refuses some names that are URLs: labels of more than 63 letters.
            raise failures.no_connection(error) from error
        stream = response.stream
        assert isinstance(stream, httpx.AsyncByteStream)  # every async transport's is
        try:
            return _Answer(
                response.status_code, response.headers, await self._read(response, stream)
            )
        except (httpx.HTTPError, OSError) as error:
            raise broke_off() from error
        finally:
            await stream.aclose()

    async def _read(self, response: "httpx.Response", stream: "httpx.AsyncByteStream") -> bytes:
        if response.status_code == 304:
            # It has no body, but only a connection that was read to the end can be used again.
            async for _ in stream:
                pass
        if response.status_code != 200:
            return b""
        announced = response.headers.get("content-length", "")
        if announced.isdecimal() and int(announced[:20]) > self._max_bytes:
            raise too_large(self._max_bytes)
        body = Body(response.headers.get("content-encoding", ""), self._max_bytes)
        async for chunk in stream:
            body.add(chunk)
        return body.finish()

    def _bad_status(self, answer: _Answer) -> BadStatus:
        now = headers.http_date(answer.header("date")) or self._clock()
        wait_s = headers.retry_after_s(answer.header("retry-after"), now)
        return failures.bad_status(answer.status, wait_s)

    # ── connections ─────────────────────────────────────────────────────────────────────────

    def _transport(self, url: "httpx.URL") -> "httpx.AsyncBaseTransport":
        """The transport for an address, made when it is first needed: one for http, one for
        https (reading the authorities takes 20 ms and more), and one for each proxy."""
        if self._given is not None:
            return self._given
        if self._proxy_for is None:
            self._proxy_for = _proxies_of_environment()
            _tell_that_sniffio_is_missing()
        key = url.scheme, self._proxy_for(url.scheme, _host(url))
        if key not in self._transports:
            self._transports[key] = _open_transport(*key)
        return self._transports[key]


def _response(url: "httpx.URL", answer: _Answer, *, moved: bool) -> Response:
    return Response(
        url=str(url.copy_with(userinfo=b"")),  # links are resolved against it and shown
        not_modified=answer.status == 304,
        body=answer.body,
        media_type=headers.visible(answer.header("content-type")),
        etag=headers.opaque_tag(answer.header("etag")),
        last_modified=headers.visible(answer.header("last-modified")),
        moved_to=str(url) if moved else "",
        max_age_s=headers.max_age_s(
            answer.header("cache-control"), answer.header("expires"), answer.header("date")
        ),
    )


def _open_transport(scheme: str, proxy: str) -> "httpx.AsyncBaseTransport":
    import httpx

    # Without authorities no certificate is valid, so the context for http is safe and cheap.
    context = _trust() if scheme == "https" else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    limits = httpx.Limits(
        max_connections=None,  # the turns bound them
        max_keepalive_connections=IDLE_CONNECTIONS,
        keepalive_expiry=IDLE_S,
    )
    try:
        return httpx.AsyncHTTPTransport(verify=context, limits=limits, proxy=proxy or None)
    except (ImportError, ValueError, httpx.InvalidURL) as error:
        raise Unreachable(
            "could not be reached: the proxy of the environment is unusable"
        ) from error


def _trust() -> ssl.SSLContext:
    import httpx

    paths = ssl.get_default_verify_paths()  # SSL_CERT_FILE and SSL_CERT_DIR go before the system's
    if paths.cafile or (paths.capath and any(Path(paths.capath).iterdir())):
        return ssl.create_default_context()
    return httpx.create_ssl_context(trust_env=False)


def _proxies_of_environment() -> Callable[[str, str], str]:
    """Return what gives the proxy's address for a scheme and host, "" for none."""
    from urllib.request import getproxies, proxy_bypass

    proxies = getproxies()

    def proxy_for(scheme: str, host: str) -> str:
        proxy = proxies.get(scheme) or proxies.get("all") or ""
        if not proxy or proxy_bypass(host):
            return ""
        return proxy if "://" in proxy else f"http://{proxy}"

    return proxy_for


def _tell_that_sniffio_is_missing() -> None:
    # httpcore tries to import it several times in each request, and a failed import is not
    # remembered: the search costs a third of the time of a 304. None ends it at once.
    if importlib.util.find_spec("sniffio") is None:
        sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type]  # typeshed knows no None


# ── addresses and headers ───────────────────────────────────────────────────────────────────


def _parse(address: str) -> "httpx.URL":
    import httpx

    refuse_unprintable(address)
    try:
        url = httpx.URL(address).copy_with(fragment=None)
    except (httpx.InvalidURL, ValueError) as error:
        raise BadAddress("has an address that cannot be read") from error
    if url.scheme not in ("http", "https"):
        raise BadAddress("has an address that is neither http nor https")
    if not url.host:
        raise BadAddress("has an address without a host")
    return url


def _host(url: "httpx.URL") -> str:
    return url.raw_host.decode("ascii")


def _redirected(url: "httpx.URL", answer: _Answer) -> "httpx.URL":
    """Return where a redirect leads, if it may be followed."""
    import httpx

    location = answer.header("location")
    if not location:
        raise failures.bad_status(answer.status, None)
    try:
        target = _parse(str(url.join(location)))
    except (httpx.InvalidURL, ValueError, BadAddress) as error:
        raise BadAddress("redirects to an address that may not be asked for") from error
    if is_private(_host(target)) and not is_private(_host(url)):
        raise BadAddress("redirects to an address that may not be asked for")
    if url.scheme == "https" and target.scheme == "http":
        raise BadAddress("redirects from https to an address without protection")
    if not target.userinfo and (target.scheme, target.netloc) == (url.scheme, url.netloc):
        return target.copy_with(userinfo=url.userinfo)
    return target


def _conditional_headers(etag: str, last_modified: str) -> list[tuple[str, str]]:
    conditions = []
    if headers.visible(etag):
        conditions.append(("If-None-Match", f'"{etag}"'))
    if headers.visible(last_modified):
        conditions.append(("If-Modified-Since", last_modified))
    return conditions


def _credentials(url: "httpx.URL") -> list[tuple[str, str]]:
    """The Basic credentials (RFC 7617) of an address that holds a name and password."""
    if not url.userinfo:
        return []
    pair = unquote(url.userinfo.decode("ascii"))
    if ":" not in pair:
        pair += ":"
    return [("Authorization", "Basic " + base64.b64encode(pair.encode()).decode("ascii"))]

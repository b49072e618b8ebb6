"""HTTP and HTTPS: conditional requests with limits on time, bytes and redirects.

No cookies are kept, no netrc is read, no redirect is followed but by the rules below.

Rules for redirects (RFC 9110 section 15.4):
  - at most `max_redirects`, never in a circle, only to http and https;
  - never from https to http: who asked for a protected address would not notice the change;
  - never from elsewhere into this machine or a private network: neither by the spelling of the
    host nor, at a redirect to another name, by what that name resolves to when it is looked at
    and when the connection is made (not where a proxy resolves it);
  - a source's own headers and credentials go to its own scheme, host and port, and after the
    first redirect away from there to nobody; its own certificate authorities count there alone;
  - validators go to the address that gave them and to no other: one site has the same for all.
An address that a page or feed named is asked by the second and third of these rules as well.

Limits: one deadline for the looking up of names, TLS, head and body of all redirects together;
a head of at most 100 kB (h11's limit); `max_bytes` of a body, as received and unpacked. Bodies
are asked for in gzip and not in brotli or zstd: their decoders as httpx uses them unpack a chunk
to any size before it can be counted.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple, Self
from unicodedata import normalize

from nordic_tui.clock import Clock, system_clock
from nordic_tui.errors import BadAddress, BadStatus, BrokenAnswer, TimedOut, TooManyRedirects
from nordic_tui.fetch import failures, headers, request_headers
from nordic_tui.fetch.addresses import is_private, refuse_unprintable
from nordic_tui.fetch.body import ACCEPT_ENCODING, Body, broke_off, too_large
from nordic_tui.fetch.connections import Connections, leave_out_httpx_command, part_from_rest
from nordic_tui.fetch.lookups import RefusedAddress, refusing
from nordic_tui.fetch.request_headers import USUAL, Fields
from nordic_tui.fetch.secrets import Secrets
from nordic_tui.fetch.turns import Turns
from nordic_tui.model import Manner, Response

if TYPE_CHECKING:
    import httpx

_OF_SOCKETS = (OSError, ValueError, OverflowError)
PERMANENT = (301, 308)
REDIRECTS = (301, 302, 303, 307, 308)
MAX_PORT = 65_535


LARGE_BYTES = 500_000
LARGE_AT_ONCE = 3
"""So many bodies at once may be larger than that: 32 hosts of ill will together would otherwise
fill the memory, each within its own limit."""
WaitForRoom = Callable[[], Awaitable[None]]


class _Room(NamedTuple):
    """What a large body waits for, and whose deadline stands still meanwhile."""

    turns: asyncio.Semaphore
    wait: WaitForRoom | None
    deadline: asyncio.Timeout

    @asynccontextmanager
    async def for_a_large_one(self) -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()
        end, started = self.deadline.when(), loop.time()
        assert end is not None
        self.deadline.reschedule(None)
        async with self.turns:
            if self.wait is not None:
                await self.wait()
            self.deadline.reschedule(end + loop.time() - started)
            yield


class _Astray(NamedTuple):
    """What is said of an address that led to one that may not be asked for."""

    into_private: str
    to_unprotected: str


_REDIRECT = _Astray(
    "redirects into a private network", "redirects from https to an address without protection"
)
_NAMED = _Astray(
    "is in a private network and was named from outside",
    "is without protection (http) and was named by an address that has it (https)",
)


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

    user_agent: sent as it is, printable ASCII; a source may have another one.
    timeout_s: for one address with all its redirects, from the first byte sent to the last
        received; waiting for a turn or for a password does not count.
    max_bytes: of a body, both as received and unpacked; a source may have another limit.
    per_host, hosts_at_once: how many requests run at the same time.
    turns: what the hosts grant to several fetchers together; None: there are no others.
    transport: takes the place of the network; no proxy is used and no name looked up then.
    Belongs to one event loop. Proxies and certificates: see `Connections`.
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
        turns: Turns | None = None,
        transport: "httpx.AsyncBaseTransport | None" = None,
        clock: Clock = system_clock,
    ) -> None:
        self._user_agent = user_agent
        self._timeout_s = timeout_s
        self._max_bytes = max_bytes
        self._max_redirects = max_redirects
        self._per_host = per_host
        self._all_hosts = asyncio.Semaphore(hosts_at_once)
        self._large = asyncio.Semaphore(LARGE_AT_ONCE)
        self._hosts: dict[str, asyncio.Semaphore] = {}
        self._turns = turns
        self._connections = Connections(transport)
        self._secrets = Secrets()
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
        """Close every connection and forget passwords. A later fetch opens new ones."""
        await self._secrets.close()
        await self._connections.close()

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
        """GET an address; raises FetchError.

        etag, last_modified: as an earlier `Response` gave them; both are sent (RFC 9110
            section 13.1), since WordPress answers 304 only if both match.
        validators_of: the `url` of that `Response`; "": the address itself. They are sent to
            no other.
        led_from: the address of the page or feed that named this one; "": a person did.
        wait_for_room: waited for before the request, and again before more than `LARGE_BYTES` of a
            body are read; that time is not the server's.
        """
        url = _parse(address)
        led_by = _parsed(led_from)
        conditional = request_headers.conditional(etag, last_modified)
        validated = _parsed(validators_of) if validators_of else url
        validated_at = _shown(validated) if validated is not None else ""
        own = await self._own_fields(manner) if manner != USUAL else []
        ca_file = manner.ca_file if url.scheme == "https" else ""
        if ca_file:
            await self._connections.trust(ca_file)
        user_agent = manner.user_agent or self._user_agent
        max_bytes = self._max_bytes if manner.max_bytes is None else manner.max_bytes
        seen = {url}
        outside = ""
        permanent = True
        left_s = self._timeout_s
        loop = asyncio.get_running_loop()
        while True:
            conditions = conditional if _shown(url) == validated_at else []
            fields = self._fields(url, user_agent, own, conditions)
            async with self._turn(_host(url)):
                if wait_for_room is not None and len(seen) == 1:
                    await wait_for_room()
                started = loop.time()
                try:
                    async with asyncio.timeout(left_s) as deadline:
                        room = _Room(self._large, wait_for_room, deadline)
                        if led_from and len(seen) == 1:
                            outside = await self._refuse_astray(led_by, url, _NAMED)
                        answer = await self._get(url, fields, max_bytes, ca_file, outside, room)
                        if answer.status not in REDIRECTS:
                            break
                        target = _target(url, answer)
                        outside = await self._refuse_astray(url, target, _REDIRECT) or outside
                except TimeoutError as error:
                    raise self._timed_out(url) from error
                left_s -= loop.time() - started
            permanent = permanent and answer.status in PERMANENT
            if target in seen:
                raise TooManyRedirects("redirects in a circle")
            if len(seen) > self._max_redirects:
                raise TooManyRedirects(f"redirects more than {self._max_redirects} times")
            if _origin(target) != _origin(url):
                own, ca_file = [], ""
            seen.add(target)
            url = target
        if answer.status == 304 and not conditions:
            raise BrokenAnswer("says that nothing changed, without having been asked (304)")
        if answer.status not in (200, 304):
            raise self._bad_status(url, answer, for_good=permanent)
        response = _response(url, answer, moved=permanent and len(seen) > 1)
        if not response.not_modified:
            return response
        return response._replace(
            etag=response.etag or etag,
            last_modified=response.last_modified or last_modified,
        )

    async def _own_fields(self, manner: Manner) -> Fields:
        own = request_headers.own(manner.headers)
        if manner.login is not None:
            own.append(("Authorization", await self._secrets.authorization(manner.login)))
        return own

    def _fields(
        self, url: "httpx.URL", user_agent: str, own: Fields, conditional: Fields
    ) -> Fields:
        usual = [
            ("User-Agent", user_agent),
            ("Accept", "*/*"),
            ("Accept-Encoding", ACCEPT_ENCODING),
        ]
        return request_headers.merged(
            usual, request_headers.of_address(url.userinfo), own, conditional
        )

    @asynccontextmanager
    async def _turn(self, host: str) -> AsyncIterator[None]:
        # The host's turn comes first: a source that waits for its busy host keeps no other out.
        own = self._hosts.setdefault(host, asyncio.Semaphore(self._per_host))
        shared = self._turns.at(host) if self._turns is not None else nullcontext()
        async with own, shared, self._all_hosts:
            yield

    async def _get(
        self,
        url: "httpx.URL",
        fields: Fields,
        max_bytes: int,
        ca_file: str,
        outside: str,
        room: "_Room",
    ) -> _Answer:
        """outside: as `_refuse_astray` gives it."""
        import httpx

        async with self._connections.to(url, ca_file) as transport:
            request = httpx.Request("GET", url, headers=fields)
            proxy = self._proxy_name(url)
            stays_outside = bool(outside) and not proxy
            try:
                with refusing(is_private) if stays_outside else nullcontext():
                    response = await transport.handle_async_request(request)
            except httpx.ProxyError as error:
                raise failures.refused_by_proxy(str(error), proxy) from error
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                if failures.came_of(error, RefusedAddress):
                    raise BadAddress(outside) from error
                raise failures.no_connection(error, proxy) from error
            except httpx.HTTPError as error:
                raise BrokenAnswer("gave no proper answer") from error
            except _OF_SOCKETS as error:
                # The resolver refuses some names that are URLs: labels of more than 63 letters.
                raise failures.no_connection(error, proxy) from error
            except ExceptionGroup as group:
                # Several addresses are tried at once, and only what is an OSError is unpacked.
                if group.split(_OF_SOCKETS)[1] is not None:
                    raise
                raise failures.no_connection(group, proxy) from group
            stream = response.stream
            assert isinstance(stream, httpx.AsyncByteStream)  # every async transport's is
            try:
                return _Answer(
                    response.status_code,
                    response.headers,
                    await self._read(response, stream, max_bytes, room),
                )
            except (httpx.HTTPError, OSError) as error:
                raise broke_off() from error
            finally:
                await part_from_rest(response)
                await stream.aclose()

    async def _read(
        self,
        response: "httpx.Response",
        stream: "httpx.AsyncByteStream",
        max_bytes: int,
        room: "_Room",
    ) -> bytes:
        if response.status_code == 304:
            # It has no body, but only a connection that was read to the end can be used again.
            async for _ in stream:
                pass
        if response.status_code != 200:
            return b""
        announced = response.headers.get("content-length", "")
        if announced.isdecimal() and int(announced[:20]) > max_bytes:
            raise too_large(max_bytes)
        body = Body(response.headers.get("content-encoding", ""), max_bytes)
        async with AsyncExitStack() as kept:
            is_large = False
            async for chunk in stream:
                body.add(chunk)
                if not is_large and body.size > LARGE_BYTES:
                    is_large = True
                    await kept.enter_async_context(room.for_a_large_one())
            return body.finish()

    def _bad_status(self, url: "httpx.URL", answer: _Answer, *, for_good: bool) -> BadStatus:
        now = headers.http_date(answer.header("date")) or self._clock()
        wait_s = headers.retry_after_s(answer.header("retry-after"), now)
        proxy = self._connections.proxy(url)
        return failures.bad_status(
            answer.status,
            wait_s,
            for_good=for_good,
            says_where=bool(answer.header("location")),
            proxy=proxy.name if proxy is not None and proxy.answers_for(url.scheme) else "",
        )

    def _timed_out(self, url: "httpx.URL") -> TimedOut:
        proxy = self._proxy_name(url)
        through = f" through the proxy {proxy}" if proxy else ""
        return TimedOut(
            f"did not answer within {self._timeout_s:g} s{through}", at_this_end=bool(proxy)
        )

    def _proxy_name(self, url: "httpx.URL") -> str:
        proxy = self._connections.proxy(url)
        return proxy.name if proxy is not None else ""

    async def _refuse_astray(
        self, source: "httpx.URL | None", target: "httpx.URL", words: _Astray
    ) -> str:
        """Raise BadAddress if one address may not lead to another.

        source: None for what has no host, as a file: it is everywhere outside.
        Gives what is to be said if the name of `target` is found to be inside after all, when it
        is connected to; "": it may be inside.
        """
        start = _host(source) if source is not None else ""
        leaves = _host(target) != start and not is_private(start)
        if leaves and is_private(_host(target)):
            raise BadAddress(words.into_private)
        if source is not None and source.scheme == "https" and target.scheme == "http":
            raise BadAddress(words.to_unprotected)
        if not leaves:
            return ""
        if not any(map(is_private, await self._connections.resolve(target))):
            return words.into_private
        # Who is inside already may be led to a neighbour; who is so with one address of several
        # may have put that one there for this.
        inside = await self._connections.resolve(source) if source is not None else []
        if not inside or not all(map(is_private, inside)):
            raise BadAddress(words.into_private)
        return ""


def _response(url: "httpx.URL", answer: _Answer, *, moved: bool) -> Response:
    return Response(
        # Links are resolved against it and shown.
        url=_shown(url),
        not_modified=answer.status == 304,
        body=answer.body,
        media_type=headers.visible(answer.header("content-type")),
        etag=headers.opaque_tag(answer.header("etag")),
        last_modified=headers.visible(answer.header("last-modified")),
        moved_to=str(url) if moved else "",
        max_age_s=headers.max_age_s(
            answer.header("cache-control"), answer.header("expires"), answer.header("date")
        ),
        total=headers.total(answer.header("x-wp-total")),
        offers_rest=headers.offers_rest(answer.header("link")),
    )


# ── addresses ──────────────────────────────────────────────────────────────────────────────


def _parse(address: str) -> "httpx.URL":
    leave_out_httpx_command()
    import httpx

    refuse_unprintable(address)
    try:
        url = httpx.URL(_composed(address))
        if "#" in address:
            url = url.copy_with(fragment=None)
        # Not every host that was taken can be decoded (xn--…), nor every port encoded (digits
        # of other scripts).
        has_host, port = bool(url.host and url.netloc), url.port or 0
    except (httpx.InvalidURL, ValueError) as error:
        raise BadAddress("has an address that cannot be read") from error
    if url.scheme not in ("http", "https"):
        raise BadAddress("has an address that is neither http nor https")
    if not has_host:
        raise BadAddress("has an address without a host")
    if port > MAX_PORT:
        raise BadAddress(f"has an address with a port above {MAX_PORT}")
    return url


def _parsed(address: str) -> "httpx.URL | None":
    """An address that is not going to be asked; None if it is none of the web."""
    try:
        return _parse(address)
    except BadAddress:
        return None


def _shown(url: "httpx.URL") -> str:
    """An address without the name and password in it."""
    return str(url.copy_with(userinfo=b"") if url.userinfo else url)


def _composed(address: str) -> str:
    """The address with its host in composed letters (NFC), as names must be before they are
    encoded for the name system (RFC 5891 section 4.2.1); pasted from a file name they are not."""
    if address.isascii():
        return address
    start = address.find("//") + 2
    ends = [found for mark in "/?#" if (found := address.find(mark, start)) >= 0]
    end = min(ends, default=len(address))
    userinfo, at, host = address[start:end].rpartition("@")
    return address[:start] + userinfo + at + normalize("NFC", host) + address[end:]


def _host(url: "httpx.URL") -> str:
    return url.raw_host.decode("ascii")


def _origin(url: "httpx.URL") -> tuple[str, bytes]:
    return url.scheme, url.netloc


def _target(url: "httpx.URL", answer: _Answer) -> "httpx.URL":
    """Where a redirect points; raises BadAddress if that cannot be asked for."""
    import httpx

    location = answer.header("location")
    if not location:
        raise failures.bad_status(answer.status, None)
    try:
        target = _parse(str(url.join(location)))
    except (httpx.InvalidURL, ValueError, BadAddress) as error:
        raise BadAddress("redirects to an address that may not be asked for") from error
    if not target.userinfo and _origin(target) == _origin(url):
        return target.copy_with(userinfo=url.userinfo)
    return target

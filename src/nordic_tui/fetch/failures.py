"""What went wrong, in words: errors of sockets and TLS, and HTTP statuses.

The server's own words (reason phrases) are never shown.
"""

import errno
import math
import re
import socket
import ssl
from collections.abc import Iterator

from nordic_tui.errors import (
    BadAddress,
    BadStatus,
    FetchError,
    Gone,
    InsecureConnection,
    Unreachable,
)

# OpenSSL's numbers for what is wrong with a certificate (x509_vfy.h).
_CERTIFICATE_FAULTS = {
    9: "it is not valid yet",
    10: "it has expired",
    18: "it is signed by itself",
    19: "it is signed by an unknown authority",
    20: "it is signed by an unknown authority",
    21: "it is signed by an unknown authority",
    23: "it was revoked",
    62: "it is made for another name",
    64: "it is made for another address",
}
_NO_NETWORK = (errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTUNREACH, errno.EHOSTDOWN)


def no_connection(error: Exception, proxy: str = "") -> FetchError:
    """Return what it means that a connection could not be made, by the first cause known.

    proxy: host and port of the one through which it was tried; "" for none.
    """
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            fault = _CERTIFICATE_FAULTS.get(cause.verify_code)
            return InsecureConnection("has no valid certificate" + (f": {fault}" if fault else ""))
        if isinstance(cause, ssl.SSLError):
            return InsecureConnection("offers no secure connection that can be trusted")
        if isinstance(cause, socket.gaierror):
            # EAI_AGAIN: no name server answered, which is what being offline looks like.
            if cause.errno == socket.EAI_AGAIN:
                return _unreachable("no network", at_this_end=True)
            whose = f"the name of the proxy {proxy}" if proxy else "the name"
            return _unreachable(f"{whose} is not known", at_this_end=bool(proxy))
    for cause in causes:
        if isinstance(cause, ConnectionRefusedError):
            return _unreachable(
                f"the proxy {proxy} refused the connection"
                if proxy
                else "the connection was refused",
                at_this_end=bool(proxy),
            )
        if isinstance(cause, OSError) and cause.errno in _NO_NETWORK:
            return _unreachable("no network", at_this_end=True)
        if isinstance(cause, UnicodeError | OverflowError):
            # A proxy is told the source's address as it is; only its own is looked up.
            if proxy:
                return _unreachable(
                    f"the proxy {proxy} has an address that cannot be read", at_this_end=True
                )
            return BadAddress("has an address that cannot be read")
    through = f" through the proxy {proxy}" if proxy else ""
    return Unreachable(f"could not be reached{through}", at_this_end=bool(proxy))


def came_of(error: Exception, kind: type[Exception]) -> bool:
    """Whether an error of this kind is among what an error came from."""
    return any(isinstance(cause, kind) for cause in _causes(error))


def refused_by_proxy(words: str, proxy: str) -> FetchError:
    """Return what it means that a proxy makes no connection.

    words: those of httpcore, which begin with the status that a proxy for HTTP answered; what
        follows is the proxy's own. proxy: its host and port.
    """
    status = re.match(r"[1-9][0-9]{2}\b", words)
    if status is None:
        return Unreachable(f"could not be reached through the proxy {proxy}", at_this_end=True)
    if status[0] == "407":
        why = f"the proxy {proxy} asks for a password (407)"
    else:
        why = f"the proxy {proxy} makes no connection to it ({status[0]})"
    return _unreachable(why, at_this_end=True)


def _unreachable(why: str, *, at_this_end: bool) -> Unreachable:
    return Unreachable(f"could not be reached: {why}", at_this_end=at_this_end)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Walk an error and all that it came from; httpcore cuts __cause__ and leaves __context__."""
    seen: list[BaseException] = []
    waiting = [error]
    while waiting:
        current = waiting.pop(0)
        if any(current is known for known in seen):
            continue
        seen.append(current)
        yield current
        waiting += [e for e in (current.__cause__, current.__context__) if e is not None]
        if isinstance(current, BaseExceptionGroup):
            waiting += current.exceptions


def bad_status(
    status: int,
    retry_after_s: float | None,
    *,
    for_good: bool = True,
    says_where: bool = False,
    proxy: str = "",
) -> BadStatus:
    """Return what a status that is no answer means (RFC 9110 section 15).

    for_good: whether every redirect on the way was permanent. says_where: whether it has a
        Location. proxy: host and port of one that may have answered
        in the server's place; "" for none.
    """
    if status == 410:
        words = "is gone for good (410)" if for_good else "leads to what is gone (410)"
        return Gone(words, status, retry_after_s=retry_after_s, for_good=for_good)
    if retry_after_s is not None and status in (429, 503):
        words = f"asks to come back in {_duration(retry_after_s)} ({status})"
    elif status == 404:
        words = "answered 404: there is nothing at this address"
    elif status in (401, 403, 451):
        words = f"refuses to answer ({status})"
    elif status == 407 and proxy:
        words = f"could not be reached: the proxy {proxy} asks for a password (407)"
    elif status == 429:
        words = "asks for fewer requests (429)"
    elif 300 <= status < 400 and says_where:
        words = f"redirects in a way that is not followed ({status})"
    elif 300 <= status < 400:
        words = f"redirects without saying where ({status})"
    elif 400 <= status < 500:
        words = f"did not accept the request ({status})"
    elif 500 <= status < 600:
        words = f"has trouble at its end ({status})"
    else:
        words = f"gave an answer without posts ({status})"
    at_this_end = status == 407 and bool(proxy)
    return BadStatus(words, status, retry_after_s=retry_after_s, at_this_end=at_this_end)


def _duration(seconds: float) -> str:
    for unit_s, unit in ((86_400, "days"), (3_600, "hours"), (60, "minutes")):
        if seconds > 1.5 * unit_s:
            return f"{math.ceil(seconds / unit_s)} {unit}"
    return "a minute" if seconds > 1 else "a moment"

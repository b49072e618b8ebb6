"""What is private in a line of the screen, so that a picture of it can be shown to others.

paths          below a home directory, also as "~"
credentials    user and password of an address, values of headers and parameters that grant access
hosts          of private networks, and those that are named as not public
"""

import re
from collections.abc import Collection, Iterator
from ipaddress import ip_address

from nordic_tui.text import clean

Span = tuple[int, int]
"""Where something begins and ends in a line, in characters."""

MASK = "•"

_PATHS = r"(?<![\w./~-])(?:~(?=/)|/home/[^/\s]+|/Users/[^/\s]+|/root(?![\w-]))(?:/[^\s]*)?"
_LOGINS = r"(?<=://)[^\s/?#]*@"
_VALUES = (
    r"(?i)(?:authorization|proxy-authorization|cookie|x-[a-z-]*(?:key|token)|password)[ ]?[:=][ ]*"
    r"((?:basic |bearer )?\S+)"
)
_PARAMETERS = (
    r"(?i)[?&](?:access_token|api_?key|auth|key|password|secret|sig|signature|token)=([^&\s#]+)"
)
_HOST = r"(?<=://)(\[[0-9A-Fa-f:.]+\]|[^\s/?#:\[\]]+)|(?<![\w.])(\d{1,3}(?:\.\d{1,3}){3})(?![\w.])"
_PRIVATE_ENDINGS = (".local", ".lan", ".internal", ".home.arpa", ".localhost", ".intranet", ".corp")


def is_public(host: str) -> bool:
    """Whether a host is one that anybody could reach: no private address, no name that only a
    network of its own knows (RFC 6761, RFC 6762, RFC 8375)."""
    try:
        return ip_address(host.strip("[]")).is_global
    except ValueError:
        return "." in host.strip(".") and not host.rstrip(".").endswith(_PRIVATE_ENDINGS)


def private_spans(line: str, home: str = "", words: Collection[str] = ()) -> list[Span]:
    """Where in a line something private stands; spans may overlap.

    home: the home directory. words: names and hosts that are not public, wherever they stand.
    """
    return sorted(_found(line, home, words))


def _found(line: str, home: str, words: Collection[str]) -> Iterator[Span]:
    for found in re.finditer(_PATHS, line):
        yield found.span()
    if len(home) > 1:
        for found in re.finditer(re.escape(home) + r"(?![\w-])[^\s]*", line):
            yield found.span()
    for found in re.finditer(_LOGINS, line):
        yield found.span()
    for pattern in (_VALUES, _PARAMETERS):
        for found in re.finditer(pattern, line):
            yield found.span(1)
    for found in re.finditer(_HOST, line):
        host = found[0].rpartition("@")[2]
        # "https://news.exam…" is a public host, cut; so is one that another line goes on with.
        if not is_public(clean.host(f"http://{host}") or host):
            yield found.end() - len(host), found.end()
    for word in words:
        if word.strip():
            for found in re.finditer(rf"(?i)(?<!\w){re.escape(word)}(?!\w)", line):
                yield found.span()

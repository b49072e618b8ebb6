"""What is sent with a request. Plain values in, names and values out."""

import base64
import re
from urllib.parse import unquote

from nordic_tui.errors import FetchError
from nordic_tui.fetch import headers
from nordic_tui.model import Manner

USUAL = Manner()
Fields = list[tuple[str, str]]

_OURS = frozenset(
    {
        "accept-encoding",
        "connection",
        "content-length",
        "expect",
        "host",
        "keep-alive",
        "range",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
"""What frames a message, chooses its encoding or asks for a part of it."""


def own(given: tuple[tuple[str, str], ...]) -> Fields:
    """The headers that a person wants to be sent; raises FetchError for one that may not be.

    A name is a token, a value printable ASCII (RFC 9110 sections 5.1 and 5.5). What frames the
    message, conditions and what is meant for a proxy are the fetcher's own.
    """
    for name, value in given:
        if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}", name):
            raise FetchError("could not be asked: one of its headers has a name that none may have")
        if name.lower() in _OURS or name.lower().startswith(("if-", "proxy-")):
            raise FetchError(f"could not be asked: the header {name} may not be set")
        if not (value.isascii() and value.isprintable()):
            raise FetchError(f"could not be asked: its header {name} is not printable ASCII")
    return list(given)


def conditional(etag: str, last_modified: str) -> Fields:
    """The validators, both if there are two; an ETag goes without `W/` (`headers.opaque_tag`)."""
    conditions = []
    if headers.visible(etag):
        conditions.append(("If-None-Match", f'"{etag}"'))
    if headers.visible(last_modified):
        conditions.append(("If-Modified-Since", last_modified))
    return conditions


def merged(*groups: Fields) -> Fields:
    """All fields; of those of one name the last, in the place of the first."""
    fields = {name.lower(): (name, value) for group in groups for name, value in group}
    return list(fields.values())


def basic(user: str, password: str) -> str:
    """Credentials by name and password, in UTF-8 (RFC 7617)."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode("ascii")


def of_address(userinfo: bytes) -> Fields:
    """The credentials of an address that holds a name and password, percent-encoded."""
    if not userinfo:
        return []
    user, _, password = userinfo.decode("ascii").partition(":")
    return [("Authorization", basic(unquote(user), unquote(password)))]

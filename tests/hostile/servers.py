"""What a hostile server is: a script of what it sends, and what the reader does with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tests.hostile.case import Case

FEED: Final = b"<rss>posts</rss>"
HERE: Final = b"$HERE"
"""Stands for the server's own host and port."""

# ── what a server does ──────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Times:
    """Sends the same bytes so many times."""

    count: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Forever:
    """Sends the same bytes until nobody is there."""

    data: bytes


class Wait:
    """Sends nothing until nobody is there."""


class Reset:
    """Breaks the connection off, so that what is under way is lost (RST)."""


Piece = bytes | Times | Forever | Wait | Reset
Script = tuple[Piece, ...]
"""What follows a request; at its end the connection is closed."""


def pieces(script: Script) -> Iterator[bytes | Wait | Reset]:
    """A script, one write after the other."""
    for piece in script:
        if isinstance(piece, Times):
            for _ in range(piece.count):
                yield piece.data
        elif isinstance(piece, Forever):
            while True:
                yield piece.data
        else:
            yield piece


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpCase(Case):
    """One server. says: the words of the FetchError, or "" where the body is `gives`."""

    scripts: tuple[Script, ...]
    """The answers, one after the other; the last one again and again."""
    says: str = ""
    gives: bytes = FEED
    media_type: str = ""
    requests: int = 1
    """So many requests come in, and none to anywhere else."""
    fetches: int = 1
    """The address is asked so many times, by one fetcher."""
    timeout_s: float = 20.0
    max_bytes: int = 100_000
    sends: tuple[str, ...] = ()
    """Headers of the last request besides the usual ones."""
    certificate: str = ""
    """The file of the certificate that is shown; "": no TLS."""
    by_tls: bool = False
    """Whether the address begins with https."""


def refused(name: str, wrong: str, *script: Piece, says: str, requests: int = 1) -> HttpCase:
    return HttpCase(
        name=name,
        wrong=wrong,
        does=f"says that the source “{says}”",
        scripts=(script,),
        says=says,
        requests=requests,
    )


def taken(name: str, wrong: str, *script: Piece, does: str, gives: bytes = FEED) -> HttpCase:
    return HttpCase(name=name, wrong=wrong, does=does, scripts=(script,), gives=gives)

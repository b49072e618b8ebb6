"""What a person names on the command line -> what a `Source` holds; standard input as a source."""

import os
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from nordic_tui import wiring
from nordic_tui.cli.console import UsageError
from nordic_tui.config.paths import absolute
from nordic_tui.errors import FetchError
from nordic_tui.fetch.file import read_stdin
from nordic_tui.model import Manner, Response
from nordic_tui.service.ports import USUAL, Fetcher, OpenFetcher
from nordic_tui.text import clean

STDIN = "standard input"
"""The address of what was read from standard input; no file's, as theirs are absolute."""

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_WEB = re.compile(r"https?://[^\s/]", re.IGNORECASE)
_AROUND_WEB = re.compile(r"\A//|\A(?:https?|feeds?):/|https?://", re.IGNORECASE)
_HOST = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+/")


def resolve(word: str) -> str:
    """The address that a word of the command line stands for; raises UsageError.

    A web address stays, "-" is standard input, everything else is a file's path; but what holds
    a web address, as "(https://…)" and "//…", is that, and no path holds a password.
    """
    if word == "-":
        return STDIN
    if not clean.is_whole(word):
        raise UsageError(
            f"{_said(word)} holds bytes that are no text in UTF-8. "
            "A file with such a name can be read from standard input: nordic-tui - < FILE"
        )
    if _AROUND_WEB.search(word) and not _WEB.match(word):
        from nordic_tui.service.places import WEB, candidates  # only what is written oddly needs it

        pasted = next(iter(candidates(word)), "")
        if pasted.startswith(WEB):
            return pasted
        raise UsageError(f"{_said(word)} holds no web address that can be read.")
    scheme = _SCHEME.match(word)
    if scheme is None:
        if not word:
            raise UsageError("An address is empty. See nordic-tui --help.")
        if _said(word) != word and not os.path.exists(word):  # noqa: PTH110  Path.exists raises
            raise UsageError(
                f"{_said(word)} is neither a file nor a whole web address: "
                "that begins with https:// or http://."
            )
        return _absolute(word)
    if scheme[1].lower() in ("http", "https"):
        return word
    if scheme[1].lower() == "file":
        from urllib.parse import unquote, urlsplit

        parts = urlsplit(word)
        if parts.netloc not in ("", "localhost") or not parts.path:
            raise UsageError(
                f"{_said(word)} is no file of this machine: its address begins file:///."
            )
        return unquote(parts.path)
    raise UsageError(
        f"{_said(word)} is of a kind that cannot be read: a web address begins with https:// or "
        "http://, everything else is the path of a file."
    )


def _absolute(path: str) -> str:
    try:
        return absolute(path)
    except FileNotFoundError as error:
        raise UsageError(
            f"{_said(path)} cannot be found: the directory that this was started in is gone."
        ) from error


def failure_words(word: str, error: str) -> str:
    """A sentence about an address that failed, as the person wrote it.

    error: the end of the sentence, without a full stop.
    """
    name = STDIN if word == "-" else _said(word)
    hint = ""
    if error == "does not exist" and _HOST.match(name):
        hint = f" A web address begins with https://: https://{name}"
    return f"{name} {error}.{hint}"


def _said(word: str) -> str:
    from nordic_tui.service.places import without_login  # only a mistake needs it

    return without_login(word)


@dataclass(frozen=True, slots=True)
class StdinFetcher:
    """Gives what was read from standard input, and everything else from `other`."""

    body: bytes | FetchError
    other: Fetcher

    async def fetch(
        self,
        address: str,
        *,
        etag: str = "",
        last_modified: str = "",
        validators_of: str = "",
        led_from: str = "",
        manner: Manner = USUAL,
        wait_for_room: Callable[[], Awaitable[None]] | None = None,
    ) -> Response:
        if address != STDIN:
            return await self.other.fetch(
                address,
                etag=etag,
                last_modified=last_modified,
                validators_of=validators_of,
                led_from=led_from,
                manner=manner,
                wait_for_room=wait_for_room,
            )
        if isinstance(self.body, FetchError):
            raise self.body
        return Response(url="", body=self.body)


def open_with_stdin() -> OpenFetcher:
    """Read standard input to its end, now; gives a fetcher that has it at hand."""
    body: bytes | FetchError
    try:
        body = read_stdin()
    except FetchError as error:
        body = error

    @asynccontextmanager
    async def open_fetcher() -> AsyncIterator[Fetcher]:
        async with wiring.open_fetcher() as other:
            yield StdinFetcher(body, other)

    return open_fetcher


def take_keyboard() -> bool:
    """Make the terminal standard input again, after it was a pipe; False if there is none."""
    try:
        terminal = os.open("/dev/tty", os.O_RDWR)
    except OSError:
        return False
    os.dup2(terminal, 0)
    os.close(terminal)
    return True

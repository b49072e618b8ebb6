"""Decoding in processes of its own, with a deadline and a memory limit.

Nothing that a source sends is read in the program's own process: `process` has the way there and
back, `child` the other side.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager, suppress
from typing import Final, TypeVar

from nordic_tui.decode import wire
from nordic_tui.decode.entries import MAX_ENTRIES
from nordic_tui.decode.process import DecodeProcess
from nordic_tui.errors import ExtraMissing, NotAFeed, WorkerDied
from nordic_tui.model import Article, Entry, Feed, Imported, KeptPost, Page, Term
from nordic_tui.text import clean

T = TypeVar("T")

MAX_MEMORY_BYTES: Final = 1 << 30
_MAX_PHRASE_CHARS: Final = 300
_MAX_POSTS: Final = 2 * MAX_ENTRIES
"""In the parts of one feed: a post may come twice."""
_MAX_LIBRARY_BYTES: Final = 1_000_000_000
_MAX_FEED_BYTES: Final = 50_000_000
"""Of a feed that is wanted as a whole: the answers together."""
_SMALL_BYTES: Final = 200_000
"""An answer up to this is read in a millisecond, which a thread would take as well."""

_REFUSALS: Final = {wire.NOT_A_FEED: NotAFeed, wire.EXTRA_MISSING: ExtraMissing}
"""What the child refuses, and the error that says so."""

_CRASHED = "made the parser crash"
_KILLED = "was stopped while it was read, perhaps for want of memory"
_NEEDS_MEMORY = "needs more memory than allowed to read"
_NOT_STARTED = "could not be read: the decoding process did not start"


class DecodeWorker:
    """Decodes in child processes, each of them one body at a time.

    processes: how many at most; one more starts only when a body finds all of them busy.
    Belongs to one event loop, in any thread. Every method raises NotAFeed as the decoder that it
    names does, and WorkerDied if the deadline passes, the memory does not suffice or the child
    crashes; the next call has a new child. When cancelled, the child is killed.
    """

    def __init__(
        self,
        deadline_s: float = 20.0,
        *,
        max_memory_bytes: int = MAX_MEMORY_BYTES,
        processes: int = 1,
    ) -> None:
        self._deadline_s = deadline_s
        self._turns = asyncio.Semaphore(processes)
        self._processes = [DecodeProcess(max_memory_bytes) for _ in range(processes)]
        self._free = list(self._processes)

    async def expect(self, bodies: int) -> None:
        """Start the processes that so many bodies will need, so that they load while the bodies
        are on their way. What goes wrong is said by the first decode."""
        for process in self._free[:bodies]:
            async with self._turns:
                if process in self._free and not process.runs:
                    self._free.remove(process)
                    try:
                        with suppress(OSError):
                            await process.start()
                    finally:
                        self._free.append(process)

    async def decode(self, body: bytes, *, media_type: str = "", url: str = "") -> Feed:
        """What `detect.decode` returns for the same arguments."""
        feed = Feed()
        entries: list[Entry] = []
        size = 0
        async with aclosing(self._feeds("feed", body, media_type, url)) as parts:
            async for part, answer_bytes in parts:
                size += answer_bytes
                if size > _MAX_FEED_BYTES:
                    raise WorkerDied(_NEEDS_MEMORY)
                feed = part
                entries += part.entries
        return feed._replace(entries=tuple(entries))

    async def parts(
        self, body: bytes, *, media_type: str = "", url: str = ""
    ) -> AsyncGenerator[Feed, None]:
        """What `detect.decode_in_parts` yields; the deadline is for each part."""
        async with aclosing(self._feeds("parts", body, media_type, url)) as parts:
            async for part, _ in parts:
                yield part

    async def library(self, body: bytes) -> tuple[tuple[KeptPost, ...], int]:
        """What `library.decode_library` returns."""
        posts: list[KeptPost] = []
        unread = size = 0
        async with aclosing(self._answers("library", body)) as answers:
            async for payload in answers:
                size += len(payload)
                if size > _MAX_LIBRARY_BYTES:
                    raise WorkerDied(_NEEDS_MEMORY)
                part, unread = _checked(payload, tuple[tuple[KeptPost, ...], int])
                posts += part
        return tuple(posts), unread

    async def page(self, body: bytes, *, media_type: str = "", url: str = "") -> Page:
        """What `discovery.find_feeds` returns for the same arguments."""
        return await self._value("page", Page, body, media_type, url)

    async def terms(self, body: bytes) -> tuple[Term, ...]:
        """What `wordpress.decode_terms` returns."""
        return await self._value("terms", tuple[Term, ...], body)

    async def subscriptions(self, body: bytes) -> Imported:
        """What `subscriptions.decode_subscriptions` returns."""
        return await self._value("subscriptions", Imported, body)

    async def article(
        self, body: bytes, *, media_type: str = "", url: str = "", title: str = ""
    ) -> Article:
        """What `article.find_article` returns for the same arguments; raises ExtraMissing as it
        does."""
        return await self._value("article", Article, body, media_type, url, title)

    async def close(self) -> None:
        """End the children; what runs raises WorkerDied. May be called twice."""
        for process in self._processes:
            process.kill()
        for _ in self._processes:
            await self._turns.acquire()
        try:
            for process in self._processes:
                await process.stop()
        finally:
            for _ in self._processes:
                self._turns.release()

    async def _feeds(
        self, kind: str, body: bytes, media_type: str, url: str
    ) -> AsyncGenerator[tuple[Feed, int], None]:
        """The feeds in the answers, and how many bytes each was."""
        posts = 0
        async with aclosing(self._answers(kind, body, media_type, url)) as answers:
            async for payload in answers:
                if not payload:
                    continue
                feed = await _read(payload)
                posts += len(feed.entries)
                if posts > _MAX_POSTS:
                    raise WorkerDied(_CRASHED)
                yield feed, len(payload)

    async def _value(
        self,
        request: str,
        kind: type[T],
        body: bytes,
        media_type: str = "",
        url: str = "",
        title: str = "",
    ) -> T:
        found: list[T] = []
        async with aclosing(self._answers(request, body, media_type, url, title)) as answers:
            async for payload in answers:
                found = [_checked(payload, kind)]
        return found[0]

    async def _answers(
        self, kind: str, body: bytes, media_type: str = "", url: str = "", title: str = ""
    ) -> AsyncGenerator[bytes, None]:
        """The payloads of the answers to one request.

        Who leaves before the end, as for a payload that is none, leaves no child behind.
        """
        request = {
            "kind": kind,
            "media_type": media_type,
            "url": url,
            "title": title,
            "deadline_s": self._deadline_s,
        }
        async with self._process() as process:
            is_done = False
            try:
                async with aclosing(process.ask(request, body, self._deadline_s)) as answers:
                    async for answer in answers:
                        how, payload = answer[:1], answer[1:]
                        if how in _REFUSALS:
                            is_done = True
                            words = payload.decode(errors="replace")
                            raise _REFUSALS[how](clean.line(words, _MAX_PHRASE_CHARS))
                        if how == wire.OUT_OF_MEMORY:
                            raise WorkerDied(_NEEDS_MEMORY)
                        if how not in (wire.VALUE, wire.PART):
                            raise ValueError("an answer of no kind")
                        yield payload
                        is_done = how == wire.VALUE
            except TimeoutError as error:
                raise WorkerDied(
                    f"took longer than {self._deadline_s:g} s to read and was stopped"
                ) from error
            except (OSError, EOFError, ValueError) as error:
                killed = await process.was_killed()
                phrase = _NOT_STARTED if killed is None else _KILLED if killed else _CRASHED
                raise WorkerDied(phrase) from error
            finally:
                if not is_done:
                    await process.stop()

    @asynccontextmanager
    async def _process(self) -> AsyncIterator[DecodeProcess]:
        async with self._turns:
            # One that runs already, before one that would have to start.
            process = next((each for each in self._free if each.runs), self._free[0])
            self._free.remove(process)
            try:
                yield process
            finally:
                self._free.append(process)


async def _read(payload: bytes) -> Feed:
    try:
        if len(payload) <= _SMALL_BYTES:
            return wire.from_json(payload)
        # In a thread: a large feed would hold up the loop.
        return await asyncio.to_thread(wire.from_json, payload)
    except ValueError as error:
        raise WorkerDied(_CRASHED) from error


def _checked(payload: bytes, kind: type[T]) -> T:
    try:
        return wire.value_from_json(payload, kind)
    except ValueError as error:
        raise WorkerDied(_CRASHED) from error

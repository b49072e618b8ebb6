"""What the edges must be able to do. `wiring` brings the real ones, tests bring fakes."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from nordic_tui.model import (
    Consent,
    Feed,
    Place,
    Post,
    PostRow,
    Response,
    Saved,
    Snapshot,
    Source,
    SourceState,
    View,
)


class Fetcher(Protocol):
    """Gets the bytes of an address or file; raises FetchError."""

    async def fetch(self, address: str, *, etag: str = "", last_modified: str = "") -> Response: ...


class Decoder(Protocol):
    """Makes bytes into a Feed, somewhere that they can do no harm; raises DecodeError."""

    async def decode(self, body: bytes, *, media_type: str = "", url: str = "") -> Feed: ...


OpenFetcher = Callable[[], AbstractAsyncContextManager[Fetcher]]
OpenDecoder = Callable[[], AbstractAsyncContextManager[Decoder]]


class FeedStore(Protocol):
    """Where posts and the state of sources are written; from any thread."""

    def save_feed(self, address: str, feed: Feed, state: SourceState) -> Future[Saved]: ...
    def save_state(self, state: SourceState) -> Future[None]: ...


class PostStore(Protocol):
    """Where posts are read: short queries, on the thread that opened the store."""

    on_tally: Callable[[], None] | None
    """Called, from another thread, when marks that were many have been counted."""

    @property
    def tally_ready(self) -> bool: ...
    def follow(self, sources: Sequence[Source]) -> Future[None]: ...
    def states(self) -> list[SourceState]: ...
    def snapshot(self) -> Snapshot: ...
    def places(self, snapshot: Snapshot | None = None) -> list[Place]: ...
    def count(self, view: View, snapshot: Snapshot) -> int: ...
    def unread(self, view: View, snapshot: Snapshot) -> int: ...
    def rows(self, view: View, snapshot: Snapshot, start: int, stop: int) -> list[PostRow]: ...
    def position(self, view: View, snapshot: Snapshot, post_id: int) -> int | None: ...
    def next_unread(
        self, view: View, snapshot: Snapshot, position: int, step: int
    ) -> int | None: ...
    def arrivals(self, view: View, snapshot: Snapshot) -> int: ...
    def post(self, post_id: int) -> Post | None: ...


class HistoryStore(Protocol):
    """Where read marks and positions are kept: in the file, or in memory without consent."""

    def mark(
        self, post_ids: Sequence[int], read: bool, *, undoable: bool = True
    ) -> Future[int]: ...
    def mark_view(self, view: View, snapshot: Snapshot) -> Future[int]: ...
    def undo(self) -> Future[int]: ...
    def position_of(self, post_id: int) -> float: ...
    def save_position(self, post_id: int, fraction: float) -> Future[None]: ...
    def use_history(self, path: Path | None) -> None: ...
    def stored(self) -> tuple[int, int, datetime | None, int]: ...
    def export_history(self) -> dict[str, Any]: ...
    def prune_history(self) -> Future[int]: ...


class ConsentFile(Protocol):
    """Where the decision about the reading history is kept."""

    def load(self) -> Consent | None: ...
    def save(self, consent: Consent) -> None: ...

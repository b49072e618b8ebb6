"""The face of the store: one thread reads, another writes.

Reading methods answer at once and belong to the thread that opened the store. Writing methods
give a Future; their work is done one after the other on a thread of its own, each in one
transaction. Both raise, or bring, StoreError and its kinds.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, nullcontext
from pathlib import Path
from threading import Lock
from typing import Any, Final, TypeVar

from nordic_tui.clock import Clock
from nordic_tui.errors import StoreError
from nordic_tui.model import Feed, Place, Post, PostRow, Saved, Snapshot, Source, SourceState, View
from nordic_tui.store import history, posts, sources, tally, views
from nordic_tui.store.connection import (
    Database,
    attach,
    connect,
    is_damage,
    is_sound,
    prepare,
    prepare_or_fall_back,
    set_aside,
    sqlite_errors,
    transaction,
)
from nordic_tui.store.history import HistorySize
from nordic_tui.store.tally import Ledger, Outcome
from nordic_tui.store.views import Views
from nordic_tui.store.writer import Writer

T = TypeVar("T")

BUSY_TIMEOUT_S: Final = 5.0
MARKS_COUNTED_AT_ONCE: Final = 2_000
"""More marks than this are counted by the writing thread, after the store has opened."""
CLOSE_TIMEOUT_S: Final = 1.0


class Store:
    """Posts, sources and the reading history. Made by `Store.open`."""

    def __init__(
        self,
        cache: Database,
        history_: Database,
        reader: sqlite3.Connection,
        *,
        clock: Clock,
        retention_days: int,
        busy_timeout_s: float,
    ) -> None:
        self._cache = cache
        self._history = history_
        self._reader = reader
        self._clock = clock
        self._retention_days = retention_days
        self._busy_timeout_s = busy_timeout_s
        # In memory the reader sees what the writer has not finished (see `open`). Of the posts it
        # must see all of a feed or nothing; a mark more or less is no harm.
        self._whole_writes = Lock() if cache.file is None else nullcontext()
        self._writer = Writer(self._connect_writer)
        self._damaged = False
        self._closed = False
        self._versions: tuple[int, int] | None = None
        self._ledger = Ledger()
        self._views = Views(reader, self._ledger)
        self.problems: list[str] = []
        """What happened while opening, each a sentence for the person."""
        self.on_tally: Callable[[], None] | None = None
        """Called from the writing thread when marks that were many have been counted. Set it,
        then look at `tally_ready`: the count may be there already."""

    @classmethod
    def open(
        cls,
        cache_file: Path | None,
        history_file: Path | None,
        *,
        clock: Clock,
        retention_days: int = 365,
        busy_timeout_s: float = BUSY_TIMEOUT_S,
    ) -> "Store":
        """Open or make both files; None: in memory, gone when the store is closed.

        A damaged file is set aside and made anew, one that can't be written is replaced by
        memory; `problems` says so. Raises NewerDatabase for a file of a later version, which
        is left untouched, and StoreError for one that is no database of this program.
        """
        now = clock()
        cache, reader, problem = prepare_or_fall_back(
            Database.cache, cache_file, now, busy_timeout_s
        )
        problems = [problem]
        try:
            history_, keeper, problem = prepare_or_fall_back(
                Database.history, history_file, now, busy_timeout_s
            )
            problems.append(problem)
            try:
                attach(reader, history_)
            finally:
                keeper.close()
            # The writer's unfinished changes are seen in memory; else SQLite would refuse to
            # read a shared table for as long as they last (sqlite.org/sharedcache.html).
            reader.execute("PRAGMA read_uncommitted = ON")
            reader.execute("PRAGMA query_only = ON")
            store = cls(
                cache,
                history_,
                reader,
                clock=clock,
                retention_days=retention_days,
                busy_timeout_s=busy_timeout_s,
            )
            store.problems += filter(None, problems)
            store._count_marks()
        except BaseException:
            reader.close()
            raise
        return store

    def close(self) -> None:
        """Write what is queued (for a second at most) and close. May be called again.

        A file that turned out to be damaged is set aside, so that the next start is sound.
        """
        if self._closed:
            return
        self._closed = True
        finished = self._writer.close(CLOSE_TIMEOUT_S)
        self._reader.close()
        if self._damaged and finished:
            for database in (self._cache, self._history):
                if database.file and not is_sound(database, self._busy_timeout_s):
                    set_aside(database.file, self._clock())

    # ── both threads ────────────────────────────────────────────────────────────────────────

    def _connect_writer(self) -> sqlite3.Connection:
        connection = connect(self._cache, self._busy_timeout_s)
        try:
            connection.execute("PRAGMA main.secure_delete = OFF")
            attach(connection, self._history)
        except BaseException:
            connection.close()
            raise
        return connection

    @contextmanager
    def _guard(self, database: Database) -> Iterator[None]:
        try:
            with sqlite_errors(database):
                yield
        except StoreError as error:
            self._damaged = self._damaged or is_damage(error)
            raise

    @contextmanager
    def _reading(self, database: Database) -> Iterator[None]:
        """What is read inside is of one moment, however many queries it takes."""
        with self._whole_writes, self._guard(database):
            self._reader.execute("BEGIN")
            try:
                yield
            finally:
                # SQLite may have ended it after an error.
                if self._reader.in_transaction:
                    self._reader.execute("ROLLBACK")

    def _write(
        self, database: Database, job: Callable[[sqlite3.Connection], Outcome[T]]
    ) -> Future[T]:
        """Run the job in a transaction; then what follows from it comes into force."""

        def run(connection: sqlite3.Connection) -> T:
            others_wrote = self._others_wrote(connection)
            ledger = self._ledger
            ledger.steps += 1
            try:
                with self._whole_writes, transaction(connection):
                    outcome = job(connection)
                if ledger.tally is None or others_wrote:
                    ledger.tally = tally.count_read(connection)
                else:
                    ledger.tally = ledger.tally.plus(outcome.tally)
                if outcome.moves or others_wrote:
                    ledger.revision += 1
            finally:
                ledger.steps += 1
            return outcome.result

        return self._submit(database, run)

    def _submit(self, database: Database, job: Callable[[sqlite3.Connection], T]) -> Future[T]:
        return self._writer.submit(job, lambda: self._guard(database))

    def _others_wrote(self, connection: sqlite3.Connection) -> bool:
        """Whether another program has written since the last time: then the tally is old."""
        cache, own = (
            connection.execute(f"PRAGMA {schema}.data_version").fetchone()[0]
            for schema in ("main", "history")
        )
        before, self._versions = self._versions, (cache, own)
        return before is not None and before != self._versions

    # ── the tally ───────────────────────────────────────────────────────────────────────────

    @property
    def tally_ready(self) -> bool:
        """Whether unread posts are counted; if not yet, `places` counts every post as unread."""
        return self._ledger.tally is not None

    def _count_marks(self) -> None:
        with self._guard(self._history):
            if tally.has_at_most(self._reader, MARKS_COUNTED_AT_ONCE):
                self._ledger.tally = tally.count_read(self._reader)
                return

        def count(connection: sqlite3.Connection) -> None:
            self._ledger.tally = tally.count_read(connection)
            self._ledger.revision += 1
            if self.on_tally is not None:
                self.on_tally()

        self._submit(self._history, count)

    # ── sources ─────────────────────────────────────────────────────────────────────────────

    def needs_follow(self, sources_: Sequence[Source]) -> bool:
        """Whether `follow` would change anything. A quick read."""
        with self._reading(self._cache):
            return sources.needs_follow(self._reader, sources_)

    def follow(self, sources_: Sequence[Source]) -> Future[None]:
        """Follow exactly these, in this order.

        What is left out keeps its posts, hidden, until it is followed again.
        """

        def job(connection: sqlite3.Connection) -> Outcome[None]:
            changes = sources.needs_follow(connection, sources_)
            if changes:
                sources.follow(connection, sources_)
            return Outcome(None, moves=changes)

        return self._write(self._cache, job)

    def follow_now(self, sources_: Sequence[Source]) -> None:
        """`follow`, done when it returns; nothing at all if nothing would change."""
        if self.needs_follow(sources_):
            self.follow(sources_).result()

    def states(self) -> list[SourceState]:
        """Of the followed sources, in the order of the settings."""
        with self._reading(self._cache):
            return sources.states(self._reader)

    def save_state(self, state: SourceState) -> Future[None]:
        """Keep what a request told without posts. `title` isn't kept; times in whole seconds."""

        def job(connection: sqlite3.Connection) -> Outcome[None]:
            sources.save_state(connection, state)
            return Outcome(None)

        return self._write(self._cache, job)

    def save_feed(self, address: str, feed: Feed, state: SourceState) -> Future[Saved]:
        """Store the feed's posts and the source's state in one transaction.

        Unchanged posts are not written, and what the feed no longer carries stays. The posts
        of a source that isn't followed are kept hidden.
        """
        return self._write(
            self._cache,
            lambda connection: posts.save_feed(connection, address, feed, state, self._clock()),
        )

    def has_posts(self, address: str) -> bool:
        """Whether any post of a source is stored."""
        with self._reading(self._cache):
            return posts.has_posts(self._reader, address)

    def seed(self, address: str, feed: Feed) -> None:
        """Store bundled posts if the source has no posts at all; done when it returns."""
        if self.has_posts(address):
            return
        self._write(self._cache, lambda connection: posts.seed(connection, address, feed)).result()

    # ── reading ─────────────────────────────────────────────────────────────────────────────

    def snapshot(self) -> Snapshot:
        """Now, as something to hold a view at."""
        with self._reading(self._cache):
            return views.take_snapshot(self._reader)

    def places(self, snapshot: Snapshot | None = None) -> list[Place]:
        """The sidebar: All posts, Unread, then the categories; with more than one source each
        below its source. With a snapshot, what arrived later isn't counted."""
        with self._reading(self._cache):
            return self._views.places(snapshot)

    def count(self, view: View, snapshot: Snapshot) -> int:
        """How many posts the view holds."""
        with self._reading(self._cache):
            return self._views.count(view, snapshot)

    def unread(self, view: View, snapshot: Snapshot) -> int:
        """How many posts of the view are unread now."""
        with self._reading(self._cache):
            return self._views.unread(view, snapshot)

    def rows(self, view: View, snapshot: Snapshot, start: int, stop: int) -> list[PostRow]:
        """The rows from `start` up to, not including, `stop`; the newest is row 0."""
        with self._reading(self._cache):
            return self._views.rows(view, snapshot, start, stop)

    def first_rows(self, view: View, snapshot: Snapshot, limit: int) -> list[PostRow]:
        """The first rows, at most `limit`, without counting the others."""
        with self._reading(self._cache):
            return self._views.first_rows(view, snapshot, limit)

    def position(self, view: View, snapshot: Snapshot, post_id: int) -> int | None:
        """Which row the post is in; None: the view doesn't hold it."""
        with self._reading(self._cache):
            return self._views.position(view, snapshot, post_id)

    def next_unread(self, view: View, snapshot: Snapshot, position: int, step: int) -> int | None:
        """The nearest unread row below (`step` 1) or above (-1) row `position`, which may be -1
        or beyond the end; None: there is none on that side."""
        with self._reading(self._cache):
            return self._views.next_unread(view, snapshot, position, step)

    def arrivals(self, view: View, snapshot: Snapshot) -> int:
        """How many posts of the view arrived after the snapshot."""
        with self._reading(self._cache):
            return self._views.arrivals(view, snapshot)

    def post(self, post_id: int) -> Post | None:
        """A post in full; None: the cache doesn't know it."""
        with self._reading(self._cache):
            return posts.read_post(self._reader, post_id)

    # ── the reading history ─────────────────────────────────────────────────────────────────

    def mark(self, post_ids: Sequence[int], read: bool, *, undoable: bool = True) -> Future[int]:
        """Mark posts as read or unread; gives how many changed."""
        return self._write(
            self._history,
            lambda connection: history.mark(
                connection, post_ids, self._clock(), read=read, undoable=undoable
            ),
        )

    def mark_view(self, view: View, snapshot: Snapshot) -> Future[int]:
        """Mark all unread posts of the view as read; gives how many changed."""
        return self._write(
            self._history,
            lambda connection: history.mark_view(connection, view, snapshot, self._clock()),
        )

    def undo(self) -> Future[int]:
        """Take back the last undoable act of marking; gives how many posts changed (0: none)."""
        return self._write(self._history, history.undo)

    def position_of(self, post_id: int) -> float:
        """How far the post was read, 0 to 1."""
        with self._reading(self._history):
            return history.position_of(self._reader, post_id)

    def save_position(self, post_id: int, fraction: float) -> Future[None]:
        """Keep how far the post was read, 0 to 1."""

        def job(connection: sqlite3.Connection) -> Outcome[None]:
            history.save_position(connection, post_id, fraction, self._clock())
            return Outcome(None)

        return self._write(self._history, job)

    def stored(self) -> HistorySize:
        """How much of the reading history is recorded now."""
        with self._reading(self._history):
            return history.stored(self._reader, self._history.file)

    def export_history(self) -> dict[str, Any]:
        """All of the reading history, ready for JSON."""
        with self._reading(self._history):
            return history.export(self._reader, self._clock())

    def prune_history(self) -> Future[int]:
        """Delete marks and positions that are older than `retention_days`; gives how many."""

        def job(connection: sqlite3.Connection) -> Outcome[int]:
            now = self._clock()
            if self._history.file:
                history.prune_copies(self._history.file, now, self._retention_days)
            return history.prune(connection, now, self._retention_days)

        return self._write(self._history, job)

    def use_history(self, path: Path | None) -> None:
        """Record into this file from now on, or (None) into memory. Done when it returns.

        A file: what was recorded so far is copied into it. None: everything that was recorded
        is forgotten, in memory too, and the file is overwritten and removed with its side
        files. To be called on the reading thread; waits for all that is queued. If the new
        history can't be had, the present one stays; if the old file can't be erased,
        StoreUnwritable says so and memory is used from then on.
        """
        new = Database.history(path)
        if path is not None and new.name == self._history.name:
            return
        # The writer holds on to a history in memory while the reader lets go of it.
        self._submit(self._history, lambda _: None).result()
        with self._guard(self._history):
            self._reader.execute("DETACH history")
        try:
            self._submit(new, lambda writer: self._switch_writer(writer, new)).result()
        finally:
            with self._guard(self._history):
                attach(self._reader, self._history)

    def _switch_writer(self, writer: sqlite3.Connection, new: Database) -> None:
        old = self._history
        keeper = prepare(new, self._busy_timeout_s)
        try:
            if new.file is not None:
                history.copy_to(writer, new.name)
            else:
                history.number_from(keeper, views.last_batch(writer))
            with history.overwriting_log(old.file):
                writer.execute("DETACH history")
            attach(writer, new)
        finally:
            keeper.close()
        self._history = new
        self._versions = None
        self._ledger.tally = tally.count_read(writer)
        self._ledger.revision += 1
        if old.file is not None:
            history.erase_file(old.file)

"""What a store is made of: connections, each with its thread, and the ledger between them.

The reader belongs to the thread that opened it; the writer works on a thread of its own, one job
after the other, each in one transaction, and so does the finder, where a search takes its time.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final, Self, TypeVar

from nordic_tui.clock import Clock, Moments
from nordic_tui.courtesy import Courtesy
from nordic_tui.errors import StoreDamaged, StoreError
from nordic_tui.store import acts, asked_texts, history, rescue, tally, twins, walks
from nordic_tui.store.connection import (
    REINDEXING,
    Database,
    attach,
    attach_library,
    closed,
    connect,
    damaged,
    one_moment,
    opened,
    prepare_or_fall_back,
    prepare_sound,
    sqlite_errors,
    transaction,
)
from nordic_tui.store.finder import Finder
from nordic_tui.store.tally import Ledger, Outcome
from nordic_tui.store.writer import Writer

if TYPE_CHECKING:
    from nordic_tui.store.saving import Saving

T = TypeVar("T")

BUSY_TIMEOUT_S: Final = 5.0
MARKS_COUNTED_AT_ONCE: Final = 2_000
"""More marks than this are counted by the writing thread, after the store has opened."""
CLOSE_TIMEOUT_S: Final = 1.0
_ERASED: Final = "The reading history was just erased by another instance of this program."
_AFTER_ALL: Final = 1 << 40
"""A number above that of every batch of marks."""
CHECKED_BYTES: Final = 8 * 1024 * 1024
"""A larger file is not looked through while the program runs: a mark would wait for it."""
SAVED_AT_START_S: Final = 2.0
"""So long a start waits for what is saved from a damaged file."""
INDEX_S: Final = 0.1
"""So long posts are put into the index before it is written down: a mark waits for it."""
INDEXED_AT_ONCE: Final = 500
INDEXED_IN_MEMORY: Final = 10
"""So many posts (0.6 ms each) at most; in memory the screen waits as well."""


class TwoThreads:
    """Opens and closes the files, and runs what reads and what writes. Made by `open`."""

    def __init__(
        self,
        cache: Database,
        history_: Database,
        library: Database,
        reader: sqlite3.Connection,
        *,
        clock: Clock,
        retention_days: int,
        busy_timeout_s: float,
        courtesy: Courtesy,
        moments: Moments,
    ) -> None:
        self._cache = cache
        self._history = history_
        self._library = library
        self._reader = reader
        self._clock = clock
        self._moments = moments
        self._retention_days = retention_days
        self._busy_timeout_s = busy_timeout_s
        # In memory the reader sees what the writer has not finished (see `open`). Of the posts it
        # must see all of a feed or nothing; a mark more or less is no harm.
        self._whole_writes = Lock() if cache.file is None else nullcontext()
        self._writer = Writer(self._connect_writer, courtesy, self._index_some)
        self._finder = Finder(self._connect_finder, self._reading_of)
        self._damaged = False
        self._closed = False
        self._saving: Saving | None = None
        """What is still saved from a damaged cache; only the writing thread has it."""
        self._unchecked: tuple[Database, ...] = (library, history_)
        for database in (cache, history_, library):
            opened(database)
        self._versions: tuple[int, ...] | None = None
        self._seen: tuple[int, ...] | None = None
        self._ledger = Ledger()
        self.problems: list[str] = []
        """What happened while opening, each a sentence for the person."""
        self.on_indexed: Callable[[], None] | None = None
        """Called from the writing thread when all posts have been put into the index of words."""
        self.on_others: Callable[[], None] | None = None
        """Called from the writing thread when `notice_others` has found that others wrote."""
        self.on_tally: Callable[[], None] | None = None
        """Called from the writing thread when marks that were many have been counted. Set it,
        then look at `tally_ready`: the count may be there already."""

    @classmethod
    def open(
        cls,
        cache_file: Path | None,
        history_file: Path | None,
        library_file: Path | None = None,
        *,
        clock: Clock,
        retention_days: int = 365,
        busy_timeout_s: float = BUSY_TIMEOUT_S,
        courtesy: Courtesy | None = None,
        moments: Moments | None = None,
    ) -> Self:
        """Open or make the files; None: in memory, gone when the store is closed.

        courtesy: of the screen that what is written gives way to; None: there is none.
        moments: puts what is done here in order with what is done elsewhere; None: nothing is.

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
            library, keeper, problem = prepare_or_fall_back(
                Database.library, library_file, now, busy_timeout_s
            )
            problems.append(problem)
            try:
                attach_library(reader, library)
            finally:
                keeper.close()
            # The writer's unfinished changes are seen in memory; else SQLite would refuse to
            # read a shared table for as long as they last (sqlite.org/sharedcache.html).
            reader.execute("PRAGMA read_uncommitted = ON")
            reader.execute("PRAGMA query_only = ON")
            store = cls(
                cache,
                history_,
                library,
                reader,
                clock=clock,
                retention_days=retention_days,
                busy_timeout_s=busy_timeout_s,
                courtesy=courtesy or Courtesy(),
                moments=moments or Moments(clock),
            )
            store.problems += filter(None, problems)
            # The library last: it keeps what posts say, also of the cache.
            store._save_what_is_left(history_, cache, library)
            store._count_marks()
        except BaseException:
            reader.close()
            raise
        return store

    def close(self) -> None:
        """Write what is queued (for a second at most) and close. May be called again."""
        if self._closed:
            return
        self._closed = True
        self._finder.close(CLOSE_TIMEOUT_S)
        if self._writer.close(CLOSE_TIMEOUT_S) and self._saving is not None:
            self._saving.close()
        self._reader.close()
        for database in (self._cache, self._history, self._library):
            closed(database)

    # ── both threads ────────────────────────────────────────────────────────────────────────

    def _connect_writer(self) -> sqlite3.Connection:
        connection = connect(self._cache, self._busy_timeout_s)
        try:
            connection.execute("PRAGMA main.secure_delete = OFF")
            # 16 MB: each time the log goes into the file there is a wait for the disk, and the
            # posts of 100 sources go without.
            connection.execute("PRAGMA wal_autocheckpoint = 4000")
            attach(connection, self._history)
            attach_library(connection, self._library)
        except BaseException:
            connection.close()
            raise
        return connection

    @contextmanager
    def _guard(self, database: Database) -> Iterator[None]:
        try:
            with sqlite_errors(database):
                yield
        except StoreDamaged as error:
            file = self._history.file
            if file is not None and not file.exists():
                raise StoreError(_ERASED) from error
            if not self._damaged:
                # Which of them it is, the next start finds out: a query may read all three.
                self._damaged = True
                for each in (self._cache, self._history, self._library):
                    if each.file is not None:
                        rescue.mark(each.file)
            raise

    @contextmanager
    def _reading(self, database: Database) -> Iterator[None]:
        """What is read inside is of one moment, however many queries it takes."""
        with self._whole_writes, self._guard(database), one_moment(self._reader):
            yield

    @contextmanager
    def _reading_of(self, finder: sqlite3.Connection) -> Iterator[None]:
        with self._whole_writes, self._guard(self._cache), one_moment(finder):
            yield

    def _connect_finder(self) -> sqlite3.Connection:
        with self._guard(self._cache):
            connection = connect(self._cache, self._busy_timeout_s)
            try:
                attach(connection, self._history)
                attach_library(connection, self._library)
                connection.execute("PRAGMA read_uncommitted = ON")
                connection.execute("PRAGMA query_only = ON")
            except BaseException:
                connection.close()
                raise
            return connection

    def _write(
        self, database: Database, job: Callable[[sqlite3.Connection], Outcome[T]]
    ) -> Future[T]:
        """Run the job in a transaction; then what follows from it comes into force."""

        return self._submit(database, lambda connection: self._run(database, connection, job))

    def _run(
        self,
        database: Database,
        connection: sqlite3.Connection,
        job: Callable[[sqlite3.Connection], Outcome[T]],
    ) -> T:
        others_wrote = self._others_wrote(connection)
        ledger = self._ledger
        ledger.steps += 1
        try:
            with self._whole_writes, transaction(connection):
                outcome = job(connection)
            if outcome.then is not None:
                with self._whole_writes, transaction(connection):
                    outcome.then(connection)
            if ledger.tally is None or others_wrote:
                ledger.tally = tally.count_read(connection)
                ledger.note(None)
            else:
                ledger.tally = ledger.tally.plus(outcome.tally)
                ledger.note(outcome.marks)
            if outcome.moves or others_wrote:
                ledger.revision += 1
                if others_wrote or database is self._cache or outcome.kept:
                    ledger.stored += 1
        finally:
            ledger.steps += 1
        return outcome.result

    def _submit(self, database: Database, job: Callable[[sqlite3.Connection], T]) -> Future[T]:
        return self._writer.submit(job, lambda: self._guard(database))

    def settle(self) -> None:
        """Wait until all that was asked so far is done, and told to whoever asked."""
        self._finder.settle()
        self._submit(self._cache, lambda _: None).result()

    # ── other programs ──────────────────────────────────────────────────────────────────────

    def notice_others(self) -> None:
        """Find out whether another program has written since the last time: then what is kept in
        memory is counted anew, and `on_others` called.

        On the reading thread, and quick: where nobody has written, this program neither, it costs
        three reads of memory.
        """
        with self._guard(self._cache):
            seen = _data_versions(self._reader)
        if seen != self._seen:
            self._seen = seen
            self._submit(self._cache, self._notice)

    def _notice(self, connection: sqlite3.Connection) -> None:
        if not self._others_wrote(connection):
            return
        with self._guard(self._cache), one_moment(connection):
            self._ledger.tally = tally.count_read(connection)
        self._ledger.note(None)
        self._ledger.revision += 1
        self._ledger.stored += 1
        self._ledger.indexed += 1
        if self.on_others is not None:
            self.on_others()

    def _others_wrote(self, connection: sqlite3.Connection) -> bool:
        """Whether another program may have written since the last time: then the tally is old. The
        first time nobody knows, as the reader counted before this connection was made."""
        versions = _data_versions(connection)
        before, self._versions = self._versions, versions
        return before != versions and not (before is None and self._cache.file is None)

    # ── what damaged files still hold ───────────────────────────────────────────────────────

    def _save_what_is_left(self, *databases: Database) -> None:
        """Save from files that were set aside, for a moment; the rest of the posts is saved when
        there is nothing else to do. `problems` says what was saved."""
        waiting = []
        for database in databases:
            if database.file is not None:
                aside = rescue.pending(database.file)
                if aside is not None:
                    waiting.append((database, database.file, aside))
        if waiting:
            from nordic_tui.store import saving  # few starts have to

            for database, file, aside in waiting:
                try:
                    self.problems.append(
                        self._submit(
                            database,
                            partial(self._save_from, saving.open_(database, file, aside)),
                        ).result()
                    )
                except StoreError as error:
                    self.problems.append(saving.failed(file, aside, error))
        if self._cache.file is not None and rescue.marked(self._cache.file) is not None:
            try:
                self._submit(self._cache, partial(self._reindex, self._cache.file)).result()
            except StoreError as error:
                self.problems.append(str(error))

    def _save_from(self, saving: "Saving", connection: sqlite3.Connection) -> str:
        """Save for a moment; gives a sentence about it."""
        until = time.monotonic() + SAVED_AT_START_S
        try:
            while not saving.is_done:
                self._run(saving.database, connection, saving.go_on)
                saving.went_on()
                if time.monotonic() > until:
                    break
        except BaseException:
            saving.close()
            raise
        if saving.is_done:
            saving.close()
        else:
            self._saving = saving
        return saving.sentence()

    def _save_posts(self, connection: sqlite3.Connection, go_on: Callable[[], bool]) -> None:
        """Save some more. What can't be stored now is tried again at the next start."""
        saving = self._saving
        assert saving is not None
        try:
            while not saving.is_done and go_on():
                with self._guard(saving.database):
                    self._run(saving.database, connection, saving.go_on)
                saving.went_on()
        except StoreError:
            self._saving = None
            saving.close()
        else:
            if saving.is_done:
                self._saving = None
                saving.close()

    def _look_once(self, connection: sqlite3.Connection) -> None:
        """See whether what a person made is whole: a row that changed where no query stumbles over
        it would be lost for good with the last copy that has it. Raises StoreDamaged."""
        databases, self._unchecked = self._unchecked, ()
        for database in databases:
            if database.file is not None and database.file.stat().st_size <= CHECKED_BYTES:
                name = "library" if database is self._library else "history"
                with self._guard(database):
                    (answer,) = connection.execute(f"PRAGMA {name}.integrity_check(1)").fetchone()
                    if answer != "ok":
                        raise damaged(database)

    def _reindex(self, file: Path, connection: sqlite3.Connection) -> None:
        """Make the index of words anew, where damage was met and the file is sound but for that."""
        from nordic_tui.store import index

        rescue.mark(file, REINDEXING)
        with transaction(connection):
            index.make_anew(connection)
        rescue.unmark(file)

    # ── the index of words ──────────────────────────────────────────────────────────────────

    def _index_some(self, connection: sqlite3.Connection, go_on: Callable[[], bool]) -> bool:
        """Put some of the posts that wait into the index; gives whether more wait. What can't be
        written now waits for the next time."""
        until = time.monotonic() + INDEX_S
        try:
            if self._saving is not None:
                self._save_posts(connection, lambda: go_on() and time.monotonic() < until)
                return True
            if self._index(connection, lambda: go_on() and time.monotonic() < until):
                return True
            self._look_once(connection)
        except StoreError:
            pass
        return False

    def _index(self, connection: sqlite3.Connection, go_on: Callable[[], bool]) -> bool:
        with self._guard(self._cache):
            from nordic_tui.store import index  # a start puts nothing in

            asked_texts.clear_cache(connection)
            if not index.is_waiting(connection):
                if asked_texts.are_waiting(connection):
                    with self._whole_writes, transaction(connection):
                        asked_texts.put_in(connection)
                    self._ledger.indexed += 1
                self._ask_rules(connection)
                return False
            if self._cache.file is None:
                # The screen waits for the lock: it must not be held while it goes first.
                go_on()
                with self._whole_writes, transaction(connection):
                    index.put_in(connection, INDEXED_IN_MEMORY)
            else:
                with transaction(connection):
                    index.put_in(connection, INDEXED_AT_ONCE, go_on)
            self._ledger.indexed += 1
            self._ask_rules(connection)
            more = index.is_waiting(connection)
        if not more and self.on_indexed is not None:
            self.on_indexed()
        return more

    def _ask_rules(self, connection: sqlite3.Connection) -> None:
        """Let the rules see the posts whose words have come into the index."""
        if connection.execute("SELECT 1 FROM main.unruled LIMIT 1").fetchone() is None:
            return
        from nordic_tui.store import ruling  # most people have no rules

        if ruling.is_due(connection):
            self._run(
                self._cache,
                connection,
                lambda writer: ruling.run(writer, self._clock()),
            )

    def index_all(self) -> Future[None]:
        """Put all posts that wait into the index."""

        def job(connection: sqlite3.Connection) -> None:
            while self._index(connection, lambda: True):
                pass

        return self._submit(self._cache, job)

    # ── the tally ───────────────────────────────────────────────────────────────────────────

    @property
    def tally_ready(self) -> bool:
        """Whether unread posts are counted; if not yet, `places` counts every post as unread."""
        return self._ledger.tally is not None

    def _count_marks(self) -> None:
        with self._guard(self._history):
            self._moments.saw(acts.latest(self._reader))
            if tally.has_at_most(self._reader, MARKS_COUNTED_AT_ONCE) and not twins.are_uneven(
                self._reader
            ):
                self._ledger.tally = tally.count_read(self._reader)
                return

        def count(connection: sqlite3.Connection) -> None:
            if twins.are_uneven(connection):
                with transaction(connection):
                    twins.even_out(connection)
            self._versions = _data_versions(connection)
            self._ledger.tally = tally.count_read(connection)
            self._ledger.note(None)
            self._ledger.revision += 1
            if self.on_tally is not None:
                self.on_tally()

        self._submit(self._history, count)

    # ── another history ─────────────────────────────────────────────────────────────────────

    def use_history(self, path: Path | None) -> None:
        """Record into this file from now on, or (None) into memory. Done when it returns.

        A file: what was recorded so far is copied into it; one that is damaged (an erasing that was
        broken off leaves such) is set aside and made anew. None: everything that was recorded
        is forgotten, in memory too, and the file is overwritten and removed with its side
        files. To be called on the reading thread; waits for all that is queued. If the new
        history can't be had, the present one stays; if the old file can't be erased,
        StoreUnwritable says so and memory is used from then on.
        """
        new = Database.history(path)
        if path is not None and new.name == self._history.name:
            return
        self._finder.let_go()
        # The writer holds on to a history in memory while the reader lets go of it.
        self._submit(self._history, lambda _: None).result()
        with self._guard(self._history):
            self._reader.execute("DETACH history")
        try:
            self._submit(new, lambda writer: self._switch_writer(writer, new)).result()
        finally:
            with self._guard(self._history):
                attach(self._reader, self._history)
        self._save_what_is_left(self._history)

    def _switch_writer(self, writer: sqlite3.Connection, new: Database) -> None:
        old = self._history
        # Another program may have erased it: of what it held, nothing is known any more then.
        is_gone = new.file is None and old.file is not None and not old.file.exists()
        last = _AFTER_ALL if is_gone else walks.last_batch(writer)
        if not is_gone:
            asked_texts.clear_cache(writer)
        keeper = prepare_sound(new, self._clock(), self._busy_timeout_s)
        try:
            if new.file is not None:
                history.copy_to(writer, new.name)
            else:
                history.number_from(keeper, last)
            with history.overwriting_log(old.file):
                writer.execute("DETACH history")
            attach(writer, new)
        finally:
            keeper.close()
        closed(old)
        opened(new)
        self._history = new
        self._versions = None
        with transaction(writer):
            twins.even_out(writer)
            asked_texts.put_in(writer)
        self._ledger.tally = tally.count_read(writer)
        self._ledger.note(None)
        self._ledger.revision += 1
        self._ledger.stored += 1
        if old.file is not None:
            history.erase_file(old.file)


def _data_versions(connection: sqlite3.Connection) -> tuple[int, ...]:
    """Numbers that are others once another connection has written into one of the files."""
    return tuple(
        connection.execute(f"PRAGMA {schema}.data_version").fetchone()[0]
        for schema in ("main", "history", "library")
    )

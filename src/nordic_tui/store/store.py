"""The face of the store: one thread reads, another writes, a third one finds.

Reading methods answer at once and belong to the thread that opened the store. Writing methods
give a Future; their work is done one after the other on a thread of its own, each in one
transaction. Both raise, or bring, StoreError and its kinds. What stores posts (`posts`), and what
few posts need (`full_texts`, `versions`), is imported by the first call that does: a start only
reads lists.
"""

import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nordic_tui.model import (
    Acts,
    ArchiveState,
    Feed,
    Found,
    KeptPost,
    KeptSize,
    LastPlace,
    Place,
    PlaceKind,
    Post,
    PostRow,
    Rule,
    Saved,
    SavedView,
    Snapshot,
    Sorting,
    Source,
    SourceState,
    Term,
    Tried,
    Turn,
    Versions,
    View,
    Wanted,
)
from nordic_tui.store import (
    archives,
    asked_texts,
    bodies,
    effects,
    history,
    kept,
    last_place,
    library,
    sources,
    walks,
)
from nordic_tui.store.connection import one_moment
from nordic_tui.store.history import HistorySize
from nordic_tui.store.tally import Outcome
from nordic_tui.store.two_threads import TwoThreads
from nordic_tui.store.views import Views

if TYPE_CHECKING:
    from nordic_tui.text.query import Query


class Store(TwoThreads):
    """Posts, sources and the reading history. Made by `Store.open`."""

    @cached_property
    def _views(self) -> Views:
        return Views(self._reader, self._ledger, self._today)

    def _views_of_writer(self, connection: sqlite3.Connection) -> Views:
        """The same for the writing thread, whose connection never changes."""
        if self._written_views is None:
            self._written_views = Views(connection, self._ledger, self._today)
        return self._written_views

    _written_views: Views | None = None

    def _today(self) -> date:
        return walks.local_day(self._clock())

    # ── sources ─────────────────────────────────────────────────────────────────────────────

    def needs_follow(
        self,
        sources_: Sequence[Source],
        views: Sequence[SavedView] = (),
        rules: Sequence[Rule] = (),
    ) -> bool:
        """Whether `follow` would change anything. A quick read."""
        with self._reading(self._cache):
            return sources.needs_follow(self._reader, sources_, views) or (
                effects.stored(self._reader) != effects.wanted(rules)
            )

    def follow(
        self,
        sources_: Sequence[Source],
        views: Sequence[SavedView] = (),
        rules: Sequence[Rule] = (),
    ) -> Future[None]:
        """Follow exactly these, in this order, with these saved views and rules.

        What is left out keeps its posts, hidden, until it is followed again. A rule that comes into
        force is carried out on all posts whose words are in the index; on others once they are.
        """

        def job(connection: sqlite3.Connection) -> Outcome[None]:
            changes = sources.needs_follow(connection, sources_, views)
            if changes:
                sources.follow(connection, sources_, views)
            if effects.stored(connection) == effects.wanted(rules):
                return Outcome(None, moves=changes)
            from nordic_tui.store import ruling  # it is slow to import, and rules rarely change

            held = ruling.hold(connection, rules, self._clock())
            return Outcome(None, held.tally, moves=changes or held.moves, then=held.then)

        return self._write(self._cache, job)

    def follow_now(
        self,
        sources_: Sequence[Source],
        views: Sequence[SavedView] = (),
        rules: Sequence[Rule] = (),
    ) -> None:
        """`follow`, done when it returns; nothing at all if nothing would change."""
        if self.needs_follow(sources_, views, rules):
            self.follow(sources_, views, rules).result()

    def try_searches(self, searches: Sequence[str], newest: int = 0) -> Future[list[Tried]]:
        """What each of these would find, asked on the writing thread. newest: so many posts are
        named of each at most."""

        def job(connection: sqlite3.Connection) -> list[Tried]:
            from nordic_tui.store import ruling  # it is slow to import

            with one_moment(connection):
                return [ruling.tried(connection, each, newest, self._clock()) for each in searches]

        return self._submit(self._cache, job)

    def states(self) -> list[SourceState]:
        """Of the followed sources, in the order of the settings."""
        with self._reading(self._cache):
            return sources.states(self._reader)

    def load_states(self) -> Future[list[SourceState]]:
        """The same, read on the writing thread after all that was given to it before."""
        return self._submit(self._cache, sources.states)

    def save_state(self, state: SourceState) -> Future[None]:
        """Keep what a request told without posts; times in whole seconds.

        `title`, `paused` and `posts` aren't kept: they follow from settings and posts.
        """

        def job(connection: sqlite3.Connection) -> Outcome[None]:
            sources.save_state(connection, state)
            return Outcome(None)

        return self._write(self._cache, job)

    def save_site(self, address: str, rest: str, terms_at: datetime) -> Future[None]:
        """Keep `rest` and `terms_at` of a source's state; the rest of it stays."""

        def job(connection: sqlite3.Connection) -> Outcome[None]:
            sources.save_site(connection, address, rest, terms_at)
            return Outcome(None)

        return self._write(self._cache, job)

    def save_not_before(self, address: str, not_before: datetime) -> Future[None]:
        """Keep `not_before` of a source's state; the rest of it stays."""

        def job(connection: sqlite3.Connection) -> Outcome[None]:
            sources.save_not_before(connection, address, not_before)
            return Outcome(None)

        return self._write(self._cache, job)

    # ── posts ───────────────────────────────────────────────────────────────────────────────

    def save_feed(self, address: str, feed: Feed, state: SourceState) -> Future[Saved]:
        """Store the feed's posts and the source's state in one transaction.

        Unchanged posts are not written, and what the feed no longer carries stays. The posts
        of a source that isn't followed are kept hidden.
        """
        from nordic_tui.store import posts

        return self._write(
            self._cache,
            lambda connection: posts.save_feed(connection, address, feed, state, self._clock()),
        )

    def save_posts(self, address: str, feed: Feed) -> Future[Saved]:
        """Store the posts as `save_feed` does, without a state: of a part of a large feed."""
        from nordic_tui.store import posts

        return self._write(
            self._cache,
            lambda connection: posts.save_posts(connection, address, feed, self._clock()),
        )

    def save_terms(self, address: str, terms: Sequence[Term]) -> Future[None]:
        """Keep the categories of a source's site in place of those before, and sort the stored
        posts into them."""
        from nordic_tui.store import posts

        return self._write(
            self._cache, lambda connection: posts.save_terms(connection, address, terms)
        )

    def load_archive(self, address: str) -> Future[ArchiveState]:
        """How far the archive has come; the default where it was never begun."""
        return self._submit(self._cache, lambda connection: archives.load(connection, address))

    def archives(self) -> dict[str, ArchiveState]:
        """By address; only of sources whose archive was begun."""
        with self._reading(self._cache):
            return archives.load_all(self._reader)

    def save_page(self, address: str, feed: Feed, state: ArchiveState) -> Future[Saved]:
        """Store an archive page's posts and how far the archive has come.

        Posts that are stored already keep their texts; they get the page's categories where it
        has slugs.
        """
        from nordic_tui.store import posts

        return self._write(
            self._cache,
            lambda connection: posts.save_page(connection, address, feed, state, self._clock()),
        )

    def save_archive(self, state: ArchiveState) -> Future[None]:
        """Keep how far the archive has come."""

        def job(connection: sqlite3.Connection) -> Outcome[None]:
            archives.save(connection, state)
            return Outcome(None)

        return self._write(self._cache, job)

    def reopen_archive(self, address: str) -> Future[None]:
        """An archive that was whole is so no longer; nothing where none was begun."""

        def job(connection: sqlite3.Connection) -> Outcome[None]:
            archives.reopen(connection, address)
            return Outcome(None)

        return self._write(self._cache, job)

    def has_posts(self, address: str) -> bool:
        """Whether any post of a source is stored."""
        with self._reading(self._cache):
            return sources.has_posts(self._reader, address)

    def seed(self, address: str, feed: Feed) -> None:
        """Store bundled posts if the source has no posts at all; done when it returns."""
        if self.has_posts(address):
            return
        from nordic_tui.store import posts

        self._write(self._cache, lambda connection: posts.seed(connection, address, feed)).result()

    # ── reading ─────────────────────────────────────────────────────────────────────────────

    def snapshot(self) -> Snapshot:
        """Now, as something to hold a view at."""
        with self._reading(self._cache):
            return walks.take_snapshot(self._reader)

    def places(self, snapshot: Snapshot | None = None) -> list[Place]:
        """The sidebar: All posts, Unread, saved views, then the sources in their folders with
        their categories. With a snapshot, what arrived later isn't counted.

        Saved searches have the numbers that `count_places` found last, at first none.
        """
        with self._reading(self._cache):
            return self._views.places(snapshot, search=False)

    def places_of_sources(self, snapshot: Snapshot) -> list[Place]:
        """Every followed source with its categories, also the hidden ones; no folders."""
        with self._reading(self._cache):
            return self._views.places_of_sources(snapshot)

    def count_places(self, snapshot: Snapshot | None = None) -> Future[list[Place]]:
        """The same, counted on the writing thread, after all that was given to it before."""

        def job(connection: sqlite3.Connection) -> list[Place]:
            with one_moment(connection):
                return self._views_of_writer(connection).places(snapshot)

        return self._submit(self._cache, job)

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

    def find(
        self,
        view: View,
        snapshot: Snapshot,
        first: Callable[[Found], None] | None = None,
    ) -> Future[Found]:
        """All posts of any view in its order; of a search by fit and date: those whose titles
        have all the words come first, then the others, each newest first.

        Answered on the finding thread, one question at a time: the next one cancels this
        future. first: is called from there with the first hundred, as soon as there are any and
        where there are more.
        """
        from nordic_tui.store import finding  # a start finds nothing

        today = self._today()
        if not self._wakened:
            # The writing thread puts into the index what waits once it has had something to do.
            self._wakened = True
            self._submit(self._cache, lambda _: None)
        return self._finder.ask(lambda turn: finding.find(turn, view, snapshot, today, first))

    _wakened = False

    def is_found(self, view: View) -> bool:
        """Whether the view is one for `find`: it is searched, or not in the order of the list."""
        with self._reading(self._cache):
            return self._views.is_found(view)

    def rows_of(self, ids: Sequence[int]) -> list[PostRow]:
        """The rows of these posts in their order; what is not there any more is left out."""
        with self._reading(self._cache):
            return self._views.rows_of(ids)

    def unread_of(self, ids: Sequence[int]) -> int:
        """How many of these posts are unread now."""
        with self._reading(self._cache):
            return self._views.unread_of(ids)

    def first_unread(self, ids: Sequence[int]) -> int | None:
        """Which of these posts is the first that is unread now, from 0; None: none is."""
        with self._reading(self._cache):
            return self._views.first_unread(ids)

    def query(self, view: View) -> "Query":
        """What the view searches for, its own words and a saved view's; `notes` says what of it
        is not understood."""
        from nordic_tui.store import search

        with self._reading(self._cache):
            return search.query_of(self._reader, view, self._today())

    def post(self, post_id: int) -> Post | None:
        """A post in full; None: the cache doesn't know it."""
        with self._reading(self._cache):
            return bodies.read_post(self._reader, post_id)

    # ── undo ────────────────────────────────────────────────────────────────────────────────

    def undo(self, other: Callable[[], int] = lambda: -1) -> Future[Turn]:
        """Take back the last act of marking, starring or tagging that is in force.

        other: gives the moment of the last act of another place, on the store's thread, after all
            that was given to it before; a later one comes first, and nothing is done.
        """
        from nordic_tui.store import taking_back

        return self._write(
            self._library,
            lambda connection: taking_back.undo(connection, self._moments, other()),
        )

    def redo(self, other: Callable[[], Acts] = Acts) -> Future[Turn]:
        """Do the act again that was undone last, if nothing was done since.

        other: gives the acts of another place, on the store's thread; an earlier one that is to be
            done again there comes first, and nothing is done.
        """
        from nordic_tui.store import taking_back

        return self._write(self._library, lambda connection: taking_back.redo(connection, other()))

    # ── what a person keeps ─────────────────────────────────────────────────────────────────

    def star(self, post_ids: Sequence[int], on: bool) -> Future[int]:
        """Star posts, or take their stars off, in all sources that have them; gives how many
        changed."""
        return self._write(
            self._library,
            lambda connection: library.star(
                connection, post_ids, self._clock(), self._moments, on=on
            ),
        )

    def tag(self, post_ids: Sequence[int], name: str, on: bool) -> Future[int]:
        """Give posts a tag, or take it off, in all sources that have them; gives how many changed.

        name: in a person's words; one that is known in another spelling is that one.
        """
        return self._write(
            self._library,
            lambda connection: library.tag(
                connection, post_ids, name, self._clock(), self._moments, on=on
            ),
        )

    def tags(self) -> list[tuple[str, int]]:
        """All tags in the order of their names, each with how many posts have it."""
        with self._reading(self._library):
            return library.tags(self._reader)

    def sorting(self, kind: PlaceKind, id_: int) -> Sorting:
        """How a person wants the list of a place."""
        with self._reading(self._library):
            return library.sorting(self._reader, kind, id_)

    def save_sorting(self, kind: PlaceKind, id_: int, wanted: Sorting) -> Future[None]:
        """Keep how a person wants the list of a place."""

        def job(connection: sqlite3.Connection) -> Outcome[None]:
            library.save_sorting(connection, kind, id_, wanted)
            return Outcome(None)

        return self._write(self._library, job)

    def put_back_kept(self) -> None:
        """Store the starred and tagged posts that the cache knows no more, and star and tag what
        came in by a second source; done when it returns. A quick read where there is neither."""
        with self._reading(self._library):
            if not kept.are_lost(self._reader) and not library.uneven(self._reader):
                return

        def job(connection: sqlite3.Connection) -> Outcome[int]:
            outcome = kept.put_back(connection)
            uneven = library.uneven(connection)
            library.even_out(connection, uneven)
            return outcome._replace(moves=outcome.moves or bool(uneven))

        self._write(self._library, job).result()

    def kept_posts(self) -> list[KeptPost]:
        """All that is starred or tagged, with what it said then, in the order of the ids."""
        with self._reading(self._library):
            return kept.load(self._reader)

    def take_kept(self, posts: Sequence[KeptPost]) -> Future[int]:
        """Star and tag these too, as one act; gives how many posts got a star or tag by it."""
        return self._write(
            self._library, lambda connection: library.take(connection, posts, self._moments)
        )

    def kept_size(self) -> KeptSize:
        """How many posts are starred, and how many are tagged."""
        with self._reading(self._library):
            return library.size(self._reader)

    def versions(self, post_id: int) -> Versions:
        """What a post said before, and when it was read."""
        from nordic_tui.store import versions

        with self._reading(self._cache):
            return versions.load(self._reader, post_id)

    # ── full texts ──────────────────────────────────────────────────────────────────────────

    def pages_wanted(self, address: str, limit: int) -> Future[tuple[int, ...]]:
        """Of the newest posts of a source those whose pages are to be fetched, at most `limit`."""
        from nordic_tui.store import full_texts

        return self._submit(
            self._cache,
            lambda connection: full_texts.wanted(connection, address, self._clock(), limit),
        )

    def page_wanted(self, post_id: int) -> Future[Wanted | None]:
        """What it takes to fetch a post's page; None: the cache doesn't know it."""
        from nordic_tui.store import full_texts

        return self._submit(self._cache, lambda connection: full_texts.load(connection, post_id))

    def save_full_text(self, post_id: int, html: str) -> Future[None]:
        """Keep what a post's page gave that came by itself; empty: no more than the feed."""
        from nordic_tui.store import full_texts

        def job(connection: sqlite3.Connection) -> Outcome[None]:
            full_texts.save(connection, post_id, html, self._clock())
            return Outcome(None)

        return self._write(self._cache, job)

    def save_asked_text(self, post_id: int, html: str) -> Future[None]:
        """Keep what the page of a post gave that a person asked for: with what was read."""

        def job(connection: sqlite3.Connection) -> Outcome[None]:
            asked_texts.keep(connection, post_id, html, self._clock())
            # Searches may find it now that did not.
            return Outcome(None, moves=True, kept=True)

        return self._write(self._history, job)

    def save_page_failure(self, post_id: int, why: str, *, for_good: bool) -> Future[None]:
        """Keep that a post's page could not be had, and why; for_good: it is not tried again by
        itself."""
        from nordic_tui.store import full_texts

        def job(connection: sqlite3.Connection) -> Outcome[None]:
            now = self._clock()
            full_texts.save_failure(connection, post_id, why, now, for_good=for_good)
            return Outcome(None)

        return self._write(self._cache, job)

    # ── the reading history ─────────────────────────────────────────────────────────────────

    def mark(self, post_ids: Sequence[int], read: bool, *, undoable: bool = True) -> Future[int]:
        """Mark posts as read or unread, in all sources that have them; gives how many changed."""
        return self._write(
            self._history,
            lambda connection: history.mark(
                connection, post_ids, self._clock(), self._moments, read=read, undoable=undoable
            ),
        )

    def mark_view(self, view: View, snapshot: Snapshot) -> Future[int]:
        """Mark all posts of the view as read, those too that have changed since they were read;
        gives how many these are."""
        return self._write(
            self._history,
            lambda connection: history.mark_view(
                connection, view, snapshot, self._clock(), self._moments
            ),
        )

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

    def last_place(self) -> LastPlace | None:
        """Where the person was when they quit; None: that is not recorded, or too long ago."""
        since = self._clock() - timedelta(days=self._retention_days)
        with self._reading(self._history):
            return last_place.load(self._reader, since)

    def save_last_place(self, place: LastPlace) -> Future[None]:
        """Keep where the person is, in place of what was kept before."""

        def job(connection: sqlite3.Connection) -> Outcome[None]:
            last_place.save(connection, place, self._clock())
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

    def erase_history(self, path: Path) -> None:
        """Overwrite and remove a history file that is not in use, its side files, copies and
        export, whatever of it is there. Raises StoreUnwritable."""
        history.erase_file(path)

    def history_files(self, path: Path) -> Sequence[Path]:
        """What is there of a history file, its side files and copies."""
        return history.family(path)

    def prune_history(self) -> Future[int]:
        """Delete what is older than `retention_days`; gives how many.

        A clock that may be years ahead is believed later (plausible.py).
        """
        from nordic_tui.store import plausible

        days = self._retention_days

        def job(connection: sqlite3.Connection) -> int:
            file = self._history.file
            clock_says = self._clock()
            now = plausible.time_of(connection, clock_says)

            def prune(writer: sqlite3.Connection) -> Outcome[int]:
                plausible.bring_marks_back(writer, clock_says)
                return history.prune(writer, now, days)

            number = self._run(self._history, connection, prune)
            if number and file:
                history.empty_log(connection)
            if file:
                with suppress(OSError):  # in an hour it is tried again
                    history.prune_copies(file, now, days)
            return number

        return self._submit(self._history, job)

"""Storing what a feed or an archive page brings, in one transaction.

for each entry, an identity that comes twice only once:
  known and its fingerprint unchanged      nothing is written
  known and changed                        its texts, categories and, with its date, place
  known and from an archive page           its categories, if they are told by their slugs
  unknown, a bundled post has its title    it takes the bundled post's place and id
  unknown                                  inserted, the feed's last first
what the feed no longer carries stays
"""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from nordic_tui.model import ArchiveState, Entry, Feed, Saved, SourceState, Term
from nordic_tui.store import archives, categories, hiding, links, plausible, sources
from nordic_tui.store.batch import Batch
from nordic_tui.store.categories import Sorted, Sorter, new_slugs, stored_terms
from nordic_tui.store.identity import label, post_id, seconds, source_id
from nordic_tui.store.links import Links
from nordic_tui.store.tally import Outcome, Tally
from nordic_tui.text.fold import fold


def save_feed(
    connection: sqlite3.Connection, address: str, feed: Feed, state: SourceState, now: datetime
) -> Outcome[Saved]:
    """Store the feed's posts and the source's state. Inside a transaction.

    A source that isn't followed is kept hidden.
    """
    came_back = plausible.bring_back(connection, now)
    batch = Batch(connection, address, first_seen=seconds(now))
    batch.describe_source(feed.title, feed.site_url)
    sources.save_state(connection, state)
    _take(batch, address, feed)
    outcome = batch.write()
    return outcome._replace(moves=outcome.moves or came_back)


def save_posts(
    connection: sqlite3.Connection, address: str, feed: Feed, now: datetime
) -> Outcome[Saved]:
    """`save_feed` without the source's state: of a part of a feed. Inside a transaction."""
    batch = Batch(connection, address, first_seen=seconds(now))
    batch.describe_source(feed.title, feed.site_url)
    _take(batch, address, feed)
    return batch.write()


def save_page(
    connection: sqlite3.Connection, address: str, feed: Feed, state: ArchiveState, now: datetime
) -> Outcome[Saved]:
    """Store an archive page's posts and how far the archive has come. Inside a transaction."""
    batch = Batch(connection, address, first_seen=seconds(now), is_archive=True)
    batch.describe_source()
    archives.save(connection, state)
    _take(batch, address, feed, is_archive=True)
    return batch.write()


def _take(batch: Batch, address: str, feed: Feed, *, is_archive: bool = False) -> None:
    """Tell the batch what becomes of each entry."""
    entries = _by_identity(address, feed)
    known = batch.known(entries)
    bundled = batch.bundled(besides=entries.keys())
    written: set[int] = set()
    for identity, entry in entries.items():
        before = known.get(identity)
        if before is None and entry.title and bundled:
            before = bundled.pop(fold(label(entry)), None)
            if before is not None:
                batch.add_alias(identity, before.seq)
        if before is None:
            batch.add(identity, entry, batch.first_seen)
        elif before.seq not in written:
            written.add(before.seq)
            if is_archive and before.first_seen is not None:
                batch.sort_by_slugs(before, entry)
            else:
                batch.change(before, entry)


def seed(connection: sqlite3.Connection, address: str, feed: Feed) -> Outcome[Saved]:
    """Store bundled posts for a source that has none at all. Inside a transaction.

    They have no first_seen and stand below everything that has a time, in the feed's order.
    """
    if sources.has_posts(connection, address):
        return Outcome(Saved(0, 0))
    batch = Batch(connection, address, first_seen=None)
    batch.describe_source(feed.title, feed.site_url)
    for identity, entry in _by_identity(address, feed).items():
        batch.add(identity, entry, None)
    return batch.write()


def _by_identity(address: str, feed: Feed) -> dict[int, Entry]:
    """The feed's entries in its order; of two with the same identity the first."""
    entries: dict[int, Entry] = {}
    for entry in feed.entries:
        entries.setdefault(post_id(address, entry), entry)
    return entries


# ── the categories of a source's site ───────────────────────────────────────────────────────


def save_terms(
    connection: sqlite3.Connection, address: str, terms: Sequence[Term]
) -> Outcome[None]:
    """Keep the site's categories and sort the stored posts into them. Inside a transaction."""
    Batch(connection, address, first_seen=None).describe_source()
    lifted = hiding.lift(connection, hiding.of_source(connection, source_id(address)))
    sorted_ = _save_terms(connection, address, terms)
    tally = lifted.tally.plus(sorted_.tally).plus(hiding.hide(connection, list(lifted.sames)))
    return sorted_._replace(tally=tally, moves=sorted_.moves or bool(lifted.sames))


def _save_terms(
    connection: sqlite3.Connection, address: str, terms: Sequence[Term]
) -> Outcome[None]:
    names, before = _names(connection, address), stored_terms(connection, address)
    if not categories.replace_terms(connection, address, terms):
        # What was stored by an earlier version has only the rows of categories with posts.
        Sorter(connection, address).complete()
        return Outcome(None)
    slugs = new_slugs(before, stored_terms(connection, address))
    names = {id_: (name, slugs.get(slug, slug)) for id_, (name, slug) in names.items()}
    sorter = Sorter(connection, address)
    sorter.describe()
    places = [
        links.Place(*row)
        for row in connection.execute(
            "SELECT seq, id, ord FROM main.post WHERE source = ?", (source_id(address),)
        )
    ]
    stood = links.load(connection, [place.seq for place in places])
    marked = {
        row[0]
        for row in connection.execute(
            """
            SELECT p.id FROM main.post AS p WHERE p.source = ?
                AND EXISTS (SELECT 1 FROM history.read_mark AS m WHERE m.post = p.id)
            """,
            (source_id(address),),
        )
    }
    moving = Links(connection)
    moves = False
    for place in places:
        was = stood[place.seq]
        now = _sort_again(sorter, was, names)
        if moving.move(place, was, place.ord, now, is_read=place.id in marked):
            moves = True
    moving.write()
    return Outcome(None, Tally(categories=dict(moving.read)), moves=moves)


def _names(connection: sqlite3.Connection, address: str) -> dict[int, tuple[str, str]]:
    """(name, slug) of the source's categories by id, in their order."""
    return {
        id_: (name, slug)
        for id_, name, slug in connection.execute(
            "SELECT id, name, slug FROM main.category WHERE source = ? ORDER BY place",
            (source_id(address),),
        )
    }


def _sort_again(sorter: Sorter, was: Sorted, names: dict[int, tuple[str, str]]) -> Sorted:
    """Where a post belongs by what it was called before."""
    called = [names[id_] for id_ in was.categories]
    if was.by_slug:
        return sorter.also_called(sorter.sort_by_slugs(called), was.tags)
    return sorter.sort_anew([*called, *((tag, "") for tag in was.tags)])

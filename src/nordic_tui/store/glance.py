"""A look at the posts from outside: what is new, for who asks in passing and goes on.

It opens the file by itself, for reading, and imports nothing but sqlite3: a check from a login is
over before `Store` is imported. It makes no file and leaves none, takes no lock that anybody waits
for, and changes nothing; a program that runs, and one that refreshes, go on as if nobody looked.
"""

import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from nordic_tui.errors import StoreBusy, StoreError

TYPE_CHECKING = False
if TYPE_CHECKING:  # typing takes a tenth of a check from a login
    from typing import Any, TypeVar

    T = TypeVar("T")

FORMAT = 4
"""The version of the cache that this reads (schema.py): no other."""
NEWS_DAYS = 31
"""A post that was older when it arrived is no news, but of the archive."""
TRIES = 20
"""A file that somebody begins to write to, just as it is read, is read again."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_S = 86_400


class NoPosts(StoreError):
    """There is no file of posts: nothing was ever asked for, or it was cleared away."""


class NotAtHand(StoreError):
    """The file is not one that can be looked at in passing: of another version, damaged, or left
    by a program that was killed. `Store` knows what to do."""


class Followed:
    """A source that is followed, as the list of sources names it, and its categories by id."""

    __slots__ = ("address", "categories", "id", "title")

    def __init__(self, id_: int, title: str, address: str) -> None:
        self.id = id_
        self.title = title
        self.address = address
        self.categories: list[tuple[int, tuple[str, ...]]] = []
        """Each with the names that it goes by."""


class Chosen:
    """Which posts are meant, all if there is nothing here. sources, categories: ids of those that
    are followed. unread: only what was not read; who keeps no reading history has read nothing.
    ruled: only what the rules were asked about, which may hide a post a moment after it came."""

    __slots__ = ("categories", "ruled", "sources", "unread")

    def __init__(
        self,
        sources: Sequence[int] | None = None,
        categories: Sequence[int] | None = None,
        *,
        unread: bool = False,
        ruled: bool = False,
    ) -> None:
        self.ruled = ruled
        self.sources = sources
        self.categories = categories
        self.unread = unread


class Arrived:
    """A post that is new."""

    __slots__ = ("id", "label", "published", "seq", "source", "unread")

    def __init__(
        self, seq: int, id_: int, label: str, published: int | None, source: int, unread: int
    ) -> None:
        self.seq = seq
        self.id = id_
        self.label = label
        """What a row of the list calls it; never empty."""
        self.published = None if published is None else _EPOCH + timedelta(seconds=published)
        self.source = source
        self.unread = bool(unread)


class Details:
    """What is asked for of a post besides."""

    __slots__ = ("authors", "categories", "excerpt", "link", "title")

    def __init__(self, title: str, link: str, excerpt: str, authors: str, categories: str) -> None:
        self.title = title
        self.link = link
        self.excerpt = excerpt
        self.authors: list[str] = json.loads(authors) if authors else []
        self.categories: list[str] = json.loads(categories)


class Glance:
    """What can be asked for. Made by `glance`."""

    def __init__(self, connection: sqlite3.Connection, *, has_history: bool) -> None:
        self._connection = connection
        self._is_read = (
            "EXISTS (SELECT 1 FROM history.read_mark AS m WHERE m.post = p.id)"
            if has_history
            else "0"
        )

    def _rows(self, query: str, values: "Any" = ()) -> "list[Any]":
        return self._connection.execute(query, values).fetchall()

    def of_one_moment(self, ask: "Callable[[Glance], T]") -> "T":
        """What `ask` gives, however many queries it takes."""
        self._connection.execute("BEGIN")
        try:
            return ask(self)
        finally:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    def last_seq(self) -> int:
        """The highest number that a post was ever given: 0 before there was one."""
        rows = self._rows("SELECT seq FROM main.sqlite_sequence WHERE name = 'post'")
        return int(rows[0][0]) if rows else 0

    def data_version(self) -> int:
        """Another one whenever anybody has written."""
        return int(self._rows("PRAGMA main.data_version")[0][0])

    def waits(self) -> bool:
        """Whether there are posts that the rules were not asked about."""
        query = (
            "SELECT EXISTS (SELECT 1 FROM main.unindexed) OR EXISTS (SELECT 1 FROM main.unruled)"
        )
        return bool(self._rows(query)[0][0])

    def followed(self) -> list[Followed]:
        """The sources that are followed, in their order."""
        found = {}
        for id_, name, title, address in self._rows(
            "SELECT id, name, title, address FROM main.source WHERE followed ORDER BY place"
        ):
            found[id_] = Followed(id_, name or title or _fallback(address), address)
        for id_, source, label, name in self._rows(
            """
            SELECT id, source, label, name FROM main.category
            WHERE source IN (SELECT id FROM main.source WHERE followed) ORDER BY place
            """
        ):
            found[source].categories.append((id_, (name,) if label is None else (label, name)))
        return list(found.values())

    def news(
        self, at: datetime, after: int | None, chosen: Chosen, *, was_lost: bool = False
    ) -> list[Arrived]:
        """The posts that are new since then, newest first; see `service.since`, which says what
        new is, and whose words these are.

        Bundled posts never are. What a rule hides, or another source brought before, is not shown.
        """
        since = (at - _EPOCH) // timedelta(seconds=1)
        values: dict[str, Any] = {"at": since, "after": after, "days": NEWS_DAYS * _DAY_S}
        # `ord` is the date where that is plausible, else when the post arrived; what an archive
        # brings without a date stands elsewhere.
        on_its_own = "(p.published = p.ord AND p.ord >= :at)"
        conditions = [
            "+p.shown = 1" if after is not None else "p.shown = 1",
            "p.bundled = 0",
            f"({on_its_own} OR p.ord >= p.first_seen - :days)",
            "(p.published IS NOT NULL OR p.ord = p.first_seen)",
        ]
        if after is None:
            # The index of the list has the order, and none has the time of arrival.
            conditions += ["p.ord >= :at - :days", "p.first_seen >= :at"]
        else:
            conditions.append("p.seq > :after")
        if chosen.categories is not None:
            conditions.append(
                "p.seq IN (SELECT c.seq FROM main.post_category AS c"
                " WHERE c.category IN (SELECT value FROM json_each(:categories)))"
            )
            values["categories"] = json.dumps(list(chosen.categories))
            is_one_place = len(chosen.categories) == 1
        elif chosen.sources is not None:
            conditions.append("p.source IN (SELECT value FROM json_each(:sources))")
            values["sources"] = json.dumps(list(chosen.sources))
            is_one_place = len(chosen.sources) == 1
        else:
            is_one_place = False
        if not is_one_place:
            conditions.append("p.twin = 0")
        if chosen.ruled:
            conditions += [
                "p.seq NOT IN (SELECT u.seq FROM main.unindexed AS u)",
                "p.seq NOT IN (SELECT u.seq FROM main.unruled AS u)",
            ]
        if chosen.unread:
            conditions.append(f"NOT {self._is_read}")
        rows = self._rows(
            f"""
            SELECT p.seq, p.id, p.label, p.published, p.source, NOT {self._is_read}, {on_its_own}
            FROM main.post AS p WHERE {" AND ".join(conditions)}
            ORDER BY p.ord DESC, p.seq DESC
            """,  # noqa: S608  constants of this file; values are parameters
            values,
        )
        # Once for each source: as a condition of each post it would be asked for each again.
        had = {
            source: not was_lost and self._had(source, since, after)
            for source in {row[4] for row in rows if not row[-1]}
        }
        return [Arrived(*row) for *row, own in rows if own or had[row[4]]]

    def _had(self, source: int, since: int, after: int | None) -> bool:
        """Whether a source had posts before."""
        before = "q.first_seen < ?" if after is None else "q.seq <= ? AND q.first_seen IS NOT NULL"
        return bool(
            self._rows(
                f"SELECT EXISTS (SELECT 1 FROM main.post AS q WHERE q.source = ? AND {before})",  # noqa: S608  constants of this function; values are parameters
                (source, since if after is None else after),
            )[0][0]
        )

    def details(self, seqs: Iterable[int]) -> dict[int, Details]:
        """By the number of the post."""
        return {
            seq: Details(*row)
            for seq, *row in self._rows(
                """
                SELECT b.seq, b.title, b.link, b.excerpt, b.authors, (
                    SELECT json_group_array(name) FROM (
                        SELECT IFNULL(k.label, k.name) AS name
                        FROM main.post_category AS c JOIN main.category AS k ON k.id = c.category
                        WHERE c.seq = b.seq ORDER BY k.place))
                FROM json_each(?) AS e CROSS JOIN main.body AS b ON b.seq = e.value
                """,
                (json.dumps(list(seqs)),),
            )
        }


def _fallback(address: str) -> str:
    from nordic_tui.store.sources import fallback_title  # few sources say nothing of themselves

    return fallback_title(address)


# ── opening ─────────────────────────────────────────────────────────────────────────────────


def look(
    cache_file: str,
    history_file: str | None,
    ask: "Callable[[Glance], T]",
    *,
    busy_timeout_s: float = 5.0,
    at_most_s: float | None = None,
) -> "T":
    """What `ask` gives, of one moment; it may be called several times.

    history_file: None: nothing was read. at_most_s: so long a query may take, else it is broken off
    (NotAtHand). Raises NoPosts, StoreBusy and NotAtHand.
    """
    files = [cache_file] if history_file is None else [cache_file, history_file]
    for _ in range(TRIES):
        before = [_alone(file) for file in files]
        try:
            with opened(cache_file, history_file, busy_timeout_s, at_most_s) as seen:
                found = seen.of_one_moment(ask)
        except NotAtHand:
            if before == [_alone(file) for file in files]:
                raise
            continue
        if before == [_alone(file) for file in files] or not any(before):
            return found
    raise StoreBusy(f"Another program is writing to {cache_file}. Try again in a moment.")


@contextmanager
def opened(
    cache_file: str,
    history_file: str | None,
    busy_timeout_s: float = 5.0,
    at_most_s: float | None = None,
) -> Iterator[Glance]:
    """A look that lasts, for who has the file open otherwise as well. Raises as `look` does."""
    if not os.path.exists(cache_file):  # noqa: PTH110  pathlib takes a tenth of a check
        raise NoPosts(f"{cache_file} does not exist.")
    connection = None
    try:
        connection = sqlite3.connect(
            _name(cache_file), timeout=busy_timeout_s, isolation_level=None, uri=True
        )
        if at_most_s is not None:
            until = time.monotonic() + at_most_s
            connection.set_progress_handler(lambda: time.monotonic() > until, 1_000)
        if history_file is not None:
            connection.execute("ATTACH ? AS history", (_name(history_file),))
        version = connection.execute("PRAGMA main.user_version").fetchone()[0]
        if version != FORMAT:
            raise NotAtHand(f"{cache_file} has the format {version}, and not {FORMAT}.")
        yield Glance(connection, has_history=history_file is not None)
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise StoreBusy(
                f"Another program is writing to {cache_file}. Try again in a moment."
            ) from error
        raise NotAtHand(f"{cache_file} could not be read: {error}.") from error
    except UnicodeError as error:  # the name of the file, or a text in a damaged one
        raise NotAtHand(f"{cache_file} could not be read.") from error
    finally:
        if connection is not None:
            connection.close()


def _alone(file: str) -> tuple[int, int, int] | None:
    """What tells whether a file was written to that nobody has open; None: somebody has it, or a
    program that was killed did."""
    try:
        status = os.stat(file)  # noqa: PTH116  as above
        if os.path.exists(f"{file}-wal"):  # noqa: PTH110  as above
            return None
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns


def _name(file: str) -> str:
    """What SQLite is given. Who opens a file in WAL mode that nobody has open makes two files
    beside it, and who only reads can't remove them; so that one is opened as a file that nobody
    writes to, which `look` makes sure of afterwards."""
    name = file.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    return f"file:{name}?mode=ro" + ("&immutable=1" if _alone(file) else "")

"""Killed while posts come in, are brought to a new version or set aside."""

import asyncio
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from nordic_tui.clock import system_clock
from nordic_tui.config.paths import Paths
from nordic_tui.model import Answer, Response, Source
from nordic_tui.service.archive import Archivist
from nordic_tui.store import schema
from nordic_tui.store.identity import source_id
from tests.fakes import FakeFetcher

from . import looking, world
from .scenario import Tell, lost_of_the_prepared, prepared
from .world import NEWS, SOURCES


def stored_titles(paths: Paths, address: str) -> set[object]:
    found = looking.rows(
        paths.cache_file,
        "SELECT b.title FROM body AS b JOIN post AS p USING (seq) WHERE p.source = ?",
        source_id(address),
    )
    return {title for (title,) in found}


class Refreshing:
    """Three feeds come in with new posts, changed ones and posts of each other; then the index is
    filled and the rules are asked."""

    name = "refresh"
    damages = False

    def prepare(self, paths: Paths) -> None:
        prepared(paths)

    def do(self, paths: Paths, tell: Tell) -> None:
        with world.started(paths, world.new_edition()) as parts:
            world.refresh(parts)
            tell("done refresh")
            world.settle(parts)

    def found(self, paths: Paths, told: Sequence[str]) -> list[str]:
        problems = lost_of_the_prepared(paths)
        old, new = world.old_edition(), world.new_edition()
        for address in SOURCES:
            titles = stored_titles(paths, address)
            if titles not in (world.titles(old[address]), world.titles(new[address])):
                problems.append(f"half of {address} is here: {sorted(map(str, titles))}")
            elif told and titles != world.titles(new[address]):
                problems.append(f"{address} was refreshed and is not")
        return problems

    def after(self, paths: Paths, told: Sequence[str]) -> list[str]:
        with world.started(paths, world.new_edition()) as parts:
            world.refresh(parts)
            world.settle(parts)
        new = world.new_edition()
        problems = lost_of_the_prepared(paths)
        problems += [
            f"{address} does not come in any more"
            for address in SOURCES
            if stored_titles(paths, address) != world.titles(new[address])
        ]
        return problems + self._unruled(paths) + self._uneven(paths)

    def _unruled(self, paths: Paths) -> list[str]:
        posts = looking.rows(
            paths.cache_file,
            """
            SELECT p.id, b.title, b.content LIKE '%harbour%', b.title LIKE '%fog%',
                p.seq IN (SELECT seq FROM hidden)
            FROM post AS p JOIN body AS b USING (seq)
            """,
        )
        stars = {post for (post,) in looking.rows(paths.library_file, "SELECT post FROM star")}
        problems = [f"the rule has not hidden “{t}”" for _, t, _, fog, hid in posts if fog != hid]
        return problems + [
            f"the rule has not starred “{title}”"
            for id_, title, harbour, _, _ in posts
            if harbour and id_ not in stars
        ]

    def _uneven(self, paths: Paths) -> list[str]:
        with looking.opened(paths.cache_file) as connection:
            connection.execute("ATTACH ? AS h", (str(paths.history_file),))
            connection.execute("ATTACH ? AS l", (str(paths.library_file),))
            return [
                f"of the same posts some are {what}: {found}"
                for what, table in (("starred", "l.star"), ("read", "h.read_mark"))
                if (
                    found := connection.execute(
                        f"""
                        SELECT same, GROUP_CONCAT(id) FROM post WHERE overlap <> 0 GROUP BY same
                        HAVING COUNT(DISTINCT id IN (SELECT post FROM {table})) > 1
                        """  # noqa: S608  constants of this function
                    ).fetchall()
                )
            ]


ARCHIVE = "https://old.example/atom.xml"
DOCUMENTS = 6


class Archiving:
    """An archive of RFC 5005 comes, ten posts a page."""

    name = "archive"
    damages = False

    def prepare(self, paths: Paths) -> None:
        text = f'[[sources]]\naddress = "{ARCHIVE}"\narchive = true\n'
        paths.settings_file.write_text(text)
        with world.started(paths) as parts:
            assert parts.store.states()

    def do(self, paths: Paths, tell: Tell) -> None:
        self._run(paths)
        tell("done archive")

    def _run(self, paths: Paths) -> None:
        fetcher = FakeFetcher(
            {
                self._address(number): Response(
                    url=self._address(number),
                    body=self._document(number),
                    media_type="application/atom+xml",
                )
                for number in range(DOCUMENTS)
            }
        )
        with world.started(paths) as parts:
            archivist = Archivist(
                fetcher.open, world.open_decoder, parts.store, system_clock, pause_s=0
            )
            state = parts.store.states()[0]
            source = Source(ARCHIVE, archive=True)
            ended = asyncio.run(archivist.run(source, state, lambda event: None))
            assert ended.complete, ended

    def _address(self, number: int) -> str:
        return ARCHIVE if number == 0 else f"https://old.example/archive/{number}.xml"

    def _document(self, number: int) -> bytes:
        """The newest posts in the first one; each names the one before it."""
        newest = (DOCUMENTS - number) * 10
        older = self._address(number + 1)
        link = f'<link rel="prev-archive" href="{older}"/>' if number + 1 < DOCUMENTS else ""
        entries = "".join(
            f"<entry><id>urn:{n}</id><title>Old {n}</title>"
            f"<updated>2020-01-{1 + n // 24:02}T{n % 24:02}:00:00Z</updated></entry>"
            for n in range(newest, newest - 10, -1)
        )
        return (
            f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Old</title>{link}{entries}</feed>'
        ).encode()

    def found(self, paths: Paths, told: Sequence[str]) -> list[str]:
        said = looking.rows(paths.cache_file, "SELECT fetched, complete FROM archive")
        fetched, complete = said[0] if said else (0, 0)
        number = len(stored_titles(paths, ARCHIVE))
        problems = []
        if number != fetched:
            problems.append(f"{number} posts are here, {fetched} are said to be")
        if told and not complete:
            problems.append("the archive was whole and is not")
        return problems

    def after(self, paths: Paths, told: Sequence[str]) -> list[str]:
        self._run(paths)
        wanted = {f"Old {n}" for n in range(1, DOCUMENTS * 10 + 1)}
        found = looking.rows(paths.cache_file, "SELECT title FROM body ORDER BY title")
        here = sorted(title for (title,) in found)
        return [] if here == sorted(wanted) else [f"of the archive is here: {here}"]


class Migrating:
    """Files of the earliest versions are brought to the present one."""

    name = "migration"
    damages = False

    def prepare(self, paths: Paths) -> None:
        with world.started(paths) as parts:  # makes the folders
            parts.history.decide(Answer.KEEP)
        for file in (paths.cache_file, paths.history_file):
            for path in looking.family(file):
                path.unlink()
        news, posts, marks = source_id(NEWS), range(1, 401), range(1, 41)
        with _older(paths.cache_file, schema.CACHE) as connection:
            connection.execute(
                "INSERT INTO source (id, address, place, followed, total) VALUES (?, ?, 0, 1, 400)",
                (news, NEWS),
            )
            connection.executemany(
                "INSERT INTO post VALUES (?1, ?1, ?2, ?1, 1, 'Old', 'old', ?1, ?1, 0, ?1)",
                [(n, news) for n in posts],
            )
            connection.executemany(
                "INSERT INTO body VALUES (?1, ?1, 'https://news.example/' || ?1, 'Old', NULL,"
                " '', '', 0, 0, 'An excerpt.', '<p>A text.</p>')",
                [(n,) for n in posts],
            )
        with _older(paths.history_file, schema.HISTORY) as connection:
            connection.execute("INSERT INTO batch VALUES (1, 1700000000, 1)")
            connection.executemany(
                "INSERT INTO read_mark VALUES (?, 1700000000, 1)", [(n,) for n in marks]
            )
            connection.executemany(
                "INSERT INTO change VALUES (1, ?, NULL, NULL)", [(n,) for n in marks]
            )

    def do(self, paths: Paths, tell: Tell) -> None:
        with world.started(paths) as parts:
            tell("done migration")
            world.settle(parts)

    def found(self, paths: Paths, told: Sequence[str]) -> list[str]:
        problems = []
        for file, wanted, table, number in (
            (paths.cache_file, schema.CACHE, "post", 400),
            (paths.history_file, schema.HISTORY, "read_mark", 40),
        ):
            ((version,),) = looking.rows(file, "PRAGMA user_version")
            if version not in (1, wanted.version):
                problems.append(f"{file.name} is of version {version}")
            if told and version != wanted.version:
                problems.append(f"{file.name} was brought up and is not")
            ((here,),) = looking.rows(file, f"SELECT COUNT(*) FROM {table}")  # noqa: S608  as above
            if here != number:
                problems.append(f"{file.name} has {here} of {number}")
            if version > 1:
                copy = file.with_name(f"{file.name}.v1-backup")
                problems += looking.unsound(copy)
                if looking.rows(copy, f"SELECT COUNT(*) FROM {table}") != [(number,)]:  # noqa: S608  as above
                    problems.append(f"{copy.name} is not what was there before")
        return problems

    def after(self, paths: Paths, told: Sequence[str]) -> list[str]:
        self.do(paths, lambda line: None)
        return self.found(paths, ["done migration"])


@contextmanager
def _older(file: Path, wanted: schema.Schema) -> Iterator[sqlite3.Connection]:
    """Makes a file of the first version."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        with connection:
            for statement in wanted.steps[0]:
                connection.execute(statement)
            yield connection
            connection.execute(f"PRAGMA application_id = {wanted.application_id}")
            connection.execute("PRAGMA user_version = 1")


class SettingAside:
    """Damaged files are set aside and made anew."""

    name = "set aside"
    damages = True
    NOISE = bytes(range(256)) * 64

    def prepare(self, paths: Paths) -> None:
        prepared(paths)
        for file, mark in ((paths.cache_file, b"cache"), (paths.history_file, b"history")):
            file.write_bytes(mark + self.NOISE)
            file.with_name(file.name + "-wal").write_bytes(b"log of the " + mark + self.NOISE)

    def do(self, paths: Paths, tell: Tell) -> None:
        with world.started(paths, world.old_edition()) as parts:
            tell("done start")
            world.refresh(parts)
            world.settle(parts)

    def found(self, paths: Paths, told: Sequence[str]) -> list[str]:
        problems = []
        for file, mark in ((paths.cache_file, b"cache"), (paths.history_file, b"history")):
            held = [path.read_bytes() for path in looking.family(file)]
            for wanted in (mark + self.NOISE, b"log of the " + mark + self.NOISE):
                if wanted not in held:
                    problems.append(f"of {file.name} “{wanted[:20]!r}…” is lost")
        stars = looking.rows(paths.library_file, "SELECT COUNT(*) FROM star")
        return problems if stars >= [(2,)] else [*problems, "stars are lost"]

    def after(self, paths: Paths, told: Sequence[str]) -> list[str]:
        self.do(paths, lambda line: None)
        with world.started(paths) as parts:
            problems = [f"it still says: {problem}" for problem in parts.problems]
        return problems + self.found(paths, told)

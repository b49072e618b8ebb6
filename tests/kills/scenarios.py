"""What the program is killed at: one class each, with what is prepared, done and must hold after.

`do` says each act before it is begun ("begin star 3") and when it was acknowledged ("done star 3").
`check` is called twice with what was said: `found` looks at the files as they were left, `after`
starts the program on them. Both give what is wrong, sentences.
"""

import asyncio
import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Protocol

from nordic_tui import wiring
from nordic_tui.cli import main
from nordic_tui.clock import system_clock
from nordic_tui.config.paths import Paths
from nordic_tui.config.settings import change, load
from nordic_tui.model import Answer, Entry, Response, Source
from nordic_tui.service.archive import Archivist
from nordic_tui.store import schema
from nordic_tui.store.identity import post_id, source_id
from tests.fakes import FakeFetcher

from . import looking, world
from .world import BLOG, NEWS, SOURCES, WAIT_S

Tell = Callable[[str], None]


class Scenario(Protocol):
    """name: in the table. damages: whether files may be damaged on purpose, as it erases them or
    sets them aside. prepare: makes the home that is copied for each kill."""

    @property
    def name(self) -> str: ...
    @property
    def damages(self) -> bool: ...

    def prepare(self, paths: Paths) -> None: ...
    def do(self, paths: Paths, tell: Tell) -> None: ...
    def found(self, paths: Paths, told: Sequence[str]) -> list[str]:
        """What is wrong with the files as they were left."""
        ...

    def after(self, paths: Paths, told: Sequence[str]) -> list[str]:
        """What is wrong once the program has started on them."""
        ...


def command(*words: str) -> tuple[int, str]:
    """The exit status and output of the real command."""
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = main(list(words))
    return status, out.getvalue() if not status else err.getvalue()


def stored_titles(paths: Paths, address: str) -> set[object]:
    found = looking.rows(
        paths.cache_file,
        "SELECT b.title FROM body AS b JOIN post AS p USING (seq) WHERE p.source = ?",
        source_id(address),
    )
    return {title for (title,) in found}


def _prepared(paths: Paths, *, keep: bool = True) -> None:
    """The old editions are here; with consent, News 4 and 5 were read, News 3 and 4 starred."""
    with world.started(paths, world.old_edition()) as parts:
        world.refresh(parts)
        world.settle(parts)
        if keep:
            parts.history.decide(Answer.KEEP)
        known = world.ids(parts)
        for title in ("News 3", "News 4"):
            parts.keeping.star(known[title], True).result(WAIT_S)
        for title in ("News 4", "News 5"):
            parts.history.mark(known[title], True).result(WAIT_S)


def lost_of_the_prepared(paths: Paths) -> list[str]:
    stars = {post for (post,) in looking.rows(paths.library_file, "SELECT post FROM star")}
    marks = {post for (post,) in looking.rows(paths.history_file, "SELECT post FROM read_mark")}
    numbers = {n: post_id(NEWS, Entry(guid=f"News-{n}")) for n in (3, 4, 5)}
    problems = [f"the star of News {n} is lost" for n in (3, 4) if numbers[n] not in stars]
    return problems + [f"the mark of News {n} is lost" for n in (4, 5) if numbers[n] not in marks]


class Refreshing:
    """Three feeds come in with new posts, changed ones and posts of each other; then the index is
    filled and the rules are asked."""

    name = "refresh"
    damages = False

    def prepare(self, paths: Paths) -> None:
        _prepared(paths)

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


class Marking:
    """Stars, tags, marks and undo in a stream; each is done when it is acknowledged."""

    name = "marks, stars, tags"
    damages = False
    ACTS = tuple(
        (("star", "tag", "mark", "undo", "unstar", "mark")[number % 6], 1 + number % 11)
        for number in range(36)
    )

    def prepare(self, paths: Paths) -> None:
        _prepared(paths)

    def do(self, paths: Paths, tell: Tell) -> None:
        with world.started(paths) as parts:
            known = world.ids(parts)
            for act, number in self.ACTS:
                id_ = known[f"Club {number}"]
                if act == "mark":
                    parts.history.mark(id_, True).result(WAIT_S)
                elif act == "undo":
                    parts.undoing.undo().result(WAIT_S)
                elif act == "tag":
                    parts.keeping.tag(id_, "Keep", True).result(WAIT_S)
                else:
                    parts.keeping.star(id_, act == "star").result(WAIT_S)
                tell(f"done {act} {number}")

    def _after(self, acts: int) -> tuple[set[int], set[int], set[int]]:
        """Which posts are starred, tagged and read after so many acts."""
        state: tuple[set[int], set[int], set[int]] = (set(), set(), set())
        undo: list[tuple[set[int], int, bool]] = []
        for act, number in self.ACTS[:acts]:
            if act == "undo":
                if undo:
                    kind, which, was = undo.pop()
                    (kind.add if was else kind.discard)(which)
                continue
            kind = state[("star", "tag", "mark", "unstar").index(act) % 3]
            on = act != "unstar"
            if (number in kind) != on:
                undo.append((kind, number, number in kind))
                (kind.add if on else kind.discard)(number)
        return state

    def found(self, paths: Paths, told: Sequence[str]) -> list[str]:
        numbers = {post_id(world.CLUB, Entry(guid=f"Club-{n}")): n for n in range(1, 13)}

        def posts(file: Path, table: str) -> set[int]:
            found = looking.rows(file, f"SELECT post FROM {table}")  # noqa: S608  of this function
            return {numbers[post] for (post,) in found if post in numbers}

        # By a rule, from the beginning.
        ruled = {5, 10}
        here = (
            posts(paths.library_file, "star") - ruled,
            posts(paths.library_file, "tagged"),
            posts(paths.history_file, "read_mark"),
        )
        may_be = [self._after(len(told)), self._after(len(told) + 1)]
        may_be = [(stars - ruled, tagged, read) for stars, tagged, read in may_be]
        problems = lost_of_the_prepared(paths)
        if here not in may_be:
            problems.append(f"after {len(told)} acts is here {here}, not {may_be}")
        return problems

    def after(self, paths: Paths, told: Sequence[str]) -> list[str]:
        problems = self.found(paths, told)
        with world.started(paths) as parts:
            turns = 0
            while parts.undoing.undo().result(WAIT_S).act is not None:
                turns += 1
        if turns < 1:
            problems.append("nothing can be undone")
        return problems


def history_is_gone(paths: Paths) -> list[str]:
    return [f"{path.name} is left" for path in looking.family(paths.history_file)]


def answer(paths: Paths) -> str:
    if not paths.consent_file.exists():
        return ""
    return str(json.loads(paths.consent_file.read_bytes())["answer"])


class Consenting:
    """Yes, no, and yes again; what was read in the session is read after each."""

    name = "consent"
    damages = True
    ACTS = ("keep", "never", "keep", "session", "keep")

    def prepare(self, paths: Paths) -> None:
        _prepared(paths, keep=False)

    def do(self, paths: Paths, tell: Tell) -> None:
        with world.started(paths) as parts:
            known = world.ids(parts)
            for number, act in enumerate(self.ACTS):
                parts.history.mark(known[f"Blog {number + 1}"], True).result(WAIT_S)
                tell(f"begin {act}")
                parts.history.decide(Answer(act))
                tell(f"done {act}")

    def found(self, paths: Paths, told: Sequence[str]) -> list[str]:
        last = told[-1] if told else ""
        said = answer(paths)
        if last == "done keep":
            problems = [] if said == "keep" else [f"a yes was acknowledged, {said!r} is kept"]
            return problems + self._unread(paths, told)
        if last.startswith("done"):
            problems = [] if said in ("never", "") else [f"a no was acknowledged, {said!r} is kept"]
            return problems + history_is_gone(paths)
        if not last:
            return history_is_gone(paths)
        return []

    def _unread(self, paths: Paths, told: Sequence[str]) -> list[str]:
        """What was read since the last no, and is no mark in the file."""
        number = sum(line.startswith("done") for line in told)
        marks = {post for (post,) in looking.rows(paths.history_file, "SELECT post FROM read_mark")}
        first = max((n for n in range(number) if self.ACTS[n] != "keep"), default=-1) + 1
        return [
            f"the mark of Blog {n + 1} is lost"
            for n in range(first, number)
            if post_id(BLOG, Entry(guid=f"Blog-{n + 1}")) not in marks
        ]

    def after(self, paths: Paths, told: Sequence[str]) -> list[str]:
        with world.started(paths) as parts:
            problems = [f"it says: {problem}" for problem in parts.problems]
            kept = parts.history.kept
        if answer(paths) == "never" or not kept:
            if answer(paths) == "never":
                problems += history_is_gone(paths)
            with world.started(paths) as parts:
                parts.history.decide(Answer.KEEP)
                known = world.ids(parts)
                parts.history.mark(known["Blog 9"], True).result(WAIT_S)
            marks = looking.rows(paths.history_file, "SELECT post FROM read_mark")
            if (post_id(BLOG, Entry(guid="Blog-9")),) not in marks:
                problems.append("after the next yes nothing is kept")
        elif told and told[-1] == "done keep":
            problems += self._unread(paths, told)
        return problems


SECRET = "zanzibar"  # noqa: S105  a word of a page that was asked for


class Erasing:
    """The reading history is erased, by the reader or by the command."""

    damages = True

    def __init__(self, name: str, *, by_command: bool) -> None:
        self.name = name
        self._by_command = by_command

    def prepare(self, paths: Paths) -> None:
        _prepared(paths)
        with world.started(paths) as parts:
            post = world.ids(parts)["News 7"]
            parts.store.save_asked_text(post, f"<p>{SECRET} {'word ' * 3000}</p>").result(WAIT_S)
            world.settle(parts)
        # A copy of an earlier version, as a migration leaves it.
        copy = paths.history_file.with_name("history.db.v1-backup")
        copy.write_bytes(paths.history_file.read_bytes())
        assert SECRET.encode() in paths.history_file.read_bytes()

    def do(self, paths: Paths, tell: Tell) -> None:
        if self._by_command:
            tell("begin erase")
            status, words = command("data", "erase", "--yes")
            assert not status, words
        else:
            with world.started(paths) as parts:
                parts.history.mark(world.ids(parts)["News 8"], True).result(WAIT_S)
                tell("begin erase")
                parts.history.erase()
                tell("done erase")
            return
        tell("done erase")

    def found(self, paths: Paths, told: Sequence[str]) -> list[str]:
        if "done erase" in told:
            return history_is_gone(paths) + self._told(paths)
        if "begin erase" not in told:
            return lost_of_the_prepared(paths)
        return []

    def _told(self, paths: Paths) -> list[str]:
        """Files that still have a word of what was read."""
        files = looking.bytes_under(paths.settings_file.parents[2])
        return [f"{path.name} tells" for path, held in files.items() if SECRET.encode() in held]

    def after(self, paths: Paths, told: Sequence[str]) -> list[str]:
        was = answer(paths)
        with world.started(paths) as parts:
            problems = [f"it says: {problem}" for problem in parts.problems]
            kept = parts.history.kept
        if was != "never":
            problems += [] if kept else [f"{was!r} is kept, and nothing is recorded"]
            return problems + lost_of_the_prepared(paths)
        problems += ["it is recorded after a no"] if kept else []
        return problems + history_is_gone(paths) + self._told(paths)


class Exporting:
    """Files that are handed out take the place of earlier ones."""

    name = "export"
    damages = False
    COMMANDS = (("data", "export"), ("library", "export"), ("export",))

    def prepare(self, paths: Paths) -> None:
        _prepared(paths)
        for number, _ in enumerate(self.COMMANDS):
            Path(f"out{number}").write_text("the old one")

    def do(self, paths: Paths, tell: Tell) -> None:
        for number, words in enumerate(self.COMMANDS):
            status, said = command(*words, f"out{number}")
            assert not status, said
            tell(f"done {number}")

    def found(self, paths: Paths, told: Sequence[str]) -> list[str]:
        problems = []
        for number, _ in enumerate(self.COMMANDS):
            text = Path(f"out{number}").read_text()
            is_old = text == "the old one"
            if is_old and f"done {number}" in told:
                problems.append(f"out{number} was exported and is the old one")
            if not is_old and not (text.endswith("}\n") or text.endswith("</opml>\n")):
                problems.append(f"half of out{number} is here: {text[-40:]!r}")
        left = looking.loose_ends(Path())
        problems += [f"{path} is open to others" for path in left if path.stat().st_mode & 0o77]
        if len(left) > 1:
            problems.append(f"more than one file is left over: {left}")
        return problems

    def after(self, paths: Paths, told: Sequence[str]) -> list[str]:
        self.do(paths, lambda line: None)
        return [f"{path} stays" for path in looking.loose_ends(Path())]


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


class Changing:
    """What is followed is changed, taken back and done again, and the theme with it."""

    name = "settings"
    damages = False

    def prepare(self, paths: Paths) -> None:
        with world.started(paths) as parts:
            assert parts.subscriptions is not None

    def _acts(self, parts: wiring.Parts, paths: Paths) -> list[Callable[[], object]]:
        followed = parts.subscriptions
        assert followed is not None
        return [
            lambda: followed.change(NEWS, name="Daily"),
            lambda: followed.remove([BLOG]),
            lambda: change(paths.settings_file, "theme", "dawn"),
            followed.undo,
            lambda: followed.add([Source("https://more.example/feed/")]),
            followed.undo,
            followed.redo,
            lambda: followed.change(NEWS, folder="Papers"),
        ]

    def _texts(self, paths: Paths) -> list[str]:
        """What the file says after each of the acts, without a kill."""
        scratch = Path("scratch")
        here = Paths(*(scratch / path.name for path in paths))
        here.settings_file.parent.mkdir()
        here.settings_file.write_text(world.SETTINGS)
        texts = [world.SETTINGS]
        with world.started(here) as parts:
            for act in self._acts(parts, here):
                act()
                texts.append(here.settings_file.read_text())
        return texts

    def do(self, paths: Paths, tell: Tell) -> None:
        with world.started(paths) as parts:
            for number, act in enumerate(self._acts(parts, paths)):
                act()
                tell(f"done {number}")

    def found(self, paths: Paths, told: Sequence[str]) -> list[str]:
        text = paths.settings_file.read_text()
        may_be = self._texts(paths)[len(told) : len(told) + 2]
        problems = [] if text in may_be else [f"after {len(told)} changes the file says {text!r}"]
        left = looking.loose_ends(paths.settings_file.parents[2])
        problems += [f"{path} is open to others" for path in left if path.stat().st_mode & 0o77]
        return problems + ([f"left over: {left}"] if len(left) > 1 else [])

    def after(self, paths: Paths, told: Sequence[str]) -> list[str]:
        load(paths.settings_file)
        with world.started(paths) as parts:
            assert parts.subscriptions is not None
            followed = parts.subscriptions
            while followed.undo():
                pass
            # Undo is of what is followed; the theme stays as it was chosen.
            text = paths.settings_file.read_text().replace('"dawn"', '"fjord"')
            problems = [] if text == world.SETTINGS else [f"all undone, the file says {text!r}"]
            followed.change(NEWS, name="Once more")
            change(paths.settings_file, "theme", "fjord")
            followed.undo()
        left = looking.loose_ends(paths.settings_file.parents[2])
        return problems + [f"{path} stays" for path in left]


class SettingAside:
    """Damaged files are set aside and made anew."""

    name = "set aside"
    damages = True
    NOISE = bytes(range(256)) * 64

    def prepare(self, paths: Paths) -> None:
        _prepared(paths)
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


SCENARIOS: tuple[Scenario, ...] = (
    Refreshing(),
    Archiving(),
    Marking(),
    Consenting(),
    Erasing("erase", by_command=False),
    Erasing("erase by command", by_command=True),
    Exporting(),
    Migrating(),
    Changing(),
    SettingAside(),
)

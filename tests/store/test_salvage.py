"""What is left after damage: each start is whole, and has what was outside of the damage."""

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from nordic_tui.errors import StoreDamaged
from nordic_tui.model import Enclosure, Entry, Post, Source, SourceState, Term, View
from nordic_tui.store import shapes, two_threads
from nordic_tui.store.pages import Pages
from nordic_tui.store.remains import Remains
from nordic_tui.store.store import Store

from .helpers import BLOG, NEWS, NOW, HandClock, counts, entry, ids, query, save

NAMES = ("cache.db", "history.db", "library.db")
FOLLOWED = (Source(NEWS, "News"), Source(BLOG, "Blog"))
PAGE = 4096
TABLES = {
    "cache.db": shapes.CACHE,
    "history.db": shapes.HISTORY,
    "library.db": shapes.LIBRARY,
}


class Kept(NamedTuple):
    """All that a person would miss."""

    posts: dict[int, Post]
    order: list[int]
    marks: set[Any]
    positions: set[Any]
    stars: set[Any]
    tags: set[Any]


class Made(NamedTuple):
    files: dict[str, bytes]
    kept: Kept
    states: list[SourceState]
    counts: dict[str, tuple[int, int]]


def look(store: Store, folder: Path) -> Kept:
    order = [row.id for row in store.rows(View(), store.snapshot(), 0, 10_000)]
    posts = {id_: store.post(id_) for id_ in order}
    return Kept(
        {id_: post for id_, post in posts.items() if post is not None},
        order,
        set(query(folder / "history.db", "SELECT post, at FROM read_mark")),
        set(query(folder / "history.db", "SELECT post, fraction, at FROM position")),
        set(query(folder / "library.db", "SELECT post, at FROM star")),
        set(query(folder / "library.db", "SELECT post, tag, at FROM tagged")),
    )


def posts_of_news(number: int) -> list[Entry]:
    return [
        entry(
            f"n{n}",
            day=1 + n % 28,
            content=f"<p>{n} {'word ' * (n * 37 % 600)}</p>",
            categories=("Police", f"Kind {n % 3}", "a tag"),
            link=f"https://news.example/{n}",
            authors=("Kari",),
            enclosures=(Enclosure("https://news.example/a.pdf", "application/pdf", 7),),
        )
        for n in range(number)
    ]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("made")
    clock = HandClock()
    with closing(Store.open(*(folder / name for name in NAMES), clock=clock)) as store:
        store.follow_now(FOLLOWED)
        store.save_terms(
            NEWS, [Term(1, "Police", "police"), *(Term(2 + n, f"Kind {n}", "") for n in range(3))]
        )
        save(store, NEWS, *posts_of_news(160), title="The news")
        clock.pass_(hours=1)
        save(store, BLOG, *(entry(f"b{n}", day=3, excerpt=f"Text {n}") for n in range(60)))
        state = SourceState(BLOG, checked_at=NOW, failures=2, error="was slow", not_before=NOW)
        state = state._replace(rhythm_s=5_400.5, update_s=3_600.0)
        store.save_state(state._replace(etag="abc", next_at=NOW)).result(timeout=5)
        id_ = ids(store)
        store.save_full_text(id_["n7"], "<p>All of it.</p>").result(timeout=5)
        store.mark([id_[f"n{n}"] for n in range(150)], True).result(timeout=5)
        store.mark([id_["n3"]], False).result(timeout=5)
        for n in range(30):
            store.save_position(id_[f"n{n}"], n / 29)
        store.star([id_[f"n{n}"] for n in range(40)], True)
        store.tag([id_[f"n{n}"] for n in range(20, 60)], "cities", True)
        store.index_all().result(timeout=20)
        kept, states, counted = look(store, folder), store.states(), counts(store)
    return Made({name: (folder / name).read_bytes() for name in NAMES}, kept, states, counted)


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine is, a start saves all."""
    monkeypatch.setattr(two_threads, "SAVED_AT_START_S", 600.0)


@pytest.fixture
def damage(made: Made, tmp_path: Path) -> Callable[[str, bytes], None]:
    """Puts the files in place, one of them as it is given."""

    def put(name: str, data: bytes) -> None:
        for each, whole in made.files.items():
            (tmp_path / each).write_bytes(whole)
        (tmp_path / name).write_bytes(data)

    return put


def start(folder: Path, clock: HandClock) -> tuple[Store, list[str]]:
    """Start, and start again when damage is met, as a person is told to; also what was said."""
    said: list[str] = []
    for _ in range(2):
        store = Store.open(*(folder / name for name in NAMES), clock=clock)
        said += store.problems
        try:
            store.follow_now(FOLLOWED)
            store.put_back_kept()
            store.index_all().result(timeout=20)
            look(store, folder)
            counts(store)
        except StoreDamaged as error:
            said.append(str(error))
            store.close()
        else:
            return store, said
    raise AssertionError(said)


def is_whole(folder: Path) -> bool:
    return all(query(folder / name, "PRAGMA integrity_check") == [("ok",)] for name in NAMES)


def counted_by_hand(store: Store) -> dict[str, tuple[int, int]]:
    """What `counts` gives, from the lists."""
    now, found = store.snapshot(), {}
    for place in store.places():
        if place.name in counts(store):
            view = View(place.kind, place.id)
            rows = store.rows(view, now, 0, 10_000)
            found[place.name] = (len(rows), sum(row.unread for row in rows))
    return found


# ── all that is outside of the damage ───────────────────────────────────────────────────────


def where(data: bytes, name: str, folder: Path) -> dict[str, dict[Any, set[int]]]:
    """On which page each row of a whole file is, by the first two columns."""
    file = folder / "whole.db"
    file.write_bytes(data)
    found: dict[str, dict[Any, set[int]]] = {}
    with Pages(file) as pages:
        remains = Remains(pages, TABLES[name])
        for table in TABLES[name]:
            places = found.setdefault(table.name, {})
            for page in remains.places(table.name):
                for row in remains.on(table.name, page):
                    places.setdefault(row[:2], set()).add(page)
    file.unlink()
    return found


def must_be_there(made: Made, name: str, pages: set[int], folder: Path) -> Kept:
    """What no damaged page holds a part of."""
    places = where(made.files[name], name, folder)

    def spared(table: str, *key: Any) -> bool:
        return not any(
            pages & on for row, on in places.get(table, {}).items() if row[: len(key)] == key
        )

    kept = made.kept
    if name == "history.db":
        return kept._replace(
            marks={mark for mark in kept.marks if spared("read_mark", mark[0])},
            positions={each for each in kept.positions if spared("position", each[0])},
        )
    if name == "library.db":
        return kept._replace(
            stars={star for star in kept.stars if spared("star", star[0])},
            tags={tag for tag in kept.tags if spared("tagged", *tag[:2])},
        )
    seqs = {row[1]: row[0] for row in places["post"]}
    return kept._replace(
        posts={
            id_: post
            for id_, post in kept.posts.items()
            if spared("post", seqs[id_]) and spared("body", seqs[id_])
        }
    )


def check(made: Made, wanted: Kept, store: Store, folder: Path, *, exactly: bool) -> None:
    found = look(store, folder)
    assert wanted.posts.keys() <= found.posts.keys()
    for field in ("marks", "positions", "stars", "tags"):
        assert getattr(wanted, field) <= getattr(found, field), field
        if exactly:
            assert getattr(found, field) <= getattr(made.kept, field), field
    if exactly:
        assert found.posts.keys() <= made.kept.posts.keys()
    for id_, post in wanted.posts.items():
        before, now = post.entry, found.posts[id_].entry
        # Categories are pages of their own.
        assert now._replace(categories=(), slugs=()) == before._replace(categories=(), slugs=())
        assert found.posts[id_].first_seen == post.first_seen
    assert counts(store) == counted_by_hand(store)


def zeroed(data: bytes, pages: set[int]) -> bytes:
    changed = bytearray(data)
    for page in pages:
        changed[(page - 1) * PAGE : page * PAGE] = bytes(PAGE)
    return bytes(changed)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", range(4))
def test_pages_that_are_lost_take_only_their_own_rows_along(
    made: Made,
    damage: Callable[[str, bytes], None],
    tmp_path: Path,
    clock: HandClock,
    name: str,
    seed: int,
) -> None:
    count = len(made.files[name]) // PAGE
    chance = random.Random(f"{name}{seed}")  # noqa: S311  the same each time
    pages = {chance.randrange(1, count + 1) for _ in range(1 + count // 20)}
    if seed == 0:
        pages.add(1)  # the schema
    wanted = must_be_there(made, name, pages, tmp_path)
    damage(name, zeroed(made.files[name], pages))
    (tmp_path / f"{name}.damaged").touch()  # also where no query stumbles over it
    store, said = start(tmp_path, clock)
    with closing(store):
        check(made, wanted, store, tmp_path, exactly=True)
    assert "was damaged and has been made anew with " in said[-1]
    assert is_whole(tmp_path)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", range(4))
def test_bits_that_are_flipped_anywhere_take_only_their_pages_along(
    made: Made,
    damage: Callable[[str, bytes], None],
    tmp_path: Path,
    clock: HandClock,
    name: str,
    seed: int,
) -> None:
    data = bytearray(made.files[name])
    chance = random.Random(f"{name}{seed}")  # noqa: S311  the same each time
    places = [chance.randrange(len(data)) for _ in range(3 + 10 * seed)]
    for place in places:
        data[place] ^= 1 << chance.randrange(8)
    wanted = must_be_there(made, name, {place // PAGE + 1 for place in places}, tmp_path)
    damage(name, bytes(data))
    (tmp_path / f"{name}.damaged").touch()
    store, _ = start(tmp_path, clock)
    with closing(store):
        check(made, wanted, store, tmp_path, exactly=False)
    assert is_whole(tmp_path)


# ── damage of every other kind ──────────────────────────────────────────────────────────────


def header_gone(data: bytes) -> bytes:
    return b"error: connection reset by peer\n".ljust(100, b"\0") + data[100:]


def cut_off(data: bytes) -> bytes:
    return data[: len(data) // 2 + 100]


@pytest.mark.parametrize("name", NAMES)
def test_a_header_that_was_written_over_costs_nothing(
    made: Made,
    damage: Callable[[str, bytes], None],
    tmp_path: Path,
    clock: HandClock,
    name: str,
) -> None:
    damage(name, header_gone(made.files[name]))
    store, said = start(tmp_path, clock)
    with closing(store):
        found = look(store, tmp_path)
        assert found == made.kept
        assert counts(store) == made.counts
        news, blog = store.states()
        assert (news.title, news.posts) == ("News", 160)
        # What a server asked for holds; the next answer is to be a whole one.
        assert (blog.error, blog.failures, blog.not_before) == ("was slow", 2, NOW)
        assert (blog.rhythm_s, blog.update_s) == (5_400.5, 3_600.0)
        if name == "cache.db":
            assert (blog.etag, blog.next_at) == ("", None)
            assert found.posts[ids(store)["n7"]].full_text == "<p>All of it.</p>"
    words = {
        "cache.db": "220 posts",
        "history.db": "149 marks, 30 reading positions",
        "library.db": "40 stars, 40 tags",
    }
    aside = f"{name}.corrupt-20240601-120000"
    assert said == [
        f"{tmp_path / name} was damaged and has been made anew with {words[name]} from it; "
        f"the damaged file is {aside}."
    ]
    assert (tmp_path / aside).read_bytes() == header_gone(made.files[name])
    assert {path.name for path in tmp_path.iterdir()} == {*NAMES, aside}
    assert is_whole(tmp_path)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_breaks_off_has_its_beginning(
    made: Made,
    damage: Callable[[str, bytes], None],
    tmp_path: Path,
    clock: HandClock,
    name: str,
) -> None:
    data = cut_off(made.files[name])
    lost = set(range(len(data) // PAGE + 1, len(made.files[name]) // PAGE + 1))
    wanted = must_be_there(made, name, lost, tmp_path)
    damage(name, data)
    store, _ = start(tmp_path, clock)
    with closing(store):
        check(made, wanted, store, tmp_path, exactly=True)
    assert is_whole(tmp_path)


@pytest.mark.parametrize("data", [b"", b"x", b"Dear diary,\n" * 900], ids=["0", "1", "text"])
@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_nothing_is_made_anew(
    damage: Callable[[str, bytes], None],
    tmp_path: Path,
    clock: HandClock,
    name: str,
    data: bytes,
) -> None:
    damage(name, data)
    store, said = start(tmp_path, clock)
    store.close()
    assert is_whole(tmp_path)
    asides = [path.read_bytes() for path in tmp_path.glob("*.corrupt-*")]
    assert asides == ([data] if data else [])
    assert len(said) == len(asides)
    assert all("; nothing could be saved from it. What it held is in" in each for each in said)


@pytest.mark.parametrize(
    ("name", "other"),
    # A log of the same kind of file cannot be told from its own.
    [(name, other) for name in NAMES for other in (*NAMES, "noise") if name != other],
)
def test_a_log_that_is_not_the_files_own_costs_nothing(
    made: Made,
    damage: Callable[[str, bytes], None],
    tmp_path: Path,
    clock: HandClock,
    name: str,
    other: str,
) -> None:
    damage(name, made.files[name])
    log = tmp_path / f"{name}-wal"
    if other == "noise":
        log.write_bytes(bytes(range(256)) * 400)
    else:
        source = tmp_path / "elsewhere.db"
        source.write_bytes(made.files[other])
        with closing(sqlite3.connect(source, isolation_level=None)) as connection:
            connection.execute("CREATE TABLE another (x)")
            log.write_bytes((tmp_path / "elsewhere.db-wal").read_bytes())
        source.unlink()
    store, _ = start(tmp_path, clock)
    with closing(store):
        assert look(store, tmp_path) == made.kept
    assert is_whole(tmp_path)


def test_what_is_only_in_the_log_is_saved_too(
    made: Made, damage: Callable[[str, bytes], None], tmp_path: Path, clock: HandClock
) -> None:
    damage("library.db", made.files["library.db"])
    files = [tmp_path / name for name in NAMES]
    with closing(Store.open(*files, clock=clock)) as store:
        store.follow_now(FOLLOWED)
        store.star([ids(store)["b1"]], True).result(timeout=5)
        log = (tmp_path / "library.db-wal").read_bytes()
        starred = ids(store)["b1"]
    for data in (header_gone(made.files["library.db"]), b""):
        for path in tmp_path.glob("library.db*"):
            path.unlink()
        (tmp_path / "library.db").write_bytes(data)
        (tmp_path / "library.db-wal").write_bytes(log)
        again, _ = start(tmp_path, clock)
        with closing(again):
            kept = {post for post, _ in look(again, tmp_path).stars}
            assert starred in kept
    assert is_whole(tmp_path)


# ── rows that are whole and make no sense ───────────────────────────────────────────────────


def test_rows_that_make_no_sense_are_left_out(
    made: Made, damage: Callable[[str, bytes], None], tmp_path: Path, clock: HandClock
) -> None:
    damage("cache.db", made.files["cache.db"])
    cache, library = tmp_path / "cache.db", tmp_path / "library.db"
    with closing(sqlite3.connect(cache)) as connection, connection:
        for statement in (
            "INSERT INTO source (id, address, place, followed) VALUES (7, 'not its id', 0, 0)",
            "INSERT INTO term VALUES (7, 1, 'of no source', 'x', 0)",
            "UPDATE post SET source = 12345 WHERE seq = 1",
            "UPDATE post SET id = 4711 WHERE seq = 2",  # is not what its guid says
            "UPDATE body SET authors = '{' WHERE seq = 3",
            "UPDATE body SET enclosures = '[[1, 2, 3]]' WHERE seq = 4",
            'UPDATE body SET enclosures = \'[["x", "y", "z"]]\' WHERE seq = 5',
            "UPDATE body SET authors = '[1]' WHERE seq = 6",
            "UPDATE post SET seq = 1 << 50 WHERE seq = 7",
            "UPDATE body SET seq = 1 << 50 WHERE seq = 7",
            "DELETE FROM body WHERE seq = 8",
            "UPDATE body SET link = 'javascript:alert(1)', title = 'a' || char(27) WHERE seq = 9",
            "INSERT INTO full_text VALUES (9, 1, '', 1)",
            "DELETE FROM category WHERE name = 'Kind 1'",
        ):
            connection.execute(statement)
    with closing(sqlite3.connect(library)) as connection, connection:
        kept = connection.execute("SELECT post FROM kept ORDER BY post LIMIT 5").fetchall()
        for (post,), entry_ in zip(
            kept,
            ("{", '{"source_title": 7, "first_seen": 1, "entry": {}}', "[]", "{}", '"x"'),
            strict=True,
        ):
            connection.execute("UPDATE kept SET entry = ? WHERE post = ?", (entry_, post))
        connection.execute("INSERT INTO act_change VALUES (99, 1, '', NULL)")
    whole = {path: path.read_bytes() for path in (cache, library)}
    for path, data in whole.items():
        path.write_bytes(header_gone(data))
    store, said = start(tmp_path, clock)
    with closing(store):
        found = look(store, tmp_path)
        assert found.stars == made.kept.stars
        titles = {post.entry.title: post for post in found.posts.values()}
        assert "a" in titles
        assert titles["a"].entry.link == ""
        assert 4711 not in found.posts
    # Six of them: of no source, of no text, and four whose text is none.
    assert "with 214 posts from it" in said[0]
    assert "with 40 stars, 40 tags from it" in said[1]
    assert query(cache, "SELECT COUNT(*) FROM term WHERE source = 7") == [(0,)]
    assert query(cache, "SELECT MAX(seq) < 1000 FROM post") == [(1,)]
    assert query(library, "SELECT COUNT(*) FROM act_change WHERE act = 99") == [(0,)]
    # What was kept and makes no sense is kept anew, by what the cache has.
    assert query(library, "SELECT COUNT(*) FROM kept") == query(
        library,
        "SELECT COUNT(DISTINCT post) FROM (SELECT post FROM star UNION ALL"
        " SELECT post FROM tagged)",
    )
    assert is_whole(tmp_path)


def test_a_star_of_no_time_or_of_no_post_is_left_out(
    made: Made, damage: Callable[[str, bytes], None], tmp_path: Path, clock: HandClock
) -> None:
    damage("library.db", made.files["library.db"])
    file, late = tmp_path / "library.db", min(post for post, _ in made.kept.stars)
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE star SET at = -5 WHERE post = ?", (late,))
        connection.execute("INSERT INTO star VALUES (-3, 1)")
    file.write_bytes(header_gone(file.read_bytes()))
    store, said = start(tmp_path, clock)
    with closing(store):
        stars = look(store, tmp_path).stars
    assert stars == {star for star in made.kept.stars if star[0] != late}
    assert "with 39 stars, 40 tags from it" in said[0]

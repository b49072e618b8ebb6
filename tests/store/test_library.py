"""Stars and tags: what is kept, for how long, and how each is taken back."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from nordic_tui.model import (
    Act,
    Acts,
    Enclosure,
    Feed,
    KeptPost,
    KeptSize,
    Order,
    PlaceKind,
    Sorting,
    Source,
)
from nordic_tui.store.identity import post_id
from nordic_tui.store.library import ACT_STEPS, MAX_TAG_CHARS
from nordic_tui.store.store import Store

from .helpers import (
    ALL,
    BLOG,
    NEWS,
    NOW,
    POLICE,
    HandClock,
    entry,
    ids,
    query,
    redo,
    save,
    shared,
    titles,
    undo,
)

FULL = entry(
    "full",
    day=3,
    link="https://news.example/full/",
    authors=("Aino", "Bo"),
    categories=("Cities",),
    excerpt="Short.",
    content="<p>Long.</p>",
    more=True,
    enclosures=(Enclosure("https://news.example/a.mp3", "audio/mpeg", 12),),
)


def star(store: Store, *post_ids: int, on: bool = True) -> int:
    return store.star(post_ids, on).result(timeout=5)


def tag(store: Store, name: str, *post_ids: int, on: bool = True) -> int:
    return store.tag(post_ids, name, on).result(timeout=5)


def starred(store: Store) -> set[str]:
    return {post.entry.title for post in store.kept_posts() if post.starred_at}


def tagged(store: Store) -> dict[str, list[str]]:
    kept = store.kept_posts()
    return {post.entry.title: [tag for tag, _ in post.tags] for post in kept if post.tags}


def said(store: Store) -> str:
    """Take the last act back; gives what it had done."""
    act = store.undo().result(timeout=5).act
    return act.done if act else ""


# ── stars and tags ──────────────────────────────────────────────────────────────────────────


def test_a_star_is_seen_in_the_row_and_in_the_post(store: Store) -> None:
    save(store, NEWS, entry("a"), entry("b"))
    id_ = ids(store)["a"]
    assert (star(store, id_, id_), star(store, id_), star(store, 12345)) == (1, 0, 0)
    rows = store.rows(ALL, store.snapshot(), 0, 9)
    assert {row.title: row.starred for row in rows} == {"a": True, "b": False}
    post = store.post(id_)
    assert post is not None
    assert post.starred
    assert (star(store, id_, on=False), star(store, id_, on=False)) == (1, 0)
    assert starred(store) == set()


def test_tags_are_a_persons_words_in_their_first_spelling(store: Store) -> None:
    save(store, NEWS, entry("a"), entry("b"))
    a, b = ids(store)["a"], ids(store)["b"]
    assert tag(store, " Åre\x1b[31m  ski ", a) == 1
    assert tag(store, "åre SKI", a) == 0
    assert tag(store, "ÅRE ski", b) == 1
    assert tag(store, "x" * 80, b) == 1
    assert tag(store, "Later", b) == 1
    assert tag(store, " \u200b ", b) == 0
    long = "x" * (MAX_TAG_CHARS - 1) + "…"
    assert tagged(store) == {"a": ["Åre ski"], "b": ["later", long, "Åre ski"]}
    assert store.tags() == [("Åre ski", 2), ("later", 1), (long, 1)]
    assert tag(store, "are ski", a, on=False) == 1
    assert tagged(store).keys() == {"b"}


def test_what_was_taken_back_is_said(store: Store) -> None:
    save(store, NEWS, entry("a"), entry("b"))
    a, b = ids(store)["a"], ids(store)["b"]
    star(store, a)
    star(store, a, on=False)
    star(store, a, b)
    tag(store, "{0} cities", a)
    tag(store, "{0} cities", a, on=False)
    tag(store, "later", b)
    tag(store, "later", b, on=False)
    assert [said(store) for _ in range(8)] == [
        "Took “b” off what is to be read later.",
        "Kept “b” to read later.",
        "Took the tag {0} cities off “a”.",
        "Tagged “a” with {0} cities.",
        "Starred 2 posts.",
        "Took the star off “a”.",
        "Starred “a”.",
        "",
    ]


def test_stars_and_marks_are_taken_back_in_the_order_they_were_made(
    store: Store, clock: HandClock
) -> None:
    save(store, NEWS, entry("a"))
    id_ = ids(store)["a"]
    star(store, id_)
    clock.pass_(hours=-2)  # as if it was set anew
    store.mark([id_], True).result(timeout=5)
    tag(store, "x", id_)
    assert [said(store) for _ in range(3)] == [
        "Tagged “a” with x.",
        "1 post marked as read.",
        "Starred “a”.",
    ]
    assert [redo(store) for _ in range(4)] == [1, 1, 1, 0]
    undo(store)
    store.mark([id_], False).result(timeout=5)
    assert redo(store) == 0  # a mark forgets what could be done again here too


def test_so_many_acts_and_no_more_are_remembered(store: Store) -> None:
    save(store, NEWS, entry("a"), entry("b"))
    star(store, ids(store)["b"])
    for number in range(ACT_STEPS):
        star(store, ids(store)["a"], on=number % 2 == 0)
    assert [undo(store) for _ in range(ACT_STEPS + 1)] == [1] * ACT_STEPS + [0]
    assert starred(store) == {"b"}


def test_an_act_in_another_place_comes_first_if_it_is_later(store: Store) -> None:
    save(store, NEWS, entry("a"))
    star(store, ids(store)["a"])
    turn = store.undo(lambda: 1 << 60).result(timeout=5)
    assert turn.act is None
    assert starred(store) == {"a"}
    act = store.undo(lambda: turn.newest - 1).result(timeout=5).act
    assert act is not None
    # It was done before this one was taken back, or it is to be done again first.
    earlier = Acts(undone=Act(act.at - 1, "", (act.undone or 0) + 1))
    assert store.redo(lambda: Acts(newest=1 << 60)).result(timeout=5).act is None
    assert store.redo(lambda: earlier).result(timeout=5).act is None
    forgotten = Acts(undone=Act(act.at - 1, "", act.at - 1))
    assert store.redo(lambda: forgotten).result(timeout=5).act == act._replace(undone=None)


# ── the same post in several sources ────────────────────────────────────────────────────────


def test_the_same_post_is_starred_and_tagged_in_all_its_sources(store: Store) -> None:
    store.follow_now([Source(NEWS), Source(POLICE)])
    save(store, NEWS, shared("a"))
    save(store, POLICE, shared("a"))
    in_news, in_police = (post_id(address, shared("a")) for address in (NEWS, POLICE))
    assert (star(store, in_police), tag(store, "x", in_news)) == (1, 1)
    assert store.tags() == [("x", 1)]
    assert store.kept_size() == KeptSize(1, 1)
    for id_ in (in_news, in_police):
        post = store.post(id_)
        assert post is not None
        assert (post.starred, post.tags) == (True, ("x",))
    assert (undo(store), undo(store), store.kept_posts()) == (1, 1, [])


def test_a_source_that_brings_a_starred_post_later_has_it_starred(store: Store) -> None:
    store.follow_now([Source(NEWS), Source(POLICE)])
    save(store, NEWS, shared("a"))
    star(store, post_id(NEWS, shared("a")))
    tag(store, "x", post_id(NEWS, shared("a")))
    save(store, POLICE, shared("a"))
    post = store.post(post_id(POLICE, shared("a")))
    assert post is not None
    assert (post.starred, post.tags) == (True, ("x",))
    assert {kept.address for kept in store.kept_posts()} == {NEWS, POLICE}
    assert (undo(store), undo(store), store.kept_posts()) == (1, 1, [])
    assert (redo(store), len(store.kept_posts())) == (1, 2)


# ── what is kept ────────────────────────────────────────────────────────────────────────────


Begin = Callable[[], AbstractContextManager[Store]]


@pytest.fixture
def begin(tmp_path: Path, clock: HandClock) -> Begin:
    """Opens the store on files, as a start does."""

    @contextmanager
    def start() -> Iterator[Store]:
        names = ("cache.db", "history.db", "library.db")
        with closing(Store.open(*(tmp_path / name for name in names), clock=clock)) as store:
            store.follow_now([Source(NEWS, "News")])
            store.put_back_kept()
            yield store

    return start


def lose_cache(tmp_path: Path) -> None:
    (tmp_path / "cache.db").unlink()


def test_a_kept_post_outlasts_the_cache(begin: Begin, tmp_path: Path, clock: HandClock) -> None:
    with begin() as store:
        save(store, NEWS, FULL, entry("gone"), title="The news")
        star(store, ids(store)["full"])
        tag(store, "x", ids(store)["full"])
        store.mark([ids(store)["full"]], True).result(timeout=5)
        before, kept = store.post(ids(store)["full"]), store.kept_posts()
    assert before is not None
    assert kept == [
        KeptPost(before.id, NEWS, "News", FULL, NOW, NOW, (("x", NOW),)),
    ]
    lose_cache(tmp_path)
    clock.pass_(days=1)
    with begin() as store:
        assert store.post(before.id) == before
        assert store.kept_posts() == kept
        assert titles(store) == ["full"]
        assert store.places()[0][3:5] == (1, 0)
        # The feed's own words come in its place, and are nothing new.
        saved = save(store, NEWS, FULL._replace(title="Full"), entry("gone"), title="The news")
        assert (saved.new, saved.changed) == (1, 0)
        assert titles(store) == ["gone", "Full"]
        assert starred(store) == {"full"}


def test_a_post_of_a_source_that_is_not_followed_comes_back_hidden(
    begin: Begin, tmp_path: Path
) -> None:
    with begin() as store:
        save(store, BLOG, entry("b"), title="The blog")
        id_ = post_id(BLOG, entry("b"))
        star(store, id_)
    lose_cache(tmp_path)
    with begin() as store:
        assert titles(store) == []
        post = store.post(id_)
        assert post is not None
        assert (post.starred, post.source_title) == (True, "The blog")
        store.follow_now([Source(BLOG)])
        assert titles(store) == ["b"]


def test_a_post_that_took_over_anothers_number_keeps_it(begin: Begin, tmp_path: Path) -> None:
    with begin() as store:
        store.seed(NEWS, Feed(entries=(entry("a", guid=""),)))
        number = ids(store)["a"]
        save(store, NEWS, entry("a", guid="its own"))
        assert ids(store)["a"] == number
        star(store, number)
    lose_cache(tmp_path)
    with begin() as store:
        assert save(store, NEWS, entry("a", guid="its own")).new == 0
        assert ids(store) == {"a": number}
    lose_cache(tmp_path)
    # The feed came before the library could be read: then the star goes to the post as it is now.
    library = tmp_path / "library.db"
    library.rename(tmp_path / "aside")
    with begin() as store:
        save(store, NEWS, entry("a", guid="its own"))
        assert ids(store)["a"] != number
    for file in tmp_path.glob("library.db*"):
        file.unlink()
    (tmp_path / "aside").rename(library)
    with begin() as store:
        assert [row.starred for row in store.rows(ALL, store.snapshot(), 0, 9)] == [True]


def test_what_nothing_needs_any_more_is_not_kept(tmp_path: Path, clock: HandClock) -> None:
    file = tmp_path / "library.db"
    store = Store.open(None, None, file, clock=clock)
    store.follow_now([Source(NEWS)])
    save(store, NEWS, entry("a"), entry("b"))
    a, b = ids(store)["a"], ids(store)["b"]
    star(store, a)
    star(store, a, on=False)
    assert store.kept_posts() == []
    assert query(file, "SELECT COUNT(*) FROM kept") == [(1,)]  # undo brings it back
    for number in range(ACT_STEPS):
        star(store, b, on=number % 2 == 0)
    assert query(file, "SELECT post FROM kept") == [(b,)]
    store.close()


def test_undo_brings_back_a_star_whose_post_the_cache_lost(begin: Begin, tmp_path: Path) -> None:
    with begin() as store:
        save(store, NEWS, FULL)
        id_ = ids(store)["full"]
        star(store, id_)
        star(store, id_, on=False)
    lose_cache(tmp_path)
    with begin() as store:
        assert titles(store) == []
        assert undo(store) == 1
        assert (titles(store), starred(store)) == (["full"], {"full"})


def test_undo_takes_a_star_off_a_post_that_the_cache_knows_no_more(
    tmp_path: Path, clock: HandClock
) -> None:
    """Another instance set the damaged cache aside, and the post was not put back since."""
    library = tmp_path / "library.db"
    for file in (tmp_path / "one.db", tmp_path / "other.db"):
        with closing(Store.open(file, None, library, clock=clock)) as store:
            store.follow_now([Source(NEWS)])
            if file.stem == "one":
                save(store, NEWS, entry("a"))
                star(store, ids(store)["a"])
            else:
                assert undo(store) == 1
                assert (titles(store), starred(store)) == ([], set())
                assert redo(store) == 1
                assert (titles(store), starred(store)) == (["a"], {"a"})


# ── another machine ─────────────────────────────────────────────────────────────────────────


def test_what_another_machine_kept_is_added(store: Store) -> None:
    save(store, NEWS, entry("a"), entry("b"))
    a = ids(store)["a"]
    tag(store, "Åre", a)
    before = store.kept_posts()
    there = NOW - timedelta(days=9)
    late = KeptPost(post_id(BLOG, FULL), BLOG, "The blog", FULL, there, None, (("ÅRE", there),))
    # A mark with no letter to stand on says nothing: it is no tag, nor the star.
    nothing = KeptPost(ids(store)["b"], NEWS, "News", entry("b"), there, None, (("\u0301", there),))
    given = [KeptPost(a, NEWS, "News", entry("a"), there, there, (("åre", there),)), late, nothing]
    assert store.take_kept(given).result(timeout=5) == 2
    assert tagged(store) == {"a": ["Åre"], "full": ["Åre"]}
    assert (starred(store), titles(store)) == ({"a"}, ["a", "b"])
    assert store.take_kept(given).result(timeout=5) == 0
    assert said(store) == "Imported the stars and tags of 2 posts."
    assert store.kept_posts() == before


# ── places ──────────────────────────────────────────────────────────────────────────────────


def test_how_a_list_is_wanted_is_kept_for_each_place(tmp_path: Path, clock: HandClock) -> None:
    file = tmp_path / "library.db"
    store = Store.open(None, None, file, clock=clock)
    oldest = Sorting(unread_only=True, order=Order.OLDEST)
    store.save_sorting(PlaceKind.SOURCE, 7, oldest).result(timeout=5)
    store.save_sorting(PlaceKind.CATEGORY, 7, Sorting(order=Order.UNREAD)).result(timeout=5)
    store.close()
    store = Store.open(None, None, file, clock=clock)
    assert store.sorting(PlaceKind.SOURCE, 7) == oldest
    assert store.sorting(PlaceKind.CATEGORY, 7) == Sorting(order=Order.UNREAD)
    assert store.sorting(PlaceKind.SOURCE, 8) == Sorting()
    store.save_sorting(PlaceKind.SOURCE, 7, Sorting()).result(timeout=5)
    assert query(file, "SELECT kind FROM place") == [("category",)]
    store.close()


def test_a_star_that_a_second_source_did_not_get_comes_at_the_next_start(
    tmp_path: Path, clock: HandClock
) -> None:
    """Killed after the cache was written, and before the library was."""
    files = [tmp_path / f"{name}.db" for name in ("cache", "history", "library")]
    with closing(Store.open(*files, clock=clock)) as store:
        store.follow_now([Source(NEWS), Source(POLICE.replace(":8080", ""))])
        save(store, NEWS, shared("one"), shared("two"))
        star(store, ids(store)["one"])
        tag(store, "cities", ids(store)["two"])
        store.put_back_kept()
    before = files[2].read_bytes()
    with closing(Store.open(*files, clock=clock)) as store:
        save(store, store.states()[1].address, shared("one"), shared("two"))
    files[2].write_bytes(before)
    assert query(files[2], "SELECT COUNT(*) FROM star UNION ALL SELECT COUNT(*) FROM tagged") == [
        (1,), (1,),
    ]  # fmt: skip
    with closing(Store.open(*files, clock=clock)) as store:
        store.put_back_kept()
        assert query(
            files[2], "SELECT COUNT(*) FROM star UNION ALL SELECT COUNT(*) FROM tagged"
        ) == [(2,), (2,)]

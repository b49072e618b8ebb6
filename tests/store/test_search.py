"""Finding posts, against a plain model of what holds which words."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nordic_tui.model import (
    Enclosure,
    Order,
    PlaceKind,
    SavedView,
    Source,
    Term,
    View,
)
from nordic_tui.store.identity import post_id, saved_id, source_id
from nordic_tui.store.store import Store

from .helpers import (
    BLOG,
    NEWS,
    POLICE,
    UNREAD,
    HandClock,
    any_holds,
    entry,
    execute,
    found,
    give_tag,
    ids,
    query,
    save,
    shared,
    star,
)

# ── what is searched, and in which order ────────────────────────────────────────────────────


def test_titles_with_all_words_come_first_and_then_the_newest(store: Store) -> None:
    save(
        store,
        NEWS,
        entry("havn", day=1, content="<p>nothing</p>"),
        entry("a", day=2, content="<p>by og havn</p>"),
        entry("b", day=9, content="<p>havn</p>"),
        entry("by og havn", day=3),
        entry("by", day=8, content="havn"),
        entry("havn i by", day=4, content="by"),
    )
    assert found(store, "havn") == ["havn i by", "by og havn", "havn", "b", "by", "a"]
    assert found(store, "by havn") == ["havn i by", "by og havn", "by", "a"]
    assert found(store, '"by og havn"') == ["by og havn", "a"]
    assert found(store, "havn -i OR -by") == ["by og havn", "havn", "b", "by", "a"]
    assert found(store, "havn by havn OR kyst") == found(store, "havn by")
    assert found(store, "havn -nothing") == ["havn i by", "by og havn", "b", "by", "a"]
    assert found(store, "text:havn") == ["b", "by", "a"]
    assert found(store, "title:by text:havn") == ["by"]
    assert found(store, "hav", typing=True) == found(store, "havn")
    assert found(store, "hav") == []
    assert found(store, "havn", order=Order.OLDEST) == [
        "havn", "a", "by og havn", "havn i by", "by", "b",
    ]  # fmt: skip


def test_each_field_finds_its_own(store: Store) -> None:
    made = [
        entry("a", authors=("Åse Ødegård",), categories=("New initiatives", "By")),
        entry("b", content="ødegård initiatives", authors=("Ås", "E Ødegård")),
        entry("c", excerpt="only the excerpt", categories=("Old", "New")),
        entry("d", excerpt="left out", content="<p>Aar<b>hus</b></p><p>kommune<br>x"),
        entry("e", content='<img alt="Et bilde av fjorden"><script>hidden</script>'),
    ]
    save(store, NEWS, *made)
    assert found(store, "author:ødegård") == ["a", "b"]
    assert found(store, 'author:"åse odegard"') == ["a"]
    assert found(store, 'author:"ås e"') == []  # of two authors
    assert found(store, 'category:"new initiatives"') == ["a"]
    assert found(store, "category:new") == ["a", "c"]
    assert found(store, 'category:"old new"') == []  # of two categories
    assert found(store, "initiatives") == ["a", "b"]
    assert found(store, "excerpt") == ["c"]
    assert found(store, "left") == []
    assert found(store, '"århus kommune"') == ["d"]
    assert found(store, '"kommune x"') == ["d"]
    assert found(store, "bilde fjorden") == ["e"]
    assert found(store, "hidden") == []


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("source:nyheter", ["b", "a"]),
        ("source:nyh", ["b", "a"]),
        ("source:blog.example", ["c"]),
        ("-source:blogg", ["b", "a"]),
        ("source:nothing", []),
        ("after:2024-05-02", ["c", "b"]),
        ("before:2024-05-02", ["a"]),
        ("after:2024-05-02 before:2024-05-03", ["b"]),
        ("-after:2024-05-02", ["a"]),
        ("after:2024-05-03 OR before:2024-05-02", ["c", "a"]),
        ("has:audio", ["b"]),
        ("has:video", ["c"]),
        ("has:image", ["c"]),
        ("has:pdf", ["a"]),
        ("has:file", ["c", "b", "a"]),
        ("has:link", ["c"]),
        ("has:audio OR has:pdf", ["b", "a"]),
        ("has:fulltext", []),
        ("is:unread", ["c", "b"]),
        ("is:read", ["a"]),
        ("-is:unread", ["a"]),
        ("is:unread OR has:pdf", ["c", "b", "a"]),
        ("is:starred", ["b"]),
        ("is:starred OR is:read", ["b", "a"]),
        ("-is:starred", ["c", "a"]),
        ("is:later", ["a"]),
        ("tag:arsmote", ["c", "a"]),
        ("tag:årsmøte -tag:later", ["c"]),
        ("tag:nothing", []),
        ("is:changed", ["a"]),
        ("is:starred source:nyheter", ["b"]),
        ("word is:starred", ["b"]),
        ("word OR is:read", ["c", "b", "a"]),
        ("-word", []),
        ("-unique", ["b", "a"]),
        ("unique OR -word", ["c"]),
        ("-unique OR is:starred", ["b", "a"]),
        ("!!!", []),
        ("", ["c", "b", "a"]),
    ],
)
def test_what_else_can_be_asked_for(
    library: Store, tmp_path: Path, text: str, titles: list[str]
) -> None:
    files: tuple[Enclosure, ...] = (Enclosure("https://x.example/a.PDF", ""),)
    save(library, NEWS, entry("a", day=1, content="word", enclosures=files))
    files = (Enclosure("https://x.example/a", "audio/mpeg", 5),)
    save(library, NEWS, entry("b", day=2, content="word", enclosures=files))
    files = (Enclosure("https://x.example/v.mp4", ""), Enclosure("x", "image/png"))
    link = "https://x.example/c"
    save(library, BLOG, entry("c", day=3, content="unique word", enclosures=files, link=link))
    a, b, c = (post_id(NEWS, entry("a")), post_id(NEWS, entry("b")), ids(library)["c"])
    library.mark([a], True).result(timeout=5)
    star(tmp_path, b)
    for post, tag in ((a, "later"), (a, "Årsmøte"), (c, "ÅRSMØTE")):
        give_tag(tmp_path, post, tag)
    execute(tmp_path / "cache.db", "UPDATE post SET changed_at = 4000000000 WHERE label < 'c'")
    assert found(library, text) == titles


def test_days_are_those_of_the_local_time_zone(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        # Nine hours ahead: in Tokyo it is the next day already.
        late = datetime(2024, 5, 31, 16, tzinfo=UTC)
        save(store, NEWS, entry("a", published=late), entry("b", day=31))
        assert found(store, "after:2024-06") == ["a"]
        assert found(store, "after:today") == ["a"]
        assert found(store, "after:yesterday") == ["a", "b"]
    finally:
        monkeypatch.undo()
        time.tzset()


def test_bundled_posts_are_found_by_their_dates(store: Store) -> None:
    from nordic_tui.model import Feed

    made = (entry("a", day=2), entry("b"))
    store.seed(NEWS, Feed(entries=made))
    assert found(store, "after:2024-05") == ["a"]
    assert found(store, "before:2024-05") == ["b"]


# ── where it is searched ────────────────────────────────────────────────────────────────────


def test_a_search_keeps_to_its_place(library: Store) -> None:
    save(library, NEWS, shared("x", day=3, categories=("By",)), entry("word y", day=2))
    save(library, POLICE, shared("x", day=3), entry("word z", day=1, categories=("By",)))
    save(library, BLOG, entry("x of the blog", day=4))
    assert found(library, "x") == ["x of the blog", "x"]
    assert found(library, "x", kind=PlaceKind.SOURCE, id=source_id(POLICE)) == ["x"]
    assert found(library, "word", kind=PlaceKind.SOURCE, id=source_id(NEWS)) == ["word y"]
    place = next(place for place in library.places() if place.name == "By")
    assert found(library, "x", kind=PlaceKind.CATEGORY, id=place.id) == ["x"]
    assert found(library, "word", kind=PlaceKind.CATEGORY, id=place.id) == []
    library.mark([ids(library)["x"]], True).result(timeout=5)
    assert found(library, "x", kind=PlaceKind.UNREAD) == ["x of the blog"]
    assert found(library, "x", unread_only=True) == ["x of the blog"]
    assert found(library, "", order=Order.UNREAD) == ["x of the blog", "word y", "word z", "x"]
    library.follow_now(
        [Source(POLICE, "Politi", folder="A"), Source(BLOG, "Blogg", folder="A")],
        [SavedView("Words", search="word", address=POLICE), SavedView("All", search="x OR word")],
    )
    assert found(library, "word") == ["word z"]
    folder = next(place for place in library.places() if place.kind is PlaceKind.FOLDER)
    assert found(library, "x", kind=PlaceKind.FOLDER, id=folder.id) == ["x of the blog", "x"]
    assert found(library, kind=PlaceKind.SAVED, id=saved_id("Words")) == ["word z"]
    assert found(library, "-word", kind=PlaceKind.SAVED, id=saved_id("All")) == [
        "x of the blog", "x",
    ]  # fmt: skip


def test_what_is_read_or_comes_later_stays_out_of_a_snapshot(store: Store) -> None:
    save(store, NEWS, entry("word a", day=1), entry("word b", day=2))
    store.index_all().result(timeout=5)
    then = store.snapshot()
    unread = View(PlaceKind.UNREAD, search="word")
    store.mark([ids(store)["word a"]], True).result(timeout=5)
    save(store, NEWS, entry("word c", day=3))
    store.index_all().result(timeout=5)
    assert len(store.find(unread, then).result(timeout=5).ids) == 2
    assert store.arrivals(unread, then) == 1
    assert found(store, "word", kind=PlaceKind.UNREAD) == ["word c", "word b"]


def test_a_search_can_be_marked_as_read(store: Store) -> None:
    save(store, NEWS, entry("word a"), entry("b"))
    store.index_all().result(timeout=5)
    assert store.mark_view(View(search="word"), store.snapshot()).result(timeout=5) == 1
    assert [row.title for row in store.rows(UNREAD, store.snapshot(), 0, 9)] == ["b"]


# ── what is in the index ────────────────────────────────────────────────────────────────────


def test_a_changed_post_is_found_by_what_it_says_now(store: Store) -> None:
    save(store, NEWS, entry("a", day=1, content="before", categories=("Old",)), entry("b before"))
    assert found(store, "before") == ["b before", "a"]
    save(store, NEWS, entry("a", day=9, content="after", categories=("Young",)))
    assert found(store, "before") == ["b before"]
    assert found(store, "after") == found(store, "category:young") == ["a"]
    assert found(store, "category:old") == []
    # Its categories alone: told by the site, and under another name.
    store.save_terms(NEWS, [Term(1, "Young", "y")]).result(timeout=5)
    store.save_terms(NEWS, [Term(1, "Youth", "y")]).result(timeout=5)
    assert found(store, "category:youth") == ["a"]
    assert found(store, "category:young") == []


def test_the_text_of_the_page_is_searched_instead_of_the_feeds(
    library: Store, tmp_path: Path
) -> None:
    save(library, NEWS, entry("a", excerpt="short", content="teaser"))
    assert found(library, "teaser") == ["a"]
    insert = "INSERT INTO full_text SELECT seq, 1, '<p>whole</p>', 0 FROM post"
    execute(tmp_path / "cache.db", insert)
    assert found(library, "whole") == found(library, "has:fulltext") == ["a"]
    assert found(library, "teaser") == []
    execute(tmp_path / "cache.db", "DELETE FROM full_text")
    assert found(library, "teaser") == ["a"]


def test_what_waits_for_the_index_is_told_and_put_in_when_all_is_quiet(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nordic_tui.store.writer.QUIET_S", 3600.0)
    save(store, NEWS, entry("a word"), entry("b"))
    answer = store.find(View(search="word"), store.snapshot()).result(timeout=5)
    assert (len(answer.ids), answer.waiting) == (0, 2)
    # What asks for no words misses nothing.
    assert store.find(View(search="is:unread"), store.snapshot()).result(timeout=5).waiting == 0
    indexed = Event()
    store.on_indexed = indexed.set
    monkeypatch.setattr("nordic_tui.store.writer.QUIET_S", 0.0)
    store.count_places().result(timeout=5)
    assert indexed.wait(5)
    answer = store.find(View(search="word"), store.snapshot()).result(timeout=5)
    assert (len(answer.ids), answer.waiting) == (1, 0)


def test_posts_of_the_same_second_are_all_found_in_their_order(store: Store) -> None:
    save(store, NEWS, *(entry(f"word {n}") for n in range(60)))
    assert found(store, "word") == [f"word {n}" for n in range(60)]
    save(store, NEWS, *(entry(f"word {n}", content="x") for n in range(20, 40)))
    assert found(store, "word") == [f"word {n}" for n in range(60)]
    assert found(store, "x") == [f"word {n}" for n in range(20, 40)]


def test_an_index_with_many_words_of_nothing_is_made_anew(
    tmp_path: Path, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nordic_tui.store.index.STALE_ALLOWED", 3)
    file = tmp_path / "cache.db"
    with closing(Store.open(file, None, clock=clock)) as store:
        store.follow_now([Source(NEWS)])
        for number in range(6):
            save(store, NEWS, entry("a", content=f"word{number}"), entry("b"))
            assert found(store, f"word{number}") == ["a"]
            assert found(store, "b") == ["b"]
    with closing(sqlite3.connect(file)) as connection:
        (stale,) = connection.execute("SELECT COUNT(*) FROM indexed WHERE seq < 0").fetchone()
        (old,) = connection.execute(
            "SELECT COUNT(*) FROM found WHERE found MATCH 'word0'"
        ).fetchone()
    assert (stale, old) == (0, 0)


def test_an_index_with_few_words_of_nothing_among_many_stays(
    tmp_path: Path, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nordic_tui.store.index.STALE_ALLOWED", 0)
    file = tmp_path / "cache.db"
    with closing(Store.open(file, None, clock=clock)) as store:
        store.follow_now([Source(NEWS)])
        save(store, NEWS, *(entry(f"b{number}") for number in range(9)))
        for number in range(3):
            save(store, NEWS, entry("a", content=f"word{number}"))
            assert found(store, f"word{number}") == ["a"]
    assert query(file, "SELECT COUNT(*) FROM indexed WHERE seq < 0") == [(2,)]


def test_a_post_that_a_damaged_file_lost_keeps_no_other_out_of_the_index(
    tmp_path: Path, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nordic_tui.store.writer.QUIET_S", 3600.0)
    file = tmp_path / "cache.db"
    with closing(Store.open(file, None, clock=clock)) as store:
        store.follow_now([Source(NEWS)])
        save(store, NEWS, entry("a word"), entry("b word"))
        execute(file, "DELETE FROM body WHERE title = 'a word'")
        assert found(store, "word") == ["b word"]


TEXTS = st.lists(
    st.sampled_from(["by", "byen", "Århus", "aarhus", "arhus", "ærø", "aero", "pöt", "poet", "x"]),
    max_size=4,
).map(" ".join)
STEPS = st.lists(st.tuples(st.integers(0, 4), TEXTS, TEXTS, TEXTS), max_size=8)


@settings(max_examples=25, deadline=None)
@given(STEPS, TEXTS, st.booleans(), st.booleans())
def test_a_search_finds_what_holds_the_words(
    steps: list[tuple[int, str, str, str]], typed: str, as_phrase: bool, begun: bool
) -> None:
    now: dict[str, tuple[str, str, str]] = {}
    with closing(Store.open(None, None, clock=HandClock())) as store:
        store.follow_now([Source(NEWS)])
        for number, title, content, category in steps:
            now[f"g{number}"] = title, content, category
            made = entry(
                f"g{number}",
                title=title or "-",
                content=content,
                categories=(category,) if category else (),
            )
            save(store, NEWS, made)
            if number % 2:
                store.index_all().result(timeout=5)
        text = f'"{typed}"' if as_phrase else typed
        text += "*" if begun and typed else ""
        expected = {
            post_id(NEWS, entry(guid))
            for guid, columns in now.items()
            if all(
                any_holds(columns, part, begun=begun and part is parts[-1])
                for parts in [[typed] if as_phrase else typed.split()]
                for part in parts
            )
        }
        if not typed:
            expected = set() if text else {post_id(NEWS, entry(guid)) for guid in now}
        store.index_all().result(timeout=5)
        answer = store.find(View(search=text), store.snapshot()).result(timeout=5)
        assert {*answer.ids} == expected
        assert len(answer.ids) == len(expected)


PIECES = st.sampled_from(
    ["by", "Århus", "-", '"', "“", "OR", "*", ":", "title:", "is:", "is:unread", "before:2024",
     "has:pdf", "source:x", "tag:y", "(", ")", " ", "½", "東京", "NEAR", "\ue000", "^", "a b", "'"]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.text(), st.lists(PIECES, max_size=10).map("".join)), st.booleans())
def test_any_text_can_be_searched_for(typed: str, typing: bool) -> None:
    view = View(search=typed, typing=typing)
    answer = SEARCHED.find(view, SEARCHED.snapshot()).result(timeout=5)
    assert len(answer.ids) == SEARCHED.count(view, SEARCHED.snapshot())


@pytest.fixture(scope="module", autouse=True)
def _searched() -> Iterator[None]:
    yield
    SEARCHED.close()


def _few_posts() -> Store:
    store = Store.open(None, None, clock=HandClock())
    store.follow_now([Source(NEWS)])
    save(store, NEWS, entry("by i Århus"), entry("a b", content="½ 東京"))
    store.index_all().result(timeout=5)
    return store


SEARCHED = _few_posts()

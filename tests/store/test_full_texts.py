"""Full texts in the store: which pages are wanted, and what is kept of them."""

import sqlite3
from typing import Any

import pytest

from nordic_tui.model import Entry, Feed, SourceState
from nordic_tui.store import full_texts, posts
from nordic_tui.store.identity import post_id
from nordic_tui.store.store import Store

from .helpers import BLOG, NEWS, NOW, HandClock, entry, ids, in_memory, save


def linked(name: str, *, day: int = 1, **parts: Any) -> Entry:
    return entry(name, day=day, link=f"https://news.example/{name}/", **parts)


def wanted(store: Store, limit: int = 20) -> list[str]:
    names = {id_: name for name, id_ in ids(store).items()}
    return [names[id_] for id_ in store.pages_wanted(NEWS, limit).result(timeout=5)]


def test_the_newest_posts_that_have_a_page_are_wanted(store: Store) -> None:
    save(
        store,
        NEWS,
        linked("old", day=1),
        linked("new", day=9),
        linked("middle", day=5),
        entry("no link", day=8),
        linked("locked", day=7, protected=True),
        entry("mail", day=6, link="mailto:a@b.example"),
    )
    save(store, BLOG, linked("other", day=9))
    assert wanted(store) == ["new", "middle", "old"]
    assert wanted(store, limit=2) == ["new", "middle"]


def test_what_was_fetched_is_wanted_no_more(store: Store) -> None:
    save(store, NEWS, linked("a", day=2), linked("b", day=1))
    store.save_full_text(ids(store)["a"], "<p>All</p>").result(timeout=5)
    store.save_full_text(ids(store)["b"], "").result(timeout=5)
    assert wanted(store) == []
    post = store.post(ids(store)["a"])
    assert post is not None
    assert post.full_text == "<p>All</p>"


def test_what_could_not_be_had_is_tried_again_three_times_in_all(
    store: Store, clock: HandClock
) -> None:
    save(store, NEWS, linked("a"))
    id_ = ids(store)["a"]
    for _ in range(2):
        store.save_page_failure(id_, "answered 503", for_good=False).result(timeout=5)
        assert wanted(store) == []
        clock.pass_(hours=7)
        assert wanted(store) == ["a"]
    store.save_page_failure(id_, "answered 503", for_good=False).result(timeout=5)
    clock.pass_(days=90)
    assert wanted(store) == []


def test_what_is_no_page_is_not_tried_again(store: Store, clock: HandClock) -> None:
    save(store, NEWS, linked("a"))
    store.save_page_failure(ids(store)["a"], "is not a web page", for_good=True).result(timeout=5)
    clock.pass_(days=90)
    assert wanted(store) == []


def test_a_failure_leaves_the_text_that_was_there(store: Store) -> None:
    save(store, NEWS, linked("a"))
    store.save_full_text(ids(store)["a"], "<p>All</p>").result(timeout=5)
    store.save_page_failure(ids(store)["a"], "answered 503", for_good=False).result(timeout=5)
    post = store.post(ids(store)["a"])
    assert post is not None
    assert post.full_text == "<p>All</p>"


def test_a_source_says_what_went_wrong_with_its_pages_until_one_comes(store: Store) -> None:
    save(store, NEWS, linked("a"))
    store.save_page_failure(ids(store)["a"], "answered 503", for_good=False).result(timeout=5)
    assert store.states()[0].page_error == "answered 503"
    store.save_full_text(ids(store)["a"], "<p>All</p>").result(timeout=5)
    assert store.states()[0].page_error == ""


def test_only_the_newest_fifty_are_looked_at(store: Store) -> None:
    save(store, NEWS, *(linked(f"p{number}", day=1) for number in range(60)))
    assert len(wanted(store, limit=100)) == full_texts.NEWEST == 50


def test_what_it_takes_to_fetch_a_page(store: Store) -> None:
    save(store, NEWS, linked("a", excerpt="Short", content="<p>Long</p>"))
    page = store.page_wanted(ids(store)["a"]).result(timeout=5)
    assert page is not None
    assert page[1:] == ("a", "https://news.example/a/", "Short", "<p>Long</p>", NEWS)
    assert store.page_wanted(1).result(timeout=5) is None


@pytest.mark.parametrize("html", ["<p>All of it</p>", ""])
def test_its_words_are_searched_anew(html: str) -> None:

    with in_memory() as connection:
        posts.save_feed(connection, NEWS, Feed(entries=(linked("a"),)), SourceState(NEWS), NOW)
        connection.execute("DELETE FROM unindexed")
        full_texts.save(connection, post_id(NEWS, linked("a")), html, NOW)
        assert _count(connection) == 1


def _count(connection: sqlite3.Connection) -> int:
    (count,) = connection.execute("SELECT COUNT(*) FROM unindexed").fetchone()
    return int(count)

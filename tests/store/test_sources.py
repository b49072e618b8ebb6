from datetime import timedelta

import pytest

from nordic_tui.model import Source, SourceState
from nordic_tui.store.sources import fallback_title
from nordic_tui.store.store import Store

from .helpers import BLOG, NEWS, NOW, counts, entry, save, titles


def test_sources_come_in_the_order_of_the_settings(store: Store) -> None:
    store.follow([Source(BLOG), Source(NEWS, "News")]).result(timeout=5)
    assert [state.address for state in store.states()] == [BLOG, NEWS]
    store.follow([Source(NEWS, "News"), Source(BLOG)]).result(timeout=5)
    assert [state.address for state in store.states()] == [NEWS, BLOG]


def test_only_a_change_needs_following(store: Store) -> None:
    assert not store.needs_follow([Source(NEWS, "News", interval_s=60)])
    assert not store.needs_follow([Source(NEWS, "News"), Source(NEWS, "Twice")])
    assert store.needs_follow([Source(NEWS, "Other name")])
    assert store.needs_follow([])


def test_posts_of_a_source_that_is_left_out_come_back_with_it(two_sources: Store) -> None:
    store = two_sources
    save(store, NEWS, entry("n", day=2, categories=("Police",)))
    save(store, BLOG, entry("b", day=1))

    store.follow_now([Source(BLOG, "Blog")])
    assert titles(store) == ["b"]
    assert counts(store) == {"All posts": (1, 1), "Unread": (1, 1)}

    store.follow_now([Source(NEWS, "News"), Source(BLOG, "Blog")])
    assert titles(store) == ["n", "b"]
    assert counts(store)["Police"] == (1, 1)


def test_what_arrives_for_a_source_that_is_not_followed_waits_hidden(store: Store) -> None:
    save(store, BLOG, entry("b"))
    assert titles(store) == []
    store.follow_now([Source(BLOG)])
    assert titles(store) == ["b"]


def test_a_source_is_called_what_the_person_then_what_the_feed_says(store: Store) -> None:
    def title() -> str:
        return store.states()[0].title

    store.follow_now([Source(NEWS)])
    assert title() == "news.example"
    save(store, NEWS, title="The News")
    assert title() == "The News"
    save(store, NEWS, title="New initiatives – Page 2 – The News")
    assert title() == "The News"
    store.follow_now([Source(NEWS, "Mine")])
    assert title() == "Mine"
    store.follow_now([Source(NEWS)])
    assert title() == "The News"


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("https://user:secret@news.example:8080/a/b?c", "news.example:8080"),
        ("http://news.example?paged=2", "news.example"),
        ("/home/me/saved feed.xml", "saved feed.xml"),
        ("/", "/"),
        ("https://", "https://"),
    ],
)
def test_a_source_that_told_nothing_still_has_a_name(address: str, title: str) -> None:
    assert fallback_title(address) == title


def test_the_state_between_two_requests_is_kept(store: Store) -> None:
    state = SourceState(
        NEWS,
        title="News",
        etag='"abc"',
        last_modified="Sat, 01 Jun 2024 12:00:00 GMT",
        body_hash="00ff",
        read_from="https://elsewhere.example/feed/",
        checked_at=NOW,
        next_at=NOW + timedelta(hours=1),
        failures=3,
        error="answered 503",
        stopped=True,
    )
    store.save_state(state._replace(title="not kept")).result(timeout=5)
    assert store.states() == [state]

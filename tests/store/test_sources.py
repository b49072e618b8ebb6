from datetime import timedelta
from typing import Any

import pytest

from nordic_tui.model import SavedView, Source, SourceState
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


@pytest.mark.parametrize(
    "change",
    [{"folder": "A"}, {"tags": ("t",)}, {"paused": True}, {"hidden": True}],
    ids=str,
)
def test_where_a_source_stands_needs_following(store: Store, change: dict[str, Any]) -> None:
    changed = [Source(NEWS, "News")._replace(**change)]
    assert store.needs_follow(changed)
    store.follow_now(changed)
    assert not store.needs_follow(changed)


@pytest.mark.parametrize(
    "change",
    [{"unread_only": True}, {"title": "x"}, {"tag": "t"}, {"address": NEWS}],
    ids=str,
)
def test_a_saved_view_needs_following(store: Store, change: dict[str, Any]) -> None:
    sources, views = [Source(NEWS, "News")], [SavedView("One"), SavedView("Two")]
    assert store.needs_follow(sources, views)
    store.follow_now(sources, views)
    assert not store.needs_follow(sources, views)
    assert store.needs_follow(sources, views[::-1])
    assert store.needs_follow(sources, [SavedView("One")._replace(**change), views[1]])


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
        validated="https://elsewhere.example/feed/",
        parser=3,
        moving_to="https://new.example/feed/",
        asks_old=True,
        missed_since=NOW - timedelta(days=2),
        answered_by="https://cdn.example/feed/",
        not_before=NOW + timedelta(minutes=10),
        next_why="it posts about once a day",
        rhythm_s=86_400.5,
        update_s=3_600.0,
        asked=12,
        spared=11,
        not_modified=10,
        outcome="304: nothing changed",
        warning="The feed is damaged at line 7.",
        rest="https://news.example/wp-json/",
        terms_at=NOW - timedelta(days=1),
    )
    assert all(
        value != default
        for name, value, default in zip(state._fields, state, SourceState(""), strict=True)
        if name not in ("page_error", "paused", "posts")
    )
    store.save_state(
        state._replace(title="not kept", page_error="is kept with pages", paused=True, posts=9)
    ).result(timeout=5)
    assert store.states() == [state]

    # What else is followed, and how, changes nothing of it.
    store.follow_now([Source(BLOG), Source(NEWS, "News", folder="News", tags=("t",))])
    assert store.states()[1] == state
    store.follow_now([Source(BLOG)])
    store.follow_now([Source(NEWS, "News")])
    assert store.states() == [state]


def test_a_source_that_stopped_is_asked_once_more_when_it_goes_on(store: Store) -> None:
    gone = SourceState(NEWS, title="News", error="is gone for good (410)", stopped=True)
    store.save_state(gone).result(timeout=5)
    store.follow_now([Source(NEWS, "News", paused=True)])
    assert store.states() == [gone._replace(paused=True)]
    store.follow_now([Source(NEWS, "News")])
    assert store.states() == [gone._replace(stopped=False)]
    store.save_state(gone).result(timeout=5)
    store.follow_now([Source(NEWS, "News", tags=("t",))])
    assert store.states() == [gone]


def test_what_an_archive_learned_leaves_the_rest_of_the_state_as_it_is(store: Store) -> None:
    state = SourceState(NEWS, title="News", etag="abc", checked_at=NOW, asked=3, rest="https://a/")
    store.save_state(state).result(timeout=5)
    store.save_site(NEWS, "https://b/", NOW + timedelta(minutes=1)).result(timeout=5)
    state = state._replace(rest="https://b/", terms_at=NOW + timedelta(minutes=1))
    assert store.states() == [state]
    store.save_not_before(NEWS, NOW + timedelta(minutes=2)).result(timeout=5)
    assert store.states() == [state._replace(not_before=NOW + timedelta(minutes=2))]


def test_a_wait_that_was_asked_for_is_never_shortened(store: Store) -> None:
    until = NOW + timedelta(seconds=10, microseconds=1)
    store.save_state(SourceState(NEWS, not_before=until)).result(timeout=5)
    assert store.states()[0].not_before == NOW + timedelta(seconds=11)


def test_what_follows_from_settings_and_posts_is_in_the_state(store: Store) -> None:
    store.follow_now([Source(NEWS, paused=True), Source(BLOG)])
    save(store, NEWS, entry("a"), entry("b"))
    assert [(state.paused, state.posts) for state in store.states()] == [(True, 2), (False, 0)]
    store.follow_now([Source(NEWS), Source(BLOG)])
    assert [state.paused for state in store.states()] == [False, False]

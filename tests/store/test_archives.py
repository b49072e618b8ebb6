from nordic_tui.model import ArchiveState, Feed, Saved, SourceState
from nordic_tui.store.store import Store

from .helpers import BLOG, NEWS, NOW, HandClock, entry, save, titles

STATE = ArchiveState(
    NEWS,
    method="rest",
    cursor="page 3",
    fetched=200,
    total=5000,
    complete=True,
    at=NOW,
    error="did not answer within 20 s",
)


def load(store: Store) -> ArchiveState:
    return store.load_archive(NEWS).result(timeout=5)


def page(store: Store, *days: int | None, state: ArchiveState = STATE) -> Saved:
    entries = tuple(entry(f"page {n} {day}", day=day) for n, day in enumerate(days))
    return store.save_page(NEWS, Feed(entries=entries), state).result(timeout=5)


def test_how_far_an_archive_has_come_is_kept(store: Store) -> None:
    assert load(store) == ArchiveState(NEWS)
    assert store.archives() == {}
    store.save_archive(STATE).result(timeout=5)
    assert load(store) == STATE
    later = STATE._replace(total=None, at=None, complete=False, error="")
    assert page(store, 3, state=later) == Saved(1, 0)
    assert store.archives() == {NEWS: later}


def test_an_archive_that_was_whole_is_opened_again(store: Store) -> None:
    store.save_archive(STATE).result(timeout=5)
    store.save_archive(STATE._replace(address=BLOG)).result(timeout=5)
    store.reopen_archive(NEWS).result(timeout=5)
    assert store.archives() == {
        NEWS: STATE._replace(complete=False),
        BLOG: STATE._replace(address=BLOG),
    }


def test_an_archive_that_was_never_begun_is_not_opened(store: Store) -> None:
    store.reopen_archive(NEWS).result(timeout=5)
    assert store.archives() == {}


def test_the_archive_of_a_source_that_is_not_followed_waits_with_its_posts(store: Store) -> None:
    entries = (entry("old", day=1),)
    store.save_page(BLOG, Feed(entries=entries), STATE._replace(address=BLOG)).result(timeout=5)
    assert titles(store) == []
    assert store.archives()[BLOG].fetched == 200


def test_a_page_names_no_source(store: Store) -> None:
    feed = Feed(title="New initiatives – Page 2 – News", entries=(entry("a"),))
    store.save_page(BLOG, feed, STATE._replace(address=BLOG)).result(timeout=5)
    save(store, BLOG, title="Blog")
    assert store.load_archive(BLOG).result(timeout=5).method == "rest"


def test_the_feed_has_the_better_text_of_what_a_page_brought_first(store: Store) -> None:
    page(store, 3)
    of_feed = entry("page 0 3", day=3, title="As the feed has it")
    # That the feed now has it too is nothing that changed.
    assert save(store, NEWS, of_feed) == Saved(0, 0)
    assert titles(store) == ["As the feed has it"]
    assert page(store, 3) == Saved(0, 0)
    assert save(store, NEWS, of_feed) == Saved(0, 0)
    assert titles(store) == ["As the feed has it"]


def test_posts_without_a_date_stand_below_what_was_there(store: Store, clock: HandClock) -> None:
    save(store, NEWS, entry("new"), entry("may", day=20))
    for names in (["2021 a", "2021 b"], ["2020 a", "2020 b"]):
        clock.pass_(minutes=1)
        feed = Feed(entries=tuple(map(entry, names)))
        store.save_page(NEWS, feed, STATE).result(timeout=5)
    assert titles(store) == ["new", "may", "2021 a", "2021 b", "2020 a", "2020 b"]


def test_a_bundled_post_makes_way_for_that_of_a_page(store: Store) -> None:
    store.seed(NEWS, Feed(entries=(entry("page 0 3", title="Page 0 3"),)))
    page(store, 3)
    assert titles(store) == ["page 0 3"]
    assert page(store, 3) == Saved(0, 0)


def test_a_feed_in_parts_is_stored_part_by_part(store: Store) -> None:
    parts = [
        Feed(title="News", entries=(entry("a", day=9), entry("b", day=8))),
        Feed(title="News", entries=(entry("c", day=7), entry("a", day=9))),
    ]
    saved = [store.save_posts(NEWS, part).result(timeout=5) for part in parts]
    assert saved == [Saved(2, 0), Saved(1, 0)]
    assert titles(store) == ["a", "b", "c"]
    assert store.states() == [SourceState(NEWS, title="News", posts=3)]

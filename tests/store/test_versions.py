"""What posts said before: when a version is kept, how many, and what reading it again does."""

from datetime import timedelta
from typing import Any

import pytest

from nordic_tui.model import ArchiveState, Entry, Feed, PlaceKind, Post, Source, View
from nordic_tui.store import versions
from nordic_tui.store.identity import post_id
from nordic_tui.store.store import Store
from nordic_tui.store.versions import has_changed

from .helpers import BLOG, NEWS, NOW, HandClock, entry, ids, redo, save, shared, undo

FIRST = entry("a", title="The plan", excerpt="A plan …", content="<p>A plan for <b>Oslo</b>.</p>")


def post(store: Store, title: str = "The plan") -> Post:
    found = store.post(ids(store)[title])
    assert found is not None
    return found


def kept(store: Store, title: str = "The plan") -> list[str]:
    return [each.content for each in store.versions(ids(store)[title]).earlier]


@pytest.mark.parametrize(
    "after",
    [
        pytest.param({"title": "The new plan"}, id="title"),
        pytest.param({"content": "<p>A plan for <b>Bergen</b>.</p>"}, id="text"),
        pytest.param({"excerpt": "Another plan …"}, id="excerpt"),
    ],
)
def test_other_words_are_a_change(store: Store, after: dict[str, Any]) -> None:
    save(store, NEWS, FIRST)
    assert post(store).changed_at is None
    save(store, NEWS, FIRST._replace(**after))
    found = post(store, after.get("title", "The plan"))
    assert found.changed_at == NOW
    (version,) = store.versions(found.id).earlier
    assert version[1:] == (FIRST.title, FIRST.excerpt, FIRST.content)
    assert version.until == NOW


@pytest.mark.parametrize(
    "after",
    [
        pytest.param({"content": "<div><p>A plan\n for <i>Oslo</i>.</p></div>"}, id="markup"),
        pytest.param({"published": NOW, "updated": NOW}, id="dates"),
        pytest.param({"link": "https://news.example/a/?utm_source=rss"}, id="address"),
        pytest.param({"excerpt": "A plan for …"}, id="more of the excerpt"),
        pytest.param({"excerpt": ""}, id="no excerpt"),
        pytest.param({"content": ""}, id="no full text any more"),
        pytest.param({"title": "The  plan"}, id="blanks"),
        pytest.param({"categories": ("Police",)}, id="category"),
        pytest.param({"content": "", "excerpt": "", "protected": True}, id="password"),
    ],
)
def test_what_is_no_word_is_no_change(store: Store, after: dict[str, Any]) -> None:
    save(store, NEWS, FIRST)
    save(store, NEWS, FIRST._replace(**after))
    (id_,) = ids(store).values()
    found = store.post(id_)
    assert found is not None
    assert found.changed_at is None
    assert store.versions(id_).earlier == ()


def test_tracking_in_an_address_that_is_shown_is_no_word() -> None:
    before = Entry(title="x", content="<p>See https://a.example/?utm_source=one for more</p>")
    after = before._replace(content="<p>See https://a.example/?utm_source=two for more</p>")
    assert not has_changed(before, after)
    assert has_changed(before, after._replace(content="<p>See https://b.example/ for more</p>"))


def test_only_the_last_five_versions_are_kept(store: Store, clock: HandClock) -> None:
    for number in range(8):
        save(store, NEWS, FIRST._replace(content=f"<p>Version {number}</p>"))
        clock.pass_(hours=1)
    assert kept(store) == [f"<p>Version {number}</p>" for number in range(2, 7)]


def test_only_two_megabytes_are_kept_and_the_oldest_goes(store: Store, clock: HandClock) -> None:
    for number in range(5):
        save(store, NEWS, FIRST._replace(content=f"<p>{number} {'ø' * 300_000}</p>"))
        clock.pass_(hours=1)
    assert [text[:4] for text in kept(store)] == ["<p>1", "<p>2", "<p>3"]


def test_what_a_bundled_post_or_an_archive_page_said_is_no_earlier_version(store: Store) -> None:
    page = Feed(entries=(FIRST._replace(content="<p>As the archive has it</p>"),))
    store.save_page(NEWS, page, ArchiveState(NEWS)).result(timeout=5)
    save(store, NEWS, FIRST)
    assert post(store).changed_at is None


def test_what_changed_since_it_was_read_is_marked_until_it_is_read_again(
    store: Store, clock: HandClock
) -> None:
    save(store, NEWS, FIRST)
    store.mark([post(store).id], True).result(timeout=5)
    clock.pass_(hours=1)
    save(store, NEWS, FIRST._replace(content="<p>Other words</p>"))
    assert post(store).changed
    assert not post(store).unread
    clock.pass_(hours=1)
    assert store.mark([post(store).id], True).result(timeout=5) == 0
    assert not post(store).changed
    assert store.versions(post(store).id).read_at == clock.now


def test_an_unread_post_is_not_marked_as_changed(store: Store, clock: HandClock) -> None:
    save(store, NEWS, FIRST)
    clock.pass_(hours=1)
    save(store, NEWS, FIRST._replace(content="<p>Other words</p>"))
    assert post(store).changed_at == clock.now
    assert not post(store).changed
    assert store.versions(post(store).id).read_at is None


def test_reading_again_what_did_not_change_leaves_when_it_was_read(
    store: Store, clock: HandClock
) -> None:
    save(store, NEWS, FIRST)
    store.mark([post(store).id], True).result(timeout=5)
    clock.pass_(hours=1)
    store.mark([post(store).id], True).result(timeout=5)
    assert store.versions(post(store).id).read_at == NOW


def test_it_is_read_again_in_all_sources_that_have_it(store: Store, clock: HandClock) -> None:
    other = "https://news.example/police/feed/"
    store.follow_now([Source(NEWS), Source(other), Source(BLOG)])
    one = shared("a", content="<p>Before</p>")
    save(store, NEWS, one)
    save(store, other, one)
    (id_,) = ids(store).values()
    store.mark([id_], True).result(timeout=5)
    clock.pass_(hours=1)
    for address in (NEWS, other):
        save(store, address, one._replace(content="<p>After</p>"))
    clock.pass_(hours=1)
    store.mark([id_], True).result(timeout=5)
    both = [store.post(post_id(address, one)) for address in (NEWS, other)]
    assert [each is not None and each.changed for each in both] == [False, False]


def test_a_list_that_is_marked_as_read_is_read_as_it_is_now(store: Store, clock: HandClock) -> None:
    other = "https://news.example/police/feed/"
    store.follow_now([Source(NEWS), Source(other)])
    one, plain = shared("a", content="<p>Before</p>"), entry("b", content="<p>Before</p>")
    save(store, NEWS, one, plain, entry("c", content="<p>Same</p>"))
    save(store, other, one)
    known = ids(store)
    store.mark([*known.values()], True).result(timeout=5)
    clock.pass_(hours=1)
    after = "<p>After</p>"
    save(store, NEWS, one._replace(content=after), plain._replace(content=after), entry("d"))
    save(store, other, one._replace(content=after))
    clock.pass_(hours=1)
    both = [post_id(address, one) for address in (NEWS, other)]

    def changed() -> list[bool]:
        found = [store.post(id_) for id_ in (*both, known["b"])]
        return [each is not None and each.changed for each in found]

    def read_at() -> list[object]:
        return [store.versions(id_).read_at for id_ in (*both, known["b"], known["c"])]

    before = read_at()
    now = store.snapshot()
    assert store.mark_view(View(title="b"), now).result(timeout=5) == 1
    assert changed() == [True, True, False]
    assert store.mark_view(View(), now).result(timeout=5) == 2
    assert changed() == [False, False, False]
    assert read_at() == [clock.now, clock.now, clock.now, NOW]
    # They were read at the snapshot, and are among its unread posts no more than before.
    assert [row.title for row in store.rows(View(PlaceKind.UNREAD), now, 0, 9)] == ["d"]
    assert store.mark_view(View(), now).result(timeout=5) == 0

    assert undo(store) == 2
    assert changed() == [True, True, False]
    assert undo(store) == 1
    assert (changed(), read_at()) == ([True, True, True], before)
    assert (redo(store), redo(store)) == (1, 2)
    assert changed() == [False, False, False]
    assert read_at() == [clock.now, clock.now, clock.now, NOW]


def test_a_full_text_goes_with_the_words_that_it_was_of(store: Store, clock: HandClock) -> None:
    save(store, NEWS, FIRST)
    store.save_full_text(post(store).id, "<p>All of it.</p>").result(timeout=5)
    save(store, NEWS, FIRST._replace(updated=NOW + timedelta(hours=1)))
    assert post(store).full_text == "<p>All of it.</p>"
    save(store, NEWS, FIRST._replace(content="<p>Other words</p>"))
    assert post(store).full_text == ""


def test_a_post_that_is_not_there_has_no_versions(store: Store) -> None:
    assert store.versions(1).earlier == ()
    assert versions.MAX_VERSIONS == 5

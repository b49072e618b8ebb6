"""The whole archive, over the loopback: from a double of WordPress and from linked feeds."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from nordic_tui.model import ArchiveState, Source, SourceState, Term
from nordic_tui.service import archive as archive_module
from nordic_tui.service.archive import (
    ELSEWHERE,
    NO_ARCHIVE,
    Archived,
    Archivist,
    Event,
    Page,
    unfinished,
)
from tests import wordpress
from tests.wordpress import (
    CITIES,
    EVENTS,
    LOGIN,
    MISSING,
    NEWS,
    QUESTIONS,
    REFUSED,
    SUMMIT,
    Answer,
    WordPress,
)

from .archiving import (
    NOW,
    MemoryStore,
    archive,
    atom,
    by_links,
    by_pages,
    by_rest,
    linked,
    open_decoder,
    open_fetcher,
    titles,
    ways,
)

# ── the whole, by each way ──────────────────────────────────────────────────────────────────


async def test_a_category_by_rest_has_the_posts_that_its_feed_leaves_out(site: WordPress) -> None:
    site.publish(14, EVENTS)
    site.publish(55, NEWS)
    store, events = MemoryStore(), list[Event]()
    address = site.address("/category/new-initiatives/feed/")
    archived = await archive(address, store, emit=events.append)
    assert archived == Archived("The Site", 55, 55, 55, complete=True, reason="")
    assert events == [Page("The Site", 55, 55, 55)]
    assert store.titles == [post.title for post in site.posts if post.categories == (NEWS,)]
    assert store.archive == ArchiveState(
        address, "rest", store.archive.cursor, 55, 55, complete=True, at=NOW
    )
    assert store.state is not None
    assert (store.state.rest, store.state.terms_at) == (site.address("/wp-json/"), NOW)


async def test_by_rest_a_category_brings_those_below_it_with_names_and_slugs(
    site: WordPress,
) -> None:
    site.publish(1, SUMMIT)
    site.publish(1, EVENTS, QUESTIONS)
    site.publish(1, NEWS)
    store = MemoryStore()
    await archive(site.address("/category/events/feed/"), store)
    assert [(entry.title, entry.categories, entry.slugs) for entry in store.saved] == [
        ("Post 2", ("Events", "Q&A"), ("events", "qa")),
        ("Post 1", ("Summit",), ("summit",)),
    ]
    assert store.saved[0].authors == ("Aino",)
    assert store.terms == (
        Term(2, "New initiatives", "new-initiatives"),
        Term(3, "Events", "events"),
        Term(5, "Summit", "summit", 3),
        Term(6, "Q&A", "qa"),
    )


async def test_by_rest_a_tag_is_found_by_its_slug(site: WordPress) -> None:
    site.publish(3)
    site.publish(2, tags=(CITIES,))
    store = MemoryStore()
    await archive(site.address("/tag/cities/feed/"), store)
    assert store.titles == ["Post 5", "Post 4"]
    assert store.archive.method == "rest"


@pytest.mark.parametrize("path", ["/author/aino/feed/", "/topic/new-initiatives/feed/"])
async def test_what_rest_cannot_name_is_read_page_by_page(site: WordPress, path: str) -> None:
    site.publish(25)
    site.terms += (wordpress.Term(20, "Aino", "aino"),)
    store = MemoryStore()
    await archive(site.address(path), store)
    assert store.archive.method == "paged"


@pytest.mark.parametrize("closed", [REFUSED, LOGIN, MISSING])
async def test_where_rest_is_closed_its_feed_is_read_page_by_page(
    site: WordPress, closed: Answer
) -> None:
    site.publish(55)
    site.rest = closed
    store, events = MemoryStore(), list[Event]()
    archived = await archive(site.address("/feed/"), store, emit=events.append)
    assert archived == Archived("The Site", 55, 55, None, complete=True, reason="")
    assert store.titles == titles(site)
    assert [event.fetched for event in events] == [10, 20, 30, 40, 50, 55, 55]
    assert store.state is not None
    assert store.state.rest == ""


async def test_where_only_the_posts_are_closed_the_feed_is_read(site: WordPress) -> None:
    site.publish(15)
    site.faults = {2: REFUSED}
    store = MemoryStore()
    archived = await archive(site.address("/feed/"), store)
    assert archived.complete
    assert store.archive.method == "paged"
    assert store.titles == titles(site)


async def test_a_wordpress_that_does_not_say_so_is_told_by_address_and_posts(
    site: WordPress,
) -> None:
    site.publish(25)
    site.generator = False
    site.after = lambda path, answer: (
        replace(answer, headers=()) if path.startswith("/feed/") else answer
    )
    store = MemoryStore()
    assert (await archive(site.address("/feed/"), store)).complete
    assert store.archive.method == "rest"
    assert store.titles == titles(site)


async def test_a_tag_that_rest_does_not_tell_of_is_read_page_by_page(site: WordPress) -> None:
    none = Answer(200, b"[]", "application/json")
    site.publish(15, tags=(CITIES,))
    site.after = lambda path, answer: none if "/wp/v2/tags" in path else answer
    store = MemoryStore()
    assert (await archive(site.address("/tag/cities/feed/"), store)).complete
    assert store.archive.method == "paged"
    assert store.titles == titles(site)
    assert not any("/wp/v2/posts" in path for path in site.asked)


async def test_an_archived_feed_is_read_back_to_its_first_document(site: WordPress) -> None:
    store = MemoryStore()
    archived = await archive(linked(site, 34), store)
    assert archived == Archived("The Site", 34, 34, None, complete=True, reason="")
    assert sorted(store.titles) == sorted(f"Post {number}" for number in range(1, 35))
    assert site.asked == ["/atom.xml", "/archive/2", "/archive/1", "/archive/0"]


async def test_a_json_feed_is_read_by_its_next_url(site: WordPress) -> None:
    version = "https://jsonfeed.org/version/1.1"
    for number, following in ((1, "/feed/2"), (2, "/feed/3"), (3, "")):
        items = [{"id": f"{number}", "title": f"Post {number}"}]
        page = {"version": version, "title": "J", "items": items, "next_url": following}
        site.documents[f"/feed/{number}"] = Answer(200, json.dumps(page).encode())
    store = MemoryStore()
    assert (await archive(site.address("/feed/1"), store)).complete
    assert store.titles == ["Post 1", "Post 2", "Post 3"]
    assert store.archive.method == "linked"


async def test_a_category_made_meanwhile_is_asked_for_by_its_number(site: WordPress) -> None:
    address, store = by_rest(site), MemoryStore()
    late = wordpress.Term(31, "Late", "late", EVENTS.number)

    def make(number: int) -> None:
        if number == 3:
            site.terms += (late,)
            site.posts[-1] = wordpress.Post(1, (late,))

    site.before = make
    assert (await archive(address, store)).complete
    assert (store.saved[-1].categories, store.saved[-1].slugs) == (("Late",), ("late",))
    assert Term(31, "Late", "late", 3) in store.terms
    assert len(store.terms) == 5


async def test_categories_that_are_left_out_are_not_stored(site: WordPress) -> None:
    site.publish(2, EVENTS)
    site.publish(3, NEWS)
    address, store = site.address("/feed/"), MemoryStore()
    archived = await archive(address, store, source=Source(address, left_out=("events",)))
    assert (archived.fetched, archived.complete) == (5, True)
    assert store.titles == ["Post 5", "Post 4", "Post 3"]


async def test_a_feed_without_an_archive_says_so(site: WordPress) -> None:
    site.documents["/plain.xml"] = atom(site, [1, 2], "")
    store = MemoryStore()
    archived = await archive(site.address("/plain.xml"), store)
    assert archived == Archived("The Site", 0, 0, None, complete=False, reason=NO_ARCHIVE)
    assert site.asked == ["/plain.xml"]
    assert not site.asked_otherwise


async def test_a_site_that_knows_no_pages_offers_no_archive(site: WordPress) -> None:
    address, store = by_pages(site), MemoryStore()
    site.pages = False
    archived = await archive(address, store)
    assert (archived.complete, archived.reason) == (False, NO_ARCHIVE)
    assert len(site.asked) == 3
    assert len(store.titles) == 10
    assert not unfinished(Source(address, archive=True), store.archive, NOW)


# ── a limit ─────────────────────────────────────────────────────────────────────────────────


@ways
async def test_a_limit_brings_the_newest_and_a_higher_one_goes_on(
    site: WordPress, way: Callable[[WordPress], str], posts: int, pages: int
) -> None:
    address, store = way(site), MemoryStore()
    archived = await archive(address, store, limit=23)
    assert (archived.fetched, archived.complete) == (23, False)
    assert archived.reason == "reached the limit of 23 posts"
    assert store.titles == [f"Post {number}" for number in range(posts, posts - 23, -1)]
    archived = await archive(address, store, limit=34)
    assert store.titles == [f"Post {number}" for number in range(posts, posts - 34, -1)]
    archived = await archive(address, store)
    assert archived.complete
    assert store.titles == [f"Post {number}" for number in range(posts, 0, -1)]
    assert archived.fetched == posts


async def test_the_limit_of_the_source_holds_where_none_is_given(site: WordPress) -> None:
    address, store = by_pages(site), MemoryStore()
    archived = await archive(address, store, source=Source(address, archive_limit=1))
    assert archived.reason == "reached the limit of 1 post"
    assert store.titles == ["Post 45"]


async def test_a_site_without_an_end_is_left_and_gone_on_with_by_the_next_run(
    site: WordPress, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, store = by_pages(site), MemoryStore()
    with monkeypatch.context() as patch:
        patch.setattr(archive_module, "MAX_PAGES", 6)
        archived = await archive(address, store)
    assert (archived.complete, archived.reason) == (False, "has more than 6 pages")
    assert len(site.asked) + len(site.asked_otherwise) == 6
    assert 10 <= archived.fetched == len(store.titles) < 45
    assert (await archive(address, store)).complete
    assert set(store.titles) == set(titles(site))


# ── which are gone on with ──────────────────────────────────────────────────────────────────

KEPT = Source("https://a.example/feed/", archive=True)
BEGUN = ArchiveState(KEPT.address, "rest", "{}", fetched=200, at=NOW)


@pytest.mark.parametrize(
    ("source", "state", "expected"),
    [
        (KEPT, None, True),
        (KEPT, BEGUN, True),
        (KEPT._replace(archive=False), BEGUN, False),
        (KEPT._replace(paused=True), BEGUN, False),
        (KEPT, BEGUN._replace(complete=True), False),
        (KEPT._replace(archive_limit=200), BEGUN, False),
        (KEPT._replace(archive_limit=201), BEGUN, True),
        (KEPT, ArchiveState(KEPT.address, error=NO_ARCHIVE, at=NOW), False),
        (KEPT, ArchiveState(KEPT.address, error=NO_ARCHIVE, at=NOW - timedelta(days=1)), True),
    ],
)
def test_gone_on_with_is_what_is_kept_and_not_whole(
    source: Source, state: ArchiveState | None, expected: bool
) -> None:
    assert unfinished(source, state, NOW) is expected


async def test_an_archive_that_another_instance_fetches_is_left_to_it() -> None:
    class Taken:
        def begin(self) -> bool:
            return False

        def end(self) -> None:
            raise AssertionError("it was never begun")

    with WordPress() as site:
        address, store = by_links(site), MemoryStore()
        names: list[str] = []

        def alone(name: str) -> Taken:
            names.append(name)
            return Taken()

        archivist = Archivist(open_fetcher, open_decoder, store, lambda: NOW, alone=alone)
        state = SourceState(address, title="The Site")
        ended = await archivist.run(Source(address), state, lambda event: None)
        assert ended == Archived("The Site", 0, 0, None, complete=False, reason=ELSEWHERE)
        assert (site.asked, store.saved, store.archive.error) == ([], [], "")
        assert names == [address]

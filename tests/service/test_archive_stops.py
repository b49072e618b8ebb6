"""Archives that are stopped, and sites that change or fail meanwhile."""

import asyncio
import itertools
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from datetime import timedelta

import pytest

from nordic_tui.errors import StoreUnwritable
from nordic_tui.model import ArchiveState, Feed, Saved, Source
from nordic_tui.service.archive import NOT_WHOLE, Archived
from tests.wordpress import (
    A_MOMENT,
    EVENTS,
    LOGIN,
    MAINTENANCE,
    MISSING,
    REFUSED,
    Answer,
    WordPress,
)

from .archiving import NOW, MemoryStore, Rest, archive, by_pages, by_rest, titles, ways

# ── stopped at any moment ───────────────────────────────────────────────────────────────────


@ways
async def test_stopped_at_each_page_it_goes_on_without_loss_or_duplicate(
    site: WordPress, way: Callable[[WordPress], str], posts: int, pages: int
) -> None:
    address = way(site)
    for stop in itertools.count(1):
        store = MemoryStore()
        try:
            await archive(address, store, rest=Rest(stop))
        except asyncio.CancelledError:
            archived = await archive(address, store)
        else:
            break
        assert (archived.complete, archived.fetched) == (True, posts)
        assert len(store.titles) == len(set(store.titles)) == posts
    assert stop >= pages


@ways
async def test_where_each_page_fails_once_it_goes_on_without_loss_or_duplicate(
    site: WordPress, way: Callable[[WordPress], str], posts: int, pages: int
) -> None:
    address, store = way(site), MemoryStore()
    reasons: list[str] = []
    for _ in range(40):
        # What an earlier run brought is asked for, but no page beyond.
        site.asked.clear()
        site.faults = {6: Answer(503), 3 + len(reasons): Answer(503)}
        archived = await archive(address, store)
        if archived.complete:
            break
        reasons.append(archived.reason)
    assert archived.complete
    assert set(reasons) == {"has trouble at its end (503)"}
    assert sorted(store.titles) == sorted({f"Post {n}" for n in range(1, posts + 1)})
    assert archived.fetched == posts


@pytest.mark.parametrize("way", [by_rest, by_pages])
async def test_posts_that_come_meanwhile_cost_none_of_the_others(
    site: WordPress, way: Callable[[WordPress], str]
) -> None:
    address = way(site)
    there = set(titles(site))

    def publish(number: int) -> None:
        site.publish(3 if number in (2, 3, 5, 9) else 0)

    site.before = publish
    store = MemoryStore()
    archived = await archive(address, store)
    assert archived.complete
    assert there <= set(store.titles)
    site.before = lambda number: None
    archived = await archive(address, store)
    assert set(store.titles) == set(titles(site))
    assert archived.fetched == len(titles(site))


async def test_by_rest_posts_that_go_meanwhile_cost_none_of_the_others(site: WordPress) -> None:
    address = by_rest(site)

    def delete(number: int) -> None:
        if number % 2:
            site.delete(*(post.number for post in site.posts[5:45]))

    site.before = delete
    store = MemoryStore()
    archived = await archive(address, store)
    assert archived.complete
    assert set(titles(site)) <= set(store.titles)
    assert len(store.titles) == len(set(store.titles))


async def test_by_pages_posts_that_go_while_it_is_stopped_cost_none_of_the_others(
    site: WordPress,
) -> None:
    address, store = by_pages(site), MemoryStore()
    with pytest.raises(asyncio.CancelledError):
        await archive(address, store, rest=Rest(5))
    assert 0 < len(store.saved) < 45
    site.delete(*range(38, 45))
    assert (await archive(address, store)).complete
    assert set(titles(site)) <= set(store.titles)


async def test_when_it_is_whole_another_run_brings_only_what_is_new(site: WordPress) -> None:
    address, store = by_rest(site), MemoryStore()
    await archive(address, store)
    site.publish(2)
    site.asked.clear()
    archived = await archive(address, store)
    assert archived == Archived("The Site", 322, 2, 322, complete=True, reason="")
    assert len(site.asked) == 1
    assert store.titles[-2:] == ["Post 322", "Post 321"]


async def test_when_it_is_whole_and_the_site_fails_it_is_whole_no_more(site: WordPress) -> None:
    address, store = by_rest(site), MemoryStore()
    await archive(address, store)
    site.publish(2)
    site.faults = {len(site.asked) + 1: Answer(403)}
    archived = await archive(address, store)
    assert (archived.complete, archived.reason) == (False, "refuses to answer (403)")
    assert not store.archive.complete
    archived = await archive(address, store)
    assert (archived.complete, archived.fetched) == (True, 322)
    assert store.archive.error == ""


async def test_anew_begins_with_the_newest_post(site: WordPress) -> None:
    address, store = by_rest(site), MemoryStore()
    await archive(address, store)
    asked = len(site.asked)
    archived = await archive(address, store, anew=True)
    assert (archived.fetched, archived.new) == (320, 0)
    assert len(site.asked) == 2 * asked - 1  # that its REST interface answers is known by now


# ── bad days ────────────────────────────────────────────────────────────────────────────────


async def test_it_pauses_between_two_requests_and_waits_where_it_is_asked_to(
    site: WordPress,
) -> None:
    address, store, pause = by_rest(site), MemoryStore(), Rest()
    site.faults = {3: A_MOMENT}
    archived = await archive(address, store, rest=pause)
    assert archived.complete
    # Between the feed, the categories and four pages, of which the second is asked for twice.
    assert pause.slept == [0.25, 0.25, 0.25, 7.0, 0.25, 0.25]


async def test_asked_to_come_back_later_it_stops_and_leaves_the_site_alone(site: WordPress) -> None:
    address, store, pause = by_rest(site), MemoryStore(), Rest()
    site.faults = {3: MAINTENANCE}
    archived = await archive(address, store, rest=pause)
    assert (archived.complete, archived.fetched) == (False, 100)
    assert archived.reason == "asks to come back in 10 minutes (503)"
    assert store.archive.error == archived.reason
    assert set(pause.slept) == {0.25}
    assert store.state is not None
    assert store.state.not_before == NOW + timedelta(minutes=10)
    asked = len(site.asked)
    again = await archive(address, store)
    assert again.reason.startswith("asked to be left alone until ")
    assert len(site.asked) == asked


async def test_a_page_that_is_too_much_for_the_site_is_asked_for_smaller(site: WordPress) -> None:
    address, store = by_rest(site), MemoryStore()
    site.faults = {3: Answer(500)}
    assert (await archive(address, store)).complete
    assert ["per_page=20&" in path for path in site.asked][:4] == [False, False, False, True]
    assert sorted(store.titles) == sorted(titles(site))
    assert len(store.titles) == 320


async def test_a_site_in_trouble_twice_ends_the_run(site: WordPress) -> None:
    address, store = by_pages(site), MemoryStore()
    site.faults = {2: Answer(500), 3: Answer(500)}
    archived = await archive(address, store)
    assert archived.reason == "has trouble at its end (500)"
    assert archived.fetched == 10


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (LOGIN, "answers with a web page, not a feed"),
        (Answer(200, b""), "is empty"),
        (Answer(200, b'[{"id": 3, "ti'), "cannot be read as a feed: its JSON is damaged at line 1"),
        (Answer(404), "answered 404: there is nothing at this address"),
    ],
)
async def test_by_rest_a_page_that_cannot_be_read_is_not_done_with(
    site: WordPress, fault: Answer, reason: str
) -> None:
    address, store = by_rest(site), MemoryStore()
    site.faults = {3: fault}
    archived = await archive(address, store)
    assert (archived.fetched, archived.complete, archived.reason) == (100, False, reason)
    site.faults = {}
    assert (await archive(address, store)).complete
    assert len(store.titles) == len(set(store.titles)) == 320


async def test_a_page_that_breaks_off_keeps_its_posts_and_is_asked_for_again(
    site: WordPress,
) -> None:
    address, store = by_pages(site), MemoryStore()
    whole = site._feed("/feed/", {"paged": "2"}, conditional=False)
    site.faults = {2: Answer(200, whole.body[: len(whole.body) // 2], whole.media_type)}
    archived = await archive(address, store)
    assert (archived.complete, archived.reason) == (True, "")
    assert [path.rpartition("=")[2] for path in site.asked].count("2") == 2
    assert set(store.titles) == set(titles(site))


def damage_on_page_2(path: str, answer: Answer) -> Answer:
    """An error of PHP in the place of one post."""
    if not path.endswith("paged=2"):
        return answer
    start = answer.body.index(b"<item>")
    end = answer.body.index(b"</item>") + len(b"</item>")
    return replace(answer, body=answer.body[:start] + b"\x03Warning" + answer.body[end:])


async def test_a_page_that_is_damaged_each_time_holds_up_none_of_the_others(
    site: WordPress,
) -> None:
    address, store = by_pages(site), MemoryStore()
    site.after = damage_on_page_2
    reasons = [(await archive(address, store)).reason for _ in range(3)]
    assert reasons == [NOT_WHOLE, "", ""]  # asked for three times, and then taken as it is
    assert len(store.titles) == 44
    assert store.archive.complete


async def test_what_was_missing_on_a_damaged_page_comes_when_it_is_mended(site: WordPress) -> None:
    address, store = by_pages(site), MemoryStore()
    site.after = damage_on_page_2
    assert not (await archive(address, store)).complete
    assert len(store.titles) == 44
    site.after = lambda path, answer: answer
    assert (await archive(address, store)).complete
    assert set(store.titles) == set(titles(site))


# ── what changes behind the place where one is ──────────────────────────────────────────────


@pytest.mark.parametrize("moment", range(2, 9))
async def test_by_pages_a_post_that_goes_meanwhile_costs_none_of_the_others(
    site: WordPress, moment: int
) -> None:
    address, store = by_pages(site), MemoryStore()

    def delete(number: int) -> None:
        if number == moment:
            site.delete(43)

    site.before = delete
    archived = await archive(address, store)
    assert archived.complete
    assert set(titles(site)) <= set(store.titles)
    again = await archive(address, store)
    assert (again.complete, again.fetched) == (True, 44)


@pytest.mark.parametrize("way", [by_rest, by_pages])
async def test_what_is_published_late_with_an_old_date_comes_too(
    site: WordPress, way: Callable[[WordPress], str]
) -> None:
    address, store = way(site), MemoryStore()
    drafts = [post for post in site.posts if post.number in (30, 44)]
    site.delete(30, 44)
    assert (await archive(address, store)).complete
    site.posts = sorted([*site.posts, *drafts], key=lambda post: -post.number)
    archived = await archive(address, store)
    assert (archived.complete, archived.fetched) == (True, len(site.posts))
    assert set(store.titles) == set(titles(site))


async def test_by_pages_one_post_dated_anew_hides_none_of_the_new(site: WordPress) -> None:
    address, store = by_pages(site), MemoryStore()
    assert (await archive(address, store)).complete
    site.publish(35)
    pinned = next(post for post in site.posts if post.number == 38)
    site.posts = [pinned, *(post for post in site.posts if post is not pinned)]
    archived = await archive(address, store)
    assert (archived.complete, archived.fetched) == (True, 80)
    assert set(store.titles) == set(titles(site))


@pytest.mark.parametrize("fault", [MISSING, LOGIN, Answer(200, b""), Answer(403), Answer(410)])
async def test_by_pages_one_that_is_not_there_for_a_moment_is_not_the_end(
    site: WordPress, fault: Answer
) -> None:
    address, store = by_pages(site), MemoryStore()
    site.faults = {3: fault}
    archived = await archive(address, store)
    assert (archived.complete, archived.fetched) == (True, 45)


async def test_by_pages_what_seemed_to_be_the_end_is_looked_beyond_by_the_next_run(
    site: WordPress,
) -> None:
    address, store = by_pages(site), MemoryStore()
    site.faults = {3: MISSING, 4: MISSING}
    assert (await archive(address, store)).fetched == 20
    archived = await archive(address, store)
    assert (archived.complete, archived.fetched) == (True, 45)


async def test_by_pages_a_feed_without_posts_for_a_moment_is_no_empty_archive(
    site: WordPress,
) -> None:
    address, store = by_pages(site), MemoryStore()
    await archive(address, store)
    posts, site.posts = site.posts, []
    archived = await archive(address, store)
    assert (archived.complete, archived.fetched) == (False, 45)
    assert archived.reason == "has no posts now, although it had some"
    site.posts = posts
    archived = await archive(address, store)
    assert (archived.complete, archived.fetched) == (True, 45)


@pytest.mark.parametrize("answer", [MISSING, LOGIN, Answer(400), Answer(403), Answer(302)])
async def test_by_pages_whatever_a_site_answers_behind_the_last_page_is_the_end(
    site: WordPress, answer: Answer
) -> None:
    address, store = by_pages(site), MemoryStore()
    site.after = lambda path, usual: answer if usual.status == 404 else usual
    for _ in range(2):
        archived = await archive(address, store)
        assert (archived.complete, archived.fetched, archived.reason) == (True, 45, "")


async def test_by_rest_one_page_for_all_is_no_archive_and_pages_are_tried(site: WordPress) -> None:
    address, store = by_rest(site), MemoryStore()
    first = site._posts({"orderby": "id", "order": "desc", "per_page": "100", "offset": "0"})
    site.after = lambda path, usual: first if "/posts?" in path else usual
    archived = await archive(address, store)
    assert store.archive.method == "paged"
    assert (archived.complete, archived.fetched) == (True, 320)


async def test_by_rest_what_is_closed_for_good_goes_on_by_pages(site: WordPress) -> None:
    address, store = by_rest(site), MemoryStore()
    assert (await archive(address, store)).complete
    site.publish(15)
    site.after = lambda path, usual: REFUSED if "/posts?" in path else usual
    reasons = [(await archive(address, store)).reason for _ in range(2)]
    assert reasons == ["refuses to answer (401)", ""]
    assert set(store.titles) == set(titles(site))


@pytest.mark.parametrize("answer", [MAINTENANCE, Answer(429)])
async def test_by_rest_who_wants_to_be_left_alone_is_not_asked_for_pages_instead(
    site: WordPress, answer: Answer
) -> None:
    address, store = by_rest(site), MemoryStore()
    assert (await archive(address, store)).complete
    site.after = lambda path, usual: answer if "/posts?" in path else usual
    for _ in range(2):
        store.state = None  # whatever was kept of it, the second run asks
        assert not (await archive(address, store)).complete
    assert not any("paged=" in path for path in site.asked)
    assert store.archive.method == "rest"


async def test_by_rest_what_is_out_of_order_twice_goes_on_by_pages(site: WordPress) -> None:
    address, store = by_rest(site), MemoryStore()
    assert (await archive(address, store)).complete
    site.after = lambda path, usual: Answer(500) if "/posts?" in path else usual
    reasons = [(await archive(address, store)).reason for _ in range(2)]
    assert reasons == ["has trouble at its end (500)", ""]
    assert store.archive.method == "paged"


async def test_what_is_no_longer_left_out_comes_with_the_next_run(site: WordPress) -> None:
    address, store = by_rest(site), MemoryStore()
    site.publish(5, EVENTS)
    left_out = Source(address, left_out=("events",))
    assert (await archive(address, store, source=left_out)).complete
    assert len(store.titles) == 320
    assert (await archive(address, store)).complete
    assert len(store.titles) == 325


async def test_what_the_store_or_this_program_cannot_do_ends_the_run(site: WordPress) -> None:
    class Full(MemoryStore):
        def save_page(self, address: str, feed: Feed, state: ArchiveState) -> Future[Saved]:
            raise StoreUnwritable("/x/cache.db could not be written: the disk is full.")

    class Defective(MemoryStore):
        def save_page(self, address: str, feed: Feed, state: ArchiveState) -> Future[Saved]:
            raise ZeroDivisionError

    address = by_rest(site)
    archived = await archive(address, Full())
    assert archived.reason == (
        "could not be stored: /x/cache.db could not be written: the disk is full"
    )
    archived = await archive(address, Defective())
    assert archived.reason == "met a defect of this program (ZeroDivisionError)"

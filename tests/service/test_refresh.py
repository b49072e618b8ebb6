from datetime import timedelta
from typing import TypeVar

import pytest

from nordic_tui.errors import (
    TimedOut,
    Unreachable,
)
from nordic_tui.model import (
    ArchiveState,
    Feed,
    Login,
    Manner,
    Response,
    Source,
)
from nordic_tui.service.refresh import (
    Finished,
    Stored,
    Unchanged,
)
from tests.fakes import BLOG, NEWS, NOW, Asked, feed
from tests.service.world import (
    DAY_S,
    FIRST_ANSWER,
    INTERVAL_S,
    MOVED,
    ONE,
    TWO,
    World,
    after,
)

T = TypeVar("T")


# ── a good answer ───────────────────────────────────────────────────────────────────────────


async def test_a_feed_is_stored_with_its_validators(world: World) -> None:
    assert await world.outcome() == Stored("News", new=2, changed=0)
    assert world.titles() == {"a", "b"}
    state = world.state()
    assert world.fetcher.asked == [Asked(NEWS)]
    assert (state.etag, state.last_modified) == ("v1", FIRST_ANSWER.last_modified)
    assert (state.validated, state.answered_by, state.parser) == (NEWS, NEWS, 7)
    assert state.checked_at == NOW
    assert (state.failures, state.error, state.stopped) == (0, "", False)
    assert (state.asked, state.spared, state.outcome) == (1, 0, "2 posts, 2 new")


async def test_what_a_source_posts_and_says_tells_when_it_is_asked_again(world: World) -> None:
    await world.refresh()
    state = world.state()
    assert state.rhythm_s == DAY_S  # its two posts are a day apart
    assert (state.next_at, state.next_why) == (after(DAY_S / 2), "it posts about once a day")
    world.decoder.feeds[ONE] = feed("a", "b", "c")._replace(update_s=DAY_S)
    world.fetcher.answers[NEWS] = FIRST_ANSWER._replace(body=TWO, max_age_s=0.75 * DAY_S)
    world.decoder.feeds[TWO] = feed("a", "b", "c")._replace(update_s=DAY_S)
    await world.refresh()
    assert world.state().update_s == DAY_S
    assert world.state().next_why == "it says that it is updated once a day"
    # What was learned then counts also when nothing is read.
    world.fetcher.answers[NEWS] = Response(url=NEWS, not_modified=True)
    await world.refresh()
    assert world.state().next_at == after(DAY_S)


async def test_what_is_new_and_changed_is_counted(world: World) -> None:
    await world.refresh()
    longer = feed("a").entries[0]._replace(excerpt="Told at length.")
    world.fetcher.answers[NEWS] = Response(url=NEWS, body=TWO)
    newer = (*feed("c").entries, longer)
    world.decoder.feeds[TWO] = Feed(entries=newer, warnings=("An entry was skipped.",))
    expected = Stored("News", new=1, changed=1, warnings=("An entry was skipped.",))
    assert await world.outcome() == expected
    assert world.titles() == {"a", "b", "c"}


async def test_a_post_that_two_sources_bring_is_new_once(world: World) -> None:
    other = "https://news.example/category/police/feed/"
    site = feed("a", "b")
    category = site._replace(entries=(*site.entries[:1], *feed("c").entries))
    world.store.follow_now([Source(NEWS, "News"), Source(other, "Police")])
    world.fetcher.answers[other] = Response(url=other, body=TWO)
    world.decoder.feeds[TWO] = category
    *events, finished = await world.refresh(NEWS, other)
    assert sorted(event.new for event in events if isinstance(event, Stored)) == [2, 2]
    assert finished == Finished(asked=2, failed=0, new=3)
    assert {state.outcome for state in world.store.states()} == {"2 posts, 2 new"}


async def test_a_304_keeps_posts_and_validators_and_asks_no_decoder(world: World) -> None:
    await world.refresh()
    before = world.state()
    world.clock.move(hours=1)
    world.fetcher.answers[NEWS] = Response(url=NEWS, not_modified=True)
    assert await world.outcome() == Unchanged("News")
    assert world.fetcher.asked[-1] == KNOWN
    assert world.decoder.decoded == [ONE]
    assert world.titles() == {"a", "b"}
    now = world.clock()
    assert world.state() == before._replace(
        checked_at=now,
        next_at=now + timedelta(seconds=DAY_S / 2),
        asked=2,
        spared=1,
        not_modified=1,
        outcome="304: nothing changed",
    )


async def test_the_same_body_again_is_unchanged_and_its_new_validators_count(world: World) -> None:
    await world.refresh()
    world.fetcher.answers[NEWS] = FIRST_ANSWER._replace(etag="v2", last_modified="")
    assert await world.outcome() == Unchanged("News")
    assert world.decoder.decoded == [ONE]
    assert (world.state().etag, world.state().last_modified) == ("v2", "")
    state = world.state()
    assert (state.spared, state.not_modified, state.outcome) == (1, 0, "the same as before")


async def test_validators_are_of_the_address_that_gave_them(world: World) -> None:
    """A temporary redirect that leads elsewhere the next day gets none of another's."""
    first, second = "https://one.example/", "https://two.example/"
    world.fetcher.answers[NEWS] = FIRST_ANSWER._replace(url=first)
    await world.refresh()
    assert world.state().answered_by == first
    world.fetcher.answers[NEWS] = FIRST_ANSWER._replace(url=second, body=TWO)
    await world.refresh()
    assert world.fetcher.asked[-1].validators_of == first
    # The same bytes from yet another one.
    world.fetcher.answers[NEWS] = FIRST_ANSWER._replace(url=first, body=TWO)
    await world.refresh()
    assert world.fetcher.asked[-1].validators_of == second
    assert world.state().answered_by == first
    # Of none they are told to none.
    world.fetcher.answers[NEWS] = Response(url=second, body=ONE)
    world.store.save_state(world.state()._replace(parser=6)).result()
    await world.refresh()
    assert world.fetcher.asked[-1] == Asked(NEWS)


async def test_another_version_of_the_decoders_reads_it_anew(world: World) -> None:
    await world.refresh()
    older = world.state()._replace(parser=6)
    world.store.save_state(older).result()
    assert await world.outcome() == Stored("News", new=0, changed=0)
    assert world.fetcher.asked[-1] == Asked(NEWS), "no validators"
    assert world.decoder.decoded == [ONE, ONE]
    assert world.state().parser == 7


async def test_an_answer_without_validators_forgets_the_old_ones(world: World) -> None:
    await world.refresh()
    world.fetcher.answers[NEWS] = Response(url=NEWS, body=TWO)
    await world.refresh()
    assert (world.state().etag, world.state().last_modified) == ("", "")


async def test_of_a_damaged_feed_no_validator_is_kept(world: World) -> None:
    damaged = feed("a", "b")._replace(warnings=("The feed is damaged at line 7.",))
    world.decoder.feeds[ONE] = damaged
    assert await world.outcome() == Stored("News", 2, 0, damaged.warnings)
    assert (world.state().etag, world.state().last_modified) == ("", "")
    # As long as it stays so it is read once, and what is mended is seen at once.
    assert await world.outcome() == Unchanged("News")
    assert (world.state().etag, world.decoder.decoded) == ("", [ONE])
    world.fetcher.answers[NEWS] = FIRST_ANSWER._replace(body=TWO)
    await world.refresh()
    assert world.state().etag == "v1"


async def test_that_a_feed_is_damaged_is_kept_until_one_is_sound(world: World) -> None:
    damaged = feed("a", "b")._replace(warnings=("Line 7.", "Something before it.", "More."))
    world.decoder.feeds[ONE] = damaged
    await world.refresh()
    assert world.state().warning == "Line 7. Something before it."
    assert await world.outcome() == Unchanged("News")
    assert world.state().warning == "Line 7. Something before it."
    for answer in (Response(url=NEWS, not_modified=True), TimedOut("did not answer")):
        world.fetcher.answers[NEWS] = answer
        await world.refresh()
        assert world.state().warning == "Line 7. Something before it."
    world.fetcher.answers[NEWS] = FIRST_ANSWER._replace(body=TWO)
    await world.refresh()
    assert world.state().warning == ""


async def test_of_a_feed_that_breaks_off_the_rest_is_asked_for(world: World) -> None:
    await world.refresh()
    half = Feed(entries=feed("c").entries, cut_off=True)
    world.fetcher.answers[NEWS] = FIRST_ANSWER._replace(etag="v2", body=TWO)
    world.decoder.feeds[TWO] = half
    assert await world.outcome() == Stored("News", new=1, changed=0)
    assert (world.state().etag, world.state().last_modified) == ("", "")
    # The same bytes again, which are whole by now for all that the program knows of them.
    world.decoder.feeds[TWO] = half._replace(entries=feed("c", "d").entries, cut_off=False)
    assert await world.outcome() == Stored("News", new=1, changed=0)
    assert world.titles() == {"a", "b", "c", "d"}
    assert world.state().etag == "v2"


async def test_a_feed_without_posts_takes_none_away(world: World) -> None:
    await world.refresh()
    world.fetcher.answers[NEWS] = Response(url=NEWS, body=b"empty")
    world.decoder.feeds[b"empty"] = Feed(title="News")
    assert await world.outcome() == Stored("News", new=0, changed=0)
    assert world.titles() == {"a", "b"}
    assert world.state().outcome == "no posts this time"
    assert world.state().rhythm_s == DAY_S


# ── as a person wishes ──────────────────────────────────────────────────────────────────────


async def test_an_interval_of_its_own_wins(world: World) -> None:
    world.refresher.follow([Source(NEWS), Source(BLOG, interval_s=2 * INTERVAL_S)])
    world.fetcher.answers[BLOG] = Response(url=BLOG, body=TWO, max_age_s=DAY_S)
    await world.refresh(BLOG)
    state = world.state(BLOG)
    assert (state.next_at, state.next_why) == (after(2 * INTERVAL_S), "every 2 hours, as you set")


async def test_posts_of_categories_that_are_left_out_are_not_stored(world: World) -> None:
    world.refresher.follow([Source(NEWS, left_out=("events",))])
    both = (*feed("a").entries, *feed("b", categories=("Events",)).entries)
    world.decoder.feeds[ONE] = Feed("News", entries=both)
    assert await world.outcome() == Stored("News", new=1, changed=0)
    assert world.titles() == {"a"}


async def test_what_is_no_longer_left_out_comes_with_the_next_answer(world: World) -> None:
    both = (*feed("a").entries, *feed("b", categories=("Events",)).entries)
    world.decoder.feeds[ONE] = Feed("News", entries=both)
    world.refresher.follow([Source(NEWS, left_out=("Jobs", "Events"))])
    await world.refresh()
    world.refresher.follow([Source(NEWS, left_out=("events", "jobs"))])
    assert await world.outcome() == Unchanged("News")
    world.refresher.follow([Source(NEWS)])
    assert await world.outcome() == Stored("News", new=1, changed=0)
    assert world.titles() == {"a", "b"}
    assert [asked.etag for asked in world.fetcher.asked] == ["", "v1", ""]


KNOWN = Asked(NEWS, "v1", FIRST_ANSWER.last_modified, validators_of=NEWS)
OWN = Manner("me/1", (("X-Key", "1"),), Login(variable="TOKEN"))


async def test_a_source_is_asked_in_its_manner(world: World) -> None:
    world.refresher.follow([Source(NEWS, manner=OWN), Source(BLOG)])
    await world.refresh(NEWS, BLOG)
    assert {asked.address: asked.manner for asked in world.fetcher.asked} == {
        NEWS: OWN,
        BLOG: Manner(),
    }
    assert world.refresher.manner_of(NEWS) == OWN
    assert world.refresher.manner_of("https://unknown.example/") == Manner()


async def test_where_it_moved_to_another_host_it_is_asked_without_secrets(world: World) -> None:
    world.refresher.follow([Source(NEWS, manner=OWN)])
    world.store.save_state(world.state()._replace(read_from=MOVED)).result()
    world.fetcher.answers[MOVED] = FIRST_ANSWER
    await world.refresh()
    assert world.fetcher.asked == [Asked(MOVED, manner=Manner("me/1"))]


# ── the archive ─────────────────────────────────────────────────────────────────────────────

WHOLE = ArchiveState(NEWS, "rest", "{}", fetched=2, total=2, complete=True)


@pytest.mark.parametrize(
    ("titles", "archive", "is_whole"),
    [
        (("z", "y"), True, False),
        (("z", "z"), True, False),
        (("z", "a"), True, True),
        ((), True, True),
        (("z", "y"), False, True),
    ],
    ids=["no overlap", "one post twice", "overlap", "empty", "not kept"],
)
async def test_a_feed_with_none_of_the_posts_of_before_opens_the_archive_again(
    world: World, titles: tuple[str, ...], archive: bool, is_whole: bool
) -> None:
    world.refresher.follow([Source(NEWS, archive=archive)])
    world.store.save_archive(WHOLE).result()
    await world.refresh()
    assert world.store.archives()[NEWS].complete, "the first posts of a source miss nothing"
    world.fetcher.answers[NEWS] = FIRST_ANSWER._replace(body=TWO)
    world.decoder.feeds[TWO] = feed(*titles)
    await world.refresh()
    assert world.store.archives()[NEWS] == WHOLE._replace(complete=is_whole)


# ── a WordPress site's categories ───────────────────────────────────────────────────────────


async def test_after_posts_of_a_wordpress_site_its_categories_are_learned(world: World) -> None:
    world.fetcher.answers[NEWS] = FIRST_ANSWER._replace(offers_rest=True)
    assert await world.outcome() == Stored("News", new=2, changed=0)
    await world.refresh(BLOG)
    assert world.learned == [NEWS]
    state = world.state()
    assert (state.rest, state.terms_at) == ("https://news.example/wp-json/", NOW)
    assert state.outcome == "2 posts, 2 new"


async def test_where_a_site_does_not_offer_them_nothing_is_tried(world: World) -> None:
    world.decoder.feeds[ONE] = feed("a", "b")._replace(is_wordpress=True)
    assert await world.outcome() == Stored("News", new=2, changed=0)
    assert (world.learned, world.state().terms_at) == ([], None)


async def test_the_decoder_is_told_how_many_bodies_may_come(world: World) -> None:
    await world.refresh()
    assert world.decoder.expected == 1
    await world.refresh()
    assert world.decoder.expected == 0


async def test_they_are_asked_for_once_a_day_and_only_with_new_posts(world: World) -> None:
    titles = ["a"]

    async def publish(*new: str) -> None:
        titles[:0] = new
        body = " ".join(titles).encode() + bytes(len(world.learned))
        world.decoder.feeds[body] = feed(*titles)
        world.fetcher.answers[NEWS] = Response(url=NEWS, body=body, offers_rest=True)
        await world.refresh()

    await publish()
    await publish("b")
    assert len(world.learned) == 1
    world.clock.move(hours=23)
    await publish("c")
    assert len(world.learned) == 1
    world.clock.move(hours=1)
    await publish("d")
    assert len(world.learned) == 2
    world.clock.move(hours=25)
    await publish()
    assert len(world.learned) == 2


async def test_what_fails_there_is_no_failure_of_the_source(world: World) -> None:
    world.fetcher.answers[NEWS] = FIRST_ANSWER._replace(offers_rest=True)
    world.learning = Unreachable("could not be reached")
    assert await world.outcome() == Stored("News", new=2, changed=0)
    assert (world.state().error, world.state().terms_at) == ("", NOW)

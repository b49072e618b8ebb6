"""A large feed: its first posts are there while the rest is read."""

from collections.abc import AsyncGenerator, Sequence

from nordic_tui.errors import (
    WorkerDied,
)
from nordic_tui.model import (
    Feed,
    Source,
    SourceState,
)
from nordic_tui.service import decide
from nordic_tui.service import refresh as refresh_module
from nordic_tui.service.refresh import (
    Event,
    Failed,
    Finished,
    Growing,
    Refresher,
    Started,
    Stored,
)
from tests.fakes import NEWS, FakeDecoder, FakeFetcher, FixedClock, feed
from tests.service.world import FIRST_ANSWER, INTERVAL_S, FullDisk, World, after

# ── in parts ────────────────────────────────────────────────────────────────────────────────


class PartDecoder(FakeDecoder):
    """Gives a large feed in parts, then the error if there is one."""

    def __init__(self, parts: Sequence[Feed], error: WorkerDied | None = None) -> None:
        super().__init__()
        self.given = parts
        self.error = error
        self.is_free = True

    async def parts(
        self, body: bytes, *, media_type: str = "", url: str = ""
    ) -> AsyncGenerator[Feed, None]:
        self.is_free = False
        try:
            for part in self.given:
                yield part
            if self.error is not None:
                raise self.error
        finally:
            self.is_free = True


LARGE = b"<rss>" + b" " * refresh_module.LARGE_BYTES
PARTS = (feed("a", "b"), feed("c", "d", categories=("Events",)), feed("e"))


async def refresh_large(world: World, decoder: PartDecoder) -> list[Event]:
    world.fetcher.answers[NEWS] = FIRST_ANSWER._replace(body=LARGE)
    world.refresher = Refresher(
        world.fetcher.open,
        decoder.open,
        world.store,
        world.clock,
        interval_s=INTERVAL_S,
        parser=7,
        chance=lambda: 0.0,
    )
    world.refresher.follow([Source(NEWS, "News", left_out=("events",))])
    return await world.refresh()


async def test_of_a_large_feed_the_first_posts_are_there_while_it_is_read(world: World) -> None:
    seen: list[set[str]] = []

    class Watching(PartDecoder):
        async def parts(
            self, body: bytes, *, media_type: str = "", url: str = ""
        ) -> AsyncGenerator[Feed, None]:
            async for part in super().parts(body):
                yield part
                seen.append(world.titles())

    assert await refresh_large(world, Watching(PARTS)) == [
        Started(1),
        Growing("News", 2),
        Growing("News", 0),
        Stored("News", new=3, changed=0),
        Finished(asked=1, failed=0, new=3),
    ]
    assert seen == [set(), {"a", "b"}, {"a", "b"}]
    assert world.titles() == {"a", "b", "e"}
    state = world.state()
    assert (state.etag, state.validated, state.outcome) == (
        "v1",
        decide.validated(state, ["events"]),
        "5 posts, 3 new",
    )
    assert state.rhythm_s == 0  # of all parts: each has one that is a day old


async def test_a_large_feed_that_cannot_be_read_to_its_end_keeps_what_came(world: World) -> None:
    decoder = PartDecoder(PARTS, WorkerDied("took longer than 20 s to read and was stopped"))
    *_, failed, finished = await refresh_large(world, decoder)
    assert failed == Failed("News", str(decoder.error), after(INTERVAL_S))
    assert finished == Finished(asked=1, failed=1, new=0)
    assert world.titles() == {"a", "b"}
    assert (world.state().etag, world.state().body_hash) == ("", "")


async def test_parts_that_cannot_be_stored_leave_the_decoder_free() -> None:
    fetcher = FakeFetcher({NEWS: FIRST_ANSWER._replace(body=LARGE)})
    decoder = PartDecoder(PARTS)
    refresher = Refresher(
        fetcher.open, decoder.open, FullDisk(), FixedClock(), interval_s=INTERVAL_S, parser=7
    )
    events: list[Event] = []
    finished = await refresher.run([SourceState(NEWS, title="News")], events.append)
    assert finished == Finished(1, failed=1, new=0)
    assert decoder.is_free

"""Another instance of the program, on the same files: what it writes is seen, and waited for."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from nordic_tui.errors import StoreError
from nordic_tui.model import Answer, SourceState, View
from nordic_tui.service import refresh
from nordic_tui.service.history import History
from nordic_tui.service.refresh import GAVE_UP
from nordic_tui.store.store import Store
from nordic_tui.tui import refreshing
from nordic_tui.tui.screens import reader
from tests.fakes import BLOG, NEWS, FakeServices, decided, feed, make_services

from .helpers import bottom, lines, press, run, said, status, text, until

OLD = feed("One", "Two")


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "OTHERS_EVERY_S", 0.01)
    monkeypatch.setattr(refresh, "LOOKS_EVERY_S", 0.001)


def left(folder: Path) -> list[Path]:
    return list(folder.glob("history.db*"))


@contextmanager
def other(folder: Path, fake: FakeServices) -> Iterator[Store]:
    files = [folder / f"{name}.db" for name in ("cache", "history", "library")]
    store = Store.open(*files, clock=fake.services.clock)
    yield store
    store.close()


async def test_what_another_instance_brings_is_seen(tmp_path: Path) -> None:
    with make_services({NEWS: OLD}, shared=tmp_path) as fake, other(tmp_path, fake) as theirs:
        async with run(fake.services) as (app, pilot):
            assert "2 posts · 2 unread" in text(app, app.reader.heading)
            theirs.mark([fake.post_id("Two")], True).result(timeout=5)
            await until(pilot, lambda: "1 unread" in text(app, app.reader.heading))
            theirs.star([fake.post_id("One")], True).result(timeout=5)
            await until(pilot, lambda: "★" in text(app, app.reader.posts))
            new = feed("New", "One", "Two")
            theirs.save_feed(NEWS, new, SourceState(NEWS)).result(timeout=5)
            await until(pilot, lambda: "1 new · press ." in lines(app)[0])
            assert "New" not in text(app, app.reader.posts), "it moves nobody"
            await press(pilot, "full_stop")
            assert "New" in text(app, app.reader.posts)
            await press(pilot, "u")
            await until(pilot, lambda: said(app).startswith("Took back: Starred"))
            await until(pilot, lambda: "★" not in text(app, app.reader.posts))


async def test_where_nobody_writes_nothing_is_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with make_services({NEWS: OLD}, shared=tmp_path) as fake:
        async with run(fake.services) as (app, pilot):
            looks: list[None] = []
            look = fake.store.notice_others

            def counted() -> None:
                looks.append(None)
                look()

            monkeypatch.setattr(fake.store, "notice_others", counted)
            await until(pilot, lambda: len(looks) > 1)
            fake.store.load_states().result(timeout=5)
            await pilot.pause(0)
            drawn: list[object] = []
            monkeypatch.setattr(app.reader, "show_status", lambda: drawn.append("status"))
            monkeypatch.setattr(app.reader, "_show_marks", lambda: drawn.append("marks"))
            before = len(looks)
            await until(pilot, lambda: len(looks) > before + 3)
            assert drawn == []


async def test_a_history_that_is_erased_elsewhere_is_forgotten_here(tmp_path: Path) -> None:
    keep = decided(Answer.KEEP)
    with make_services({NEWS: OLD}, shared=tmp_path, home=tmp_path, consent=keep) as fake:
        fake.store.mark([fake.post_id("One")], True).result(timeout=5)
        async with run(fake.services) as (app, pilot):
            assert "1 unread" in text(app, app.reader.heading)
            with other(tmp_path, fake) as theirs:
                file = tmp_path / "history.db"
                clock = fake.services.clock
                History(theirs, fake.consent_file, file, clock, retention_days=365).erase()
            await until(pilot, lambda: "was erased elsewhere" in said(app))
            await until(pilot, lambda: "2 unread" in text(app, app.reader.heading))
        assert not left(tmp_path)


async def test_what_goes_wrong_with_looking_is_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with make_services({NEWS: OLD}, shared=tmp_path) as fake:
        async with run(fake.services) as (app, pilot):
            looks: list[None] = []

            def damaged() -> None:
                looks.append(None)
                raise StoreError("The file is damaged.")

            monkeypatch.setattr(fake.store, "notice_others", damaged)
            await until(pilot, lambda: said(app) == "The file is damaged.")
            await pilot.pause(0.05)
            assert len(looks) == 1


# ── one refresh at a time ───────────────────────────────────────────────────────────────────


class Held:
    """Another instance that refreshes until `over`, and has asked these by then."""

    def __init__(self, *asked: str) -> None:
        self.over = False
        self.asked = asked
        self.store: Store | None = None

    def begin(self) -> bool:
        if self.over and self.store is not None:
            for state in self.store.load_states().result(timeout=5):
                if state.address in self.asked and state.checked_at is not None:
                    now = state.checked_at.replace(year=2027)
                    self.store.save_state(state._replace(checked_at=now)).result(timeout=5)
        return self.over

    def end(self) -> None:
        """It is nobody's any more."""


async def test_a_key_waits_for_another_instance_and_says_so() -> None:
    held = Held(NEWS)
    with make_services({NEWS: OLD, BLOG: feed("B", title="Blog")}, alone=held) as fake:
        held.store = fake.store
        fake.publish(BLOG, feed("B", title="Blog"))
        async with run(fake.services) as (app, pilot):
            await press(pilot, "r")
            await until(pilot, lambda: said(app) == refreshing.WAITING)
            await until(pilot, lambda: status(app) == "another refreshes …")
            await press(pilot, "escape", "r")
            assert said(app) == refreshing.WAITING
            assert fake.fetcher.asked == []
            held.over = True
            await until(pilot, lambda: "has just asked 1 source; not asked again." in bottom(app))
            assert [each.address for each in fake.fetcher.asked] == [BLOG]


async def test_one_that_comes_to_no_end_is_told_to_who_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(refresh, "PATIENCE_S", 0)
    with make_services({NEWS: OLD}, alone=Held()) as fake:
        async with run(fake.services) as (app, pilot):
            app.reader.watch_refresh.ask_one(fake.store.states()[0], quietly=True)
            await until(pilot, lambda: said(app) == GAVE_UP)
            await until(pilot, lambda: status(app) == "asked 12:00")
            assert fake.fetcher.asked == []
            assert fake.store.count(View(), fake.store.snapshot()) == 2


async def test_a_refresh_by_itself_waits_without_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    held = Held()
    with make_services({NEWS: OLD}, alone=held) as fake:
        fake.publish(NEWS, OLD)
        state = fake.store.states()[0]
        fake.store.save_state(state._replace(next_at=fake.services.clock())).result(timeout=5)
        async with run(fake.services) as (app, pilot):
            app.reader.watch_refresh.start(asked_for=False)
            await until(pilot, lambda: status(app) == "another refreshes …")
            assert said(app) == ""
            held.over = True
            await until(pilot, lambda: len(fake.fetcher.asked) == 1)
            await until(pilot, lambda: status(app) == "asked 12:00")
            assert said(app) == ""

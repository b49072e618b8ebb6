"""Before consent nothing, after "never" nothing, after an erase nothing."""

import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from nordic_tui.config.consent import ConsentFile
from nordic_tui.model import Answer, View
from nordic_tui.service import history
from nordic_tui.store.library import ACT_STEPS
from nordic_tui.tui.app import NordicApp
from tests.fakes import decided
from tests.privacy.reader import ON_THE_PAGE, OTHER, TITLE, TYPED, Home, Story, letters
from tests.privacy.traces import beside_the_posts, column, contents, traces, varint
from tests.terminal import WAIT_S, Terminal
from tests.tui.helpers import press, running_text, said, text, until

Enter = Callable[[], Home]


def app_of(pilot: Pilot[int]) -> NordicApp:
    assert isinstance(pilot.app, NordicApp)
    return pilot.app


async def read_it(pilot: Pilot[int]) -> None:
    """Do with a post all that can be done with one without keeping it."""
    app = app_of(pilot)
    stored = app.services.history.stored
    await press(pilot, "g", "g", "enter")
    await until(pilot, lambda: stored().marks == 1)
    await press(pilot, "G", "g", "g", "x")
    await until(pilot, lambda: stored().texts == 1)
    await until(pilot, lambda: ON_THE_PAGE in text(app))
    await press(pilot, "G", "y")
    await press(pilot, "vertical_line", *letters("cat"), "enter")
    await until(pilot, lambda: "Piped into cat" in said(app))
    await press(pilot, "o")
    await press(pilot, "q")
    await until(pilot, lambda: app.screen is app.reader and stored().positions == 1)
    for key in ("slash", "f"):
        await press(pilot, key)
        await until(pilot, lambda: isinstance(app.focused, Input))
        await press(pilot, *letters(TYPED))
        await until(pilot, lambda: OTHER not in text(app, app.reader.posts))
        await press(pilot, "enter")
        await until(pilot, lambda: not isinstance(app.focused, Input))
        await press(pilot, "escape")
        await until(pilot, lambda: OTHER in text(app, app.reader.posts))
    for key, marks in (("m", 0), ("m", 1), ("A", 2), ("u", 1)):
        await press(pilot, key)
        await until(pilot, partial(has_marks, app, marks))


async def read_it_and_search(pilot: Pilot[int]) -> None:
    """The same, and be within a search at the end: that is where the next start would lead."""
    await read_it(pilot)
    app = app_of(pilot)
    await press(pilot, "slash")
    await until(pilot, lambda: isinstance(app.focused, Input))
    await press(pilot, *letters(TYPED), "enter")
    await until(pilot, lambda: OTHER not in text(app, app.reader.posts) and app.reader.takes_keys)


def has_marks(app: NordicApp, number: int) -> bool:
    return app.services.history.stored().marks == number


async def touch_nothing(pilot: Pilot[int]) -> None:
    await pilot.pause(0)


async def answer(pilot: Pilot[int], *keys: str) -> None:
    app = app_of(pilot)
    await until(pilot, lambda: "May this program keep" in running_text(app))
    await press(pilot, *keys)
    await until(pilot, lambda: app.screen is app.reader)


class Told(NamedTuple):
    """How the question was answered, and what became of the answer."""

    name: str
    keys: Sequence[str] = ()
    """What the question is answered with; nothing: it was answered before."""
    before: Answer | None = None
    """What was answered before."""
    end: str = ""
    """How a history that was kept ends."""

    def __str__(self) -> str:
        return self.name


NEVER_TOLD = (
    Told("Esc", ("escape",)),
    Told("this session only", ("enter",)),
    Told("never", ("tab", "enter")),
    Told("never, long ago", before=Answer.NEVER),
)
TAKEN_BACK = (
    Told("erased on the screen", before=Answer.KEEP, end="screen"),
    Told("erased by the command", before=Answer.KEEP, end="command"),
    Told("kept now, then erased", ("shift+tab", "enter"), end="screen"),
    Told("never to a new notice", before=Answer.KEEP, end="notice"),
    Told("erasing was broken off", before=Answer.KEEP, end="killed"),
    Told("exported, then erased", before=Answer.KEEP, end="exported"),
)


def live(
    home: Home, told: Told, story: Story, while_open: Callable[[], None] = lambda: None
) -> None:
    """One life of a home. while_open: called while the program runs, after the story."""
    if told.before is not None:
        ConsentFile(home.paths.consent_file).save(decided(told.before))

    async def first(pilot: Pilot[int]) -> None:
        if told.keys:
            await answer(pilot, *told.keys)
        await story(pilot)
        while_open()
        if told.end == "exported":
            await press(pilot, "H", "tab", "enter")
            await until(pilot, lambda: "Exported to" in said(app_of(pilot)))
        if told.end in ("screen", "exported"):
            await press(pilot, "H", "tab", "tab", "enter")
            await until(pilot, lambda: "is erased" in said(app_of(pilot)))

    assert home.read(first) == 0
    if told.end == "command":
        assert home.command("data", "erase", "--yes") == 0
        ConsentFile(home.paths.consent_file).save(decided(Answer.NEVER))  # at a fixed time
    elif told.end == "notice":
        with pytest.MonkeyPatch.context() as newer:
            newer.setattr(history, "NOTICE", history.NOTICE + 1)

            async def no(pilot: Pilot[int]) -> None:
                await answer(pilot, "tab", "enter")

            assert home.read(no) == 0
    elif told.end == "killed":
        ConsentFile(home.paths.consent_file).save(decided(Answer.NEVER))
        assert home.paths.history_file.exists()
        assert home.read(touch_nothing) == 0


@pytest.mark.parametrize("told", [*NEVER_TOLD, *TAKEN_BACK], ids=str)
def test_nothing_on_the_disk_tells_that_a_post_was_read(enter: Enter, told: Told) -> None:
    """Told twice, with the post that is read and without: all files are the same, to the byte."""
    home = enter()
    live(home, told, touch_nothing)
    unread = contents(home.path)

    home = enter()

    def look() -> None:
        found = {
            name.partition("-")[0] for name in beside_the_posts(traces(home.path, home.needles))
        }
        assert found == ({"history.db"} if told in TAKEN_BACK else set())

    live(home, told, read_it_and_search, look)
    assert beside_the_posts(traces(home.path, home.needles)) == {}
    read = contents(home.path)
    assert sorted(read) == sorted(unread)
    assert [name for name in read if read[name] != unread[name]] == []


@pytest.mark.parametrize("end", ["quit", "killed", "hung up"])
def test_a_program_of_its_own_in_a_terminal_leaves_nothing(home: Home, end: str) -> None:
    """Also where it could not clear up: a session is in memory alone."""
    screen = Terminal("-m", "nordic_tui")
    try:
        screen.wait_for("May this program keep")
        screen.type("\x1b")
        screen.wait_for("What you read is forgotten")
        screen.type("gg\r")
        screen.wait_for("Space read on")
        screen.type("q")
        screen.wait_for("1 unread")
        screen.type(f"/{TYPED}")
        screen.wait_for(TYPED)
        assert beside_the_posts(traces(home.path, home.needles)) == {}
        if end == "killed":
            screen.process.kill()
        elif end == "hung up":
            screen.hang_up()
        else:
            screen.type("\r")
            screen.wait_for("No post fits this search.")
            screen.type("\x1b")
            screen.wait_for(OTHER)
            screen.type("q")
            assert screen.end() == 0
        screen.process.wait(WAIT_S)
    finally:
        screen.close()
    assert beside_the_posts(traces(home.path, home.needles)) == {}


def test_the_search_would_find_what_a_kept_history_tells(home: Home) -> None:
    """The needles are such as the files have: a search that finds nothing proves nothing."""
    ConsentFile(home.paths.consent_file).save(decided(Answer.KEEP))
    assert home.read(read_it_and_search) == 0
    found = traces(home.path, home.needles)
    assert found["history.db"] >= {"column", "key", "page", "search"}
    assert found["cache.db"] >= {"title", "link", "column"}
    with home.parts() as parts:
        (home.path / "work" / "mine.json").write_text(str(parts.history.export()))
    assert traces(home.path, home.needles)["mine.json"] >= {"number", "title", "link", "search"}


def test_numbers_are_written_as_sqlite_does(tmp_path: Path) -> None:
    for bits in range(48, 64):
        number = 0x5234_5678_9ABC_DEF1 >> (63 - bits)
        file = tmp_path / f"{number}.db"
        connection = sqlite3.connect(file, isolation_level=None)
        connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, other)")
        connection.execute("INSERT INTO t VALUES (?, ?)", (number, number ^ 1))
        connection.close()
        assert varint(number) in file.read_bytes()
        assert column(number ^ 1) in file.read_bytes()


def test_a_star_that_was_taken_off_goes_with_its_undo(home: Home) -> None:
    """What a person starred is kept, and can be taken back; then nothing of it is left."""
    with home.parts() as parts:
        star = parts.keeping.star
        star(home.post_id, True).result(WAIT_S)
        star(home.post_id, False).result(WAIT_S)
    assert "title" in traces(home.path, home.needles)["library.db"]
    with home.parts() as parts:
        rows = parts.store.rows(View(), parts.store.snapshot(), 0, 2)
        other = next(row.id for row in rows if row.title != TITLE)
        for number in range(ACT_STEPS):
            parts.keeping.star(other, number % 2 == 0).result(WAIT_S)
    assert beside_the_posts(traces(home.path, home.needles)) == {}

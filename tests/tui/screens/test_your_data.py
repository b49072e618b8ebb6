"""Your data: what is stored now, and what can be done about it."""

import json
import stat
from pathlib import Path

from nordic_tui.model import Answer
from nordic_tui.tui.app import NordicApp
from tests.fakes import NEWS, decided, feed, make_services
from tests.tui.helpers import press, run, running_text, said, text, until

from .test_consent import POSTS, TITLE, files, told_on_disk

KEEP, NEVER = decided(Answer.KEEP), decided(Answer.NEVER)


def dialog(app: NordicApp) -> str:
    return running_text(app, app.screen.query_one("#box"))


async def test_it_shows_what_is_stored(tmp_path: Path) -> None:
    with make_services({NEWS: POSTS}, consent=KEEP, home=tmp_path) as fake:
        fake.services.history.mark(fake.post_id(TITLE), True).result()
        async with run(fake.services) as (app, pilot):
            await press(pilot, "H")
            shown = dialog(app)
            assert "You agreed on 30 Sep 2026 that the reading history is kept." in shown
            assert "On disk: 1 post read, the oldest of 1 Oct 2026; 0 reading positions." in shown
            assert "~/history.db (" in shown
            assert "each mark for 365 days." in shown
            assert "Stars and tags: none. ~/library.db does not exist." in shown
            assert "An export goes to ~/history.json and is erased with the history." in shown
            assert "Withdraw and erase" in shown
            await press(pilot, "escape")
            assert app.screen is app.reader


async def test_without_a_yes_it_shows_that_nothing_is_stored(tmp_path: Path) -> None:
    with make_services({NEWS: POSTS}, consent=NEVER, home=tmp_path) as fake:
        fake.services.history.mark(fake.post_id(TITLE), True).result()
        async with run(fake.services) as (app, pilot):
            await press(pilot, "H")
            shown = dialog(app)
            assert "You decided on 30 Sep 2026 that no reading history is kept." in shown
            assert "On disk: nothing. ~/history.db does not exist." in shown
            assert "In memory until you quit: 1 post read." in shown
            assert "Keep history from now on" in shown
            assert "erase" not in shown


async def test_to_withdraw_erases_everything(tmp_path: Path) -> None:
    with make_services({NEWS: POSTS}, consent=KEEP, home=tmp_path) as fake:
        fake.services.history.mark(fake.post_id(TITLE), True).result()
        assert told_on_disk(tmp_path, fake) != []
        async with run(fake.services) as (app, pilot):
            assert f"▌  {TITLE}" in text(app, app.reader.posts)
            await press(pilot, "H", "tab", "tab", "enter")
            await until(
                pilot,
                lambda: said(app) == "The reading history is erased, and nothing more is kept.",
            )
            assert files(tmp_path) == [], "the file, -wal and -shm are gone"
            assert f"▌● {TITLE}" in text(app, app.reader.posts), "forgotten in this session too"
            consent = fake.consent_file.consent
            assert consent is not None
            assert consent.answer is Answer.NEVER
            await press(pilot, "m")
            await until(pilot, lambda: said(app) == "Marked as read.")
            assert files(tmp_path) == []


async def test_it_can_be_kept_from_now_on(tmp_path: Path) -> None:
    with make_services({NEWS: POSTS}, consent=NEVER, home=tmp_path) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "H", "tab", "tab", "enter")
            await until(pilot, lambda: "is kept on this machine" in said(app))
            assert fake.services.history.kept
            await press(pilot, "m")
            await until(pilot, lambda: said(app) == "Marked as read.")
            assert told_on_disk(tmp_path, fake) != []


async def test_an_export_is_json_for_ones_own_eyes(tmp_path: Path) -> None:
    with make_services({NEWS: feed("Åse")}, consent=KEEP, home=tmp_path) as fake:
        fake.services.history.mark(fake.post_id("Åse"), True).result()
        async with run(fake.services) as (app, pilot):
            await press(pilot, "H", "tab", "enter")
            await until(pilot, lambda: said(app) == "Exported to ~/history.json.")
        file = tmp_path / "history.json"
        assert json.loads(file.read_text("utf-8")) == fake.services.history.export()
        assert "Åse" in file.read_text("utf-8")
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def test_an_export_that_fails_is_told(tmp_path: Path) -> None:
    with make_services({NEWS: POSTS}, consent=KEEP, home=tmp_path) as fake:
        (tmp_path / "history.json").mkdir()
        async with run(fake.services) as (app, pilot):
            await press(pilot, "H", "tab", "enter")
            await until(
                pilot, lambda: said(app) == "~/history.json could not be written: Is a directory"
            )


async def test_close_changes_nothing(tmp_path: Path) -> None:
    with make_services({NEWS: POSTS}, consent=KEEP, home=tmp_path) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "H")
            assert "▸ Close ◂" in text(app), "the focus starts where nothing happens"
            await press(pilot, "enter")
            await until(pilot, lambda: app.screen is app.reader)
            assert (fake.services.history.kept, said(app)) == (True, "")

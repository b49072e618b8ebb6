"""The question of the first start: answers of one weight, and nothing on disk but after a yes."""

import json
from pathlib import Path

import pytest
from textual.color import Color

from nordic_tui.config.consent import ConsentFile
from nordic_tui.model import Answer
from nordic_tui.service.history import NOTICE
from nordic_tui.tui.app import NordicApp
from nordic_tui.tui.screens.consent import LABELS, ConsentScreen
from nordic_tui.tui.screens.dialog import Choice
from nordic_tui.tui.theme import contrast
from tests.fakes import NEWS, NOW, FakeServices, decided, feed, make_services
from tests.tui.helpers import (
    NARROW,
    SIZES,
    STACKED,
    burst,
    find,
    lines,
    on_post,
    press,
    run,
    said,
    style_at,
    text,
    until,
)

TITLE = "Kyst og krise"
POSTS = feed(TITLE, "Another", categories=("Events",))
QUESTION = "May this program keep a reading history?"


def told_on_disk(home: Path, fake: FakeServices) -> list[Path]:
    """The files that hold the post that was read: its title, or its number in any spelling."""
    number = fake.post_id(TITLE)
    signs = [TITLE.encode(), str(number).encode(), f"{number & (2**64 - 1):x}".encode()]
    signs += [number.to_bytes(8, order, signed=True) for order in ("big", "little")]
    return [file for file in files(home) if any(sign in file.read_bytes() for sign in signs)]


def files(home: Path) -> list[Path]:
    return [file for file in home.rglob("*") if file.is_file()]


async def read_it(app: NordicApp) -> None:
    from textual.pilot import Pilot

    pilot = Pilot(app)
    await press(pilot, "g", "g", "enter")
    await until(pilot, lambda: app.services.history.stored().marks == 1)
    await press(pilot, "G", "q")


# ── the question ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_it_is_asked_over_posts_and_says_all_there_is_to_know(
    size: tuple[int, int], tmp_path: Path
) -> None:
    with make_services({NEWS: POSTS}, consent=None, home=tmp_path) as fake:
        async with run(fake.services, size) as (app, pilot):
            assert isinstance(app.screen, ConsentScreen)
            if size != NARROW:
                assert TITLE in text(app), "the screen behind is not empty"
            pages = []
            for _ in range(12):
                box = lines(app, app.screen.query_one("#box"))
                pages.append([line.strip(" ▁▂▃▄▅▆▇█") for line in box])
                await press(pilot, "pagedown")
            # What does not scroll, the answers, would stand in the middle of a sentence.
            every = list(dict.fromkeys(line for page in pages for line in page))
            scrolls = pages[-1] != pages[0]
            still = [line for line in every if scrolls and all(line in page for page in pages)]
            scrolled = [line for line in every if line not in still]
            words = " ".join(" ".join([*scrolled, *still]).split())
            for said_so in (QUESTION, "posts you read and how far", "full texts you asked for",
                            "on this machine only", "for 365 days", "~/history.db",
                            "Without it everything works", "erase it at any time",
                            "Esc is this session only"):  # fmt: skip
                assert said_so in words
            for label in LABELS.values():
                assert label in text(app), "the answers are there however small the window is"


@pytest.mark.parametrize(
    ("size", "theme"),
    [*((size, "fjord") for size in SIZES), (STACKED, "snow"), (STACKED, "nord")],
    ids=str,
)
async def test_the_answers_weigh_the_same(size: tuple[int, int], theme: str) -> None:
    with make_services({NEWS: POSTS}, consent=None) as fake:
        async with run(fake.services, size) as (app, pilot):
            app.theme = theme
            await pilot.pause()
            choices = list(app.screen.query(Choice))
            assert [choice.label for choice in choices] == [
                "Keep history", "This session only", "Never",
            ]  # fmt: skip
            assert max(c.size.width for c in choices) - min(c.size.width for c in choices) <= 1
            assert {choice.size.height for choice in choices} == {1}
            looks = []
            for choice in choices:
                # Each as it looks with the focus, and without it.
                for other in (choice, choices[choices.index(choice) - 1]):
                    app.screen.set_focus(other)
                    await pilot.pause()
                    looks.append((other is choice, style_at(app, *find(app, choice.label))))
            assert len({style for focused, style in looks if focused}) == 1
            assert len({style for focused, style in looks if not focused}) == 1
            for _, style in looks:
                assert style.color is not None
                assert style.bgcolor is not None
                ink, page = map(Color.from_rich_color, (style.color, style.bgcolor))
                assert contrast(ink, page) >= 4.5


async def test_no_answer_means_yes_by_default() -> None:
    with make_services({NEWS: POSTS}, consent=None) as fake:
        async with run(fake.services, STACKED) as (app, pilot):
            assert "▸ This session only ◂" in text(app)
            await press(pilot, "enter")
            await until(pilot, lambda: app.screen is app.reader)
            assert said(app) == "What you read is forgotten when you quit."
            assert not fake.services.history.kept


@pytest.mark.parametrize(
    ("keys", "answer"),
    [
        (("escape",), Answer.SESSION),
        (("enter",), Answer.SESSION),
        (("tab", "enter"), Answer.NEVER),
        (("l", "space"), Answer.NEVER),
        (("shift+tab", "enter"), Answer.KEEP),
        (("left", "enter"), Answer.KEEP),
        (("tab", "tab", "enter"), Answer.KEEP),
    ],
    ids=str,
)
async def test_keys_choose(keys: tuple[str, ...], answer: Answer, tmp_path: Path) -> None:
    with make_services({NEWS: POSTS}, consent=None, home=tmp_path) as fake:
        async with run(fake.services) as (app, pilot):
            await burst(pilot, *keys)
            await until(pilot, lambda: app.screen is app.reader)
            assert fake.services.history.kept == (answer is Answer.KEEP)
            assert not fake.services.history.unanswered
            kept = fake.consent_file.consent
            if answer is Answer.SESSION:
                assert kept is None
            else:
                assert kept is not None
                assert (kept.answer, kept.at, kept.notice) == (answer, NOW, NOTICE)


async def test_the_mouse_chooses() -> None:
    with make_services({NEWS: POSTS}, consent=None) as fake:
        async with run(fake.services) as (app, pilot):
            await pilot.click(offset=find(app, "Never"), times=2)
            await until(pilot, lambda: said(app) == "No reading history is kept. H changes that.")


async def test_an_enter_typed_twice_answers_once() -> None:
    with make_services({NEWS: POSTS}, consent=None) as fake:
        async with run(fake.services) as (app, pilot):
            await burst(pilot, "enter", "enter", "escape")
            await until(pilot, lambda: said(app) == "What you read is forgotten when you quit.")
            assert app.screen is app.reader


async def test_an_answer_to_an_older_notice_is_asked_for_again() -> None:
    older = decided(Answer.KEEP, notice=NOTICE - 1)
    with make_services({NEWS: POSTS}, consent=older) as fake:
        async with run(fake.services) as (app, _):
            assert QUESTION in text(app)
    for answer in (Answer.KEEP, Answer.NEVER):
        with make_services({NEWS: POSTS}, consent=decided(answer)) as fake:
            async with run(fake.services) as (app, _):
                assert app.screen is app.reader


# ── what is on disk ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("keys", [(), ("escape",), ("tab", "enter")], ids=["none yet", "session",
                                                                          "never"])  # fmt: skip
async def test_nothing_of_what_is_read_is_on_disk_without_a_yes(
    keys: tuple[str, ...], tmp_path: Path
) -> None:
    with make_services({NEWS: POSTS}, consent=None, home=tmp_path) as fake:
        async with run(fake.services) as (app, pilot):
            if keys:
                await press(pilot, *keys)
                await until(pilot, lambda: app.screen is app.reader)
                await read_it(app)
            else:
                fake.services.history.mark(fake.post_id(TITLE), True).result()
            assert told_on_disk(tmp_path, fake) == []
        assert told_on_disk(tmp_path, fake) == []
        assert not (tmp_path / "history.db").exists()


async def test_after_a_yes_what_is_read_is_kept(tmp_path: Path) -> None:
    with make_services({NEWS: POSTS}, consent=None, home=tmp_path) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "shift+tab", "enter")
            await until(pilot, lambda: "is kept on this machine" in said(app))
            assert (tmp_path / "history.db").exists()
            await read_it(app)
    kept = fake.consent_file.consent
    with make_services({NEWS: POSTS}, consent=kept, home=tmp_path) as again:
        async with run(again.services) as (app, _):
            assert f"▌  {TITLE}" in text(app, app.reader.posts), "read"
            assert "● Another" in text(app, app.reader.posts)


async def test_what_was_read_before_the_answer_counts_after_it(tmp_path: Path) -> None:
    with make_services({NEWS: POSTS}, consent=None, home=tmp_path) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "escape")
            await read_it(app)
            await press(pilot, "H", "shift+tab", "enter")
            await until(pilot, lambda: "is kept on this machine" in said(app))
            assert fake.services.history.stored().marks == 1
            assert on_post(app) == TITLE


async def test_an_answer_that_can_not_be_kept_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: object) -> None:
        raise OSError(28, "No space left on device")

    with make_services({NEWS: POSTS}, consent=None) as fake:
        async with run(fake.services) as (app, pilot):
            monkeypatch.setattr(fake.consent_file, "save", full)
            await press(pilot, "tab", "enter")
            await until(pilot, lambda: said(app).startswith("Your answer could not be kept:"))


def test_the_decision_has_its_time_and_the_notices_version(tmp_path: Path) -> None:
    file = tmp_path / "consent.json"
    ConsentFile(file).save(decided(Answer.NEVER))
    assert set(json.loads(file.read_text())) == {"answer", "at", "notice"}

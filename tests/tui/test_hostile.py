"""A feed of ill will: whatever its texts say, they are shown as text, or not at all."""

import json
import re
import unicodedata

import pytest

from nordic_tui.decode.detect import decode
from nordic_tui.model import Enclosure, Entry, Feed, Rule, SavedView, View
from nordic_tui.text import clean
from nordic_tui.tui.app import NordicApp
from tests.fakes import NEWS, make_services

from .helpers import (
    HOSTILE,
    SMALL,
    find,
    lines,
    of,
    press,
    run,
    running_text,
    strips,
    text,
    until,
)


def nasty(said: str) -> Entry:
    """A post of which every part says it, as only a store of another program could hold it."""
    return Entry(
        guid=said,
        link="https://news.example/" + said,
        title=said,
        authors=(said, said),
        categories=(said, said + " two"),
        excerpt=f"{said}\n\n{said}",
        content=f"<h1>{said}</h1><p>{said}</p><pre>{said}</pre><a href='{said}'>{said}</a>",
        more=True,
        enclosures=(Enclosure(said, said, 5),),
    )


def decoded(*said: str) -> Feed:
    """The same as a feed brings it: through the decoder."""
    items = [
        {"id": str(n), "title": words, "url": "https://news.example/", "tags": [words, "Plain"],
         "authors": [{"name": words}], "content_text": words}
        for n, words in enumerate(said)
    ]  # fmt: skip
    version = "https://jsonfeed.org/version/1.1"
    feed = {"version": version, "title": f"News {said[0]}", "items": items}
    return decode(json.dumps(feed).encode())


def assert_harmless(app: NordicApp) -> None:
    """Nothing that a terminal obeys is drawn, and the reader is still there."""
    for line in lines(app):
        odd = [c for c in line if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
        assert odd == [], repr(line)
    for segment in (segment for strip in strips(app) for segment in strip if segment.style):
        assert segment.style is not None
        link, click = segment.style.link or "", segment.style.meta.get("@click", "")
        assert link == clean.url(link), "what the terminal makes clickable (OSC 8)"
        assert re.fullmatch(r"(screen\.go_category\(-?\d+\))?", click), "a click runs only ours"
    assert not app._exit
    assert "\ud800" not in text(app)


async def test_text_that_is_in_the_store_already() -> None:
    # A lone surrogate can't be in SQLite.
    said = [words for words in HOSTILE if "\ud800" not in words]
    with make_services({NEWS: of(*map(nasty, said), title=f"News {said[2]}")}) as fake:
        async with run(fake.services) as (app, pilot):
            shown = text(app, app.reader.posts)
            for words in map(clean.line, said[:5]):
                assert words in shown, "as text, word for word"
            await press(pilot, "1", *["j"] * 20)
            assert_harmless(app)
            await press(pilot, "g", "g", "2")
            for number, words in enumerate(said):
                assert number == app.reader.posts.cursor
                assert clean.line(words)[:20] in text(app, app.reader.posts)
                # The excerpt, the chooser of categories, the post.
                for keys in (("o",), ("c",), ("escape", "enter"), ("q",)):
                    await press(pilot, *keys)
                    assert_harmless(app)
                x, y = app.reader.excerpt.region.offset
                await pilot.click(offset=(x + 5, y + 2))
                assert_harmless(app)
                await press(pilot, "2", "j")
            for keys in (("a",), ("escape", "A"), ("u",), ("?",), ("escape", "H")):
                await press(pilot, *keys)
                assert_harmless(app)


async def test_text_from_a_feed() -> None:
    with make_services({NEWS: decoded(*HOSTILE)}) as fake:
        async with run(fake.services, SMALL) as (app, pilot):
            assert_harmless(app)
            for _ in HOSTILE:
                await press(pilot, "enter")
                assert_harmless(app)
                await press(pilot, "q", "j")
                assert_harmless(app)


async def test_a_click_on_a_title_runs_nothing() -> None:
    quits = "[@click=app.quit]Press[/] [@click='screen.leave']here[/]"
    with make_services({NEWS: of(nasty(quits))}) as fake:
        async with run(fake.services) as (app, pilot):
            for words in ("Press", "here"):
                for pane in (app.reader.posts, app.reader.excerpt):
                    await pilot.click(offset=find(app, words, pane))
                    assert not app._exit
                    if app.screen is not app.reader:
                        await pilot.click(offset=find(app, words))
                        assert not app._exit
                        await press(pilot, "q")


async def test_words_of_a_failure_are_text() -> None:
    from nordic_tui.errors import BadStatus

    with make_services({NEWS: of(title="[/] News\x1b[31m")}) as fake:
        fake.fetcher.answers[NEWS] = BadStatus("answered [@click=app.quit]404[/]\x9b1m", 404)
        async with run(fake.services) as (app, pilot):
            await press(pilot, "r")
            await until(pilot, lambda: "[@click=app.quit]404[/]" in running_text(app))
            assert_harmless(app)


async def test_problems_at_the_start_are_text() -> None:
    with make_services({}, problems=("[/] is wrong in \x1b]0;x\x07settings.toml.",)) as fake:
        async with run(fake.services) as (app, pilot):
            await until(pilot, lambda: "[/] is wrong in settings.toml." in running_text(app))
            assert_harmless(app)


IN_EVERY_SCREEN = (
    *("L", "down", "y", "Y", "Q", "i", "y", "escape", "escape", "Q", "escape", "|", "escape"),
    *("x", "x", "x", "D", "escape", "i", "escape", "s", "u", "U", "w", "u", "y", "Y"),
    *("t", "tab", "tab", "enter", "escape"),
)
IN_THE_READER = (
    *("v", "b", "f", "tab", "escape", "B", "O", "E", "slash", "i", "s", ":", "x", "escape"),
    *("V", "down", "down", "enter", "escape", "down", "space", "escape", "u", "escape"),
)


@pytest.mark.parametrize("said", ["[@click=app.quit]press[/]", *HOSTILE[5:8], HOSTILE[11]])
async def test_texts_in_every_screen(said: str) -> None:
    """What is read further, handed on, searched, tagged, saved and taken back."""
    address = said.replace("\r", "").replace("\n", "")
    post = Entry(
        guid=said,
        link=f"https://news.example/{address}",
        title=said,
        categories=(said,),
        excerpt=said,
        content=f"<h1>{said}</h1><pre class='language-{said}'>{said}</pre>"
        f"<img src='https://a.example/{said}.png' alt='{said}'><table><tr><td>{said}</table>"
        f"<a href='https://b.example/{said}'>www.bank.example {said}</a>",
        enclosures=(
            Enclosure(f"https://c.example/{address}", said, 5),
            Enclosure("https://c.example/a.mp3", f"audio/{said}"),
        ),
    )
    views = [SavedView(said, search=f"is:{said}"), SavedView(f"2 {said}", title=said, tag=said)]
    rules = [Rule(said, f"has:{said}", tag=said), Rule(f"2 {said}", said, star=True, on=False)]
    feeds = {NEWS: of(post, title=f"News {said}")}
    with make_services(feeds, views=views, rules=rules) as fake:
        fake.publish_page(post.link, f"<p>{said}</p><pre>{said}</pre>")
        row = fake.store.first_rows(View(), fake.store.snapshot(), 1)[0]
        fake.store.tag([row.id], said, True).result(timeout=5)
        async with run(fake.services) as (app, pilot):
            for key in (*IN_EVERY_SCREEN, *IN_THE_READER, "2", "enter", *IN_EVERY_SCREEN):
                await press(pilot, key)
                assert_harmless(app)

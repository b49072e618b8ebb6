"""Exports behind the screen: the list that is shown, whole or not at all."""

import asyncio
import threading
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from nordic_tui.decode.detect import decode
from nordic_tui.errors import StoreBusy
from nordic_tui.model import Post
from nordic_tui.staging.screen import export_posts
from nordic_tui.tui.exporting import POSTS_AT_ONCE, Exporting
from tests.fakes import NEWS, feed, make_services

from .helpers import on_post, press, run, said, until

TITLES = [f"Post {number}" for number in range(3 * POSTS_AT_ONCE + 1)]
POSTS = feed(*TITLES, categories=("Events",))


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_the_list_that_is_shown_is_exported() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "]", "]", "E")
            await until(pilot, lambda: said(app).startswith("Exported 61 posts to "))
            assert said(app).endswith("posts.json.")
            assert fake.exported == [("Events", TITLES)]


async def test_of_a_filtered_list_what_the_filter_lets_through_is_exported() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "f", *"post 60", "enter", "E")
            await until(pilot, lambda: said(app).startswith("Exported 1 post to "))
            assert fake.exported == [("All posts · “post 60”", ["Post 60"])]


async def test_one_reads_on_meanwhile() -> None:
    go_on = threading.Event()

    def slow(_: str, posts: Iterable[Post]) -> str:
        assert go_on.wait(10)
        return f"/{len(list(posts))}.json"

    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services._replace(export_posts=slow)) as (app, pilot):
            await press(pilot, "E")
            assert said(app) == "Exporting …"
            await press(pilot, "E")
            assert said(app) == "A list is being exported; one goes at a time."
            await press(pilot, "j", "j")
            assert on_post(app) == "Post 2"
            go_on.set()
            await until(pilot, lambda: said(app) == "Exported 61 posts to /61.json.")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            OSError(28, "No space left on device"),
            "The list could not be written: No space left on device.",
        ),
        (StoreBusy("Another program holds cache.db."), "Another program holds cache.db."),
    ],
)
async def test_what_can_not_be_exported_is_said(error: Exception, words: str) -> None:
    def fail(_: str, posts: Iterable[Post]) -> str:
        next(iter(posts))
        raise error

    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services._replace(export_posts=fail)) as (app, pilot):
            await press(pilot, "E")
            await until(pilot, lambda: said(app) == words)


async def test_a_library_that_can_not_be_read_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):

            def busy(_: object) -> None:
                raise StoreBusy("Another program holds cache.db.")

            monkeypatch.setattr(fake.services.library, "listing", busy)
            await press(pilot, "E")
            await until(pilot, lambda: said(app) == "Another program holds cache.db.")
            assert fake.exported == []


async def test_quitting_meanwhile_leaves_no_part_of_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    file = tmp_path / "posts.json"
    stop = Exporting.stop

    def held_up(posts: Iterable[Post]) -> Iterator[Post]:
        for number, post in enumerate(posts, 1):
            yield post
            if number == 1:
                begun.set()
                assert go_on.wait(10)

    def stop_in_the_middle(exporting: Exporting) -> None:
        stop(exporting, 0)
        assert files(tmp_path) != [], "it has begun to write"
        go_on.set()
        stop(exporting)

    monkeypatch.setattr(Exporting, "stop", stop_in_the_middle)
    with make_services({NEWS: POSTS}) as fake:
        export = partial(export_posts, file=file)
        services = fake.services._replace(export_posts=lambda t, p: export(t, held_up(p)))
        async with run(services) as (_, pilot):
            await press(pilot, "E")
            await until(pilot, begun.is_set)
        assert files(tmp_path) == []


async def test_quitting_while_it_waits_for_posts_leaves_no_part_of_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, ended = threading.Event(), threading.Event()
    loop = asyncio.get_running_loop()
    call_soon = loop.call_soon_threadsafe

    def noted(*call: Any) -> object:
        if threading.current_thread().name == "export":
            asked.set()
        return call_soon(*call)

    monkeypatch.setattr(loop, "call_soon_threadsafe", noted)

    def export(title: str, posts: Iterable[Post]) -> str:
        try:
            return export_posts(title, posts, tmp_path / "posts.json")
        finally:
            ended.set()

    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services._replace(export_posts=export)) as (app, _):
            app.reader.action_export_list()
            assert asked.wait(10)
            app.reader.errands.close()  # nothing could be read meanwhile
            assert ended.is_set()
        assert files(tmp_path) == []


async def test_an_export_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    file = tmp_path / "posts.json"
    file.write_text("before")
    with make_services({NEWS: POSTS}) as fake:
        services = fake.services._replace(export_posts=partial(export_posts, file=file))
        async with run(services) as (app, pilot):
            await press(pilot, "E")
            await until(pilot, lambda: said(app).startswith("Exported 61 posts"))
        assert [entry.title for entry in decode(file.read_bytes()).entries] == TITLES
        assert files(tmp_path) == ["posts.json"]

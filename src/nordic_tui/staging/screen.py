"""The services of the screens: the parts, the settings and the person's files, as screens ask for
them. What few need is opened when it is asked for."""

import os
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from nordic_tui import wiring
from nordic_tui.clock import Clock, system_clock
from nordic_tui.config.files import replace_file
from nordic_tui.config.paths import Paths
from nordic_tui.config.settings import Settings, change
from nordic_tui.config.typed import as_typed, with_typed
from nordic_tui.handoff.titles import Titles
from nordic_tui.service.background import BackgroundRefresh
from nordic_tui.service.library import Library
from nordic_tui.tui import profile
from nordic_tui.tui.services import HandOff, Preferences, Services

if TYPE_CHECKING:
    from nordic_tui.model import Drawn, Post
    from nordic_tui.service.background import (
        BackgroundArchive,
        BackgroundDiscovery,
        BackgroundFullTexts,
    )

PICTURES = "pictures"
"""The directory of pictures of the screen, beside the reading history."""
EXPORT = "posts.json"
"""The file that the posts of a list are exported to, beside the reading history's."""


def services(
    parts: wiring.Parts,
    settings: Settings,
    paths: Paths,
    problems: Sequence[str] = (),
    *,
    clock: Clock = system_clock,
) -> Services:
    """What the screens may ask for.

    problems: what is said first, sentences.
    """
    export_file = paths.history_file.with_name("history.json")
    return Services(
        library=Library(parts.store),
        history=parts.history,
        keeping=parts.keeping,
        undoing=parts.undoing,
        refresh=BackgroundRefresh(parts.refresher, parts.courtesy),
        clock=clock,
        courtesy=parts.courtesy,
        open_hand_off=lambda: open_hand_off(parts, settings, paths),
        save_theme=lambda name: change(paths.settings_file, "theme", name),
        export_file=str(export_file),
        save_export=lambda text: replace_file(export_file, text.encode()),
        title=wiring.title_of(parts),
        subscriptions=parts.subscriptions,
        as_typed=as_typed,
        with_typed=with_typed,
        when_followed=parts.follower.when_done,
        open_discovery=lambda: _open_discovery(parts),
        open_archives=lambda: _open_archives(parts),
        try_searches=parts.store.try_searches,
        open_full_texts=lambda: _open_full_texts(parts),
        export_posts=partial(export_posts, file=paths.history_file.with_name(EXPORT)),
        titles=Titles(wanted=settings.title),
        preferences=preferences(settings),
        save_picture=lambda rows: save_picture(
            rows, paths.history_file.with_name(PICTURES), clock()
        ),
        problems=tuple(problems),
    )


def preferences(settings: Settings) -> Preferences:
    """The settings that concern the screen."""
    return Preferences(
        theme=settings.theme,
        keymap=settings.keymap,
        keys=settings.keys,
        mark_read_after_s=settings.mark_read_after_s,
        refresh_on_start=settings.refresh_on_start,
        profile=profile.chosen(settings.profile, os.environ),
        shows_keys=settings.shows_keys,
        presenter=settings.presenter,
    )


def export_posts(title: str, posts: "Iterable[Post]", file: Path) -> str:
    """Write posts as a JSON Feed, only for the person's own eyes; gives the file's path.

    Raises OSError, and what `posts` raises; then the file is as it was before.
    """
    from nordic_tui.config.files import replace_file_in_parts
    from nordic_tui.encode.jsonfeed import encode_jsonfeed

    replace_file_in_parts(file, (part.encode() for part in encode_jsonfeed(title, posts)))
    return str(file)


def save_picture(rows: "Sequence[Sequence[Drawn]]", directory: Path, now: datetime) -> str:
    """Write a picture of the screen, as PNG too where that can be made; gives a sentence that says
    where. Only for the person's own eyes, until they hand it on. Raises OSError."""
    from nordic_tui.encode.png import NoPngError, open_png
    from nordic_tui.encode.svg import still
    from nordic_tui.tui.present import at_home

    svg = still(rows, "Nordic TUI")
    name = now.astimezone().strftime("%Y-%m-%d %H.%M.%S")
    file = next(
        file
        for number in count(1)
        if not (file := directory / f"{name}{f' {number}' if number > 1 else ''}.svg").exists()
    )
    replace_file(file, svg.encode())
    try:
        png = open_png()(svg)
    except NoPngError:
        return f"The screen is in {at_home(str(file))}, without paths, logins and private hosts."
    replace_file(file.with_suffix(".png"), png)
    return (
        f"The screen is in {at_home(str(file))} and beside it as PNG, without paths, logins and "
        "private hosts."
    )


def open_hand_off(parts: wiring.Parts, settings: Settings, paths: Paths) -> HandOff:
    """What hands things on: to the real browser, clipboard, programs and files."""
    from nordic_tui.staging.handing_on import hand_off

    return hand_off(settings, paths, parts.courtesy, parts.refresher.manner_of)


def _open_discovery(parts: wiring.Parts) -> "BackgroundDiscovery":
    from nordic_tui.service.background import BackgroundDiscovery

    return BackgroundDiscovery(wiring.open_discoverer(), parts.courtesy)


def _open_archives(parts: wiring.Parts) -> "BackgroundArchive":
    from nordic_tui.service.background import BackgroundArchive

    return BackgroundArchive(wiring.open_archivist(parts), parts.courtesy)


def _open_full_texts(parts: wiring.Parts) -> "BackgroundFullTexts":
    from nordic_tui.service.background import BackgroundFullTexts

    return BackgroundFullTexts(wiring.open_full_texts(parts), parts.courtesy)

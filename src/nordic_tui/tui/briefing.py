"""A brief: the posts that are chosen for it, or those of the list, written and handed on."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from nordic_tui.model import PlaceKind, Post
from nordic_tui.text import clean
from nordic_tui.tui import present
from nordic_tui.tui.screens.brief import BriefScreen, BriefWish, Whither

if TYPE_CHECKING:
    from nordic_tui.tui.screens.reader import ReaderScreen

NEWEST = 200
"""A brief of a list has so many posts at most; nobody reads more."""
OF_SEVERAL = "News"
"""The title over posts of several sources."""
POSTS_AT_ONCE = 20
"""Posts that are read between two keys; a few milliseconds."""


class Briefing:
    """Makes the briefs of one reader."""

    def __init__(self, reader: "ReaderScreen") -> None:
        self._reader = reader
        self._form = "md"
        """The one that was taken last."""

    # ── choosing ────────────────────────────────────────────────────────────────────────────

    def choose(self) -> None:
        """Choose the post under the cursor, or not any more, and go on to the next."""
        posts, row = self._reader.posts, self._reader.posts.row
        if row is None:
            return
        if row.id in posts.chosen:
            del posts.chosen[row.id]
        else:
            posts.chosen[row.id] = None
        posts.refresh_row(posts.cursor)
        posts.place_cursor(posts.cursor + 1)
        if not posts.chosen:
            self._reader.say("No post is chosen.")
            return
        chosen = present.count(len(posts.chosen), "post is", "posts are")
        self._reader.say(f"{chosen} chosen. {self._reader.nordic.key_of('brief')} makes a brief.")

    def choose_none(self) -> None:
        self._reader.posts.chosen.clear()
        self._reader.posts.refresh()
        self._reader.say("No post is chosen.")

    # ── making ──────────────────────────────────────────────────────────────────────────────

    async def ask(self) -> None:
        """Ask how and where to, then do it."""
        reader = self._reader
        ids, total = self._ids()
        if not ids:
            reader.say("There are no posts here to make a brief of.")
            return

        def answered(wish: BriefWish | None) -> None:
            if wish is not None:
                self._form = wish.form
                reader.run_worker(self._make(ids, total, wish), group="brief", exclusive=True)

        about = f"{_posts(ids, total)} {self._where()}."
        file_of = reader.nordic.handing.edges.brief_file
        await reader.app.push_screen(BriefScreen(about, self._form, file_of), answered)

    def _ids(self) -> tuple[list[int], int]:
        """The posts that go into it, and how many there are."""
        reader = self._reader
        if reader.posts.chosen:
            # In the order of the list, as far as they are in it; else as they were chosen.
            places = {id_: reader.listing.position(id_) for id_ in reader.posts.chosen}
            in_list = sorted((place, id_) for id_, place in places.items() if place is not None)
            others = [id_ for id_, place in places.items() if place is None]
            return [id_ for _, id_ in in_list] + others, len(places)
        listing = reader.listing
        rows = (listing.row(number) for number in range(min(len(listing), NEWEST)))
        return [row.id for row in rows if row is not None], len(listing)

    def _where(self) -> str:
        if self._reader.posts.chosen:
            return "that you chose"
        here = self._reader.here
        return f"of “{clean.line(here.name)}”" if here else "of this list"

    def _title(self) -> str:
        """What the brief is called: the source if there is one, and the place."""
        reader = self._reader
        here = reader.here
        source = clean.line(reader.known) if reader.known != reader.app.title else ""
        in_place = not reader.posts.chosen and here is not None and here.kind is not PlaceKind.ALL
        place = clean.line(here.name) if here is not None and in_place else ""
        return ": ".join(dict.fromkeys(filter(None, (source, place)))) or OF_SEVERAL

    async def _make(self, ids: Sequence[int], total: int, wish: BriefWish) -> None:
        reader = self._reader
        title = self._title()
        posts: list[Post] = []
        for start in range(0, len(ids), POSTS_AT_ONCE):
            read = map(reader.services.library.post, ids[start : start + POSTS_AT_ONCE])
            posts += [post for post in read if post is not None]
            await asyncio.sleep(0)  # a key that waits goes first
        about = present.SEPARATOR.join(
            (present.date(reader.services.clock()), _posts(ids, total).lower())
        )
        text = reader.nordic.handing.edges.encode_brief(posts, wish.form, title, about)
        handing = reader.nordic.handing
        match wish.whither:
            case Whither.CLIPBOARD:
                handing.copy(text, f"a brief of {present.count(len(posts), 'post', 'posts')}")
            case Whither.FILE:
                handing.save_brief(wish.form, text)
            case Whither.COMMAND:
                await handing.ask_and_pipe("Pipe the brief into", text)


def _posts(ids: Sequence[int], total: int) -> str:
    """ "7 posts", "The newest 200 of 1,234 posts" """
    posts = present.count(total, "post", "posts")
    return posts if len(ids) == total else f"The newest {len(ids):,} of {posts}"

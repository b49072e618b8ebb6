"""Where one is in an archive: what to ask for next, and when all of it was there. No request is
made here; pages come as arguments.

    walk = RestWalk(…) or ChainWalk(…)     from a cursor, or from the newest post
    while address := walk.address():
        store(walk.take(page at address))
    whole?  walk.is_whole

While one walks, and the more so between two runs, posts are published, deleted, and published
with an older date, so that what is left moves. A walk keeps its place by the posts that it has
seen, goes over what may have moved past it, and says that an archive is whole only when what the
site has now agrees with it. All posts of a page are given to be stored, known or not: the store
takes each once, and has what changed.

`cursor` is the place as JSON, to go on from later; a cursor that is none of this walk's begins
anew.
"""

import json
from typing import Any, Protocol

from nordic_tui.model import Entry, Feed

MAX_PASSES = 3
"""So often a run goes through an archive that changes while it is read."""


class Walk(Protocol):
    """A way through an archive, from the newest post to the oldest."""

    method: str

    @property
    def fetched(self) -> int:
        """Posts of the archive that were there so far, each once, of all runs."""
        ...

    @property
    def position(self) -> int:
        """How many posts stand before the next one: what a limit counts. Not asked at the end."""
        ...

    @property
    def is_whole(self) -> bool:
        """Once there is no address any more: whether nothing is left to be asked for again."""
        ...

    def address(self) -> str:
        """The page to ask for next; "" at the end."""
        ...

    def take(
        self, page: Feed | None, total: int | None, room: int | None, *, url: str = ""
    ) -> tuple[Entry, ...]:
        """Go on by the page that `address` named; gives its posts that are to be stored.

        page: None where there is none at that address. total: posts in all, if the site says.
        room: how many posts may still come; the rest waits for another run. url: where the page
        came from, after redirects. Raises NotAFeed for a page that can't be of this archive.
        """
        ...

    def cursor(self) -> str: ...


def loaded(cursor: str) -> dict[str, Any]:
    """What a cursor holds; nothing if it is none."""
    try:
        kept = json.loads(cursor)
    except ValueError:
        return {}
    return kept if isinstance(kept, dict) else {}

"""Finding: the posts of a view as their ids, where it takes a search or is in another order.

A search gives the posts whose titles have all the words first, then the others, each newest
first: by fit and date. The first ones are there at once, whatever it takes to find all.
"""

import json
from array import array
from collections.abc import Callable, Sequence
from datetime import date
from typing import Final, NamedTuple

from nordic_tui.model import Found, Order, Snapshot, View
from nordic_tui.store import index
from nordic_tui.store.finder import Turn
from nordic_tui.store.walks import Scope, Walk, scope, walk_scope

FIRST: Final = 100
"""So many posts are given as soon as they are known; more than any screen shows."""
TYPING_PAUSE_S: Final = 0.15
"""So long the search for all posts waits for the next letter, once there are first ones."""


class _Tier(NamedTuple):
    """Posts of a view that stand together, in this order."""

    posts: Walk
    conditions: tuple[str, ...] = ()
    order: str = ""
    """As soon as the posts come out of the index in their order; "": by `posts.order`."""
    backwards: bool = False

    def first(self) -> str:
        """The ids of the first ones. Those of one second may be others of it if they were put
        into the index at different times."""
        where = self.posts.where(*self.conditions)
        order = self.posts.order(backwards=self.backwards)
        if not self.order:
            return f"SELECT {self.posts.id} {where} {order} LIMIT :first"
        return (
            f"SELECT id FROM (SELECT {self.posts.id} AS id, {self.posts.ord} AS ord,"  # noqa: S608  as below
            f" {self.posts.seq} AS seq {where} {self.order} LIMIT :first)"
            " ORDER BY ord DESC, seq DESC"
        )

    def all(self) -> str:
        """All ids as one JSON array: row by row, each would wait for the interpreter."""
        order = self.posts.order(backwards=self.backwards)
        return (
            "SELECT json_group_array(id) FROM"  # noqa: S608  constants of `walks` and this file
            f" (SELECT {self.posts.id} AS id {self.posts.where(*self.conditions)} {order})"
        )


def find(
    turn: Turn,
    view: View,
    snapshot: Snapshot,
    today: date,
    first: Callable[[Found], None] | None,
) -> Found:
    """All posts of the view. Raises SupersededError.

    first: is called with the first ones where there are more, and again where more of the first
    hundred become known.
    """
    with turn.reading() as connection:
        meant = scope(connection, view, today)
        asks_index = meant.search is not None and meant.search.asks_index
        waiting = index.waiting(connection) if asks_index else 0
        tiers = _tiers(meant, view.order, snapshot)
        ids: list[int] = []
        for number, tier in enumerate(tiers, 1):
            room = FIRST - len(ids)
            rows = connection.execute(tier.first(), tier.posts.values | {"first": room})
            found = [id_ for (id_,) in rows]
            ids += found
            is_full = len(ids) == FIRST
            may_be_more = is_full or number < len(tiers)
            if found and may_be_more and first is not None:
                turn.go_on()
                first(Found(array("q", ids), complete=False, waiting=waiting))
            if is_full:
                break
        else:
            return Found(array("q", ids), waiting=waiting)
    if view.typing:
        turn.go_on(TYPING_PAUSE_S)
    every: array[int] = array("q")
    with turn.reading() as connection:
        for tier in tiers:
            (text,) = connection.execute(tier.all(), tier.posts.values).fetchone()
            every.extend(json.loads(text))
            turn.go_on()
    return Found(every, waiting=waiting)


def _tiers(meant: Scope, order: Order, snapshot: Snapshot) -> Sequence[_Tier]:
    posts = walk_scope(meant, snapshot)
    if order is Order.OLDEST:
        return [_Tier(posts, backwards=True)]
    search = meant.search
    is_by_index = search is not None and search.match and not search.in_asked
    by_index = "ORDER BY f.rowid DESC" if is_by_index else ""
    if order is Order.UNREAD:
        parts = f"NOT {posts.was_read}", posts.was_read
        return [_Tier(posts, (condition,), by_index) for condition in parts]
    if search is None or not search.titles:
        return [_Tier(posts, (), by_index)]
    table = "found_title" if search.titles_alone else "found"
    # What a page says besides is no part of a title.
    fits = walk_scope(meant._replace(search=search._replace(in_asked=False)), snapshot)
    fits = fits._replace(
        tables=fits.tables.replace("main.found AS f", f"main.{table} AS f"),
        conditions=[
            condition.replace("f.found MATCH", f"f.{table} MATCH") for condition in fits.conditions
        ],
    )
    fits.values["match"] = search.titles
    posts.values["titles"] = search.titles
    fitting = f"SELECT t.rowid FROM main.{table} AS t WHERE t.{table} MATCH :titles"  # noqa: S608  constants of this file
    others = f"f.rowid NOT IN ({fitting})"
    if search.in_asked:
        others = f"f.seq NOT IN (SELECT i.seq FROM main.indexed AS i WHERE i.doc IN ({fitting}))"  # noqa: S608  as above
    return [_Tier(fits, (), "ORDER BY f.rowid DESC"), _Tier(posts, (others,), by_index)]

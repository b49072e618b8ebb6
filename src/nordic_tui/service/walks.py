"""Where one is in an archive: what to ask for next, and what of a page is new. No request is made
here; pages come as arguments.

Between two pages, and the more so between a stop and the next run, posts are added and deleted,
so that what is left moves. Two things hold a walk in its place:

  - It knows the posts at the edge of what it has, and finds them again on the next page (by REST)
    or, after a stop, on the page that it asks for once more. If they are not there, it goes back.
  - What lies between the newest post of an earlier run and the newest now is a leg of its own, as
    is what an earlier run left. A walk is a list of such legs, the newest first, and done when
    none is left.

`cursor` is all of that as JSON, to go on from later.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from nordic_tui.errors import NotAFeed
from nordic_tui.model import Entry, Feed
from nordic_tui.service.site import PER_PAGE, rest_address

PER_PAGE_IN_TROUBLE = 20
_FIELDS = (
    "id,date_gmt,modified_gmt,guid,link,title,excerpt,content,categories,_links.author,_embedded"
)
_MAX_EDGE = 1_000


class Walk(Protocol):
    """A way through an archive, from the newest post to the oldest."""

    method: str
    fetched: int
    """Posts that the pages held so far, of all runs."""
    caught_up: int
    """Posts of this run that are newer than those of earlier runs."""

    @property
    def catches_up(self) -> bool:
        """Whether it goes through what is newer than an earlier run."""
        ...

    def address(self) -> str:
        """The page to ask for now; "" at the end."""
        ...

    def take(self, page: Feed | None, total: int | None, room: int | None) -> tuple[Entry, ...]:
        """Go on by the page that `address` named; gives its posts that are to be stored.

        page: None where there is none at that address. total: posts in all, if the site says.
        room: how many new ones are wanted at most; the rest waits for another run.
        Raises NotAFeed for a page that can't be of this archive.
        """
        ...

    def cursor(self) -> str: ...


# ── WordPress's REST interface ──────────────────────────────────────────────────────────────


@dataclass(slots=True)
class _Span:
    """Posts by number: those under `last` (0: from the newest on) and above `below`."""

    offset: int = 0
    """Where `last` was in the site's list; it may have moved."""
    last: int = 0
    below: int = 0


class RestWalk:
    """By number, the highest first, each page with the last post of the one before.

    Posts that were added push the rest to higher offsets: those that come again are passed over,
    as their numbers don't go down. Posts that were deleted pull it to lower ones: then the last
    post is not on the page, and the one before is asked for.

    query: which posts of the site, as the REST interface takes it.
    A `cursor` of another root or query is not gone on with.
    """

    method = "rest"

    def __init__(
        self, root: str, query: dict[str, str], cursor: str = "", *, per_page: int = PER_PAGE
    ) -> None:
        self._root = root
        self._query = query
        self._per_page = per_page
        self._doubted: set[tuple[int, int]] = set()
        """The offsets and last numbers at which it went back, so that it does so once: posts that
        the site hides are missing on a page as well."""
        self._highest = 0
        self._spans = [_Span()]
        self.fetched = self.caught_up = 0
        kept = _loaded(cursor)
        if kept.get("of") == self._of():
            try:
                self._resume(kept)
            except (KeyError, TypeError, ValueError):
                self._highest, self._spans, self.fetched = 0, [_Span()], 0

    def _resume(self, kept: dict[str, Any]) -> None:
        self._highest = int(kept["highest"])
        self.fetched = int(kept["fetched"])
        self._spans = [_Span(*map(int, each)) for each in kept["spans"]]
        if not self._spans or self._spans[0].last:
            self._spans.insert(0, _Span(below=self._highest))

    def _of(self) -> list[Any]:
        return [self._root, self._query]

    @property
    def catches_up(self) -> bool:
        return bool(self._spans and self._spans[0].below)

    def ask_for_less(self) -> bool:
        """Ask for smaller pages from now on; False if they are small already."""
        if self._per_page <= PER_PAGE_IN_TROUBLE:
            return False
        self._per_page = PER_PAGE_IN_TROUBLE
        return True

    def address(self) -> str:
        if not self._spans:
            return ""
        query = {
            **self._query,
            "per_page": self._per_page,
            "orderby": "id",
            "order": "desc",
            "offset": self._spans[0].offset,
            "_embed": "author",
            "_fields": _FIELDS,
        }
        return rest_address(self._root, "wp/v2/posts", query)

    def take(self, page: Feed | None, total: int | None, room: int | None) -> tuple[Entry, ...]:
        entries = page.entries if page is not None else ()
        numbers = [entry.number for entry in entries]
        if numbers and (numbers[-1] <= 0 or numbers != sorted(set(numbers), reverse=True)):
            raise NotAFeed("gives its posts in no order")
        span = self._spans[0]
        is_gap = span.offset > 0 and (not numbers or numbers[0] < span.last)
        if is_gap and (span.offset, span.last) not in self._doubted:
            self._doubted.add((span.offset, span.last))
            span.offset = max(0, span.offset - self._per_page + 1)
            return ()
        fresh = tuple(
            each
            for each in entries
            if each.number > span.below and (not span.last or each.number < span.last)
        )
        wanted = fresh if room is None else fresh[:room]
        is_catching_up = self.catches_up
        # Past the end WordPress says that there are 0 posts in all.
        at_end = span.offset + self._per_page >= total if total else not fresh
        if numbers and numbers[-1] <= span.below:
            at_end = True
        if len(wanted) < len(fresh):
            at_end = False
            step = numbers.index(wanted[-1].number) if wanted else 0
        else:
            # The last post comes once more; without any, all of the page were hidden.
            step = max(len(numbers) - 1, 1) if numbers else self._per_page
        if wanted:
            span.last = wanted[-1].number
            self._highest = max(self._highest, wanted[0].number)
        self.fetched += len(wanted)
        if is_catching_up:
            self.caught_up += len(wanted)
            for older in self._spans[1:]:
                older.offset += len(wanted)
        if at_end:
            self._spans.pop(0)
        else:
            span.offset += step
        return wanted

    def cursor(self) -> str:
        spans = [[each.offset, each.last, each.below] for each in self._spans]
        return json.dumps(
            {"of": self._of(), "highest": self._highest, "fetched": self.fetched, "spans": spans}
        )


# ── pages that are linked or numbered ───────────────────────────────────────────────────────


@dataclass(slots=True)
class _Leg:
    """Pages from `at` on; posts are known by the keys that `_keys` makes."""

    at: str = ""
    """The page that was taken last; it is asked for again after a stop. Empty: none yet."""
    edge: list[str] = field(default_factory=list)
    """The posts of that page."""
    below: list[str] = field(default_factory=list)
    """The leg ends where one of these is met; empty: at the archive's end."""


class ChainWalk:
    """Page by page: "paged" by number (WordPress's feeds), "linked" by what each page names
    (RFC 5005, JSON Feed's `next_url`), only on the feed's own host and never the same one twice.

    head: the feed's address, which is the first page.
    Where the page that was taken last has none of its posts left, the leg begins anew: they come
    twice, and nothing is lost. (Within a run a post is missed only if another one is deleted in
    the moment between two requests.)
    """

    def __init__(self, method: str, head: str, cursor: str = "") -> None:
        self.method = method
        self._head = head
        self._next = ""
        self._visited: set[str] = set()
        self._first_page: list[str] = []
        self._stale = 0
        """Pages in a row with nothing but what the one before had: of one, so many posts may
        have been added at that moment; of two, the site knows no pages."""
        self._legs = [_Leg()]
        self.fetched = self.caught_up = 0
        self.repeats = False
        """Whether every page is the first once more: the site knows no pages."""
        kept = _loaded(cursor)
        if kept.get("of") == self._of():
            try:
                self._resume(kept)
            except (KeyError, TypeError, ValueError):
                self._first_page, self._legs, self.fetched = [], [_Leg()], 0

    def _resume(self, kept: dict[str, Any]) -> None:
        self._first_page = _texts(kept["first"])
        self.fetched = int(kept["fetched"])
        self._legs = [
            _Leg(str(each["at"]), _texts(each["edge"]), _texts(each["below"]))
            for each in kept["legs"]
        ]
        # What an address of this archive leads to is asked for, and nothing else.
        if not all(_same_origin(each.at, self._head) for each in self._legs if each.at):
            raise ValueError("an address of another host")
        if not self._legs or self._legs[0].at:
            self._legs.insert(0, _Leg(below=self._first_page))

    def _of(self) -> list[Any]:
        return [self.method, self._head]

    @property
    def catches_up(self) -> bool:
        return bool(self._legs and self._legs[0].below)

    def address(self) -> str:
        if not self._legs:
            return ""
        return self._next or self._legs[0].at or self._head

    def take(self, page: Feed | None, total: int | None, room: int | None) -> tuple[Entry, ...]:
        leg, address = self._legs[0], self.address()
        entries = _keys(page.entries if page is not None else ())
        is_again = address == leg.at
        if is_again and not entries.keys() & set(leg.edge):
            leg.at, leg.edge, self._next = "", [], ""
            return ()
        self._visited.add(address)
        if address == self._head:
            self._first_page = list(entries)[:_MAX_EDGE]
        ends = [at for at, key in enumerate(entries) if key in leg.below][:1]
        here = list(entries)[: ends[0] if ends else None]
        fresh = [key for key in here if key not in leg.edge]
        is_stale = not is_again and bool(leg.at and entries) and not fresh and not ends
        self._stale = self._stale + 1 if is_stale else 0
        if self._stale == 2:
            self.repeats = entries.keys() <= set(self._first_page)
            self._end_leg(len(entries))
            return ()
        wanted = fresh if room is None else fresh[:room]
        self.fetched += len(wanted)
        if self.catches_up:
            self.caught_up += len(wanted)
        if len(wanted) < len(fresh):
            held = [key for key in here if key in leg.edge or key in wanted]
            leg.at, leg.edge = address, held[:_MAX_EDGE]
            self._next = address  # not done with; the run ends here
            return tuple(entries[key] for key in wanted)
        following = self._following(address, page)
        leg.at, leg.edge, self._next = address, list(entries)[:_MAX_EDGE], following
        if ends or not following:
            self._end_leg(len(entries))
        return tuple(entries[key] for key in wanted)

    def _following(self, address: str, page: Feed | None) -> str:
        """The address of the next page; "" if this was the last."""
        if page is None:
            return ""
        if self.method == "paged":
            # Past the end some sites send a feed without posts.
            return paged(self._head, page_number(address) + 1) if page.entries else ""
        # An archive is complete (RFC 5005 section 4), and a paged feed need not be (section 3).
        linked = page.previous_archive or page.next_page
        linked = urlunsplit(urlsplit(linked)._replace(fragment="")) if linked else ""
        is_new = linked not in self._visited and linked != self._head
        return linked if is_new and _same_origin(linked, self._head) else ""

    def _end_leg(self, per_page: int) -> None:
        was_catching_up = self.catches_up
        self._legs.pop(0)
        self._next = ""
        self._visited.clear()
        if was_catching_up and self.method == "paged" and self._legs and per_page:
            # The posts that were added have pushed the others on.
            older = self._legs[0]
            if older.at:
                number = page_number(older.at) + self.caught_up // per_page
                older.at = paged(self._head, number)

    def cursor(self) -> str:
        return json.dumps(
            {
                "of": self._of(),
                "first": self._first_page,
                "fetched": self.fetched,
                "legs": [asdict(leg) for leg in self._legs],
            }
        )


def has_links(head: str, feed: Feed) -> bool:
    """Whether a feed names another page of itself that may be asked for."""
    linked = feed.previous_archive or feed.next_page
    return bool(linked) and _same_origin(linked, head)


def paged(address: str, number: int) -> str:
    """A page of WordPress's feed; the rest of the query stays. The first is the feed itself."""
    parts = urlsplit(address)
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != "paged"]
    if number > 1:
        query.append(("paged", str(number)))
    return urlunsplit(parts._replace(query=urlencode(query), fragment=""))


def page_number(address: str) -> int:
    number = dict(parse_qsl(urlsplit(address).query)).get("paged", "")
    return int(number[:9]) if number.isascii() and number.isdigit() else 1


def _same_origin(one: str, other: str) -> bool:
    try:
        pairs = [
            (parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}[parts.scheme])
            for parts in map(urlsplit, (one, other))
        ]
    except (ValueError, KeyError):
        return False  # a port that is no number; a scheme that is neither
    return pairs[0] == pairs[1]


def _keys(entries: Iterable[Entry]) -> dict[str, Entry]:
    """The posts by what tells them apart: guid, else link, else title and date."""
    from hashlib import blake2b

    keyed: dict[str, Entry] = {}
    for each in entries:
        identity = each.guid or each.link or f"{each.title}\0{each.published}"
        digest = blake2b(identity.encode("utf-8", "surrogatepass"), digest_size=8)
        keyed.setdefault(digest.hexdigest(), each)
    return keyed


def _loaded(cursor: str) -> dict[str, Any]:
    """What a cursor holds; nothing if it is none."""
    try:
        kept = json.loads(cursor)
    except ValueError:
        return {}
    return kept if isinstance(kept, dict) else {}


def _texts(values: Sequence[object]) -> list[str]:
    return [str(each) for each in values]

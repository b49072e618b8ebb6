"""Through pages that are numbered or linked: an archive page by page."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from nordic_tui.errors import NotAFeed
from nordic_tui.model import Entry, Feed
from nordic_tui.service.walks import MAX_PASSES, loaded

MAX_TRIES = 3
"""So often a damaged page is asked for before it is taken as it is."""
_CHECKED_PAGES = 8
"""So many of the pages between the first and the last are looked at once more."""
_KEY_CHARS = 8
"""Of what tells a post apart, 48 bits: of 20,000 posts two are the same once in a million."""


class _Step(Enum):
    """What a walk is doing; the order of a whole run."""

    TOP = "top"
    """Going through what is newer than what it has."""
    DOWN = "down"
    """Going on to what is older."""
    CHECK = "check"
    """Asking for some pages once more, to see whether anything has moved."""
    BEYOND = "beyond"
    """Asking whether there is a page behind the last, where that is a full one."""
    AGAIN = "again"
    """Asking once more for pages that were damaged."""
    OVER = "over"


class ChainWalk:
    """Page by page: "paged" by number (WordPress's feeds), "linked" by what each page names
    (RFC 5005, JSON Feed's `next_url`), only on the feed's own host and never the same one twice.

    It keeps the posts in the order of the pages. A post that was deleted pulls those behind it to
    earlier pages, one that was published with an older date pushes them on, and both may carry
    posts past the place where the walk is. So at the end of each run the first page, the last and,
    of numbered ones, up to eight that are spread evenly between them are asked for once more:
    where they are not what the order says, all is gone through again. (Of more than ten pages a
    post is missed where one was deleted that stood shortly before it, at the moment between the
    requests for their two pages.)

    head: the feed's address, which is the first page. kept_as: whatever else decides which posts
    are stored; a cursor of another head or `kept_as` is not gone on with.
    """

    def __init__(
        self, method: str, head: str, cursor: str = "", *, kept_as: Sequence[str] = ()
    ) -> None:
        self.method = method
        self.repeats = False
        """Whether every page is the first once more: the site knows no pages."""
        self._head = head
        self._kept_as = list(kept_as)
        self._passes = 1
        self._via = head
        """Where the feed itself comes from, after redirects."""
        self._first_page: list[str] = []
        self._again: dict[str, int] = {}
        """Damaged pages, and how often each was asked for; those that stay so as well."""
        self._saw_end = False
        """Whether there was no page behind the last, in this run."""
        self._to_check: list[str] = []
        self._is_lasting = False
        """Whether its pages stay as they are (RFC 5005 section 4)."""
        self._changes = False
        """Whether it changed each time that it was gone through."""
        self._begin()
        kept = loaded(cursor)
        if kept.get("of") == self._of():
            try:
                self._resume(kept)
            except (KeyError, TypeError, ValueError, AttributeError):
                self._again = {}
                self._begin()

    def _begin(self) -> None:
        """From the newest post on, as if nothing was there."""
        self._order: list[str] = []
        """The keys of the posts, the newest first."""
        self._known: set[str] = set()
        self._at = ""
        """The page that was taken last on the way down; empty: the way down is over."""
        self._per_page = 0
        """Posts of a full page."""
        self._last = "", 0, 0
        """The last page that had posts; where in the order it began, once as a place that stays
        when posts are added above it, and once as posts that move with them."""
        self._saw_end = False
        self._shift = 0
        """So many posts must be new at the top for all to agree; 0: it is not known."""
        self._enter(_Step.DOWN)

    def _resume(self, kept: Mapping[str, Any]) -> None:
        written = str(kept["order"])
        order = [written[at : at + _KEY_CHARS] for at in range(0, len(written), _KEY_CHARS)]
        at, self._via = str(kept["at"]), str(kept["via"])
        last, place, moving = kept["last"]
        self._again = {str(page): int(tries) for page, tries in kept["again"].items()}
        # What an address of this archive leads to is asked for, and nothing else.
        if not all(self._is_near(each) for each in (at, str(last), *self._again) if each):
            raise ValueError("an address of another host")
        self._order, self._known, self._at = order, set(order), at
        self._last = str(last), int(place), int(moving)
        self._per_page = int(kept["per_page"])
        if order:
            self._enter(_Step.TOP)

    def _of(self) -> list[Any]:
        return [self.method, self._head, *self._kept_as]

    def _enter(self, step: _Step) -> None:
        self._step = step
        self._next = ""
        """The page to ask for; empty: the first of the step."""
        self._top: list[str] = []
        """The posts that are new at the top."""
        self._passed = 0
        """Posts of the pages at the top so far."""
        self._visited: set[str] = set()
        self._page: list[str] = []
        """The page that was taken last in this step."""
        self._alike = 0
        """Pages in a row that were the same as the one before."""
        self._suspect = ""
        """The page that was taken last, if posts may be missing on it."""
        self._doubted = ""
        """The address at which there was no page although there should be one."""
        self._is_resuming = step is _Step.DOWN and bool(self._at)
        """Whether the next page must begin with a post that is known."""

    @property
    def fetched(self) -> int:
        return len(self._order) + len(self._top)

    @property
    def position(self) -> int:
        if self._step is _Step.TOP:
            return self._passed
        return len(self._order) if self._step is _Step.DOWN else 0

    @property
    def is_whole(self) -> bool:
        return self._step is _Step.OVER and not self._damaged() and not self._changes

    def address(self) -> str:
        match self._step:
            case _Step.TOP:
                return self._next or self._head
            case _Step.DOWN:
                return self._next or self._at or self._head
            case _Step.CHECK:
                return self._to_check[0]
            case _Step.BEYOND:
                return paged(self._head, page_number(self._last_page()) + 1)
            case _Step.AGAIN:
                return self._next
        return ""  # it is over

    def take(
        self, page: Feed | None, total: int | None, room: int | None, *, url: str = ""
    ) -> tuple[Entry, ...]:
        address = self.address()
        entries = _keys(page.entries if page is not None else ())
        keys = list(entries)
        if address == self._head:
            if not keys and self._order:
                raise NotAFeed("has no posts now, although it had some")
            self._is_lasting = bool(page is not None and page.previous_archive)
            self._first_page, self._via = keys, url or self._head
            self._per_page = max(self._per_page, len(keys))
        self._note_damage(address, page, len(keys))
        following = self._following(address, page, url)
        kept = keys
        match self._step:
            case _Step.TOP:
                kept = self._take_top(keys, following, room)
            case _Step.DOWN:
                kept = self._take_down(address, keys, following, room)
            case _Step.CHECK:
                self._take_check(keys)
            case _Step.BEYOND:
                self._take_beyond(keys)
            case _:  # AGAIN: nothing is taken of one that is over
                self._ask_again(done=address)
        return tuple(entries[key] for key in kept)

    # ── what is newer ───────────────────────────────────────────────────────────────────────

    def _take_top(self, keys: list[str], following: str, room: int | None) -> list[str]:
        kept = keys if room is None else keys[: max(room, 0)]
        self._passed += len(kept)
        above = set(self._top)
        unknown = [key for key in kept if key not in self._known and key not in above]
        self._top += unknown
        if len(kept) < len(keys):
            self._next = self.address()  # the run ends here
        elif unknown and keys[-1] not in self._known and following:
            # Only the last post tells: one that was dated anew may stand before all new ones.
            self._next = following
        else:
            self._add_top()
        return kept

    def _add_top(self) -> None:
        """All that is newer is there: go on with what is older, or see whether all agrees."""
        added = len(self._top)
        self._order = [*self._top, *self._order]
        self._known.update(self._top)
        self._last = self._last[0], self._last[1], self._last[2] + added
        if not self._at:
            shift, self._shift = self._shift, 0
            if shift and shift != added:
                self._end_check(agrees=False)
            else:
                self._check()
            return
        if self.method == "paged":
            # The posts that were added have pushed the others on.
            number = page_number(self._at) + added // max(self._per_page, 1)
            self._at = paged(self._head, number)
        self._enter(_Step.DOWN)

    # ── what is older ───────────────────────────────────────────────────────────────────────

    def _take_down(
        self, address: str, keys: list[str], following: str, room: int | None
    ) -> list[str]:
        if self._is_resuming and self._goes_back(address, keys):
            return keys
        self._is_resuming = False
        self._visited.add(address)
        fresh = [key for key in keys if key not in self._known]
        wanted = fresh if room is None else fresh[: max(room, 0)]
        self._order += wanted
        self._known.update(wanted)
        if keys:
            self._at = address
            start = self._order.index(keys[0]) if keys[0] in self._known else len(self._order)
            self._last = address, start, start
        if len(wanted) < len(fresh):
            self._next = address  # not done with; the run ends here
            return [key for key in keys if key in self._known]
        is_over = self._is_again_and_again(keys, fresh) or not following
        is_expected = not keys and self._should_be_there(address)
        self._page = keys or self._page
        if not is_over:
            self._next = following
        elif is_expected:
            self._doubted = self._next = address
        else:
            self._end_pass()
        return keys

    def _goes_back(self, address: str, keys: list[str]) -> bool:
        """After a stop: whether posts have moved to pages before, so that these come first."""
        if keys and keys[0] in self._known:
            return False
        number = page_number(address)
        if self.method == "paged" and number > 1:
            self._next = paged(self._head, number - 1)
        elif self._known & set(keys):
            return False
        else:
            self._begin()
        return True

    def _is_again_and_again(self, keys: list[str], fresh: list[str]) -> bool:
        """Whether the same page comes whatever is asked for. Once it may: so many posts may have
        been published at that moment."""
        self._alike = self._alike + 1 if keys and keys == self._page and not fresh else 0
        if self._alike < 2:
            return False
        self.repeats = set(keys) <= set(self._first_page)
        return True

    def _should_be_there(self, address: str) -> bool:
        """Whether it is asked once more before the archive is at its end, since the page before
        was a full one."""
        is_short = 0 < len(self._page) < self._per_page
        return not is_short and address not in (self._doubted, self._head)

    def _end_pass(self) -> None:
        self._at, self._saw_end = "", True
        if self.repeats or self._is_lasting or len(self._order) <= self._per_page:
            self._ask_again()
        else:
            self._enter(_Step.TOP)  # what was published meanwhile

    # ── whether all agrees ──────────────────────────────────────────────────────────────────

    def _last_page(self) -> str:
        """Where the last posts of the order should be."""
        if self.method == "linked":
            return self._last[0]
        return paged(self._head, -(-len(self._order) // max(self._per_page, 1)))

    def _check(self) -> None:
        # Where a page was damaged its posts are missing, and nothing stands where it should.
        if self._again or self._is_lasting or not self._order:
            self._ask_again()
        elif self.method == "paged" and not self._is_page(0, self._first_page):
            self._end_check(agrees=False)
        else:
            self._to_check = self._pages_to_check()
            self._check_next()

    def _pages_to_check(self) -> list[str]:
        last = self._last_page()
        if last in ("", self._head):
            return []
        if self.method == "linked":
            return [last]
        between = range(2, page_number(last))
        step = max(-(-len(between) // _CHECKED_PAGES), 1)
        return [last, *(paged(self._head, number) for number in between[::step])]

    def _check_next(self) -> None:
        if self._to_check:
            self._enter(_Step.CHECK)
        else:
            self._end_check(agrees=True)

    def _take_check(self, keys: list[str]) -> None:
        address = self._to_check.pop(0)
        if self.method == "linked":
            is_there = any(self._is_at(start, keys) for start in self._last[1:])
            self._end_check(agrees=is_there)
            return
        start = (page_number(address) - 1) * self._per_page
        if self._is_page(start, keys):
            self._check_next()
            return
        place = self._order.index(keys[0]) if keys and keys[0] in self._known else start
        if place < start and self._is_at(place, keys) and self._passes < MAX_PASSES:
            # As if so many posts had been published since the first page was looked at.
            self._passes += 1
            self._enter(_Step.TOP)
            self._shift = start - place
        else:
            self._end_check(agrees=False)

    def _is_page(self, start: int, keys: list[str]) -> bool:
        """Whether a numbered page is what it should be: a full one, or the last."""
        is_all = len(keys) >= self._per_page or start + len(keys) == len(self._order)
        return is_all and self._is_at(start, keys)

    def _is_at(self, start: int, keys: list[str]) -> bool:
        """Whether a page holds the posts from that place in the order on."""
        return bool(keys) and set(keys) == set(self._order[start : start + len(keys)])

    def _end_check(self, *, agrees: bool) -> None:
        if agrees:
            self._look_beyond()
        elif self._passes < MAX_PASSES:
            self._passes += 1
            self._begin()
        else:
            self._changes = True
            self._ask_again()

    def _look_beyond(self) -> None:
        is_full = bool(self._order) and len(self._order) % max(self._per_page, 1) == 0
        if self.method == "paged" and is_full and not self._saw_end:
            self._enter(_Step.BEYOND)
        else:
            self._ask_again()

    def _take_beyond(self, keys: list[str]) -> None:
        if self._known.issuperset(keys):
            self._ask_again()
        else:
            self._at = self._last_page()
            self._enter(_Step.DOWN)

    # ── damaged pages ───────────────────────────────────────────────────────────────────────

    def _note_damage(self, address: str, page: Feed | None, posts: int) -> None:
        if page is None:
            return
        tries = self._again.pop(address, 0) + 1
        if posts and self._suspect:
            self._again.setdefault(self._suspect, 1)  # it was not the last, which may be short
        is_short = bool(page.warnings) and posts < self._per_page
        if page.cut_off or (is_short and self._step is _Step.AGAIN):
            self._again[address] = tries
        self._suspect = address if is_short and self._step is _Step.DOWN else ""

    def _ask_again(self, done: str = "") -> None:
        """Ask for each damaged page once more in a run, then end."""
        if self._step is not _Step.AGAIN:
            self._enter(_Step.AGAIN)
        self._visited.add(done)
        left = (each for each in self._damaged() if each not in self._visited)
        self._next = next(left, "")
        if not self._next:
            self._step = _Step.OVER

    def _damaged(self) -> list[str]:
        """The pages that are worth another try."""
        return [each for each, tries in self._again.items() if tries < MAX_TRIES]

    # ── addresses ───────────────────────────────────────────────────────────────────────────

    def _following(self, address: str, page: Feed | None, url: str) -> str:
        """The address of the next page; "" if this was the last."""
        if page is None:
            return ""
        if self.method == "paged":
            # Past the end some sites send a feed without posts.
            return paged(self._head, page_number(address) + 1) if page.entries else ""
        # An archive is complete (RFC 5005 section 4), and a paged feed need not be (section 3).
        linked = page.previous_archive or page.next_page
        linked = urlunsplit(urlsplit(linked)._replace(fragment="")) if linked else ""
        is_new = linked not in (*self._visited, address, self._head)
        return linked if is_new and (self._is_near(linked) or same_origin(linked, url)) else ""

    def _is_near(self, address: str) -> bool:
        return same_origin(address, self._head) or same_origin(address, self._via)

    def cursor(self) -> str:
        return json.dumps(
            {
                "of": self._of(),
                "order": "".join(self._order),
                "at": self._at,
                "last": list(self._last),
                "per_page": self._per_page,
                "via": self._via,
                "again": self._again,
            }
        )


def has_links(url: str, feed: Feed) -> bool:
    """Whether a feed names another page of itself that may be asked for. url: where it is."""
    linked = feed.previous_archive or feed.next_page
    return bool(linked) and same_origin(linked, url)


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


def same_origin(one: str, other: str) -> bool:
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
        digest = blake2b(identity.encode("utf-8", "surrogatepass"), digest_size=6).digest()
        keyed.setdefault(urlsafe_b64encode(digest).decode("ascii"), each)
    return keyed

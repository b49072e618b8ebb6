"""Through the posts of a WordPress site by its REST interface."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nordic_tui.errors import NotAFeed
from nordic_tui.model import Entry, Feed
from nordic_tui.service.site import PER_PAGE, rest_address
from nordic_tui.service.walks import MAX_PASSES, loaded

PER_PAGE_IN_TROUBLE = 20
_FIELDS = (
    "id,date_gmt,modified_gmt,guid,link,title,excerpt,content,categories,_links.author,_embedded"
)

_GOES_BACK = 2
"""So often from one place."""


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

    A post that was published later than one of a higher number, or put into the category later,
    is on no page that is asked for then. So the end is compared with the site's total: where that
    is not what was there before and what came since, all of it is gone through once more.

    query: which posts of the site, as the REST interface takes it. kept_as: whatever else decides
    which of them are stored; a cursor of another root, query or `kept_as` is not gone on with.
    """

    method = "rest"

    def __init__(
        self,
        root: str,
        query: Mapping[str, str],
        cursor: str = "",
        *,
        kept_as: Sequence[str] = (),
        per_page: int = PER_PAGE,
    ) -> None:
        self._root = root
        self._query = dict(query)
        self._kept_as = list(kept_as)
        self._per_page = per_page
        self._doubted: Counter[tuple[int, int]] = Counter()
        """The offsets and last numbers at which it went back, and how often: posts that the site
        hides are missing on a page as well."""
        self._first_page: list[int] = []
        """The numbers of the newest posts, as they were in this run."""
        self._first_total: int | None = None
        """The site's total then."""
        self._same = 0
        """Pages in a row that were these although they are further down."""
        self._passes = 1
        self._counted: int | None = None
        """How many posts the pass before this one found."""
        self._begin()
        kept = loaded(cursor)
        if kept.get("of") == self._of():
            try:
                self._resume(kept)
            except (KeyError, TypeError, ValueError):
                self._begin()

    def _begin(self) -> None:
        """From the newest post on, as if nothing was there."""
        self._highest = self._fetched = self._added = 0
        self._settled: int | None = None
        """The site's total when all of it was there; None: it never was."""
        self._spans = [_Span()]
        self._is_closing = False
        """Whether what was published during this pass is gone through."""
        self._doubted.clear()

    def _resume(self, kept: Mapping[str, Any]) -> None:
        self._highest = int(kept["highest"])
        self._fetched = int(kept["fetched"])
        settled = kept.get("settled")
        self._settled = None if settled is None else int(settled)
        self._added = int(kept.get("added", 0))
        self._spans = [_Span(*map(int, each)) for each in kept["spans"]]
        if not self._spans or self._spans[0].last:
            self._spans.insert(0, _Span(below=self._highest))

    def _of(self) -> list[Any]:
        return [self._root, self._query, *self._kept_as]

    @property
    def fetched(self) -> int:
        return self._fetched

    @property
    def position(self) -> int:
        span = self._spans[0]
        return span.offset + 1 if span.last else span.offset

    @property
    def is_whole(self) -> bool:
        return not self._spans

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

    def take(
        self, page: Feed | None, total: int | None, room: int | None, *, url: str = ""
    ) -> tuple[Entry, ...]:
        entries = page.entries if page is not None else ()
        numbers = [entry.number for entry in entries]
        if numbers and (numbers[-1] <= 0 or numbers != sorted(set(numbers), reverse=True)):
            raise NotAFeed("gives its posts in no order")
        span = self._spans[0]
        self._refuse_one_page_for_all(span, numbers, total)
        if self._goes_back(span, numbers):
            return ()
        is_end = self._is_end(span, numbers, total)
        if room is not None:
            entries = entries[: max(self.position + room - span.offset, 0)]
        is_cut = len(entries) < len(numbers)
        del numbers[len(entries) :]
        fresh = [n for n in numbers if n > span.below and (not span.last or n < span.last)]
        # Below what an earlier run had there is nothing that is wanted.
        at_end = (is_end and not is_cut) or bool(numbers and numbers[-1] <= span.below)
        if fresh:
            span.last = fresh[-1]
            self._highest = max(self._highest, fresh[0])
        self._fetched += len(fresh)
        if span.below:
            self._added += len(fresh)
            for older in self._spans[1:]:
                older.offset += len(fresh)
        is_first_page = not span.offset
        if at_end:
            self._spans.pop(0)
            if not self._spans and total:
                self._compare(total, is_first_page=is_first_page)
        elif is_cut:
            span.offset += max(len(numbers) - 1, 0)
        else:
            # The last post comes once more; without any, all of the page were hidden.
            span.offset += max(len(numbers) - 1, 1) if numbers else self._per_page
        return entries

    def _refuse_one_page_for_all(self, span: _Span, numbers: list[int], total: int | None) -> None:
        """Raise NotAFeed where the first page comes whatever is asked for, as from some caches."""
        if not span.offset:
            self._first_page, self._first_total = numbers[:], total
        is_it = span.offset > 0 and len(numbers) > 1 and numbers == self._first_page
        # As many posts as are on a page may have been published at that moment.
        is_it = is_it and total == self._first_total
        self._same = self._same + 1 if is_it else 0
        if self._same == 2:
            raise NotAFeed("gives the same posts whatever is asked for")

    def _goes_back(self, span: _Span, numbers: list[int]) -> bool:
        """Whether posts have moved past the place, so that the page before has them."""
        is_gap = span.offset > 0 and (not numbers or numbers[0] < span.last)
        if not is_gap or self._doubted[span.offset, span.last] == _GOES_BACK:
            return False
        self._doubted[span.offset, span.last] += 1
        span.offset = max(0, span.offset - self._per_page + 1)
        return True

    def _is_end(self, span: _Span, numbers: list[int], total: int | None) -> bool:
        if not numbers:
            # Past the end WordPress says that there are 0 posts in all.
            return not total or span.offset + self._per_page >= total
        if numbers[-1] <= span.below:
            return True
        if numbers == [span.last]:  # what is left of the page may be hidden
            return not total or span.offset + self._per_page >= total
        return total is not None and 0 < total <= span.offset + len(numbers)

    def _compare(self, total: int, *, is_first_page: bool) -> None:
        """At the end: whether the site has what was there."""
        if self._settled is None:
            is_up_to_date = is_first_page or self._is_closing
            agrees = self._fetched == total or (is_up_to_date and self._fetched >= total)
            if not agrees and not is_up_to_date:
                self._is_closing = True
                self._spans = [_Span(below=self._highest)]  # what was published meanwhile
                return
            # Posts that the site counts and shows to nobody are missing each time.
            agrees = agrees or self._fetched == self._counted
        else:
            agrees = total == self._settled + self._added
        if agrees or self._passes >= MAX_PASSES:
            self._settled, self._added = total, 0
            return
        counted = self._fetched if self._settled is None else None
        self._passes += 1
        self._begin()
        self._counted = counted

    def cursor(self) -> str:
        return json.dumps(
            {
                "of": self._of(),
                "highest": self._highest,
                "fetched": self._fetched,
                "settled": self._settled,
                "added": self._added,
                "spans": [[each.offset, each.last, each.below] for each in self._spans],
            }
        )

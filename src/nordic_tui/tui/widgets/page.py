"""A post in full, set like a page; of a long one only as much as is looked at."""

import math
from time import perf_counter

from textual.events import Resize
from textual.message import Message
from textual.strip import Strip

from nordic_tui.model import Post
from nordic_tui.text.html import Reading
from nordic_tui.text.layout import Setting
from nordic_tui.tui import present
from nordic_tui.tui.later import Later
from nordic_tui.tui.marks import FindWords, found_in, restyle, text_of
from nordic_tui.tui.theme import Palette
from nordic_tui.tui.widgets.lines import TextLines

WORDS_A_MINUTE = 230
"""How fast people read (Brysbaert 2019, "How many words do we read per minute?": 238 for
non-fiction in English, less in most other languages)."""
STEP_LINES = 100
"""So many lines are set at once, behind the first ones: a few milliseconds."""
STEP_S = 0.004
"""So long a step takes, and so long is the time between two, in which a key is answered."""
FIRST_S = 0.1
"""So long the first page is waited for; of nearly every post it is there in a tenth of that."""


class Page(TextLines):
    """A post in full: its head, then its text at a measure that can be read.

    The first lines are set at once. Those of a long post follow in steps, with room for keys
    between them, or when one goes there.
    """

    class Moved(Message):
        """It shows another part of its text, or more is known of its length."""

    def __init__(self, known: str, *, id: str | None = None) -> None:
        """known: the source that need not be named."""
        super().__init__(id=id)
        self._known = known
        self.post: Post | None = None
        self._html = ("", "")
        self._reading = Reading("")
        self._setting: Setting | None = None
        self._body_from = 0
        """The line at which the text begins, after the head."""
        self._set_lines = 0
        """How many lines of the setting are in `lines`."""
        self._words = 0
        self.complete = False
        """Whether all of the text is in `lines`."""
        self._find: FindWords | None = None
        self._found: list[int] = []
        """The lines with found words, from top to bottom."""
        self._steps = Later()
        self._indent = 0

    def show(self, post: Post, html: str, base: str, find: FindWords | None = None) -> None:
        """Show a post from its beginning.

        html: its text; base: what relative addresses in it are joined with. find: gives the
        words to mark; None: there are none.
        """
        self.post = post
        self._html = (html, base)
        self._find = find
        self.first = 0
        self._reading = Reading(html, base)
        self.recompose_lines(keep_place=False)

    def renew(self, post: Post) -> None:
        """Show the same post with other stars and tags: the text stays where it is."""
        if self.post is None or (post.starred, post.tags) == (self.post.starred, self.post.tags):
            return
        first, body_from = self.first, self._body_from
        self.post = post
        self.recompose_lines()
        if first:
            self.go_to(first + self._body_from - body_from)

    # ── setting the lines ───────────────────────────────────────────────────────────────────

    def compose_lines(self, width: int, palette: Palette) -> list[Strip]:
        self._steps.cancel()
        self._setting, self._set_lines, self._words, self._found = None, 0, 0, []
        self.complete = True
        measure = min(width - 2 * present.MARGIN, present.MEASURE)
        if measure < 1 or self.post is None:
            return []
        # In a wide window the column stands in the middle, head and text alike; at the edge it
        # takes the fewest bytes.
        middle = max((width - measure) // 2 - present.MARGIN, 0)
        self._indent = 1 - present.MARGIN if palette.lean else middle
        inner = width - self._indent
        blank = present.strip(inner, palette.style())
        head = present.post_head(self.post, inner, palette, focused=False, known=self._known)
        self.lines = []
        self._add([blank, *head, blank], palette)
        self._body_from = len(self.lines)
        self.complete = False
        self._setting = Setting(self._reading, measure)
        # Made anew where one is far down (another theme): as far as that must be there again.
        seen_to = self.first + self.text_height
        self._extend(seen_to + STEP_LINES, math.inf if self.first else FIRST_S)
        return self.lines

    def _extend(self, lines: int, within_s: float = math.inf) -> None:
        """Set the text up to so many lines of the page, and finish it where it ends.

        within_s: but go on in steps later where that takes longer.
        """
        palette, setting, post = self.palette, self._setting, self.post
        if self.complete or palette is None or setting is None or post is None:
            return
        inner = self.line_width - self._indent
        wanted, until = max(lines - self._body_from, 0), perf_counter() + within_s
        while not setting.done and len(setting.lines) < wanted:
            setting.extend(min(wanted, len(setting.lines) + STEP_LINES), patient=False)
            if perf_counter() > until:
                break
        body = setting.lines[self._set_lines :]
        self._set_lines = len(setting.lines)
        self._words += sum(piece.text.count(" ") + 1 for line in body for piece in line)
        self._add(
            [present.text_line(line, inner, present.MARGIN, palette) for line in body], palette
        )
        if setting.done:
            self.complete = True
            notes = [] if self._set_lines else [self._nothing(post, inner, palette)]
            blank = present.strip(inner, palette.style())
            self._add([*notes, blank, *present.endnotes(post, inner, palette)], palette)
        elif not self._steps.waits:
            self._steps.start(STEP_S, self._step)

    def _nothing(self, post: Post, width: int, palette: Palette) -> Strip:
        words = "A password protects this post." if post.entry.protected else "No text."
        margin = (" " * present.MARGIN, palette.style())
        return present.strip(width, palette.style(), margin, (words, palette.style("muted")))

    def _add(self, strips: list[Strip], palette: Palette) -> None:
        """Put lines at the end, with the found words in them marked."""
        if self._find is not None:
            # A phrase may have begun on the last line that is there.
            before = self.lines[-1:]
            texts = [text_of(strip) for strip in [*before, *strips]]
            found = found_in(texts, self._find)[len(before) :]
            style = palette.found
            self._found += [len(self.lines) + row for row, spans in enumerate(found) if spans]
            strips = [restyle(strip, s, style) for strip, s in zip(strips, found, strict=True)]
        if self._indent < 0:
            strips = [strip.crop(-self._indent) for strip in strips]
        elif self._indent:
            left = present.strip(self._indent, palette.style())
            strips = [Strip.join([left, strip]) for strip in strips]
        self.lines += strips

    def _step(self) -> None:
        if not self.is_attached:
            return
        seen_to, before = self.first + self.text_height, len(self.lines)
        self._extend(before + STEP_LINES, STEP_S)
        if len(self.lines) > before and before < seen_to:
            self.refresh()
        if self.complete:
            self.scrolled()

    def finish(self) -> None:
        """Set all of the text now."""
        while not self.complete and self._setting is not None:
            self._extend(len(self.lines) + 100 * STEP_LINES)
        self._steps.cancel()

    def on_unmount(self) -> None:
        self._steps.cancel()

    # ── where one is ────────────────────────────────────────────────────────────────────────

    def go_to(self, first: int) -> bool:
        self._extend(first + 2 * self.text_height, FIRST_S)
        return super().go_to(first)

    def action_bottom(self) -> None:
        self.finish()
        super().action_bottom()

    def scroll_to_fraction(self, fraction: float) -> None:
        if fraction > 0:
            self.finish()
        super().scroll_to_fraction(fraction)

    def on_resize(self, event: Resize | None = None) -> None:
        if self.first:
            self.finish()  # what stands at the top is found again by how far down it is
        super().on_resize()

    @property
    def at_end(self) -> bool:
        """Whether the end of the text is on the screen."""
        return self.complete and self.first >= self.last_first

    def place_words(self) -> str:
        """How long it takes to read, and how far one is: "4 min left · page 2 of 5".

        "" while its length is not known.
        """
        if not self.complete:
            return ""
        pages = math.ceil(self.last_first / self.page_lines) + 1
        page = math.ceil(self.first / self.page_lines) + 1
        share = 1 - self.first / max(len(self.lines), 1)
        minutes = max(math.ceil(self._words * share / WORDS_A_MINUTE), 1)
        if pages == 1:
            return f"{minutes} min"
        where = f"page {page} of {pages}"
        if page == pages:
            return where
        return f"{minutes} min{' left' if page > 1 else ''}{present.SEPARATOR}{where}"

    def scrolled(self) -> None:
        self.post_message(self.Moved())

    # ── found words ─────────────────────────────────────────────────────────────────────────

    @property
    def marks_words(self) -> bool:
        """Whether there are words to look for."""
        return self._find is not None

    def go_to_found(self, step: int) -> bool:
        """Bring the next (step 1) or previous (-1) line with found words into the upper third;
        False: there is none."""
        if step > 0 and not any(line > self._at for line in self._found):
            self.finish()
        if step > 0:
            row = next((line for line in self._found if line > self._at), None)
        else:
            row = next((line for line in reversed(self._found) if line < self._at), None)
        if row is None:
            return False
        self._found_at = row
        self.go_to(row - self.text_height // 3)
        return True

    _found_at: int | None = None
    """The line with found words that one went to last."""

    @property
    def _at(self) -> int:
        """The line to go on from: the one gone to last while it is seen, else the top."""
        at = self._found_at
        if at is not None and self.first <= at < self.first + self.text_height:
            return at
        return self.first - 1

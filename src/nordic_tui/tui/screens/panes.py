"""Three panes, two or one, as the window allows; and which of them the keys act on."""

from abc import abstractmethod

from textual.app import ComposeResult
from textual.geometry import Size
from textual.widget import Widget

from nordic_tui.text import clean
from nordic_tui.tui.screens.base import BottomLine, TooSmall
from nordic_tui.tui.screens.post_screen import PostScreen
from nordic_tui.tui.widgets.bars import Heading, TitleBar
from nordic_tui.tui.widgets.category_list import CategoryList
from nordic_tui.tui.widgets.excerpt import Excerpt
from nordic_tui.tui.widgets.post_list import PostList

PANES = ("categories", "posts", "excerpt")
_ONE_PANE = {"-wide": False, "-stacked": False, "-slim": False, "-narrow": True}
"""The layout of a narrow window, as classes that the stylesheet knows."""


class Panes(Widget):
    """Holds panes that fill it: nothing of its own is ever seen."""

    BLANK = True


class PanedScreen(PostScreen):
    """Categories, posts and excerpt beside each other, or one at a time."""

    def __init__(self, known: str, size: Size) -> None:
        """known: the title line: the source that need not be named, or the program."""
        super().__init__(size)
        self.known = known
        self._pane = "posts"
        """The pane that has the focus, or had it last."""
        self._zoomed = False

    def compose(self) -> ComposeResult:
        yield TitleBar(clean.line(self.known), id="title")
        with Panes(id="panes"):
            yield CategoryList(id="categories")
            with Panes(id="posts-pane"):
                yield Heading(id="posts-heading")
                yield PostList(id="posts")
            yield Excerpt(self.known, id="excerpt")
        yield BottomLine(id="keys")
        yield TooSmall(id="too-small")

    def on_mount(self) -> None:
        super().on_mount()
        self._draw_rules()

    # ── the parts ───────────────────────────────────────────────────────────────────────────

    @property
    def categories(self) -> CategoryList:
        return self.query_one("#categories", CategoryList)

    @property
    def posts(self) -> PostList:
        return self.query_one("#posts", PostList)

    @property
    def excerpt(self) -> Excerpt:
        return self.query_one("#excerpt", Excerpt)

    @property
    def heading(self) -> Heading:
        return self.query_one("#posts-heading", Heading)

    # ── the layout ──────────────────────────────────────────────────────────────────────────

    def window_classes(self) -> dict[str, bool]:
        return {**super().window_classes(), **(_ONE_PANE if self._zoomed else {})}

    def on_resize(self) -> None:
        super().on_resize()
        self._draw_rules()
        self._show_pane(self.pane)
        self.call_after_refresh(self.show_title)

    def _draw_rules(self) -> None:
        """The lines between the panes, where there is more than one."""
        wide, narrow = self.has_class("-wide"), self.has_class("-narrow")
        presenter = self.has_class("-presenter")
        self.categories.shows_totals = not presenter
        self.posts.row_lines = 2 if presenter else 1
        self.categories.rule_at_right = not narrow
        self.posts.rule_at_right = self.heading.rule_at_right = wide
        self.excerpt.rule_above = not wide and not narrow

    def action_zoom(self) -> None:
        """The pane that has the focus in the whole window, and back."""
        self._zoomed = not self._zoomed
        self.on_resize()

    @abstractmethod
    def show_title(self) -> None:
        """Say in the title line what is open."""

    # ── the focus ───────────────────────────────────────────────────────────────────────────

    @property
    def pane(self) -> str:
        """The pane that the keys act on."""
        name = self.focused.id if self.focused is not None else ""
        return name if name in PANES else self._pane

    @abstractmethod
    def to_pane(self, name: str) -> None:
        """A pane is about to be shown and to get the keys."""

    def go_to_pane(self, name: str) -> None:
        """Give a pane the keys; where there is one pane at a time, show it."""
        self.to_pane(name)
        self._show_pane(name)
        # Not `focus()`, which comes after the keys that wait already.
        self.set_focus(self.query_one(f"#{name}", Widget), scroll_visible=False)

    def take_focus(self) -> None:
        self.go_to_pane(self.pane)

    def _show_pane(self, name: str) -> None:
        """Where there is one pane at a time, show this one."""
        self._pane = name
        narrow = self.has_class("-narrow")
        for pane, part in zip(PANES, ("#categories", "#posts-pane", "#excerpt"), strict=True):
            self.query_one(part).display = not narrow or pane == name

    def action_pane(self, name: str) -> None:
        self.go_to_pane(name)

    def action_pane_step(self, step: int) -> None:
        number = PANES.index(self.pane) + step
        if 0 <= number < len(PANES):
            self.go_to_pane(PANES[number])

    def action_pane_cycle(self, step: int) -> None:
        self.go_to_pane(PANES[(PANES.index(self.pane) + step) % len(PANES)])

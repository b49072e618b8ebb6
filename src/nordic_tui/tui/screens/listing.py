"""The list of the place or the search that is shown, and the sidebar beside it."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from textual.geometry import Size
from textual.widgets import Input

from nordic_tui.model import (
    BUILT_IN,
    LastPlace,
    Order,
    Place,
    PlaceKind,
    PostRow,
    Sorting,
    View,
)
from nordic_tui.service.library import AnyListing
from nordic_tui.text import clean
from nordic_tui.tui import heard, present
from nordic_tui.tui.counting import Counting
from nordic_tui.tui.filtering import ListFilter
from nordic_tui.tui.finding import Finding
from nordic_tui.tui.incoming import Incoming
from nordic_tui.tui.later import Later
from nordic_tui.tui.screens.panes import PanedScreen
from nordic_tui.tui.searching import Searching
from nordic_tui.tui.services import Services
from nordic_tui.tui.tagging import Tagging, next_order
from nordic_tui.tui.widgets.bars import TitleBar
from nordic_tui.tui.widgets.category_list import CategoryList

if TYPE_CHECKING:
    from nordic_tui.tui.marks import FindWords

REST_OF_POSTS_S = 2.0
"""So long keys that were typed ahead wait for the other posts, once the first ones are there."""
AGAIN_S = 0.5
"""How long after a search that could not look at all posts it is made once more."""


class ListingScreen(PanedScreen):
    """Places, searches and the lists of their posts."""

    def __init__(self, services: Services, size: Size) -> None:
        super().__init__(services.title, size)
        self.services = services
        self.view = View()
        self.at: tuple[PlaceKind, int] = (PlaceKind.ALL, 0)
        """The place of the sidebar that is shown, or that a search was begun at."""
        self.tagging = Tagging(
            services.keeping,
            lambda words: self.post_in_order(heard.Marked(words)),
            lambda reason: self.post_in_order(heard.Told(reason, "alarm")),
        )
        self.counting = Counting(
            services.library,
            lambda places: self.post_in_order(heard.Counted(places)),
            lambda reason: self.post_in_order(heard.Counted(None, reason)),
        )
        self.incoming = Incoming(self.show_status, self._take_in)
        self.filter = ListFilter(self)
        self.search = Searching(self)
        self.finding = Finding(
            services.library,
            lambda listing, complete: self.post_in_order(
                heard.ListFound(listing, complete=complete)
            ),
            lambda reason: self.post_in_order(heard.ListFound(None, problem=reason)),
            lambda: self.post_in_order(heard.ListLost()),
        )
        self._again = Later()
        """Until posts are searched that could not be before."""
        self._release = Later()
        """Until keys that were typed ahead wait no longer for the posts that are still to come."""

    def on_mount(self) -> None:
        super().on_mount()
        # What follows the cursor is drawn after the list, where both take their time.
        self.posts.always_rests = self.services.preferences.profile.lean

    def show_first_list(self, last: LastPlace | None) -> None:
        """The place where one was last, if it is still there, else all posts; each list as it is
        wanted."""
        keep = None
        if last is not None and (place := place_again(last, self.categories.places)) is not None:
            self.at = (place.kind, place.id)
            self.categories.place_cursor(self.categories.find(*self.at), rest=False)
            keep, self.posts.cursor = last.post or None, last.line
        library, self.view = self.services.library, self._view_of(*self.at)
        # The first paint waits for no other thread: another order comes after it.
        self._show_listing(library.listing(self.view._replace(order=Order.NEWEST)), keep)
        if library.is_found(self.view):
            self.open_view(self.view, keep=keep)

    def on_unmount(self) -> None:
        self.filter.cancel()
        self.search.cancel()
        self.finding.cancel()
        self._again.cancel()
        self._release.cancel()
        self.incoming.cancel()

    @abstractmethod
    def show_keys(self) -> None:
        """Show the keys of the pane that has the focus, at the bottom."""

    @abstractmethod
    def show_status(self) -> None:
        """Say at the top right what is new, what goes on, what failed."""

    @abstractmethod
    def _take_in(self) -> None:
        """Draw what has come in."""

    @property
    def listing(self) -> AnyListing:
        listing = self.posts.listing
        assert listing is not None, "the list is filled when the screen is mounted"
        return listing

    @property
    def here(self) -> Place | None:
        """The place whose posts are shown, or were before a search."""
        return next((p for p in self.categories.places if (p.kind, p.id) == self.at), None)

    @property
    def here_name(self) -> str:
        """What the list that is shown is called."""
        if self.view.search:
            return "Search"
        return clean.line(self.here.name) if self.here else "All posts"

    def say(self, text: str, role: str = "ink") -> None:
        """Tell the person, at the bottom of whatever screen is on top."""
        self.nordic.say(text, role)

    # ── places and lists ────────────────────────────────────────────────────────────────────

    def open_view(self, view: View, *, keep: int | None = None, hold: bool = False) -> None:
        """Show the posts of a view; the cursor on the post `keep`, if it is among them.

        hold: keys that follow are meant for these posts: they wait until these are there.
        """
        self.view = view
        library = self.services.library
        if not library.is_found(view):
            self.finding.cancel()
            self._show_listing(library.listing(view), keep)
            return
        self.finding.ask(view, keep)
        if hold:
            self.takes_keys = False
            self._release.cancel()

    def _show_listing(self, listing: AnyListing, keep: int | None) -> None:
        self.posts.mark(self.search.marks())
        self.posts.show(listing, keep=keep, empty_words=self._empty_words())
        self.show_heading()

    def on_list_found(self, message: heard.ListFound) -> None:
        listing = message.listing
        if not self.is_attached:
            return
        if listing is None:
            self.finding.cancel()
            self.say(message.problem, "alarm")
            self.ready()
            return
        was_shown = self.finding.shown
        is_wanted, keep = self.finding.take(listing.view, complete=message.complete)
        if not is_wanted:
            return
        if was_shown:
            self.posts.grow(listing)
            self.show_heading()
        else:
            self._show_listing(listing, keep)
        if message.complete and listing.waiting:
            self._again.start(AGAIN_S, self._find_again)
        if message.complete or self.takes_keys:
            self._release.cancel()
            self.ready()
        elif not self._release.waits:
            # Among the first there may be one post only, and the keys go on from it.
            self._release.start(REST_OF_POSTS_S, self.ready)

    def on_list_lost(self) -> None:
        if self.is_attached:
            self.finding.ask_again()

    def _find_again(self) -> None:
        """Search once more: more posts can be searched by now. What is shown stays until then."""
        if self.is_attached and self.services.library.is_found(self.view):
            row = self.posts.row if self.posts.cursor else None
            self.finding.ask(self.view, row.id if row else None)

    def _empty_words(self) -> str:
        followed = self.services.subscriptions
        if followed is not None and not followed.following.sources:
            return f"Nothing is followed yet. {self.nordic.key_of('add')} adds a source."
        return present.nothing(self.view)

    def show_heading(self) -> None:
        """The archive's heading, with its counts."""
        listing = self.listing
        unread = 0
        if not self.view.title and self.view.kind is not PlaceKind.UNREAD and listing.counted:
            unread = listing.unread()
        facts, short = present.list_facts(
            self.view, len(listing), unread, exact=listing.counted, waiting=listing.waiting
        )
        if self.has_class("-presenter"):
            facts = short = f"{unread:,} unread" if unread else ""
        self.heading.show(self.here_name, facts, short)
        self.nordic.name_window(self.here_name)
        self.show_title()

    def show_title(self) -> None:
        """The title line; where there is one pane at a time, the way back."""
        title = clean.line(self.known)
        if self.has_class("-narrow"):
            title = {"posts": "‹ Categories", "excerpt": f"‹ {self.here_name}"}.get(
                self.pane, title
            )
        self.query_one(TitleBar).show_title(title)

    def on_category_list_selected(self, message: CategoryList.Selected) -> None:
        self._go_to_place(message.place)

    def on_category_list_entered(self, message: CategoryList.Entered) -> None:
        self._go_to_place(message.place)
        self.go_to_pane("posts")

    def _go_to_place(self, place: Place, *, keep: int | None = None, hold: bool = False) -> None:
        """Show a place of the sidebar; that ends a search."""
        if (place.kind, place.id) == self.at:
            return
        self.at = (place.kind, place.id)
        if self.search.is_open:
            self.run_worker(self.search.close(back=False), group="search", exit_on_error=False)
        view = self._view_of(place.kind, place.id)._replace(title=self.view.title)
        self.open_view(view, keep=keep, hold=hold)

    def _view_of(self, kind: PlaceKind, id_: int) -> View:
        """A place as its list is wanted."""
        wanted = self.services.keeping.sorting(kind, id_)
        return View(kind, id_, wanted.unread_only, order=wanted.order)

    def _sort(self, **wanted: Any) -> None:
        """Show the list otherwise from now on: `unread_only`, `order`."""
        self._settle_place()
        row = self.posts.row
        self.open_view(self.view._replace(**wanted), keep=row.id if row else None)
        view = self.view
        if not view.search:
            self.tagging.sort(view.kind, view.id, Sorting(view.unread_only, view.order))

    def _settle_place(self) -> None:
        """What is asked of the list is asked of the place under the cursor of the sidebar, also
        where that cursor has not rested yet."""
        if self.categories.place is not None:
            self._go_to_place(self.categories.place, hold=True)

    def refill(self) -> None:
        """The list as the store has it now, and soon the counts; the cursor stays on its post."""
        row = self.posts.row if self.posts.cursor or not self.incoming.filling else None
        self.open_view(self.view, keep=row.id if row else None)
        self.counting.ask()

    def on_counted(self, message: heard.Counted) -> None:
        if message.places is None:
            self.say(message.problem, "alarm")
        elif self.is_attached:
            self._show_places(message.places)
        self.counting.taken()

    def _show_places(self, places: Sequence[Place]) -> None:
        kind = self.at[0]
        if kind in BUILT_IN and not any(place.kind is kind for place in places):
            # Its last post has left: its row stays for as long as one is there.
            above = (PlaceKind.ALL, PlaceKind.UNREAD, *_above(kind))
            before = sum(place.kind in above for place in places)
            places = [*places[:before], Place(kind, 0, BUILT_IN[kind], 0, 0), *places[before:]]
        self.categories.show(places)
        if self.here is not None:
            self.show_heading()
            return
        # Its source was removed, or its last post has another category.
        row = self.posts.row
        self.at = (PlaceKind.ALL, 0)
        if self.view.search:
            return
        view = self._view_of(PlaceKind.ALL, 0)._replace(title=self.view.title)
        self.open_view(view, keep=row.id if row else None)

    def action_category(self, step: int) -> None:
        categories = self.categories
        categories.place_cursor(categories.cursor + step, rest=False)
        self._settle_place()

    def go_to_category(self, category_id: int) -> None:
        """Show a category of the post under the cursor; the cursor stays on that post."""
        row = self.posts.row
        for place in self.categories.places:
            if place.kind is PlaceKind.CATEGORY and place.id == category_id:
                self._go_to_place(place, keep=row.id if row else None)
                number = self.categories.find(place.kind, place.id)
                self.categories.place_cursor(number, rest=False)
                self.go_to_pane("posts")

    def action_toggle_unread(self) -> None:
        self._settle_place()
        self._sort(unread_only=not self.view.unread_only)

    def action_order(self) -> None:
        self._settle_place()
        order = next_order(self.view.order)
        self._sort(order=order)
        self.say(f"{order.value.capitalize()} first.")

    def action_admit(self) -> None:
        if not self.services.library.arrivals():
            self.say("Nothing new has come in.")
            return
        self.services.library.admit()
        self.refill()
        self.show_status()

    def action_unread(self, step: int) -> None:
        self.step_unread(step)

    def step_unread(self, step: int) -> PostRow | None:
        """Put the cursor on the next or previous unread post, and give it; None: there is none."""
        self._settle_place()
        position = self.listing.next_unread(self.posts.cursor, step)
        if position is None:
            self.say("No more unread posts in this list.")
            return None
        self.posts.place_cursor(position, rest=False)
        return self.posts.row

    # ── the search and the filter ───────────────────────────────────────────────────────────

    async def action_filter(self) -> None:
        await self.filter.open()

    async def action_search(self) -> None:
        await self.search.open()

    def found_words(self) -> "FindWords | None":
        """Finds the words that were searched for in a text; None: nothing was."""
        return self.search.marks()

    def action_found(self, step: int) -> None:
        """To the next or previous post that was found."""
        self.posts.place_cursor(self.posts.cursor + step)

    def on_input_changed(self, message: Input.Changed) -> None:
        if not message.input.is_attached:
            return  # typed in one burst with what closed the box
        if message.input.id == "search":
            self.search.changed()
        else:
            self.filter.changed()

    async def on_input_submitted(self, message: Input.Submitted) -> None:
        if not message.input.is_attached:
            return
        if message.input.id == "search":
            await self.search.submitted()
        else:
            await self.filter.submitted()

    @property
    def typing(self) -> bool:
        """Whether words are typed: then every key but Esc and Tab belongs to them."""
        return self.filter.typing or self.search.typing

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if self.typing:
            return action in ("back", "pane_cycle")
        # The keys of found posts are those of unread posts where nothing was searched for.
        return bool(self.view.search) if action == "found" else True


def place_again(last: LastPlace, places: Sequence[Place]) -> Place | None:
    """The place of the sidebar where one was; None: it is gone."""
    numbered_anew = last.kind in (PlaceKind.FOLDER, PlaceKind.SAVED)
    for place in places:
        if place.kind is last.kind and (
            place.name == last.name if numbered_anew else place.id == last.id
        ):
            return place
    return None


def _above(kind: PlaceKind) -> list[PlaceKind]:
    """The built-in views that stand above this one."""
    kinds = list(BUILT_IN)
    return kinds[: kinds.index(kind)]

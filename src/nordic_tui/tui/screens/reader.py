"""The reader: categories, the posts of the chosen one, the excerpt of the chosen post."""

from collections.abc import Sequence
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.geometry import Size
from textual.message import Message
from textual.widgets import Input

from nordic_tui.model import BUILT_IN, Order, Place, PlaceKind, Post, PostRow, Sorting, Turn, View
from nordic_tui.service.library import AnyListing
from nordic_tui.service.refresh import Event, Finished, Started
from nordic_tui.text import clean
from nordic_tui.tui import present
from nordic_tui.tui.commands import bindings
from nordic_tui.tui.counting import Counting
from nordic_tui.tui.errands import Errands
from nordic_tui.tui.filtering import ListFilter
from nordic_tui.tui.finding import Finding
from nordic_tui.tui.incoming import Incoming
from nordic_tui.tui.later import Later
from nordic_tui.tui.marking import Marking
from nordic_tui.tui.refreshing import RefreshWatch
from nordic_tui.tui.screens.base import BottomLine, CommandScreen
from nordic_tui.tui.screens.panes import PanedScreen
from nordic_tui.tui.screens.post_screen import PostScreen
from nordic_tui.tui.searching import Searching
from nordic_tui.tui.services import Services
from nordic_tui.tui.tagging import Tagging, next_order
from nordic_tui.tui.taking_back import TakingBack
from nordic_tui.tui.widgets.bars import TitleBar
from nordic_tui.tui.widgets.category_list import CategoryList
from nordic_tui.tui.widgets.post_list import PostList

if TYPE_CHECKING:
    from nordic_tui.service import fulltext
    from nordic_tui.service.archive import Archived, Page
    from nordic_tui.service.finding import FoundListing
    from nordic_tui.tui.archiving import ArchiveWatch
    from nordic_tui.tui.briefing import Briefing
    from nordic_tui.tui.marks import FindWords


AGAIN_S = 0.5
"""How long after a search that could not look at all posts it is made once more."""


class ReaderScreen(PanedScreen):
    """What is followed: its places, their posts, and the excerpt of one."""

    WHERE = "reader"
    BINDINGS = bindings("reader")

    class Refreshed(Message):
        """Something happened in the refresh that goes on behind the screen."""

        def __init__(self, event: Event) -> None:
            super().__init__()
            self.event = event

    class Archiving(Message):
        """Something happened in the archive run that goes on behind the screen."""

        def __init__(self, event: "Page | Archived") -> None:
            super().__init__()
            self.event = event

    class FullTextCame(Message):
        """Something happened with the pages that are fetched behind the screen."""

        def __init__(self, event: "fulltext.Page | fulltext.Ended", asked_for: bool) -> None:
            super().__init__()
            self.event = event
            self.asked_for = asked_for

    class Followed(Message):
        """The store has heard of a change of what is followed, or why it could not be stored."""

        def __init__(self, problem: str) -> None:
            super().__init__()
            self.problem = problem

    class Marked(Message):
        """Marks have changed in the store; `words` say what to tell about it."""

        def __init__(self, words: str = "") -> None:
            super().__init__()
            self.words = words

    class Halfway(Message):
        """The store has done its half of an undo or redo."""

        def __init__(self, turn: "Future[Turn]") -> None:
            super().__init__()
            self.turn = turn

    class Indexed(Message):
        """All posts are in the index of words, and the rules were asked about them."""

    class Counted(Message):
        """The places of the sidebar have been counted; None, and `problem` says why not."""

        def __init__(self, places: Sequence[Place] | None, problem: str = "") -> None:
            super().__init__()
            self.places = places
            self.problem = problem

    class ListFound(Message):
        """Posts were found: the first ones, or (complete) all; or `problem` says why not."""

        def __init__(
            self, listing: "FoundListing | None", *, complete: bool = True, problem: str = ""
        ) -> None:
            super().__init__()
            self.listing = listing
            self.complete = complete
            self.problem = problem

    class Told(Message):
        """Something behind the screen has a sentence for the person."""

        def __init__(self, words: str, role: str = "ink") -> None:
            super().__init__()
            self.words = words
            self.role = role

    def __init__(self, services: Services, size: Size) -> None:
        super().__init__(services.title, size)
        self.services = services
        self.view = View()
        self.at: tuple[PlaceKind, int] = (PlaceKind.ALL, 0)
        """The place of the sidebar that is shown, or that a search was begun at."""
        self.watch_refresh = RefreshWatch(
            services, lambda event: self._post(self.Refreshed(event)), self.say
        )
        self.marking = Marking(
            services.history,
            lambda words: self._post(self.Marked(words)),
            lambda reason: self._post(self.Told(reason, "alarm")),
        )
        self.tagging = Tagging(
            services.keeping,
            lambda words: self._post(self.Marked(words)),
            lambda reason: self._post(self.Told(reason, "alarm")),
        )
        self.taking_back = TakingBack(
            services.undoing,
            services.subscriptions,
            lambda turn: self._post(self.Halfway(turn)),
        )
        self.counting = Counting(
            services.library,
            lambda places: self._post(self.Counted(places)),
            lambda reason: self._post(self.Counted(None, reason)),
        )
        self.incoming = Incoming(self.show_status, self._take_in)
        self.filter = ListFilter(self)
        self.search = Searching(self)
        self.finding = Finding(
            services.library,
            lambda listing, complete: self._post(self.ListFound(listing, complete=complete)),
            lambda reason: self._post(self.ListFound(None, problem=reason)),
        )
        self.errands = Errands(
            services,
            lambda command_id: self.nordic.key_of(command_id),
            self._archive_key,
            lambda event: self._post(self.Archiving(event)),
            lambda event, asked_for: self._post(self.FullTextCame(event, asked_for)),
            self.say,
            lambda words, role: self._post(self.Told(words, role)),
        )
        self._again = Later()
        """Until posts are searched that could not be before."""
        self._briefing: Briefing | None = None
        self._dwell = Later()
        """Until the post that is looked at counts as read."""

    # ── building and starting ───────────────────────────────────────────────────────────────

    def on_mount(self) -> None:
        super().on_mount()
        self.categories.show(self.services.library.places())
        library, self.view = self.services.library, self._view_of(PlaceKind.ALL, 0)
        # The first paint waits for no other thread: another order comes after it.
        self._show_listing(library.listing(self.view._replace(order=Order.NEWEST)), None)
        if library.is_found(self.view):
            self.open_view(self.view)
        self.go_to_pane("posts")
        self.ready()
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        """What waits for the first paint."""
        self.nordic.collector.begin()
        self.watch_refresh.learn()
        self.show_status()
        self.services.library.when_counted(lambda: self._post(self.Marked()))
        self.services.library.when_indexed(lambda: self._post(self.Indexed()))
        self.services.history.prune()
        if self.services.problems:
            self.say(" ".join(self.services.problems), "caution")
        if self.services.history.unanswered:
            self.nordic.ask_consent()
        if self.services.preferences.refresh_on_start:
            self.watch_refresh.start(asked_for=False)

    def on_unmount(self) -> None:
        self.watch_refresh.stop()
        self._dwell.cancel()
        self.filter.cancel()
        self.finding.cancel()
        self._again.cancel()
        self.incoming.cancel()
        self.errands.close()

    # ── the parts ───────────────────────────────────────────────────────────────────────────

    @property
    def at_bottom(self) -> "ReaderScreen":
        return self

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

    @property
    def archives(self) -> "ArchiveWatch":
        """The archive runs behind the screen."""
        return self.errands.archives

    def say(self, text: str, role: str = "ink") -> None:
        """Tell the person, at the bottom of whatever screen is on top."""
        self.nordic.say(text, role)

    def _post(self, message: Message) -> None:
        """Post a message from any thread; the screen may be gone by then."""
        if self.is_running:
            self.post_message(message)

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

    def _show_listing(self, listing: AnyListing, keep: int | None) -> None:
        self.posts.mark(self.search.marks())
        self.posts.show(listing, keep=keep, empty_words=self._empty_words())
        self.show_heading()

    def on_reader_screen_list_found(self, message: ListFound) -> None:
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
        self.ready()

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
        self.heading.show(self.here_name, facts, short)
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

    def on_reader_screen_counted(self, message: Counted) -> None:
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

    async def action_views(self) -> None:
        from nordic_tui.tui.screens.views import ViewsScreen

        await self.app.push_screen(ViewsScreen(self))

    # ── the filter ──────────────────────────────────────────────────────────────────────────

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
        if message.input.id == "search":
            self.search.changed()
        else:
            self.filter.changed()

    async def on_input_submitted(self, message: Input.Submitted) -> None:
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

    # ── the excerpt, and what is read ───────────────────────────────────────────────────────

    def on_post_list_rested(self, message: PostList.Rested) -> None:
        self.show_row(message.row)

    async def on_post_list_opened(self) -> None:
        await self.action_read()

    def show_row(self, row: PostRow | None) -> None:
        """Show a row's post in the excerpt, and begin to count how long it is looked at."""
        post = self.services.library.post(row.id) if row is not None else None
        self.excerpt.show(post, self._excerpt_keys(post), self.found_words())
        self._count_time(post)

    def _count_time(self, post: Post | None) -> None:
        self._dwell.cancel()
        after_s = self.services.preferences.mark_read_after_s
        if post is not None and post.unread and after_s > 0:
            self._dwell.start(after_s, partial(self._looked_at, post.id))

    def _excerpt_keys(self, post: Post | None) -> list[tuple[str, str]]:
        if post is None:
            return []
        keys = []
        files = len(post.entry.enclosures)
        if post.entry.more or post.full_text:
            keys.append((self.nordic.key_of("read"), "read on"))
        elif files:
            keys.append((self.nordic.key_of("read"), present.count(files, "file", "files")))
        if clean.url(post.entry.link):
            if post.entry.excerpt.endswith(clean.ELLIPSIS) and not keys:
                keys.append((self.nordic.key_of("full_text"), "full text"))
            keys.append((self.nordic.key_of("browser"), "open the page"))
        return keys

    def _looked_at(self, post_id: int) -> None:
        if not self.is_attached:
            return
        row = self.posts.row
        # Not `is_current`: that is also what lies under a dialog.
        looked_at = self.is_active and (not self.has_class("-narrow") or self.pane == "excerpt")
        if looked_at and row is not None and row.id == post_id and row.unread:
            self.marking.read(post_id)

    def on_screen_resume(self) -> None:
        # A dialog or post was on top: the time looked at counts from now on.
        if self.posts.listing is not None:
            self.show_row(self.posts.row)

    def chosen_post(self) -> Post | None:
        """The post under the cursor; it is shown now, also where the cursor has not rested yet."""
        row, shown = self.posts.row, self.excerpt.post
        if row is not None and (shown is None or shown.id != row.id):
            self.show_row(row)
        return self.excerpt.post

    async def action_read(self) -> None:
        if self.pane == "categories" and self.focused is self.categories:
            self.go_to_pane("posts")
            return
        post = self.chosen_post()
        if post is not None:
            await self.nordic.read(post)

    def action_scroll_excerpt(self, lines: int) -> None:
        self.chosen_post()
        self.excerpt.action_move(lines)

    # ── the brief ───────────────────────────────────────────────────────────────────────────

    @property
    def briefing(self) -> "Briefing":
        """What makes briefs; it is loaded for the first of them."""
        if self._briefing is None:
            from nordic_tui.tui.briefing import Briefing

            self._briefing = Briefing(self)
        return self._briefing

    def action_choose(self) -> None:
        self.briefing.choose()

    def action_choose_none(self) -> None:
        self.briefing.choose_none()

    # ── marks ───────────────────────────────────────────────────────────────────────────────

    def action_toggle_read(self) -> None:
        if self.posts.row is not None:
            self.toggle_read(self.posts.row.id, unread=self.posts.row.unread)

    def toggle_read(self, post_id: int, *, unread: bool) -> None:
        self._dwell.cancel()  # what a person says counts, not how long they look
        self.marking.toggle(post_id, unread=unread)

    def action_mark_view(self) -> None:
        self._settle_place()
        undo_key = self.nordic.key_of("undo")
        self.marking.view(self.view, self.listing.snapshot, undo_key=undo_key)

    def on_reader_screen_halfway(self, message: Halfway) -> None:
        done = self.taking_back.finish(message.turn)
        self.say(done.words, "alarm" if done.failed else "ink")
        if done.marks:
            self._show_marks()
        if done.following:
            self.follow_changed()
            for screen in self.app.screen_stack[1:]:
                if isinstance(screen, CommandScreen):
                    screen.taken_back(done.back)

    def on_reader_screen_marked(self, message: Marked) -> None:
        self._show_marks()
        if message.words:
            self.say(message.words)

    def on_reader_screen_indexed(self) -> None:
        self._show_marks()
        self.show_status()

    def _show_marks(self) -> None:
        """Show marks, stars and tags as the store has them now."""
        self.posts.reread()
        self.counting.ask()
        for screen in self.app.screen_stack:
            if isinstance(screen, PostScreen):
                screen.post_changed()

    def post_changed(self) -> None:
        if self.excerpt.post is not None:
            post = self.services.library.post(self.excerpt.post.id)
            self.excerpt.show(post, self._excerpt_keys(post), self.found_words())

    def on_reader_screen_told(self, message: Told) -> None:
        self.say(message.words, message.role)

    # ── refresh ─────────────────────────────────────────────────────────────────────────────

    def action_refresh_sources(self) -> None:
        self.watch_refresh.start(asked_for=True)
        self.show_status()

    def on_reader_screen_refreshed(self, message: Refreshed) -> None:
        event = message.event
        if isinstance(event, Started):
            self.incoming.begin(empty=not any(place.total for place in self.categories.places))
        changed, over = self.watch_refresh.take(event), isinstance(event, Finished)
        self.incoming.refreshed(changed=changed, over=over)
        if over:
            self.nordic.collector.want()
        if over:
            self.errands.go_on_with_archives()
            self.errands.go_on_with_full_texts()
        self._tell_screens()

    def _tell_screens(self) -> None:
        """The screens that lie on this one show what happens too."""
        for screen in self.app.screen_stack[1:]:
            if isinstance(screen, CommandScreen):
                screen.heard()

    def _take_in(self) -> None:
        """Draw what has come in."""
        if not self.is_attached:
            return
        if self.incoming.filling:
            self.services.library.admit()
        self.refill()
        self.show_row(self.posts.row)

    def show_status(self) -> None:
        """What is new, what goes on, what failed, at the top right."""
        self.incoming.status_shown()
        if not self.is_attached:
            return
        status = self.watch_refresh.status
        status.new = self.services.library.arrivals()
        words = status.words(self.services.clock(), self.nordic.key_of("admit"))
        self.query_one(TitleBar).show_status(*words)

    # ── what is followed, archives, exports ─────────────────────────────────────────────────

    def follow_changed(self) -> None:
        """A person has changed what is followed: show it once the store has heard of it."""
        followed = self.services.subscriptions
        if followed is not None:
            self.watch_refresh.follow(followed.following.sources)
            self.errands.follow(followed.following.sources)
        self.services.when_followed(lambda problem: self._post(self.Followed(problem)))

    def on_reader_screen_followed(self, message: Followed) -> None:
        if message.problem:
            words = "The change is in the settings but could not be stored"
            self.say(f"{words}: {message.problem}", "alarm")
        states = self.watch_refresh.learn()
        self.known = states[0].title if len(states) == 1 else self.app.title
        self.excerpt.know(self.known)
        self._show_places(self.services.library.places())
        self.refill()
        self.show_status()
        self._tell_screens()

    def _archive_key(self) -> str:
        """The key that begins an archive, on the screen that is looked at."""
        screen = self.app.screen
        is_list = isinstance(screen, CommandScreen) and screen.WHERE == "sources"
        return self.nordic.key_of("archive" if is_list else "archive_shown")

    def on_reader_screen_full_text_came(self, message: FullTextCame) -> None:
        post_id = self.errands.full_texts.take(message.event, message.asked_for)
        if post_id is not None:
            self.show_text_of(post_id)

    def show_text_of(self, post_id: int) -> None:
        """The text of a post is another one now: every screen that has it shows that."""
        for screen in self.app.screen_stack:
            if isinstance(screen, PostScreen):
                screen.text_came(post_id)

    def text_came(self, post_id: int) -> None:
        if self.excerpt.post is not None and self.excerpt.post.id == post_id:
            self.show_row(self.posts.row)

    def action_archive(self) -> None:
        self._settle_place()
        self.errands.toggle_archive(self.categories.places, self.here, self.chosen_post())

    def action_export_list(self) -> None:
        self._settle_place()
        title = self.here.name if self.here else "Posts"
        if self.view.title:
            title = f"{title} · “{self.view.title}”"
        self.errands.export(self.view, title)

    def on_reader_screen_archiving(self, message: Archiving) -> None:
        self.archives.take(message.event)
        over = not self.archives.address
        self.incoming.fetched(changed=bool(message.event.new), over=over)
        if over:
            self.nordic.collector.want()
        self._tell_screens()

    # ── panes, and the way back ──────────────────────────────────────────────────────────────

    def to_pane(self, name: str) -> None:
        if name != "categories":
            self._settle_place()
        if name == "excerpt":
            post = self.chosen_post()
            if self.has_class("-narrow") and not self._dwell.waits:
                self._count_time(post)  # until now it was not to be seen

    def on_descendant_focus(self) -> None:
        self._show_pane(self.pane)  # the mouse gave it the focus
        box = self.filter if self.filter.typing else self.search if self.search.typing else None
        keys = box.keys() if box is not None else self.footer_keys(self.pane)
        self.query_one(BottomLine).show(keys)
        self.show_title()

    async def action_back(self) -> None:
        """Out of a filter, else to the pane at the left; never out of the program."""
        if self.bottom.message:
            self.bottom.hush()
        if self.search.typing or (self.search.is_open and self.pane == "posts"):
            await self.search.close()
        elif self.view.title or self.filter.is_open:
            await self.filter.close()
        elif self.pane == "excerpt":
            self.go_to_pane("posts")
        elif self.view.unread_only:
            self.action_toggle_unread()
        elif self.pane == "posts":
            self.go_to_pane("categories")

    async def action_leave(self) -> None:
        """Back where there is one pane at a time, a search or a filter; else quit."""
        if self.search.is_open:
            await self.search.close()
        elif self.view.title:
            await self.filter.close()
        elif self.has_class("-narrow") and self.pane != "categories":
            self.action_pane_step(-1)
        else:
            self.app.exit()


def _above(kind: PlaceKind) -> list[PlaceKind]:
    """The built-in views that stand above this one."""
    kinds = list(BUILT_IN)
    return kinds[: kinds.index(kind)]

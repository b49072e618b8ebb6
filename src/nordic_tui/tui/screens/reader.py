"""The reader: categories, the posts of the chosen one, the excerpt of the chosen post."""

from functools import partial
from typing import TYPE_CHECKING

from textual.geometry import Size

from nordic_tui.errors import StoreError
from nordic_tui.model import Post, PostRow
from nordic_tui.service.refresh import Finished, Started
from nordic_tui.text import clean
from nordic_tui.tui import heard, present
from nordic_tui.tui.errands import Errands
from nordic_tui.tui.later import Later
from nordic_tui.tui.marking import Marking
from nordic_tui.tui.refreshing import RefreshWatch
from nordic_tui.tui.returning import Returning
from nordic_tui.tui.screens.base import BottomLine, CommandScreen
from nordic_tui.tui.screens.listing import ListingScreen
from nordic_tui.tui.screens.post_screen import PostScreen
from nordic_tui.tui.services import Services
from nordic_tui.tui.taking_back import TakingBack
from nordic_tui.tui.widgets.bars import TitleBar
from nordic_tui.tui.widgets.post_list import PostList

if TYPE_CHECKING:
    from nordic_tui.tui.archiving import ArchiveWatch
    from nordic_tui.tui.briefing import Briefing


PRUNE_EVERY_S = 3_600.0
"""So often what is older than was agreed is forgotten: some people never quit."""
OTHERS_EVERY_S = 2.0
"""How often it is looked whether another instance has written."""


class ReaderScreen(ListingScreen):
    """What is followed: its places, their posts, and the excerpt of one."""

    WHERE = "reader"

    def __init__(self, services: Services, size: Size) -> None:
        super().__init__(services, size)
        self.watch_refresh = RefreshWatch(
            services,
            lambda event: self.post_in_order(heard.Refreshed(event)),
            self.say,
            lambda command_id: self.nordic.key_of(command_id),
        )
        self.watch_refresh.status.tells_when = not services.preferences.presenter
        self.marking = Marking(
            services.history,
            lambda words: self.post_in_order(heard.Marked(words)),
            lambda reason: self.post_in_order(heard.Told(reason, "alarm")),
        )
        self.taking_back = TakingBack(
            services.undoing,
            services.subscriptions,
            lambda turn: self.post_in_order(heard.Halfway(turn)),
        )
        self.errands = Errands(
            services,
            lambda command_id: self.nordic.key_of(command_id),
            self._archive_key,
            lambda event: self.post_in_order(heard.Archiving(event)),
            lambda event, asked_for: self.post_in_order(heard.FullTextCame(event, asked_for)),
            self.say,
            lambda words, role: self.post_in_order(heard.Told(words, role)),
        )
        self.returning = Returning(self)
        self._briefing: Briefing | None = None
        self._others = Later()
        """Until it is looked whether another instance of the program has written."""
        self._dwell = Later()
        """Until the post that is looked at counts as read."""
        self._revealing = Later()
        """Until the excerpt is drawn again that was left out on the way back to the list."""

    # ── building and starting ───────────────────────────────────────────────────────────────

    def on_mount(self) -> None:
        super().on_mount()
        self.categories.show(self.services.library.places())
        self.returning.begin()
        self.go_to_pane("posts")
        self.ready()
        # Keys that were typed ahead are meant for where one was, which may be a post or a search.
        self.takes_keys = not self.returning.goes_on
        self.call_after_refresh(self._begin)

    async def _begin(self) -> None:
        """What waits for the first paint."""
        await self.returning.finish()
        self.nordic.collector.begin()
        self.watch_refresh.learn()
        self.show_status()
        self.services.library.when_counted(lambda: self.post_in_order(heard.Marked()))
        self.services.library.when_indexed(lambda: self.post_in_order(heard.Indexed()))
        self.services.library.when_others_wrote(lambda: self.post_in_order(heard.OthersWrote()))
        self._others.start(OTHERS_EVERY_S, self._look_for_others)
        if not all(place.counted for place in self.categories.places):
            self.counting.ask()
        self.services.history.prune()
        self.set_interval(PRUNE_EVERY_S, self.services.history.prune)
        if self.services.problems:
            self.say(" ".join(self.services.problems), "caution")
        if self.services.history.unanswered:
            self.nordic.ask_consent()
        if self.services.preferences.refresh_on_start:
            self.watch_refresh.start(asked_for=False)

    def on_unmount(self) -> None:
        self.watch_refresh.stop()
        self._dwell.cancel()
        self._others.cancel()
        self._revealing.cancel()
        self.errands.close()
        super().on_unmount()

    # ── the parts ───────────────────────────────────────────────────────────────────────────

    @property
    def at_bottom(self) -> "ReaderScreen":
        return self

    @property
    def archives(self) -> "ArchiveWatch":
        """The archive runs behind the screen."""
        return self.errands.archives

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
        if post.changed:
            keys.insert(0, (self.nordic.key_of("changes"), "what changed"))
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
        self._revealing.start(self.services.preferences.profile.rest_s, self.excerpt.reveal)

    @property
    def progress(self) -> float:
        row, excerpt = self.posts.row, self.excerpt
        is_shown = row is not None and excerpt.post is not None and excerpt.post.id == row.id
        return excerpt.fraction if is_shown and excerpt.last_first else 0.0

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
            if self.services.preferences.profile.lean and not self.has_class("-narrow"):
                # On the way back the list comes first.
                self.excerpt.conceal()
            await self.nordic.read(post)

    def action_scroll_excerpt(self, lines: int) -> None:
        self.chosen_post()
        self.excerpt.action_move(lines)

    # ── views and rules ─────────────────────────────────────────────────────────────────────

    async def action_views(self) -> None:
        from nordic_tui.tui.screens.views import ViewsScreen

        await self.app.push_screen(ViewsScreen(self))

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
            self.toggle_read(self.posts.row.id)

    def toggle_read(self, post_id: int) -> None:
        self._dwell.cancel()  # what a person says counts, not how long they look
        self.marking.toggle(self.services.library.post, post_id)

    def action_mark_view(self) -> None:
        self._settle_place()
        undo_key = self.nordic.key_of("undo")
        self.marking.view(self.view, self.listing.snapshot, undo_key=undo_key)

    def on_halfway(self, message: heard.Halfway) -> None:
        done = self.taking_back.finish(message.turn)
        self.say(done.words, "alarm" if done.failed else "ink")
        if done.marks:
            self._show_marks()
        if done.following:
            self.follow_changed()
            for screen in self._filled():
                if screen is not self:
                    screen.taken_back(done.back)

    def on_marked(self, message: heard.Marked) -> None:
        self._show_marks()
        if message.words:
            self.say(message.words)

    def on_indexed(self) -> None:
        self._show_marks()
        self.show_status()

    def _show_marks(self) -> None:
        """Show marks, stars and tags as the store has them now."""
        self.posts.reread()
        self.counting.ask()
        for screen in self._filled():
            if isinstance(screen, PostScreen):
                screen.post_changed()

    def post_changed(self) -> None:
        if self.excerpt.post is not None:
            post = self.services.library.post(self.excerpt.post.id)
            self.excerpt.show(post, self._excerpt_keys(post), self.found_words())

    def on_told(self, message: heard.Told) -> None:
        self.say(message.words, message.role)

    # ── refresh ─────────────────────────────────────────────────────────────────────────────

    def action_refresh_sources(self) -> None:
        self.watch_refresh.start(asked_for=True)
        self.show_status()

    def on_refreshed(self, message: heard.Refreshed) -> None:
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
        for screen in self._filled():
            if screen is not self:
                screen.heard()

    def _filled(self) -> list[CommandScreen]:
        """The screens that can be told what happens, from this one up."""
        stack = self.app.screen_stack
        return [each for each in stack if isinstance(each, CommandScreen) and each.is_filled]

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

    # ── another instance of the program ─────────────────────────────────────────────────────

    def _look_for_others(self) -> None:
        """Look whether another instance has written; where none has, nothing is drawn."""
        self._others.start(OTHERS_EVERY_S, self._look_for_others)
        try:
            if self.services.history.heed_withdrawal():
                self.say("The reading history was erased elsewhere, and nothing more is kept.")
                self._show_marks()
            self.services.library.notice_others()
        except StoreError as error:
            self.say(str(error), "alarm")
            self._others.cancel()  # said once

    def on_others_wrote(self) -> None:
        """Show what another instance has brought: new posts are announced, marks and stars seen."""
        if not self.is_attached:
            return
        self.watch_refresh.learn()
        self._show_marks()
        self.show_status()
        self._tell_screens()

    # ── what is followed, archives, exports ─────────────────────────────────────────────────

    def follow_changed(self) -> None:
        """A person has changed what is followed: show it once the store has heard of it."""
        followed = self.services.subscriptions
        if followed is not None:
            self.watch_refresh.follow(followed.following.sources)
            self.errands.follow(followed.following.sources)
        self.services.when_followed(lambda problem: self.post_in_order(heard.Followed(problem)))

    def on_followed(self, message: heard.Followed) -> None:
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

    def on_full_text_came(self, message: heard.FullTextCame) -> None:
        post_id = self.errands.full_texts.take(message.event, message.asked_for)
        if post_id is not None:
            self.show_text_of(post_id)

    def show_text_of(self, post_id: int) -> None:
        """The text of a post is another one now: every screen that has it shows that."""
        for screen in self._filled():
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

    def on_archiving(self, message: heard.Archiving) -> None:
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
        self.show_keys()
        self.show_title()

    def show_keys(self) -> None:
        box = self.filter if self.filter.typing else self.search if self.search.typing else None
        if box is not None:
            keys = box.keys()
        elif self.search.is_open and self.pane == "posts":
            keys = self.search.keys_of_posts()
        else:
            keys = self.footer_keys(self.pane)
        self.query_one(BottomLine).show(keys)

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

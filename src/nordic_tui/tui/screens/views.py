"""Views and rules: the searches that are saved, and what is done with the posts of others."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from typing import Any

from textual.app import ComposeResult
from textual.message import Message

from nordic_tui.errors import StoreError
from nordic_tui.model import Following, Place, PlaceKind, Rule, SavedView, Tried
from nordic_tui.service import rules
from nordic_tui.service.ports import Edit
from nordic_tui.service.rules import RULES, VIEWS, Saved
from nordic_tui.tui.changing import READ_ONCE, Changing
from nordic_tui.tui.later import Later
from nordic_tui.tui.present_views import Heading, Row, RuleRow, SaveRow, ViewRow
from nordic_tui.tui.screens.base import BottomLine, CommandScreen, TooSmall
from nordic_tui.tui.screens.panes import Panes
from nordic_tui.tui.screens.reader import ReaderScreen
from nordic_tui.tui.screens.try_rule import ON, TryScreen
from nordic_tui.tui.screens.view_form import EditScreen, WhatScreen
from nordic_tui.tui.widgets.bars import TitleBar
from nordic_tui.tui.widgets.view_list import ViewList, ViewPane

COUNT_EVERY_S = 0.25
"""How often it is counted at most while a refresh goes on."""
NOT_A_RULE = "Only rules are switched on and off."


class ViewsScreen(CommandScreen):
    """Saved views and rules. It leans on the reader below for what is followed and shown."""

    WHERE = "views"
    CSS_PATH = "../views.tcss"

    class Counted(Message):
        """What the views hold and the rules find now; number: of the question."""

        def __init__(
            self, number: int, places: Sequence[Place] = (), tried: Sequence[Tried] = ()
        ) -> None:
            super().__init__()
            self.number = number
            self.places = places
            self.tried = tried

    class TriedOut(Message):
        """What a rule would do; problem: why that can't be told, a sentence."""

        def __init__(self, tried: Tried | None, problem: str, then: Callable[[Tried], Any]) -> None:
            super().__init__()
            self.tried = tried
            self.problem = problem
            self.then = then

    def __init__(self, reader: ReaderScreen) -> None:
        super().__init__(reader.app.size)
        self.reader = reader
        self.services = reader.services
        self.changing = Changing(
            self.services.subscriptions, reader.say, reader.nordic.key_of("undo")
        )
        self._search = reader.view.search.strip()
        """The search that the reader shows, until it is saved."""
        self._places: Mapping[str, Place] = {}
        """What was last counted of saved views, by their names."""
        self._tried: Mapping[str, Tried] = {}
        """What was last found by the searches of rules."""
        self._searches: Sequence[str] = ()
        """Those that are being counted."""
        self._question = 0
        self._hearing = Later()

    # ── building ────────────────────────────────────────────────────────────────────────────

    def compose(self) -> ComposeResult:
        yield TitleBar("Views and rules", id="title")
        with Panes(id="view-panes"):
            yield ViewList(id="views")
            yield ViewPane(id="about-view")
        yield BottomLine(id="keys")
        yield TooSmall(id="too-small")

    def on_mount(self) -> None:
        super().on_mount()
        self.about.rule_above = True
        self._fill()
        self.take_focus()
        self.ready()
        self._count()

    # ── the parts ───────────────────────────────────────────────────────────────────────────

    @property
    def table(self) -> ViewList:
        return self.query_one(ViewList)

    @property
    def about(self) -> ViewPane:
        return self.query_one(ViewPane)

    @property
    def is_counted(self) -> bool:
        """Whether it is known how many posts there are of each."""
        return bool(self._places or self._tried)

    def _following(self) -> Following:
        followed = self.services.subscriptions
        return followed.following if followed is not None else Following()

    # ── filling ─────────────────────────────────────────────────────────────────────────────

    def _fill(self) -> None:
        """Show the views and rules as they are now; the cursor stays on its own."""
        if not self.is_attached:
            return
        self.table.show(self._rows())
        self._show_about()
        bar = self.query_one(TitleBar)
        bar.show_title(READ_ONCE if self.services.subscriptions is None else "Views and rules")
        bar.show_status(*self.reader.watch_refresh.status.state(self.services.clock()))

    def _rows(self) -> list[Row]:
        following = self._following()
        rows: list[Row] = [SaveRow(self._search)] if self._search else []
        add = self.nordic.key_of("add_view")
        rows.append(
            Heading("Saved views" if following.views else f"No saved views: {add} adds one")
        )
        rows += [ViewRow(view, self._places.get(view.name)) for view in following.views]
        rows.append(Heading("Rules" if following.rules else f"No rules: {add} adds one"))
        rows += [RuleRow(rule, self._tried.get(rule.search)) for rule in following.rules]
        return rows

    def _show_about(self) -> None:
        self.about.show(self.table.row, self.nordic.key_of("switch_rule"))

    def on_choice_list_rested(self) -> None:
        self._show_about()
        self._show_keys()

    def _show_keys(self) -> None:
        keys = list(self.footer_keys("views"))
        if isinstance(self.table.row, SaveRow):
            keys[0] = (keys[0][0], "save")
        self.bottom.show(keys)

    async def on_choice_list_opened(self) -> None:
        await self.action_edit_view()

    def heard(self) -> None:
        if not self._hearing.waits:
            self._hearing.start(COUNT_EVERY_S, self._look_again)

    def _look_again(self) -> None:
        if self.is_attached:
            self._fill()
            self._count()

    def on_unmount(self) -> None:
        self._hearing.cancel()

    def taken_back(self, back: str) -> None:
        self._fill()

    # ── counting, behind the screen ─────────────────────────────────────────────────────────

    def _count(self) -> None:
        """Have it counted what the views hold and the rules find."""
        self._question += 1
        number = self._question
        searches = list(dict.fromkeys(rule.search for rule in self._following().rules))
        places = self.services.library.count_places()
        tried = self.services.try_searches(searches, rules.NEWEST_SHOWN)

        def told(_: Future[list[Tried]]) -> None:
            # Both are done on one thread, the places first. What fails is told by the reader,
            # which counts the same; here it only stays as it was.
            if not (places.exception() or tried.exception()):
                self.post_in_order(self.Counted(number, places.result(), tried.result()))

        self._searches = searches
        tried.add_done_callback(told)

    def on_views_screen_counted(self, message: Counted) -> None:
        if message.number != self._question:
            return
        self._places = {p.name: p for p in message.places if p.kind is PlaceKind.SAVED}
        self._tried = dict(zip(self._searches, message.tried, strict=True))
        self._fill()

    # ── changes ─────────────────────────────────────────────────────────────────────────────

    def _make(self, edit: Edit, array: str = "", name: str = "") -> None:
        """Make a change, and show it; array, name: where the cursor is then."""
        if not self.changing.make(edit):
            return
        self._fill()
        if name:
            self.table.go_to(array, name)
        self.reader.follow_changed()

    def _saved(self) -> Saved | None:
        """The view or rule under the cursor, as it was last read."""
        row = self.table.row
        if isinstance(row, ViewRow):
            return row.view
        return row.rule if isinstance(row, RuleRow) else None

    async def action_add_view(self) -> None:
        if not self.changing.possible:
            return
        row = self.table.row
        search = row.search if isinstance(row, SaveRow) else ""

        def chosen(what: str | None) -> None:
            if what == VIEWS:
                self._edit(self._view_of(search) if search else SavedView(""))
            elif what == RULES:
                self._edit(Rule("", search))

        await self.app.push_screen(WhatScreen(search), chosen)

    def _view_of(self, search: str) -> SavedView:
        """What the reader shows, as a saved view: its search, in its place."""
        shown = self.reader.view
        view = SavedView("", unread_only=shown.unread_only, search=search)
        for place in self.reader.categories.places:
            if (place.kind, place.id) == (shown.kind, shown.id):
                if place.kind is PlaceKind.SOURCE:
                    return view._replace(address=place.address)
                if place.kind is PlaceKind.FOLDER:
                    return view._replace(tag=place.name)
        return view

    async def action_edit_view(self) -> None:
        self.table.settle()
        if isinstance(self.table.row, SaveRow):
            await self.action_add_view()
            return
        saved = self._saved()
        if saved is not None and self.changing.possible:
            self._edit(saved, saved.name)

    def _edit(self, saved: Saved, name: str = "") -> None:
        """Have a person change it. name: what it is called now; "": it is new."""
        array = rules.array_of(saved)

        def problem_with(wanted: Saved) -> str:
            following = self._following()
            if wanted.name != name and rules.find(following, array, wanted.name) is not None:
                return "This name is taken."
            return rules.problem_of_rule(wanted) if isinstance(wanted, Rule) else ""

        def done(wanted: Saved | None) -> None:
            if wanted is None or (name and wanted == saved):
                return
            if isinstance(wanted, Rule) and wanted.on and _does_other(wanted, saved, name):
                self._try_out(wanted, name)
            else:
                self._keep(wanted, name)

        screen = EditScreen(saved, problem_with, self.services)
        self.app.push_screen(screen, done)

    def _keep(self, wanted: Saved, name: str) -> None:
        if wanted.search and wanted.search == self._search:
            self._search = ""
        self._make(rules.keep(wanted, name), rules.array_of(wanted), wanted.name)

    def action_switch_rule(self) -> None:
        self.table.settle()
        rule = self._saved()
        if not isinstance(rule, Rule):
            self.bottom.say(NOT_A_RULE)
        elif self.changing.possible:
            if rule.on:
                self._keep(rule._replace(on=False), rule.name)
            elif problem := rules.problem_of_rule(rule):
                self.bottom.say(problem)
            else:
                self._try_out(rule._replace(on=True), rule.name)

    def _try_out(self, rule: Rule, name: str) -> None:
        """Show what a rule would do, and ask whether it is to be on."""

        def show(tried: Tried) -> None:
            def answered(answer: str | None) -> None:
                if answer is not None:
                    self._keep(rule._replace(on=answer == ON), name)

            self.app.push_screen(TryScreen(rule, tried), answered)

        def told(future: Future[list[Tried]]) -> None:
            try:
                (tried,) = future.result()
            except StoreError as error:
                self.post_in_order(self.TriedOut(None, str(error), show))
            else:
                self.post_in_order(self.TriedOut(tried, "", show))

        self.bottom.say("Looking for its posts …")
        future = self.services.try_searches([rule.search], rules.NEWEST_SHOWN)
        future.add_done_callback(told)

    def on_views_screen_tried_out(self, message: TriedOut) -> None:
        self.bottom.hush()
        if message.tried is None:
            self.bottom.say(message.problem, "alarm")
        elif self.is_active:
            message.then(message.tried)

    def action_move_view(self, step: int) -> None:
        self.table.settle()
        saved = self._saved()
        if saved is None:
            return
        array = rules.array_of(saved)
        names = [each.name for each in getattr(self._following(), array)]
        at = names.index(saved.name) + step if saved.name in names else 0
        if 0 <= at < len(names):
            self._make(rules.move(array, saved.name, step))
        else:
            self.bottom.say(f"“{saved.name}” is the {'last' if step > 0 else 'first'} here.")

    def action_remove_view(self) -> None:
        self.table.settle()
        saved = self._saved()
        if saved is not None:
            self._make(rules.remove(rules.array_of(saved), saved.name))

    # ── keys ────────────────────────────────────────────────────────────────────────────────

    def take_focus(self) -> None:
        self.set_focus(self.table, scroll_visible=False)

    def on_descendant_focus(self) -> None:
        self._show_keys()

    def action_back(self) -> None:
        if self.bottom.message:
            self.bottom.hush()
        if self.is_active:
            self.dismiss()

    def action_leave(self) -> None:
        self.action_back()


def _does_other(wanted: Rule, before: Saved, name: str) -> bool:
    """Whether a rule does something else than before, or to other posts."""
    if not name or not isinstance(before, Rule):
        return True
    return wanted._replace(name=before.name) != before

"""Archives behind the screen: which one is being fetched, how far it is, what it says."""

import threading
from collections.abc import Callable, Iterable, Sequence

from nordic_tui.errors import StoreError
from nordic_tui.model import Place, PlaceKind, Post, Source, SourceState
from nordic_tui.service.archive import Archived, Page, unfinished
from nordic_tui.text import clean
from nordic_tui.tui.present_sources import Progress
from nordic_tui.tui.services import Services


class ArchiveWatch:
    """Starts and stops archive runs, one at a time; it draws nothing.

    forward: hands an event from the run's thread to the screen's (`take` is called there).
    say: tells the person a sentence, with the role of its colour.
    key: gives the key that starts and stops, on the screen that is looked at.
    """

    def __init__(
        self,
        services: Services,
        forward: Callable[[Page | Archived], None],
        say: Callable[[str, str], None],
        key: Callable[[], str],
    ) -> None:
        self._services = services
        self._forward = forward
        self._say = say
        self._key = key
        self._runner = services.open_archives()
        self.address = ""
        """The source whose archive is being fetched; empty: none is."""
        self._title = ""
        self._page: Page | None = None
        """How far it is; None: no page has come yet."""
        self._run = 0
        """The number of the run: what an earlier one still sends is not heard."""
        self._asked_for = False
        """Whether a person asked for the run, or it goes on by itself."""
        self._waiting: list[Source] = []

    def toggle(self, source: Source, state: SourceState) -> None:
        """Begin or go on with the archive of a source; stop it if it is being fetched."""
        title = clean.line(state.title)
        if self.address == source.address:
            self._waiting.clear()
            words = self._words()
            self.stop()
            self._say(f"The archive of “{title}” stopped{words}. {self._key()} goes on.", "ink")
        elif self.address:
            other = self._title
            self._say(f"The archive of “{other}” is being fetched; one comes at a time.", "ink")
        elif self._begin(source, state, asked_for=True):
            self._say(f"Getting the archive of “{title}”. {self._key()} stops it.", "ink")
        else:
            self._say("The archive before is still stopping; try again in a moment.", "ink")

    def toggle_shown(self, places: Sequence[Place], here: Place | None, post: Post | None) -> bool:
        """`toggle` for the source of what is shown, as `source_shown` finds it; False: it is not
        plain which one."""
        states = self._services.library.states()
        state = source_shown(states, places, here, post)
        if state is None:
            return False
        followed = self._services.subscriptions
        sources = followed.following.sources if followed is not None else ()
        by_address = {source.address: source for source in sources}
        self.toggle(by_address.get(state.address, Source(state.address)), state)
        return True

    def follow(self, sources: Iterable[Source]) -> None:
        """What is followed has changed: a source that was removed brings its archive no longer."""
        followed = {source.address for source in sources}
        self._waiting = [source for source in self._waiting if source.address in followed]
        if self.address and self.address not in followed:
            self.stop()

    def go_on(self, sources: Iterable[Source]) -> None:
        """Go on, one after the other, with the archives that are kept and not complete."""
        if self.address:
            return
        archives, now = self._services.library.archives(), self._services.clock()
        self._waiting = [s for s in sources if unfinished(s, archives.get(s.address), now)]
        self._next()

    def _next(self) -> None:
        states = {state.address: state for state in self._services.library.states()}
        while self._waiting:
            source = self._waiting.pop(0)
            state = states.get(source.address)
            if state is not None and not state.stopped:
                self._begin(source, state, asked_for=False)
                return

    def _begin(self, source: Source, state: SourceState, *, asked_for: bool) -> bool:
        self._run += 1
        run = self._run

        def emit(event: Page | Archived) -> None:
            if run == self._run:
                self._forward(event)

        if not self._runner.start(source, state, emit, source.archive_limit):
            return False
        self.address, self._title, self._page = source.address, clean.line(state.title), None
        self._asked_for = asked_for
        return True

    def take(self, event: Page | Archived) -> None:
        """An event of the run."""
        if isinstance(event, Page):
            self._page = event
            return
        address, self.address, self._page = self.address, "", None
        if event.complete:
            if self._asked_for or event.new:
                posts = Progress(event.fetched, event.total, complete=True).words
                self._say(f"The archive of “{clean.line(event.title)}” is whole: {posts}.", "ink")
        elif self._asked_for:
            self._say(self._end_words(event), "ink" if event.fetched else "alarm")
        if address:
            self._next()

    def _end_words(self, event: Archived) -> str:
        end = f"“{clean.line(event.title)}” {clean.line(event.reason)}."
        if not event.fetched:
            return end
        here = Progress(event.fetched, event.total).words
        return f"{end} Of its archive {here} are here; {self._key()} goes on."

    def _words(self) -> str:
        if self._page is None:
            return ""
        return f" at {Progress(self._page.fetched, self._page.total).words}"

    def stop(self) -> None:
        """Break the run off; it can be gone on with. The thread that ends may take a moment."""
        self._run += 1
        self.address, self._page = "", None
        threading.Thread(target=self._runner.stop, name="stop-archive", daemon=True).start()

    def close(self) -> None:
        """Break the run off and wait until it has let go of its sockets."""
        self._run += 1
        self._runner.stop()

    def progress(self) -> dict[str, Progress]:
        """How far each archive is that was begun, by the address of its source."""
        found: dict[str, Progress] = {}
        try:
            archives = self._services.library.archives()
        except StoreError:
            archives = {}  # the next look finds them
        for address, state in archives.items():
            found[address] = Progress(
                state.fetched, state.total, complete=state.complete, error=state.error
            )
        if self.address:
            page = self._page
            before = found.get(self.address, Progress(0, None))
            found[self.address] = Progress(
                page.fetched if page else before.fetched,
                page.total if page else before.total,
                running=True,
            )
        return found


def source_shown(
    states: Sequence[SourceState], places: Sequence[Place], here: Place | None, post: Post | None
) -> SourceState | None:
    """The source that a place belongs to, else the one that a post is of; None: it is not plain.

    places: the rows of the sidebar, `here` among them.
    """
    if len(states) == 1:
        return states[0]
    by_address = {state.address: state for state in states}
    if here is not None and here.address:
        return by_address.get(here.address)
    if post is None:
        return None
    rows = {place.id: place.address for place in places if place.kind is PlaceKind.SOURCE}
    if post.source_id in rows:
        return by_address.get(rows[post.source_id])
    # Its source has no row: it is hidden, or the only one that is not.
    shown = set(rows.values())
    found = [s for s in states if s.title == post.source_title and s.address not in shown]
    return found[0] if len(found) == 1 else None

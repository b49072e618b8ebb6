"""What comes in: sources that are asked, with words about how far it is, and full texts.

What a person asks for is waited for, and Ctrl+C calls it off. What is due by itself goes on behind
the dialogue; what came of it is said before the next question.
"""

import time
from collections.abc import Sequence
from datetime import datetime
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from nordic_tui.model import PlaceKind, SourceState
from nordic_tui.plain import posts, words
from nordic_tui.plain.commands import Typed
from nordic_tui.plain.session import Numbers, Rows, Session
from nordic_tui.service import decide
from nordic_tui.service.refresh import (
    GAVE_UP,
    Event,
    Failed,
    Finished,
    Growing,
    Started,
    Stored,
    Unchanged,
    Waiting,
)
from nordic_tui.service.words import count, left_alone_words
from nordic_tui.text import clean

if TYPE_CHECKING:
    from nordic_tui.service.background import BackgroundFullTexts

EVERY_S = 5.0
"""How often it is said how far a refresh is."""
LOOKED_AT = 500
"""Among so many posts of the list those that are new are looked for."""
_TURN_S = 0.2
"""How long a wait for another thread lasts before Ctrl+C is looked at again."""


class News:
    """Asks sources and fetches pages for one dialogue."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._events: SimpleQueue[Event] = SimpleQueue()
        self._told = 0
        """Of the posts that came in meanwhile, how many were told of."""
        self._failed: list[str] = []
        """What was told of sources that failed, so that it is told once."""
        self._texts: BackgroundFullTexts | None = None
        self._by_itself: BackgroundFullTexts | None = None

    def close(self) -> None:
        """Break off what goes on."""
        self._session.services.refresh.stop()
        for texts in (self._texts, self._by_itself):
            if texts is not None:
                texts.stop()

    # ── behind the dialogue ─────────────────────────────────────────────────────────────────

    def begin(self) -> None:
        """Ask what is due, and do not wait for it."""
        services = self._session.services
        if services.refresh.running:
            return
        states = services.library.states()
        wanted = decide.due(states, services.clock(), asked_for=False)
        if wanted:
            services.refresh.start(wanted, self._events.put)

    def tell(self) -> None:
        """Say what has come of it since, and what other instances and programs told."""
        session = self._session
        services = session.services
        if services.history.heed_withdrawal():
            session.talk.say("The reading history was erased elsewhere; nothing more is kept.")
            session.listing.forget_rows()
        services.library.notice_others()
        while not session.later.empty():
            session.talk.say(session.later.get())
        failed: list[Failed] = []
        is_over = False
        while not self._events.empty():
            event = self._events.get()
            if isinstance(event, Failed):
                failed.append(event)
            is_over = is_over or isinstance(event, Finished)
        said = words.failing(services.library.states()) if failed else ""
        if said and said not in self._failed:
            self._failed.append(said)
            session.talk.say(said)
        if is_over:
            self._go_on_with_texts()
        new = services.library.arrivals()
        if new > self._told:
            posts_ = count(new, "new post has", "new posts have")
            session.talk.say(f"{posts_} come in. A full stop lists {'it' if new == 1 else 'them'}.")
        self._told = new

    # ── what a person asks for ──────────────────────────────────────────────────────────────

    def refresh(self, _: Typed) -> None:
        """Ask all sources that may be asked, and say how it goes until it is over."""
        services, talk = self._session.services, self._session.talk
        if services.refresh.running:
            talk.say("A refresh of the sources that were due is going on.")
            self._follow()
        else:
            states, now = services.library.states(), services.clock()
            wanted = decide.due(states, now, asked_for=True)
            alone = left_alone_words(decide.left_alone(states, now), now)
            if wanted:
                self._follow(wanted)
            elif not alone:
                talk.say(_nobody(states))
            talk.say(alone)
        self._go_on_with_texts()
        self._told = 0
        if services.library.arrivals():
            self.show_new(Typed("new"))

    def _follow(self, wanted: Sequence[SourceState] = ()) -> None:
        """Ask these, and say what the refresh tells until it is over; Ctrl+C breaks it off.

        wanted: none, where one goes on already.
        """
        services, talk = self._session.services, self._session.talk
        total = done = 0
        said_at = time.monotonic()
        try:
            if wanted:
                services.refresh.start(wanted, self._events.put)
            while True:
                try:
                    event = self._events.get(timeout=_TURN_S)
                except Empty:
                    if not services.refresh.running and self._events.empty():
                        return  # it was stopped
                    if total > 1 and time.monotonic() - said_at >= EVERY_S:
                        talk.say(f"{done:,} of {total:,} sources have answered.")
                        said_at = time.monotonic()
                    continue
                if isinstance(event, Started):
                    total = event.total
                    talk.say(f"Asking {count(total, 'source', 'sources')}.")
                elif isinstance(event, Waiting):
                    talk.say("Another instance is refreshing; this one waits for it.")
                elif isinstance(event, Finished):
                    talk.say(GAVE_UP if event.gave_up else words.asked(event))
                    return
                elif not isinstance(event, Growing):
                    done += 1
                    talk.say(_came(event, services.clock()))
        except KeyboardInterrupt:
            services.refresh.stop()
            raise

    def show_new(self, _: Typed) -> None:
        """Let in what has come, and list it."""
        session = self._session
        library, talk = session.services.library, session.talk
        new = library.arrivals()
        if not new:
            talk.say("Nothing new has come in.")
            return
        before = session.listing
        row = before.row(session.at)
        library.admit()
        self._told = 0
        session.take(session.view, session.name, keep=row.id if row is not None else None)
        listing = session.listing
        rows = ((at, listing.row(at)) for at in range(min(len(listing), LOOKED_AT)))
        found = [at for at, row in rows if row is not None and before.position(row.id) is None]
        is_all = session.view.kind is PlaceKind.ALL and not session.view.search
        talk.say(words.arrived(new, len(found), session.name, is_all=is_all))
        session.numbers = Numbers.POSTS
        session.rows = Rows(len(found), lambda at: session.post_line(found[at], is_new=True))
        session.rows.say(talk)

    def sources(self, _: Typed) -> None:
        """List what is followed, and how it is."""
        session = self._session
        library = session.services.library
        states = library.states()
        now = session.services.clock()
        places = {p.address: p for p in library.places_of_sources() if p.kind is PlaceKind.SOURCE}
        states = [state for state in states if state.address in places]
        session.talk.say(f"{count(len(states), 'source', 'sources')}. A number lists its posts.")
        session.numbers = Numbers.PLACES
        session.places = [places[state.address] for state in states]
        session.rows = Rows(len(states), lambda at: words.source_line(at + 1, states[at], now))
        session.rows.say(session.talk)

    # ── full texts ──────────────────────────────────────────────────────────────────────────

    def full_text(self, typed: Typed) -> None:
        """Fetch the page of a post; where its text is there, read the feed's, and back."""
        session = self._session
        post = session.post(typed.number)
        if post is None:
            return
        if post.full_text:
            is_feed = post.id in session.feed_only
            session.feed_only ^= {post.id}
            session.talk.say("The full text:" if is_feed else "The feed's own text:")
            posts.read_out(session, post)
        elif not clean.url(post.entry.link).startswith(("http://", "https://")):
            session.talk.say("This post has no page to fetch.")
        elif post.entry.protected:
            session.talk.say("A password protects this post.")
        elif self._fetched(post.id, words.title_of(post.entry.title)):
            came = session.services.library.post(post.id)
            if came is not None:
                posts.read_out(session, came)

    def _fetched(self, post_id: int, title: str) -> bool:
        """Whether the text of a post's page is there now; what came of it is said."""
        from nordic_tui.service.fulltext import INSTALL, NO_LINK, NO_MORE, Ended, Page

        session = self._session
        services, talk = session.services, session.talk
        if self._texts is None:
            self._texts = services.open_full_texts()
        followed = services.subscriptions
        sources = followed.following.sources if followed is not None else ()
        events: SimpleQueue[Page | Ended] = SimpleQueue()
        talk.say(f"Fetching the page of “{title}”.")
        if not self._texts.start_one(post_id, sources, services.library.states(), events.put):
            talk.say("The page before is still on its way; try again in a moment.")
            return False
        has_come = False
        try:
            while True:
                try:
                    event = events.get(timeout=_TURN_S)
                except Empty:
                    continue
                if isinstance(event, Ended):
                    return has_come
                if event.is_missing:
                    talk.say(INSTALL)
                elif event.words:
                    talk.say(f"The full text is here: {count(event.words, 'word', 'words')}.")
                    has_come = True
                elif event.problem == NO_MORE:
                    talk.say(f"The page {NO_MORE}: the feed's text stays.")
                else:
                    talk.say(f"The page {clean.line(event.problem) or NO_LINK}.")
        except KeyboardInterrupt:
            self._texts.stop()
            raise

    def _go_on_with_texts(self) -> None:
        """Fetch the pages of new posts behind the dialogue, for the sources that want that."""
        from nordic_tui.service.fulltext import wants_all

        services = self._session.services
        followed = services.subscriptions
        if followed is None or not wants_all(followed.following.sources):
            return
        if self._by_itself is None:
            self._by_itself = services.open_full_texts()
        sources = followed.following.sources
        self._by_itself.start_new(sources, services.library.states(), lambda _: None)


def _came(event: Stored | Failed | Unchanged, now: datetime) -> str:
    """What came of a source, where that is worth words."""
    if isinstance(event, Failed):
        return words.failure(event, now)
    if isinstance(event, Unchanged):
        return ""
    said = []
    if event.new > event.known:
        new = count(event.new - event.known, "new post", "new posts")
        said.append(f"{words.title_of(event.title)}: {new}")
    elif event.changed:
        changed = count(event.changed, "changed post", "changed posts")
        said.append(f"{words.title_of(event.title)}: {changed}")
    if event.warnings:
        said.append(f"{words.title_of(event.title)}: {clean.line(event.warnings[0])}")
    return words.sentences(*said)


def _nobody(states: Sequence[SourceState]) -> str:
    """Why nothing is asked although a person asked for it."""
    if not states:
        return "No source is followed: nordic-tui add ADDRESS follows one."
    return "All sources are paused, or have stopped: S says why."

"""The dialogue: a question, a line that is typed, what it asks for, until somebody quits."""

import threading
from collections.abc import Callable
from typing import Final

from nordic_tui.errors import NordicError
from nordic_tui.model import PlaceKind
from nordic_tui.plain import commands, links, lists, marks, own_data, posts, words
from nordic_tui.plain.commands import Typed
from nordic_tui.plain.news import News
from nordic_tui.plain.prose import Part
from nordic_tui.plain.services import Services
from nordic_tui.plain.session import ALL_POSTS, Session
from nordic_tui.plain.talk import Ended, Stopped, Talk

COUNT_S: Final = 2.0
"""So long the first list waits until it is known what is unread; it takes some milliseconds."""

_Act = Callable[[Session, Typed], None]

_ACTS: Final[dict[str, _Act]] = {
    "more": lists.more,
    "number": posts.number,
    "search": lists.search,
    "next": lambda session, _: posts.step(session, 1),
    "previous": lambda session, _: posts.step(session, -1),
    "unread": posts.next_unread,
    "again": posts.again,
    "back": lists.back,
    "categories": lists.categories,
    "views": lists.views,
    "all": lists.only_unread,
    "order": lists.order,
    "star": marks.star,
    "mark": marks.mark,
    "later": marks.later,
    "tag": marks.tag,
    "all_read": marks.all_read,
    "links": links.list_or_open,
    "open": links.open_page,
    "link": links.say_address,
    "changes": posts.changes,
    "undo": marks.undo,
    "redo": marks.redo,
    "data": own_data.own_data,
    "help": lambda session, typed: session.talk.read_out(
        Part(line, follows=True) for line in commands.help_lines(typed.rest)
    ),
}


class Reader:
    """Reads with a person, line by line.

    greeting: what is said before the greeting, a sentence.
    """

    def __init__(self, services: Services, talk: Talk, greeting: str = "") -> None:
        self._talk = talk
        self._greeting = greeting
        self._services = services
        self._wait_for_count()
        self._session = Session(services, talk)
        self._news = News(self._session)
        self._acts: dict[str, _Act] = {
            **_ACTS,
            "refresh": lambda _, typed: self._news.refresh(typed),
            "new": lambda _, typed: self._news.show_new(typed),
            "sources": lambda _, typed: self._news.sources(typed),
            "full_text": lambda _, typed: self._news.full_text(typed),
        }
        self._interrupted = False
        """Whether Ctrl+C was pressed, and nothing was done since."""

    def run(self) -> None:
        """Until somebody quits, or nothing more is typed. Raises KeyboardInterrupt if Ctrl+C is
        pressed twice, and what writing raises."""
        try:
            line: str | None = None
            is_begun = False
            while True:
                try:
                    if not is_begun:
                        is_begun = True
                        self._begin()
                    if line is None:
                        self._before_question()
                        line = self._talk.ask(f"{self._session.numbers.value}> ")
                    typed = commands.understood(line)
                    line = None
                    if typed.id == "quit":
                        return
                    self._do(typed)
                    self._interrupted = False
                except Stopped as stopped:
                    self._interrupted = False
                    line = stopped.line or None
                except KeyboardInterrupt:
                    self._take_interrupt()
                    line = None
        except Ended:
            return
        finally:
            self._news.close()

    def _take_interrupt(self) -> None:
        """The first Ctrl+C leaves what is going on, the second the program."""
        if self._interrupted:
            raise KeyboardInterrupt
        self._interrupted = True
        if self._talk.is_dialogue:
            self._talk.say_whole("")  # behind ^C
        self._talk.say("Stopped. Ctrl+C once more ends the program.")

    def _begin(self) -> None:
        services, talk, session = self._services, self._talk, self._session
        talk.say(self._greeting, f"{services.title}. A question mark lists the commands.")
        talk.say(*services.problems)
        if services.history.unanswered:
            self._ask_consent()
        services.history.prune()
        talk.say(words.failing(services.library.states()))
        session.take(session.view_of(PlaceKind.ALL, 0), ALL_POSTS)
        session.say_list()

    def _ask_consent(self) -> None:
        """Where nobody sits, nobody can be asked; a number that a pipe brings is no answer."""
        if not self._talk.is_dialogue:
            self._talk.say(own_data.UNASKED)
            return
        try:
            own_data.ask_consent(self._session)
        except KeyboardInterrupt:
            self._take_interrupt()
            self._talk.say(own_data.UNANSWERED)

    def _before_question(self) -> None:
        """Ask sources that are due, and say what came of it since; only where a person sits: what
        a pipe gets depends on what it asks for alone."""
        if not self._talk.is_dialogue:
            return
        try:
            if self._services.refresh_on_start:
                self._news.begin()
            self._news.tell()
        except NordicError as error:
            self._talk.say(str(error))

    def _do(self, typed: Typed) -> None:
        act = self._acts.get(typed.id)
        if act is None:
            self._talk.say(commands.unknown(typed.rest))
            return
        try:
            act(self._session, typed)
        except (NordicError, OSError) as error:
            if isinstance(error, BrokenPipeError):
                raise
            self._talk.say(str(error))

    def _wait_for_count(self) -> None:
        """Until it is counted what is unread, every post counts as unread."""
        library = self._services.library
        counted = threading.Event()
        library.when_counted(counted.set)
        if not library.is_counted:
            counted.wait(COUNT_S)

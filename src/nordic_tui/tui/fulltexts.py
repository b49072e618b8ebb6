"""Full texts behind the screen: which pages are being fetched, what came of them, which posts are
read as their feed has them all the same."""

from collections.abc import Callable, Sequence

from nordic_tui.model import UNTITLED, Post, Source
from nordic_tui.service.fulltext import INSTALL, NO_LINK, NO_MORE, Ended, Page, wants_all
from nordic_tui.text import clean
from nordic_tui.tui.present import count
from nordic_tui.tui.services import Services


class FullTextWatch:
    """Fetches pages that a person asks for, one after the other, and besides those that a source
    wants by itself; it draws nothing.

    forward: hands an event from a run's thread to the screen's (`take` is called there), with
        whether a person asked for it.
    say: tells the person a sentence, with the role of its colour.
    key: the key that asks. feed_only: posts that are read as their feed has them; it is filled.
    """

    def __init__(
        self,
        services: Services,
        forward: Callable[[Page | Ended, bool], None],
        say: Callable[[str, str], None],
        key: str,
        feed_only: set[int],
    ) -> None:
        self._services = services
        self._forward = forward
        self._say = say
        self._key = key
        self._feed_only = feed_only
        self._asked_for = services.open_full_texts()
        self._by_itself = services.open_full_texts()
        self._waiting: list[Post] = []
        """Posts that a person asked for, in order; while `_is_under_way`, the first is."""
        self._is_under_way = False
        self._is_missing = False
        """Whether what finds the text was missing when it was last needed."""

    def toggle(self, post: Post) -> bool:
        """Fetch the full text of a post; where it is there, read what the feed has, and back.
        True: another text is to be shown now."""
        title = clean.line(post.entry.title) or UNTITLED
        if post.full_text:
            if post.id in self._feed_only:
                self._feed_only.discard(post.id)
                self._say(f"The full text; {self._key} shows the feed's own.", "ink")
            else:
                self._feed_only.add(post.id)
                self._say(f"The feed's own text; {self._key} shows the full one.", "ink")
            return True
        if any(post.id == each.id for each in self._waiting):
            self._say(f"The page of “{title}” is on its way.", "ink")
        elif not clean.url(post.entry.link).startswith(("http://", "https://")):
            self._say("This post has no page to fetch.", "ink")
        elif post.entry.protected:
            self._say("A password protects this post.", "ink")
        else:
            self._waiting.append(post)
            if self._is_under_way:
                self._say(f"The page of “{title}” is fetched after the one before.", "ink")
            else:
                self._say(f"Fetching the page of “{title}”.", "ink")
                self._next()
        return False

    def go_on(self, sources: Sequence[Source]) -> None:
        """Fetch the pages of new posts, for the sources that want that."""
        if wants_all(sources):
            states = self._services.library.states()
            self._by_itself.start_new(sources, states, lambda event: self._forward(event, False))

    def _next(self) -> None:
        self._is_under_way = False
        if not self._waiting:
            return
        followed = self._services.subscriptions
        self._is_under_way = self._asked_for.start_one(
            self._waiting[0].id,
            followed.following.sources if followed is not None else (),
            self._services.library.states(),
            lambda event: self._forward(event, True),
        )
        if not self._is_under_way:
            self._waiting.clear()
            self._say("The page before is still on its way; try again in a moment.", "ink")

    def take(self, event: Page | Ended, asked_for: bool) -> int | None:
        """An event of a run; gives the post that has another text now, if one has."""
        if isinstance(event, Ended):
            if asked_for:
                del self._waiting[:1]
                self._next()
            elif event.is_missing and not self._is_missing:
                self._is_missing = True
                self._say(INSTALL, "caution")  # once: a setting asks for it at each refresh
            return None
        if asked_for:
            self._tell(event)
        if event.words:
            self._feed_only.discard(event.post_id)
            return event.post_id
        return None

    def _tell(self, page: Page) -> None:
        title = clean.line(page.title) or UNTITLED
        if page.is_missing:
            self._say(INSTALL, "caution")
        elif page.words:
            words = count(page.words, "word", "words")
            self._say(f"The full text of “{title}” is here: {words}.", "ink")
        elif page.problem == NO_MORE:
            self._say(f"The page of “{title}” {NO_MORE}: the feed's text stays.", "ink")
        else:
            problem = clean.line(page.problem) or NO_LINK
            self._say(f"The page of “{title}” {problem}.", "alarm")

    def close(self) -> None:
        """Break off what is on its way and wait until it has let go of its sockets."""
        self._waiting.clear()
        self._asked_for.stop()
        self._by_itself.stop()

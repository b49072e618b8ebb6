"""What a key begins and nobody waits for: archives, full texts and exports."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from nordic_tui.model import Place, Post, Source, View
from nordic_tui.tui.services import Services

if TYPE_CHECKING:
    from nordic_tui.service import fulltext
    from nordic_tui.service.archive import Archived, Page
    from nordic_tui.tui.archiving import ArchiveWatch
    from nordic_tui.tui.exporting import Exporting
    from nordic_tui.tui.fulltexts import FullTextWatch


class Errands:
    """Holds what does the work, which is loaded when it is first asked for; it draws nothing.

    key_of: gives the key of a command.
    archive_key: gives the key that begins an archive, on the screen that is looked at.
    forward: hands an event of an archive run to the screen's thread. forward_text: the same of a
        run for full texts, with whether a person asked for it.
    say: tells the person a sentence, with the role of its colour. told: the same from any thread.
    """

    def __init__(
        self,
        services: Services,
        key_of: Callable[[str], str],
        archive_key: Callable[[], str],
        forward: "Callable[[Page | Archived], None]",
        forward_text: "Callable[[fulltext.Page | fulltext.Ended, bool], None]",
        say: Callable[[str, str], None],
        told: Callable[[str, str], None],
    ) -> None:
        self._services = services
        self._key_of = key_of
        self._archive_key = archive_key
        self._forward = forward
        self._forward_text = forward_text
        self._say = say
        self._told = told
        self._archives: ArchiveWatch | None = None
        self._exports: Exporting | None = None
        self._full_texts: FullTextWatch | None = None
        self.feed_only: set[int] = set()
        """Posts that are read as their feed has them, though their full text is there."""

    # ── archives ────────────────────────────────────────────────────────────────────────────

    @property
    def archives(self) -> "ArchiveWatch":
        """The archive runs behind the screen."""
        if self._archives is None:
            from nordic_tui.tui.archiving import ArchiveWatch

            key = self._archive_key
            self._archives = ArchiveWatch(self._services, self._forward, self._say, key)
        return self._archives

    def toggle_archive(
        self, places: Sequence[Place], here: Place | None, post: Post | None
    ) -> None:
        """Begin, go on with or stop the archive of the source that is shown."""
        if not self.archives.toggle_shown(places, here, post):
            key = self._key_of("sources")
            self._say(f"Choose a source or one of its posts; {key} shows the sources.", "ink")

    def go_on_with_archives(self) -> None:
        """Go on with the archives that are kept and not complete."""
        followed = self._services.subscriptions
        if followed is not None and any(source.archive for source in followed.following.sources):
            self.archives.go_on(followed.following.sources)

    def follow(self, sources: Sequence[Source]) -> None:
        """What is followed has changed."""
        if self._archives is not None:
            self._archives.follow(sources)

    # ── full texts ──────────────────────────────────────────────────────────────────────────

    @property
    def full_texts(self) -> "FullTextWatch":
        """The pages that are fetched behind the screen."""
        if self._full_texts is None:
            from nordic_tui.tui.fulltexts import FullTextWatch

            key = self._key_of("full_text")
            self._full_texts = FullTextWatch(
                self._services, self._forward_text, self._say, key, self.feed_only
            )
        return self._full_texts

    def go_on_with_full_texts(self) -> None:
        """Fetch the pages of new posts, for the sources that want that."""
        followed = self._services.subscriptions
        if followed is not None and any(s.full_text for s in followed.following.sources):
            self.full_texts.go_on(followed.following.sources)

    # ── exports ─────────────────────────────────────────────────────────────────────────────

    def export(self, view: View, title: str) -> None:
        """Write the posts of a view into a file; title: what it says that they are."""
        if self._exports is None:
            from nordic_tui.tui.exporting import Exporting

            self._exports = Exporting(self._services, self._say, self._told)
        self._exports.start(view, title)

    def close(self) -> None:
        """Break everything off."""
        if self._exports is not None:
            self._exports.stop()
        if self._archives is not None:
            self._archives.close()
        if self._full_texts is not None:
            self._full_texts.close()

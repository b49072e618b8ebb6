"""What a person keeps: stars, tags, and how the list of each place is wanted.

Stars and tags are no reading history: they are kept because they were asked for, without consent
to anything else.
"""

from collections.abc import Iterable
from concurrent.futures import Future
from pathlib import Path

from nordic_tui.model import LATER, KeptPost, KeptSize, PlaceKind, Sorting
from nordic_tui.service.ports import KeptStore
from nordic_tui.text import clean
from nordic_tui.text.fold import fold

MAX_TAG_CHARS = 50


def tag_of(words: str) -> str:
    """The tag that a person means by these words; "" for words that say nothing."""
    name = clean.line(words, MAX_TAG_CHARS)
    return name if fold(name) else ""


def parted(words: str, known: list[str]) -> list[str]:
    """What was typed, tag by tag: commas part them, but in a tag that there is."""
    if fold(tag_of(words)) in {fold(tag) for tag in known}:
        return [words]
    return words.split(",")


def toggled(tags: tuple[str, ...], words: str, known: list[str]) -> tuple[str, bool]:
    """The tag that a person means by these words, and whether it is given by them (or taken off,
    where it is among `tags`); "" for words that say nothing.

    known: every tag there is; one in another spelling is meant.
    """
    name = tag_of(words)
    spellings = {fold(tag): tag for tag in [*known, LATER, *tags]}
    name = spellings.get(fold(name), name)
    return name, bool(name) and name not in tags


class Keeping:
    """Stars, tags and sortings.

    file: where they are kept. lasting: False when nothing is (addresses read without following
    them): then all of it is forgotten with the program.
    """

    def __init__(self, store: KeptStore, file: Path, *, lasting: bool = True) -> None:
        self._store = store
        self._sortings: dict[tuple[PlaceKind, int], Sorting] = {}
        self.file = file
        self.lasting = lasting

    def star(self, post_id: int, on: bool) -> Future[int]:
        """Star a post, or take its star off; gives how many posts changed (0 or 1)."""
        return self._store.star([post_id], on)

    def tag(self, post_id: int, words: str, on: bool) -> Future[int]:
        """Give a post a tag, or take it off; gives how many posts changed (0 or 1).

        A tag that is known in another spelling is that one.
        """
        return self._store.tag([post_id], words, on)

    def later(self, post_id: int, on: bool) -> Future[int]:
        """Put a post among what is to be read later, or take it out."""
        return self._store.tag([post_id], LATER, on)

    def tags(self) -> list[str]:
        """Every tag that is known, the one that most posts have first."""
        known = sorted(self._store.tags(), key=lambda tag: (-tag[1], fold(tag[0])))
        return [name for name, _ in known]

    # ── places ──────────────────────────────────────────────────────────────────────────────

    def sorting(self, kind: PlaceKind, id_: int) -> Sorting:
        """How the list of a place is wanted."""
        key = kind, id_
        if key not in self._sortings:
            self._sortings[key] = self._store.sorting(kind, id_)
        return self._sortings[key]

    def sort(self, kind: PlaceKind, id_: int, wanted: Sorting) -> Future[None]:
        """Want the list of a place like this from now on."""
        self._sortings[kind, id_] = wanted
        return self._store.save_sorting(kind, id_, wanted)

    # ── all of it ───────────────────────────────────────────────────────────────────────────

    def size(self) -> KeptSize:
        return self._store.kept_size()

    def posts(self) -> list[KeptPost]:
        """All that is starred or tagged, with what it said then."""
        return self._store.kept_posts()

    def take(self, posts: Iterable[KeptPost], followed: Iterable[str]) -> Future[int]:
        """Keep these too, as one act that can be taken back; gives how many posts got a star or
        tag by it.

        followed: the addresses of sources that are followed. A source that is one of them but for
            a login in the address is that one.
        """
        known = {clean.without_logins(address): address for address in followed}
        return self._store.take_kept(
            [post._replace(address=known.get(post.address, post.address)) for post in posts]
        )

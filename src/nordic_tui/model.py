"""The nouns of the program as frozen values. Nothing here does anything.

They are NamedTuples: a frozen dataclass takes eight times as long to define, and with some forty
of them on the way to the first frame that was a tenth of the start.

Times are aware and in UTC. Texts have passed the gate (`text.clean`). A post may lack every
part: date, excerpt, category, link, guid, even the title.
"""

from datetime import datetime
from enum import Enum
from typing import NamedTuple

# ── what a feed says ────────────────────────────────────────────────────────────────────────


class Enclosure(NamedTuple):
    """A file that a post brings along: audio, video, PDF."""

    url: str
    media_type: str = ""
    size_bytes: int | None = None


class Entry(NamedTuple):
    """One post as a feed gives it, decoded and clean, before it has a place in the store."""

    guid: str = ""
    link: str = ""
    title: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    excerpt: str = ""
    """Plain text; paragraphs are parted by an empty line. Ends in "…" where it was cut off."""
    content: str = ""
    """The full text as HTML, safe as text but not yet laid out; empty if the feed brings none."""
    more: bool = False
    """Whether `content` holds more to read than `excerpt`."""
    protected: bool = False
    """Whether a password keeps the text (WordPress)."""
    enclosures: tuple[Enclosure, ...] = ()


class Feed(NamedTuple):
    """What was read from one source's bytes. `entries` in the feed's own order, newest first."""

    title: str = ""
    site_url: str = ""
    entries: tuple[Entry, ...] = ()
    warnings: tuple[str, ...] = ()
    """What could not be read and was skipped, each a sentence."""
    cut_off: bool = False
    """Whether it breaks off: the source has more than what was sent."""


# ── what a person follows ───────────────────────────────────────────────────────────────────


class Source(NamedTuple):
    """Something that is followed: an address or a file, as the settings name it."""

    address: str
    """A URL (http, https), or the absolute path of a local file."""
    name: str = ""
    """What the person calls it; empty: what the feed calls itself."""
    interval_s: float | None = None
    """Seconds between two requests; None: the interval of the settings."""


class SourceState(NamedTuple):
    """What is kept of a source between two requests."""

    address: str
    title: str = ""
    """What to call it on the screen; never empty once it is stored."""
    etag: str = ""
    """Without `W/` (RFC 9110 section 8.8.3); of a 200 that was read in full."""
    last_modified: str = ""
    body_hash: str = ""
    read_from: str = ""
    """Where to ask instead of `address`, after a permanent redirect (301, 308)."""
    checked_at: datetime | None = None
    """When it was last asked and answered, however it answered."""
    next_at: datetime | None = None
    """When it is asked next; None: as soon as may be."""
    failures: int = 0
    """How often it failed in a row."""
    error: str = ""
    """What went wrong the last time, as the end of a sentence; empty: nothing."""
    stopped: bool = False
    """Whether asking stopped for good (410)."""


# ── what is kept and shown ──────────────────────────────────────────────────────────────────


class Category(NamedTuple):
    """A category of a source, as the site names it. `id` is the same on every machine."""

    id: int
    source_id: int
    name: str
    total: int = 0


class PostRow(NamedTuple):
    """What a row of the list needs, and no more."""

    id: int
    title: str
    """The title, else how the text begins, else "Untitled"."""
    published: datetime | None
    unread: bool


class Post(NamedTuple):
    """A post with its place in the store. `id` is the same on every machine and after a
    loss of the cache: it is made from the source's address and the post's identity."""

    id: int
    source_id: int
    source_title: str
    entry: Entry
    categories: tuple[Category, ...]
    unread: bool
    first_seen: datetime | None


class PlaceKind(Enum):
    ALL = "all"
    UNREAD = "unread"
    SOURCE = "source"
    CATEGORY = "category"


class Place(NamedTuple):
    """One row of the sidebar: somewhere to go, with its counts."""

    kind: PlaceKind
    id: int
    """The source's or category's id; 0 for All posts and Unread."""
    name: str
    total: int
    unread: int
    depth: int = 0
    """How far it is indented: 1 for a category below its source's heading."""


class View(NamedTuple):
    """Which posts are shown: a place, and what is left out of it."""

    kind: PlaceKind = PlaceKind.ALL
    id: int = 0
    unread_only: bool = False
    title: str = ""
    """Only posts whose title holds this, in any case; empty: every post."""


class Answer(Enum):
    """What a person answered to the question about the reading history."""

    KEEP = "keep"
    SESSION = "session"
    NEVER = "never"


class Consent(NamedTuple):
    """A decision about the reading history, with when it was made and on which notice."""

    answer: Answer
    at: datetime
    notice: int
    """The version of the notice that was shown."""


class Stored(NamedTuple):
    """What is stored about the person now, for the screen "Your data" and `data show`."""

    consent: Consent | None
    history_path: str
    history_exists: bool
    history_bytes: int
    marks: int
    """How many posts are marked as read, in the file or in memory."""
    positions: int
    oldest: datetime | None
    retention_days: int


class Snapshot(NamedTuple):
    """A moment of the store: what came later does not move a list that is looked at."""

    horizon: int
    """Posts that arrived after this one are not in the list yet."""
    batch: int
    """Marks made after this one do not take a post out of a list of unread posts."""


class Saved(NamedTuple):
    """What storing a feed changed."""

    new: int
    changed: int


class Response(NamedTuple):
    """What a source answered, read in full."""

    url: str
    """Where the answer came from, after redirects; the path of a local file."""
    not_modified: bool = False
    """The source said that nothing changed since the validators sent (304); no body."""
    body: bytes = b""
    media_type: str = ""
    """The Content-Type header."""
    etag: str = ""
    """Without `W/`, with its quotes off."""
    last_modified: str = ""
    moved_to: str = ""
    """Where to ask from now on: set when every redirect on the way was permanent."""
    max_age_s: float | None = None
    """For how long the answer is fresh, by Cache-Control or Expires (RFC 9111 section 4.2.1)."""

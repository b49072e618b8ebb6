"""The nouns of the program as frozen values. Nothing here does anything.

They are NamedTuples: a frozen dataclass takes eight times as long to define, and with some forty
of them on the way to the first frame that was a tenth of the start.

Times are aware and in UTC. Texts have passed the gate (`text.clean`). A post may lack every
part: date, excerpt, category, link, guid, even the title.
"""

from collections.abc import Sequence
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
    """As the feed names them. RSS and Atom of WordPress have its tags among them; what the
    store knows of the site's categories tells them apart."""
    slugs: tuple[str, ...] = ()
    """The slug of each of `categories`, in the same order, where the format gives them (WordPress
    by REST); else empty. With slugs, `categories` holds no tags."""
    excerpt: str = ""
    """Plain text; paragraphs are parted by an empty line. Ends in "…" where it was cut off."""
    content: str = ""
    """The full text as HTML, safe as text but not yet laid out; empty if the feed brings none."""
    more: bool = False
    """Whether `content` holds more to read than `excerpt`."""
    protected: bool = False
    """Whether a password keeps the text (WordPress)."""
    enclosures: tuple[Enclosure, ...] = ()
    number: int = 0
    """WordPress's own id of the post, by REST; 0: not known."""
    category_numbers: tuple[int, ...] = ()
    """WordPress's own ids of its categories, by REST; the site's terms have their names."""


class Feed(NamedTuple):
    """What was read from one source's bytes. `entries` in the feed's own order, newest first."""

    title: str = ""
    site_url: str = ""
    entries: tuple[Entry, ...] = ()
    warnings: tuple[str, ...] = ()
    """What could not be read and was skipped, each a sentence."""
    cut_off: bool = False
    """Whether it breaks off: the source has more than what was sent."""
    update_s: float | None = None
    """How often it says that it is updated, in seconds: `sy:updatePeriod` with its frequency (RSS
    1.0 syndication module), or `ttl` (RSS 2.0)."""
    next_page: str = ""
    """The page with the next older posts: `next` (RFC 5005 section 3), JSON Feed's `next_url`."""
    previous_archive: str = ""
    """The archive document with older posts: `prev-archive` (RFC 5005 section 4)."""
    is_wordpress: bool = False
    """Whether its generator names WordPress."""


class Term(NamedTuple):
    """A category of a WordPress site, as its REST interface gives it."""

    number: int
    """WordPress's own id of it, from 1."""
    name: str
    slug: str
    parent: int = 0
    """The `number` of the category that it is below; 0: none."""


class FeedLink(NamedTuple):
    """A feed that a web page names."""

    address: str
    title: str = ""


class Page(NamedTuple):
    """What a web page says about feeds."""

    title: str = ""
    feeds: tuple[FeedLink, ...] = ()
    """Its `<link rel="alternate">` of feeds, in the page's order; those of comments are not
    among them."""
    is_wordpress: bool = False
    is_lost: bool = False
    """Whether it names feeds by addresses that need its own, which is not known: a saved page."""


# ── what a person follows ───────────────────────────────────────────────────────────────────


class Login(NamedTuple):
    """Where the password or token of a source comes from; never the secret itself.

    One of `command`, `file` and `variable` is set.
    """

    user: str = ""
    """For Basic (RFC 7617); empty: the secret is a token for Bearer (RFC 6750)."""
    command: tuple[str, ...] = ()
    """A program and its arguments; the first line of its output is the secret."""
    file: str = ""
    """The path of a file; its first line is the secret."""
    variable: str = ""
    """The name of an environment variable."""


class Manner(NamedTuple):
    """How a source is asked, where a person wants it otherwise than usual."""

    user_agent: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    login: Login | None = None
    max_bytes: int | None = None
    """Of a body; None: the usual limit."""
    ca_file: str = ""
    """A whole path, or one that begins with ~: certificates that count besides the usual ones."""


class Source(NamedTuple):
    """Something that is followed: an address or a file, as the settings name it."""

    address: str
    """A URL (http, https), or the absolute path of a local file."""
    name: str = ""
    """What the person calls it; empty: what the feed calls itself."""
    interval_s: float | None = None
    """Seconds between two requests; None: the interval of the settings."""
    folder: str = ""
    """Where it stands in the sidebar; "/" parts nested folders: "News/Nordic". Empty: in none."""
    tags: tuple[str, ...] = ()
    """A person's words for it, by which saved views choose."""
    paused: bool = False
    """Not asked until it goes on; its posts stay."""
    hidden: bool = False
    """Without a row in the sidebar; its posts are in All posts and in saved views."""
    left_out: tuple[str, ...] = ()
    """Categories whose posts are not kept; a name counts in any case."""
    archive: bool = False
    """Whether the whole archive is kept: it is gone on with after each refresh until complete."""
    archive_limit: int | None = None
    """So many posts at most come from the archive; None: all."""
    manner: Manner = Manner()
    full_text: bool = False
    """Whether the page of each of its posts is fetched for the full text."""


class SavedView(NamedTuple):
    """A choice of posts with a name, in the sidebar: posts that meet all that is set."""

    name: str
    unread_only: bool = False
    title: str = ""
    """Only posts whose title holds this, in any case."""
    tag: str = ""
    """Only posts of sources with this tag, or in a folder of this name."""
    address: str = ""
    """Only posts of this source."""
    search: str = ""
    """Only posts that this search finds, in the words that a person typed."""


class Rule(NamedTuple):
    """What is done with every post that a search finds."""

    name: str
    search: str
    """In the words that a person typed."""
    hide: bool = False
    """Its posts are shown nowhere."""
    star: bool = False
    tag: str = ""
    on: bool = True
    """Whether it is in force."""


class Tried(NamedTuple):
    """What a search finds, to be seen before a rule does something with it."""

    found: int
    newest: "tuple[PostRow, ...]" = ()
    problem: str = ""
    """What of the search is not understood, or why it is none for a rule, sentences."""
    waiting: int = 0
    """Posts whose words could not be searched yet."""


class Following(NamedTuple):
    """All that is followed, in the order of the screen."""

    sources: tuple[Source, ...] = ()
    views: tuple[SavedView, ...] = ()
    rules: tuple[Rule, ...] = ()


class Imported(NamedTuple):
    """What was read from another reader's list of subscriptions."""

    following: Following = Following()
    problems: tuple[str, ...] = ()
    """What could not be taken over and why, each a sentence that says where (a line)."""


class SourceState(NamedTuple):
    """What is kept of a source between two requests."""

    address: str
    title: str = ""
    """What to call it on the screen; never empty once it is stored."""
    etag: str = ""
    """Without `W/` (RFC 9110 section 8.8.3); of a 200 that was read in full."""
    last_modified: str = ""
    body_hash: str = ""
    validated: str = ""
    """What the validators and `body_hash` are of (`decide.validated`); nothing else gets them."""
    answered_by: str = ""
    """The address that gave the validators, after redirects; empty: not known."""
    parser: int = 0
    """The version of the decoders that read that body; another one reads it anew."""
    read_from: str = ""
    """Where to ask instead of `address`, after a permanent redirect (301, 308) that came twice."""
    moving_to: str = ""
    """Where a permanent redirect led the last time; the second time it is believed."""
    asks_old: bool = False
    """Whether `address` is asked next all the same, as there is nothing at `read_from`."""
    missed_since: datetime | None = None
    """Since when `read_from` failed each time, by no fault of this end."""
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
    not_before: datetime | None = None
    """Until then it asked to be left alone (Retry-After); kept also when a person asks."""
    next_why: str = ""
    """Why it is asked at `next_at`, as the end of a sentence: "it posts about once a day"."""
    rhythm_s: float | None = None
    """The median time between its newest posts; None: not known."""
    update_s: float | None = None
    """How often its feed says that it is updated."""
    asked: int = 0
    """How often it was asked."""
    spared: int = 0
    """How often nothing had to be read: a 304, or the same body as before."""
    not_modified: int = 0
    """How often nothing was even sent: a 304."""
    outcome: str = ""
    """What came back the last time it answered well: "304: nothing changed", "3 new posts"."""
    warning: str = ""
    """What was damaged in the feed that was read last, a sentence or two; empty: nothing."""
    rest: str = ""
    """The root of the site's REST interface (WordPress), with a slash at its end; empty: none is
    known."""
    terms_at: datetime | None = None
    """When the site's categories were last asked for, answered or not."""
    page_error: str = ""
    """Why the page of one of its posts could not be had, as the end of a sentence; empty: the
    last one could."""
    paused: bool = False
    posts: int = 0
    """How many of its posts are kept."""


# ── what is kept and shown ──────────────────────────────────────────────────────────────────


class ArchiveState(NamedTuple):
    """How far the archive of a source has come."""

    address: str
    method: str = ""
    """"rest" (WordPress's REST interface), "paged" (WordPress's feed, `?paged=N`), "linked" (RFC
    5005, JSON Feed's `next_url`); empty: not begun."""
    cursor: str = ""
    """Where to go on; only the method understands it."""
    fetched: int = 0
    """Posts that the pages held so far."""
    total: int | None = None
    """Posts in all, where the site tells."""
    complete: bool = False
    at: datetime | None = None
    """When the last page came."""
    error: str = ""
    """What stopped it, as the end of a sentence; empty: nothing."""


class Category(NamedTuple):
    """A category of a source, as the site names it. `id` is the same on every machine."""

    id: int
    source_id: int
    name: str
    total: int = 0


UNTITLED = "Untitled"
"""What a post is called of whose title nothing can be seen."""


class PostRow(NamedTuple):
    """What a row of the list needs, and no more."""

    id: int
    title: str
    """The title, else how the text begins, else UNTITLED."""
    published: datetime | None
    unread: bool
    starred: bool = False
    changed: bool = False
    """Whether its words have become others since it was read."""


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
    starred: bool = False
    tags: tuple[str, ...] = ()
    """A person's own, in order; `LATER` among them is "read later"."""
    changed_at: datetime | None = None
    """When its words last became others; None: they never did."""
    changed: bool = False
    """Whether they have since it was read."""
    full_text: str = ""
    """What its own page says, as HTML; empty: the page was not fetched."""


class Version(NamedTuple):
    """What a post said before its words became others."""

    until: datetime
    """When they did."""
    title: str
    excerpt: str
    content: str


class Versions(NamedTuple):
    """What a post said before."""

    earlier: tuple[Version, ...] = ()
    """The oldest first; of many only the last few."""
    read_at: datetime | None = None
    """When it was read; None: it is unread."""


class Article(NamedTuple):
    """The text of a post as its own page has it."""

    html: str
    """Its headings, lists, links, figures, tables, quotes and code, and nothing else of the page;
    addresses are whole. Not yet laid out. Empty: no text was found."""


class Wanted(NamedTuple):
    """A post whose page is to be fetched."""

    post_id: int
    title: str
    link: str
    excerpt: str
    content: str
    """As its feed has it."""
    address: str
    """Of its source, as it is followed."""


LATER = "later"
"""The tag of what is to be read later."""


class KeptPost(NamedTuple):
    """A post that was starred or tagged, as it was then: it outlasts the cache."""

    id: int
    address: str
    """Of its source."""
    source_title: str
    entry: Entry
    first_seen: datetime | None
    starred_at: datetime | None = None
    """None: it is only tagged."""
    tags: tuple[tuple[str, datetime], ...] = ()
    """Each with when it was given."""


class KeptSize(NamedTuple):
    """How much a person keeps, for "Your data" and `data show`. A post counts once."""

    stars: int
    tagged: int


class Act(NamedTuple):
    """One thing that a person did and can take back. Moments are microseconds since 1970."""

    at: int
    done: str
    """What it did, a sentence."""
    undone: int | None = None
    """When it was taken back; None: it is in force."""
    posts: int = 0
    """How many posts are different after it was taken back or done again."""


class Acts(NamedTuple):
    """What can be undone and done again in a place that keeps acts of its own."""

    done: Act | None = None
    """The last one that is in force."""
    undone: Act | None = None
    """The one that was taken back last."""
    newest: int = 0
    """The moment of the newest one, undone or not; 0: there is none."""


class Turn(NamedTuple):
    """What the store did when it was asked to take an act back, or to do it again."""

    act: Act | None
    """None: it was not its turn."""
    newest: int
    """The moment of the newest act in the store, also of one that was taken back; 0: none."""


class PlaceKind(Enum):
    ALL = "all"
    UNREAD = "unread"
    TODAY = "today"
    WEEK = "week"
    STARRED = "starred"
    LATER = "later"
    SAVED = "saved"
    FOLDER = "folder"
    SOURCE = "source"
    CATEGORY = "category"


BUILT_IN = {
    PlaceKind.TODAY: "Today",
    PlaceKind.WEEK: "This week",
    PlaceKind.STARRED: "Starred",
    PlaceKind.LATER: "Read later",
}
"""The views that nobody has to save, with what they are called, in their order."""


class Place(NamedTuple):
    """One row of the sidebar: somewhere to go, with its counts."""

    kind: PlaceKind
    id: int
    """The id of the source, category, folder or saved view; 0 for All posts and Unread."""
    name: str
    total: int
    unread: int
    depth: int = 0
    """How far it is indented: a source below its folder, a category below its source or the
    category that it is part of."""
    address: str = ""
    """Of a source: its address. Of a category: its source's."""
    problem: str = ""
    """Of a saved view: what of its search is not understood, a sentence."""
    counted: bool = True
    """Of a saved view: whether its posts were counted; until then there are no numbers of it."""


class Order(Enum):
    """In which order the posts of a view stand."""

    NEWEST = "newest"
    OLDEST = "oldest"
    UNREAD = "unread"
    """Unread ones first, each newest first."""


class Sorting(NamedTuple):
    """How a person wants the list of a place."""

    unread_only: bool = False
    order: Order = Order.NEWEST


class View(NamedTuple):
    """Which posts are shown: a place, what is left out of it, and in which order."""

    kind: PlaceKind = PlaceKind.ALL
    id: int = 0
    unread_only: bool = False
    title: str = ""
    """Only posts whose title holds this, in any case; empty: every post."""
    search: str = ""
    """Only posts that this search finds, in the words that a person typed."""
    typing: bool = False
    """Whether the last word of `search` is still being typed, and may go on."""
    order: Order = Order.NEWEST


class LastPlace(NamedTuple):
    """Where a person was when they quit."""

    kind: PlaceKind
    id: int
    name: str = ""
    """Of the place. Folders and saved views are numbered anew when they change, and are told by
    this as well."""
    search: str = ""
    """What was searched for from there; empty: the place itself was shown."""
    post: int = 0
    """The id of the post under the cursor; 0: there was none."""
    opened: bool = False
    """Whether that post had the whole window."""
    fraction: float = 0.0
    """How far it was scrolled, 0 to 1: its text where it was opened, else its excerpt."""
    line: int = 0
    """The line of the list, from 0, that the cursor was on."""


class Found(NamedTuple):
    """The posts of a view that had to be searched for or put in order."""

    ids: Sequence[int]
    """In their order."""
    complete: bool = True
    """False: these are the first ones, and there are more."""
    waiting: int = 0
    """Posts whose words could not be searched yet."""


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
    texts: int = 0
    """Full texts of pages that the person asked for."""
    has_place: bool = False
    """Whether it is recorded where the person was when they quit."""


class Snapshot(NamedTuple):
    """A moment of the store: what came later does not move a list that is looked at."""

    horizon: int
    """Posts that arrived after this one are not in the list yet."""
    batch: int
    """Marks made after this one do not take a post out of a list of unread posts."""


class Saved(NamedTuple):
    """What storing a feed changed."""

    new: int
    """Posts that this source did not have before."""
    changed: int
    known: int = 0
    """How many of the new ones another followed source had brought: to a person they are not
    new."""


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
    total: int | None = None
    """How many posts there are over all pages (WordPress's X-WP-Total)."""
    offers_rest: bool = False
    """Whether it says that its site has WordPress's REST interface (a Link header)."""


class Copied(NamedTuple):
    """What became of a text that was to be copied."""

    words: str
    """What is known of it, as the beginning of a sentence: "Copied", without a full stop."""
    sequence: str = ""
    """What has to be sent to the terminal for it; empty: a program has copied it."""


class Region(NamedTuple):
    """Room for a picture in the terminal."""

    columns: int
    rows: int
    cell_width: int
    """Of one cell, in pixels."""
    cell_height: int


class Picture(NamedTuple):
    """A picture that a post shows."""

    address: str
    alt: str = ""
    """What it shows, in words; may be empty."""


class Drawn(NamedTuple):
    """A piece of a line as it stands on the screen: its text, and its colours as "#rrggbb"."""

    text: str
    ink: str
    ground: str
    bold: bool = False
    italic: bool = False
    underline: bool = False
    strike: bool = False

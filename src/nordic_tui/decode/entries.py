"""What every format has in common: how its raw values become one clean `Entry`.

The rules for titles, names, excerpts and protected posts stand here once, so that the same post
reads the same from RSS, Atom, JSON Feed and WordPress.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from html import escape
from typing import NamedTuple, TypeVar

from nordic_tui.model import Enclosure, Entry
from nordic_tui.text import clean, endings
from nordic_tui.text.markup import decode, one_paragraph

_T = TypeVar("_T")

MAX_ENTRIES = 20_000
_MAX_CATEGORIES = 50
_MAX_AUTHORS = 20
_MAX_ENCLOSURES = 20
_MAX_NAME_CHARS = 200
_MAX_GUID_CHARS = 2_048
_MAX_CONTENT_CHARS = 1_000_000

_WHOLE_TEXT_CHARS = 600
"""Up to this length a post's whole text is its excerpt; WordPress cuts at 55 words, about 350."""
_MAX_EXCERPT_CHARS = 2_000
_EXCERPT_WORDS = 55
_CLEARLY_MORE_LETTERS = 20
_TO_TELL_CHARS = 10
"""Read beyond a limit to see whether there is more: a cut takes the white space before it along."""

_REFERENCE = re.compile(r"&(?:#[0-9]{1,8}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_INLINE_TAG = re.compile(
    r"</?(?:a|abbr|acronym|b|bdi|bdo|big|br|cite|code|del|dfn|div|em|font|h[1-6]|i|ins|kbd|mark"
    r"|nobr|p|q|s|samp|small|span|strike|strong|sub|sup|tt|u|var|wbr)(?:[\s/][^<>]*)?>",
    re.IGNORECASE,
)
_IMAGE_TAG = re.compile(r"<img\s[^<>]*>", re.IGNORECASE)
_ALT = re.compile(r"\salt\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_WORDS = re.compile(r"\w+")
_BLANK_LINES = re.compile(r"\n\s*\n")

_PROTECTED_TITLE = re.compile(
    r"(?:Protected|Beskyttet|Skyddad|Passordbeskyttet|Passordbeskytta|Suojattu|Varið)\s*:\s*",
    re.IGNORECASE,
)
_PASSWORD_FORM = re.compile(r"<input\b[^<>]*\bname\s*=\s*[\"']?post_password\b", re.IGNORECASE)
_PROTECTED_NOTICE = re.compile(r"protected|beskytt|skydda", re.IGNORECASE)
_MAX_NOTICE_CHARS = 150


class RawEntry(NamedTuple):
    """A post as its format gives it: every text as received, addresses maybe relative."""

    guid: str = ""
    link: str = ""
    title: str = ""
    title_is_html: bool = True
    published: datetime | None = None
    updated: datetime | None = None
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    summary: str = ""
    """HTML."""
    content: str = ""
    """HTML."""
    protected: bool = False
    enclosures: tuple[Enclosure, ...] = ()


def make_entry(raw: RawEntry, *, base: str = "", site: str = "") -> Entry | None:
    """The post, clean; None if nothing in it could be shown or opened.

    base: what relative addresses are joined with. site: the feed's title, which WordPress's
    footer names.
    """
    title = phrase(raw.title, is_html=raw.title_is_html)
    protected = raw.protected or _asks_for_password(raw, title)
    if protected:
        title = _PROTECTED_TITLE.sub("", title, count=1) if _names_protection(title) else title
        text = Text()
    else:
        text = read_text(raw.summary, raw.content, title=title, site=site)
    link = clean.url(raw.link, base)
    if not (title or link or text.excerpt or text.content):
        return None
    return Entry(
        guid=clean.line(raw.guid, _MAX_GUID_CHARS),
        link=link,
        title=title,
        published=raw.published,
        updated=raw.updated,
        authors=names(raw.authors, _MAX_AUTHORS),
        categories=names(raw.categories, _MAX_CATEGORIES),
        excerpt=text.excerpt,
        content=text.content,
        more=text.more,
        protected=protected,
        enclosures=raw.enclosures[:_MAX_ENCLOSURES],
    )


def _names_protection(title: str) -> bool:
    return _PROTECTED_TITLE.match(title) is not None


def _asks_for_password(raw: RawEntry, title: str) -> bool:
    """Whether the text is kept by a password: the form in its place, or the note about it.

    WordPress sends the form as the content; where the feed holds only excerpts there is but the
    title's prefix and a short note in the site's language.
    """
    if _PASSWORD_FORM.search(raw.content) or _PASSWORD_FORM.search(raw.summary):
        return True
    if raw.content or not _names_protection(title):
        return False
    notice = _plain(endings.strip_footer(raw.summary, title=title))
    return len(notice) <= _MAX_NOTICE_CHARS and _PROTECTED_NOTICE.search(notice) is not None


# ── one line ────────────────────────────────────────────────────────────────────────────────


def phrase(raw: str, *, is_html: bool = True, max_chars: int = 1_000) -> str:
    """A title or name as text on one line.

    Formats do not say whether a title is HTML, so tags that titles hold are dropped and every
    other "<" stays: "a < b", "Map<K, V>". References are decoded twice: some sites escape twice.
    """
    if is_html and "<" in raw:
        raw = _INLINE_TAG.sub(_space_for_break, _IMAGE_TAG.sub(_alternative, raw))
    for _ in range(2):
        if "&" in raw:
            raw = _REFERENCE.sub(lambda found: decode(found[0]), raw)
    return clean.line(raw, max_chars)


def _space_for_break(tag: re.Match[str]) -> str:
    name = tag[0].strip("</>").lower()
    return " " if name.startswith(("br", "p", "div", "h")) else ""


def _alternative(image: re.Match[str]) -> str:
    found = _ALT.search(image[0])
    return (found[1] or found[2] or "") if found else ""


def names(raw: Iterable[str], max_count: int) -> tuple[str, ...]:
    """The names in their order; a name that differs only in case is the same."""
    kept: dict[str, str] = {}
    for each in raw:
        name = phrase(each, max_chars=_MAX_NAME_CHARS)
        if name:
            kept.setdefault(name.casefold(), name)
        if len(kept) == max_count:
            break
    return tuple(kept.values())


# ── time ────────────────────────────────────────────────────────────────────────────────────


def utc(text: str) -> datetime | None:
    """The moment that `text` names (RFC 3339 section 5.6); without a zone it is taken as UTC."""
    try:
        moment = datetime.fromisoformat(text.strip())
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


# ── the text ────────────────────────────────────────────────────────────────────────────────


class Text(NamedTuple):
    """`excerpt`, `content` and `more` of an `Entry`."""

    excerpt: str = ""
    content: str = ""
    more: bool = False


def paragraphs(text: str) -> str:
    """Plain text as HTML: an empty line parts paragraphs, a line end is a line break."""
    parts = (part.strip() for part in _BLANK_LINES.split(text))
    return "".join("<p>" + escape(part).replace("\n", "<br>") + "</p>" for part in parts if part)


def read_text(summary: str, content: str, *, title: str = "", site: str = "") -> Text:
    """What a post's summary and content, both HTML and either maybe empty, give to read.

    Only one of them, or both the same: up to 600 characters it is the excerpt, above that its
    first words are, and it is the content.
    """
    whole = endings.strip_footer(content, title=title, site=site).strip()
    brief = (
        "" if summary == content else endings.strip_footer(summary, title=title, site=site).strip()
    )
    plain = _plain(brief, _MAX_EXCERPT_CHARS + _TO_TELL_CHARS) if brief else ""
    if not plain or not whole:
        return _text_of_one(whole or brief, is_content=bool(whole))
    excerpt, is_cut_off = endings.tidy_excerpt(plain)
    more = _holds_more(whole, excerpt, at_least=1 if is_cut_off else _CLEARLY_MORE_LETTERS)
    if len(excerpt) > (_MAX_EXCERPT_CHARS if more else _WHOLE_TEXT_CHARS):
        excerpt, more = _first_words(excerpt), True
    return Text(excerpt, clean.block(whole, _MAX_CONTENT_CHARS), more)


_REFERENCE_CHARS = 34
"""A reference to a character is no longer than this, with "&" and ";"."""
_UNSEEN = re.compile(r"<(?:script|style|template|noscript|svg|!--)", re.IGNORECASE)
_PLAINLY_MORE_CHARS = 600


def _holds_more(content: str, excerpt: str, at_least: int) -> bool:
    """Whether `content`, HTML, has text that `excerpt` has not: `at_least` so many letters.

    Reading HTML is what takes time here, and mostly the beginning tells.
    """
    # Much longer is more whatever it says, and to see that no HTML needs to be read.
    sample = content[: 3 * len(excerpt) + 3_000]
    if not _UNSEEN.search(sample):
        between = "".join([piece.partition(">")[2] for piece in f">{sample}".split("<")])
        letters = len(between) - between.count(" ") - between.count("\n")
        letters -= _REFERENCE_CHARS * between.count("&")
        if letters > 2 * len(excerpt) + _PLAINLY_MORE_CHARS:
            return True
    read = _letters(excerpt)
    beginning = content[: 2 * len(excerpt) + 300]
    if len(beginning) < len(content):
        offered = _letters(_plain(beginning))
        if offered.startswith(read):
            if len(offered) - len(read) >= _CLEARLY_MORE_LETTERS:
                return True
        elif not read.startswith(offered):
            return True
    offered = _letters(_plain(content))
    if offered.startswith(read):
        return len(offered) - len(read) >= at_least
    return offered not in read


def _text_of_one(markup: str, *, is_content: bool) -> Text:
    plain = _plain(markup, _WHOLE_TEXT_CHARS + _TO_TELL_CHARS) if markup else ""
    if len(plain) > _WHOLE_TEXT_CHARS:
        return Text(_first_words(plain), clean.block(markup, _MAX_CONTENT_CHARS), more=True)
    content = clean.block(markup, _MAX_CONTENT_CHARS) if is_content else ""
    if "<img" in markup and not _plain(_IMAGE_TAG.sub("", markup)):
        # What a picture shows is no excerpt of a text that isn't there; it waits in the content.
        return Text("", content, more=is_content and plain != "")
    excerpt, _ = endings.tidy_excerpt(plain)
    return Text(excerpt, content, more=False)


def _plain(markup: str, max_chars: int | None = None) -> str:
    """What `html.plain` gives, for most excerpts without reading HTML or importing what does."""
    text = one_paragraph(markup)
    if text is not None and (max_chars is None or len(text) <= max_chars):
        return text
    from nordic_tui.text import html

    return html.plain(markup, max_chars)


def _first_words(plain: str) -> str:
    """The first 55 words, as WordPress cuts; fewer where words are long or not parted."""
    end = 0
    for number, word in enumerate(re.finditer(r"\S+", plain[:_WHOLE_TEXT_CHARS]), 1):
        end = word.end()
        if number == _EXCERPT_WORDS:
            break
    excerpt, _ = endings.tidy_excerpt(plain[:end].rstrip(" .…") + " […]")
    return excerpt


def _letters(text: str) -> str:
    """Letters and digits only: what counts when two texts are compared."""
    return "".join(_WORDS.findall(text)).casefold()


def skipped(count: int, total: int) -> tuple[str, ...]:
    """The warning that `count` of `total` posts could not be read; none for 0."""
    if not count:
        return ()
    return (f"{count:,} of {total:,} posts could not be read and {_was(count)} skipped.",)


def newest(posts: Sequence[_T], moment: Callable[[_T], datetime | None]) -> Sequence[_T]:
    """The newest `MAX_ENTRIES` of `posts`, in their order; some feeds begin with the oldest.

    What has no date is as old as what stands before it: without any dates the first are kept.
    """
    if len(posts) <= MAX_ENTRIES:
        return posts
    at = datetime.max.replace(tzinfo=UTC)
    ages = []
    for place, post in enumerate(posts):
        at = moment(post) or at
        ages.append((at, -place))
    ages.sort(reverse=True)
    return [posts[place] for place in sorted(-place for _, place in ages[:MAX_ENTRIES])]


def too_many(total: int) -> tuple[str, ...]:
    """The warning that a feed holds more posts than are read; none if it does not."""
    if total <= MAX_ENTRIES:
        return ()
    return (f"The feed holds {total:,} posts; the newest {MAX_ENTRIES:,} were read.",)


def _was(count: int) -> str:
    return "was" if count == 1 else "were"

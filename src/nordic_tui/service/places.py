"""Which addresses may lead to a feed: from what was pasted, and from where a page is. Pure."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from nordic_tui.model import FeedLink, Page
from nordic_tui.text import clean

WEB = ("http://", "https://")
USUAL_PLACES = (
    "feed/",
    "?feed=rss2",
    "rss",
    "rss.xml",
    "feed.xml",
    "atom.xml",
    "index.xml",
    "feed.json",
    ".rss",
)
"""Where feeds are that no page names: WordPress's two, then those of other programs."""

# ── what was pasted ─────────────────────────────────────────────────────────────────────────

_WRAPPING = " \t\r\n\"'<>“”„‘’«»`"
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://|file:", re.IGNORECASE)
_FILE_SCHEME = re.compile(r"file:(?://(?:localhost)?)?(/(?!/).*)", re.IGNORECASE | re.DOTALL)
"""RFC 8089: the host is this machine or left out."""
_HOST = re.compile(
    r"(?:[^\s/?#@:\[\]]+(?:\.[^\s/?#@:\[\]]+)+\.?|localhost|\[[0-9A-Fa-f:.]+\])"
    r"(?::[0-9]{1,5})?(?:[/?#].*)?",
    re.IGNORECASE | re.DOTALL,
)
_LOGIN = re.compile(
    r"\A(?!\s*mailto:)(\s*[\"'<]?(?:[a-z][a-z0-9+.-]*:/{1,3})?)[^\s/?#@:]*:[^\s/?#]*@",
    re.IGNORECASE,
)
"""A name and password at the beginning of an address, also of one without its scheme."""
_FILE_ENDINGS = (".xml", ".rss", ".atom", ".rdf", ".json", ".html", ".htm")


def candidates(words: str, is_file: Callable[[Path], bool] = Path.is_file) -> tuple[str, ...]:
    """What a person pasted -> the addresses to try, in order; none if it can be neither an
    address nor a file.

    A web address stays as it is, without its fragment; "feed:" before it goes (the URI scheme of
    some browsers). A host without a scheme is tried by https, then by http. Everything else that
    exists as a file, or can only be one, is an absolute path.
    """
    word = words.replace("\0", "").strip(_WRAPPING)
    if word[:5].lower() == "feed:":
        word = word[5:].removeprefix("//")
    if word[:7].lower() in ("http://", "https:/"):
        return _web_addresses(word)
    if local := _FILE_SCHEME.fullmatch(word):
        return (unquote(local[1]).replace("\0", ""),)
    if not word or _SCHEME.match(word):
        return ()
    if word.startswith(("/", "./", "../", "~")) or _exists(word, is_file):
        return (_absolute(word),)
    if _HOST.fullmatch(word) and not _ends_like_file(word):
        return _web_addresses(f"https://{word}") + _web_addresses(f"http://{word}")
    if _LOGIN.match(word):
        return ()  # for want of a scheme it would be taken for a path, and its password be shown
    return (_absolute(word),) if "/" in word or _ends_like_file(word) else ()


def without_login(words: str) -> str:
    """What a person wrote as an address, as it may be said again: without a name and password
    in it. What is no address stays as it is."""
    if "@" not in words:
        return words
    return clean.shown_address(words) if "://" in words else _LOGIN.sub(r"\1", words, count=1)


def _web_addresses(word: str) -> tuple[str, ...]:
    address = clean.url(word.partition("#")[0])
    return (address,) if address else ()


def _ends_like_file(word: str) -> bool:
    return "/" not in word and word.lower().endswith(_FILE_ENDINGS)


def _exists(word: str, is_file: Callable[[Path], bool]) -> bool:
    try:
        return is_file(Path(word))
    except (OSError, ValueError):
        return False


def _absolute(word: str) -> str:
    # Without resolve(): a link is followed as a link, wherever it leads one day.
    return os.path.abspath(os.path.expanduser(word))  # noqa: PTH100, PTH111  see above


# ── what a page names ───────────────────────────────────────────────────────────────────────

_NARROWING = frozenset(
    ("cat", "category_name", "tag", "tag_id", "author", "author_name", "s", "m", "post_type")
)
"""The fields of a WordPress address that choose some of its posts (WP_Query)."""
_LATER_PAGE = re.compile(r"/page/\d+/?\Z")


def ranked_feeds(page: Page, url: str) -> list[tuple[FeedLink, bool]]:
    """The feeds that a page names, the best first, each with whether it is the one of just this
    page's category, tag or author.

    url: where the page is. WordPress names the site's feed before the category's; the wanted one
    is known by its address, which goes on from the page's own.
    """
    below = [feed for feed in page.feeds if _goes_on(feed.address, url)]
    others = [feed for feed in page.feeds if feed not in below]
    return [(feed, bool(others)) for feed in below] + [(feed, False) for feed in others]


def _goes_on(address: str, url: str) -> bool:
    """Whether the address of a feed goes on from that of a page that is not the front page."""
    folder, fields = _folder(url), _narrowing(url)
    if folder == "/" and not fields:
        return False
    path = unquote(urlsplit(address).path).rstrip("/") + "/"
    return (
        host(address).removeprefix("www.") == host(url).removeprefix("www.")
        and path.startswith(unquote(folder))
        and set(fields) <= set(_narrowing(address))
    )


def usual_places(url: str) -> tuple[str, ...]:
    """Where a page's feed may be although the page does not name it: below the page, then on its
    host; none for a file."""
    if not url.startswith(WEB):
        return ()
    parts = urlsplit(url)
    own = _folder(url)
    places: dict[str, None] = {}
    for folder in (own, "/"):
        for place in USUAL_PLACES:
            path, _, query = place.partition("?")
            if query and folder == own:
                query = urlencode([("feed", "rss2"), *_narrowing(url)])
            address = parts._replace(path=folder + path, query=query, fragment="").geturl()
            places.setdefault(address)
    return tuple(places)


def _folder(url: str) -> str:
    """The path of a page as one that others can be below: ends in "/", without a later page's
    number and without a file's name."""
    path = _LATER_PAGE.sub("/", urlsplit(url).path)
    start, _, last = path.rpartition("/")
    return f"{start}/" if not last or "." in last else f"{path}/"


def _narrowing(url: str) -> list[tuple[str, str]]:
    return [pair for pair in parse_qsl(urlsplit(url).query) if pair[0] in _NARROWING]


def host(address: str) -> str:
    """The host of a web address, in small letters; "" for a file."""
    return urlsplit(address).hostname or "" if address.startswith(WEB) else ""


def origin(address: str) -> tuple[str, str]:
    """The scheme, and the host with its port."""
    parts = urlsplit(address)
    return parts.scheme, parts.netloc.rpartition("@")[2]


def protected(address: str, url: str) -> str:
    """An address by https, if the page that names it came by https: it is not left for less."""
    if url.startswith("https://") and address.startswith("http://"):
        return "https://" + address.removeprefix("http://")
    return address


def with_login(address: str, asked: str) -> str:
    """`address` with the name and password of `asked`, on the same scheme, host and port."""
    if not address.startswith(WEB) or not asked.startswith(WEB):
        return address
    login, at, _ = urlsplit(asked).netloc.rpartition("@")
    parts = urlsplit(address)
    if not at or "@" in parts.netloc or origin(address) != origin(asked):
        return address
    return parts._replace(netloc=f"{login}@{parts.netloc}").geturl()

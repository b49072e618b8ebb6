"""Which addresses may lead to a feed: from what was pasted, and from where a page is. Pure."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl, unquote, unquote_plus, urlencode, urlsplit

from nordic_tui.model import FeedLink, Page
from nordic_tui.text import clean, comments

WEB = ("http://", "https://")
USUAL_PLACES = (
    ("feed/", ""),
    ("", "feed=rss2"),
    ("rss", ""),
    ("rss.xml", ""),
    ("feed.xml", ""),
    ("atom.xml", ""),
    ("index.xml", ""),
    ("feed.json", ""),
    (".rss", ""),
)
"""Where feeds are that no page names, the paths and queries: WordPress's two, then those of other
programs."""

# ── what was pasted ─────────────────────────────────────────────────────────────────────────

_UNSEEN = "\xad\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
"""What comes along from web pages and is in no address: soft hyphens, spaces of no width, marks
of direction, the byte order mark."""
_INVISIBLE = re.compile(f"[{_UNSEEN}]+")
_WRAPPING = f" \t\r\n\xa0\u2009\u202f\u200c\u200d{_UNSEEN}\"'<>“”„‘’«»`"
_FEED_SCHEME = re.compile(r"feed(s?):/{0,3}", re.IGNORECASE)
"""The URI schemes of some browsers: before a whole address, or in place of its scheme."""
_WEB_ADDRESS = re.compile(r"(?:\A(https?):/+|(https?)://+)([^\s/<>\"][^\s<>\"]*)", re.IGNORECASE)
"""A web address, also within other words; at the beginning with a slash too few or too many."""
_NO_PATH = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]*://|file:|https?:/|.*https?://", re.IGNORECASE | re.DOTALL
)
_FILE_SCHEME = re.compile(r"file:(?://(?:localhost)?)?(/(?!/).*)", re.IGNORECASE | re.DOTALL)
"""RFC 8089: the host is this machine or left out."""
_IN_LABEL = r"[^.\s/?#@:\[\](){}<>,;!…*|\\]+"
_HOST = re.compile(
    rf"(?:{_IN_LABEL}(?:\.{_IN_LABEL})+|localhost|\[[0-9A-Fa-f:.]+\])"
    r"(?::[0-9]{1,5})?(?:[/?#].*)?",
    re.IGNORECASE | re.DOTALL,
)
_PUNCTUATION = ".,:;!?…'’‘“”„«»*|"
_OPENING = {")": "(", "]": "[", "}": "{"}
_OPENINGS = "([{*"
_LOGIN = re.compile(
    r"((?<=[:/])/|(?:(?<=[\s\"'<>(\[{“„‘«])|\A)(?!mailto:)/?)(?!\[|[0-9a-f:.]{2,40}\])"
    r"[^\s/?#@:()\[\]]{0,200}:"
    r"(?:[^\s/?#]{0,500}@|(?!\d{0,5}(?:[\s/?#]|\Z)|[a-z][a-z0-9+.-]{0,30}:/)[^\s@]{0,500}@)",
    re.IGNORECASE,
)
"""A name and password after two slashes, and at the beginning of a word, where an address without
its scheme may stand. The password may hold what it must not: a slash, "?" or "#"."""
_FILE_ENDINGS = (".xml", ".rss", ".atom", ".rdf", ".json", ".html", ".htm")


def candidates(
    words: str,
    is_file: Callable[[Path], bool] = Path.is_file,
    is_folder: Callable[[Path], bool] = Path.is_dir,
) -> tuple[str, ...]:
    """What a person pasted -> the addresses to try, in order; none if it can be neither an
    address nor a file.

    The first web address in it is taken, as it is written and then without the signs of a
    sentence at its end, each without its fragment. What stands without a scheme and looks like a
    host is tried by https, then by http, but for a password. Everything else that exists, or can
    only be a file, is an absolute path; what holds a web address or a password never is.
    """
    name = words.replace("\0", "").strip(_WRAPPING)
    word = _INVISIBLE.sub("", name)
    is_secure = False
    if feed := _FEED_SCHEME.match(word):
        rest, is_secure = word[feed.end() :], bool(feed[1])
        word = rest if not rest or _WEB_ADDRESS.match(rest) else f"//{rest}"
    if found := _WEB_ADDRESS.search(word):
        return _readings(word, found)
    if (slashed := word.lstrip(_OPENINGS)).startswith("//"):
        return _by_https(slashed, or_http=not is_secure)
    if local := _FILE_SCHEME.fullmatch(name):
        return (unquote(local[1]).replace("\0", ""),)
    if not word or _NO_PATH.match(word):
        return ()
    if name.startswith(("/", "./", "../", "~")) or _exists(name, is_file):
        return (_absolute(name),)
    if hosted := _host_in(word):
        return _by_https(f"//{hosted}", or_http=True)
    if _exists(name, is_folder):
        return (_absolute(name),)
    if without_login(name) != name:
        return ()  # for want of a scheme it would be taken for a path, and its password be kept
    return (_absolute(name),) if "/" in name or _ends_like_file(name) else ()


def without_login(words: str) -> str:
    """What a person wrote as an address or around one, as it may be said again: without names and
    passwords. What is no address stays as it is."""
    if "@" not in words:
        return words
    return clean.without_logins(_LOGIN.sub(r"\1", words))


def _readings(word: str, found: re.Match[str]) -> tuple[str, ...]:
    """The addresses that a web address in a text may be: as written where nothing stands before
    it, then without what ends a sentence or stands in brackets."""
    scheme = (found[1] or found[2]).lower()
    written = word[found.start(3) :]
    bare = _without_end(found[3].partition("](")[0])
    is_alone = (
        found.start() == 0
        and re.search(r"[/?#]", written)  # a host alone ends with no sign of its own
        and not re.search(r"[<>\"]", written)
        and not _WEB_ADDRESS.search(word, found.end())
    )
    readings = [f"{scheme}://{rest}" for rest in ([written, bare] if is_alone else [bare])]
    addresses = (clean.url(reading.partition("#")[0]) for reading in readings)
    return tuple(dict.fromkeys(address for address in addresses if address))


def _by_https(slashed: str, *, or_http: bool) -> tuple[str, ...]:
    """The addresses that "//host…" may be. or_http: each by http as well; but a name and password
    are not sent unprotected by a guess."""
    word = f"https:{slashed}"
    found = _WEB_ADDRESS.search(word)
    addresses: list[str] = []
    for address in _readings(word, found) if found else ():
        addresses.append(address)
        if or_http and not holds_login(address):
            addresses.append(address.replace("https://", "http://", 1))
    return tuple(addresses)


def _host_in(word: str) -> str:
    """A host, with or without a path, that a person wrote without a scheme; "" if it is none."""
    if not _HOST.fullmatch(word):
        within = word.lstrip(_OPENINGS).split()
        if not within or (len(within) > 1 and "/" in word):
            return ""
        word = _without_end(within[0])
    return word if _HOST.fullmatch(word) and not _ends_like_file(word) else ""


def _without_end(text: str) -> str:
    """A text without the signs that end a sentence, and brackets that were opened before it."""
    text = text[: clean.MAX_URL_CHARS]
    while text:
        last = text[-1]
        opening = _OPENING.get(last)
        if last not in _PUNCTUATION and not (opening and text.count(last) > text.count(opening)):
            break
        text = text[:-1]
    return text


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
_SINGLE = frozenset(("p", "page_id", "attachment_id", "name", "pagename"))
"""Those that choose one."""
_LISTING = re.compile(
    r"/(?:category|tag|author|search|kategori|kategoria|flokkur|emne|emneord|stikkord|etikett"
    r"|avainsana|forfatter|författare|kirjoittaja)/[^/]",
    re.IGNORECASE,
)
"""The paths of WordPress's lists of posts, in the languages of the North."""
_LATER_PAGE = re.compile(r"/page/\d+/?\Z")
_SEARCH = re.compile(r"/search/([^/]+)(?=/|\Z)")


def ranked_feeds(page: Page, url: str) -> list[tuple[FeedLink, bool]]:
    """The feeds that a page names, the best first, each with whether it is the one of just this
    page's category, tag, author or search.

    url: where the page is. WordPress names the site's feed before the category's; the wanted one
    is known by its address, which goes on from the page's own. What may be comments comes last.
    """
    below = [feed for feed in page.feeds if _goes_on(feed.address, url)]
    others = [feed for feed in page.feeds if feed not in below]
    for feeds in (below, others):
        feeds.sort(key=lambda feed: comments.is_possible(feed.address, feed.title))
    return [(feed, bool(others)) for feed in below] + [(feed, False) for feed in others]


def unnamed_places(page: Page, url: str) -> tuple[str, ...]:
    """Where the feed of just this page may be, if the page is a list of some of a site's posts
    and names only the site's feed, as many themes of WordPress do; else none."""
    parts = urlsplit(url)
    is_single = any(key in _SINGLE for key, _ in parse_qsl(parts.query))
    is_list = bool(_narrowing(url)) or _LISTING.search(unquote(_folder(url)))
    if not page.feeds or not is_list or is_single:
        return ()
    return () if any(_goes_on(feed.address, url) for feed in page.feeds) else _own_places(url)


def _goes_on(address: str, url: str) -> bool:
    """Whether the address of a feed goes on from that of a page that is not the front page."""
    folder, chosen = _folder(url), _chosen(url)
    if searched := _SEARCH.search(folder):
        folder = folder[: searched.start()] + "/"
    if folder == "/" and not chosen:
        return False
    path = unquote(urlsplit(address).path).rstrip("/") + "/"
    return (
        host(address).removeprefix("www.") == host(url).removeprefix("www.")
        and path.startswith(unquote(folder))
        and chosen <= _chosen(address)
    )


def _chosen(address: str) -> set[tuple[str, str]]:
    """What the query of an address chooses some posts by; a search may be in its path as well."""
    searched = _SEARCH.search(urlsplit(address).path)
    found = [("s", unquote_plus(searched[1]))] if searched else []
    return {*_narrowing(address), *found}


def usual_places(url: str) -> tuple[str, ...]:
    """Where a page's feed may be although the page does not name it: below the page, then on its
    host; none for a file.

    Deep below a host, where posts are, only WordPress has feeds.
    """
    if not url.startswith(WEB):
        return ()
    folder = _folder(url)
    folders = ("/",) if folder.count("/") > 2 else (folder, "/")
    below = [_at(url, each + path, query) for each in folders for path, query in USUAL_PLACES]
    return tuple(dict.fromkeys((*_own_places(url), *below)))


def _own_places(url: str) -> tuple[str, ...]:
    """Where WordPress has the feed of any page, with what its address chooses."""
    folder, query = _folder(url), _narrowing(url)
    return (
        _at(url, f"{folder}feed/", urlencode(query)),
        _at(url, folder, urlencode([("feed", "rss2"), *query])),
    )


def _at(url: str, path: str, query: str) -> str:
    return urlsplit(url)._replace(path=path, query=query, fragment="").geturl()


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


def holds_login(address: str) -> bool:
    """Whether a web address holds a name or password."""
    return address.startswith(WEB) and "@" in urlsplit(address).netloc


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

"""What a list of subscriptions gives, whatever its format: each source once, each problem once."""

import os
import re
from urllib.parse import unquote, urlsplit

from nordic_tui.model import Following, Imported, Rule, SavedView, Source
from nordic_tui.text import clean

MAX_SOURCES = 20_000
MAX_DEPTH = 16
"""So many folders nest at most."""
MAX_FOLDER_CHARS = 400
"""The names of nested folders together: each source in them has them all."""
_MAX_LABEL_CHARS = 200
_MAX_TAGS = 50
_MAX_PROBLEMS = 100

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+-]*:(?![0-9])")
"""Not the name of a host before its port."""
_SLASH_IN_A_NAME = "\N{DIVISION SLASH}"


class Collector:
    """Takes what a reader of a format finds, in the order of the list."""

    def __init__(self) -> None:
        self._sources: dict[str, Source] = {}
        self._views: dict[str, SavedView] = {}
        self._rules: dict[str, Rule] = {}
        self._problems: list[str] = []
        self._unsaid = 0

    def add(self, source: Source) -> None:
        """Of a source that is listed twice the first counts. Its tags are those of all, and so
        are the names of its other folders, by which saved views can choose as well."""
        known = self._sources.setdefault(source.address, source)
        if known is source:
            return
        folder = source.folder.rpartition("/")[2] if source.folder != known.folder else ""
        tags = dict.fromkeys((*known.tags, *source.tags, *filter(None, (folder,))))
        self._sources[source.address] = known._replace(
            name=known.name or source.name, tags=tuple(tags)[:_MAX_TAGS]
        )

    def add_view(self, view: SavedView) -> bool:
        """Whether it could be taken; not where another view has its name."""
        return self._views.setdefault(view.name, view) == view

    def add_rule(self, rule: Rule) -> None:
        """A rule that is there already is not taken twice."""
        self._rules.setdefault(rule.name, rule)

    def problem(self, sentence: str) -> None:
        if len(self._problems) < _MAX_PROBLEMS:
            self._problems.append(sentence)
        else:
            self._unsaid += 1

    def text(self, body: bytes, charset: str) -> str:
        """`body` as text; what is none in `charset` is replaced, and a problem says so."""
        try:
            return body.decode(charset)
        except UnicodeDecodeError as error:
            line = body.count(b"\n", 0, error.start) + 1
            self.problem(
                f"Line {line}: some bytes are no text in {charset.upper()}; they were replaced."
            )
            return body.decode(charset, errors="replace")

    def imported(self) -> Imported:
        sources, views, rules = self._sources, self._views, self._rules
        following = Following(tuple(sources.values()), tuple(views.values()), tuple(rules.values()))
        problems = self._problems
        if self._unsaid:
            problems = [*problems, f"There are {self._unsaid:,} problems more like these."]
        return Imported(following, tuple(problems))


def web_address(text: str) -> str:
    """An http or https address as `Source` has it; "" if it is none.

    "feed:" before an address, which some readers write, is taken off.
    """
    text = text.strip()
    if text[:5].lower() == "feed:":
        rest = text[5:].removeprefix("//")
        is_whole = _SCHEME.match(rest) is not None
        text = rest if is_whole else f"http://{rest}"
    address = clean.url(text)
    # The settings take no sign that cannot be seen, such as one of the private use areas.
    is_web = address.startswith(("http://", "https://")) and address.isprintable()
    return address if is_web else ""


def feed_address(word: str) -> str:
    """What a `Source` holds for it: a web address, or the path of a file; "" for neither."""
    if not word.lower().startswith("file:"):
        return web_address(word)
    try:
        parts = urlsplit(word)
    except ValueError:
        return ""
    path = unquote(parts.path)
    is_here = parts.netloc in ("", "localhost") and path.startswith("/") and path.isprintable()
    if path != path.strip():  # the settings strip it, and it would be another file
        return ""
    return os.path.normpath(path) if is_here else ""


def label(text: str) -> str:
    """A name, title or tag: one line, at most 200 characters, no password of an address in it."""
    # What is long is cut before it is read, too.
    return clean.without_logins(clean.line(text[: 10 * _MAX_LABEL_CHARS], _MAX_LABEL_CHARS))


def name_of(text: str, address: str) -> str:
    """What the source at `address` is called; "" where a program that knew no title wrote the
    address there, in whatever spelling."""
    written = clean.public_address(web_address(text))
    is_address = written and written.rstrip("/") == clean.public_address(address).rstrip("/")
    return "" if is_address else label(text)


def folder_name(text: str) -> str:
    """The name of one folder. A slash in it becomes "∕" (U+2215): "/" parts nested folders."""
    return label(text).replace("/", _SLASH_IN_A_NAME)


def tags(words: list[str]) -> tuple[str, ...]:
    """Each of them once, in their order."""
    return tuple(dict.fromkeys(filter(None, map(label, words[:_MAX_TAGS]))))

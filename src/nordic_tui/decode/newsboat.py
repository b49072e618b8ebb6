"""newsboat's `urls` file, as its manual has it (sections Tagging, Scripts and Filters, Query Feeds,
Using Double Quotes): an address a line, then its tags. And of its `config` the killfile.

Nothing that such a line would run is ever run: it is reported and left out.
"""

import codecs
import re

from nordic_tui.decode.collecting import (
    MAX_DEPTH,
    MAX_SOURCES,
    Collector,
    feed_address,
    folder_name,
    label,
    name_of,
    tags,
)
from nordic_tui.decode.newsboat_filters import search_of, view_of
from nordic_tui.model import Imported, Rule, Source
from nordic_tui.text import clean
from nordic_tui.text.query import problem_as_rule

_MAX_LINE_CHARS = 20_000
_MAX_SHOWN_CHARS = 200
_LINE_OF_URLS = re.compile(
    rb'(?:^|\r)[ \t]*"?(?:https?|file|feed|query|exec|filter):', re.MULTILINE
)

_IGNORE = "ignore-article"
_LINE_OF_KILLFILE = re.compile(rb"(?:^|\r)[ \t]*ignore-article[ \t]", re.MULTILINE)

_LINE_END = re.compile("\r\n|\n|\r")
_TOKEN = re.compile(
    r"""[ \t]*(?:
        (?P<comment>\#.*)
        | "(?P<quoted>(?:[^"\\]|\\.)*)(?:"|\\?\Z)
        | (?P<bare>[^ \t]+)
    )""",
    re.VERBOSE,
)
_ESCAPED = re.compile(r"\\(.)")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


def is_urls(body: bytes) -> bool:
    """Whether a line begins as one of a `urls` file does."""
    return _LINE_OF_URLS.search(body.removeprefix(codecs.BOM_UTF8)) is not None


def is_killfile(body: bytes) -> bool:
    """Whether a line says that articles are ignored: of a `config` file nothing else is read."""
    return _LINE_OF_KILLFILE.search(body.removeprefix(codecs.BOM_UTF8)) is not None


def decode_killfile(body: bytes) -> Imported:
    """The articles that a `config` file ignores, as rules that hide. Never raises.

    The rules are off: what another program's filter says as a search is tried before it hides
    anything.
    """
    return _decode(body, only=_IGNORE)


def decode_urls(body: bytes) -> Imported:
    """The sources with their tags, and the queries that can be saved views.

    The first tag that is neither a title ("~…") nor hides ("!…") is the folder; a slash in it
    nests it, since newsboat writes nested folders of OPML so. What cannot be taken over is left
    out, and a problem names its line. Never raises.
    """
    return _decode(body)


def _decode(body: bytes, only: str = "") -> Imported:
    """only: the first word of the lines that are read; "": all are."""
    collector = Collector()
    count = 0
    text = collector.text(body, "utf-8").lstrip("\ufeff")
    for number, line in enumerate(_LINE_END.split(text), 1):
        if len(line) > _MAX_LINE_CHARS:
            collector.problem(f"Line {number}: it is too long to be read; it was left out.")
            continue
        words = _words(line)
        if not words or (only and words[0] != only):
            continue
        count += 1
        if count > MAX_SOURCES:
            collector.problem(f"Line {number}: only the first {MAX_SOURCES:,} lines are read.")
            break
        problem = _take(collector, words)
        if problem:
            collector.problem(f"Line {number}: {problem}")
    return collector.imported()


def _words(line: str) -> list[str]:
    """The words of a line, without quotes and comments."""
    words = []
    for token in _TOKEN.finditer(line):
        if token["comment"] is not None:
            break
        if token["bare"] is not None:
            words.append(token["bare"])
        else:
            words.append(_ESCAPED.sub(lambda found: _ESCAPES.get(found[1], found[1]), token[2]))
    return words


def _take(collector: Collector, words: list[str]) -> str:
    """Take one line; gives what is wrong with it, "" if nothing."""
    kind, colon, rest = words[0].partition(":")
    if kind in ("exec", "filter") and colon:
        return f"{kind}: would run a program; it was left out."
    if kind == "query" and colon:
        return _take_query(collector, rest)
    if words[0] == _IGNORE:
        return _take_killfile(collector, words)
    address = feed_address(words[0])
    if not address:
        return "it begins with no web address (http or https) and no file; it was left out."
    titles = [word[1:] for word in words[1:] if word.startswith("~")]
    visible = [word for word in words[1:] if not word.startswith(("~", "!"))]
    collector.add(
        Source(
            address,
            name=name_of(titles[0], address) if titles else "",
            folder=_folder(visible[0]) if visible else "",
            tags=tags([word.lstrip("!") for word in words[1:] if not word.startswith("~")]),
            hidden=any(word.startswith("!") for word in words[1:]),
        )
    )
    return ""


def _folder(tag: str) -> str:
    names = clean.without_logins(tag).split("/")[:MAX_DEPTH]
    return "/".join(filter(None, map(folder_name, names)))


# ── queries and the killfile ────────────────────────────────────────────────────────────────


def _take_query(collector: Collector, rest: str) -> str:
    name, _, expression = rest.partition(":")
    name = label(name)
    view = view_of(name, expression.strip()) if name else None
    shown = _shown(expression)
    if view is None:
        return f"the query “{name}” cannot be a saved view; it was left out: {shown}"
    if not collector.add_view(view):
        return f"there is another query “{name}”; this one was left out: {shown}"
    return ""


def _take_killfile(collector: Collector, words: list[str]) -> str:
    """Take `ignore-article FEED EXPRESSION` (its manual, section Killfiles)."""
    if len(words) != 3:
        return f"ignore-article needs a feed and a filter; it was left out: {_shown(words[1:])}"
    feed, expression = words[1], words[2].strip()
    search = None
    if feed == "*":
        search = search_of(expression)
    elif feed_address(feed):
        search = search_of(f'rssurl = "{feed}" and ({expression})')
    if search is None or problem_as_rule(search):
        return f"this cannot be a rule; it was left out: {_shown(words[1:])}"
    collector.add_rule(Rule(label(search), search, hide=True, on=False))
    return ""


def _shown(what: str | list[str]) -> str:
    words = what if isinstance(what, str) else " ".join(what)
    return clean.without_logins(clean.line(words, _MAX_SHOWN_CHARS))

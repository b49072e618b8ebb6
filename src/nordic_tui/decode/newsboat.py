"""newsboat's `urls` file, as its manual has it (sections Tagging, Scripts and Filters, Query Feeds,
Using Double Quotes): an address a line, then its tags.

Nothing that such a line would run is ever run: it is reported and left out.
"""

import codecs
import os
import re
from urllib.parse import unquote, urlsplit

from nordic_tui.decode.collecting import (
    MAX_DEPTH,
    MAX_SOURCES,
    Collector,
    folder_name,
    label,
    name_of,
    tags,
    web_address,
)
from nordic_tui.model import Imported, SavedView, Source
from nordic_tui.text import clean

_MAX_LINE_CHARS = 20_000
_MAX_SHOWN_CHARS = 200
_LINE_OF_URLS = re.compile(
    rb'(?:^|\r)[ \t]*"?(?:https?|file|feed|query|exec|filter):', re.MULTILINE
)

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

_CONDITION = re.compile(r'\s*(?P<attribute>[a-z_]+)\s*(?P<operator>==?|=~|\#)\s*"(?P<value>[^"]*)"')
_AND = re.compile(r"\s+and(?=\s)", re.IGNORECASE)
_REGULAR_EXPRESSION = re.compile(r"[\\.\[\](){}*+?^$|]")


def is_urls(body: bytes) -> bool:
    """Whether a line begins as one of a `urls` file does."""
    return _LINE_OF_URLS.search(body.removeprefix(codecs.BOM_UTF8)) is not None


def decode_urls(body: bytes) -> Imported:
    """The sources with their tags, and the queries that can be saved views.

    The first tag that is neither a title ("~…") nor hides ("!…") is the folder; a slash in it
    nests it, since newsboat writes nested folders of OPML so. What cannot be taken over is left
    out, and a problem names its line. Never raises.
    """
    collector = Collector()
    count = 0
    text = collector.text(body, "utf-8").lstrip("\ufeff")
    for number, line in enumerate(_LINE_END.split(text), 1):
        if len(line) > _MAX_LINE_CHARS:
            collector.problem(f"Line {number}: it is too long to be read; it was left out.")
            continue
        words = _words(line)
        if not words:
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
    address = _address(words[0])
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


def _address(word: str) -> str:
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


# ── queries ─────────────────────────────────────────────────────────────────────────────────


def _take_query(collector: Collector, rest: str) -> str:
    name, _, expression = rest.partition(":")
    name = label(name)
    view = _view(name, expression.strip()) if name else None
    shown = clean.without_logins(clean.line(expression, _MAX_SHOWN_CHARS))
    if view is None:
        return f"the query “{name}” cannot be a saved view; it was left out: {shown}"
    if not collector.add_view(view):
        return f"there is another query “{name}”; this one was left out: {shown}"
    return ""


def _view(name: str, expression: str) -> SavedView | None:
    """The view that shows what a query does, or None where there is none."""
    wanted: dict[str, str | bool] = {}
    position = 0
    while found := _CONDITION.match(expression, position):
        meant = _meaning(found["attribute"], found["operator"], found["value"])
        if meant is None or wanted.setdefault(*meant) != meant[1]:
            return None
        position = found.end()
        if position == len(expression):
            return SavedView(
                name,
                unread_only="unread_only" in wanted,
                title=str(wanted.get("title", "")),
                tag=str(wanted.get("tag", "")),
                address=str(wanted.get("address", "")),
            )
        joint = _AND.match(expression, position)
        if joint is None:
            return None
        position = joint.end()
    return None


def _meaning(attribute: str, operator: str, value: str) -> tuple[str, str | bool] | None:
    """A condition as a field of `SavedView` and its value; None where no field says it."""
    equal = operator in ("=", "==")
    if attribute == "unread" and equal and value == "yes":
        return "unread_only", True
    if attribute == "tags" and operator == "#" and label(value.lstrip("!")):
        return "tag", label(value.lstrip("!"))
    is_plain = value == label(value) != "" and not _REGULAR_EXPRESSION.search(value)
    if attribute == "title" and operator == "=~" and is_plain:
        return "title", value
    if attribute == "rssurl" and equal and _address(value):
        return "address", _address(value)
    return None

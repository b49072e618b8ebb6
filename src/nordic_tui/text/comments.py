"""Whether a feed is one of comments, by where it is and what it is called. Pure.

WordPress names the feeds of comments beside those of posts, in the site's language, and other
programs do the same. What is certainly of comments is left out; what may be, comes last: a
category may be called "Comments", and in Norwegian and Danish "kommentarer" are leading articles
as well.
"""

import re
from urllib.parse import parse_qsl, unquote, urlsplit

_PATH = re.compile(r"(?<!/category)(?<!/tag)/comments(?=[/.]|\Z)", re.IGNORECASE)
_END = re.compile(
    r"(?:comments feed"
    r"|kommentar(?:er|e|s)?[ -]?(?:feed|strøm|straum|flöde)"
    r"|kommenttien syöte"
    r"|(?:ummæla|athugasemda)[ -]?(?:straumur|veita|fæða)"
    r"|(?:straumur|veita|fæða) (?:ummæla|athugasemda))\s*\Z",
    re.IGNORECASE,
)
"""How WordPress ends the titles of these links in English, Norwegian, Danish, Swedish, Finnish,
Icelandic and German. Only the end counts: a category may be called "Comments" as well."""
_NEWEST = r"(?:(?:all|last|latest|new|newest|recent) )?comments"
_BEGINNING = re.compile(
    rf"\s*(?:{_NEWEST} (?:on|for)|kommentarer (?:til|for|på|till)|kommentit"
    r"|kommentare (?:zu|für)|athugasemdir|ummæli)\b",
    re.IGNORECASE,
)
"""How WordPress begins the titles of the feeds themselves, in the languages of the North."""
_WHOLE = re.compile(rf"(?:.*[»:|–—-]\s*)?{_NEWEST}(?: rss)?\s*\Z", re.IGNORECASE | re.DOTALL)
_WORD = re.compile(
    r"(?<![^\W_])(?:comments|kommentar(?:er|ar|ene|e)|kommentit|kommenttejä|kommenttien"
    r"|athugasemdir|ummæli)(?![^\W_])",
    re.IGNORECASE,
)


def is_certain(address: str, title: str) -> bool:
    """Whether a feed is of comments, by its address and the title of the link to it."""
    parts = urlsplit(address)
    kinds = [value for key, value in parse_qsl(parts.query) if key == "feed"]
    return (
        any(kind.startswith("comments-") for kind in kinds)
        or bool(_PATH.search(parts.path))
        or bool(_END.search(title))
        or (_is_called(parts.path) and bool(_WHOLE.match(title)))
    )


def is_title(title: str) -> bool:
    """Whether a feed of this title of its own is of comments."""
    return bool(_BEGINNING.match(title))


def is_possible(address: str, title: str) -> bool:
    """Whether a feed may be of comments: its title or the end of its address has the word."""
    return bool(_WORD.search(title)) or _is_called(urlsplit(address).path)


def _is_called(path: str) -> bool:
    return bool(_WORD.search(unquote(path.rstrip("/").rpartition("/")[2])))

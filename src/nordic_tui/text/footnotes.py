"""Footnotes of any make: which links refer to a note, which lead back from it, and where it is.

No rule of HTML says what a footnote is. What is looked at is what writers and programs do: the
roles of EPUB and DPUB-ARIA ("doc-noteref", "noteref"), the classes and names of WordPress, Pandoc,
kramdown, Python-Markdown, GitHub, Substack, MediaWiki, Docutils and Word, and that the number
stands above the line. A link is a reference only if the page has an element of that name.
"""

import re
from collections.abc import Mapping

from nordic_tui.text.blocks import Inline, Span
from nordic_tui.text.markup import decode

_MAX_NOTES = 2_000
_NAMED = re.compile(
    r"\b(?:id|name)\s{0,3}=\s{0,3}(?:\"([^\">]{1,200})\"|'([^'>]{1,200})'|([^\s>\"']{1,200}))",
    re.IGNORECASE,
)
_NOTE_NAME = re.compile(
    r"(?:user-content-)?(?:_?ftn|_?edn|fn|foot-?note|end-?note|cite_note|easy-footnote-bottom"
    r"|sdfootnote|note)(?!.*(?:ref|anchor))[-_:.]?[^\s]*\d[^\s]*",
    re.IGNORECASE,
)
_BACK_NAME = re.compile(
    r"ref[-_:.]?[\w.:-]*\d|footnote-anchor|-link$|^_ftnref|^easy-footnote-\d", re.IGNORECASE
)
_REFERENCE_WORDS = frozenset(
    [
        *("noteref", "doc-noteref", "footnote-ref", "footnote-reference", "fnref", "footnote"),
        *("footnote-anchor", "footnote-link", "fn-link", "data-footnote-ref"),
    ]
)
_BACK_WORDS = frozenset(
    [
        *("doc-backlink", "backlink", "footnote-back", "footnote-backref", "reversefootnote"),
        *("data-footnote-backref", "fn-backref", "easy-footnote-to-top", "footnote-return"),
        *("footnote-number", "footnote-back-link", "mw-cite-backlink"),
    ]
)
_ARROWS = "↩↑⏎↵⬆⤴⮌↰⇧^#¶§🔗 \ufe0e\ufe0f\xa0[]"
_LABEL_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_LABEL = re.compile(r"[\[(^]*([0-9⁰¹²³⁴⁵⁶⁷⁸⁹]{0,4})[\])^]*[.:]?\s*")


class Footnotes:
    """The notes of one page, numbered from 1 in the order in which they are referred to."""

    def __init__(self, html: str) -> None:
        self._html = html
        self._names: frozenset[str] | None = None
        self._numbers: dict[str, int] = {}
        self._found: set[int] = set()

    def __bool__(self) -> bool:
        """Whether any note was referred to."""
        return bool(self._numbers)

    def reference(self, values: Mapping[str, str], *, raised: bool) -> int | None:
        """The number of the note that a link with these attributes refers to; None: to no note.

        raised: whether the link stands above the line.
        """
        name = _fragment(values)
        if not name:
            return None
        if name in self._numbers:
            return self._numbers[name]
        signs = _signs(values)
        local = values["href"].lstrip().startswith("#")
        if signs & _BACK_WORDS or (
            not signs & _REFERENCE_WORDS and not (local and (raised or _NOTE_NAME.fullmatch(name)))
        ):
            return None
        # A reference has a name that ends like "ref": raised, it is the way back from a note.
        if _BACK_NAME.search(name) and not _NOTE_NAME.fullmatch(name):
            return None
        if name not in self._all_names() or len(self._numbers) >= _MAX_NOTES:
            return None
        self._numbers[name] = len(self._numbers) + 1
        return self._numbers[name]

    def leads_back(self, values: Mapping[str, str]) -> bool:
        """Whether a link with these attributes leads from a note back to its reference."""
        if _signs(values) & _BACK_WORDS:
            return True
        name = _fragment(values)
        return bool(self) and bool(name) and _BACK_NAME.search(name) is not None

    def begins(self, values: Mapping[str, str]) -> int | None:
        """The number of the note that an element with these attributes holds, the first time."""
        for key in ("id", "name"):
            number = self._numbers.get(values.get(key, ""))
            if number is not None and number not in self._found:
                self._found.add(number)
                return number
        return None

    def _all_names(self) -> frozenset[str]:
        if self._names is None:
            self._names = frozenset(
                decode(double or single or bare)
                for double, single, bare in _NAMED.findall(self._html)
            )
        return self._names


def _fragment(values: Mapping[str, str]) -> str:
    """The name that a link leads to within a page; "" if none."""
    _, _, name = values.get("href", "").partition("#")
    if "%" not in name:
        return name.strip()
    from urllib.parse import unquote  # few names have letters that must be written so

    return unquote(name.strip())


def _signs(values: Mapping[str, str]) -> set[str]:
    """The roles and classes of an element."""
    words = " ".join(values.get(key, "") for key in ("role", "epub:type", "class", "rel"))
    return set(words.lower().split()) | {key for key in values if key.startswith("data-footnote")}


def is_arrow(text: str) -> bool:
    """Whether the text of a link within the page only points: "↩", "¶"."""
    return not text.strip().strip(_ARROWS)


def without_label(text: Inline, number: int) -> Inline:
    """The beginning of a note without the number that its writer gave it."""
    if not text or text[0].note is not None:
        return text
    first = text[0]
    found = _LABEL.match(first.text)
    if found is None or not found[0].strip():
        return text
    if found[1] and found[1].translate(_LABEL_DIGITS) != str(number):
        return text
    # "3.5 million": a number of the text.
    rest = first.text[found.end() :]
    if found[1] == found[0] and rest[:1].isalnum():
        return text
    if found[0].rstrip() == found[0] and rest[:1].isdigit():
        return text
    begun: tuple[Span, ...] = (first._replace(text=rest),) if rest else ()
    others = text[1:]
    if not begun and others:
        others = (others[0]._replace(text=others[0].text.lstrip()), *others[1:])
    return begun + others

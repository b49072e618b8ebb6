"""The text of a post out of its own page: from bytes to clean HTML.

    page     as bytes, of which no more than `MAX_BYTES` are read
    article  the page's own <article> that is the post's: the only one, else the one with the
             post's title, else the one with the most text; else the whole page
    text     what trafilatura takes for text in it, set in the tags that a post is set in

trafilatura is an extra, and with lxml a fifth of a second to import: it is imported here, in the
decoding process, and by the first page. What it loses of an article on the way (a table in a
table, a text that it takes for a menu) is noticed by the letters that are missing: then the
article is taken as the page has it, without what is plainly none of its text.
"""

import copy
import re
from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING, Any, Final

from nordic_tui.decode.discovery import as_text
from nordic_tui.errors import ExtraMissing, NotAFeed
from nordic_tui.model import Article
from nordic_tui.text import clean
from nordic_tui.text.fold import fold

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

MAX_BYTES: Final = 3_000_000
"""Of a page; text comes early, and what comes after so much is hardly any."""
MAX_ELEMENTS: Final = 15_000
"""With more of them trafilatura takes seconds: its time is quadratic to them."""
_MAX_HTML_CHARS: Final = 1_000_000
_LEAST_LETTERS: Final = 140
"""An <article> with fewer is a teaser, or its text is elsewhere."""
_KEPT: Final = 0.6
"""Less of an article's letters than this is no text of it."""

_NEVER_TEXT: Final = (
    "aside",
    "button",
    "canvas",
    "dialog",
    "footer",
    "form",
    "input",
    "nav",
    "noscript",
    "script",
    "select",
    "style",
    "template",
    "textarea",
)
_BESIDE_THE_TEXT = re.compile(
    r"(?:^|\s)(?:addtoany\S*|author-(?:box|bio)|breadcrumbs?|comment-respond|comments(?:-area|-link)?"
    r"|cookie\S*|entry-(?:footer|meta)|jp-relatedposts|nav-links|newsletter\S*|post-(?:navigation|meta)"
    r"|related(?:-posts?|_posts)?|screen-reader-text|sd-\S+|sharedaddy|share-?(?:buttons?|links)"
    r"|social-?(?:links|share)\S*|wp-block-(?:latest-posts|social-links)|yarpp\S*)(?:\s|$)",
    re.IGNORECASE,
)
"""Classes that WordPress, its common plugins and themes give to what stands around a text."""
_COMMENT = re.compile(r"(?:^|\s)(?:comment|comment-\S+|pingback)(?:\s|$)", re.IGNORECASE)
_PAGE_TYPES = re.compile(
    r"\s*(?:$|text/|application/(?:xhtml\+xml|xml|octet-stream))", re.IGNORECASE
)
_LETTER = re.compile(r"\w")


def find_article(body: bytes, *, media_type: str = "", url: str = "", title: str = "") -> Article:
    """The text of the post that the page in `body` is about.

    media_type: the Content-Type as received. url: where the page came from. title: the post's.
    Raises ExtraMissing where trafilatura is not to be had, and NotAFeed for what is no page.
    """
    if not _PAGE_TYPES.match(media_type) or b"<" not in body:
        raise NotAFeed("is not a web page")
    try:
        import lxml.etree
        import lxml.html
        from trafilatura import bare_extraction
    except ImportError as error:
        raise ExtraMissing(
            f"needs what is not installed ({error.name or 'trafilatura'})"
        ) from error

    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    text = as_text(body[:MAX_BYTES], media_type).replace("\0", "")
    try:
        page = lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except lxml.etree.ParserError as error:  # there is no element in it
        raise NotAFeed("is not a web page") from error
    if page.find("body") is None:
        return Article("")
    article = _article_of(page, title)
    chosen = page.find("body") if article is None else article
    _prune(chosen, title)
    setter = _Setter(url, _open_captions(chosen))
    extracted = None
    if sum(1 for _ in chosen.iter()) <= MAX_ELEMENTS:
        whole = lxml.html.Element("html")
        whole.append(copy.deepcopy(chosen))
        found = bare_extraction(
            whole,
            url=url or None,
            # Its other ways to a text give words alone: only where there is nothing better.
            fast=article is not None,
            favor_recall=True,
            include_comments=False,
            include_tables=True,
            include_images=True,
            include_links=True,
            include_formatting=True,
            with_metadata=False,
        )
        extracted = getattr(found, "body", None)
    if article is None:
        html = "" if extracted is None else setter.extracted(extracted)
    elif extracted is not None and _letters(extracted) >= _KEPT * _letters(article):
        html = setter.extracted(extracted)
    else:
        html = setter.as_it_is(article)
    return Article(clean.block(html, _MAX_HTML_CHARS))


def is_installed() -> bool:
    """Whether what the full text needs is there, as far as can be told without loading it."""
    from importlib.util import find_spec

    return find_spec("trafilatura") is not None


# ── which part of the page ──────────────────────────────────────────────────────────────────


def _article_of(page: "Element", title: str) -> "Element | None":
    """The <article> that is the post's; None: none of them is."""
    articles = [
        each
        for each in page.iter("article")
        if not _COMMENT.search(each.get("class") or "")
        and not any(
            above.tag in ("article", "aside", "footer", "nav") for above in each.iterancestors()
        )
        and _letters(each) >= _LEAST_LETTERS
    ]
    if len(articles) > 1:
        wanted = fold(clean.line(title))
        named = [each for each in articles if wanted and wanted in _headings(each)]
        articles = named or articles
    return max(articles, key=_letters, default=None)


def _headings(article: "Element") -> set[str]:
    return {fold(_line(each)) for each in article.iter("h1", "h2", "h3")}


def _letters(element: "Element") -> int:
    return sum(len(_LETTER.findall(text)) for text in element.itertext())


def _line(element: "Element") -> str:
    return clean.line(" ".join("".join(element.itertext()).split()))


def _prune(chosen: "Element", title: str) -> None:
    """Take out what is plainly none of the text, and the title, which stands above it anyway."""
    gone = [each for each in chosen.iter(*_NEVER_TEXT) if each is not chosen]
    half = _letters(chosen) / 2
    gone += [
        each
        for each in chosen.iter()
        if each is not chosen
        and isinstance(each.tag, str)
        and _BESIDE_THE_TEXT.search(each.get("class") or each.get("id") or "")
        and _letters(each) < half
    ]
    wanted = fold(clean.line(title))
    gone += [each for each in chosen.iter("h1", "h2") if wanted and fold(_line(each)) == wanted][:1]
    for each in gone:
        if each.getparent() is not None:
            each.drop_tree()


def _open_captions(chosen: "Element") -> set[str]:
    """Make captions of pictures plain paragraphs, which trafilatura keeps; gives their texts."""
    captions = set()
    for each in chosen.iter("figcaption"):
        each.tag = "p"
        captions.add(_line(each))
    return captions


# ── from trafilatura's tags to those of a post ──────────────────────────────────────────────

_TAGS: Final = {
    "p": "p",
    "quote": "blockquote",
    "row": "tr",
    "table": "table",
    "del": "s",
    "div": "div",
}
_STYLES: Final = {"#b": "strong", "#i": "em", "#sub": "sub", "#sup": "sup", "#t": "code"}
_LISTS: Final = ("ul", "ol", "dl")
_OWN: Final = frozenset(
    (
        "a",
        "abbr",
        "b",
        "blockquote",
        "br",
        "caption",
        "cite",
        "code",
        "dd",
        "del",
        "details",
        "div",
        "dl",
        "dt",
        "em",
        "figure",
        "figcaption",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "li",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "section",
        "span",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    )
)
_VOID: Final = frozenset(("br", "hr", "img"))
_ADDRESSES: Final = ("href", "src")
_ATTRIBUTES: Final = (*_ADDRESSES, "alt", "start", "colspan")


class _Setter:
    """Writes elements as HTML. base: what relative addresses are joined with; captions: the
    texts of those of pictures."""

    def __init__(self, base: str, captions: set[str]) -> None:
        self._base = base
        self._captions = captions

    # ── what trafilatura found ──

    def extracted(self, body: "Element") -> str:
        return "".join(self._inside(body))

    def _inside(self, element: "Element") -> Iterator[str]:
        if element.text:
            yield escape(element.text)
        children = list(element)
        at = 0
        while at < len(children):
            child = children[at]
            tail = child
            if child.tag == "graphic":
                following = children[at + 1] if at + 1 < len(children) else None
                caption = ""
                if following is not None and self._is_caption(child, following):
                    caption = "".join(self._inside(following))
                    tail = following
                    at += 1
                yield self._figure(child, caption)
            else:
                yield self._element(child)
            if tail.tail:
                yield escape(tail.tail)
            at += 1

    def _is_caption(self, picture: "Element", following: "Element") -> bool:
        return (
            following.tag == "p"
            and not (picture.tail or "").strip()
            and _line(following) in self._captions
        )

    def _element(self, element: "Element") -> str:
        name, attributes = str(element.tag), ""
        if name == "code":
            return self._code(element)
        if name == "lb":
            return "<br>"
        if name == "head":
            level = element.get("rend") or ""
            tag = level if re.fullmatch("h[1-6]", level) else "h3"
        elif name == "list":
            kind = element.get("rend") or ""
            tag = kind if kind in _LISTS else "ul"
        elif name == "item":
            kind = (element.get("rend") or "").partition("-")[0]
            tag = kind if kind in ("dt", "dd") else "li"
        elif name == "cell":
            tag = "th" if element.get("role") == "head" else "td"
        elif name == "hi":
            tag = _STYLES.get(element.get("rend") or "", "span")
        elif name == "ref":
            address = clean.url(element.get("target") or "", self._base)
            tag, attributes = "a", f' href="{escape(address)}"' if address else ""
        else:
            tag = _TAGS.get(name, "span")
        return f"<{tag}{attributes}>{''.join(self._inside(element))}</{tag}>"

    def _code(self, element: "Element") -> str:
        """Code of several lines, or that stands for itself, is a block."""
        text = "".join(element.itertext())
        parent = element.getparent()
        is_block = "\n" in text or len(element) > 0
        if parent is not None and parent.tag in ("body", "div", "quote"):
            is_block = is_block or not (element.tail or "").strip()
        return (
            f"<pre><code>{escape(text)}</code></pre>"
            if is_block
            else f"<code>{escape(text)}</code>"
        )

    def _figure(self, picture: "Element", caption: str) -> str:
        address = clean.url(picture.get("src") or "", self._base)
        alt = clean.line(picture.get("alt") or "")
        image = f'<img src="{escape(address)}" alt="{escape(alt)}">'
        under = f"<figcaption>{caption}</figcaption>" if caption else ""
        return f"<figure>{image}{under}</figure>"

    # ── what the page has ──

    def as_it_is(self, element: "Element") -> str:
        """The page's own markup, of the tags that a post is set in; of others what they hold."""
        inside = escape(element.text or "")
        inside += "".join(
            (self.as_it_is(child) if isinstance(child.tag, str) else "") + escape(child.tail or "")
            for child in element
        )
        tag = element.tag
        if tag not in _OWN:
            return inside
        attributes = "".join(f' {name}="{escape(value)}"' for name, value in self._kept(element))
        return f"<{tag}{attributes}>" + ("" if tag in _VOID else f"{inside}</{tag}>")

    def _kept(self, element: Any) -> Iterator[tuple[str, str]]:
        for name in _ATTRIBUTES:
            value = element.get(name)
            if value is not None:
                value = clean.url(value, self._base) if name in _ADDRESSES else value
                yield name, value

"""What sites put at the end of a text: where it appeared first, that it was cut, "Read more"."""

import re

from nordic_tui.text import clean
from nordic_tui.text.markup import decode

_FOOTERS = (
    ("The post", "appeared first on"),
    ("Der Beitrag", "erschien zuerst auf"),
    ("Indlægget", "blev først udgivet på"),
    ("Indlægget", "blev vist først på"),
    ("Indlægget", "blev først vist på"),
    ("Inlägget", "dök först upp på"),
    ("Innlegget", "dukket først opp på"),
    ("Artikkeli", "julkaistiin ensimmäisen kerran"),
    ("La entrada", "se publicó primero en"),
    ("Het bericht", "verscheen eerst op"),
    ("L’article", "est apparu en premier sur"),
)
_FOOTER = re.compile("|".join(f"{start} .*{middle} .+" for start, middle in _FOOTERS))
_MAX_FOOTER_CHARS = 2_000
"""Of the paragraph as HTML; it holds a title, a name and two addresses."""
_MAX_FOOTER_WORDS_CHARS = 40
"""What a footer in an unknown language may say besides the title and the site's name."""
_ANY_TAG = re.compile(r"<[^<>]*>")

_DOTS_PLAIN = ("…", "...", "&#8230;", "&hellip;")
_DOTS = rf"(?:{'|'.join(map(re.escape, _DOTS_PLAIN))})"
_CUT_MARK = re.compile(rf"(?:\[\s*{_DOTS}\s*\]|\(more\s*{_DOTS}\)|{_DOTS})\s*\Z")
_MORE = (
    "Read more",
    "Continue reading",
    "Læs mere",
    "Fortsæt med at læse",
    "Läs mer",
    "Fortsätt läsa",
    "Les mer",
    "Fortsett å lese",
    "Lue lisää",
    "Lesa meira",
    "Weiterlesen",
)
# Only as a sentence of its own: "where to read more" is part of what a post says.
_MORE_LINK = re.compile(
    r"(?:\A|(?<=[\n.!?…\])»”\"])|(?<=[\n.!?…\])»”\"] ))\s*"
    rf"(?:{'|'.join(_MORE)})(?:\s*[:\"“”„].{{0,200}}|.{{0,200}}[→»]|\s*[>….]*)\s*\Z"
)
_MAX_ENDING_CHARS = 300


def strip_footer(html: str, title: str = "", site: str = "") -> str:
    """`html` without the last paragraph, if all it says is on which site the post appeared.

    SEO plugins add "The post TITLE appeared first on SITE." to excerpts and texts. It is known in
    eleven wordings; with `title` and `site` (plain text) given, a short last paragraph of links
    to both counts in any language.
    """
    body = html.rstrip()
    start = body.rfind("<p", max(0, len(body) - _MAX_FOOTER_CHARS))
    if start < 0 or not body.endswith(("</p>", "</P>")) or body[start + 2 : start + 3] not in "> ":
        return html
    paragraph = body[start:]
    words = clean.line(decode(_ANY_TAG.sub("", paragraph)))
    names = [clean.line(name) for name in (title, site)]
    says_both = (
        all(name and name in words for name in names)
        and "<a" in paragraph
        and len(words) - sum(map(len, names)) <= _MAX_FOOTER_WORDS_CHARS
    )
    return body[:start].rstrip() if says_both or _FOOTER.fullmatch(words) else html


def tidy_excerpt(text: str) -> tuple[str, bool]:
    """`text` (plain) without "[…]", "Read more" and the like at its end, and whether it had one.

    What was cut off ends in "…" instead, whichever of them it had and however many.
    """
    body, ending = text[:-_MAX_ENDING_CHARS], text[-_MAX_ENDING_CHARS:].rstrip()
    was_cut = False
    while True:
        # A search that tries every place of the ending is only made where it may find something.
        shorter = ending
        if any(dots in ending for dots in _DOTS_PLAIN):
            shorter = _CUT_MARK.sub("", shorter)
        if any(words in shorter for words in _MORE):
            shorter = _MORE_LINK.sub("", shorter)
        if shorter == ending:
            break
        ending = shorter.rstrip()
        was_cut = True
    if not was_cut:
        return text, False
    kept = (body + ending).rstrip()
    if not kept:
        return "", True
    return kept + (" " if kept[-1] in ".!?" else "") + clean.ELLIPSIS, True

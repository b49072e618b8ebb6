"""Posts to measure with: made up, in Nordic words, and the same on every machine.

A post is known by its number. Its title ends in "#000123", its text begins with "Text 000123",
which the excerpt does not hold, so that a probe can tell which of them it sees.
"""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from typing import Final
from xml.sax.saxutils import escape

NEWEST: Final = datetime(2026, 3, 1, 12, tzinfo=UTC)
"""The date of post 0; each further one is seven minutes older."""
STEP: Final = timedelta(minutes=7)
BODY_BYTES: Final = 3_000
SEARCHED: Final = "høyskole"
"""Typed into the filter: titles hold words that begin like it, fewer with each letter."""

SOUGHT: Final = {"fjellklatring": 10, "isbryteren": 100, "vardeild": 1_000}
"""Words that stand in one of so many posts, in its text."""

_WORD_LIST = """
    ansvar arbeid barn bibliotek bolig by bydel bærekraft demokrati dialog elev familie felles
    ferge fjell fjord folk forskning framtid frihet gate gruppe hav havn helse hjem hus høring
    høst høy høyre høyskole høyskolen idrett kommune kultur kveld kyst lag leder lærer møte nabo
    natt nettverk nordlys ordfører plan politi rom råd samarbeid samtale sikkerhet skog skole
    sommer språk storby strand støtte tiltak torg trygghet ungdom utdanning vann vennskap verksted
    vinter älv ängar åpenhet öppenhet ø öar æresord børn købmand lærling mødested nærhed tillid
    tryghed förort gränd medborgare möten skärgård stadsdel trygghet vår árbók börn félag hús
    maður öryggi þing þjóð kaupunki koti metsä nuoret silta turvallisuus työ ystävä
"""
_WORDS = _WORD_LIST.split()
_CATEGORIES = (
    "Nyheter", "Språk", "Kultur", "Klima", "Bøker", "Åpen by", "Ungdom", "Öryggi", "Møter",
    "Forskning", "Havn & sjø", "Skole",
)  # fmt: skip
_AUTHORS = ("Åse Ødegård", "Björn Sjöberg", "Þóra Jónsdóttir", "Søren Kjær", "Päivi Mäkelä")


@dataclass(frozen=True, slots=True)
class MadePost:
    """A made-up post."""

    number: int
    title: str
    excerpt: str
    body_html: str
    categories: tuple[str, ...]
    author: str
    published: datetime


@cache
def _sentences() -> tuple[str, ...]:
    chance = random.Random(7)  # noqa: S311 - nothing secret, the same each time
    made = []
    for _ in range(500):
        words = chance.choices(_WORDS, k=chance.randint(7, 15))
        made.append(" ".join(words).capitalize() + ".")
    return tuple(made)


def post(number: int, source: int) -> MadePost:
    """Post `number` of source `source`: a title of about 45 letters, a text of about 3 kB."""
    chance = random.Random(number)  # noqa: S311 - as above
    title = " ".join(chance.choices(_WORDS, k=chance.randint(4, 7))).capitalize()
    sentences = chance.choices(_sentences(), k=45)
    paragraphs = [f"Text {number:06d}. {sentences[0]}"]
    size = 0
    for first in range(1, len(sentences), 4):
        text = " ".join(sentences[first : first + 4])
        size += len(text.encode())
        if size > BODY_BYTES:
            break
        paragraphs.append(text)
    paragraphs[1] += f' <a href="http://localhost/post/{number + 1}">{sentences[1][:-1]}</a>.'
    for word, every in SOUGHT.items():
        if number % every == every // 2:
            paragraphs[-1] += f" {word.capitalize()}."
    own = [_CATEGORIES[(source + step) % len(_CATEGORIES)] for step in range(5)]
    return MadePost(
        number=number,
        title=f"{title} #{number:06d}",
        excerpt=" ".join(sentences[-6:]) + " …",
        body_html="".join(f"<p>{text}</p>\n" for text in paragraphs),
        categories=tuple(chance.sample(own, chance.randint(1, 2))),
        author=chance.choice(_AUTHORS),
        published=NEWEST - number * STEP,
    )


def source_name(source: int) -> str:
    return f"Nordisk blogg {source:04d}"


def rss(source: int, numbers: range) -> bytes:
    """A feed (RSS 2.0) as WordPress writes it, of these posts."""
    items = []
    for number in numbers:
        made = post(number, source)
        categories = "".join(f"<category>{escape(c)}</category>" for c in made.categories)
        items.append(
            f"<item><title>{escape(made.title)}</title>"
            f"<link>http://localhost/post/{number}</link>"
            f"<dc:creator>{made.author}</dc:creator>"
            f"<pubDate>{format_datetime(made.published)}</pubDate>{categories}"
            f'<guid isPermaLink="false">post-{number}</guid>'
            f"<description><![CDATA[<p>{made.excerpt}</p>]]></description>"
            f"<content:encoded><![CDATA[{made.body_html}]]></content:encoded></item>\n"
        )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>\n'
        f"<title>{source_name(source)}</title><link>http://localhost/site/{source}</link>"
        f"<description>Made up</description>\n{''.join(items)}</channel></rss>\n"
    ).encode()


def opml(outlines: int, folders: int = 100) -> str:
    """A list of so many sources, in folders, with categories."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<opml version="2.0">', "<body>"]
    for folder in range(folders):
        lines.append(f'<outline text="Mappe {folder}">')
        lines += [
            f'<outline type="rss" text="{source_name(number)}" '
            f'xmlUrl="https://blogg-{number}.example/feed/" category="by,tillit"/>'
            for number in range(folder, outlines, folders)
        ]
        lines.append("</outline>")
    return "\n".join([*lines, "</body>", "</opml>", ""])

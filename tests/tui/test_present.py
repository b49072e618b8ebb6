"""Values become lines of exactly the width they are given, and nothing of a feed but its text."""

import re
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from nordic_tui.model import Category, Enclosure, Entry, Place, PlaceKind, Post, PostRow
from nordic_tui.text.wrapping import Piece, Role
from nordic_tui.tui import present
from nordic_tui.tui.theme import FJORD, Palette
from tests.fakes import NOW

from .helpers import HOSTILE, entry

PALETTE = Palette(FJORD.variables, plain=False)
WIDTHS = st.integers(0, 130)
TEXTS = st.text(max_size=80) | st.sampled_from(HOSTILE)
NEVER_SHOWN = ("Cc", "Cs", "Zl", "Zp")
BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def words(strip: Strip) -> str:
    return "".join(segment.text for segment in strip)


def assert_fits(strip: Strip, width: int) -> None:
    """As wide as it says, and nothing in it that a terminal obeys."""
    assert strip.cell_length == width
    assert cell_len(words(strip)) == width
    assert not [c for c in words(strip) if unicodedata.category(c) in NEVER_SHOWN or c in BIDI]


def row(title: str, *, unread: bool = True, published: datetime | None = NOW) -> PostRow:
    return PostRow(1, title, published, unread)


def post_of(content: Entry, *names: str, source: str = "News") -> Post:
    categories = tuple(Category(n, 1, name) for n, name in enumerate(names, 1))
    return Post(1, 1, source, content, categories, unread=True, first_seen=None)


# ── whatever comes ──────────────────────────────────────────────────────────────────────────


@given(TEXTS, WIDTHS, st.booleans(), st.booleans())
@example("北欧の都市" * 20, 57, True, True)
def test_a_row_of_the_list_fits(title: str, width: int, selected: bool, starred: bool) -> None:
    post = row(title)._replace(starred=starred)
    drawn = present.post_row(post, width, PALETTE, selected=selected, focused=selected)
    assert_fits(drawn, width)


@given(TEXTS, WIDTHS, st.integers(0, 10**7), st.integers(0, 2))
def test_a_row_of_the_sidebar_fits(name: str, width: int, total: int, depth: int) -> None:
    place = Place(PlaceKind.CATEGORY, 1, name, total, total // 2, depth)
    columns = present.number_columns([place])
    drawn = present.place_row(place, width, PALETTE, columns=columns, selected=False, focused=False)
    assert_fits(drawn, width)


@settings(max_examples=60)
@given(st.lists(TEXTS, max_size=4), TEXTS, WIDTHS)
def test_a_posts_text_fits(names: list[str], said: str, width: int) -> None:
    content = Entry(
        title=said,
        excerpt=said,
        authors=tuple(names),
        link="https://news.example/" + said,
        enclosures=(Enclosure("https://news.example/a.mp3", said, 4_000_000),),
    )
    post = post_of(content, *names, source=said)
    drawn = present.excerpt(
        post, width, PALETTE, focused=True, known="", roomy=True, keys=[("o", "open the page")]
    )
    for strip in [*drawn, *present.endnotes(post, width, PALETTE)]:
        assert_fits(strip, width)


@pytest.mark.parametrize("said", HOSTILE)
def test_hostile_text_becomes_no_action(said: str) -> None:
    post = post_of(entry(said, authors=(said,), excerpt=said), said)
    drawn = present.excerpt(post, 80, PALETTE, focused=False, known="", roomy=False, keys=[])
    actions = {
        segment.style.meta["@click"]
        for strip in drawn
        for segment in strip
        if segment.style is not None and "@click" in segment.style.meta
    }
    # The only one is our own, on the name of the category.
    assert actions == {"screen.go_category(1)"}


# ── the list of posts ───────────────────────────────────────────────────────────────────────


def test_a_row_says_cursor_unread_title_and_date() -> None:
    plain = present.post_row(row("Tromsø"), 60, PALETTE, selected=False, focused=False)
    assert words(plain) == " ● Tromsø" + " " * 39 + " 1 Oct 2026 "
    resting = present.post_row(row("A", unread=False), 60, PALETTE, selected=True, focused=False)
    assert words(resting).startswith("▎  A ")
    focused = present.post_row(row("A"), 60, PALETTE, selected=True, focused=True)
    assert words(focused).startswith("▌● A ")


def test_a_star_stands_before_the_date_and_moves_nothing() -> None:
    def drawn(post: PostRow, width: int) -> str:
        return words(present.post_row(post, width, PALETTE, selected=False, focused=False))

    for title in ("A", "x" * 80):
        for width in (60, 40):
            plain, starred = (
                drawn(row(title), width),
                drawn(row(title)._replace(starred=True), width),
            )
            date = plain.index("1 Oct") - 1
            assert starred[date - 3 : date] == " ★ "
            assert starred[date:] == plain[date:]
    assert drawn(row("A" * 40)._replace(starred=True), 30).endswith("A… ★")


def test_a_post_that_changed_since_it_was_read_has_a_sign_of_its_own() -> None:
    def sign(*, unread: bool, changed: bool) -> str:
        post = row("A", unread=unread)._replace(changed=changed)
        return words(present.post_row(post, 60, PALETTE, selected=False, focused=False))[1]

    assert sign(unread=False, changed=True) == "◐"
    assert sign(unread=True, changed=True) == "●"
    assert sign(unread=False, changed=False) == " "


def test_the_head_says_what_a_person_keeps() -> None:
    post = post_of(entry("A"))._replace(starred=True, tags=("Åre", "later", "x\x1b[31m"))
    drawn = present.post_head(post, 80, PALETTE, focused=False, known="News")
    said = " ".join(words(strip).strip() for strip in drawn)
    assert said == "A ★ Starred · To be read later · Tagged Åre, x"


def test_dates_are_shortened_then_left_out() -> None:
    def drawn(width: int) -> str:
        return words(present.post_row(row("A"), width, PALETTE, selected=False, focused=False))

    assert drawn(56).endswith("  1 Oct 2026 ")
    assert drawn(55).endswith("   1 Oct 26 ")
    assert drawn(34).endswith("   1 Oct 26 ")
    assert drawn(33).strip() == "● A"


def test_a_long_title_is_cut_between_characters() -> None:
    # Two cells each: at an odd width the last one does not fit.
    drawn = present.post_row(row("北" * 40), 40, PALETTE, selected=False, focused=False)
    title = words(drawn)[3:].split()[0]
    assert title.endswith("…")
    assert set(title[:-1]) == {"北"}
    marks = row("e\u0301\u0323" * 60)
    combined = words(present.post_row(marks, 60, PALETTE, selected=False, focused=False))
    assert re.fullmatch(r" ● (ẹ\u0301){42}…   1 Oct 2026 ", combined)


def test_a_long_title_is_cut_once_where_there_is_no_date() -> None:
    drawn = present.post_row(row("A" * 40), 30, PALETTE, selected=False, focused=False)
    assert words(drawn) == " ● " + "A" * 25 + "… "


def test_a_post_without_a_date_leaves_the_column_empty() -> None:
    drawn = present.post_row(row("A", published=None), 60, PALETTE, selected=False, focused=False)
    assert words(drawn).rstrip() == " ● A"


# ── the sidebar ─────────────────────────────────────────────────────────────────────────────


def test_numbers_stand_in_their_columns_and_keep_their_width() -> None:
    places = [
        Place(PlaceKind.ALL, 0, "All posts", 1234, 56),
        Place(PlaceKind.UNREAD, 0, "Unread", 56, 56),
        Place(PlaceKind.CATEGORY, 1, "Events", 20, 0, 1),
    ]
    columns = present.number_columns(places)
    drawn = [
        words(present.place_row(p, 28, PALETTE, columns=columns, selected=False, focused=False))
        for p in places
    ]
    assert drawn == [
        f"  {'All posts':15}{56:5}{1234:5} ",
        f"  {'Unread':15}{56:5}{'':5} ",
        f"  {'  Events':15}{'':5}{20:5} ",
    ]
    read = [place._replace(unread=0) for place in places]
    assert present.number_columns(read) == columns


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "0"), (9_999, "9999"), (12_345, "12.3k"), (123_456, "123k"), (4_500_000, "4.5M")],
)
def test_great_numbers_are_rounded(number: int, words: str) -> None:
    assert present._short(number) == words


# ── a post ──────────────────────────────────────────────────────────────────────────────────


def drawn_excerpt(post: Post, width: int = 90, *, known: str = "News") -> str:
    drawn = present.excerpt(post, width, PALETTE, focused=False, known=known, roomy=False, keys=[])
    return "\n".join(words(strip).rstrip() for strip in drawn)


def test_the_head_of_a_post() -> None:
    content = entry(
        "The Nordic Capital Code",
        published=datetime(2021, 11, 24, tzinfo=UTC),
        authors=("Ida", "Pål"),
    )
    post = post_of(content, "New initiatives", "Events", source="Blog")
    shown = drawn_excerpt(post).splitlines()
    assert shown[0] == "   The Nordic Capital Code"
    assert shown[1] == "   Posted in New initiatives, Events · 24 Nov 2021 · Ida and Pål · Blog"
    assert drawn_excerpt(post, known="Blog").splitlines()[1].endswith("Ida and Pål")


def test_a_post_of_which_nothing_is_known() -> None:
    assert drawn_excerpt(post_of(Entry())).split("\n") == ["   Untitled", "", "   No excerpt."]
    protected = post_of(Entry(title="A", protected=True))
    assert "A password protects this post." in drawn_excerpt(protected)


def test_an_excerpt_that_is_cut_off_says_that_there_is_no_more() -> None:
    cut_off = post_of(entry("A", excerpt="It begins …"))
    assert "The source gives no more of it." in drawn_excerpt(cut_off)
    assert "no more" not in drawn_excerpt(post_of(entry("A", excerpt="It is whole.")))


def test_running_text_keeps_to_its_measure() -> None:
    long = post_of(entry("A", excerpt="Byerne i Norden arbejder sammen. " * 30))
    widths = [cell_len(line.strip()) for line in drawn_excerpt(long, 160).splitlines()]
    assert 60 <= max(widths) <= 76


def test_facts_are_broken_between_words() -> None:
    post = post_of(entry("A", published=NOW), "New initiatives", "Safe cities")
    shown = drawn_excerpt(post, 34).splitlines()
    assert shown[1:4] == ["   Posted in New initiatives,", "   Safe cities · 1 Oct 2026", ""]


def test_files_and_the_page_come_last() -> None:
    post = post_of(
        Entry(
            link="https://news.example/1/",
            enclosures=(Enclosure("https://news.example/a.mp3", "audio/mpeg", 3_400_000),),
        )
    )
    notes = [words(strip).strip() for strip in present.endnotes(post, 90, PALETTE)]
    assert notes == [
        "File: https://news.example/a.mp3 (audio/mpeg, 3.4 MB)",
        "Page: https://news.example/1/",
    ]


# ── roles ───────────────────────────────────────────────────────────────────────────────────


def looks(role: Role, palette: Palette) -> Style | None:
    drawn = present.text_line((Piece("word", role),), 10, 0, palette)
    assert_fits(drawn, 10)
    return next(segment.style for segment in drawn if segment.text == "word")


@pytest.mark.parametrize("role", Role)
def test_every_role_has_a_look(role: Role) -> None:
    assert looks(role, PALETTE) is not None


@pytest.mark.parametrize(
    "role",
    [
        *(Role.HEADING, Role.STRONG, Role.EMPHASIS, Role.LINK, Role.STRIKE, Role.INSERTED),
        *(Role.MARK, Role.KEY, Role.CAPTION, Role.KEYWORD, Role.COMMENT, Role.REMOVED),
    ],
)
def test_what_matters_is_told_apart_without_colour(role: Role) -> None:
    plain = Palette(dict.fromkeys(FJORD.variables, "#ffffff"), plain=True)
    assert looks(role, plain) != looks(Role.TEXT, plain)

"""The rules that every format shares: titles, excerpts, what is more to read, what is protected."""

import pytest

from nordic_tui.decode.entries import RawEntry, Text, make_entry, phrase, read_text

SENTENCE = "The cities of the north speak about safety in open places. "
LONG = SENTENCE * 20
FOOTER = '<p>The post <a href="/x">Title</a> appeared first on <a href="/">Site</a>.</p>'


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("A <em>marked-up</em> title", "A marked-up title"),
        ("a < b and c > d", "a < b and c > d"),
        ("Map<K, V> &lt;b&gt;", "Map<K, V> <b>"),
        ("[bold]x[/bold] [/]", "[bold]x[/bold] [/]"),
        ("One<br/>two", "One two"),
        ("AT&amp;T &amp;amp; &#8211; &copy;", "AT&T & – ©"),
        ("?a=1&copy=2", "?a=1&copy=2"),
        ("&#99999999; &bogus; &", "\ufffd &bogus; &"),
        ('<img src="x" alt="🎉"> party', "🎉 party"),
        ("\x1b[31mred\u202e\n text", "red text"),
    ],
)
def test_titles(raw: str, text: str) -> None:
    assert phrase(raw) == text


def test_a_title_that_is_said_to_be_plain_keeps_its_tags() -> None:
    assert phrase("The <b> tag &amp; more", is_html=False) == "The <b> tag & more"


@pytest.mark.parametrize("only", ["summary", "content"])
def test_a_long_text_alone_is_the_content_and_begins_as_the_excerpt(only: str) -> None:
    html = f"<p>{LONG}</p>"
    text = read_text(**{"summary": "", "content": "", only: html})
    assert text.content == html
    assert text.more
    assert text.excerpt.endswith("…")
    assert LONG.startswith(text.excerpt.rstrip("…"))
    assert len(text.excerpt.split()) == 55


def test_a_short_text_alone_is_all_there_is() -> None:
    assert read_text("<p>Short.</p>", "") == Text("Short.", "", more=False)
    assert read_text("", "<p>Short.</p>") == Text("Short.", "<p>Short.</p>", more=False)


def test_a_long_text_without_spaces_is_cut() -> None:
    text = read_text("", f"<p>{'安' * 5_000}</p>")
    assert text.more
    assert 100 < len(text.excerpt) <= 602


@pytest.mark.parametrize(
    ("summary", "content", "more"),
    [
        # The same in other markup, other white space and other quotes.
        ("<p>One “two” three.</p>", '<div>One\n"two"   <b>three.</b></div>', False),
        ("<p>One two [&#8230;]</p>", "<p>One two three.</p>", True),
        ("<p>One two [&#8230;]</p>", "<p>One two [&hellip;]</p>", False),
        ("<p>One two.</p>", "<p>One two. (ed.)</p>", False),
        ("<p>One two.</p>", f"<p>One two.</p><p>{SENTENCE}</p>", True),
        ("<p>By hand.</p>", f"<p>{LONG}</p>", True),
        # The beginning of the content says somewhat more than the summary, or no more.
        ("<p>One two.</p>", f"<p>One two.</p><p>{SENTENCE}</p>{'<br>' * 200}", True),
        ("<p>One two.</p>", "<p>One two.</p>" + "<br>" * 200, False),
        ("<p>One two.</p>", f"<p>One two.</p>{'<br>' * 200}<p>{SENTENCE}</p>", True),
        ("<p>One two three.</p>", "<p>two</p>", False),
        # The beginning of the content says nothing at all.
        ("<p>One two.</p>", f"<style>{'p {} ' * 500}</style><p>One two.</p>", False),
        (
            "<p>One two.</p>",
            f"<style>{'p {} ' * 500}</style><p>One two.</p><p>{SENTENCE}</p>",
            True,
        ),
    ],
)
def test_more_is_whether_the_content_has_clearly_more_text(
    summary: str, content: str, more: bool
) -> None:
    text = read_text(summary, content)
    assert text.more is more
    assert text.content == content


def test_a_cut_excerpt_without_content_says_so_and_has_no_more() -> None:
    assert read_text("<p>One two [&#8230;]</p>", "") == Text("One two…", "", more=False)


def test_the_whole_text_as_summary_too_is_shortened() -> None:
    text = read_text(f"<p>{LONG}</p>", f"<div>{LONG}</div>")
    assert text.more
    assert len(text.excerpt.split()) == 55


@pytest.mark.parametrize("length", range(4, 9))
def test_a_long_summary_is_kept_wherever_its_first_words_end(length: int) -> None:
    # Where the limit fell on a space, the text behind it was lost.
    markup = ("w" * length + " ") * 300
    text = read_text(markup, "")
    assert (text.more, text.content) == (True, markup.strip())


def test_a_footer_alone_is_no_text() -> None:
    assert read_text(FOOTER, FOOTER) == Text()
    assert read_text(FOOTER, "") == Text()
    assert read_text(f"<p>Text.</p>\n{FOOTER}", "").excerpt == "Text."


def test_a_picture_is_no_excerpt_but_more_to_see() -> None:
    content = '<p><img src="/a.png" alt="The harbour"></p>'
    assert read_text(FOOTER, content + FOOTER) == Text("", content, more=True)


FORM = '<form><input name="post_password" type="password"></form>'


@pytest.mark.parametrize(
    ("title", "summary", "content"),
    [
        ("Protected: Secret", "<p>There is no excerpt because this is a protected post.</p>", FORM),
        ("Beskyttet: Secret", "", FORM),
        ("Skyddad: Secret", "<p>Detta inlägg är skyddat.</p>", FORM),
        ("Passordbeskyttet: Secret", FORM, ""),
        ("Secret", "", FORM),
        ("Protected: Secret", "<p>There is no excerpt because this is a protected post.</p>", ""),
    ],
)
def test_protected_posts_show_their_bare_title(title: str, summary: str, content: str) -> None:
    entry = make_entry(RawEntry(title=title, summary=summary, content=content))
    assert entry is not None
    assert (entry.protected, entry.title, entry.excerpt, entry.content) == (True, "Secret", "", "")


def test_a_title_alone_does_not_make_a_post_protected() -> None:
    raw = RawEntry(title="Protected: bike lanes", summary="Oslo builds ten of them.")
    entry = make_entry(raw)
    assert entry is not None
    assert (entry.protected, entry.title) == (False, "Protected: bike lanes")
    assert entry.excerpt == "Oslo builds ten of them."


def test_an_entry_of_nothing_is_none() -> None:
    assert make_entry(RawEntry(guid="x", link="javascript:x", summary="<p> </p>")) is None

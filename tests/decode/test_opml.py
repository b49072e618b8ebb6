"""OPML as other programs write it, and as nobody should."""

import pytest

from nordic_tui.decode.opml import decode_opml
from nordic_tui.decode.subscriptions import decode_subscriptions
from nordic_tui.errors import NotAFeed
from nordic_tui.model import Imported, Source


def opml(*outlines: str, head: str = "", attributes: str = 'version="2.0"') -> bytes:
    inside = "\n".join(outlines)
    return f"{head}<opml {attributes}>\n<body>\n{inside}\n</body>\n</opml>".encode()


def outline(address: str, text: str = "", more: str = "") -> str:
    return f'<outline type="rss" text="{text}" xmlUrl="{address}" {more}/>'


def addresses(imported: Imported) -> list[str]:
    return [source.address for source in imported.following.sources]


# ── what it holds ───────────────────────────────────────────────────────────────────────────


def test_folders_nest_and_tags_are_categories() -> None:
    imported = decode_opml(
        opml(
            '<outline text="News"><outline title="Nordic">',
            outline(
                "https://a.example/feed/", "Blåbær &amp; smør", 'category="/Klima,by/hav,,Klima"'
            ),
            "</outline>",
            outline("https://b.example/feed/"),
            "</outline>",
            outline("https://c.example/feed/", "https://c.example/feed/"),
        )
    )
    assert imported == Imported(
        imported.following._replace(
            sources=(
                Source(
                    "https://a.example/feed/",
                    "Blåbær & smør",
                    folder="News/Nordic",
                    tags=("Klima", "by/hav"),
                ),
                Source("https://b.example/feed/", folder="News"),
                Source("https://c.example/feed/"),
            )
        )
    )


def test_a_slash_in_the_name_of_a_folder_does_not_nest_it() -> None:
    body = opml('<outline text="Av/på"><outline text="  ">', outline("https://a.example/"))
    (source,) = decode_opml(body + b"</outline></outline>").following.sources
    assert source.folder == "Av∕på"


def test_names_of_elements_and_attributes_count_in_any_case() -> None:
    body = b'<OPML><Body><Outline Text="A" XMLURL="feed://a.example/rss"/></Body></OPML>'
    assert decode_opml(body).following.sources == (Source("http://a.example/rss", "A"),)


def test_the_first_of_a_source_counts() -> None:
    body = opml(outline("https://a.example/", "One"), outline("https://a.example/", "Two"))
    assert decode_opml(body).following.sources == (Source("https://a.example/", "One"),)
    assert decode_opml(body).problems == ()


def test_our_own_attributes_count_only_in_our_namespace() -> None:
    own = 'n:paused="true" n:hidden="true" n:refreshMinutes="30" n:archive="all"'
    ours = opml(outline("https://a.example/", "A", own), attributes='xmlns:n="urn:nordic-tui:opml"')
    assert decode_opml(ours).following.sources == (
        Source("https://a.example/", "A", 1800, paused=True, hidden=True, archive=True),
    )
    some = ours.replace(b'archive="all"', b'archive="500" n:archiveLimit="0"')
    (source,) = decode_opml(some).following.sources
    assert (source.archive, source.archive_limit) == (True, 500)
    others = opml(outline("https://a.example/", "A", own), attributes='xmlns:n="urn:other"')
    assert decode_opml(others).following.sources == (Source("https://a.example/", "A"),)
    wrong = own.replace("30", "1").replace("all", "-5")
    body = ours.replace(own.encode(), wrong.encode())
    (source,) = decode_opml(body).following.sources
    assert (source.interval_s, source.archive, source.archive_limit) == (None, False, None)


@pytest.mark.parametrize(
    "charset", ["utf-8-sig", "utf-16", "utf-16-be", "iso-8859-1", "windows-1252", "shift_jis"]
)
def test_every_declared_encoding_is_read(charset: str) -> None:
    name = "日本" if charset == "shift_jis" else "Ærø på høst"
    head = f'<?xml version="1.0" encoding="{charset.removesuffix("-sig").removesuffix("-be")}"?>'
    body = opml(outline("https://a.example/", name), head=head).decode().encode(charset)
    imported = decode_subscriptions(body)
    assert imported.following.sources == (Source("https://a.example/", name),)
    assert imported.problems == ()


@pytest.mark.parametrize("charset", ["utf-16", "no-such", "zlib", "idna", "rot13"])
def test_an_encoding_that_cannot_be_meant_is_utf8(charset: str) -> None:
    body = opml(
        outline("https://a.example/", "Ærø"), head=f"<?xml version='1.0' encoding='{charset}'?>"
    )
    assert decode_opml(body).following.sources == (Source("https://a.example/", "Ærø"),)


def test_bytes_that_are_no_text_are_replaced_and_said() -> None:
    body = opml(outline("https://a.example/", "Ærø")).decode().encode("iso-8859-1")
    imported = decode_opml(body)
    assert imported.following.sources == (Source("https://a.example/", "\ufffdr\ufffd"),)
    assert imported.problems == ("Line 3: some bytes are no text in UTF-8; they were replaced.",)


# ── what is wrong with it ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "address",
    [
        "",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "ftp://a.example/feed",
        "/home/anna/feed.xml",
        "https:///no-host",
        "https://a.example/\ue000",
    ],
)
def test_an_address_that_is_not_of_the_web_is_said_with_its_line(address: str) -> None:
    imported = decode_opml(opml(outline("https://a.example/"), outline(address, "B &amp; [/b]")))
    assert addresses(imported) == ["https://a.example/"]
    assert imported.problems == (
        "Line 4: “B & [/b]” has no web address (http or https); it was left out.",
    )


def test_a_refused_address_is_not_repeated_with_its_password() -> None:
    (problem,) = decode_opml(opml(outline("ftp://anna:hunter2@a.example/"))).problems
    assert "hunter2" not in problem


def test_a_bookmark_without_a_feed_is_said() -> None:
    body = opml('<outline text="Blog" type="link" url="https://a.example/"/>')
    assert decode_opml(body).problems == (
        "Line 3: “Blog” names no feed (xmlUrl); it was left out.",
    )


@pytest.mark.parametrize(
    ("tail", "where"),
    [
        ('<outline text="B" xmlUrl="https://b.exa', "Line 5, column 1: unclosed token"),
        ("</wrong>", "Line 5, column 3: mismatched tag"),
        ("", "Line 5, column 1: no element found"),
    ],
)
def test_what_comes_before_the_break_is_kept(tail: str, where: str) -> None:
    head = '\n<?xml version="1.0"?>\n<opml><body>\n'
    imported = decode_opml(f"{head}{outline('https://a.example/')}\n{tail}".encode())
    assert addresses(imported) == ["https://a.example/"]
    (problem,) = imported.problems
    where, what = where.split(": ")
    assert problem == (
        f"{where}: the file is damaged here ({what}). Nothing could be read after it."
    )


@pytest.mark.parametrize(
    "damaged",
    [
        '<outline text="B" xmlUrl="https://b.example/?a=1&b=2"/>',
        '<outline text="Caf&eacute;&nbsp;Nord" xmlUrl="https://b.example/?a=1&amp;b=2"/>',
        '<outline text="A&#x1;B" xmlUrl="https://b.example/?a=1&amp;b=2"/>',
        '<outline text="B" text="B" xmlUrl="https://b.example/?a=1&amp;b=2"/>',
        "<outline text='B' XmlUrl=https://b.example/?a=1&amp;b=2>\n</outline>",
    ],
)
def test_what_comes_after_damage_is_read_as_far_as_it_makes_sense(damaged: str) -> None:
    body = opml(
        '<outline text="Before">',
        outline("https://a.example/"),
        damaged,
        '<!-- <outline text="Off" xmlUrl="https://off.example/"/> -->',
        '<outline text="Inside">',
        outline("https://c.example/"),
        "</outline></outline>",
        '<outline text="No address" xmlUrl="ftp://d.example/"/>',
        outline("https://e.example/"),
    )
    imported = decode_opml(body)
    assert [(source.address, source.folder) for source in imported.following.sources] == [
        ("https://a.example/", "Before"),
        ("https://b.example/?a=1&b=2", "Before"),
        ("https://c.example/", "Before/Inside"),
        ("https://e.example/", ""),
    ]
    no_address, damage = imported.problems
    line = body[: body.index(b"No address")].count(b"\n") + 1
    assert no_address.startswith(f"Line {line}: “No address” has no web address")
    assert "the file is damaged here" in damage
    assert "What comes after it was read as far as it makes sense." in damage


def test_what_is_behind_the_end_takes_nothing_away() -> None:
    imported = decode_opml(opml(outline("https://a.example/")) + b"\x00 junk <outline/>")
    assert addresses(imported) == ["https://a.example/"]
    assert imported.problems == ()


@pytest.mark.parametrize("damage", ["", "&"])
def test_what_is_commented_out_is_not_followed(damage: str) -> None:
    body = opml(
        damage,
        '<outline text="Off" isComment="true" xmlUrl="https://off.example/">',
        outline("https://below.example/"),
        "</outline>",
        '<outline text="Folder" isComment="TRUE"><outline text="Inside">',
        outline("https://inside.example/"),
        "</outline></outline>",
        outline("https://a.example/"),
    )
    imported = decode_opml(body)
    assert addresses(imported) == ["https://a.example/"]
    assert imported.following.sources[0].folder == ""


@pytest.mark.parametrize(
    "name",
    [
        "https://kari:hunter2@a.example/feed",
        "HTTPS://kari:hunter2@a.example/feed/",
        "https://a.example/feed",
    ],
)
def test_an_address_in_place_of_a_name_is_none(name: str) -> None:
    body = opml(f'<outline text="{name}" xmlUrl="https://kari:hunter2@a.example/feed/"/>')
    (source,) = decode_opml(body).following.sources
    assert source.name == ""


def test_no_password_gets_into_a_name_a_folder_or_a_tag() -> None:
    address = "https://kari:hunter2@z.example/"
    body = opml(
        f'<outline text="{address}">',
        f'<outline text="Secretly {address}" category="/{address},x" xmlUrl="https://a.example/"/>',
        f'<outline text="Left out {address}" xmlUrl="ftp://a.example/"/>',
        "</outline>",
    )
    imported = decode_opml(body)
    (source,) = imported.following.sources
    assert "hunter2" not in repr(imported)
    assert source.name == "Secretly https://z.example/"
    assert source.tags == ("https://z.example/", "x")


def test_a_source_in_two_folders_has_the_name_of_the_other_as_a_tag() -> None:
    body = opml(
        '<outline text="Tech">',
        '<outline text="" category="one" xmlUrl="https://a.example/"/>',
        '</outline><outline text="World"><outline text="News">',
        '<outline text="A" category="two" xmlUrl="https://a.example/"/>',
        "</outline></outline>",
    )
    (source,) = decode_opml(body).following.sources
    assert source == Source("https://a.example/", "A", folder="Tech", tags=("one", "two", "News"))


def test_what_calls_itself_latin_1_is_mostly_windows_1252() -> None:
    text = '<?xml version="1.0" encoding="ISO-8859-1"?><opml><body>'
    text += '<outline text="“Ærø” €" xmlUrl="https://a.example/"/></body></opml>'
    (source,) = decode_opml(text.encode("windows-1252")).following.sources
    assert source.name == "“Ærø” €"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "neither OPML nor newsboat's urls file or killfile"),
        (b"Just some words.\n", "neither OPML nor newsboat's urls file or killfile"),
        (b"<rss><channel/></rss>", "neither OPML nor newsboat's urls file or killfile"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "neither OPML nor newsboat's urls file or killfile"),
        (b"<!-- <opml> --><rss/>", "is not OPML"),
        (b"<b><opml >", "is not OPML"),
        (b"\n<\n<opml >", "is not OPML: its XML is damaged at line 2"),
    ],
)
def test_what_is_no_list_of_sources_is_refused(body: bytes, why: str) -> None:
    with pytest.raises(NotAFeed) as refused:
        decode_subscriptions(body)
    assert str(refused.value).endswith(why)


# ── what means harm ─────────────────────────────────────────────────────────────────────────


def test_entities_are_refused_before_they_grow() -> None:
    declared = '<!DOCTYPE opml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    with pytest.raises(NotAFeed, match="declares entities"):
        decode_opml(opml(outline("https://a.example/", "&b;"), head=declared))


def test_a_document_type_elsewhere_is_not_asked_for() -> None:
    body = opml(outline("https://a.example/"), head='<!DOCTYPE opml SYSTEM "file:///etc/passwd">')
    assert addresses(decode_opml(body)) == ["https://a.example/"]


def test_nesting_without_end_is_bounded() -> None:
    body = opml('<outline text="A">' * 100_000, outline("https://a.example/"))
    imported = decode_opml(body)
    assert addresses(imported) == []
    deep, many = imported.problems
    assert "more than 16 deep" in deep
    assert "only the first 20,000 outlines" in many
    within = opml('<outline text="A">' * 30, outline("https://a.example/"), "</outline>" * 30)
    (source,) = decode_opml(within).following.sources
    assert source.folder == "/".join("A" * 16)


def test_more_sources_than_are_read_are_said() -> None:
    body = opml(*(outline(f"https://a.example/{number}") for number in range(20_001)))
    imported = decode_opml(body)
    assert len(imported.following.sources) == 20_000
    assert imported.problems == ("Line 20003: only the first 20,000 outlines are read.",)


def test_an_attribute_without_end_is_cut() -> None:
    long = "a" * 10_000_000
    imported = decode_opml(
        opml(outline("https://a.example/", long), outline(f"https://b.example/{long}", "B"))
    )
    (source,) = imported.following.sources
    assert len(source.name) == 200
    assert len(imported.problems) == 1


def test_problems_are_counted_where_they_are_too_many() -> None:
    imported = decode_opml(opml(*(outline("no", "B") for _ in range(1_000))))
    assert len(imported.problems) == 101
    assert imported.problems[-1] == "There are 900 problems more like these."


def test_what_a_terminal_would_obey_is_taken_out() -> None:
    body = opml(outline("https://a.example/", "A\x9d52;c;eA==\x9cB\u202e", 'category="\u200bC"'))
    assert decode_opml(body).following.sources == (Source("https://a.example/", "AB", tags=("C",)),)

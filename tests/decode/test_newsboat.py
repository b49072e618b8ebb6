"""newsboat's urls file, line by line."""

from pathlib import Path

import pytest

from nordic_tui.decode.newsboat import decode_urls
from nordic_tui.decode.subscriptions import decode_subscriptions
from nordic_tui.errors import NotAFeed
from nordic_tui.model import Following, Imported, Rule, SavedView, Source

FEED = "https://a.example/feed"


def one(line: str) -> Source:
    imported = decode_urls(line.encode())
    assert imported.problems == ()
    (source,) = imported.following.sources
    return source


def view_of(expression: str) -> SavedView | None:
    escaped = expression.replace("\\", "\\\\").replace('"', '\\"')
    views = decode_urls(f'"query:Q:{escaped}"'.encode()).following.views
    return views[0] if views else None


def test_a_whole_file() -> None:
    body = f"""\
# my feeds
{FEED} news "cool stuff" "~Blåbær \\"og\\" smør"   # seen daily

"https://b.example/feed?a=1#b"  "!skjult"\tnews\r
file:///home/anna/a%20b.xml
feed://c.example/rss
"query:Unread:unread = \\"yes\\""
exec:~/bin/script tag
"filter:~/bin/script a:https://d.example/" tag
gopher://e.example/
"query:Long:articleindex > 7"
"""
    assert decode_subscriptions(body.encode()) == Imported(
        Following(
            (
                Source(FEED, 'Blåbær "og" smør', folder="news", tags=("news", "cool stuff")),
                Source(
                    "https://b.example/feed?a=1#b",
                    folder="news",
                    tags=("skjult", "news"),
                    hidden=True,
                ),
                Source("/home/anna/a b.xml"),
                Source("http://c.example/rss"),
            ),
            (SavedView("Unread", unread_only=True),),
        ),
        (
            "Line 8: exec: would run a program; it was left out.",
            "Line 9: filter: would run a program; it was left out.",
            "Line 10: it begins with no web address (http or https) and no file; it was left out.",
            "Line 11: the query “Long” cannot be a saved view; it was left out: articleindex > 7",
        ),
    )


@pytest.mark.parametrize(
    ("line", "tags"),
    [
        (f"{FEED} a\tb  c", ("a", "b", "c")),
        (f'{FEED} "a b"c', ("a b", "c")),
        (rf'{FEED} "a\\b" c\d', (r"a\b", r"c\d")),
        (f'{FEED} "not closed # here', ("not closed # here",)),
        (f'{FEED} "ends in \\', ("ends in",)),
        (f"{FEED} a#b #c", ("a#b",)),
        (f'{FEED} "" a a', ("a",)),
        (f"{FEED} ~ ! a", ("a",)),
    ],
)
def test_words_are_parted_as_newsboat_parts_them(line: str, tags: tuple[str, ...]) -> None:
    assert one(line).tags == tags


def test_a_slash_in_the_first_tag_nests_its_folder() -> None:
    source = one(f"{FEED} ~Name by//hav/ land/fjell")
    assert (source.name, source.folder) == ("Name", "by/hav")
    assert source.tags == ("by//hav/", "land/fjell")


@pytest.mark.parametrize(
    "address", ["file://elsewhere/a.xml", "file:a.xml", "file://[", "file:///a%00b", "a.xml"]
)
def test_a_file_that_is_none_of_this_machine_is_left_out(address: str) -> None:
    imported = decode_urls(address.encode())
    assert imported.following == Following()
    assert len(imported.problems) == 1


@pytest.mark.parametrize(
    ("expression", "view"),
    [
        ('unread = "yes"', SavedView("Q", unread_only=True)),
        ('unread=="yes"', SavedView("Q", unread_only=True)),
        ('tags # "cool stuff"', SavedView("Q", tag="cool stuff")),
        ('tags # "!skjult"', SavedView("Q", tag="skjult")),
        ('title =~ "Blåbær og"', SavedView("Q", title="Blåbær og")),
        (f'rssurl = "{FEED}"', SavedView("Q", address=FEED)),
        (
            'unread = "yes" and tags # "and" AND title =~ "rock and roll"',
            SavedView("Q", unread_only=True, tag="and", title="rock and roll"),
        ),
    ],
)
def test_a_query_that_a_view_can_be(expression: str, view: SavedView) -> None:
    assert view_of(expression) == view


@pytest.mark.parametrize(
    ("expression", "view"),
    [
        ('unread = "no"', SavedView("Q", search="is:read")),
        ('unread != "yes"', SavedView("Q", search="is:read")),
        ('(unread = "yes")', SavedView("Q", unread_only=True)),
        ('author =~ "Anna"', SavedView("Q", search="author:Anna*")),
        ('author != "Anna Berg"', SavedView("Q", search='-author:"Anna Berg"')),
        ('content !~ "rock|jazz music"', SavedView("Q", search='-text:rock* -text:"jazz music"*')),
        ('feedtitle =~ "NRK"', SavedView("Q", search="source:NRK")),
        ("age between 0:7", SavedView("Q", search="after:7d")),
        ("age between 7:3", SavedView("Q", search="after:7d before:2d")),
        ("age > 7", SavedView("Q", search="before:7d")),
        ("age >= 7", SavedView("Q", search="before:6d")),
        ('unread = "yes" and age < 3', SavedView("Q", True, search="after:2d")),
        ('enclosure_type =~ "audio/"', SavedView("Q", search="has:audio")),
        ('title =~ "a" and title =~ "b"', SavedView("Q", title="a", search="title:b*")),
        (
            'tags # "x" and (title =~ "Ås|Bø" or content =~ "ved havn") AND unread = "yes"',
            SavedView("Q", True, tag="x", search='title:Ås* OR title:Bø* OR text:"ved havn"*'),
        ),
        (
            f'(rssurl = "{FEED}" or (title =~ "x" or author = "y"))',
            SavedView("Q", search=f'source:"{FEED}" OR title:x* OR author:y'),
        ),
    ],
)
def test_a_query_that_is_said_by_a_search(expression: str, view: SavedView) -> None:
    assert view_of(expression) == view


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "unread_count > 0",
        'title =~ "^Breaking"',
        'title =~ "U.S"',
        'title =~ ""',
        'title =~ "art "',
        'title !~ "!"',
        'title = "Exactly"',
        'rssurl =~ "https"',
        "age < 0",
        "age between 3",
        'tags # "a" and tags # "b"',
        'tags # "a" or tags # "b"',
        'tags # "a"and title =~ "b"',
        'title =~ "a" and title =~ "b" or title =~ "c"',
        'title !~ "a|b" or title =~ "c"',
        'title =~ "a" or (title =~ "b" and title =~ "c")',
        'title =~ "a" title =~ "b"',
        'unread = "yes" and',
        'and unread = "yes"',
        ' or unread = "yes"',
        'title =~ "a" and and title =~ "b"',
        'author = "!"',
        'author = "“”"',
        'enclosure_type = "text/html"',
        'enclosure_type = "audio/mpeg"',
        'age < "a week"',
        'age between "3:week"',
        '(unread = "yes"',
        'unread = "yes")',
        "((((",
        "(" * 5_000,
        'title =~ "a" and ' * 5_000,
    ],
)
def test_a_query_that_no_view_can_be_is_said(expression: str) -> None:
    assert view_of(expression) is None


def test_the_killfile_becomes_rules_that_hide() -> None:
    body = r"""
# my config
auto-reload yes
ignore-article "*" "title =~ \"Sponsored\""
ignore-article https://a.example/feed "author =~ \"Bot\" or age > 30"
ignore-article "*" "title =~ \"Sponsored\""
ignore-article "regex:.*" "title =~ \"x\""
ignore-article * "tags # \"x\""
ignore-article *
ignore-article * "unread = \"no\""
"""
    by_bots = f'source:"{FEED}" author:Bot* OR before:30d'
    assert decode_subscriptions(body.replace("\\\\", "\\").encode()) == Imported(
        Following(
            rules=(
                Rule("title:Sponsored*", "title:Sponsored*", hide=True, on=False),
                Rule(by_bots, by_bots, hide=True, on=False),
            )
        ),
        (
            'Line 7: this cannot be a rule; it was left out: regex:.* title =~ "x"',
            'Line 8: this cannot be a rule; it was left out: * tags # "x"',
            "Line 9: ignore-article needs a feed and a filter; it was left out: *",
            'Line 10: this cannot be a rule; it was left out: * unread = "no"',
        ),
    )


def test_a_second_query_of_the_same_name_is_said() -> None:
    lines = ['"query:Q:tags # \\"a\\""', '"query:Q:tags # \\"a\\""', '"query:Q:tags # \\"b\\""']
    imported = decode_urls("\n".join(lines).encode())
    assert imported.following.views == (SavedView("Q", tag="a"),)
    assert imported.problems == (
        'Line 3: there is another query “Q”; this one was left out: tags # "b"',
    )


def test_nothing_is_ever_run(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    lines = (
        f'"exec:touch {mark}"',
        f'"filter:touch {mark}:{FEED}"',
        f"{FEED} `touch {mark}` $(touch {mark})",
        f"{FEED}?`touch {mark}`",
        f"file://`touch {mark}`",
    )
    imported = decode_urls("\n".join(lines).encode())
    assert len(imported.problems) == 3
    assert not mark.exists()


def test_hostile_lines_are_bounded() -> None:
    long = '""' * 5_000_000
    body = f"{FEED} {long}\n{FEED} " + '"\\' * 5_000 + "\n\x1b]52;c;eA==\x07\n\xff"
    imported = decode_urls(body.encode("latin-1"))
    assert [source.address for source in imported.following.sources] == [FEED]
    assert all("\x1b" not in problem for problem in imported.problems)
    assert "Line 1: it is too long to be read; it was left out." in imported.problems
    assert len(imported.problems) == 4


def test_more_lines_than_are_read_are_said() -> None:
    imported = decode_urls("\n".join(f"{FEED}/{n}" for n in range(20_005)).encode())
    assert len(imported.following.sources) == 20_000
    assert imported.problems == ("Line 20001: only the first 20,000 lines are read.",)


def test_comments_alone_are_no_list() -> None:
    with pytest.raises(NotAFeed):
        decode_subscriptions(b"# nothing yet\n")


# ── what programs and people write otherwise ────────────────────────────────────────────────


def test_the_only_line_may_begin_with_a_mark_of_its_encoding() -> None:
    (source,) = decode_subscriptions(b"\xef\xbb\xbfhttps://a.example/feed\n").following.sources
    assert source == Source(FEED)


def test_a_line_may_end_in_a_carriage_return_alone() -> None:
    body = b"# mine\rhttps://a.example/feed A\rhttps://b.example/ B\r"
    assert [source.address for source in decode_subscriptions(body).following.sources] == [
        FEED,
        "https://b.example/",
    ]


@pytest.mark.parametrize(
    ("word", "address"),
    [
        ("feed://https://a.example/feed", FEED),
        ("FEED:https://a.example/feed", FEED),
        ("feed://a.example/feed", "http://a.example/feed"),
    ],
)
def test_feed_before_an_address_is_taken_off(word: str, address: str) -> None:
    assert one(word).address == address


def test_a_file_that_the_settings_would_name_otherwise_is_left_out() -> None:
    imported = decode_urls(b"file:///tmp/x%20\nfile:///tmp/x\n")
    assert imported.following.sources == (Source("/tmp/x"),)  # noqa: S108  it is not opened
    (problem,) = imported.problems
    assert problem.startswith("Line 1: it begins with no web address")


def test_a_source_that_comes_twice_has_the_tags_of_both() -> None:
    body = f'{FEED} News\n{FEED} Other "~Mine"\n{FEED} News\n'
    assert decode_urls(body.encode()).following.sources == (
        Source(FEED, "Mine", folder="News", tags=("News", "Other")),
    )


def test_no_password_gets_into_a_name_a_folder_a_tag_or_a_problem() -> None:
    address = "https://kari:hunter2@z.example/"
    imported = decode_urls(
        f'{FEED} "{address}" "~Of {address}"\n"query:Pw:rssurl =~ \\"{address}\\""\n'.encode()
    )
    assert "hunter2" not in repr(imported)
    assert "z.example" in imported.problems[0]
    (source,) = imported.following.sources
    assert (source.name, source.folder) == ("Of https://z.example/", "https:/z.example")

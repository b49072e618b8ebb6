"""What is followed, for other readers."""

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest

from nordic_tui.decode.newsboat import decode_urls
from nordic_tui.decode.opml import decode_opml
from nordic_tui.encode.opml import encode_opml
from nordic_tui.model import Following, Login, Manner, SavedView, Source
from nordic_tui.text import clean

NOW = datetime(2026, 11, 24, 8, 5, tzinfo=UTC)

NESTED = Following(
    (
        Source("https://a.example/feed/?x=1&y=2", "Blåbær & <“smør”>", folder="News/Nordic"),
        Source("https://b.example/rss", "B", tags=("Klima", "by/hav")),
        Source("https://c.example/rss", "C", folder="News", paused=True, interval_s=1800),
        Source("https://d.example/rss", "D", folder="Tech", archive=True, archive_limit=500),
        Source("https://e.example/rss", "E", folder="News/Nordic", archive=True, hidden=True),
        Source(
            "https://f.example/rss",
            left_out=("Events, past", "Møte"),
            manner=Manner(max_bytes=50_000_000),
        ),
    )
)


def test_what_was_exported_is_read_back_the_same() -> None:
    read = decode_opml(encode_opml(NESTED, {"https://f.example/rss": "Fjord"}, NOW))
    assert read.problems == ()
    assert {source.address: source for source in read.following.sources} == {
        source.address: source for source in NESTED.sources
    }


def test_folders_are_outlines_with_their_sources_side_by_side() -> None:
    root = ElementTree.fromstring(encode_opml(NESTED, {}, NOW))  # noqa: S314  it is our own
    assert root.get("version") == "2.0"
    assert root.findtext("head/dateCreated") == "Tue, 24 Nov 2026 08:05:00 GMT"
    body = root.find("body")
    assert body is not None

    def shape(outline: ElementTree.Element) -> object:
        name = outline.get("text")
        return (name, [shape(each) for each in outline]) if len(outline) else name

    assert [shape(each) for each in body] == [
        ("News", [("Nordic", ["Blåbær & <“smør”>", "E"]), "C"]),
        "B",
        ("Tech", ["D"]),
        "https://f.example/rss",
    ]
    assert all(each.get("title") == each.get("text") for each in body.iter("outline"))
    sources = [each for each in body.iter("outline") if each.get("xmlUrl")]
    assert {each.get("type") for each in sources} == {"rss"}


def test_a_source_without_a_name_is_called_what_its_feed_is() -> None:
    following = Following((Source("https://a.example/"), Source("https://b.example/")))
    body = encode_opml(following, {"https://a.example/": "Fjord"}, NOW)
    outlines = ElementTree.fromstring(body).iter("outline")  # noqa: S314  it is our own
    assert [each.get("text") for each in outlines] == ["Fjord", "https://b.example/"]
    # Elsewhere it is called what its feed is, too.
    assert decode_opml(body).following == following


def test_nothing_tells_who_asks() -> None:
    address = "https://anna:hunter2@a.example/feed"
    manner = Manner(
        user_agent="anna-reader",
        headers=(("X-Key", "k3y"),),
        login=Login("anna", variable="PW"),
        ca_file="/home/anna/office.pem",
    )
    following = Following((Source(address, manner=manner),))
    body = encode_opml(following, {address: address}, NOW)
    assert b'xmlUrl="https://a.example/feed"' in body
    for secret in (b"anna", b"hunter2", b"k3y", b"PW", b"@", b".pem"):
        assert secret not in body


def test_no_password_is_in_a_name_a_title_a_folder_or_a_tag() -> None:
    words = "see https://kari:hunter2@z.example/"
    folder = "In/https:/kari:hunter2@z.example"
    named = Source("https://a.example/", words, folder=folder, tags=(words,))
    following = Following((named, Source("https://b.example/")))
    body = encode_opml(following, {"https://b.example/": words}, NOW)
    assert b"hunter2" not in body
    assert body.count(b"z.example") >= 4


def test_what_other_readers_do_not_know_comes_back_too() -> None:
    source = Source(
        "https://a.example/",
        "A",
        interval_s=750.0,
        tags=("a,b", "/lead", "100 %", "Ærø"),
        archive_limit=500,
    )
    body = encode_opml(Following((source,)), {}, NOW)
    assert decode_opml(body).following.sources == (source,)
    (outline,) = ElementTree.fromstring(body).iter("outline")  # noqa: S314  it is our own
    assert outline.get("category") == "a b,/lead,100 %,Ærø"


def test_an_address_stays_as_it_is_to_the_letter() -> None:
    address = "https://a.example/cafe\u0301?a=1&b=%C3%A9"
    body = encode_opml(Following((Source(address),)), {}, NOW)
    (outline,) = ElementTree.fromstring(body).iter("outline")  # noqa: S314  it is our own
    assert outline.get("xmlUrl") == address


def test_a_title_with_an_address_in_it_stays_as_it_is() -> None:
    title = "100%C3%A6ble, https://host.example and me@host.example"
    body = encode_opml(
        Following((Source("https://a.example/"),)), {"https://a.example/": title}, NOW
    )
    (outline,) = ElementTree.fromstring(body).iter("outline")  # noqa: S314  it is our own
    assert outline.get("text") == title


def test_local_files_and_views_stay_here() -> None:
    following = Following(
        (Source("/home/anna/feed.xml"), Source("https://a.example/")), (SavedView("Mine", tag="x"),)
    )
    body = encode_opml(following, {}, NOW)
    assert [source.address for source in decode_opml(body).following.sources] == [
        "https://a.example/"
    ]
    assert b"anna" not in body
    assert b"Mine" not in body
    assert clean.public_address("/home/anna/feed.xml") == ""


@pytest.mark.skipif(shutil.which("newsboat") is None, reason="newsboat is not installed")
def test_newsboat_imports_it(tmp_path: Path) -> None:
    (tmp_path / "ours.opml").write_bytes(encode_opml(NESTED, {}, NOW))
    urls = tmp_path / "urls"
    urls.touch()
    (tmp_path / "config").touch()
    command = ["newsboat", "-i", "ours.opml", "-u", "urls", "-c", "cache.db", "-C", "config"]
    environment = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)
    assert urls.read_text().splitlines() == [
        'https://a.example/feed/?x=1&y=2 "News/Nordic"',
        'https://e.example/rss "News/Nordic"',
        'https://c.example/rss "News"',
        "https://b.example/rss",
        'https://d.example/rss "Tech"',
        "https://f.example/rss",
    ]
    (a, e, c, b, d, f) = decode_urls(urls.read_bytes()).following.sources
    folders = [source.folder for source in (a, b, c, d, e, f)]
    assert folders == [source.folder for source in NESTED.sources]

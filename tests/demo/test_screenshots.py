"""The pictures of the README."""

import os
import re
import struct
import sys
import time
import xml.etree.ElementTree as ET
from html import unescape
from pathlib import Path

import pytest

from nordic_tui.demo import screenshots
from nordic_tui.demo.screenshots import NoPngError, Picture, standalone
from nordic_tui.demo.stage import Act, stage

SMALL = Picture("small", 80, 24, "New initiatives")
SVG = "{http://www.w3.org/2000/svg}"


def words_of(svg: str) -> str:
    """The text of a picture, line by line, one blank between two parts."""
    lines: dict[float, list[str]] = {}
    for text in ET.fromstring(svg).iter(f"{SVG}text"):  # noqa: S314  our own picture
        lines.setdefault(float(text.attrib["y"]), []).append(text.text or "")
    return "\n".join(" ".join(parts).replace("\xa0", " ") for parts in lines.values())


async def take(picture: Picture) -> str:
    with stage():
        return await screenshots.take(picture)


async def test_a_picture_shows_the_screen_and_is_the_same_twice() -> None:
    svg = await take(SMALL)
    words = words_of(svg)
    assert "Northern Cities Network asked 11:56" in words
    assert "Seven cities open their night streets to a shared" in words
    assert "Posted in New initiatives" in words
    assert "29 Sep 26" in words  # the short date of a small window
    assert re.search(r"New initiatives · 11 posts · \d+ unread", words)
    assert re.search(r"^Publications \d+ 9\b", words, re.MULTILINE)
    assert await take(SMALL) == svg


async def test_a_picture_fetches_nothing() -> None:
    svg = await take(Picture("narrow", 40, 12))
    assert "@font-face" not in svg
    assert "url(http" not in svg
    links = set(re.findall(r"https?://[^\s\"<]+", svg))
    assert links <= {"http://www.w3.org/2000/svg", "https://www.textualize.io"}
    assert set(re.findall(r"font-family:([^;]*);", svg)) == {f" {screenshots.FONTS}"}


async def test_the_consent_picture_asks_and_names_nobody() -> None:
    words = words_of(await take(Picture("consent", 120, 36, act=Act(asks_consent=True))))
    assert "May this program keep a reading history?" in words
    assert "~/.local/share/nordic-tui/history.db" in words
    assert str(Path.home()) not in words


def named(name: str) -> Picture:
    return next(picture for picture in screenshots.PICTURES if picture.name == name)


async def test_the_pictures_of_sources_show_every_state() -> None:
    words = words_of(await take(named("sources")))
    for state in (
        "304: nothing changed", "did not answer within 20 s", "paused", "is gone for good (410)",
        "asks to come back in 10 minutes", "12 posts, 3 new",
    ):  # fmt: skip
        assert state in words
    words = words_of(await take(named("archive")))
    assert "archive: 1,200 of 5,000" in words
    assert "Archive: 1,200 of 5,000 posts" in words


async def test_the_picture_of_adding_shows_a_choice() -> None:
    words = words_of(await take(named("add")))
    assert "2 feeds are there:" in words
    assert "https://northern-cities.example/category/new-initiatives/feed/" in words


def test_the_stage_leaves_the_machine_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    monkeypatch.setenv("NO_COLOR", "1")
    time.tzset()
    before = dict(os.environ)
    with stage():
        assert time.localtime(0).tm_hour == 0
        assert "NO_COLOR" not in os.environ
    assert dict(os.environ) == before
    assert time.localtime(0).tm_hour == 9
    monkeypatch.undo()
    time.tzset()


def drawn(text: str) -> str:
    """What becomes of a run of text at the left of the third line."""
    return standalone(
        f'<text class="terminal-77-r1" x="0" y="68.8" textLength="12.2"'
        f' clip-path="url(#terminal-77-line-2)">{text}</text>',
        "p",
    )


def test_lines_are_drawn_over_the_whole_cell() -> None:
    assert drawn("▕") == (
        '<rect class="p-r1" x="10.675" y="50.3" width="1.525" height="24.65"'
        ' shape-rendering="crispEdges"/>'
    )


def test_a_rule_is_one_rectangle() -> None:
    (width,) = re.findall(r'width="([0-9.]+)"', drawn("─" * 10))
    assert float(width) == pytest.approx(122)


def test_what_stands_after_a_wide_sign_keeps_its_place() -> None:
    svg = drawn("a🎉b")
    places = [float(x) for x in re.findall(r' x="([0-9.]+)"', svg)]
    assert places == pytest.approx([0, 12.2, 36.6])
    assert re.findall(r">([^<]+)<", svg) == ["a", "🎉", "b"]


def test_blanks_around_words_become_places() -> None:
    svg = drawn("&#160;&#160;a&#160;&amp;&#160;b&#160;")
    assert 'x="24.4"' in svg
    (words,) = re.findall(r">([^<]+)<", svg)
    assert unescape(words) == "a\xa0&\xa0b"


def test_without_a_font_there_is_a_sentence(tmp_path: Path) -> None:
    pytest.importorskip("resvg_py")
    with pytest.raises(NoPngError, match=r"DejaVuSansMono\.ttf was not found\.$"):
        screenshots.open_png([str(tmp_path)])


def test_without_the_extra_svg_is_written_and_the_extra_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    monkeypatch.setattr(screenshots, "PICTURES", (Picture("narrow", 40, 12),))
    directory = tmp_path / "new" / "pictures"
    assert screenshots.main([str(directory)]) == 1
    assert [file.name for file in directory.iterdir()] == ["narrow.svg"]
    output = capsys.readouterr()
    assert output.out == f"{directory / 'narrow.svg'}\n"
    assert "nordic-tui[pictures]" in output.err
    assert "All posts" in words_of((directory / "narrow.svg").read_text(encoding="utf-8"))


def test_png_has_the_size_of_the_svg() -> None:
    pytest.importorskip("resvg_py")
    try:
        to_png = screenshots.open_png()
    except NoPngError as reason:
        pytest.skip(str(reason))
    png = to_png('<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"/>')
    assert png.startswith(b"\x89PNG\r\n")
    # The first chunk is IHDR, which begins with width and height (PNG, section 11.2.1).
    assert struct.unpack(">II", png[16:24]) == (30, 20)

"""The pictures of the README."""

import os
import re
import struct
import sys
import time
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from nordic_tui.demo import screenshots
from nordic_tui.demo.screenshots import Picture
from nordic_tui.demo.stage import Act, stage
from nordic_tui.encode import svg as svg_of
from nordic_tui.encode.png import NoPngError, open_png

SMALL = Picture("small", 80, 24, "New initiatives")
SVG = "{http://www.w3.org/2000/svg}"


def words_of(svg: str) -> str:
    """The text of a picture, line by line, one blank between two parts."""
    body = ET.fromstring(svg).findall(f"{SVG}g")[-1]  # noqa: S314  our own picture
    lines = [[text.text or "" for text in row.iter(f"{SVG}text")] for row in body]
    return "\n".join(" ".join(parts) for parts in lines)


def take(picture: Picture) -> str:
    with stage():
        return screenshots.take(picture)


def test_a_picture_shows_the_screen_and_is_the_same_twice() -> None:
    svg = take(SMALL)
    words = words_of(svg)
    assert "Northern Cities Network asked 11:56" in words
    assert "Seven cities open their night streets to a shared" in words
    assert "Posted in New initiatives" in words
    assert "29 Sep 26" in words  # the short date of a small window
    assert re.search(r"New initiatives · 11 posts · \d+ unread", words)
    assert re.search(r"^Publications \d+ 9\b", words, re.MULTILINE)
    assert take(SMALL) == svg


def test_a_picture_fetches_nothing() -> None:
    svg = take(Picture("narrow", 40, 12))
    assert "@font-face" not in svg
    assert "url(http" not in svg
    links = set(re.findall(r"https?://[^\s\"<]+", svg))
    assert links == {"http://www.w3.org/2000/svg"}
    assert set(re.findall(r"font-family:([^;]*);", svg)) == {svg_of.FONTS}


def test_the_consent_picture_asks_and_names_nobody() -> None:
    words = words_of(take(Picture("consent", 120, 36, act=Act(asks_consent=True))))
    assert "May this program keep a reading history?" in words
    assert "~/.local/share/nordic-tui/history.db" in words
    assert str(Path.home()) not in words


def named(name: str) -> Picture:
    return next(picture for picture in screenshots.PICTURES if picture.name == name)


def test_the_pictures_of_sources_show_every_state() -> None:
    words = words_of(take(named("sources")))
    for state in (
        "304: nothing changed", "did not answer within 20 s", "paused", "is gone for good (410)",
        "asks to come back in 10 minutes", "12 posts, 3 new",
    ):  # fmt: skip
        assert state in words
    words = words_of(take(named("archive")))
    assert "archive: 1,200 of 5,000" in words
    assert "Archive: 1,200 of 5,000 posts" in words


def test_the_picture_of_adding_shows_a_choice() -> None:
    words = words_of(take(named("add")))
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


def test_without_a_font_there_is_a_sentence(tmp_path: Path) -> None:
    pytest.importorskip("resvg_py")
    with pytest.raises(NoPngError, match=r"DejaVuSansMono\.ttf was not found\.$"):
        open_png([str(tmp_path)])


def test_without_the_extra_svg_is_written_and_the_extra_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    monkeypatch.setattr(screenshots, "PICTURES", (Picture("narrow", 40, 12),))
    monkeypatch.setattr(screenshots, "record", lambda tour, file: "<svg/>")
    directory = tmp_path / "new" / "pictures"
    assert screenshots.main([str(directory)]) == 1
    assert sorted(file.name for file in directory.iterdir()) == ["narrow.svg", "tour.svg"]
    output = capsys.readouterr()
    assert output.out == f"{directory / 'narrow.svg'}\n{directory / 'tour.svg'}\n"
    assert "nordic-tui[pictures]" in output.err
    assert "All posts" in words_of((directory / "narrow.svg").read_text(encoding="utf-8"))


def test_the_check_names_what_does_not_match(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(screenshots, "PICTURES", (Picture("narrow", 40, 12),))
    monkeypatch.setattr(screenshots, "record", lambda tour, file: "<svg/>")
    screenshots.write(tmp_path, lambda _: b"png", lambda _: None)
    assert screenshots.main(["--check", str(tmp_path)]) == 0
    (tmp_path / "tour.svg").write_text("<svg>old</svg>", encoding="utf-8")
    (tmp_path / "narrow.svg").unlink()
    assert screenshots.main(["--check", str(tmp_path)]) == 1
    assert capsys.readouterr().err == (
        f"{tmp_path / 'narrow.svg'} is missing.\n"
        f"{tmp_path / 'tour.svg'} is not what the program shows now.\n"
    )


def test_png_has_the_size_of_the_svg() -> None:
    pytest.importorskip("resvg_py")
    try:
        to_png = open_png()
    except NoPngError as reason:
        pytest.skip(str(reason))
    png = to_png('<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"/>')
    assert png.startswith(b"\x89PNG\r\n")
    # The first chunk is IHDR, which begins with width and height (PNG, section 11.2.1).
    assert struct.unpack(">II", png[16:24]) == (30, 20)

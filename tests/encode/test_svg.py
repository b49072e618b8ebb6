"""The screen as SVG."""

import re

import pytest

from nordic_tui.encode.svg import CELL_HEIGHT, CELL_WIDTH, Scene, moving, still
from nordic_tui.model import Drawn

INK, GROUND = "#d8dee9", "#101820"


def drawn(text: str) -> str:
    """What becomes of a run of text at the left of the third line."""
    plain = [Drawn(" ", INK, GROUND)]
    svg = still([plain, plain, [Drawn(text, INK, GROUND)]])
    (line,) = re.findall(rf'<g transform="translate\(0 {2 * CELL_HEIGHT}\)">(.*?)</g>\n', svg)
    assert isinstance(line, str)
    return line


def places(svg: str) -> list[float]:
    return [float(x) / CELL_WIDTH for x in re.findall(r' x="([0-9.]+)"', svg)]


def words(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]+)<", svg)


def test_lines_are_drawn_over_the_whole_cell() -> None:
    line = drawn("▕")
    assert "<text" not in line
    assert places(line) == pytest.approx([0.875], abs=0.001)
    (width,) = re.findall(r' width="([0-9.]+)"', line)
    assert float(width) == pytest.approx(CELL_WIDTH / 8, abs=0.01)
    assert f'y="0" width="{width}" height="{CELL_HEIGHT}"' in line
    assert 'shape-rendering="crispEdges"' in line


def test_a_rule_is_one_rectangle_and_bars_are_one_each() -> None:
    (width,) = re.findall(r'width="([0-9.]+)"', drawn("─" * 10))
    assert float(width) == pytest.approx(10 * CELL_WIDTH)
    assert places(drawn("▏▏▏")) == pytest.approx([0, 1, 2], abs=0.001)


def test_what_stands_after_a_wide_sign_keeps_its_place() -> None:
    line = drawn("a🎉b")
    assert places(line) == pytest.approx([0, 1, 3], abs=0.001)
    assert words(line) == ["a", "🎉", "b"]
    assert line.count("lengthAdjust") == 1


def test_blanks_around_words_become_places() -> None:
    line = drawn("  a & b   c ")
    assert places(line) == pytest.approx([2, 10], abs=0.001)
    assert words(line) == ["a &amp; b", "c"]


def test_looks_and_grounds_are_kept() -> None:
    svg = still(
        [
            [
                Drawn("plain ", INK, GROUND),
                Drawn("loud", "#ff0000", "#000080", bold=True, underline=True, strike=True),
            ]
        ]
    )
    assert "fill:#ff0000;font-weight:700;text-decoration:underline line-through" in svg
    (ground,) = re.findall(r'<rect x="([0-9.]+)" [^>]* fill="#000080"/>', svg)
    assert float(ground) == pytest.approx(6 * CELL_WIDTH, abs=0.01)


def test_a_title_cannot_break_out() -> None:
    svg = still([[Drawn("x", INK, GROUND)]], "</title><script>")
    assert "<script>" not in svg
    assert svg.count("&lt;/title&gt;&lt;script&gt;") == 2


def test_a_moving_picture_moves_only_the_rows_that_change() -> None:
    first = [[Drawn("same", INK, GROUND)], [Drawn("before", INK, GROUND)]]
    second = [[Drawn("same", INK, GROUND)], [Drawn("after", INK, GROUND)]]
    scenes = [Scene(0.0, first), Scene(2.5, second), Scene(5.0, first)]
    svg = moving(scenes, 10.0)
    assert re.findall(r"@keyframes (\w+)", svg) == ["r1"]
    assert re.findall(r"([0-9.]+)%\{transform:translateY\((-?[0-9.]+)px\)", svg) == [
        ("0", "0"), ("25", "-28"), ("50", "0"),
    ]  # fmt: skip
    assert words(svg) == ["same", "before", "after"]
    assert "prefers-reduced-motion" in svg

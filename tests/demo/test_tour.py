"""A tour that plays itself, and what is made of it."""

import asyncio
import json
import re
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pyte
import pytest

from nordic_tui.cli import run
from nordic_tui.demo.cast import cast
from nordic_tui.demo.film import Film, at
from nordic_tui.demo.key_names import Press
from nordic_tui.demo.player import NotSeen, Player
from nordic_tui.demo.script import Tour, read_tour
from nordic_tui.demo.showing import film_of, moving_picture
from nordic_tui.demo.showing import record as recorded
from nordic_tui.demo.stage import NOW
from nordic_tui.encode.svg import CELL_HEIGHT, still
from nordic_tui.tui.picture import drawn
from tests.terminal import WAIT_S, Terminal

SVG = "{http://www.w3.org/2000/svg}"
SCRIPT = """
title = "Two steps"
size = "80x24"
theme = "fjord"
presenter = false
[[step]]
name = "search"
caption = "It is looked for."
keys = "/"
type = "harbour"
until = "Search"
wait = 8
[[step]]
name = "read"
caption = "And read."
keys = "Enter Enter"
wait = 2
"""


def tour_of(path: Path, text: str = SCRIPT) -> Tour:
    file = path / "mine.toml"
    file.write_text(text, encoding="utf-8")
    return read_tour(file)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Film:
    return film_of(tour_of(tmp_path_factory.mktemp("tour")))


def words_at(film: Film, second: float) -> str:
    return "\n".join("".join(piece.text for piece in row) for row in at(film.frames, second).rows)


def test_a_film_shows_what_a_person_would_see_at_its_time(film: Film) -> None:
    assert [name for _, name in film.marks] == ["search", "read"]
    assert len(at(film.frames, 5).rows) == 24
    assert "It is looked for." in words_at(film, 0.0)
    assert "harbou█" not in words_at(film, 1.0)
    assert re.search(r"Search · \d+ posts", words_at(film, 5))
    assert "And read." in words_at(film, film.length_s)
    assert "Enter to the posts" not in words_at(film, film.length_s)


def test_a_recording_is_the_same_twice_and_draws_the_frames(film: Film) -> None:
    text = recorded(film.tour, Path("talk.cast"))
    assert text == cast(film, NOW)
    header, *events = map(json.loads, text.splitlines())
    assert (header["version"], header["width"], header["height"]) == (2, 80, 24)
    times = [event[0] for event in events]
    assert times == sorted(times)
    screen = pyte.Screen(80, 24)
    stream = pyte.Stream(screen)
    seconds = {frame.at_s: frame for frame in film.frames}
    for second, kind, text in events[:-1]:
        if kind == "o":
            stream.feed(text)
        if kind == "o" and second in seconds and text != events[0][2]:
            wanted = ["".join(piece.text for piece in row) for row in seconds[second].rows]
            assert [line.rstrip() for line in screen.display] == [line.rstrip() for line in wanted]


def test_words_that_do_not_come_up_are_named_with_their_line(tmp_path: Path) -> None:
    text = '[[step]]\nwait = 1\n[[step]]\nuntil = "no such words"\n'
    with pytest.raises(NotSeen, match=r"mine\.toml, line 3: “no such words” did not come up"):
        film_of(tour_of(tmp_path, text))


def test_a_moving_picture_shows_each_frame_at_its_time(film: Film) -> None:
    svg = moving_picture(film)
    assert "<script" not in svg
    assert not re.search(r"href|url\(|@import|@font-face", svg)
    for second in (0.5, 6.0, film.length_s - 0.5):
        assert seen_in(svg, second, film.length_s) == seen_in(
            still(drawn(at(film.frames, second).rows), film.tour.title), second, film.length_s
        )


def seen_in(svg: str, second: float, length_s: float) -> list[str]:
    """The words of each row that a picture shows at a second, as a browser would."""
    rows: dict[float, str] = {}
    root = ET.fromstring(svg)  # noqa: S314  our own picture
    body = root.findall(f"{SVG}g")[-1]
    for part in body:
        if part.tag == f"{SVG}g":  # of a still one
            y = float(re.findall(r"[0-9.]+", part.attrib["transform"])[1])
            rows[y] = "|".join(text.text or "" for text in part.iter(f"{SVG}text"))
            continue
        (strip,) = part
        shift = 0.0
        if name := re.search(r"animation-name:(r\d+)", strip.attrib.get("style", "")):
            steps = re.search(rf"@keyframes {name[1]}\{{(.*?)\}}\}}", svg)
            assert steps
            for percent, moved in re.findall(r"([0-9.]+)%\{[^(]*\((-?[0-9.]+)px", steps[0]):
                if float(percent) <= 100 * second / length_s:
                    shift = float(moved)
        for piece in strip:
            if float(re.findall(r"[0-9.]+", piece.attrib["transform"])[1]) == -shift:
                words = "|".join(text.text or "" for text in piece.iter(f"{SVG}text"))
                rows[float(part.attrib["y"])] = words
    assert all(y % CELL_HEIGHT == 0 for y in rows)
    return [words for _, words in sorted(rows.items()) if words]


class _House:
    """Notes the captions; acts: what the speaker does when one comes up."""

    def __init__(self, acts: Callable[[str], object]) -> None:
        self.captions: list[str] = []
        self.acts = acts

    def press(self, press: Press) -> None:
        """Nobody looks at it."""

    def show(self, caption: str, note: str, done: float) -> None:
        if caption not in self.captions:
            self.captions.append(caption)
            self.acts(caption)

    def sees(self, words: str) -> bool:
        return True

    def leave(self, words: str) -> None:
        """Nobody looks at it."""


async def test_a_full_stop_that_comes_before_a_step_is_done_goes_on_after_it(
    tmp_path: Path,
) -> None:
    steps = "".join(f'[[step]]\ncaption = "{n}"\nwait = 100\n' for n in (1, 2, 3))
    house = _House(lambda caption: caption == "1" and player.takes("full_stop"))
    player = Player(tour_of(tmp_path, steps), house, is_alone=False)
    asyncio.get_running_loop().call_later(0.2, player.takes, "escape")
    await player.play()
    assert house.captions == ["1", "2"]


# ── in a terminal ───────────────────────────────────────────────────────────────────────────

FAST = ("-m", "nordic_tui", "demo", "--tour", "--speed", "400")


def test_the_bundled_tour_plays_to_its_end_and_leaves_the_demo() -> None:
    terminal = Terminal(*FAST, size=(100, 28))
    try:
        terminal.wait_for("The tour has ended. The keys are yours")
        terminal.type("q")
        assert terminal.end() == 0
    finally:
        terminal.close()


def test_the_speaker_pauses_steps_takes_over_and_ends_it(tmp_path: Path) -> None:
    tour_of(
        tmp_path,
        "".join(f'[[step]]\ncaption = "Caption {n}."\nwait = 100\n' for n in range(1, 5)),
    )
    file = str(tmp_path / "mine.toml")
    terminal = Terminal("-m", "nordic_tui", "demo", "--tour", file, size=(100, 28))
    try:
        terminal.wait_for("Caption 1.")
        terminal.type(".")
        terminal.wait_for("Caption 2.")
        terminal.type(" ")
        terminal.wait_for("Paused · Space goes on")
        terminal.type(".")
        terminal.wait_for("Caption 3.")
        assert "Paused" in terminal.text
        terminal.type("?")  # acts, and takes over
        terminal.wait_for("You have the keys · F5 goes on with the tour")
        terminal.wait_for("Type to search, Esc to close")
        terminal.type("\x1b[15~")
        terminal.type(".")
        terminal.wait_for("Caption 4.")
        terminal.type("\x1b")
        terminal.wait_for("The tour is over.")
        while "Caption" in terminal.text:
            assert terminal.read(WAIT_S), terminal.text
    finally:
        terminal.close()


# ── the command ─────────────────────────────────────────────────────────────────────────────


def test_check_needs_no_terminal_and_no_textual(tmp_path: Path) -> None:
    import subprocess

    tour_of(tmp_path)
    code = (
        "import sys; from nordic_tui.cli.run import run; "
        f"status = run(['demo', '--tour', {str(tmp_path / 'mine.toml')!r}, '--check']); "
        "print([m for m in sys.modules if m.startswith('textual')]); sys.exit(status)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "mine.toml is fine: 2 steps, 0 min 14 s, made for 80x24.\n[]\n" in done.stdout


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (["--record", "talk.gif"], 2, "--record writes .cast or .svg, not talk.gif."),
        (["--speed", "0"], 2, "--speed must be a number from 0.1 to 1000."),
        (["--at", "3"], 2, "--at belongs to --screenshot FILE."),
        (["--tour", "none.toml", "--check"], 1, "none.toml is not there."),
        (["--screenshot", "a.svg", "--at", "nowhere"], 1, 'has no step "nowhere". Allowed:'),
        (["--screenshot", "/nonexistent/a.svg"], 1, "could not be written: no such file"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(
    words: list[str], status: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run.run(["demo", *words]) == status
    assert told in " ".join(capsys.readouterr().err.split())


def test_a_screenshot_of_a_step(tmp_path: Path) -> None:
    tour_of(tmp_path)
    file = tmp_path / "talk.svg"
    words = ["demo", "--tour", str(tmp_path / "mine.toml"), "--screenshot", str(file)]
    assert run.run([*words, "--at", "search"]) == 0
    svg = file.read_text(encoding="utf-8")
    assert "It is looked for." in svg
    assert "And read." not in svg


def test_png_without_the_extra_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    assert run.run(["demo", "--screenshot", str(tmp_path / "talk.png")]) == 1
    assert "nordic-tui[pictures]" in capsys.readouterr().err

"""Pictures: whether a terminal shows them, what it is sent, and that a stranger's bytes are read
elsewhere."""

import base64
import io
import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from PIL import Image

from nordic_tui.config.settings import PICTURES_MAY_BE
from nordic_tui.errors import HandoffError
from nordic_tui.handoff import pictures
from nordic_tui.handoff.picture_child import fitted, sixel
from nordic_tui.handoff.pictures import (
    AUTO,
    OFF,
    Pictures,
    Way,
    way_by_answer,
    way_by_environment,
)
from nordic_tui.model import Region
from tests.terminal import Terminal

ROOM = Region(20, 12, 10, 20)
"""A window of 200 x 240 pixels; two rows are for words: 200 x 200."""


@pytest.fixture(autouse=True)
def room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "region_of_terminal", lambda: ROOM)


def encoded(picture: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, format=form, **options)
    return out.getvalue()


RED = Image.new("RGB", (400, 100), "#ff0000")

# ── whether ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("environment", "way"),
    [
        ({}, None),
        ({"TERM": "xterm-kitty"}, Way.KITTY),
        ({"TERM": "xterm-ghostty"}, Way.KITTY),
        ({"KITTY_WINDOW_ID": "1"}, Way.KITTY),
        ({"KONSOLE_VERSION": "240400"}, Way.KITTY),
        ({"TERM_PROGRAM": "iTerm.app"}, Way.ITERM2),
        ({"TERM_PROGRAM": "WezTerm"}, Way.ITERM2),
        ({"LC_TERMINAL": "iTerm2"}, Way.ITERM2),
        ({"TERM": "foot"}, Way.SIXEL),
        ({"TERM": "foot-extra"}, Way.SIXEL),
        ({"TERM": "xterm-kitty", "TMUX": "1"}, None),
        ({"TERM_PROGRAM": "iTerm.app", "STY": "1"}, None),
    ],
)
def test_the_environment_tells_the_way(
    environment: dict[str, str], way: Way | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert way_by_environment() is way
    assert Pictures().must_ask is (way is None)


@pytest.mark.parametrize(
    ("answer", "way"),
    [
        (b"\x1b_Gi=31;OK\x1b\\\x1b[?62;4c", Way.KITTY),
        (b"\x1b_Gi=31;ENOTSUPPORTED\x1b\\\x1b[?62;4;22c", Way.SIXEL),
        (b"\x1b[?62;22c", None),
        (b"\x1b[?64;14;44c", None),
        (b"x", None),
        (b"", None),
    ],
)
def test_the_terminals_answer(answer: bytes, way: Way | None) -> None:
    assert way_by_answer(answer) is way


def test_the_settings_name_every_way() -> None:
    assert sorted(PICTURES_MAY_BE) == sorted([AUTO, OFF, *Way])
    assert [Pictures(way).way for way in Way] == list(Way)


def test_why_there_are_no_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Pictures().why_not() == ""
    assert Pictures("off").why_not() == "Pictures are switched off in the settings."
    monkeypatch.setenv("TMUX", "1")
    assert Pictures().why_not() == "tmux does not hand pictures on to the terminal."
    assert Pictures("sixel").why_not() == "", "the settings know better"
    monkeypatch.setattr(pictures, "find_spec", lambda name: find_spec("no_such_" + name))
    assert Pictures("sixel").why_not() == (
        "Pictures need the extra “images”: pip install 'nordic-tui[images]'."
    )


# ── what the terminal is sent ───────────────────────────────────────────────────────────────


def read_kitty(sent: bytes) -> Image.Image:
    """What Kitty makes of it, by its documentation."""
    chunks = re.findall(rb"\x1b_G([^;]*);([^\x1b]*)\x1b\\", sent)
    assert b"".join(b"\x1b_G" + k + b";" + v + b"\x1b\\" for k, v in chunks) == sent
    assert chunks[0][0].startswith(b"a=T,f=100,q=2,")
    assert [keys[-3:] for keys, _ in chunks] == [b"m=1"] * (len(chunks) - 1) + [b"m=0"]
    assert all(len(payload) <= 4_096 for _, payload in chunks)
    assert all(len(payload) % 4 == 0 for _, payload in chunks[:-1])
    payload = b"".join(payload for _, payload in chunks)
    return Image.open(io.BytesIO(base64.b64decode(payload, validate=True)))


def read_iterm2(sent: bytes) -> Image.Image:
    found = re.fullmatch(rb"\x1b\]1337;File=inline=1;size=(\d+):([^\x07]*)\x07", sent)
    assert found
    data = base64.b64decode(found[2], validate=True)
    assert len(data) == int(found[1])
    return Image.open(io.BytesIO(data))


def read_sixel(sent: bytes) -> Image.Image:
    """A Sixel reader by DEC STD 070: what is never drawn stays transparent."""
    found = re.fullmatch(rb'\x1bP0;1q"1;1;(\d+);(\d+)([!-~]*)\x1b\\', sent)
    assert found
    size = int(found[1]), int(found[2])
    picture = Image.new("RGBA", size)
    colours: dict[int, tuple[int, ...]] = {}
    x = top = colour = 0
    repeat = 1
    for number, values, times, sign in re.findall(
        rb"#(\d+)((?:;\d+){4})?|!(\d+)(?=[?-~])|([$?-~-])", found[3]
    ):
        if number:
            colour = int(number)
            if values:
                _, red, green, blue = map(int, values[1:].split(b";"))
                colours[colour] = tuple(round(c * 2.55) for c in (red, green, blue))
        elif times:
            repeat = int(times)
            continue
        elif sign == b"$":
            x = 0
        elif sign == b"-":
            x, top = 0, top + 6
        else:
            for column in range(x, x + repeat):
                for bit in range(6):
                    if sign[0] - 63 >> bit & 1:
                        picture.putpixel((column, top + bit), (*colours[colour], 255))
            x += repeat
        repeat = 1
    return picture


READERS = {Way.KITTY: read_kitty, Way.ITERM2: read_iterm2, Way.SIXEL: read_sixel}


@pytest.mark.parametrize("way", Way)
@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP"])
async def test_a_picture_comes_out_as_it_went_in_made_to_fit(way: Way, form: str) -> None:
    sent = await Pictures(way).prepare(encoded(RED, form))
    shown = READERS[way](sent).convert("RGBA")
    assert shown.size == (200, 50), "half as large: the room is 200 x 200"
    red, green, blue, alpha = shown.getpixel((100, 25))  # type: ignore[misc]  # RGBA
    assert red > 245
    assert max(green, blue) < 10
    assert alpha == 255


async def test_many_chunks() -> None:
    noise = Image.effect_noise((200, 200), 90).convert("RGB")
    shown = read_kitty(await Pictures("kitty").prepare(encoded(noise, "PNG")))
    assert shown.convert("RGB").tobytes() == noise.tobytes()


def test_sixel_keeps_colours_and_what_is_transparent() -> None:
    picture = Image.new("RGBA", (30, 20), (0, 0, 0, 0))
    picture.paste((255, 0, 0, 255), (0, 0, 9, 13))
    picture.paste((0, 0, 255, 255), (7, 5, 29, 20))
    shown = read_sixel(b"\x1bP0;1q" + sixel(picture) + b"\x1b\\")
    assert shown.tobytes() == picture.tobytes()


def test_a_small_picture_is_not_made_larger_and_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # EXIF: turn it by 90 degrees
    body = encoded(Image.new("RGB", (30, 10), "blue"), "JPEG", exif=exif)
    assert fitted(body, 200, 200).size == (10, 30)


# ── a stranger's bytes ──────────────────────────────────────────────────────────────────────

BOMB = encoded(Image.new("L", (20_000, 10_000)), "PNG")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        encoded(RED, "BMP"),
        encoded(RED, "PNG")[:80],
        BOMB,
    ],
    ids=["nothing", "svg", "bmp", "cut", "bomb"],
)
async def test_what_is_no_picture(body: bytes) -> None:
    with pytest.raises(HandoffError, match=r"^This is no picture that can be read"):
        await Pictures("kitty").prepare(body)


CHILDREN = {
    "prints": ("print('\\x1b]52;c;eA==\\x07')", "gave no picture"),
    "without end": ("while True: sys.stdout.write('A' * 65536)", "no picture that can be read"),
    "crashes": ("import os; os.abort()", "no picture that can be read"),
}


@pytest.mark.parametrize("way", ["kitty", "sixel"])
@pytest.mark.parametrize(("script", "says"), CHILDREN.values(), ids=CHILDREN)
async def test_a_child_that_somebody_took_over_shows_nothing(
    way: str, script: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "_START", f"import sys\n{script}")
    monkeypatch.setattr(pictures, "MAX_ANSWER_BYTES", 1 << 20)
    with pytest.raises(HandoffError, match=says):
        await Pictures(way).prepare(b"x")


async def test_a_picture_that_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "_START", "import time; time.sleep(600)")
    monkeypatch.setattr(pictures, "DEADLINE_S", 0.2)
    with pytest.raises(HandoffError, match=r"^The picture could not be read within 0\.2 s\.$"):
        await Pictures("kitty").prepare(b"x" * 1_000_000)


def test_the_child_is_limited() -> None:
    script = (
        "import resource, sys; from nordic_tui.handoff.picture_child import _limit_resources; "
        "_limit_resources(); print(resource.getrlimit(resource.RLIMIT_AS)[0], "
        "resource.getrlimit(resource.RLIMIT_NOFILE)[0])"
    )
    paths = os.pathsep.join(sys.path)
    done = subprocess.run(
        [sys.executable, "-c", script], env={"PYTHONPATH": paths}, capture_output=True, check=True
    )
    assert done.stdout.split() == [b"%d" % (1 << 30), b"16"]


# ── the terminal ────────────────────────────────────────────────────────────────────────────

DRAW = (
    "from nordic_tui.handoff.pictures import Pictures; "
    "Pictures('kitty').draw(b'[the picture]', 'A street'); print('back')"
)
ASK = (
    "from nordic_tui.handoff.pictures import Pictures; p = Pictures(); print(p.must_ask); p.ask(); "
    "print('way', p.way, p.must_ask, p.why_not())"
)


@pytest.fixture
def path_of_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(path or str(Path.cwd()) for path in sys.path))


@pytest.mark.usefixtures("path_of_python")
def test_a_picture_stands_there_until_a_key() -> None:
    terminal = Terminal("-c", DRAW)
    try:
        terminal.wait_for("A street")
        assert terminal.display[0].startswith("[the picture]")
        assert terminal.display[-1].startswith("A street")
        terminal.type("\x1b[B")
        assert terminal.end() == 0
        sent = terminal.sent
        assert sent.startswith(b"\x1b[?1049h")
        assert sent.index(b"\x1b_Ga=d,d=A,q=2\x1b\\") < sent.index(b"\x1b[?1049l")
        assert sent.rstrip().endswith(b"back")
        assert terminal.before == _attributes(terminal)
    finally:
        terminal.close()


def _attributes(terminal: Terminal) -> list[object]:
    import termios

    return termios.tcgetattr(terminal._master)


@pytest.mark.usefixtures("path_of_python")
@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("\x1b[?62;4c", "way sixel False"),
        ("\x1b_Gi=31;OK\x1b\\\x1b[?62c", "way kitty False"),
        ("\x1b[?62c", "way None False This terminal says"),
    ],
)
def test_the_terminal_is_asked(answer: str, words: str) -> None:
    terminal = Terminal("-c", ASK)
    try:
        terminal.wait_for("True")
        while b"\x1b[c" not in terminal.sent:
            assert terminal.read(10)
        terminal.type(answer)
        terminal.wait_for(words)
        assert terminal.end() == 0
    finally:
        terminal.close()

"""The child: what it answers alone, what it may not do, and what comes of it if it lies."""

import json
import signal
import struct
import subprocess
import sys
import tracemalloc
from pathlib import Path

import psutil
import pytest

from nordic_tui.decode import child, process
from nordic_tui.decode.article import is_installed
from nordic_tui.decode.worker import DecodeWorker
from nordic_tui.errors import ExtraMissing, NotAFeed, WorkerDied
from nordic_tui.text import clean
from tests.benchmarks import material

from .helpers import URL
from .working import ARTICLE, GOOD, SLOW, children

# ── the child alone ─────────────────────────────────────────────────────────────────────────


def run_child(
    requests: bytes, max_memory_bytes: int = 1 << 30
) -> subprocess.CompletedProcess[bytes]:
    start = "import sys; sys.path[:] = sys.argv[1:]; from nordic_tui.decode.child import main"
    return subprocess.run(
        [sys.executable, "-I", "-c", f"{start}; main({max_memory_bytes})", *sys.path],
        input=requests,
        capture_output=True,
        timeout=30,
        check=False,
    )


def frame(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data


def asked(kind: str, body: bytes, title: str = "") -> bytes:
    request = {"kind": kind, "media_type": "", "url": URL, "title": title, "deadline_s": 20}
    return frame(json.dumps(request).encode()) + frame(body)


def answers(written: bytes) -> str:
    """The kinds of the answers."""
    kinds = ""
    while written:
        (length,) = struct.unpack(">I", written[:4])
        kinds += chr(written[4])
        written = written[4 + length :]
    return kinds


@pytest.mark.parametrize("broken_off", [b"", b"\0\0", frame(b"{}"), frame(b"{}") + b"\0\0\0\x07{"])
def test_the_child_ends_with_its_input(broken_off: bytes) -> None:
    ended = run_child(broken_off)
    assert (ended.returncode, ended.stdout) == (0, b"")


def test_each_request_has_its_answers_and_a_refusal_ends_nothing() -> None:
    library = b'{"format": "nordic-tui-library", "version": 1, "posts": []}'
    terms = b'[{"id": 1, "slug": "a", "name": "A"}]'
    said = {
        asked("feed", GOOD): "PV",
        asked("parts", GOOD): "PV",
        asked("parts", material.rss(0, range(300))): "PPPV",
        asked("page", b"<title>a</title>"): "V",
        asked("terms", terms): "V",
        asked("subscriptions", b"<opml><body/></opml>"): "V",
        asked("library", library): "PV",
        asked("library", b"{}"): "N",
        asked("feed", b"x"): "N",
        asked("article", b"x"): "N",
        asked("article", ARTICLE): "V" if is_installed() else "E",
    }
    ended = run_child(b"".join(said))
    assert answers(ended.stdout) == "".join(said.values())
    assert ended.returncode == 0


def test_the_child_says_that_memory_is_short_and_goes_on() -> None:
    hungry = b"[" + b'{"a":1},' * 1_000_000 + b"1]"
    ended = run_child(asked("feed", hungry) + asked("feed", GOOD), 200_000_000)
    assert answers(ended.stdout) == "MPV"


def test_the_child_says_that_an_extra_is_missing_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "trafilatura.py").write_text("raise ImportError('broken', name='trafilatura')")
    monkeypatch.syspath_prepend(tmp_path)
    ended = run_child(asked("article", ARTICLE) + asked("feed", GOOD))
    assert answers(ended.stdout) == "EPV"


def test_the_child_does_not_guess_what_an_unknown_request_means() -> None:
    ended = run_child(asked("nothing", ARTICLE))
    assert (ended.returncode, ended.stdout) == (1, b"")


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ("socket.connect", ()),
        ("os.system", ("true",)),
        ("open", ("a", "w", 1)),
        ("open", ("a", None, 64)),
    ],
)
def test_what_is_no_part_of_decoding_is_refused(event: str, said: tuple[object, ...]) -> None:
    with pytest.raises(PermissionError):
        child._refuse(event, said)


@pytest.mark.parametrize(
    ("event", "said"), [("import", ("a",)), ("open", ("a", "r", 0)), ("open", (3, None, None))]
)
def test_what_is_part_of_decoding_is_not(event: str, said: tuple[object, ...]) -> None:
    child._refuse(event, said)


def test_the_child_ends_itself_when_nobody_stops_it() -> None:
    # Five seconds of grace after the deadline, which is told as four seconds ago.
    request = b'{"kind": "feed", "media_type": "", "url": "", "deadline_s": -4}'
    ended = run_child(frame(request) + frame(SLOW))
    assert ended.returncode == -signal.SIGALRM


def test_the_parents_side_imports_no_parser() -> None:
    code = (
        "import sys; sys.path[:] = sys.argv[1:]; import nordic_tui.decode.worker; "
        "print([name for name in ('feedparser', 'xml.sax', 'textual') if name in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-I", "-c", code, *sys.path], capture_output=True, check=True, text=True
    )
    assert result.stdout == "[]\n"


def test_the_child_outlives_no_parent_that_was_killed(tmp_path: Path) -> None:
    """Neither in the middle of a body, nor between two."""
    start = "import sys; sys.path[:] = sys.argv[1:]; from nordic_tui.decode.child import main"
    parent = (
        "import subprocess, sys, time; child = subprocess.Popen("
        f"[sys.executable, '-I', '-c', {start + '; main(1 << 30)'!r}, *sys.path],"
        " stdin=subprocess.PIPE, stdout=subprocess.DEVNULL); print(child.pid, flush=True);"
        " child.stdin.write(sys.stdin.buffer.read()); child.stdin.flush(); time.sleep(60)"
    )
    request = b'{"kind": "feed", "media_type": "", "url": "", "deadline_s": -4}'
    for said in (b"", frame(request) + frame(SLOW)):
        with subprocess.Popen(
            [sys.executable, "-c", parent], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            child = psutil.Process(int(process.stdout.readline()))
            process.stdin.write(said)
            process.stdin.close()
            process.kill()
        child.wait(timeout=30)


# ── what the child may not do ───────────────────────────────────────────────────────────────

LIMITS = {
    psutil.RLIMIT_AS: 1 << 30,
    psutil.RLIMIT_CORE: 0,
    psutil.RLIMIT_FSIZE: 0,
    psutil.RLIMIT_NOFILE: 16,
    psutil.RLIMIT_NPROC: 0,
}
ATTEMPTS = """
import os, socket, subprocess, urllib.request
attempts = [
    lambda: open("/tmp/nordic-tui-was-here", "w"),
    lambda: os.open("/tmp/nordic-tui-was-here", os.O_CREAT | os.O_WRONLY),
    lambda: os.remove("/tmp/nordic-tui-was-here"),
    lambda: socket.socket(),
    lambda: socket.getaddrinfo("localhost", 80),
    lambda: subprocess.Popen(["true"]),
    lambda: os.system("true"),
    lambda: os.fork() or os._exit(0),
    lambda: os.execv("/bin/true", ["true"]),
    lambda: os.kill(os.getppid(), 0),
    lambda: urllib.request.urlopen("http://127.0.0.1:9/"),
]
said = ""
for attempt in attempts:
    try:
        attempt()
    except PermissionError:
        said += "n"
    else:
        said += "y"
open(__file__).close()
raise ImportError("", name=said)
"""


async def test_a_library_in_the_child_reads_files_and_does_nothing_else(
    worker: DecodeWorker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "trafilatura.py").write_text(ATTEMPTS)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ExtraMissing, match=rf"\({'n' * 11}\)$"):
        await worker.article(ARTICLE, url=URL)
    assert not (tmp_path / "__pycache__").exists()


def opened(child: psutil.Process, descriptor: int) -> str:
    return str(Path(f"/proc/{child.pid}/fd/{descriptor}").readlink())


async def test_the_child_has_limits_and_no_secrets(
    worker: DecodeWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FEED_PASSWORD", "secret")
    await worker.decode(GOOD)
    (child,) = children()
    assert {kind: child.rlimit(kind)[0] for kind in LIMITS} == LIMITS
    assert "secret" not in str(child.environ())
    assert child.nice() > psutil.Process().nice()
    # What a library prints comes to nobody's screen.
    assert {opened(child, 1), opened(child, 2)} == {"/dev/null"}


# ── a child that lies ───────────────────────────────────────────────────────────────────────

LIAR = """
import struct, sys, time
def take():
    return sys.stdin.buffer.read(struct.unpack(">I", sys.stdin.buffer.read(4))[0])
def say(data):
    sys.stdout.buffer.write(struct.pack(">I", len(data)) + data)
    sys.stdout.buffer.flush()
take(), take()
head = b'["t", "", [], false, null, "", "", false]'
post = b'["", "", "p", null, null, [], [], [], "", 0, false, false, [], 0, []]'
try:
    {}
    time.sleep(60)
except BrokenPipeError:
    pass
"""
LIES = {
    "no frame": "sys.stdout.buffer.write(b'no'); sys.exit()",
    "a frame that breaks off": "sys.stdout.buffer.write(struct.pack('>I', 9) + b'V'); sys.exit()",
    "a frame of 4 GB": "sys.stdout.buffer.write(b'\\xff' * 4); sys.stdout.buffer.flush()",
    "a frame of no kind": "say(b'Z' + head + b'\\0')",
    "an empty frame": "say(b'')",
    "no feed": "say(b'V{}')",
    "posts of wrong types": "say(b'V' + head + b'\\n' + post.replace(b'false', b'0') + b'\\0')",
    "a million lines": "say(b'V' + head + b'\\n1' * 1_000_000 + b'\\0')",
    "lists by the million": "say(b'V' + head + b'\\n[' + b'[],' * 2_000_000 + b'[]]\\0')",
    "more posts than are read": "say(b'V' + head + (b'\\n' + post) * 20_001 + b'\\0')",
    "parts without end": "\n    while True: say(b'P' + head + b'\\0')",
    "posts without end": "\n    while True: say(b'P' + head + (b'\\n' + post) * 9_000 + b'\\0')",
}
PARTS = {
    "feed": "\n    for _ in range(999): say(b'P' + head + b'\\n' + post + b'\\0')",
    "library": "\n    for _ in range(999): say(b'P[[], 0]' + b' ' * 99)",
}
MOST_BYTES = 60_000_000


@pytest.mark.parametrize("lie", LIES)
async def test_a_lie_is_the_same_as_a_crash(lie: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_START", LIAR.format(LIES[lie]))
    worker = DecodeWorker()
    tracemalloc.start()
    try:
        for call in (worker.decode, worker.page, worker.library):
            with pytest.raises(WorkerDied, match=r"^made the parser crash$"):
                await call(GOOD)
        assert tracemalloc.get_traced_memory()[1] < MOST_BYTES
    finally:
        tracemalloc.stop()
        await worker.close()


@pytest.mark.parametrize(
    ("limit", "kind"), [("_MAX_FEED_BYTES", "feed"), ("_MAX_LIBRARY_BYTES", "library")]
)
async def test_parts_that_are_too_much_together_are_given_up(
    limit: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "_START", LIAR.format(PARTS[kind]))
    monkeypatch.setattr(f"nordic_tui.decode.worker.{limit}", 10_000)
    worker = DecodeWorker()
    with pytest.raises(WorkerDied, match=r"^needs more memory than allowed to read$"):
        await (worker.decode(GOOD) if kind == "feed" else worker.library(GOOD))
    assert children() == []
    await worker.close()


async def test_what_a_liar_refuses_with_passes_the_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    said = "say(b'N\\x1b]0;a\\x07\\xc2\\x9b31m' + b'a' * 1_000_000)"
    monkeypatch.setattr(process, "_START", LIAR.format(said))
    worker = DecodeWorker()
    with pytest.raises(NotAFeed) as refused:
        await worker.decode(GOOD)
    assert str(refused.value) == clean.line("a" * 1_000, 300)
    await worker.close()


async def test_a_liar_that_drips_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    # Each part within the deadline, and all of them together never.
    drip = "\n    while True: say(b'P' + head + b'\\n' + post + b'\\0'); time.sleep(0.1)"
    monkeypatch.setattr(process, "_START", LIAR.format(drip))
    monkeypatch.setattr(process, "_DEADLINES", 0.5)
    worker = DecodeWorker(deadline_s=2.0)
    with pytest.raises(WorkerDied, match="took longer than"):
        await worker.decode(GOOD)
    await worker.close()

"""The decoding process: same answers, bounded time and memory, and always a next one."""

import asyncio
import contextlib
import fcntl
import gc
import json
import signal
import struct
import subprocess
import sys
import threading
import tracemalloc
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from nordic_tui.decode import child, process
from nordic_tui.decode.article import find_article, is_installed
from nordic_tui.decode.detect import decode
from nordic_tui.decode.worker import DecodeWorker
from nordic_tui.errors import ExtraMissing, NotAFeed, WorkerDied
from nordic_tui.model import Feed
from nordic_tui.text import clean
from tests.benchmarks import material

from .helpers import URL, sample

GOOD = sample("rss20.xml")
# Half a minute of work: feedparser's reader of damaged XML looks at each of them alone.
SLOW = b"<rss><channel><item><title>&" + b"<" * 5_000_000


@pytest.fixture
async def worker() -> AsyncIterator[DecodeWorker]:
    worker = DecodeWorker(deadline_s=120.0)  # a machine may be busy
    yield worker
    await worker.close()
    # What is left of transports and processes complains here, and pytest makes that an error.
    gc.collect()
    assert children() == []


def children() -> list[psutil.Process]:
    return [
        child
        for child in psutil.Process().children()
        if child.status() != psutil.STATUS_ZOMBIE and "nordic_tui.decode" in str(child.cmdline())
    ]


async def test_the_answer_is_that_of_decode(worker: DecodeWorker) -> None:
    assert await worker.decode(GOOD, url=URL) == decode(GOOD, url=URL)
    latin = "<rss><channel><title>Ł</title></channel></rss>".encode("iso-8859-2")
    media_type = "text/xml; charset=iso-8859-2"
    assert (await worker.decode(latin, media_type=media_type)).title == "Ł"


async def test_what_is_no_feed_is_refused_with_the_same_words(worker: DecodeWorker) -> None:
    with pytest.raises(NotAFeed, match=r"^answers with a web page, not a feed$"):
        await worker.decode(sample("page.html"))
    with pytest.raises(NotAFeed, match=r"^is empty$"):
        await worker.decode(b"")


async def test_requests_at_the_same_time_share_one_process(worker: DecodeWorker) -> None:
    names = ["rss091.xml", "atom10.xml", "jsonfeed11.json"]
    feeds = await asyncio.gather(*(worker.decode(sample(name)) for name in names))
    assert feeds == [decode(sample(name)) for name in names]
    assert len(children()) == 1


async def test_two_processes_read_two_bodies_at_the_same_time() -> None:
    worker = DecodeWorker(processes=2)
    slow = asyncio.create_task(worker.decode(SLOW))
    await asyncio.sleep(0)
    assert (await worker.decode(GOOD)).title == "Byens Råd & Rum"
    assert not slow.done()
    assert len(children()) == 2
    await worker.close()
    with pytest.raises(WorkerDied):
        await slow


async def test_one_body_after_the_other_needs_one_process() -> None:
    worker = DecodeWorker(processes=2)
    for _ in range(2):
        await worker.decode(GOOD)
    assert len(children()) == 1
    await worker.close()


@pytest.mark.parametrize(("bodies", "started"), [(0, 0), (1, 1), (9, 2)])
async def test_what_is_expected_is_started_beforehand(bodies: int, started: int) -> None:
    worker = DecodeWorker(processes=2)
    await worker.expect(bodies)
    assert len(children()) == started
    assert (await worker.decode(GOOD)).title == "Byens Råd & Rum"
    assert len(children()) == max(started, 1)
    await worker.close()
    assert children() == []


async def test_a_process_that_cannot_be_started_is_said_by_the_decode(
    worker: DecodeWorker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sys, "executable", str(tmp_path / "python"))
        await worker.expect(1)
        with pytest.raises(WorkerDied, match=r"^could not be read: the decoding process did not"):
            await worker.decode(GOOD)
    assert (await worker.decode(GOOD)).title == "Byens Råd & Rum"


async def test_a_system_whose_pipes_cannot_be_widened(
    worker: DecodeWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(fcntl, "F_SETPIPE_SZ", raising=False)
    body = material.rss(0, range(300))
    assert await worker.decode(body, url=URL) == decode(body, url=URL)


# ── in parts ────────────────────────────────────────────────────────────────────────────────


def joined(parts: list[Feed]) -> Feed:
    entries = tuple(entry for part in parts for entry in part.entries)
    return parts[-1]._replace(entries=entries)


async def test_the_parts_of_a_large_feed_are_the_whole(worker: DecodeWorker) -> None:
    body = material.rss(0, range(1_000))
    parts = [part async for part in worker.parts(body, url=URL)]
    assert len(parts) > 2
    assert all(part.title for part in parts)
    assert joined(parts) == decode(body, url=URL)


@pytest.mark.parametrize("name", ["rss20.xml", "atom10.xml", "jsonfeed11.json", "wordpress.xml"])
async def test_any_feed_can_be_read_in_parts(worker: DecodeWorker, name: str) -> None:
    parts = [part async for part in worker.parts(sample(name), url=URL)]
    assert joined(parts) == decode(sample(name), url=URL)


async def test_a_feed_that_turns_out_irregular_comes_again_as_a_whole(
    worker: DecodeWorker,
) -> None:
    body = material.rss(0, range(1_000)).replace(b"</channel>", b"<odd/></channel>")
    whole = decode(body, url=URL)
    entries = joined([part async for part in worker.parts(body, url=URL)]).entries
    before = len(entries) - len(whole.entries)
    assert before > 200
    assert entries == (*whole.entries[:before], *whole.entries)


async def test_a_feed_that_breaks_off_keeps_the_parts_before(worker: DecodeWorker) -> None:
    body = material.rss(0, range(1_000))[:-2_000]
    parts = [part async for part in worker.parts(body, url=URL)]
    assert parts[-1].cut_off
    assert len(set(joined(parts).entries)) == 999


async def test_whoever_leaves_in_the_middle_of_the_parts_leaves_no_stuck_state(
    worker: DecodeWorker,
) -> None:
    async with contextlib.aclosing(worker.parts(material.rss(0, range(1_000)))) as parts:
        await anext(parts)
    assert (await worker.decode(GOOD)).title == "Byens Råd & Rum"


async def test_no_parts_of_a_web_page(worker: DecodeWorker) -> None:
    with pytest.raises(NotAFeed, match="web page"):
        [part async for part in worker.parts(sample("page.html"))]


async def test_the_deadline_ends_a_decode_and_the_next_one_works() -> None:
    worker = DecodeWorker(deadline_s=2.0)
    with pytest.raises(WorkerDied, match=r"^took longer than 2 s to read and was stopped$"):
        await worker.decode(SLOW)
    assert children() == []
    assert (await worker.decode(GOOD)).title == "Byens Råd & Rum"
    await worker.close()


async def test_a_body_that_needs_too_much_memory() -> None:
    small = DecodeWorker(max_memory_bytes=200_000_000)
    with pytest.raises(WorkerDied, match=r"^needs more memory than allowed to read$"):
        await small.decode(b"[" + b'{"a":1},' * 1_000_000 + b"1]")
    assert (await small.decode(GOOD)).title == "Byens Råd & Rum"
    await small.close()


async def test_a_chain_of_entities_does_no_harm(worker: DecodeWorker) -> None:
    # Expat up to 2.6 calls itself for each link, until its stack is full (CVE-2024-8176).
    links = "".join(f'<!ENTITY e{n} "&e{n - 1};">' for n in range(1, 80_000))
    body = (
        f'<!DOCTYPE rss [<!ENTITY r "<rss "><!ENTITY e0 "x">{links}]>'
        '<rss version="2.0"><channel><item><title>&e79999;</title></item></channel></rss>'
    )
    assert len(body) > 2_000_000
    # Whether it crashes, refuses or reads it is up to the library: any other error fails here.
    with contextlib.suppress(NotAFeed, WorkerDied):
        await worker.decode(body.encode())
    assert (await worker.decode(GOOD)).title == "Byens Råd & Rum"


@pytest.mark.parametrize(
    ("number", "phrase"),
    [
        (signal.SIGSEGV, "^made the parser crash$"),
        (signal.SIGKILL, "^was stopped while it was read, perhaps for want of memory$"),
    ],
)
async def test_a_crash_is_said_and_the_next_decode_works(
    worker: DecodeWorker, number: signal.Signals, phrase: str
) -> None:
    await worker.decode(GOOD)
    (child,) = children()
    decoding = asyncio.create_task(worker.decode(SLOW))
    await asyncio.sleep(0)  # the request is written
    child.send_signal(number)
    with pytest.raises(WorkerDied, match=phrase):
        await decoding
    assert (await worker.decode(GOOD)).title == "Byens Råd & Rum"


async def test_a_process_that_died_between_two_requests(worker: DecodeWorker) -> None:
    await worker.decode(GOOD)
    (child,) = children()
    child.kill()
    # Whether its end was noticed before or only when writing to it, one decode later all is well.
    try:
        await worker.decode(GOOD)
    except WorkerDied:
        await worker.decode(GOOD)
    assert [each.pid for each in children()] != [child.pid]


async def test_cancelling_kills_the_process_and_leaves_no_stuck_state(
    worker: DecodeWorker,
) -> None:
    await worker.decode(GOOD)
    decoding = asyncio.create_task(worker.decode(SLOW))
    waiting = asyncio.create_task(worker.decode(GOOD))
    await asyncio.sleep(0)
    decoding.cancel()
    with pytest.raises(asyncio.CancelledError):
        await decoding
    assert (await waiting).title == "Byens Råd & Rum"


async def test_close_ends_what_runs_and_may_come_twice(worker: DecodeWorker) -> None:
    await worker.close()
    await worker.decode(GOOD)
    decoding = asyncio.create_task(worker.decode(SLOW))
    await asyncio.sleep(0)
    await worker.close()
    with pytest.raises(WorkerDied):
        await decoding
    assert children() == []
    await worker.close()


async def test_whoever_is_cancelled_while_closing_leaves_no_process(worker: DecodeWorker) -> None:
    await worker.decode(GOOD)
    (child,) = children()
    closing = asyncio.create_task(worker.close())
    await asyncio.sleep(0)  # it waits for the end
    closing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await closing
    assert not psutil.pid_exists(child.pid)  # not even its exit status is left


async def test_a_process_is_killed_once(
    worker: DecodeWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A second signal may meet a process that has just ended, of which asyncio then complains.
    killed: list[int] = []
    kill = asyncio.subprocess.Process.kill

    def count(process: asyncio.subprocess.Process) -> None:
        killed.append(process.pid)
        kill(process)

    monkeypatch.setattr(asyncio.subprocess.Process, "kill", count)
    await worker.decode(GOOD)
    (child,) = children()
    decoding = asyncio.create_task(worker.decode(SLOW))
    await asyncio.sleep(0)
    await worker.close()
    with pytest.raises(WorkerDied):
        await decoding
    assert killed == [child.pid]


def test_in_an_event_loop_outside_the_main_thread() -> None:
    feeds: list[Feed] = []

    async def work() -> None:
        worker = DecodeWorker()
        feeds.append(await worker.decode(GOOD))
        await worker.close()

    thread = threading.Thread(target=lambda: asyncio.run(work()))
    thread.start()
    thread.join()
    assert [feed.title for feed in feeds] == ["Byens Råd & Rum"]


async def test_the_package_is_found_from_any_directory(
    worker: DecodeWorker, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("elsewhere")
    # -I: a file in the current directory is no module of ours.
    (folder / "json.py").write_text("raise SystemExit")
    monkeypatch.chdir(folder)
    assert (await worker.decode(GOOD)).title == "Byens Råd & Rum"


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


# ── the text of a page ──────────────────────────────────────────────────────────────────────

needs_the_extra = pytest.mark.skipif(not is_installed(), reason="the extra fulltext is missing")
ARTICLE = b"<html><body><article>" + b"<p>Text of the post, told at length.</p>" * 20


@needs_the_extra
async def test_the_text_of_a_page_is_that_of_find_article(worker: DecodeWorker) -> None:
    here = find_article(ARTICLE, media_type="text/html", url=URL, title="A title")
    there = await worker.article(ARTICLE, media_type="text/html", url=URL, title="A title")
    assert there == here
    assert "told at length" in there.html


@needs_the_extra
async def test_a_page_that_needs_too_much_memory_is_given_up() -> None:
    worker = DecodeWorker(max_memory_bytes=120 << 20)
    try:
        with pytest.raises(WorkerDied):
            await worker.article(b"<body>" + b"<br>" * 700_000, url=URL)
        assert (await worker.decode(GOOD, url=URL)).entries
    finally:
        await worker.close()


async def test_a_page_that_is_none_is_refused_with_the_same_words(worker: DecodeWorker) -> None:
    with pytest.raises(NotAFeed, match=r"^is not a web page$"):
        await worker.article(b"%PDF-1.7", media_type="application/pdf")


async def test_an_extra_that_cannot_be_loaded_is_told(
    worker: DecodeWorker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "trafilatura.py").write_text("raise ImportError('broken', name='trafilatura')")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ExtraMissing, match="is not installed"):
        await worker.article(ARTICLE, url=URL)
    # The child goes on.
    assert (await worker.decode(GOOD, url=URL)).entries

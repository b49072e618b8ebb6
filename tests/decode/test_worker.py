"""The decoding process: same answers, bounded time and memory, and always a next one."""

import asyncio
import contextlib
import fcntl
import signal
import sys
import threading
from pathlib import Path

import psutil
import pytest

from nordic_tui.decode.article import find_article, is_installed
from nordic_tui.decode.detect import decode
from nordic_tui.decode.worker import DecodeWorker
from nordic_tui.errors import ExtraMissing, NotAFeed, WorkerDied
from nordic_tui.model import Feed
from tests.benchmarks import material

from .helpers import URL, sample
from .working import ARTICLE, GOOD, SLOW, children


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


# ── the text of a page ──────────────────────────────────────────────────────────────────────

needs_the_extra = pytest.mark.skipif(not is_installed(), reason="the extra fulltext is missing")


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

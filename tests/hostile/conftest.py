"""Decoding processes that live as long as a module of tests."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from nordic_tui.decode.worker import DecodeWorker

pytest.register_assert_rewrite("tests.hostile.bodies")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def workers() -> AsyncIterator[dict[float, DecodeWorker]]:
    """By their deadline in seconds; a test adds the one that it needs."""
    workers: dict[float, DecodeWorker] = {}
    yield workers
    for worker in workers.values():
        for process in worker._processes:
            # At the end of its input the child tells which of its lines ran; killed it can't.
            child = process._process
            if child is not None and child.stdin is not None:
                child.stdin.close()
                await child.wait()
        await worker.close()

import gc
from collections.abc import AsyncIterator

import pytest

from nordic_tui.decode.worker import DecodeWorker

from .working import children


@pytest.fixture
async def worker() -> AsyncIterator[DecodeWorker]:
    worker = DecodeWorker(deadline_s=120.0)  # a machine may be busy
    yield worker
    await worker.close()
    # What is left of transports and processes complains here, and pytest makes that an error.
    gc.collect()
    assert children() == []

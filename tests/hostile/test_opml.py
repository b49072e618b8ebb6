"""Lists of subscriptions of ill will, through the decoding process."""

import pytest

from nordic_tui.decode.worker import DecodeWorker
from nordic_tui.errors import DecodeError
from nordic_tui.model import Imported
from tests.hostile.bodies import PATIENT_S
from tests.hostile.opml import CASES, List


async def read(worker: DecodeWorker, body: bytes) -> Imported | str:
    try:
        return await worker.subscriptions(body)
    except DecodeError as error:
        return str(error)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("case", CASES, ids=str)
async def test_what_it_says_is_what_happens(case: List, workers: dict[float, DecodeWorker]) -> None:
    found = await read(workers.setdefault(PATIENT_S, DecodeWorker(PATIENT_S)), case.make())
    if isinstance(found, str):
        assert found == case.refused
        return
    assert not case.refused
    assert tuple(source.address for source in found.following.sources) == case.addresses
    assert len(found.problems) == len(case.problems)
    for told, begins in zip(found.problems, case.problems, strict=True):
        assert told.startswith(begins)
    assert case.also(found)

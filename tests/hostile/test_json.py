"""JSON of ill will, through the decoding process."""

import pytest

from nordic_tui.decode.worker import DecodeWorker
from tests.hostile.bodies import Body, check
from tests.hostile.json import CASES


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("case", CASES, ids=str)
async def test_what_it_says_is_what_happens(case: Body, workers: dict[float, DecodeWorker]) -> None:
    await check(workers.setdefault(case.deadline_s, DecodeWorker(case.deadline_s)), case)

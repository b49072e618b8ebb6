"""10,000 generated inputs, other ones in each run; what fails says how to make it again."""

from collections.abc import Iterator

import pytest

from tests.generated import properties
from tests.generated.safe import why_unsafe
from tests.generated.subjects import SUBJECTS, try_many

INPUTS = 10_000


@pytest.fixture(scope="module", autouse=True)
def _searched() -> Iterator[None]:
    yield
    properties.close()


@pytest.mark.parametrize("name", SUBJECTS)
def test_it_holds(name: str) -> None:
    each = -(-INPUTS // len(SUBJECTS))
    assert try_many(SUBJECTS[name], each) >= each


@pytest.mark.parametrize(
    "text",
    [
        *(
            "a\x1bb",
            "a\x9bb",
            "a\tb",
            "a\x7fb",
            "\ud800",
            "a\u2028b",
            "\u202ea",
            "\u2066a",
            "a\u200fb",
        ),
        *(
            "a\u200bb",
            "a\ufeffb",
            "a\xadb",
            "\U000e0041",
            "a\ufffe",
            "\ufdd0",
            "\u200da",
            "a\u200d",
        ),
        *("e\u0301", "x" + "\u0338" * 5, "\ufe0f"),
    ],
)
def test_the_oracle_refuses(text: str) -> None:
    assert why_unsafe(text)


@pytest.mark.parametrize(
    "text",
    ["Århus", "a b", "👩\u200d👧", "1\ufe0f\u20e3", "مرحبا", "x" + "\u0338" * 4, "क\u094d\u200dष"],
)
def test_the_oracle_lets_pass(text: str) -> None:
    assert not why_unsafe(text)

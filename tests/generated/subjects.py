"""What is tried: for each subject the inputs and what must hold of them."""

from collections.abc import Callable
from typing import Any, NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.generated import properties, strategies


class Subject(NamedTuple):
    """One kind of input and its property, as a function of as many arguments as it has parts."""

    inputs: tuple[st.SearchStrategy[Any], ...]
    holds: Callable[..., None]


SUBJECTS = {
    "gate": Subject((strategies.TEXTS,), properties.gate),
    "html": Subject((strategies.MARKUP,), properties.markup),
    "dates": Subject((strategies.DATES, strategies.FIELDS), properties.dates),
    "json": Subject((strategies.JSON_BODIES,), properties.feed),
    "opml": Subject((strategies.OPML_BODIES,), properties.subscriptions),
    "search, any text": Subject((strategies.TYPED,), properties.typed),
    "search, against a model": Subject((strategies.UNDERSTOOD,), properties.understood),
}


def try_many(subject: Subject, examples: int) -> int:
    """Try about so many inputs; gives how many it were. Raises what the property raises, for the
    smallest input found. Hypothesis stops early where a kind of input has no more of them."""
    tried = 0

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.tuples(*subject.inputs))
    def run(parts: tuple[Any, ...]) -> None:
        nonlocal tried
        tried += 1
        subject.holds(*parts)

    run()
    return tried

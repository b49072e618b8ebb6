"""The counts of the sidebar are made behind the screen, one at a time."""

from collections.abc import Sequence
from concurrent.futures import Future

import pytest

from nordic_tui.errors import StoreBusy
from nordic_tui.model import Place, PlaceKind
from nordic_tui.tui.counting import Counting

ALL = [Place(PlaceKind.ALL, 0, "All posts", 1, 1)]


class SlowLibrary:
    """Its counts come when the test says so."""

    def __init__(self) -> None:
        self.asked: list[Future[list[Place]]] = []

    def count_places(self) -> Future[list[Place]]:
        self.asked.append(Future())
        return self.asked[-1]


class Heard:
    def __init__(self) -> None:
        self.library = SlowLibrary()
        self.places: list[Sequence[Place]] = []
        self.reasons: list[str] = []
        self.counting = Counting(self.library, self.places.append, self.reasons.append)


@pytest.fixture
def heard() -> Heard:
    return Heard()


def test_what_changes_while_it_is_counted_is_counted_once_more_and_not_more_often(
    heard: Heard,
) -> None:
    heard.counting.ask()
    heard.counting.ask()
    heard.counting.ask()
    assert len(heard.library.asked) == 1
    heard.library.asked[0].set_result(ALL)
    assert heard.places == [ALL]
    heard.counting.taken()
    assert len(heard.library.asked) == 2
    heard.library.asked[1].set_result([])
    heard.counting.taken()
    assert heard.places == [ALL, []]
    assert len(heard.library.asked) == 2


def test_a_count_that_fails_is_told_and_the_next_is_made(heard: Heard) -> None:
    heard.counting.ask()
    heard.library.asked[0].set_exception(StoreBusy("The cache is in use."))
    assert (heard.places, heard.reasons) == ([], ["The cache is in use."])
    heard.counting.taken()
    heard.counting.ask()
    heard.library.asked[1].set_result(ALL)
    assert heard.places == [ALL]

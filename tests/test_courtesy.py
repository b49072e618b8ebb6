import pytest

from nordic_tui.courtesy import ANSWER_S, Courtesy


class World:
    """A clock that stands, and what was slept."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []
        self.courtesy = Courtesy(monotonic=lambda: self.now, sleep=self.slept.append)


def test_who_is_behind_waits_out_what_is_left_of_an_answer() -> None:
    world = World()
    world.courtesy.begin()
    world.now += ANSWER_S / 4
    world.courtesy.give_way()
    assert world.slept == [pytest.approx(ANSWER_S * 3 / 4)]


def test_nobody_waits_where_no_key_is_answered() -> None:
    world = World()
    world.courtesy.give_way()
    world.courtesy.begin()
    world.now += ANSWER_S
    world.courtesy.give_way()
    assert world.slept == []


def test_a_clock_that_is_set_back_holds_nobody_up() -> None:
    world = World()
    world.courtesy.begin()
    world.now -= 3_600
    world.courtesy.give_way()
    assert world.slept == [ANSWER_S]

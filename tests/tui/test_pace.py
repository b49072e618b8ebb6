"""How much may be on its way to a slow terminal. Times are made up: nothing waits."""

from nordic_tui.tui.pace import PATIENCE_S, SLOW_S, SWIFT_S, WINDOW_MIN, Pace

SLOW = SLOW_S + 0.1


def answering(took_s: float = SLOW) -> Pace:
    pace = Pace()
    assert pace.send(1, now=0)
    pace.answer(now=took_s)
    return pace


def test_nothing_waits_for_the_first_answer() -> None:
    pace = Pace()
    assert pace.send(100_000, now=0)  # it is asked
    assert not pace.send(100_000, now=0)  # once
    assert pace.has_room(now=0)
    assert not pace.waits


def test_who_answers_is_sent_no_more_than_it_can_draw_in_a_second() -> None:
    pace = answering()
    assert not pace.send(WINDOW_MIN // 2 - 1, now=1)  # so little asks nothing
    assert pace.send(1, now=1)
    assert pace.has_room(now=1)
    pace.send(WINDOW_MIN // 2, now=1)
    assert not pace.has_room(now=1)
    pace.answer(now=1 + SLOW)
    assert pace.has_room(now=2)  # what was sent behind the question is not answered yet
    pace.send(WINDOW_MIN, now=2)
    assert not pace.has_room(now=2)


def test_who_answers_at_once_is_sent_more_and_more() -> None:
    pace = answering(SWIFT_S / 2)
    pace.send(WINDOW_MIN, now=1)
    assert pace.has_room(now=1)
    pace.answer(now=1 + SLOW)  # and less where that was too much
    pace.send(WINDOW_MIN, now=2)
    assert not pace.has_room(now=2)


def test_a_lost_answer_stops_nothing_for_long() -> None:
    pace = answering()
    pace.send(2 * WINDOW_MIN, now=1)
    assert not pace.has_room(now=1 + PATIENCE_S)
    assert pace.has_room(now=1 + PATIENCE_S + 0.1)
    pace.answer(now=9)  # late: it is not of any question
    assert pace.has_room(now=9)

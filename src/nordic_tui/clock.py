"""The time, as something that is handed in: tests and the demo bring a clock of their own."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Gives the time now, aware, in UTC."""


def system_clock() -> datetime:
    return datetime.now(UTC)

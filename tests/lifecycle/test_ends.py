"""The end, wherever the reader is: the rows of `python -m tests.lifecycle` that differ most."""

from pathlib import Path

import pytest

from tests.lifecycle.events import EVENTS, happen, reader_at
from tests.lifecycle.places import DEAF, PLACES

ROWS = (
    ("at the first byte", "SIGINT"),
    ("in the consent dialog", "SIGHUP"),
    ("in the list", "SIGTERM, then SIGHUP"),
    ("as a dialog opens", "SIGTERM twice"),
    ("in a text field", "the window is closed"),
    ("in a long text", "SIGINT"),
    ("in a refresh without an answer", "SIGTERM"),
    ("in an archive without an answer", "SIGHUP"),
    ("while a body is decoded", "SIGTERM"),
    ("while a command has a post", "the window is closed"),
    ("while a browser is open", "SIGHUP"),
    ("while stopped", "SIGTERM"),
    (DEAF.name, "SIGTERM"),
)


@pytest.mark.parametrize(("where", "what"), ROWS)
def test_all_is_as_it_was(where: str, what: str, tmp_path: Path) -> None:
    place = next(each for each in (*PLACES, DEAF) if each.name == where)
    event = next(each for each in EVENTS if each.name == what)
    with reader_at(place, tmp_path) as reader:
        came = happen(event, place, reader)
    assert came.left == ()
    assert came.status == event.status

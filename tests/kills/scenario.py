"""What the program is killed at: one class each, with what is prepared, done and must hold after.

`do` says each act before it is begun ("begin star 3") and when it was acknowledged ("done star 3").
`check` is called twice with what was said: `found` looks at the files as they were left, `after`
starts the program on them. Both give what is wrong, sentences.
"""

from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from typing import Protocol

from nordic_tui.cli import main
from nordic_tui.config.paths import Paths
from nordic_tui.model import Answer, Entry
from nordic_tui.store.identity import post_id

from . import looking, world
from .world import NEWS, WAIT_S

Tell = Callable[[str], None]


class Scenario(Protocol):
    """name: in the table. damages: whether files may be damaged on purpose, as it erases them or
    sets them aside. prepare: makes the home that is copied for each kill."""

    @property
    def name(self) -> str: ...
    @property
    def damages(self) -> bool: ...

    def prepare(self, paths: Paths) -> None: ...
    def do(self, paths: Paths, tell: Tell) -> None: ...
    def found(self, paths: Paths, told: Sequence[str]) -> list[str]:
        """What is wrong with the files as they were left."""
        ...

    def after(self, paths: Paths, told: Sequence[str]) -> list[str]:
        """What is wrong once the program has started on them."""
        ...


def command(*words: str) -> tuple[int, str]:
    """The exit status and output of the real command."""
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = main(list(words))
    return status, out.getvalue() if not status else err.getvalue()


def prepared(paths: Paths, *, keep: bool = True) -> None:
    """The old editions are here; with consent, News 4 and 5 were read, News 3 and 4 starred."""
    with world.started(paths, world.old_edition()) as parts:
        world.refresh(parts)
        world.settle(parts)
        if keep:
            parts.history.decide(Answer.KEEP)
        known = world.ids(parts)
        for title in ("News 3", "News 4"):
            parts.keeping.star(known[title], True).result(WAIT_S)
        for title in ("News 4", "News 5"):
            parts.history.mark(known[title], True).result(WAIT_S)


def lost_of_the_prepared(paths: Paths) -> list[str]:
    stars = {post for (post,) in looking.rows(paths.library_file, "SELECT post FROM star")}
    marks = {post for (post,) in looking.rows(paths.history_file, "SELECT post FROM read_mark")}
    numbers = {n: post_id(NEWS, Entry(guid=f"News-{n}")) for n in (3, 4, 5)}
    problems = [f"the star of News {n} is lost" for n in (3, 4) if numbers[n] not in stars]
    return problems + [f"the mark of News {n} is lost" for n in (4, 5) if numbers[n] not in marks]

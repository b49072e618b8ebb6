"""`nordic-tui undo` and `redo`: whatever a person did last, on the screen or in the shell."""

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from nordic_tui.cli.arguments import Command
from nordic_tui.cli.console import DONE, say
from nordic_tui.cli.sources import with_parts

if TYPE_CHECKING:
    from nordic_tui.service.subscriptions import Subscriptions
    from nordic_tui.wiring import Parts


def _add_arguments(parser: ArgumentParser) -> None:
    """They take none."""


def _run_undo(options: Namespace) -> int:
    def undo(parts: "Parts", _: "Subscriptions") -> int:
        say(parts.undoing.finish_undo(parts.undoing.undo().result()))
        return DONE

    return with_parts(undo)


def _run_redo(options: Namespace) -> int:
    def redo(parts: "Parts", _: "Subscriptions") -> int:
        say(parts.undoing.finish_redo(parts.undoing.redo().result()))
        return DONE

    return with_parts(redo)


UNDO = Command(
    name="undo",
    summary="take back what was done last: marks, stars, tags, changes of the sources",
    description=(
        "Take back what was done last, on the screen or in the shell, and say what it was: posts "
        "marked as read or unread, stars, tags, and what is followed: added, imported, removed, "
        "changed or moved. Again: the one before. Marks are among it where a reading history is "
        "kept. If the sources were edited by hand since, nothing is changed and the exit status "
        "is 1."
    ),
    examples=(("nordic-tui undo", "the last act"),),
    add_arguments=_add_arguments,
    run=_run_undo,
)
REDO = Command(
    name="redo",
    summary="do again what undo took back last",
    description=(
        "Do again what nordic-tui undo, or u on the screen, took back last, and say what it is. "
        "Again: the next one. After something else was done there is nothing to do again."
    ),
    examples=(("nordic-tui redo", "what was taken back last"),),
    add_arguments=_add_arguments,
    run=_run_redo,
)

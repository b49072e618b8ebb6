"""`nordic-tui demo`: the reader on a stage, with posts of its own, a clock that stands still, and
no network."""

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from nordic_tui.cli import console
from nordic_tui.cli.arguments import Command

if TYPE_CHECKING:
    from nordic_tui.demo.stage import Act


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--theme", metavar="NAME", default="", help="the colours: fjord, snow, …")


def run(options: Namespace) -> int:
    if not console.can_draw():
        raise console.UsageError("nordic-tui demo draws a screen, and this is no terminal.")
    return _play(act_of(options))


def act_of(options: Namespace) -> "Act":
    """What the options want staged. Raises UsageError."""
    from nordic_tui.demo.stage import Act
    from nordic_tui.tui.theme import theme_names

    theme = options.theme or Act().theme
    if theme not in theme_names():
        known = ", ".join(sorted(theme_names()))
        raise console.UsageError(f"{theme} is no theme. Allowed: {known}.")
    return Act(theme=theme)


def _play(act: "Act") -> int:
    """Draw the demo until it ends; returns the exit status."""
    from nordic_tui.cli.read import draw
    from nordic_tui.demo.stage import open_services, stage

    with stage(), open_services(act) as services:
        return draw(services)


COMMAND = Command(
    name="demo",
    summary="show the reader on a stage: posts of its own, no network, no trace",
    description=(
        "The reader with posts of its own, as for a talk. The clock stands still, the network is "
        "never asked, nothing is written to the disk, and every run shows the same screens."
    ),
    examples=(
        ("nordic-tui demo", "try the program, or show it"),
        ("nordic-tui demo --theme snow", "on a light ground"),
    ),
    add_arguments=add_arguments,
    run=run,
)

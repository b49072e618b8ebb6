"""`nordic-tui demo`: the reader on a stage, with posts of its own, a clock that stands still, and
no network; a tour that plays itself on it, and files of that tour."""

import os
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from nordic_tui.cli import console
from nordic_tui.cli.arguments import PRESENTER_THEME, Command, add_stage_options

if TYPE_CHECKING:
    from nordic_tui.demo.script import Tour
    from nordic_tui.demo.stage import Act

_BUNDLED = ""
"""`--tour` without a file."""


def add_arguments(parser: ArgumentParser) -> None:
    add_stage_options(parser)
    parser.add_argument(
        "--theme", metavar="NAME", default="", help="the colours: fjord, snow, polar, nord …"
    )
    tour = parser.add_argument_group("a tour")
    tour.add_argument(
        "--tour",
        metavar="FILE",
        nargs="?",
        const=_BUNDLED,
        help="play a tour: a TOML file of keys, waits and captions; the bundled one without FILE",
    )
    tour.add_argument(
        "--speed", metavar="N", type=float, default=1.0, help="how fast it plays: 2 is twice"
    )
    tour.add_argument(
        "--check", action="store_true", help="say what is wrong with the tour, and how long it is"
    )
    tour.add_argument(
        "--record",
        metavar="FILE",
        help="write the tour: talk.cast (asciicast) or talk.svg (moving)",
    )
    tour.add_argument("--screenshot", metavar="FILE", help="write one moment: talk.svg or talk.png")
    tour.add_argument(
        "--at",
        metavar="WHEN",
        help="which moment of the tour: a second, or the name of a step; else the first screen",
    )


def run(options: Namespace) -> int:
    if not 0.1 <= options.speed <= 1_000:
        raise console.UsageError("--speed must be a number from 0.1 to 1000.")
    if options.at is not None and not options.screenshot:
        raise console.UsageError("--at belongs to --screenshot FILE.")
    if options.check or options.record or options.screenshot:
        return _without_screen(options)
    tour = _tour_of(options) if options.tour is not None else None
    if not console.can_draw():
        raise console.UsageError(
            "nordic-tui demo draws a screen, and needs a terminal that can show one. "
            "--check, --record FILE and --screenshot FILE need none."
        )
    act = act_of(options)
    return _play(act) if tour is None else _play_tour(tour, options.speed)


def _tour_of(options: Namespace) -> "Tour":
    """The tour that is meant, looked at with what the options say. Raises SettingsError."""
    from dataclasses import replace

    from nordic_tui.demo.script import THEMES, TOUR, read_tour

    tour = read_tour(Path(options.tour) if options.tour else TOUR)
    if options.theme and options.theme not in THEMES:
        raise console.UsageError(
            f"A tour has one of these themes: {', '.join(THEMES)}, not {options.theme}."
        )
    return replace(
        tour,
        theme=options.theme or tour.theme,
        presenter=options.presenter or tour.presenter,
        show_keys=options.keys or tour.show_keys,
    )


def _without_screen(options: Namespace) -> int:
    """Check a tour, or write files of it: all that needs no terminal."""
    for name, endings in (("record", (".cast", ".svg")), ("screenshot", (".svg", ".png"))):
        file = getattr(options, name)
        if file and Path(file).suffix not in endings:
            raise console.UsageError(f"--{name} writes {' or '.join(endings)}, not {file}.")
    tour = _tour_of(options)
    if options.check:
        from nordic_tui.demo.script import length_s
        from nordic_tui.service.words import count

        minutes, seconds = divmod(round(length_s(tour) / options.speed), 60)
        steps = count(len(tour.steps), "step", "steps")
        console.write(
            f"{tour.file} is fine: {steps}, {minutes} min {seconds} s, "
            f"made for {tour.columns}x{tour.rows}.\n"
        )
    if options.record:
        from nordic_tui.demo.showing import record

        _write(options.record, record(tour, Path(options.record), options.speed).encode())
    if options.screenshot:
        from nordic_tui.demo.showing import picture

        file = Path(options.screenshot)
        _write(options.screenshot, picture(tour, options.at or "0", file.suffix))
    return console.DONE


def _write(file: str, data: bytes) -> None:
    from nordic_tui.config.reading import reason

    try:
        Path(file).write_bytes(data)
    except OSError as error:
        raise console.OutputError(f"{file} could not be written: {reason(error)}.") from error
    console.write(f"{file}\n")


def act_of(options: Namespace) -> "Act":
    """What the options want staged. Raises UsageError."""
    from nordic_tui.demo.stage import Act
    from nordic_tui.tui.profile import chosen
    from nordic_tui.tui.theme import theme_names

    theme = options.theme or (PRESENTER_THEME if options.presenter else Act().theme)
    if theme not in theme_names():
        known = ", ".join(sorted(theme_names()))
        raise console.UsageError(f"{theme} is no theme. Allowed: {known}.")
    return Act(
        theme=theme,
        shows_keys=options.keys,
        presenter=options.presenter,
        profile=chosen("auto", os.environ),
        is_whole=True,
    )


def _play(act: "Act") -> int:
    """Draw the demo until it ends; returns the exit status."""
    from nordic_tui.cli.read import draw
    from nordic_tui.demo.stage import open_services, stage

    with stage(heeds_no_color=True), open_services(act) as services:
        return draw(services)


def _play_tour(tour: "Tour", speed: float) -> int:
    """Draw the demo with a tour in it until it ends; returns the exit status."""
    from nordic_tui.cli.read import draw
    from nordic_tui.demo.playhouse import Playhouse
    from nordic_tui.demo.showing import act_of
    from nordic_tui.demo.stage import open_services, stage

    console.measure_window()
    console.heed_colours()
    with stage(heeds_no_color=True), open_services(act_of(tour)) as services:
        return draw(services, Playhouse(services, tour, speed))


COMMAND = Command(
    name="demo",
    summary="show the reader on a stage: posts of its own, no network, no trace",
    description=(
        "The reader with posts of its own, as for a talk. The clock stands still, the network is "
        "never asked, nothing is written to the disk, and every run shows the same screens."
    ),
    examples=(
        ("nordic-tui demo", "try the program, or show it"),
        ("nordic-tui demo --presenter --keys", "before a room"),
        ("nordic-tui demo --theme snow", "on a light ground"),
        ("nordic-tui demo --tour", "a talk of three minutes that plays itself"),
        ("nordic-tui demo --tour mine.toml --check", "look at a tour of your own"),
        ("nordic-tui demo --record talk.cast", "the same as a file for asciinema"),
        ("nordic-tui demo --screenshot talk.png --at search", "a moment of it for a slide"),
    ),
    add_arguments=add_arguments,
    run=run,
)

"""What `nordic-tui demo` does with a tour: play it before people, or make files of it.

act_of      what a tour wants staged
record      a tour as an asciicast (.cast) or as a moving picture (.svg)
picture     one moment of a tour, or the first screen, as SVG or PNG
"""

from pathlib import Path

from nordic_tui.demo.cast import cast
from nordic_tui.demo.film import Film, at, shoot
from nordic_tui.demo.script import Step, Tour, moment
from nordic_tui.demo.stage import NOW, Act, open_services, stage
from nordic_tui.encode.png import open_png
from nordic_tui.encode.svg import Scene, moving, still
from nordic_tui.tui.picture import drawn

PLACE_S = 0.12
"""In a moving picture: frames that follow closer than this upon each other are one."""


def act_of(tour: Tour) -> Act:
    return Act(
        theme=tour.theme,
        asks_consent=tour.asks_consent,
        shows_keys=tour.show_keys,
        presenter=tour.presenter,
        is_whole=True,
    )


def film_of(tour: Tour, speed: float = 1.0, until: float | Step | None = None) -> Film:
    """The frames of a tour, to a second, to the end of a step, or all. Raises NotSeen."""
    last = until if isinstance(until, Step) else None
    until_s = None if isinstance(until, Step) else until
    with stage(), open_services(act_of(tour)) as services:
        return shoot(services, tour, speed=speed, until_s=until_s, last=last)


def record(tour: Tour, file: Path, speed: float = 1.0) -> str:
    """Give what a recording's file holds, by the ending of its name. Raises NotSeen."""
    film = film_of(tour, speed)
    return moving_picture(film) if file.suffix == ".svg" else cast(film, NOW)


def moving_picture(film: Film) -> str:
    """The film as an SVG that plays by itself. Raises nothing."""
    scenes: list[Scene] = []
    for frame in film.frames:
        if scenes and frame.at_s - scenes[-1].at_s < PLACE_S:
            scenes[-1] = Scene(scenes[-1].at_s, drawn(frame.rows))
        else:
            scenes.append(Scene(frame.at_s, drawn(frame.rows)))
    scenes[0] = scenes[0]._replace(at_s=0.0)
    return moving(scenes, film.length_s, film.tour.title)


def picture(tour: Tour, when: str, suffix: str) -> bytes:
    """A moment of a tour as SVG or PNG. Raises SettingsError, NotSeen and NoPngError."""
    to_png = open_png() if suffix == ".png" else None
    meant = moment(tour, when)
    frames = film_of(tour, until=meant).frames
    # A step that waits for words ends when they come, and not at a second known before.
    frame = frames[-1] if isinstance(meant, Step) else at(frames, meant)
    svg = still(drawn(frame.rows), tour.title)
    return to_png(svg) if to_png is not None else svg.encode()

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nordic_tui import wiring
from nordic_tui.cli import main
from nordic_tui.config.paths import find_paths
from nordic_tui.config.settings import load
from nordic_tui.model import PlaceKind
from tests.terminal import Terminal
from tests.wordpress import EVENTS, NEWS, REFUSED, SUMMIT, Answer, WordPress

from .helpers import PROGRAM, feed, follow, post, settings

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def site() -> Iterator[WordPress]:
    with WordPress() as opened:
        yield opened


def counts() -> dict[str, int]:
    """The categories of the sidebar with their posts."""
    paths = find_paths()
    with wiring.open_parts(load(paths.settings_file), paths) as parts:
        places = parts.store.places()
    return {place.name: place.total for place in places if place.kind is PlaceKind.CATEGORY}


def names(site: WordPress) -> str:
    return site.address("").removeprefix("http://")


def test_the_whole_is_0_and_the_counts_are_those_of_the_site(
    site: WordPress, capsys: Captured
) -> None:
    site.publish(14, EVENTS)
    site.publish(6, SUMMIT)
    site.publish(55, NEWS)
    follow(site.address("/feed/"))
    assert main(["refresh"]) == 0
    capsys.readouterr()
    assert main(["archive", site.address("/feed/")]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "nordic-tui: The archive of The Site is whole: 75 posts, 65 new.\n"
    assert counts() == {"New initiatives": 55, "Events": 14, "Summit": 6}


def test_stopped_in_part_is_3_and_the_next_run_goes_on(site: WordPress, capsys: Captured) -> None:
    site.publish(150)
    site.faults = {3: Answer(403)}
    follow(site.address("/feed/"))
    assert main(["archive", names(site)]) == 3
    assert capsys.readouterr().err == (
        f"nordic-tui: {names(site)} refuses to answer (403). Stopped at 100 of 150 posts; "
        f"nordic-tui archive {names(site)} goes on from there.\n"
    )
    assert main(["archive", names(site)]) == 0
    assert "is whole: 150 posts, 50 new." in capsys.readouterr().err
    assert counts() == {"New initiatives": 150}


def test_nothing_is_1(home: Path, capsys: Captured) -> None:
    follow(feed(home / "a.json", "A", post("One")))
    assert main(["archive", "a.json"]) == 1
    assert capsys.readouterr().err == ("nordic-tui: a.json offers no archive beyond its feed.\n")


def test_a_limit_that_is_reached_is_0(site: WordPress, capsys: Captured) -> None:
    site.publish(40)
    follow(site.address("/feed/"))
    assert main(["archive", names(site), "--limit", "12"]) == 0
    assert capsys.readouterr().err == (
        f"nordic-tui: {names(site)} reached the limit of 12 posts, 12 new.\n"
    )
    assert main(["archive", names(site)]) == 0
    assert counts() == {"New initiatives": 40}


def test_all_takes_each_and_one_without_an_archive_is_no_failure(
    site: WordPress, home: Path, capsys: Captured
) -> None:
    site.publish(12)
    follow(feed(home / "a.json", "A", post("One")), site.address("/feed/"))
    assert main(["archive", "--all"]) == 0
    assert capsys.readouterr().err.splitlines() == [
        "nordic-tui: a.json offers no archive beyond its feed.",
        f"nordic-tui: The archive of {names(site)} is whole: 12 posts, 12 new.",
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "Name one source, or give --all. See nordic-tui archive --help."),
        (["a.json", "--all"], "Name one source, or give --all. See nordic-tui archive --help."),
        (["nowhere"], "There is no source “nowhere”. The sources are: "),
        (["a.json", "--limit", "0"], "it is a whole number from 1 on, not 0"),
    ],
)
def test_wrong_use_is_2(home: Path, capsys: Captured, words: list[str], said: str) -> None:
    follow(feed(home / "a.json", "A", post("One")))
    assert main(["archive", *words]) == 2
    assert said in capsys.readouterr().err


def test_a_refresh_goes_on_with_archives_that_are_kept(site: WordPress, capsys: Captured) -> None:
    site.publish(30)
    settings("[[sources]]", f"address = {json.dumps(site.address('/feed/'))}", "archive = true")
    assert main(["refresh"]) == 0
    assert capsys.readouterr().err.splitlines() == [
        "nordic-tui: The archive of The Site is whole: 30 posts, 20 new.",
        "nordic-tui: 10 new posts; asked 1 source.",
    ]
    site.asked.clear()
    assert main(["refresh"]) == 0
    assert len(site.asked) == 1


def test_ctrl_c_says_where_it_stopped(site: WordPress, terminal: Callable[..., Terminal]) -> None:
    site.publish(90)
    site.rest = REFUSED
    follow(site.address("/feed/"))
    screen = terminal(*PROGRAM[1:], "archive", names(site))
    screen.wait_for("20 posts")
    screen.type("\x03")
    assert screen.end() == 130
    shown = " ".join(" ".join(screen.screen.display).split())
    assert f"posts; nordic-tui archive {names(site)} goes on from there." in shown
    assert main(["archive", names(site)]) == 0
    assert counts() == {"New initiatives": 90}

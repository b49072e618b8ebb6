import shlex
from pathlib import Path
from typing import Any

import pytest

from nordic_tui.cli import change, main
from nordic_tui.config.paths import find_paths
from nordic_tui.config.settings import load
from nordic_tui.model import Login, Source

from .helpers import feed, follow, post, settings, store

Captured = pytest.CaptureFixture[str]


def followed() -> tuple[Source, ...]:
    return load(find_paths().settings_file).sources


def test_every_option_of_a_change(home: Path) -> None:
    alpha = feed(home / "a.json", "Alpha", post("One"))
    follow(alpha)
    words = shlex.split(
        "--name Ålpha --folder News/Nordic --tag x --tag y --every 30 --pause --hide "
        "--leave-out Events --archive on --archive-limit 500 --full-text on --user-agent mine/1.0 "
        "--max-megabytes 50 --ca-file=~/office.pem --login-user kari"
    )
    words += ["--login-command", "pass show 'a b'", "--header", "Accept-Language: nb"]
    assert main(["change", "a.json", *words]) == 0
    (source,) = followed()
    assert source[:10] == (
        str(alpha), "Ålpha", 1_800.0, "News/Nordic", ("x", "y"), True, True, ("Events",), True, 500
    )  # fmt: skip
    assert source.full_text
    assert source.manner == (
        "mine/1.0",
        (("Accept-Language", "nb"),),
        Login("kari", ("pass", "show", "a b")),
        50_000_000,
        str(home / "office.pem"),
    )


def test_every_option_can_be_taken_back(home: Path) -> None:
    test_every_option_of_a_change(home)
    words = shlex.split(
        "--folder= --untag X --untag y --every usual --resume --show --keep events "
        "--archive off --archive-limit usual --full-text off --user-agent usual "
        "--max-megabytes usual --ca-file usual --no-login"
    )
    assert main(["change", "ålpha", "--name", "", "--header", "accept-language:", *words]) == 0
    assert followed() == (Source(str(home / "a.json")),)


def test_a_change_says_what_it_did(home: Path, capsys: Captured) -> None:
    store(feed(home / "a.json", "Alpha", post("One")))
    assert main(["change", "alpha", "--name", "Omega"]) == 0
    assert capsys.readouterr().err == (
        "nordic-tui: Renamed “Alpha” to “Omega”. nordic-tui undo takes it back.\n"
    )
    assert main(["change", "omega", "--name", "Omega"]) == 0
    assert capsys.readouterr().err == "nordic-tui: “Omega” is like that already.\n"


@pytest.mark.parametrize(
    ("words", "order"),
    [
        (["c", "--first"], "cab"),
        (["a", "--last"], "bca"),
        (["c", "--before", "b"], "acb"),
        (["a", "--after", "b"], "bac"),
        (["a", "--before", "b"], "abc"),
    ],
)
def test_order(home: Path, words: list[str], order: str) -> None:
    follow(*(home / f"{name}.xml" for name in "abc"))
    assert main(["change", *words]) == 0
    assert "".join(Path(source.address).stem for source in followed()) == order


def test_name_and_place_change_in_one_step(home: Path, capsys: Captured) -> None:
    follow(*(home / f"{name}.xml" for name in "abc"))
    assert main(["change", "c.xml", "--name", "Xx", "--first"]) == 0
    assert followed()[0] == Source(str(home / "c.xml"), "Xx")
    did = "Changed “c.xml”: name, place in the order."
    assert capsys.readouterr().err == f"nordic-tui: {did} nordic-tui undo takes it back.\n"
    assert main(["undo"]) == 0
    assert capsys.readouterr().err == f"nordic-tui: Took back: {did}\n"
    assert followed() == tuple(Source(str(home / f"{name}.xml")) for name in "abc")


def test_a_change_is_made_on_what_the_file_says_now(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    files = [str(home / f"{name}.xml") for name in "abc"]

    def meanwhile(*edited: str) -> None:
        """Follow these, and have the file edited as soon as it is known what is meant."""
        follow(*files)
        meant = change._place

        def place(*arguments: Any) -> Any:
            found = meant(*arguments)
            settings(*edited)
            return found

        monkeypatch.setattr(change, "_place", place)

    c, a = (f'[[sources]]\naddress = "{files[n]}"\ntags = ["x"]' for n in (2, 0))
    meanwhile(c, a)
    assert main(["change", "a.xml", "--tag", "y", "--before", "c.xml"]) == 0
    assert [(source.address, source.tags) for source in followed()] == [
        (files[0], ("x", "y")),
        (files[2], ("x",)),
    ]
    capsys.readouterr()
    meanwhile(a)
    for words in (["a.xml", "--before", "c.xml"], ["c.xml", "--first"]):
        assert main(["change", *words]) == 2
        assert "c.xml” is not followed any more." in capsys.readouterr().err
        assert [source.address for source in followed()] == [files[0]]
        follow(*files)


def test_what_is_kept_is_what_a_screen_shows(home: Path) -> None:
    follow(home / "a.xml")
    words = ["--name", " x\x1b[31m\u202ey\n", "--folder", "N\x07ews/A\u200b", "--tag", "t\x1b[2J"]
    assert main(["change", "a.xml", *words, "--leave-out", "E\x9bmvents"]) == 0
    (source,) = followed()
    assert source[1:5] == ("xy", None, "News/A", ("t",))
    assert source.left_out == ("Events",)


def test_a_tag_that_was_written_by_hand_goes_by_what_is_seen(home: Path) -> None:
    settings(f'[[sources]]\naddress = "{home}/a.xml"\ntags = ["t\\u200b", "u"]')
    assert main(["change", "a.xml", "--untag", "T"]) == 0
    assert followed()[0].tags == ("u",)


def test_the_file_of_a_login_may_be_in_the_home_directory(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "sub").mkdir()
    follow(home / "a.xml")
    monkeypatch.chdir(home / "sub")
    for word, file in (("~/pw", home / "pw"), ("pw", home / "sub" / "pw"), ("/pw", Path("/pw"))):
        assert main(["change", "a.xml", f"--login-file={word}"]) == 0
        assert followed()[0].manner.login == Login(file=str(file))


def test_one_part_of_a_login_can_change(home: Path) -> None:
    follow(home / "a.xml")
    main(["change", "a.xml", "--login-file", "secret", "--login-user", "kari"])
    assert followed()[0].manner.login == Login("kari", file=str(home / "secret"))
    main(["change", "a.xml", "--login-variable", "TOKEN"])
    assert followed()[0].manner.login == Login("kari", variable="TOKEN")
    main(["change", "a.xml", "--login-user", ""])
    assert followed()[0].manner.login == Login(variable="TOKEN")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "Say what to change."),
        (["--every", "5"], "--every: it must be a number of minutes from 10 to 10080, not 5."),
        (["--every", "often"], "--every: it must be a number of minutes from 10 to 10080, not o"),
        (["--folder", "a//b"], '--folder: it must be a folder such as "News" or "News/Nordic", no'),
        (["--archive-limit", "0"], "a whole number from 1 to 1000000, not 0."),
        (["--archive-limit", "1.5"], "a whole number from 1 to 1000000, not 1.5."),
        (["--max-megabytes", "501"], "a number of megabytes from 1 to 500, not 501."),
        (["--user-agent", "blå"], "it must be a text of printable ASCII, not blå."),
        (["--tag", " "], "--tag: it must be a word or more."),
        (["--header", "Accept-Language"], 'it is written "Name: value".'),
        (
            ["--header", "Authorization: hush"],
            "use login, which names where the secret comes from.",
        ),
        (["--header", "X-Api-Key: hush"], "X-Api-Key, which is for a secret: use login, which"),
        (["--header", "X: høsh hush"], "the header X must be a text of printable ASCII."),
        (["--login-user", "kari"], "Where the password comes from is missing"),
        (["--login-user", "a:b", "--login-file", "c"], "must not hold a colon"),
        (["--login-command", "'a"], "its quotation marks do not match."),
        (["--login-command", ""], "it must be a program and its arguments."),
        (["--login-file", " "], "--login-file: it must be the path of a file."),
        (["--ca-file", ""], "--ca-file: it must be the path of a file."),
        (["--login-file", "~nobody-of-this-name/x"], "the home of somebody who is not here."),
        (["--tag", "\x1b[31m"], "--tag: it must be a word or more."),
        (["--login-variable", "A=b"], "--login-variable must be the name of a variable"),
        (["--before", "a.xml"], "A source cannot stand beside itself."),
        (["--after", "nothing"], "There is no source “nothing”."),
        (["--pause", "--resume"], "not allowed with argument --pause."),
    ],
)
def test_what_cannot_be_is_a_mistake(
    home: Path, capsys: Captured, words: list[str], said: str
) -> None:
    follow(home / "a.xml")
    before = find_paths().settings_file.read_text()
    assert main(["change", "a.xml", *words]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert "hush" not in err
    assert find_paths().settings_file.read_text() == before

"""`nordic-tui doctor`: all that helps, and nothing private."""

import json
from pathlib import Path
from typing import Any

import pytest

from nordic_tui import wiring
from nordic_tui.cli import main
from nordic_tui.cli.doctor import is_public, masked
from nordic_tui.config.paths import find_paths
from nordic_tui.config.settings import load
from nordic_tui.model import Login, Manner, Source, SourceState

from .helpers import settings

PUBLIC = "https://news.example/feed/"
HIDDEN = "kittiwake"
PRIVATE = (
    f"https://{HIDDEN}.example/feed?token={HIDDEN}",
    f"https://kari:{HIDDEN}@news.example/feed/",
    f"http://{HIDDEN}.local/feed/",
    "http://192.168.7.7/kittiwake",
    f"https://{HIDDEN}:8443/feed/",
)


def report(capsys: pytest.CaptureFixture[str], *, status: int = 0) -> Any:
    assert main(["doctor", "--json"]) == status
    return json.loads(capsys.readouterr().out)


def fail_everywhere(home: Path) -> None:
    file = home / f"{HIDDEN}.json"
    lines = []
    for address in (PUBLIC, *PRIVATE[:1], *PRIVATE[2:], str(file)):
        lines += ["[[sources]]", f'address = "{address}"']
    lines += ["[[sources]]", f'address = "https://{HIDDEN}.example/own/"']
    lines += [f'headers = {{ Accept-Language = "{HIDDEN}" }}']
    settings(*lines)
    paths = find_paths()
    with wiring.open_parts(load(paths.settings_file), paths) as parts:
        for state in parts.store.states():
            why = f"leads to https://{HIDDEN}.example/x, which {home}/{HIDDEN} forbids"
            why = why if state.address != PUBLIC else f"leads to https://{HIDDEN}.example/x"
            parts.store.save_state(state._replace(failures=3, error=why)).result(timeout=5)


def test_sources_that_not_everybody_can_reach_are_counted_and_not_named(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fail_everywhere(home)
    for words in (["doctor"], ["doctor", "--json"]):
        assert main(words) == 3
        out = "".join(capsys.readouterr())
        assert "news.example" in out
        assert HIDDEN not in out
        assert str(home) not in out
        assert "192.168" not in out
    sources = report(capsys, status=3)["sources"]
    assert (sources["followed"], sources["files"]) == (7, 1)
    assert (sources["not_named"], sources["not_named_failing"]) == (6, 6)
    assert sources["failing"] == [
        {"host": "news.example", "failures": 3, "stopped": False, "why": "leads to (an address)"}
    ]


def test_without_settings_that_can_be_read_no_source_is_named(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is private follows from them."""
    fail_everywhere(home)
    settings("mistake = 1", "another = 2")
    found = report(capsys, status=1)
    assert found["sources"]["failing"] == []
    assert found["sources"]["not_named"] == 7
    assert found["advice"][0].startswith("The settings have 2 mistakes")


def test_it_makes_nothing(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = report(capsys)
    assert list(home.iterdir()) == []
    assert not any(each["exists"] for each in found["files"])
    assert all(each["path"].startswith("~/") for each in found["files"])
    assert found["terminal"]["why_not"]


def test_a_damaged_cache_and_files_that_others_may_read_are_said(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = find_paths()
    paths.cache_file.parent.mkdir(parents=True)
    paths.cache_file.write_bytes(b"no database " * 1_000)
    paths.cache_file.chmod(0o644)
    advice = " ".join(report(capsys, status=1)["advice"])
    assert "Others may read ~/.cache/nordic-tui/cache.db (0644)" in advice
    assert "The cache could not be read" in advice
    assert paths.cache_file.read_bytes().startswith(b"no database")


@pytest.mark.parametrize(
    ("address", "manner", "public"),
    [
        (PUBLIC, Manner(), True),
        ("https://news.example:443/", Manner(), True),
        (PUBLIC, Manner(headers=(("A", "b"),)), False),
        (PUBLIC, Manner(login=Login("kari", file="x")), False),
        (PUBLIC, Manner(ca_file="x.pem"), False),
        ("/home/kari/feed.xml", Manner(), False),
        ("https://intranet/feed", Manner(), False),
        ("https://[::1]/feed", Manner(), False),
        ("https://[bad/feed", Manner(), False),
        *((address, Manner(), False) for address in PRIVATE),
    ],
)
def test_what_is_public(address: str, manner: Manner, public: bool) -> None:
    assert is_public(SourceState(address), Source(address, manner=manner)) == public
    assert not is_public(SourceState(address), None)


def test_the_home_and_the_name_of_a_person_are_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/kari")
    monkeypatch.setenv("USER", "kari")
    assert masked("in /home/kari/x, /home/karin/x and /run/kari/y") == (
        "in ~/x, /home/karin/x and /run/USER/y"
    )

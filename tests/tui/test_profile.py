"""How much the terminal is sent: who chooses it, and what it means."""

import pytest

from nordic_tui.tui.profile import LOCAL, SSH, Profile, chosen


@pytest.mark.parametrize(
    ("setting", "environ", "profile"),
    [
        ("auto", {}, LOCAL),
        ("auto", {"SSH_CONNECTION": "192.0.2.1 50000 192.0.2.2 22"}, SSH),
        ("auto", {"SSH_TTY": "/dev/pts/3"}, SSH),
        ("auto", {"SSH_TTY": ""}, LOCAL),
        ("local", {"SSH_TTY": "/dev/pts/3"}, LOCAL),
        ("ssh", {}, SSH),
    ],
)
def test_who_chooses_the_profile(setting: str, environ: dict[str, str], profile: Profile) -> None:
    assert chosen(setting, environ) is profile

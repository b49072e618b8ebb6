"""What is followed in the tests of the file that it is kept in, and short ways to write it."""

from pathlib import Path

from nordic_tui.config.subscriptions import SubscriptionFile
from nordic_tui.model import Following, Login, Manner, SavedView, Source

KEPT = """\
# My settings
theme = "fjord" # as in the talk

# the one that matters
[[sources]]
address = "https://a.example/feed/"
name = "A" # for short

[[sources]]
address = "https://b.example/feed/"

[[views]]
name = "Unread"
unread_only = true

[keys]
quit = 'q'
"""
A = Source("https://a.example/feed/", "A")
B = Source("https://b.example/feed/")
C = Source("https://c.example/feed/", "C")
UNREAD = SavedView("Unread", unread_only=True)
ALL = Source(
    "/feeds/all.xml",
    'All "of\\ it" ø',
    7_200.0,
    "News/Nordic",
    ("a", "b c"),
    True,
    True,
    ("Events",),
    True,
    500,
    Manner("mine/1.0", (("X-A.b", "1"), ("Y", "2")), Login("kari", ("pass", "x y")), 1_500_000),
)


def wrote(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)


def save(file: SubscriptionFile, wanted: Following, done: str) -> None:
    """Bring the file to `wanted`, whatever it says."""
    file.change(lambda _: (wanted, done))

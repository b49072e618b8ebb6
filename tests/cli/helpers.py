"""A home directory of its own, and feeds in it."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from nordic_tui import wiring
from nordic_tui.config.paths import Paths, find_paths
from nordic_tui.config.settings import load
from nordic_tui.decode.detect import decode
from nordic_tui.model import Answer, View
from tests.terminal import WAIT_S

PROGRAM = (sys.executable, "-m", "nordic_tui")


def post(
    title: str, *, day: int | None = None, categories: Sequence[str] = ()
) -> dict[str, object]:
    """A post of a JSON Feed, published on a day of May 2024."""
    found: dict[str, object] = {
        "id": title,
        "title": title,
        "url": f"https://news.example/{len(title)}",
        "content_text": f"About {title}.",
        "tags": list(categories),
        "authors": [{"name": "Aino"}],
    }
    if day is not None:
        found["date_published"] = f"2024-05-{day:02}T08:00:00Z"
    return found


def feed(file: Path, title: str, *posts: dict[str, object]) -> Path:
    version = "https://jsonfeed.org/version/1.1"
    file.write_text(json.dumps({"version": version, "title": title, "items": posts}))
    return file


def settings(*lines: str) -> Path:
    file = find_paths().settings_file
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join([*lines, ""]))
    return file


def follow(*addresses: Path | str) -> None:
    """Write settings that follow these and nothing else."""
    if not addresses:
        settings("sources = []")
        return
    settings(*(f'[[sources]]\naddress = "{address}"' for address in addresses))


def store(*files: Path) -> None:
    """Follow these feeds and keep their posts, as a refresh does."""
    follow(*files)
    paths = find_paths()
    with wiring.open_parts(load(paths.settings_file), paths) as parts:
        for state in parts.store.states():
            read = decode(Path(state.address).read_bytes())
            parts.store.save_feed(state.address, read, state).result(WAIT_S)


def keep_history(*, reading: str = "") -> Paths:
    """Agree to the reading history, and read every post whose title holds `reading`."""
    paths = find_paths()
    with wiring.open_parts(load(paths.settings_file), paths) as parts:
        parts.history.decide(Answer.KEEP)
        if reading:
            view = View(title=reading)
            assert parts.history.mark_view(view, parts.store.snapshot()).result(WAIT_S)
    return paths

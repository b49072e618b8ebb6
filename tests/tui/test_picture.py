"""A picture of the screen, taken in the program."""

import stat
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nordic_tui.model import Drawn, Manner, Source
from nordic_tui.staging.screen import save_picture
from nordic_tui.tui.picture import masked, private_words
from tests.fakes import NEWS, feed, make_services
from tests.tui.helpers import press, run, running_text, until

NOW = datetime(2026, 10, 1, 12, 0, 5, tzinfo=UTC)


def test_which_sources_are_not_public() -> None:
    sources = (
        Source("https://example.org/feed"),
        Source("https://news.example.org/feed", "Asked", manner=Manner(headers=(("Cookie", "a"),))),
        Source("http://10.1.2.3/feed", "Office"),
        Source("https://kari:pw@paid.example.org/"),
    )
    assert private_words(sources) == {
        "news.example.org", "Asked", "10.1.2.3", "Office", "paid.example.org",
    }  # fmt: skip


def test_cells_are_masked_across_pieces_and_keep_their_width() -> None:
    row = [Drawn("see ~/ne", "#ffffff", "#000000"), Drawn("ws/日 now", "#ff0000", "#000000")]
    ((first, second),) = masked([row], "", ())
    assert (first.text, second.text) == ("see ••••", "••••• now")
    assert second.ink == "#ff0000"


def test_a_picture_is_written_by_date_for_ones_own_eyes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    rows = [[Drawn("Words", "#ffffff", "#000000")]]
    local = NOW.astimezone().strftime("%Y-%m-%d %H.%M.%S")
    words = save_picture(rows, tmp_path / "pictures", NOW)
    save_picture(rows, tmp_path / "pictures", NOW)
    files = sorted(file.name for file in (tmp_path / "pictures").iterdir())
    assert files == [f"{local} 2.svg", f"{local}.svg"]
    assert local in words
    mode = (tmp_path / "pictures" / files[1]).stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


async def test_p_takes_a_picture_and_says_where_it_is() -> None:
    taken: list[str] = []

    def save(rows: object) -> str:
        taken.append(str(rows))
        return "The screen is in a file."

    with make_services({NEWS: feed("One")}) as fake:
        async with run(fake.services._replace(save_picture=save)) as (app, pilot):
            await press(pilot, "P")
            await until(pilot, lambda: "The screen is in a file." in running_text(app))
    assert len(taken) == 1

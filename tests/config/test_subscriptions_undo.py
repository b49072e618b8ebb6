"""Changes of what is followed, taken back and done again."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from nordic_tui.clock import Moments
from nordic_tui.config.settings import DEFAULT_SOURCE, change, load
from nordic_tui.config.subscriptions import SubscriptionFile
from nordic_tui.config.undo import MAX_BYTES, MAX_STEPS, Steps, UndoFile
from nordic_tui.errors import SettingsError
from nordic_tui.model import Following

from .kept import KEPT, UNREAD, A, B, C, save, wrote


def test_each_change_can_be_taken_back(path: Path, file: SubscriptionFile) -> None:
    wrote(path, KEPT)
    save(file, Following((B,), (UNREAD,)), "Removed “A”.")
    without_a = path.read_text()
    save(file, Following((B, C)), "Added “C”.")
    assert (file.undo(), path.read_text()) == ("Added “C”.", without_a)
    assert (file.undo(), path.read_text()) == ("Removed “A”.", KEPT)
    assert (file.undo(), path.read_text()) == ("", KEPT)


def test_a_file_that_was_not_there_goes_again(path: Path, file: SubscriptionFile) -> None:
    save(file, Following((DEFAULT_SOURCE, A)), "Added “A”.")
    assert file.undo() == "Added “A”."
    assert not path.exists()
    assert file.load().sources == (DEFAULT_SOURCE,)


def test_undo_outlasts_the_program(path: Path, file: SubscriptionFile, tmp_path: Path) -> None:
    wrote(path, KEPT)
    save(file, Following((B,), (UNREAD,)), "Removed “A”.")
    undo_file = tmp_path / "data" / "undo.json"
    assert undo_file.stat().st_mode & 0o777 == 0o600
    assert SubscriptionFile(path, undo_file).undo() == "Removed “A”."
    assert path.read_text() == KEPT


def test_sources_edited_by_hand_are_not_undone(path: Path, file: SubscriptionFile) -> None:
    wrote(path, KEPT)
    save(file, Following((B,), (UNREAD,)), "Removed “A”.")
    edited = path.read_text() + '[[sources]]\naddress = "https://mine.example/"\n'
    path.write_text(edited)
    with pytest.raises(SettingsError) as caught:
        file.undo()
    assert str(caught.value) == (
        f"{path} was edited since, so this cannot be taken back: Removed “A”."
    )
    assert path.read_text() == edited


def test_what_would_not_be_read_any_more_is_not_brought_back(
    path: Path, file: SubscriptionFile, tmp_path: Path
) -> None:
    wrote(path, KEPT)
    save(file, Following((B,), (UNREAD,)), "Removed “A”.")
    without_a = path.read_text()
    steps = (tmp_path / "data" / "undo.json").read_text()
    # As an earlier version took it.
    older = steps.replace('name = \\"A\\"', 'headers = { X-Api-Key = \\"hush\\" }')
    (tmp_path / "data" / "undo.json").write_text(older)
    with pytest.raises(SettingsError) as caught:
        file.undo()
    assert str(caught.value) == (
        f"{path} could not be read as it was before, so this cannot be taken back: Removed “A”."
    )
    assert path.read_text() == without_a
    assert (tmp_path / "data" / "undo.json").read_text() == older


def test_another_setting_that_changed_since_stays(path: Path, file: SubscriptionFile) -> None:
    wrote(path, KEPT)
    save(file, Following((B,), (UNREAD,)), "Removed “A”.")
    save(file, Following((B,)), "Removed the saved view “Unread”.")
    change(path, "theme", "dawn")
    assert file.undo() == "Removed the saved view “Unread”."
    assert file.undo() == "Removed “A”."
    settings = load(path)
    assert (settings.sources, settings.views, settings.theme) == ((A, B), (UNREAD,), "dawn")
    assert "# the one that matters\n[[sources]]\n" in path.read_text()
    assert 'name = "A" # for short\n' in path.read_text()


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_comment_outlasts_the_undo_of_what_it_is_about(
    path: Path, file: SubscriptionFile, ending: str
) -> None:
    before = '# All\ntheme = "dawn"\nsources = []\n\n[keys]\nquit = "q"\n'.replace("\n", ending)
    path.parent.mkdir()
    path.write_bytes(before.encode())
    save(file, Following((C, A._replace(tags=("x",)), B), (UNREAD,)), "Imported 3 sources.")
    text = path.read_bytes().decode()
    for old, new in (
        ("[[sources]]", "# The best ones:\n# all of them\n[[sources]] # the first"),
        ('["x"]', '[ # which\n  "x", # why\n]'),
        ('"C"\n', '"C" # for short\n# below C\n\n# between\n'),
        ("[[views]]", "# mine\n[[views]]"),
    ):
        old, new = (each.replace("\n", ending) for each in (old, new))
        assert old in text
        text = text.replace(old, new, 1)
    path.write_bytes(text.encode())
    assert file.undo() == "Imported 3 sources."
    after = path.read_bytes().decode()
    settings = load(path)
    assert (settings.sources, settings.views, settings.theme) == ((), (), "dawn")
    assert (
        after.replace("\r\n", "\n")
        == """\
# All
theme = "dawn"
sources = []

[keys]
quit = "q"

# The best ones:
# all of them
# the first
# for short
# below C

# between

# which
# why

# mine
"""
    )
    assert after.count("\n") == after.count(ending)


def test_a_comment_of_what_stays_is_where_it_was(path: Path, file: SubscriptionFile) -> None:
    wrote(path, KEPT)
    save(file, Following((C, A, B), (UNREAD,)), "Added “C”.")
    path.write_text(path.read_text().replace('"C"\n', '"C" # new\n').replace("fjord", "dawn"))
    assert file.undo() == "Added “C”."
    assert path.read_text() == KEPT.replace("fjord", "dawn").replace(
        "# the one that", "# new\n\n# the one that"
    )


def test_the_oldest_steps_go_first(path: Path, file: SubscriptionFile) -> None:
    wrote(path, KEPT)
    for number in range(MAX_STEPS + 5):
        save(file, Following((A._replace(name=f"A{number}"), B), (UNREAD,)), f"Step {number}.")
    undone = [file.undo() for _ in range(MAX_STEPS)]
    assert undone == [f"Step {number}." for number in reversed(range(5, MAX_STEPS + 5))]
    assert file.undo() == ""
    assert load(path).sources[0].name == "A4"


def test_the_steps_take_5_megabytes_at_most(
    path: Path, file: SubscriptionFile, tmp_path: Path
) -> None:
    wrote(path, KEPT + f"# {'x' * 1_200_000}\n")
    for name in "BCDEFG":
        save(file, Following((A._replace(name=name), B), (UNREAD,)), f"Step {name}.")
    assert (tmp_path / "data" / "undo.json").stat().st_size <= 5_000_000
    assert [file.undo() for _ in range(5)] == ["Step G.", "Step F.", "Step E.", "Step D.", ""]


def test_a_step_that_is_larger_than_that_can_be_taken_back(
    path: Path, file: SubscriptionFile, tmp_path: Path
) -> None:
    listed = "".join(f'[[sources]]\naddress = "/feeds/{n}.xml"\n' for n in range(300))
    large = f"{listed}# {'x' * MAX_BYTES}\n"
    wrote(path, KEPT)
    save(file, Following((A,), (UNREAD,)), "Removed “B”.")
    path.write_text(large)
    save(file, Following((*file.load().sources, C)), "Imported 1 source.")
    assert (tmp_path / "data" / "undo.json").stat().st_size > MAX_BYTES
    assert file.undo() == "Imported 1 source."
    assert path.read_text() == large
    assert file.undo() == ""  # what was before is too old to be kept beside it


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"steps": [1]}', '{"steps": [{"done": 1}]}', "[" * 10_000]
)
def test_an_undo_file_that_cannot_be_read_is_none(
    path: Path, file: SubscriptionFile, tmp_path: Path, text: str
) -> None:
    wrote(path, KEPT)
    wrote(tmp_path / "data" / "undo.json", text)
    assert file.undo() == ""
    save(file, Following((A,), (UNREAD,)), "Removed “B”.")
    assert file.undo() == "Removed “B”."


def test_a_full_disk_changes_nothing(
    path: Path, file: SubscriptionFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrote(path, KEPT)
    save(file, Following((A,), (UNREAD,)), "Removed “B”.")
    before = path.read_text()
    replace = Path.replace

    def full(self: Path, target: Path) -> Path:
        if target.name == "settings.toml":
            raise OSError(28, "No space left on device")
        return replace(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        with pytest.raises(SettingsError, match="could not be written: no space left on device"):
            save(file, Following((), (UNREAD,)), "Removed “A”.")
    assert path.read_text() == before
    steps = json.loads((tmp_path / "data" / "undo.json").read_text())["steps"]
    assert [step["done"] for step in steps] == ["Removed “B”."]


def test_a_change_that_was_broken_off_is_not_undone(
    path: Path, file: SubscriptionFile, tmp_path: Path
) -> None:
    wrote(path, KEPT)
    save(file, Following((A,), (UNREAD,)), "Removed “B”.")
    before = path.read_bytes()
    save(file, Following((), (UNREAD,)), "Removed “A”.")
    path.write_bytes(before)  # as if the power went before the file was replaced
    assert file.undo() == "Removed “B”."
    assert path.read_text() == KEPT


# ── redo ────────────────────────────────────────────────────────────────────────────────────


def test_what_was_taken_back_can_be_done_again(path: Path, file: SubscriptionFile) -> None:
    wrote(path, KEPT)
    save(file, Following((B,), (UNREAD,)), "Removed “A”.")
    without_a = path.read_text()
    save(file, Following((B, C)), "Added “C”.")
    with_c = path.read_text()
    assert [file.undo(), file.undo()] == ["Added “C”.", "Removed “A”."]
    again = SubscriptionFile(path, file._undo.path)
    assert (again.redo(), path.read_text()) == ("Removed “A”.", without_a)
    assert (again.redo(), path.read_text()) == ("Added “C”.", with_c)
    assert (again.redo(), path.read_text()) == ("", with_c)
    assert (again.undo(), path.read_text()) == ("Added “C”.", without_a)


def test_a_file_that_was_not_there_comes_and_goes(path: Path, file: SubscriptionFile) -> None:
    save(file, Following((A,)), "Followed “A”.")
    text = path.read_text()
    for _ in range(2):
        file.undo()
        assert not path.exists()
        assert file.redo() == "Followed “A”."
        assert path.read_text() == text


def test_a_new_change_forgets_what_was_taken_back(path: Path, file: SubscriptionFile) -> None:
    wrote(path, KEPT)
    save(file, Following((B,), (UNREAD,)), "Removed “A”.")
    file.undo()
    save(file, Following((A, B)), "Removed the saved view “Unread”.")
    assert file.redo() == ""
    assert file.acts().undone is None


def test_what_is_done_elsewhere_forgets_it_too(path: Path, file: SubscriptionFile) -> None:
    wrote(path, KEPT)
    save(file, Following((B,), (UNREAD,)), "Removed “A”.")
    file.undo()
    undone = file.acts().undone
    assert undone is not None
    assert undone.undone is not None
    assert file.redo(undone.undone + 1) == ""
    assert path.read_text() == KEPT
    assert file.redo(undone.undone - 1) == "Removed “A”."


def test_another_setting_stays_also_when_a_change_is_made_again(
    path: Path, file: SubscriptionFile
) -> None:
    wrote(path, KEPT)
    save(file, Following((B,), (UNREAD,)), "Removed “A”.")
    file.undo()
    change(path, "theme", "dawn")
    assert file.redo() == "Removed “A”."
    assert (load(path).sources, load(path).theme) == ((B,), "dawn")
    assert file.undo() == "Removed “A”."
    assert (load(path).sources, load(path).theme) == ((A, B), "dawn")


def test_the_steps_of_an_earlier_version_are_taken_back(
    path: Path, file: SubscriptionFile, tmp_path: Path
) -> None:
    wrote(path, KEPT)
    save(file, Following((B,), (UNREAD,)), "Removed “A”.")
    undo_file = tmp_path / "data" / "undo.json"
    kept = json.loads(undo_file.read_text())
    for step in kept["steps"]:
        del step["at"], step["undone"]
    del kept["undone"]
    undo_file.write_text(json.dumps(kept))
    acts = file.acts()
    assert acts.done is not None
    assert (acts.done.at, acts.newest) == (0, 0)
    assert (file.undo(), file.redo()) == ("Removed “A”.", "Removed “A”.")


def test_changes_are_in_order_whatever_the_clock_does(path: Path, tmp_path: Path) -> None:
    wrote(path, KEPT)
    moments = []
    for year in (2030, 2026):
        clock = partial(datetime, year, 1, 1, tzinfo=UTC)
        file = SubscriptionFile(path, tmp_path / "undo.json", Moments(clock))
        save(file, Following((A._replace(name=str(year)), B), (UNREAD,)), f"In {year}.")
        moments.append(file.acts().newest)
    assert moments[1] == moments[0] + 1
    assert (file.undo(), file.undo()) == ("In 2026.", "In 2030.")


def test_neither_side_pushes_the_next_step_of_the_other_out(
    path: Path, file: SubscriptionFile, tmp_path: Path
) -> None:
    wrote(path, KEPT + f"# {'x' * 1_200_000}\n")
    for name in "BCDE":
        save(file, Following((A._replace(name=name), B), (UNREAD,)), f"Step {name}.")
    assert [file.undo(), file.undo()] == ["Step E.", "Step D."]
    assert (tmp_path / "data" / "undo.json").stat().st_size <= MAX_BYTES
    assert [file.redo(), file.redo(), file.redo()] == ["Step D.", "Step E.", ""]
    assert [file.undo() for _ in range(4)] == ["Step E.", "Step D.", "Step C.", "Step B."]


@contextmanager
def killed(monkeypatch: pytest.MonkeyPatch, *, after_file: bool) -> Iterator[None]:
    """The program ends inside: once the settings are written, or right before that."""
    saves: list[None] = []

    def save(undo_file: UndoFile, steps: Steps, real: Any = UndoFile.save) -> None:
        if saves:
            raise KeyboardInterrupt
        saves.append(None)
        real(undo_file, steps)

    def write(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        if after_file:
            patch.setattr(UndoFile, "save", save)
        else:
            patch.setattr(SubscriptionFile, "_write", write)
        with pytest.raises(KeyboardInterrupt):
            yield


@pytest.mark.parametrize("after_file", [False, True])
def test_an_undo_and_a_redo_that_were_broken_off_are_there_or_not(
    path: Path, file: SubscriptionFile, monkeypatch: pytest.MonkeyPatch, after_file: bool
) -> None:
    wrote(path, KEPT)
    save(file, Following((A,), (UNREAD,)), "Removed “B”.")
    save(file, Following((), (UNREAD,)), "Removed “A”.")
    with killed(monkeypatch, after_file=after_file):
        file.undo()
    if after_file:
        assert (file.redo(), load(path).sources) == ("Removed “A”.", ())
    assert (file.undo(), load(path).sources) == ("Removed “A”.", (A,))
    with killed(monkeypatch, after_file=after_file):
        file.redo()
    if not after_file:
        assert (file.redo(), load(path).sources) == ("Removed “A”.", ())
    assert (file.undo(), load(path).sources) == ("Removed “A”.", (A,))
    assert (file.undo(), load(path).sources) == ("Removed “B”.", (A, B))
    assert [file.redo(), file.redo(), file.redo()] == ["Removed “B”.", "Removed “A”.", ""]


def test_an_undo_that_was_broken_off_stands_in_nobodys_way(
    path: Path, file: SubscriptionFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is as it was before, the step is still there, and the theme was chosen between."""
    wrote(path, KEPT)
    save(file, Following((A,), (UNREAD,)), "Removed “B”.")
    save(file, Following((), (UNREAD,)), "Removed “A”.")
    path.write_text(path.read_text().replace("fjord", "dawn"))

    with killed(monkeypatch, after_file=True):
        file.undo()
    assert load(path).sources == (A,)
    done = file.acts().done
    assert done is not None
    assert done.done == "Removed “B”."
    assert file.undo() == "Removed “B”."
    assert load(path).sources == (A, B)
    assert load(path).theme == "dawn"


def test_acts_can_be_told_of_a_file_that_cannot_be_read(path: Path, file: SubscriptionFile) -> None:
    wrote(path, KEPT)
    save(file, Following((A,), (UNREAD,)), "Removed “B”.")
    path.write_text("sources = ")
    done = file.acts().done
    assert done is not None
    assert done.done == "Removed “B”."

"""Every file is 0600 and every directory 0700, whatever the umask and whatever was there before, at
every moment; and what somebody else has planted is not followed."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from nordic_tui.config.consent import ConsentFile
from nordic_tui.config.lock import alone
from nordic_tui.handoff.programs import open_with, pipe
from nordic_tui.model import Answer
from nordic_tui.store.schema import HISTORY
from tests.fakes import decided
from tests.privacy.reader import TITLE, Home
from tests.privacy.traces import traces

WATCH = """
import json, os, pathlib, sys
home, found, looking = sys.argv[1], {}, False
programs_own = ("open", "os.open", "sqlite3.connect", "os.mkdir", "os.rename", "os.remove",
    "os.chmod", "tempfile.mkstemp", "os.listdir", "os.scandir")

def look(event="", values=()):
    global looking
    if looking or (event and event not in programs_own):
        return
    looking = True
    try:
        for folder, folders, names in os.walk(home):
            for name in [*folders, *names]:
                path = os.path.join(folder, name)
                try:
                    mode = os.lstat(path).st_mode & 0o7777
                except OSError:
                    continue
                if mode != (0o700 if name in folders else 0o600):
                    found[os.path.relpath(path, home)] = oct(mode)
                else:
                    found.setdefault(os.path.relpath(path, home), "")
    finally:
        looking = False

os.umask(int(sys.argv[2], 8))
sys.addaudithook(look)
# In the program's own places: what a person makes is theirs.
os.environ.update({"HOME": home + "/own", "TMPDIR": home + "/own"})
"""
"""Looks at every file of the home each time that one is opened, made, renamed or removed."""

STORY = """
import gc, io, shutil, sqlite3, sys
sys.stdout = sys.stderr = io.StringIO()
from nordic_tui import wiring
from nordic_tui.cli import crash, main
from nordic_tui.staging.handing_on import hand_off
from nordic_tui.staging.screen import export_posts
from nordic_tui.config.files import replace_file
from nordic_tui.config.paths import find_paths
from nordic_tui.config.settings import load
from nordic_tui.model import Answer, View
from nordic_tui.store.schema import HISTORY, LIBRARY

paths = find_paths()
assert main(["data", "show"]) == 0
with wiring.open_parts(load(paths.settings_file), paths) as parts:
    parts.history.decide(Answer.KEEP)
    rows = parts.store.rows(View(), parts.store.snapshot(), 0, 9)
    ids = [row.id for row in rows]
    (source,) = parts.sources
    parts.subscriptions.change(source.address, name="Other")
    parts.history.mark(ids[0], True).result()
    parts.keeping.star(ids[0], True).result()
    parts.store.index_all().result()
    replace_file(paths.history_file.with_suffix(".json"), b"{}")
    export_posts("t", map(parts.store.post, ids), paths.history_file.with_name("posts.json"))
    edges = hand_off(
        load(paths.settings_file), paths, parts.courtesy, parts.refresher.manner_of
    )
    edges.save_brief("md", "text")
    look()
for command in ("data export", "library export", "export"):
    assert main([*command.split(), os.path.expanduser("~/" + command.replace(" ", "-"))]) == 0
crash.report(LookupError())

def damage(path):
    path.write_bytes(b"no database at all" * 100)

def old(path, version):
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {version}")
    connection.close()

# Files of earlier versions, and damaged ones.
connection = sqlite3.connect(paths.history_file)
connection.execute("DROP TABLE last_place")
connection.close()
old(paths.history_file, HISTORY.version - 1)
assert main(["data", "show"]) == 0
for file in (paths.history_file, paths.library_file, paths.cache_file):
    damage(file)
main(["list"])
look()
json.dump(found, sys.__stdout__)
"""


def watched(home: Path, umask: str, story: str = STORY) -> dict[str, str]:
    """Which files there were at any time, each with a mode that it should not have had."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("XDG_")}
    done = subprocess.run(
        [sys.executable, "-c", WATCH + story, str(home), umask],
        capture_output=True,
        text=True,
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, str] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("umask", ["000", "022", "077"])
def test_at_every_moment_all_files_and_directories_are_the_persons_alone(
    tmp_path: Path, umask: str
) -> None:
    home = tmp_path / "home"
    (home / "own").mkdir(parents=True, mode=0o700)
    (home / "own").chmod(0o700)
    found = watched(home, umask)
    assert {path: mode for path, mode in found.items() if mode} == {}
    names = {Path(path).name for path in found}
    for wanted in (
        *("cache.db", "cache.db-wal", "cache.db-shm", "history.db", "history.db-wal"),
        *("library.db", "library.db-wal", "consent.json", "history.json", "posts.json"),
        *(
            "settings.toml",
            "undo.json",
            "brief.md",
            "nordic-tui.log",
            "data-export",
            "library-export",
            "export",
        ),
        f"history.db.v{HISTORY.version - 1}-backup",
    ):
        assert wanted in names, f"no {wanted} among {sorted(names)}"
    for beginning in (".consent.json.", ".posts.json.", "history.db.corrupt-", "cache.db.corrupt-"):
        assert any(name.startswith(beginning) for name in names), beginning


def test_what_others_may_read_is_mended_at_the_start(home: Home) -> None:
    ConsentFile(home.paths.consent_file).save(decided(Answer.KEEP))
    with home.parts():
        pass
    ours = [home.paths.history_file, home.paths.cache_file, home.paths.library_file]
    ours += [home.paths.settings_file, home.paths.consent_file]
    for path in [*ours, *(file.parent for file in ours)]:
        path.chmod(0o777)
    with home.parts():
        modes = {path: stat.S_IMODE(path.stat().st_mode) for path in ours}
        assert modes == dict.fromkeys(ours, 0o600)
        assert {stat.S_IMODE(file.parent.stat().st_mode) for file in ours} == {0o700}


# ── what is planted ─────────────────────────────────────────────────────────────────────────


@pytest.fixture
def planted(home: Home, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A link that somebody else has made to a file of the person's, and that file."""
    mine, link = home.path / "mine", home.path / "tmp" / "export.json"
    mine.write_text("mine")
    link.symlink_to(mine)
    monkeypatch.setattr(os, "getuid", lambda: link.lstat().st_uid + 1)
    if os.geteuid() == 0:  # what root has made is trusted
        os.lchown(link, 12_345, -1)
    return link, mine


def test_an_export_does_not_go_where_the_link_of_somebody_else_leads(
    planted: tuple[Path, Path], home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    link, mine = planted
    for command in ("data export", "library export", "export"):
        assert home.command(*command.split(), str(link)) == 1
        assert "a link that somebody else has made" in capsys.readouterr().err
    assert mine.read_text() == "mine"
    assert link.is_symlink()


def test_a_link_of_ones_own_stays_and_its_file_is_written(home: Home) -> None:
    kept, link = home.path / "kept.json", home.path / "work" / "export.json"
    kept.write_text("before")
    link.symlink_to(kept)
    assert home.command("data", "export", str(link)) == 0
    assert link.is_symlink()
    assert json.loads(kept.read_text())["format"] == "nordic-tui-history"


def test_a_lock_is_not_taken_through_a_link(home: Home) -> None:
    lock, mine = home.path / "work" / "lock", home.path / "mine"
    lock.symlink_to(mine)
    with alone(lock, "busy"):
        assert not mine.exists()


def test_an_erase_removes_a_link_and_leaves_what_it_leads_to(home: Home) -> None:
    mine = home.path / "mine"
    mine.write_text("mine")
    home.paths.history_file.with_suffix(".json").symlink_to(mine)
    with home.parts() as parts:
        parts.history.erase()
    assert mine.read_text() == "mine"
    assert not home.paths.history_file.with_suffix(".json").is_symlink()


def test_no_temporary_file_is_left_where_a_program_is_given_a_post(home: Home) -> None:
    kept = home.path / "work" / "kept"
    assert "Piped" in pipe(f"tee {kept}", TITLE)
    assert open_with("true", "https://news.example/quokka-vigilance/", print)
    assert set(traces(home.path, {"title": TITLE.encode()})) == {"kept", "cache.db"}
    assert list((home.path / "tmp").iterdir()) == []

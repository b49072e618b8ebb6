"""The wheel: built, installed into an empty environment, and run."""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

from nordic_tui import __version__
from tests.terminal import WAIT_S

ROOT = Path(__file__).parents[1]
LEAST = 77
"""Of setuptools, as pyproject.toml has it."""


def has_setuptools() -> bool:
    try:
        return int(metadata.version("setuptools").partition(".")[0]) >= LEAST
    except metadata.PackageNotFoundError:
        return False


pytestmark = pytest.mark.skipif(
    not has_setuptools(), reason=f"setuptools {LEAST} or newer is not installed"
)


def run(*command: str | Path, cwd: Path) -> str:
    """What a command wrote to stdout; of the project nothing but the wheel is found by it."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment = {**kept, "HOME": str(cwd), "PYTHONNOUSERSITE": "1"}
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=3 * WAIT_S
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    # setuptools leaves its work beside what it builds: not in the checkout.
    source = folder / "source"
    source.mkdir()
    for name in ("src", "man", "pyproject.toml", "README.md", "LICENSE"):
        (source / name).symlink_to(ROOT / name)
    build = (
        "import os, sys; from setuptools import build_meta; "
        f"os.chdir({str(source)!r}); build_meta.build_wheel({str(folder)!r})"
    )
    run(sys.executable, "-c", build, cwd=folder)
    [found] = folder.glob("*.whl")
    return found


def test_it_holds_every_file_of_the_package_and_the_manual(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as file:
        names = set(file.namelist())
    package = ROOT / "src"
    wanted = {
        str(path.relative_to(package))
        for path in (package / "nordic_tui").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert wanted - names == set()
    version = __version__
    assert f"nordic_tui-{version}.data/data/share/man/man1/nordic-tui.1" in names
    assert not [name for name in names if name.startswith("tests/")]


def test_it_runs_where_nothing_else_of_the_project_is(wheel: Path, tmp_path: Path) -> None:
    where = tmp_path / "venv"
    venv.create(where, symlinks=True)
    paths = sysconfig.get_paths("venv", {"base": str(where), "platbase": str(where)})
    # No package index is asked: what it depends on is lent by the environment of the tests.
    installing = (
        sys.executable, "-m", "pip", "--python", where / "bin" / "python", "install", "--quiet",
        "--no-deps", "--no-index", "--no-compile", "--disable-pip-version-check", wheel,
    )  # fmt: skip
    run(*installing, cwd=tmp_path)
    lent = Path(paths["purelib"], "lent.pth")
    lent.write_text(sysconfig.get_paths()["purelib"] + "\n")
    program = where / "bin" / "nordic-tui"
    assert run(program, "--version", cwd=tmp_path) == f"nordic-tui {__version__}\n"
    asking = "import nordic_tui; print(nordic_tui.__file__)"
    at = run(where / "bin" / "python", "-c", asking, cwd=tmp_path)
    assert at.startswith(str(where))
    assert "New initiatives" in run(program, "list", "--json", cwd=tmp_path)
    run(program, "config", "init", cwd=tmp_path)
    run(program, "config", "check", cwd=tmp_path)
    assert (where / "share" / "man" / "man1" / "nordic-tui.1").exists()
